import type { ChronoHour } from '../../../shared/domain/chrono/run.js';
import { shortageUsdOf } from '../../../shared/domain/chrono/hour.js';
import type { World } from '../../../shared/scenario/schema.js';
import type { ChronoAnswer } from './answer.js';

/** What is summed over hours about storages, reserve and contracts. */
type Turns = Omit<ChronoAnswer, 'foresight' | 'reserveMw'>;

interface Called {
  hours: number;
  events: number;
  reducedMwh: number;
  paidUsd: number;
  isOn: boolean;
}

/** MW below which a call is rounding. */
const leastCallMw = 1e-6;

/** Adds up what storages did, reserve that was missing and contracts that were called, hour by hour. */
export function chronoTally({ reserve, contracts }: Pick<World, 'reserve' | 'contracts'>): {
  add(hour: ChronoHour): void;
  totals(): Turns;
} {
  const sum = { chargedMwh: 0, dischargedMwh: 0, shortageHours: 0, shortageMwh: 0, shortageUsd: 0, tiedHours: 0 };
  const called = contracts.map((): Called => ({ hours: 0, events: 0, reducedMwh: 0, paidUsd: 0, isOn: false }));
  return {
    add({ dispatch, shortageMw, isTied }) {
      sum.chargedMwh += dispatch.chargeMw.reduce((mwh, mw) => mwh + mw, 0);
      sum.dischargedMwh += dispatch.dischargeMw.reduce((mwh, mw) => mwh + mw, 0);
      sum.shortageMwh += shortageMw;
      sum.shortageUsd += shortageUsdOf(reserve, dispatch.reserveMw);
      if (shortageMw > 0) sum.shortageHours++;
      if (isTied) sum.tiedHours++;
      contracts.forEach(({ strikeUsdPerMwh }, place) => {
        const own = called[place] as Called;
        const mw = dispatch.bidMw[place] ?? 0;
        const isOn = mw > leastCallMw;
        own.hours += isOn ? 1 : 0;
        own.events += isOn && !own.isOn ? 1 : 0;
        own.reducedMwh += mw;
        own.paidUsd += mw * strikeUsdPerMwh;
        own.isOn = isOn;
      });
    },
    totals: () => ({
      ...sum,
      contracts: contracts.map(({ id }, place) => {
        const { isOn: _, ...own } = called[place] as Called;
        return { contract: id, ...own };
      }),
    }),
  };
}

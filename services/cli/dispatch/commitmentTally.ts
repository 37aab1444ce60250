import type { Commitment } from '../../../shared/domain/commitment/model.js';
import type { CommittedHour } from '../../../shared/domain/commitment/read.js';
import type { CommitmentAnswer } from './answer.js';

/** What is summed over hours about starts, being on, and storages. */
type Turns = Pick<
  CommitmentAnswer,
  'starts' | 'startsBySource' | 'onHoursBySource' | 'startUsd' | 'stopUsd' | 'noLoadUsd' | 'chargedMwh' | 'dischargedMwh'
>;

/** Adds up starts, hours on, their costs, and what storages did, hour by hour. */
export function commitmentTally(): { add(commitment: Commitment, hour: CommittedHour): void; totals(): Turns } {
  const sum = { starts: 0, startUsd: 0, turningUsd: 0, noLoadUsd: 0, chargedMwh: 0, dischargedMwh: 0 };
  const [startsBySource, onHoursBySource]: [Record<string, number>, Record<string, number>] = [{}, {}];
  const more = (counts: Record<string, number>, key: string, by: number): void => void (counts[key] = (counts[key] ?? 0) + by);
  return {
    add({ committed, network }, hour) {
      for (const { unit: place, startUsd } of committed) {
        const unit = network.units[place];
        if (unit === undefined) continue;
        const [isOn, isStart] = [hour.isOn[place] ?? 0, hour.isStart[place] ?? 0];
        more(startsBySource, unit.source, isStart);
        more(onHoursBySource, unit.source, isOn);
        sum.starts += isStart;
        sum.startUsd += isStart * startUsd;
        sum.noLoadUsd += isOn * (unit.commitment?.noLoadUsdPerHour ?? 0);
      }
      sum.turningUsd += hour.turningUsd;
      sum.chargedMwh += hour.chargeMw.reduce((mwh, mw) => mwh + mw, 0);
      sum.dischargedMwh += hour.dischargeMw.reduce((mwh, mw) => mwh + mw, 0);
    },
    totals: () => {
      const { turningUsd, ...rest } = sum;
      return { ...rest, stopUsd: Math.max(0, turningUsd - sum.startUsd), startsBySource, onHoursBySource };
    },
  };
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChronoHour } from '../../shared/domain/chrono/run.js';
import { bestHours, fullBudget } from '../../shared/domain/chrono/calls.js';
import { createTally } from '../../shared/domain/grid/hourly.js';
import { loadHighsSolver, type HighsSolver } from '../../shared/runtime/highs.js';
import type { World } from '../../shared/scenario/schema.js';
import { bare, chronoRun } from '../support/chronoWorlds.js';
import { smallContract, smallUnit, smallWorld, stepSeries } from '../support/worlds.js';

/** The small world with hourly loads in the south and nothing in the north. */
function loadWorld(southMw: number[], rest: Partial<World> = {}): World {
  return smallWorld({
    series: {
      'north-load': stepSeries(
        60,
        southMw.map(() => 0),
      ),
      'south-load': stepSeries(60, southMw),
    },
    ...rest,
  });
}

const battery = {
  id: 'battery',
  name: 'Battery',
  bus: 'c',
  powerMw: 20,
  energyMwh: 40,
  initialMwh: 0,
  chargeEfficiencyRatio: 0.9,
  dischargeEfficiencyRatio: 0.9,
};

function sumOf(hours: readonly ChronoHour[], of: (hour: ChronoHour) => number): number {
  return hours.reduce((sum, hour) => sum + of(hour), 0);
}

describe('hours in their order, followed by hand', () => {
  let solver: HighsSolver;
  beforeAll(async () => {
    solver = await loadHighsSolver();
  });
  afterAll(() => solver.close());

  it('buy where power costs 10 and give it back where it costs 60', () => {
    const { network } = smallWorld();
    // 150 MW is met at 10 $/MWh; 430 MW needs the dear unit, after 300 at 10 and 100 at 30.
    const world = loadWorld([150, 150, 430, 430], { ...bare, network: { ...network, lines: wide(network), storages: [battery] } });
    const hours = chronoRun(world, solver, { toHour: 4 });
    expect(hours.map(({ dispatch }) => [dispatch.chargeMw[0], dispatch.dischargeMw[0]])).toEqual([
      [expect.closeTo(20, 6), 0],
      [expect.closeTo(20, 6), 0],
      [0, expect.any(Number)],
      [0, expect.any(Number)],
    ]);
    // 36 MWh in store give 32.4 MWh.
    expect(sumOf(hours, ({ dispatch }) => dispatch.dischargeMw[0] ?? 0)).toBeCloseTo(32.4, 6);
    expect(sumOf(hours, ({ dispatch }) => dispatch.costUsd)).toBeCloseTo(2 * 170 * 10 + 2 * (300 * 10 + 100 * 30) + (60 - 32.4) * 60, 4);
    expect(hours.map(({ dispatch }) => dispatch.busPriceUsdPerMwh[2])).toEqual([10, 10, 60, 60].map((usd) => expect.closeTo(usd, 6)));
  });

  it('have their reserve margin without what storages do', () => {
    const { network } = smallWorld();
    const world = loadWorld([150, 150, 430, 430], { ...bare, network: { ...network, lines: wide(network), storages: [battery] } });
    const tally = createTally();
    chronoRun(world, solver, { toHour: 4 }).forEach(tally.add);
    expect(tally.totals().leastMargin).toEqual({
      hour: 2,
      netMarginMw: expect.closeTo(70, 6),
      netMarginRatio: expect.closeTo(70 / 430, 9),
    });
    expect(tally.totals().loadMwh).toBeCloseTo(1_160, 6);
  });

  it('keep a storage still where losses eat what it would earn', () => {
    const { network } = smallWorld();
    const lossy = { ...battery, chargeEfficiencyRatio: 0.5, dischargeEfficiencyRatio: 0.6 };
    // 10 bought at 0.3 efficiency cost 33 where power costs 30.
    const world = loadWorld([150, 150, 350, 350], { ...bare, network: { ...network, lines: wide(network), storages: [lossy] } });
    const hours = chronoRun(world, solver, { toHour: 4 });
    expect(sumOf(hours, ({ dispatch }) => (dispatch.chargeMw[0] ?? 0) + (dispatch.dischargeMw[0] ?? 0))).toBe(0);
  });

  it('price reserve that is missing by its steps, and count what a storage holds', () => {
    const { network, reserve } = smallWorld();
    const north = { ...bare, reserve, network: { ...network, lines: wide(network) } };
    // 470 of 500 MW in use: 30 of 50 MW are left, the first 20 missing MW cost 100 $ each.
    const [without] = chronoRun(loadWorld([470], north), solver, { toHour: 1 });
    expect(without?.shortageMw).toBeCloseTo(20, 6);
    expect(without?.dispatch.scarcityUsdPerMwh).toBeCloseTo(100, 6);
    expect(without?.dispatch.busPriceUsdPerMwh[2]).toBeCloseTo(160, 6);
    const withStore = { ...north, network: { ...north.network, storages: [{ ...battery, powerMw: 30, initialMwh: 40 }] } };
    const [held] = chronoRun(loadWorld([470], withStore), solver, { toHour: 1 });
    expect(held?.shortageMw).toBeCloseTo(0, 6);
    expect(held?.dispatch.busPriceUsdPerMwh[2]).toBeCloseTo(60, 6);
  });

  it('get a slow unit ready the hour before where that is cheaper than being late', () => {
    const slow = { ...smallUnit('slow', 'c', 200, 20), rampMwPerMinute: 1 };
    const { network } = smallWorld();
    const units = [smallUnit('cheap', 'c', 100, 10), slow, smallUnit('peak', 'c', 200, 500)];
    const world = loadWorld([100, 100, 220], { ...bare, network: { ...network, units } });
    const hours = chronoRun(world, solver, { toHour: 3 });
    // 120 MW are wanted of it in the last hour, and it moves 60 an hour.
    expect(hours.map(({ dispatch }) => Math.round(dispatch.generationMw[1] ?? NaN))).toEqual([0, 60, 120]);
    expect(sumOf(hours, ({ dispatch }) => dispatch.generationMw[2] ?? 0)).toBeCloseTo(0, 6);
  });

  describe('with a contract of 20 MW at 500 $/MWh', () => {
    /** 470 MW in all are above 450 MW of units in the hours named, and load not served costs 9,000. */
    function shortWorld(hours: number, short: readonly number[], contract: Parameters<typeof smallContract>[0]): World {
      const { network } = smallWorld();
      const units = [smallUnit('cheap', 'a', 300, 10), smallUnit('middle', 'b', 100, 30), smallUnit('dear', 'c', 60, 60)];
      const loads = Array.from({ length: hours }, (_, hour) => (short.includes(hour) ? 425 : 100));
      return loadWorld(loads, {
        reserve: bare.reserve,
        network: { ...network, lines: wide(network), units },
        contracts: [smallContract({ maxSiteRatio: 1, ...contract })],
      });
    }
    const calledIn = (hours: readonly ChronoHour[]): number[] =>
      hours.flatMap(({ hour, dispatch }) => ((dispatch.bidMw[0] ?? 0) > 1e-6 ? [hour] : []));

    it('call it where load would not be served, and nowhere else', () => {
      const hours = chronoRun(shortWorld(24, [5, 6, 17], {}), solver, { toHour: 24 });
      expect(calledIn(hours)).toEqual([5, 6, 17]);
    });

    it('call it for no more hours, and no more often, than it allows in a year', () => {
      expect(calledIn(chronoRun(shortWorld(24, [5, 6, 17], { hoursPerYear: 2 }), solver, { toHour: 24 })).length).toBe(2);
      expect(calledIn(chronoRun(shortWorld(24, [5, 6, 17], { eventsPerYear: 1 }), solver, { toHour: 24 }))).toEqual([5, 6]);
      expect(calledIn(chronoRun(shortWorld(24, [5, 6, 7, 8], { maxEventHours: 2 }), solver, { toHour: 24 })).length).toBeLessThan(4);
    });

    it('count an hour with its ramp for less', () => {
      const hours = chronoRun(shortWorld(24, [5, 6], { rampMinutes: 30 }), solver, { toHour: 24 });
      expect(hours[5]?.dispatch.bidMw[0]).toBeLessThan(hours[6]?.dispatch.bidMw[0] ?? 0);
    });

    it('carry what is left of it from one day to the next, and begin again with the year', () => {
      const days = 173 * 24;
      // 13 July 2027 and 172 days are 1 January 2028.
      const world = shortWorld(days, [5, 29, 172 * 24 + 5], { hoursPerYear: 1 });
      const state = chronoRun(world, solver, { toHour: 24, seesToHour: 48 }).at(-1)?.state ?? null;
      expect(state?.calls[0]).toMatchObject({ hoursLeft: 0 });
      expect(calledIn(chronoRun(world, solver, { fromHour: 24, toHour: 48, start: state }))).toEqual([]);
      expect(calledIn(chronoRun(world, solver, { fromHour: 172 * 24, toHour: days, start: state }))).toEqual([172 * 24 + 5]);
    });
  });

  it('draw the same outages for the same seed, and others for another', () => {
    const { network } = smallWorld();
    const units = network.units.map((unit) => ({ ...unit, forcedOutage: { meanHoursToFailure: 40, meanHoursToRepair: 20 } }));
    const world = loadWorld(Array<number>(240).fill(200), { ...bare, network: { ...network, units } });
    const lost = (outageSeed: number): number[] =>
      chronoRun(world, solver, { toHour: 240, outageSeed }).flatMap(({ hour, input }) => (input.availableMw[0] === 0 ? [hour] : []));
    expect(lost(1)).toEqual(lost(1));
    expect(lost(1).length).toBeGreaterThan(0);
    expect(lost(1)).not.toEqual(lost(2));
  });
});

describe('the hours a contract is called in', () => {
  it('are worth as much as the best of all choices, on every pattern of eight hours', () => {
    const rules = { maxEventHours: 2 };
    const from = fullBudget({ hoursPerYear: 4, eventsPerYear: 2 });
    for (let n = 0; n < 200; n++) {
      const worthUsd = Array.from({ length: 8 }, (_, hour) => ((n * 7919 + hour * 104_729) % 23) - 4);
      const worth = (isCalled: readonly boolean[]): number =>
        isCalled.reduce((sum, called, hour) => sum + (called ? (worthUsd[hour] ?? 0) : 0), 0);
      let mostUsd = 0;
      for (let pattern = 0; pattern < 256; pattern++) {
        const isCalled = worthUsd.map((_, hour) => (pattern & (1 << hour)) !== 0);
        if (isAllowed(isCalled)) mostUsd = Math.max(mostUsd, worth(isCalled));
      }
      const chosen = bestHours(rules, from, worthUsd);
      expect(isAllowed(chosen)).toBe(true);
      expect(worth(chosen)).toBe(mostUsd);
    }
    function isAllowed(isCalled: readonly boolean[]): boolean {
      const events = isCalled
        .map((called) => (called ? '1' : '0'))
        .join('')
        .split(/0+/)
        .filter((event) => event !== '');
      return events.length <= 2 && events.every(({ length }) => length <= 2) && events.join('').length <= 4;
    }
  });
});

/** Lines that never bind. */
function wide({ lines }: World['network']): World['network']['lines'] {
  return lines.map((line) => ({ ...line, ratingMw: 2_000, emergencyRatingMw: 2_000 }));
}

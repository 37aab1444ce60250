import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demandAhead, netAhead } from '../../shared/domain/forecast/ahead.js';
import { newForecaster, seeHour, type IssuePlan } from '../../shared/domain/forecast/forecaster.js';
import { createLearner, hourAgo, leastHours, newPast, withHour, type Past } from '../../shared/domain/forecast/past.js';
import { createForecastModel } from '../../shared/domain/forecast/model.js';
import { supplyHours } from '../../shared/domain/forecast/state.js';
import { supplyAhead } from '../../shared/domain/forecast/supply.js';
import type { Fact, FactOf } from '../../shared/domain/fact.js';
import { hourMs } from '../../shared/domain/ticks.js';
import { createWholeWorld } from '../../shared/domain/wholeWorld.js';
import { definitionOf } from '../../shared/events/registry.js';
import { loadHighsSolver } from '../../shared/runtime/highs.js';
import type { World } from '../../shared/scenario/schema.js';
import { threeAreas } from '../../shared/scenario/threeAreas/world.js';
import { drawnSeries } from '../support/drawnLoad.js';

const plan: IssuePlan = {
  leadFrom: 1,
  leadTo: 24,
  weather: 'none',
  isIssue: (endMs) => (endMs / hourMs) % 24 === 0,
  localMs: (atMs) => atMs,
  holidays: 'none',
  knownMw: () => 0,
  temperatureC: () => Number.NaN,
};
const { startMs, mw } = drawnSeries(60, 3);

function pastOf(hours: number): Past {
  return mw.slice(0, hours).reduce((past, value) => withHour(past, value), newPast(startMs));
}

describe('what is learned of a series', () => {
  it('follows from the series alone, whether it was seen hour by hour or is read from JSON', () => {
    const steady = createLearner([plan]);
    let past = newPast(startMs);
    let compared = 0;
    for (let hour = 0; hour < 900; hour++) {
      past = withHour(past, hour % 97 === 5 ? null : (mw[hour] ?? null));
      const issued = steady.see(past);
      if (issued === null || hour < 600 || hour % 5 !== 0) continue;
      const anew = createLearner([plan]).see(JSON.parse(JSON.stringify(past)) as Past);
      expect(anew?.fanMw).toEqual(issued.fanMw);
      compared += 1;
    }
    expect(compared).toBeGreaterThan(1);
  });

  it('is not carried over to another series of the same length', () => {
    const learner = createLearner([plan]);
    learner.see(pastOf(719));
    const other = withHour(pastOf(718), 700);
    const wanted = createLearner([plan]).see(withHour(other, 900));
    expect(learner.see(withHour(other, 900))?.fanMw).toEqual(wanted?.fanMw);
  });

  it('is what a forecaster of the same hours says once it was made new', () => {
    const learner = createLearner([plan]);
    const forecaster = newForecaster(plan, { startMs, mw: mw.slice(0, 539) });
    let past = pastOf(540);
    let own = learner.see(past);
    let wanted = seeHour(forecaster, mw[539] ?? 0).forecast;
    for (let hour = 540; hour < 792; hour++) {
      past = withHour(past, mw[hour] ?? 0);
      own = learner.see(past) ?? own;
      wanted = seeHour(forecaster, mw[hour] ?? 0).forecast ?? wanted;
    }
    expect(past.madeAt).toBe(540);
    expect(own?.medianMw).toEqual(wanted?.medianMw);
  });

  it('keeps two to three years of hours and no more', () => {
    let past = newPast(startMs);
    for (let hour = 0; hour < 40_000; hour++) past = withHour(past, hour);
    expect(past.hours).toBeGreaterThanOrEqual(17_520);
    expect(past.hours).toBeLessThan(17_520 + 8_760);
    expect(hourAgo(past, 0)).toBe(39_999);
    expect(hourAgo(past, past.hours - 1)).toBe((past.startMs - startMs) / hourMs);
    expect(past.days.flat()).toHaveLength(past.hours);
  });
});

describe('what is said with little known', () => {
  it('is nothing of less than a day, and wide bands around the day before of less than ten', () => {
    expect(demandAhead(pastOf(23), null)).toEqual({ method: 'none', hours: [] });
    const day = demandAhead(pastOf(24), null);
    expect(day.method).toBe('day-before');
    expect(day.hours[3]?.p50).toBe(mw[3]);
    const [band] = day.hours;
    expect((band?.p90 ?? 0) - (band?.p10 ?? 0)).toBeGreaterThan(0.3 * (band?.p50 ?? Infinity));
    expect(createLearner([plan]).see(pastOf(leastHours - 1))).toBeNull();
  });

  it('stands the newest hour in for one that is missing', () => {
    const past = withHour(pastOf(47), null);
    expect(demandAhead(past, null).hours[23]?.p50).toBe(mw[46]);
  });

  it('takes wind and sun of the same hours of four weeks, and adds bands as independent', () => {
    const days = 10;
    const windMw = Array.from({ length: 24 * days }, (_, hour) => (hour % 24 === 6 ? Math.floor(hour / 24) * 10 : 50));
    const solarMw = windMw.map((_, hour) => (hour % 24 === 12 ? 200 : 0));
    const ahead = supplyAhead({ windMw, solarMw, unitsMw: [], priceUsdPerMwh: [] });
    expect([ahead.windMw[6], ahead.solarMw[12], ahead.hours[12]?.p50]).toEqual([45, 200, 250]);
    expect([ahead.hours[6]?.p10, ahead.hours[6]?.p90]).toEqual([9, 81]);
    const flat = { p5: 960, p10: 970, p50: 1_000, p90: 1_030, p95: 1_040 };
    const net = netAhead({ method: 'day-before', hours: Array.from({ length: 24 }, () => flat) }, ahead);
    expect(net.hours[6]?.p50).toBe(955);
    expect(net.hours[6]?.p90).toBeCloseTo(955 + Math.hypot(30, 36), 9);
    expect(supplyAhead({ windMw: [1], solarMw: [0], unitsMw: [1], priceUsdPerMwh: [1] }).method).toBe('none');
  });
});

describe('forecasts of the built-in world', () => {
  const world: World = { ...threeAreas, clock: { ...threeAreas.clock, tickMinutes: 30 }, forecast: { holidays: 'us' } };
  const ticks = 48 * 21;
  let solver: Awaited<ReturnType<typeof loadHighsSolver>>;
  let facts: readonly Fact[];
  const of = <Type extends Fact['type']>(type: Type): readonly FactOf<Type>[] =>
    facts.filter((fact) => fact.type === type) as unknown as readonly FactOf<Type>[];
  beforeAll(async () => {
    solver = await loadHighsSolver();
    const fast = createWholeWorld(world, solver);
    facts = Array.from({ length: ticks }, () => fast.tick()).flat();
  }, 60_000);
  afterAll(() => solver.close());

  it('are issued every six hours for each region, fit their declarations, and are marked as forecasts', () => {
    const issued = of('forecast.demand.v1');
    expect(issued.length).toBe(3 * 4 * 21);
    expect(of('forecast.price.v1').length).toBe(3 * 4 * 21);
    expect(new Set(issued.map(({ data }) => data.issuedTime.slice(11, 13)))).toEqual(new Set(['00', '06', '12', '18']));
    const own = facts.filter(({ type }) => type.startsWith('forecast.'));
    expect(own.flatMap((fact) => definitionOf(fact.type)?.violation(fact.data) ?? [])).toEqual([]);
    expect(new Set(own.map(({ quality, component }) => `${component} ${quality}`))).toEqual(new Set(['forecast forecast']));
  });

  it('begin with none, go on with the day before, and end with the calendar', () => {
    const methods = of('forecast.demand.v1').flatMap(({ region, data }) => (region === 'west' ? [data.method] : []));
    expect(methods[0]).toBe('none');
    expect(methods[5]).toBe('day-before');
    expect(methods.at(-1)).toBe('calendar-blend');
    expect(methods.filter((method) => method === 'none')).toHaveLength(4);
  });

  it('hold what comes in about eight of ten hours once they rest on the calendar', () => {
    const actual = new Map<string, number[]>();
    for (const { region, timeMs, data } of of('grid.demand.v1')) {
      const key = `${region}/${Math.floor(timeMs / hourMs)}`;
      actual.set(key, [...(actual.get(key) ?? []), data.demandMw]);
    }
    const held = of('forecast.demand.v1')
      .filter(({ data }) => data.method === 'calendar-blend')
      .flatMap(({ region, data }) =>
        data.hours.flatMap(({ fromTime, p10Mw, p90Mw }) => {
          const seen = actual.get(`${region}/${Date.parse(fromTime) / hourMs}`) ?? [];
          const mean = seen.reduce((sum, value) => sum + value, 0) / seen.length;
          return seen.length < 2 ? [] : [mean >= p10Mw && mean <= p90Mw];
        }),
      );
    expect(held.length).toBeGreaterThan(1_500);
    const ratio = held.filter(Boolean).length / held.length;
    expect(ratio).toBeGreaterThan(0.7);
    expect(ratio).toBeLessThan(0.95);
  });

  it('do not move the world: without them it says the same', () => {
    const { forecast: _none, ...plain } = world;
    const fast = createWholeWorld(plain, solver);
    const without = Array.from({ length: 96 }, () => fast.tick()).flat();
    const lines = (said: readonly Fact[]) =>
      said.filter(({ tick, type }) => tick < 96 && !type.startsWith('forecast.')).map((fact) => JSON.stringify(fact));
    expect(lines(facts)).toEqual(lines(without));
  });

  it('are the same when the world goes through JSON in the middle', () => {
    const whole = createWholeWorld(world, solver);
    for (let tick = 0; tick < 600; tick++) whole.tick();
    const half = JSON.parse(JSON.stringify(whole.save())) as ReturnType<typeof whole.save>;
    const resumed = createWholeWorld(world, solver, { saved: half });
    const rest = Array.from({ length: 100 }, () => resumed.tick()).flat();
    const lines = (said: readonly Fact[]) => said.filter(({ type }) => type.startsWith('forecast.')).map((fact) => JSON.stringify(fact));
    expect(lines(rest)).toEqual(lines(facts.filter(({ tick }) => tick >= 600 && tick < 700)));
    expect(lines(rest).length).toBeGreaterThan(20);
  });

  it('are the same when every fact comes twice', () => {
    const model = createForecastModel(world);
    const heard = facts.filter(({ type, tick }) => tick < 400 && model.hears.includes(type));
    const told = (times: number) =>
      heard.reduce((state, fact) => {
        let now = state;
        for (let time = 0; time < times; time++) now = model.observe(now, fact).state;
        return now;
      }, model.initial());
    expect(told(2)).toEqual(told(1));
    expect(told(1).regions[0]?.sums.ticks).toBe(400);
  });

  it('name the hours of a surge, how likely, by how much and why', () => {
    const surges = of('forecast.surge.v1');
    expect(surges.length).toBe(4 * 20);
    const ahead = surges.filter(({ data }) => data.fromTime !== null);
    expect(ahead.length).toBeGreaterThan(10);
    for (const { data } of ahead) {
      expect(data.leadHours).toBe((Date.parse(data.fromTime ?? '') - Date.parse(data.issuedTime)) / hourMs);
      expect(Date.parse(data.untilTime ?? '')).toBeGreaterThan(Date.parse(data.fromTime ?? ''));
      expect(data.probabilityRatio).toBeGreaterThanOrEqual(0.1);
    }
    // A unit of 600 MW is out from the first evening to the third morning.
    expect(ahead.some(({ data }) => data.driver === 'units')).toBe(true);
    expect(ahead.every(({ data }) => data.sentence.startsWith('reserve may fall short by '))).toBe(true);
  });

  it('lets a state stay small: a megabyte a region at most', () => {
    const model = createForecastModel(world);
    let state = model.initial();
    const years = Array.from({ length: 40_000 }, (_, hour) => 1_000 + (hour % 24));
    state = {
      ...state,
      regions: state.regions.map((seen) => ({
        ...seen,
        demand: years.reduce((past, value) => withHour(past, value + 0.123456789), newPast(startMs)),
        supply: {
          windMw: years.slice(-supplyHours),
          solarMw: years.slice(-supplyHours),
          unitsMw: years.slice(-supplyHours),
          priceUsdPerMwh: years.slice(-supplyHours),
        },
      })),
    };
    expect(JSON.stringify(state.regions[0]).length).toBeLessThan(1e6);
  });
});

describe('a surge that is acted on', () => {
  it('asks the fleet as far as it can give, until the next forecast, and lets runs resume when nothing threatens any more', async () => {
    const solver = await loadHighsSolver();
    const world: World = {
      ...threeAreas,
      clock: { ...threeAreas.clock, tickMinutes: 30 },
      contracts: threeAreas.contracts.map((contract) => ({ ...contract, strikeUsdPerMwh: 8_000 })),
      forecast: { holidays: 'us', ask: { fromRatio: 0.3, rampMinutes: 30 } },
    };
    const fast = createWholeWorld(world, solver);
    const facts = Array.from({ length: 48 * 4 }, () => fast.tick()).flat();
    solver.close();
    const asked = facts.flatMap((fact) => (fact.type === 'control.request.v1' && fact.entity === 'fleet' ? [fact] : []));
    expect(asked.length).toBeGreaterThan(2);
    expect(new Set(asked.map(({ data }) => data.actor))).toEqual(new Set(['forecast']));
    expect(asked.every(({ data }) => data.isBestEffort)).toBe(true);
    const surgeAt = new Map<string, FactOf<'forecast.surge.v1'>['data']>(
      facts.flatMap((fact) => (fact.type === 'forecast.surge.v1' ? [[`surge-${fact.tick}`, fact.data] as const] : [])),
    );
    for (const { data } of asked.filter(({ data: { state } }) => state === 'active')) {
      const surge = surgeAt.get(data.request);
      expect(surge?.probabilityRatio).toBeGreaterThanOrEqual(0.3);
      expect(data.untilTime).toBe(surge?.likelyUntilTime);
      expect(data.amountMw).toBe(Math.ceil(surge?.likelyMw ?? 0));
    }
    const drawn = facts.flatMap((fact) =>
      fact.type === 'cluster.power.v1'
        ? fact.data.campuses.filter(({ campus }) => campus === 'riverbend').map(({ trainingMw }) => trainingMw)
        : [],
    );
    expect(Math.min(...drawn)).toBeLessThan(0.6 * Math.max(...drawn));
  }, 60_000);
});

describe('reserve that follows the forecast', () => {
  const world: World = {
    ...threeAreas,
    clock: { ...threeAreas.clock, tickMinutes: 30 },
    forecast: { holidays: 'us', reserve: { level: 'p90', leastMw: 300 } },
  };

  it('is what the scenario says until every region is forecast, then the errors of all regions up to its level, never below the least', async () => {
    const solver = await loadHighsSolver();
    const fast = createWholeWorld(world, solver);
    const facts = Array.from({ length: 48 * 14 }, () => fast.tick()).flat();
    solver.close();
    const required = facts.flatMap((fact) => (fact.type === 'grid.reserve.v1' ? [fact] : []));
    expect(required.slice(0, 48).every(({ data }) => data.requirementMw === 950)).toBe(true);
    const newest = new Map<string, FactOf<'forecast.netdemand.v1'>['data']['hours']>();
    let compared = 0;
    for (const fact of facts) {
      if (fact.type === 'forecast.netdemand.v1') newest.set(fact.region, fact.data.hours);
      if (fact.type !== 'grid.reserve.v1') continue;
      const open = [...newest.values()].map((hours) => {
        const hour = hours.find(({ fromTime }) => Date.parse(fromTime) <= fact.timeMs && fact.timeMs < Date.parse(fromTime) + hourMs);
        return hour === undefined ? Number.NaN : hour.p90NetMw - hour.p50NetMw;
      });
      const sum = open.reduce((total, mw) => total + mw, 0);
      if (open.length < 3 || Number.isNaN(sum)) continue;
      expect(fact.data.requirementMw).toBeCloseTo(Math.max(300, sum), 5);
      compared += 1;
    }
    expect(compared).toBeGreaterThan(500);
  }, 60_000);
});

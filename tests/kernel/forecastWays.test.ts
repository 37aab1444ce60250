import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fact, FactOf } from '../../shared/domain/fact.js';
import type { Ahead, Band } from '../../shared/domain/forecast/ahead.js';
import { newPast, withHour } from '../../shared/domain/forecast/past.js';
import { pricesAhead } from '../../shared/domain/forecast/price.js';
import { noSums, nothingCounted, type RegionSeen } from '../../shared/domain/forecast/state.js';
import { demandOfWeekBefore, supplyOfWeekBefore } from '../../shared/domain/forecast/weekBefore.js';
import { hourMs } from '../../shared/domain/ticks.js';
import { createWholeWorld } from '../../shared/domain/wholeWorld.js';
import { definitionOf } from '../../shared/events/registry.js';
import { loadHighsSolver } from '../../shared/runtime/highs.js';
import type { World } from '../../shared/scenario/schema.js';
import { threeAreas } from '../../shared/scenario/threeAreas/world.js';

const sure = (mw: number): Band => ({ p5: mw, p10: mw, p50: mw, p90: mw, p95: mw });

function regionOf(loadsMw: readonly number[], priceUsdPerMwh: readonly number[], unitsMw: readonly number[]): RegionSeen {
  const zeros = loadsMw.map(() => 0);
  const demand = loadsMw.reduce((past, mw) => withHour(past, mw), newPast(0));
  return {
    region: 'r',
    sums: noSums,
    counted: nothingCounted,
    known: [],
    demand,
    supply: { windMw: zeros, solarMw: zeros, unitsMw, priceUsdPerMwh },
  };
}

describe('a forecast as a week before', () => {
  it('says nothing within the first week, then the same hour, wide while no error is known and as wide as its errors later', () => {
    const hours = Array.from({ length: 400 }, (_, hour) => 100 + (hour % 24) + (hour >= 168 ? 10 : 0));
    const pastOf = (count: number) => hours.slice(0, count).reduce((past, mw) => withHour(past, mw), newPast(0));
    expect(demandOfWeekBefore(pastOf(167))).toEqual({ method: 'none', hours: [] });
    const young = demandOfWeekBefore(pastOf(168));
    expect([young.method, young.hours[3]?.p50]).toEqual(['week-before', 103]);
    expect(young.hours[3]?.p90).toBeCloseTo(103 + (1.606 * (hours[167] ?? 0)) / 10, 9);
    const later = demandOfWeekBefore(pastOf(336));
    expect(later.hours[5]?.p50).toBe(115);
    expect(later.hours[5]?.p90).toBeCloseTo(115 + 16.06, 9);
    const supply = supplyOfWeekBefore({ windMw: hours.slice(0, 200), solarMw: hours.slice(0, 200), unitsMw: [], priceUsdPerMwh: [] });
    expect([supply.hours[0]?.p50, supply.windMw[0]]).toEqual([2 * (hours[32] ?? 0), hours[32]]);
  });
});

describe('prices of hours that were alike', () => {
  const hours = 240;
  const loads = Array.from({ length: hours }, (_, hour) => 500 + 10 * (hour % 24));
  const units = loads.map(() => 1_000);
  const prices = loads.map((mw) => mw / 10);
  const net = (mw: number, spread = 0): Ahead => ({
    method: 'calendar-blend',
    hours: Array.from({ length: 24 }, () => ({ ...sure(mw), p10: mw - spread, p90: mw + spread, p5: mw - spread, p95: mw + spread })),
  });

  it('are those of the hours with the nearest need, and wider where the net demand is', () => {
    const seen = regionOf(loads, prices, units);
    const [narrow] = pricesAhead([{ seen, net: net(600) }]);
    // Ten hours each at 590, 600 and 610 MW are known: the nearest 24 lie among them.
    expect(narrow?.hours[0]?.p50).toBe(60);
    expect(narrow?.hours[0]?.p5).toBeGreaterThanOrEqual(59);
    expect(narrow?.hours[0]?.p95).toBeLessThanOrEqual(61);
    const [wide] = pricesAhead([{ seen, net: net(600, 80) }]);
    expect(wide?.hours[0]?.p50).toBe(60);
    expect(wide?.hours[0]?.p95).toBeGreaterThan(66);
  });

  it('look at need and not at load: with half the units out, at hours that were twice as loaded', () => {
    const seen = regionOf(loads, prices, units.with(-1, 750));
    const [ahead] = pricesAhead([{ seen, net: net(450) }]);
    expect(ahead?.hours[0]?.p50).toBe(60);
  });

  it('are not given for less than three days, nor while a region has no net demand', () => {
    const short = regionOf(loads.slice(0, 71), prices.slice(0, 71), units.slice(0, 71));
    expect(pricesAhead([{ seen: short, net: net(600) }])[0]).toEqual({ method: 'none', hours: [] });
    const seen = regionOf(loads, prices, units);
    const none: Ahead = { method: 'none', hours: [] };
    expect(
      pricesAhead([
        { seen, net: net(600) },
        { seen, net: none },
      ]).map(({ method }) => method),
    ).toEqual(['none', 'none']);
  });
});

describe('ways of forecasting in the built-in world', () => {
  const days = 21;
  const base: World = { ...threeAreas, clock: { ...threeAreas.clock, tickMinutes: 30 } };
  let solver: Awaited<ReturnType<typeof loadHighsSolver>>;
  const runs = new Map<string, readonly Fact[]>();
  const methods = ['calendar', 'week-before', 'perfect'] as const;
  /** From the eleventh day on every way has something to go by. */
  const settled = new Date(Date.parse(threeAreas.clock.startTime) + 11 * 24 * hourMs).toISOString();
  beforeAll(async () => {
    solver = await loadHighsSolver();
    for (const method of methods) {
      const fast = createWholeWorld({ ...base, forecast: { holidays: 'us', method } }, solver);
      runs.set(method, Array.from({ length: 48 * days }, () => fast.tick()).flat());
    }
  }, 120_000);
  afterAll(() => solver.close());

  const factsOf = <Type extends Fact['type']>(method: string, type: Type): readonly FactOf<Type>[] =>
    (runs.get(method) ?? []).filter((fact) => fact.type === type) as unknown as readonly FactOf<Type>[];

  /** Hourly means of something a region says every tick. */
  function hourly<Type extends 'grid.demand.v1' | 'grid.supply.v1' | 'grid.price.v1'>(type: Type, of: (fact: FactOf<Type>) => number) {
    const sums = new Map<string, { sum: number; count: number }>();
    for (const fact of factsOf('calendar', type)) {
      const key = `${fact.region}/${Math.floor(fact.timeMs / hourMs)}`;
      const { sum, count } = sums.get(key) ?? { sum: 0, count: 0 };
      sums.set(key, { sum: sum + of(fact), count: count + 1 });
    }
    return (region: string, fromTime: string): number | null => {
      const found = sums.get(`${region}/${Date.parse(fromTime) / hourMs}`);
      return found === undefined || found.count < 2 ? null : found.sum / found.count;
    };
  }

  it('say what the grid does not hear: the rest of the world is the same, and every fact fits its declaration', () => {
    const rest = (method: string) =>
      (runs.get(method) ?? []).filter(({ type }) => !type.startsWith('forecast.')).map((f) => JSON.stringify(f));
    const wanted = rest('calendar');
    expect(wanted.length).toBeGreaterThan(10_000);
    for (const method of methods.slice(1)) expect(rest(method)).toEqual(wanted);
    for (const facts of runs.values()) {
      const own = facts.filter(({ type }) => type.startsWith('forecast.'));
      expect(own.flatMap((fact) => definitionOf(fact.type)?.violation(fact.data) ?? [])).toEqual([]);
    }
  });

  it('are as good as one expects: perfect knows native load, wind and sun, and campuses as they are', () => {
    const nativeOf = hourly('grid.demand.v1', ({ data }) => data.nativeMw);
    const demandOf = hourly('grid.demand.v1', ({ data }) => data.demandMw);
    const error = (method: string): number => {
      const errors = factsOf(method, 'forecast.demand.v1')
        .filter(({ data }) => data.issuedTime >= settled)
        .flatMap(({ region, data }) => data.hours.map(({ fromTime, p50Mw }) => Math.abs(p50Mw - (demandOf(region, fromTime) ?? p50Mw))));
      return errors.reduce((sum, mw) => sum + mw, 0) / errors.length;
    };
    // Native load of this world repeats every week: what is left to err about is campuses.
    const [calendar, week, perfect] = methods.map(error);
    expect(perfect).toBeLessThan(week ?? 0);
    expect(perfect).toBeLessThan(calendar ?? 0);
    // North has no campus: there a perfect forecast is the load itself.
    const campusRegions = new Set(threeAreas.campuses.map(({ bus }) => threeAreas.network.buses.find(({ id }) => id === bus)?.region));
    const free = threeAreas.regions.map(({ id }) => id).filter((id) => !campusRegions.has(id));
    let compared = 0;
    for (const { region, data } of factsOf('perfect', 'forecast.demand.v1')) {
      for (const { fromTime, p10Mw, p50Mw, p90Mw } of data.hours) {
        const mw = free.includes(region) ? nativeOf(region, fromTime) : null;
        if (mw === null) continue;
        expect([p10Mw, p90Mw]).toEqual([p50Mw, p50Mw]);
        expect(p50Mw).toBeCloseTo(mw, 4);
        compared += 1;
      }
    }
    expect(free.length === 0 || compared > 1_000).toBe(true);
  });

  it('know wind and sun to the last MW where they are perfect', () => {
    const availableOf = hourly('grid.supply.v1', ({ data }) =>
      data.sources.reduce((sum, { source, availableMw }) => (source === 'wind' || source === 'solar' ? sum + availableMw : sum), 0),
    );
    const gaps = factsOf('perfect', 'forecast.supply.v1').flatMap(({ region, data }) =>
      data.hours.flatMap(({ fromTime, p50Mw }) => {
        const mw = availableOf(region, fromTime);
        return mw === null ? [] : [Math.abs(mw - p50Mw)];
      }),
    );
    expect(gaps.length).toBeGreaterThan(4_000);
    expect(gaps.filter((gap) => gap > 1e-4)).toEqual([]);
  });

  it('price the hours ahead better than the hour of the day before, and hold what comes in about eight of ten', () => {
    const priceOf = hourly('grid.price.v1', ({ data }) => data.priceUsdPerMwh);
    let [own, dayBefore, held, count] = [0, 0, 0, 0];
    for (const { region, data } of factsOf('calendar', 'forecast.price.v1')) {
      if (data.issuedTime < settled) continue;
      for (const { fromTime, p10UsdPerMwh, p50UsdPerMwh, p90UsdPerMwh } of data.hours) {
        const came = priceOf(region, fromTime);
        const before = priceOf(region, new Date(Date.parse(fromTime) - 24 * hourMs).toISOString());
        if (came === null || before === null) continue;
        own += Math.abs(came - p50UsdPerMwh);
        dayBefore += Math.abs(came - before);
        held += came >= p10UsdPerMwh - 1e-6 && came <= p90UsdPerMwh + 1e-6 ? 1 : 0;
        count += 1;
      }
    }
    expect(own).toBeLessThan(dayBefore);
    expect(held / count).toBeGreaterThan(0.7);
  });

  it('are the same when the world goes through JSON in the middle, also for the perfect one', () => {
    const world: World = { ...base, forecast: { holidays: 'us', method: 'perfect' } };
    const whole = createWholeWorld(world, solver);
    for (let tick = 0; tick < 300; tick++) whole.tick();
    const half = JSON.parse(JSON.stringify(whole.save())) as ReturnType<typeof whole.save>;
    const resumed = createWholeWorld(world, solver, { saved: half });
    const rest = Array.from({ length: 60 }, () => resumed.tick()).flat();
    const lines = (said: readonly Fact[]) => said.filter(({ type }) => type.startsWith('forecast.')).map((fact) => JSON.stringify(fact));
    expect(lines(rest)).toEqual(lines((runs.get('perfect') ?? []).filter(({ tick }) => tick >= 300 && tick < 360)));
    expect(lines(rest).length).toBeGreaterThan(20);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fact, Saying } from '../../shared/domain/fact.js';
import type { GridState } from '../../shared/domain/grid/model.js';
import { solveAlways, solveWhenNeeded } from '../../shared/domain/grid/warmSolve.js';
import { minuteMs, toWire } from '../../shared/domain/ticks.js';
import { definitionOf } from '../../shared/events/registry.js';
import { loadHighsSolver, type HighsSolver } from '../../shared/runtime/highs.js';
import type { World } from '../../shared/scenario/schema.js';
import { threeAreas } from '../../shared/scenario/threeAreas/world.js';
import { dataOf, offer, runGrid, want } from '../support/gridRun.js';
import { smallContract, smallStartMs, smallUnit, smallWorld, stepSeries } from '../support/worlds.js';

let solver: HighsSolver;
beforeAll(async () => {
  solver = await loadHighsSolver();
});
afterAll(() => solver.close());

/** The three areas with campuses that want what they do on a usual day and offer what they have under contract. */
function aroundThreeAreas(tick: number): { readonly before: readonly Saying[] } {
  const inferenceMw = 125 + 35 * Math.cos((2 * Math.PI * (tick - 48)) / 288);
  const terms = { campus: 'riverbend', rampMinutes: 15 };
  const offers = [
    { ...terms, contract: 'riverbend-a', offerMw: 120, strikeUsdPerMwh: 500, noticeMinutes: 15 },
    { ...terms, contract: 'riverbend-b', offerMw: 173, strikeUsdPerMwh: 900, noticeMinutes: 30 },
  ].map((terms) => ({ inForceMw: 0, hoursLeft: 100, eventsLeft: 10, ...terms }));
  return {
    before: [
      want('central', 'riverbend', 361 + inferenceMw),
      want('west', 'mesa', 82),
      { type: 'control.offer.v1', region: 'central', entity: 'central', data: { offers } },
    ],
  };
}

/**
 * A world whose southern load is 280 MW but for the ticks named, when it is `peakMw`: 500 MW of units, 60 MW native in the north, 40 MW
 * campus.
 */
function peakWorld(peakMw: number, peakTicks: readonly number[], rest: Partial<World> = {}): World {
  const values = Array.from({ length: 288 }, (_, tick) => (peakTicks.includes(tick) ? peakMw : 280));
  const base = smallWorld();
  return smallWorld({ series: { ...base.series, 'south-load': stepSeries(5, values) }, ...rest });
}

function clearedAt(ticks: readonly (readonly Fact[])[]): readonly (readonly [tick: number, clearedMw: number])[] {
  return ticks.flatMap((facts, tick) =>
    dataOf(facts, 'grid.clearing.v1', 'south').offers.map(({ clearedMw }) => [tick, clearedMw] as const),
  );
}

describe('the facts of a tick', () => {
  let ticks: readonly (readonly Fact[])[];
  beforeAll(() => {
    ({ ticks } = runGrid(threeAreas, solver, { ticks: 450, around: aroundThreeAreas }));
  }, 60_000);

  it('balance in every region and fit their declarations, over a day and a half of the three areas', () => {
    for (const [tick, facts] of ticks.entries()) {
      if (tick % 10 === 0) for (const fact of facts) expect(definitionOf(fact.type)?.violation(fact.data)).toBeNull();
      let netExportMw = 0;
      for (const { id } of threeAreas.regions) {
        const [supply, demand] = [dataOf(facts, 'grid.supply.v1', id), dataOf(facts, 'grid.demand.v1', id)];
        const inMw = supply.generationMw + supply.dischargeMw + supply.importMw + demand.unservedMw;
        expect(Math.abs(inMw - demand.demandMw - supply.chargeMw - supply.exportMw)).toBeLessThan(1e-6);
        expect(demand.demandMw).toBeCloseTo(demand.nativeMw + demand.campusMw, 6);
        expect(supply.generationMw).toBeCloseTo(
          supply.sources.reduce((sum, source) => sum + source.generationMw, 0),
          6,
        );
        netExportMw += supply.exportMw - supply.importMw;
      }
      expect(Math.abs(netExportMw)).toBeLessThan(1e-6);
    }
  });

  it('keep storage within its limits, never charging and discharging at once, and water within its daily budget', () => {
    let storedMwh = 600;
    const cycle = { chargedMwh: 0, dischargedMwh: 0 };
    const waterMwh = new Map<number, number>();
    for (const [tick, facts] of ticks.entries()) {
      const [battery] = dataOf(facts, 'grid.supply.v1', 'south').storages;
      if (battery === undefined) throw new Error('no battery');
      expect(battery.chargeMw).toBeLessThanOrEqual(300);
      expect(battery.dischargeMw).toBeLessThanOrEqual(300);
      expect(Math.min(battery.chargeMw, battery.dischargeMw)).toBeLessThan(1e-6);
      storedMwh += (battery.chargeMw * 0.93 - battery.dischargeMw / 0.93) / 12;
      expect(battery.storedMwh).toBeCloseTo(storedMwh, 5);
      expect(battery.storedMwh).toBeGreaterThanOrEqual(0);
      expect(battery.storedMwh).toBeLessThanOrEqual(1_200);
      cycle.chargedMwh += battery.chargeMw / 12;
      cycle.dischargedMwh += battery.dischargeMw / 12;
      const day = Math.floor((tick + 132) / 288);
      const hydro = dataOf(facts, 'grid.supply.v1', 'central').units.find(({ unit }) => unit === 'central-hydro-1');
      waterMwh.set(day, (waterMwh.get(day) ?? 0) + (hydro?.generationMw ?? 0) / 12);
    }
    expect(cycle.chargedMwh).toBeGreaterThan(500);
    expect(cycle.dischargedMwh).toBeGreaterThan(500);
    expect(waterMwh.get(1)).toBeGreaterThan(1_500);
    for (const usedMwh of waterMwh.values()) expect(usedMwh).toBeLessThanOrEqual(2_400 + 1e-6);
  });

  it('tell the story of the three areas: a watch before five, a tight evening, a release, and a night with too much wind', () => {
    const localHour = (tick: number): number => 11 + tick / 12;
    const states = ticks.flatMap((facts, tick) =>
      facts.flatMap((fact) => (fact.type === 'grid.state.v1' ? [[localHour(tick), fact.data.state] as const] : [])),
    );
    const [firstAt, first] = states[0] ?? [NaN, ''];
    expect(first).toBe('watch');
    expect(firstAt).toBeGreaterThan(16.6);
    expect(firstAt).toBeLessThan(17.3);
    const called = ticks
      .slice(0, 288)
      .flatMap((facts, tick) => (dataOf(facts, 'grid.clearing.v1', 'central').offers.length > 0 ? [localHour(tick)] : []));
    expect(called.length).toBeGreaterThan(24);
    expect(called[0]).toBeGreaterThan(16.8);
    expect(called[0]).toBeLessThan(17.6);
    expect(called.at(-1)).toBeLessThan(20.6);
    const nightMwh = ticks.reduce(
      (sum, facts, tick) =>
        localHour(tick) >= 24 && localHour(tick) < 31.5 ? sum + dataOf(facts, 'grid.curtailment.v1', 'west').curtailedMw / 12 : sum,
      0,
    );
    expect(nightMwh).toBeGreaterThan(2_000);
    expect(nightMwh).toBeLessThan(3_600);
    const midnight = ticks[156];
    expect(dataOf(midnight, 'grid.price.v1', 'west').priceUsdPerMwh).toBe(0);
    expect(dataOf(midnight, 'grid.flow.v1', 'west').interfaces[0]?.netFlowMw).toBeCloseTo(1_250, 6);
  });
});

describe('offers', () => {
  it('clear for the tick their notice reaches, when the price without them would exceed the strike, and only then', () => {
    // 60 + 350 + 40 MW leave 50 of 500 MW in reserve; 380 MW leave 20: the second step, 1,000 + 60 $/MWh.
    const wants = () => ({ before: [want('south', 'campus-1', 40), offer('south')] });
    const { ticks } = runGrid(peakWorld(380, [10, 11, 12, 13]), solver, { ticks: 20, around: wants });
    const cleared = clearedAt(ticks);
    expect(cleared.map(([tick]) => tick)).toEqual([7, 8, 9, 10]);
    // 5 MW lift the reserve to 25 MW, where the first step (100 $/MWh) is all that is missing.
    for (const [, mw] of cleared) expect(mw).toBeCloseTo(5, 6);
    const [first] = dataOf(ticks[7], 'grid.clearing.v1', 'south').offers;
    expect(first).toMatchObject({
      campus: 'campus-1',
      contract: 'contract-1',
      fromTime: toWire(smallStartMs + 50 * minuteMs),
      toTime: toWire(smallStartMs + 55 * minuteMs),
    });
    expect(first?.priceUsdPerMwh).toBeCloseTo(500, 6);
  });

  it.each([
    [159, 4],
    [161, 0],
  ])('with strike %s clear in %s of 4 ticks at a price of 160', (strikeUsdPerMwh, count) => {
    // 370 MW leave 30 MW in reserve: 60 + 100 $/MWh.
    const world = peakWorld(370, [10, 11, 12, 13], { contracts: [smallContract({ strikeUsdPerMwh })] });
    const { ticks } = runGrid(world, solver, {
      ticks: 20,
      around: () => ({ before: [want('south', 'campus-1', 40), offer('south', { strikeUsdPerMwh })] }),
    });
    expect(dataOf(ticks[11], 'grid.price.v1', 'south').priceUsdPerMwh).toBeCloseTo(160, 6);
    expect(clearedAt(ticks)).toHaveLength(count);
  });

  it('clear inside the tick when the notice is shorter than it, and take off the load for the rest of it', () => {
    const base = smallWorld();
    const world = smallWorld({
      clock: { ...base.clock, tickMinutes: 60 },
      contracts: [smallContract({ noticeMinutes: 15, rampMinutes: 15 })],
      series: { ...base.series, 'south-load': stepSeries(60, [280, 400, 400, 280]) },
    });
    const around = (tick: number) => ({ before: [want('south', 'campus-1', 40), offer('south', { inForceMw: tick === 2 ? 20 : 0 })] });
    const { ticks } = runGrid(world, solver, { ticks: 4, around });
    const campusMw = ticks.map((facts) => dataOf(facts, 'grid.demand.v1', 'south').campusMw);
    // All 20 MW clear. New, they work for 45 minutes less half a ramp of 15: 20 x 37.5 / 60; standing, for the whole hour.
    expect(clearedAt(ticks).map(([tick, mw]) => [tick, Math.round(mw * 1e6) / 1e6])).toEqual([
      [1, 20],
      [2, 20],
    ]);
    [40, 27.5, 20, 40].forEach((mw, tick) => expect(campusMw[tick]).toBeCloseTo(mw, 6));
  });

  it('give the same facts whether every look-ahead is solved or only where its basis does not hold', () => {
    let solves = { always: 0, needed: 0 };
    const counting = (name: 'always' | 'needed') => ({
      solve: (...args: Parameters<HighsSolver['solve']>) => {
        solves = { ...solves, [name]: solves[name] + 1 };
        return solver.solve(...args);
      },
    });
    const options = { ticks: 120, around: aroundThreeAreas };
    const always = runGrid(threeAreas, { isOwn: true, solve: solveAlways(counting('always')) }, options);
    const needed = runGrid(threeAreas, { isOwn: true, solve: solveWhenNeeded(counting('needed')) }, options);
    expect(needed.ticks).toEqual(always.ticks);
    expect(solves.needed).toBeLessThan(solves.always / 2);
  }, 60_000);
});

describe('load targets', () => {
  const target = (epoch: number, reductionMw: number, fromTick: number): Saying => ({
    type: 'control.loadtarget.v1',
    region: 'south',
    entity: 'south',
    data: {
      targets: [
        {
          campus: 'campus-1',
          epoch,
          reductionMw,
          fromTime: toWire(smallStartMs + fromTick * 5 * minuteMs),
          untilTime: reductionMw > 0 ? toWire(smallStartMs + 300 * minuteMs) : null,
          rampMinutes: 10,
          contracts: ['contract-1'],
          reason: 'test',
        },
      ],
    },
  });

  it('take off what is asked along the ramp, count once though they are repeated, and nothing after the release', () => {
    const around = (tick: number) => ({
      before: [want('south', 'campus-1', 40)],
      after: tick < 1 ? [] : tick < 8 ? [target(1, 20, 4)] : [target(2, 0, 10)],
    });
    const { ticks } = runGrid(smallWorld(), solver, { ticks: 12, around });
    const campusMw = ticks.map((facts) => dataOf(facts, 'grid.demand.v1', 'south').campusMw);
    [40, 40, 40, 40, 35, 25, 20, 20, 20, 20, 40, 40].forEach((mw, tick) => expect(campusMw[tick], `tick ${tick}`).toBeCloseTo(mw, 6));
  });

  it('put reserve to use where a campus did not deliver', () => {
    const power = (imbalanceMw: number): Saying => ({
      type: 'cluster.power.v1',
      region: 'south',
      entity: 'south',
      data: {
        campuses: [
          { campus: 'campus-1', meanMw: 40, endMw: 40, trainingMw: 40, inferenceMw: 0, limitMw: 100, reductionTargetMw: 20, imbalanceMw },
        ],
      },
    });
    const around = (tick: number) => ({ before: [want('south', 'campus-1', 40)], after: [power(tick === 1 ? 12 : 0)] });
    const reserveMw = runGrid(smallWorld(), solver, { ticks: 4, around }).ticks.map(
      (facts) => dataOf(facts, 'grid.reserve.v1').availableMw,
    );
    [300, 300, 288, 300].forEach((mw, tick) => expect(reserveMw[tick]).toBeCloseTo(mw, 6));
  });
});

describe('outages', () => {
  const audit = (action: 'trip-unit' | 'return-unit' | 'trip-line', target: string, accepted = true): Saying => ({
    type: 'control.audit.v1',
    region: 'all',
    entity: target,
    data: { action, target, actor: 'operator', amountMw: null, reason: 'drill', accepted },
  });

  it('take effect in the tick after a person asks, once, and say so; refused ones do not', () => {
    const around = (tick: number) => ({
      before: [want('south', 'campus-1', 40)],
      after:
        tick === 1
          ? [audit('trip-unit', 'cheap'), audit('trip-unit', 'cheap'), audit('trip-unit', 'dear', false)]
          : tick === 3
            ? [audit('return-unit', 'cheap')]
            : [],
    });
    const { ticks } = runGrid(smallWorld(), solver, { ticks: 6, around });
    const said = ticks.flatMap((facts, tick) =>
      facts.flatMap((fact) =>
        fact.type === 'grid.contingency.v1' ? [[tick, fact.region, fact.entity, fact.data.change, fact.data.capacityMw]] : [],
      ),
    );
    expect(said).toEqual([
      [2, 'north', 'cheap', 'trip', 300],
      [4, 'north', 'cheap', 'return', 300],
    ]);
    const availableMw = ticks.map((facts) => dataOf(facts, 'grid.supply.v1', 'north').units[0]?.availableMw);
    expect(availableMw).toEqual([300, 300, 0, 0, 300, 300]);
    expect(dataOf(ticks[2], 'grid.reserve.v1').state).toBe('emergency');
    expect(dataOf(ticks[2], 'grid.state.v1')).toMatchObject({ state: 'emergency', previousState: 'normal' });
    expect(ticks[3]?.some((fact) => fact.type === 'grid.state.v1')).toBe(false);
  });

  it('come from the script at their time, also on a line that splits the grid', () => {
    const entry = (minute: number, action: 'trip-line' | 'return-line', target: string) => ({
      atTime: toWire(smallStartMs + minute * minuteMs),
      action,
      target,
      reason: 'test',
    });
    const world = smallWorld({ script: [entry(12, 'trip-line', 'b-c'), entry(10, 'trip-line', 'a-c'), entry(20, 'return-line', 'a-c')] });
    const { ticks } = runGrid(world, solver, { ticks: 6, around: () => ({ before: [want('south', 'campus-1', 40)] }) });
    const ratings = ticks.map((facts) =>
      ['north', 'south'].flatMap((region) => dataOf(facts, 'grid.flow.v1', region).lines.map(({ ratingMw }) => ratingMw)),
    );
    expect(ratings).toEqual([
      [200, 200, 200],
      [200, 200, 200],
      [200, 0, 200],
      [200, 0, 0],
      [200, 200, 0],
      [200, 200, 0],
    ]);
    // On its own the south has 100 MW for 140 MW.
    expect(ticks.map((facts) => dataOf(facts, 'grid.demand.v1', 'south').unservedMw)).toEqual([0, 0, 0, 40, 0, 0]);
    expect(dataOf(ticks[3], 'grid.price.v1', 'south').priceUsdPerMwh).toBeGreaterThanOrEqual(9_000);
  });
});

describe('state', () => {
  it('restored from JSON at any tick, in another process, gives byte-identical facts', async () => {
    const saved = new Map<number, string>();
    const options = { ticks: 300, around: aroundThreeAreas };
    const whole = runGrid(threeAreas, solver, { ...options, eachState: (tick, state) => saved.set(tick, JSON.stringify(state)) });
    const other = await loadHighsSolver();
    for (const tick of [1, 64, 75, 90, 161, 280]) {
      const state = JSON.parse(saved.get(tick) ?? '') as GridState;
      const rest = runGrid(threeAreas, other, { ...options, ticks: Math.min(300, tick + 30), from: { tick, state } });
      expect(JSON.stringify(rest.ticks)).toBe(JSON.stringify(whole.ticks.slice(tick, tick + 30)));
      expect(JSON.stringify(rest.state)).toBe(saved.get(Math.min(300, tick + 30)));
    }
    other.close();
  }, 120_000);

  it('hears the facts of a phase in any order', () => {
    const forth = (tick: number) => ({ before: [want('south', 'campus-1', 40 + tick), offer('south'), want('north', 'nobody', 5)] });
    const back = (tick: number) => ({ before: [...forth(tick).before].reverse() });
    const run = (around: (tick: number) => { before: Saying[] }) => runGrid(peakWorld(380, [8, 9]), solver, { ticks: 12, around }).ticks;
    expect(JSON.stringify(run(back))).toBe(JSON.stringify(run(forth)));
  });

  it('has noise that depends on seed and unit, not on what other units there are', () => {
    const wind = {
      kind: 'wind',
      meanRatio: 0.4,
      diurnalRatio: 0,
      peakHour: 3,
      sigmaRatio: 0.1,
      memoryHours: 10,
      boost: [],
      minRatio: 0,
      maxRatio: 1,
    } as const;
    const base = smallWorld();
    const world = (seed: number, more: boolean): World =>
      smallWorld({
        seed,
        network: {
          ...base.network,
          units: [
            ...(more ? [smallUnit('breeze', 'b', 100, 0, { source: 'wind', availability: wind })] : []),
            smallUnit('gale', 'a', 100, 0, { source: 'wind', availability: wind }),
            ...base.network.units,
          ],
        },
      });
    const galeMw = (seed: number, more: boolean) =>
      runGrid(world(seed, more), solver, { ticks: 30 }).ticks.map(
        (facts) => dataOf(facts, 'grid.supply.v1', 'north').units.find(({ unit }) => unit === 'gale')?.availableMw ?? NaN,
      );
    expect(galeMw(1, true)).toEqual(galeMw(1, false));
    expect(galeMw(2, false)).not.toEqual(galeMw(1, false));
    const steps = galeMw(1, false).map((mw, tick, all) => Math.abs(mw - (all[tick - 1] ?? mw)));
    expect(Math.max(...steps)).toBeLessThan(10);
  });
});

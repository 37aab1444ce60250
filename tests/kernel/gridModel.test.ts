import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fact, Saying } from '../../shared/domain/fact.js';
import type { GridState } from '../../shared/domain/grid/model.js';
import { minuteMs, toWire } from '../../shared/domain/ticks.js';
import { definitionOf } from '../../shared/events/registry.js';
import { loadHighsSolver, type HighsSolver } from '../../shared/runtime/highs.js';
import type { World } from '../../shared/scenario/schema.js';
import { threeAreas } from '../../shared/scenario/threeAreas/world.js';
import { aroundThreeAreas, dataOf, offer, runGrid, want } from '../support/gridRun.js';
import { peakWorld, smallStartMs, smallUnit, smallWorld } from '../support/worlds.js';

let solver: HighsSolver;
beforeAll(async () => {
  solver = await loadHighsSolver();
});
afterAll(() => solver.close());

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
    const wind: World['network']['units'][number]['availability'] = {
      kind: 'wind',
      meanRatio: 0.4,
      diurnalRatio: 0,
      peakHour: 3,
      sigmaRatio: 0.1,
      memoryHours: 10,
      boost: [],
      minRatio: 0,
      maxRatio: 1,
    };
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

import { describe, expect, it } from 'vitest';
import type { Fact } from '../../shared/domain/fact.js';
import type { GridState } from '../../shared/domain/grid/model.js';
import { minuteMs, toWire } from '../../shared/domain/ticks.js';
import { loadHighsSolver } from '../../shared/runtime/highs.js';
import type { World } from '../../shared/scenario/schema.js';
import { dataOf, runGrid, want } from '../support/gridRun.js';
import { smallStartMs, smallUnit, smallWorld } from '../support/worlds.js';

const solver = await loadHighsSolver();
const base = smallWorld();
const around = () => ({ before: [want('south', 'campus-1', 40)] });
const at = (minute: number): string => toWire(smallStartMs + minute * minuteMs);

/** The small world with a unit `late` at c, cheapest of all, and what changes. */
function worldWith(changes: World['network']['changes'], rest: Partial<World> = {}): World {
  const units = [...base.network.units, smallUnit('late', 'c', 100, 5, { source: 'hydro' })];
  return smallWorld({ network: { ...base.network, units, changes }, ...rest });
}

function said(ticks: readonly (readonly Fact[])[]) {
  return ticks.flatMap((facts, tick) =>
    facts.flatMap((fact) =>
      fact.type === 'grid.change.v1'
        ? [[tick, fact.region, fact.entity, fact.data.change, fact.data.capacityMw, fact.data.factorRatio]]
        : [],
    ),
  );
}

const unitsOf = (facts: readonly Fact[]) =>
  ['north', 'south'].flatMap((region) => dataOf(facts, 'grid.supply.v1', region).units.map(({ unit, availableMw }) => [unit, availableMw]));

describe('development of the grid', () => {
  const changes: World['network']['changes'] = [
    { kind: 'scale-cost', atTime: at(30), source: 'gas-cc', factorRatio: 2 },
    { kind: 'add-unit', atTime: at(10), unit: 'late' },
    { kind: 'retire-unit', atTime: at(22), unit: 'middle' },
    { kind: 'scale-load', atTime: at(40), region: 'south', factorRatio: 1.5 },
    { kind: 'scale-load', atTime: at(45), region: 'south', factorRatio: 0.5 },
  ];

  it('says each change at the first tick that begins at or after its date, once', () => {
    const { ticks } = runGrid(worldWith(changes), solver, { ticks: 12, around });
    expect(said(ticks)).toEqual([
      [2, 'south', 'late', 'add-unit', 100, 1],
      [5, 'north', 'middle', 'retire-unit', 100, 1],
      [6, 'all', 'gas-cc', 'scale-cost', 0, 2],
      [8, 'south', 'south', 'scale-load', 0, 1.5],
      [9, 'south', 'south', 'scale-load', 0, 0.5],
    ]);
  });

  it('dispatches what stands: a unit counts from its first tick to its last, loads and costs by their factors so far', () => {
    const { ticks } = runGrid(worldWith(changes), solver, { ticks: 12, around });
    const names = (tick: number) => unitsOf(ticks[tick] as readonly Fact[]).map(([unit]) => unit);
    expect(names(1)).toEqual(['cheap', 'middle', 'dear']);
    expect(names(2)).toEqual(['cheap', 'middle', 'dear', 'late']);
    expect(names(4)).toEqual(['cheap', 'middle', 'dear', 'late']);
    expect(names(5)).toEqual(['cheap', 'dear', 'late']);
    // 200 MW of load: 300 MW of spare units, then late with 100 MW more, then without the 100 MW of middle.
    const reserveMw = ticks.map((facts) => dataOf(facts, 'grid.reserve.v1').availableMw);
    expect(reserveMw.slice(0, 9).map(Math.round)).toEqual([300, 300, 400, 400, 400, 300, 300, 300, 250]);
    const nativeMw = ticks.map((facts) => dataOf(facts, 'grid.demand.v1', 'south').nativeMw);
    expect(nativeMw).toEqual([100, 100, 100, 100, 100, 100, 100, 100, 150, 75, 75, 75]);
    const priceOf = (tick: number) => dataOf(ticks[tick], 'grid.price.v1', 'south').priceUsdPerMwh;
    expect([priceOf(5), priceOf(6)]).toEqual([expect.closeTo(10, 3), expect.closeTo(20, 3)]);
  });

  it('stands as it had become before the world began, and says nothing of it', () => {
    const before = changes.map((change) => ({ ...change, atTime: toWire(Date.parse(change.atTime) - 60 * minuteMs) }));
    const { ticks } = runGrid(worldWith(before), solver, { ticks: 2, around });
    expect(said(ticks)).toEqual([]);
    expect(unitsOf(ticks[0] as readonly Fact[]).map(([unit]) => unit)).toEqual(['cheap', 'dear', 'late']);
    expect(dataOf(ticks[0], 'grid.demand.v1', 'south').nativeMw).toBe(75);
  });

  it('is the same from a state restored in any era', () => {
    const world = worldWith(changes);
    const saved = new Map<number, string>();
    const whole = runGrid(world, solver, { ticks: 12, around, eachState: (tick, state) => saved.set(tick, JSON.stringify(state)) });
    for (const tick of [1, 2, 5, 6, 9]) {
      const from = { tick, state: JSON.parse(saved.get(tick) ?? '') as GridState };
      expect(JSON.stringify(runGrid(world, solver, { ticks: 12, around, from }).ticks)).toBe(JSON.stringify(whole.ticks.slice(tick)));
    }
  });

  it('goes on where a new price makes one group of units out of two, or two out of one', () => {
    const both = [smallUnit('gas', 'b', 100, 10), smallUnit('coal', 'b', 100, 20, { source: 'coal' }), smallUnit('dear', 'c', 300, 60)];
    const paths: World['network']['changes'] = [
      { kind: 'scale-cost', atTime: at(10), source: 'gas-cc', factorRatio: 2 },
      { kind: 'scale-cost', atTime: at(20), source: 'gas-cc', factorRatio: 2 },
    ];
    const world = smallWorld({ network: { ...base.network, units: both, changes: paths }, campuses: [], runs: [], contracts: [] });
    const { ticks } = runGrid(world, solver, { ticks: 6 });
    const outputs = ticks.map((facts) =>
      dataOf(facts, 'grid.supply.v1', 'north').units.map(({ generationMw }) => Math.round(generationMw)),
    );
    // 160 MW of load: gas first, then both alike, then coal first.
    expect(outputs).toEqual([
      [100, 60],
      [100, 60],
      [80, 80],
      [80, 80],
      [60, 100],
      [60, 100],
    ]);
  });

  it('knows no trips of what is not built or no longer there, and ends the one of a unit that is retired while it is out', () => {
    const entry = (minute: number, action: 'trip-unit' | 'return-unit', target: string) => ({
      atTime: at(minute),
      action,
      target,
      reason: 'test',
    });
    const script = [
      entry(5, 'trip-unit', 'late'),
      entry(15, 'trip-unit', 'middle'),
      entry(35, 'return-unit', 'middle'),
      entry(40, 'trip-unit', 'middle'),
    ];
    const { ticks } = runGrid(worldWith(changes, { script }), solver, { ticks: 10, around });
    const trips = ticks.flatMap((facts, tick) =>
      facts.flatMap((fact) => (fact.type === 'grid.contingency.v1' ? [[tick, fact.entity, fact.data.change, fact.data.reason]] : [])),
    );
    expect(trips).toEqual([
      [3, 'middle', 'trip', 'script: test'],
      [5, 'middle', 'return', 'retired while it was out'],
    ]);
    expect(unitsOf(ticks[2] as readonly Fact[])).toContainEqual(['late', 100]);
  });

  it('ends a drawn or planned outage the same way', () => {
    const maintenance = [{ fromTime: at(5), toTime: at(500) }];
    const world = worldWith(changes);
    const units = world.network.units.map((unit) => (unit.id === 'middle' || unit.id === 'late' ? { ...unit, maintenance } : unit));
    const { ticks } = runGrid({ ...world, network: { ...world.network, units } }, solver, { ticks: 7, around });
    const trips = ticks.flatMap((facts, tick) =>
      facts.flatMap((fact) => (fact.type === 'grid.contingency.v1' ? [[tick, fact.entity, fact.data.change, fact.data.reason]] : [])),
    );
    expect(trips).toEqual([
      [1, 'middle', 'trip', 'maintenance, planned'],
      [2, 'late', 'trip', 'maintenance, planned'],
      [5, 'middle', 'return', 'retired while it was out'],
    ]);
  });
});

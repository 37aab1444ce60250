import { describe, expect, it } from 'vitest';
import type { Fact } from '../../shared/domain/fact.js';
import { failuresOf } from '../../shared/domain/grid/failures.js';
import type { GridState } from '../../shared/domain/grid/model.js';
import { forcedOutages, isWithin } from '../../shared/domain/grid/outages.js';
import { hourMs, minuteMs, toWire } from '../../shared/domain/ticks.js';
import { loadHighsSolver } from '../../shared/runtime/highs.js';
import type { World } from '../../shared/scenario/schema.js';
import { dataOf, offer, runGrid, want } from '../support/gridRun.js';
import { smallStartMs, smallUnit, smallWorld } from '../support/worlds.js';

const solver = await loadHighsSolver();
const base = smallWorld();
const twoState = { meanHoursToFailure: 2, meanHoursToRepair: 1 };
const around = () => ({ before: [want('south', 'campus-1', 40)] });
const drawn = { outages: 'drawn' as const, seed: 11 };

/** The small world with cheap and the line a-c that fail every few hours. */
function failingWorld(rest: Partial<World> = {}, more: World['network']['units'] = []): World {
  const units = [...more, smallUnit('cheap', 'a', 300, 10, { forcedOutage: twoState }), ...base.network.units.slice(1)];
  const lines = base.network.lines.map((line) => (line.id === 'a-c' ? { ...line, outagesPerYear: 8_760 / 3, outageHours: 0.5 } : line));
  return smallWorld({ ...drawn, ...rest, network: { ...base.network, units, lines } });
}

/** What trips and returns, by tick. */
function contingencies(ticks: readonly (readonly Fact[])[], firstTick = 0): readonly (readonly [number, string, string, string])[] {
  return ticks.flatMap((facts, tick) =>
    facts.flatMap((fact) =>
      fact.type === 'grid.contingency.v1' ? [[firstTick + tick, fact.entity, fact.data.change, fact.data.reason] as const] : [],
    ),
  );
}

describe('drawn failures', () => {
  const count = 288;
  const run = (world: World) => runGrid(world, solver, { ticks: count, around }).ticks;

  it('take units and lines out in the ticks of their own drawn outages, and say each trip and repair once', () => {
    const ticks = run(failingWorld());
    const middleMs = (tick: number): number => smallStartMs + (tick + 0.5) * 5 * minuteMs;
    const untilMs = smallStartMs + 24 * hourMs;
    const outOf = (entity: string, means: typeof twoState): readonly boolean[] => {
      const outages = forcedOutages({ seed: 11, entity, startMs: smallStartMs }, means, untilMs);
      return ticks.map((_, tick) => isWithin(outages, middleMs(tick)));
    };
    const unitOut = outOf('cheap', twoState);
    const lineOut = outOf('line/a-c', { meanHoursToFailure: 3, meanHoursToRepair: 0.5 });
    expect(ticks.map((facts) => dataOf(facts, 'grid.supply.v1', 'north').units[0]?.availableMw === 0)).toEqual(unitOut);
    const ratingOf = (facts: readonly Fact[]) => dataOf(facts, 'grid.flow.v1', 'north').lines.find(({ line }) => line === 'a-c')?.ratingMw;
    expect(ticks.map((facts) => ratingOf(facts) === 0)).toEqual(lineOut);
    const flips = (isOut: readonly boolean[], entity: string) =>
      isOut.flatMap((now, tick) => {
        if (now === (isOut[tick - 1] ?? false)) return [];
        return [now ? [tick, entity, 'trip', 'forced outage, drawn'] : [tick, entity, 'return', 'repaired after a drawn outage']];
      });
    const said = contingencies(ticks);
    expect(said.filter(([, entity]) => entity === 'cheap')).toEqual(flips(unitOut, 'cheap'));
    expect(said.filter(([, entity]) => entity === 'a-c')).toEqual(flips(lineOut, 'a-c'));
    expect(said.length).toBeGreaterThan(12);
  });

  it('are the same for the same seed whatever else there is, others for another seed, and none unless the scenario draws them', () => {
    const of = (world: World) => contingencies(run(world));
    const once = of(failingWorld());
    expect(of(failingWorld({}, [smallUnit('more', 'b', 10, 90, { forcedOutage: twoState })])).filter(([, id]) => id !== 'more')).toEqual(
      once,
    );
    expect(of(failingWorld({ seed: 12 }))).not.toEqual(once);
    expect(of(failingWorld({ outages: 'none' }))).toEqual([]);
  });

  it('take the share of time that means to failure and repair say, units and lines alike', () => {
    const many = Array.from({ length: 1_500 }, (_, k) => `u${k}`);
    const means = { meanHoursToFailure: 90, meanHoursToRepair: 10 };
    const line = base.network.lines[0] as World['network']['lines'][number];
    const network = {
      ...base.network,
      units: many.map((id) => smallUnit(id, 'a', 1, 10, { forcedOutage: means })),
      lines: many.map((id) => ({ ...line, id, outagesPerYear: 8_760 / 40, outageHours: 10 })),
    };
    const failures = failuresOf(smallWorld({ ...drawn, network }));
    const isInService = new Uint8Array(many.length).fill(1);
    let [units, lines, both] = [0, 0, 0];
    const days = 20;
    for (let day = 0; day < days; day++) {
      const interval = { fromMs: smallStartMs + day * 24 * hourMs, toMs: smallStartMs + day * 24 * hourMs + 5 * minuteMs };
      const out = failures.unitsOut(interval, isInService).map(({ id }) => id);
      const linesOut = new Set(failures.linesOut(interval).map(({ id }) => id));
      units += out.length;
      lines += linesOut.size;
      both += out.filter((id) => linesOut.has(id)).length;
    }
    // 10 % and 20 %; standard errors, days taken as whole draws, are 0.2 and 0.3 %. A line with the name of a unit fails by itself.
    expect(units / many.length / days).toBeCloseTo(0.1, 1.9);
    expect(lines / many.length / days).toBeCloseTo(0.2, 1.9);
    expect(both / many.length / days).toBeCloseTo(0.02, 2.2);
  });

  it('go on in a state restored from JSON as if nothing had been', () => {
    const world = failingWorld();
    const saved = new Map<number, string>();
    const whole = runGrid(world, solver, { ticks: 120, around, eachState: (tick, state) => saved.set(tick, JSON.stringify(state)) });
    const trips = contingencies(whole.ticks).map(([tick]) => tick);
    for (const from of [trips[0] ?? 0, (trips[1] ?? 0) + 1, 60]) {
      const rest = runGrid(world, solver, {
        ticks: 120,
        around,
        from: { tick: from, state: JSON.parse(saved.get(from) ?? '') as GridState },
      });
      expect(JSON.stringify(rest.ticks)).toBe(JSON.stringify(whole.ticks.slice(from)));
    }
  });

  it('leave a unit out that a person tripped while it was failed, and say its return only once it can run', () => {
    const world = failingWorld();
    const [first, second] = contingencies(runGrid(world, solver, { ticks: 288, around }).ticks).filter(([, id]) => id === 'cheap');
    const [failedAt, repairedAt] = [first?.[0] ?? NaN, second?.[0] ?? NaN];
    expect(repairedAt).toBeGreaterThan(failedAt + 1);
    const entry = (tick: number, action: 'trip-unit' | 'return-unit') => ({
      atTime: toWire(smallStartMs + tick * 5 * minuteMs),
      action,
      target: 'cheap',
      reason: 'drill',
    });
    const script = [entry(failedAt + 1, 'trip-unit'), entry(repairedAt + 2, 'return-unit')];
    const said = contingencies(runGrid({ ...world, script }, solver, { ticks: repairedAt + 3, around }).ticks);
    expect(said.filter(([, id]) => id === 'cheap')).toEqual([
      [failedAt, 'cheap', 'trip', 'forced outage, drawn'],
      [repairedAt + 2, 'cheap', 'return', 'script: drill'],
    ]);
  });
});

describe('maintenance', () => {
  const maintenance = [{ fromTime: toWire(smallStartMs + 10 * minuteMs), toTime: toWire(smallStartMs + 20 * minuteMs) }];
  const world = smallWorld({
    network: { ...base.network, units: [smallUnit('cheap', 'a', 300, 10, { maintenance }), ...base.network.units.slice(1)] },
  });

  it('takes a unit out for its time, whether failures are drawn or not, and says so', () => {
    const { ticks } = runGrid(world, solver, { ticks: 6, around });
    expect(ticks.map((facts) => dataOf(facts, 'grid.supply.v1', 'north').units[0]?.availableMw)).toEqual([300, 300, 0, 0, 300, 300]);
    expect(contingencies(ticks)).toEqual([
      [2, 'cheap', 'trip', 'maintenance, planned'],
      [4, 'cheap', 'return', 'maintenance is over'],
    ]);
  });

  it('is known ahead: flexible load is called for the ticks without the unit, and not for those when it is back', () => {
    const wants = { before: [want('south', 'campus-1', 40), offer('south')] };
    const { ticks } = runGrid(world, solver, { ticks: 6, around: () => wants });
    // 200 MW of load and 200 MW of other units: reserve is worth more than the strike of 500 in ticks 2 and 3; notice is three ticks.
    const called = ticks.flatMap((facts) => dataOf(facts, 'grid.clearing.v1', 'south').offers.map(({ fromTime }) => fromTime));
    expect(called).toEqual([toWire(smallStartMs + 15 * minuteMs)]);
  });
});

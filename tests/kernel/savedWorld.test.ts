import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stamp, type Fact, type FactType, type Saying } from '../../shared/domain/fact.js';
import { createWholeWorld } from '../../shared/domain/wholeWorld.js';
import type { FastWorld, SavedWorld } from '../../shared/domain/world.js';
import { loadHighsSolver } from '../../shared/runtime/highs.js';
import { threeAreas } from '../../shared/scenario/threeAreas/world.js';
import { minute } from '../support/clusterWorld.js';

/** The first evening with its curtailment, then a night: the world is saved where it is calm, on the way down, at hold, and on the way up. */
const ticks = 200;
const savedAt = [0, 60, 78, 90, 112, 150];

let solver: Awaited<ReturnType<typeof loadHighsSolver>>;
let calm: readonly (readonly string[])[];
const saved = new Map<number, string>();
const lines = (facts: readonly Fact[]): readonly string[] => facts.map((fact) => JSON.stringify(fact));
const restored = (tick: number): FastWorld =>
  createWholeWorld(threeAreas, solver, { saved: JSON.parse(saved.get(tick) ?? '') as SavedWorld });

beforeAll(async () => {
  solver = await loadHighsSolver();
  const world = createWholeWorld(threeAreas, solver);
  calm = Array.from({ length: ticks }, (_, tick) => {
    if (savedAt.includes(tick)) saved.set(tick, JSON.stringify(world.save()));
    return lines(world.tick());
  });
}, 60_000);
afterAll(() => solver.close());

describe('a world that was saved as JSON', () => {
  test.each(savedAt)('at tick %i goes on as if it had never stopped', (tick) => {
    const world = restored(tick);
    expect(world.nextTick).toBe(tick);
    for (let next = tick; next < ticks; next++) expect(lines(world.tick())).toEqual(calm[next]);
  });

  test('goes on the same however often it is restored, and differs only where something else is done to it', () => {
    const [one, other] = [restored(60), restored(60)];
    const saying: Saying = {
      type: 'control.audit.v1',
      region: 'central',
      entity: 'riverbend',
      data: {
        action: 'curtail-campus',
        target: 'riverbend',
        actor: 'ada',
        amountMw: 50,
        reason: 'branch',
        accepted: true,
        request: 'branch',
      },
    };
    const place = { component: 'api', tick: 59, phase: 3 as const, startMs: minute(5 * 59), counts: {} };
    for (const fact of stamp([saying], place).facts) other.inject(fact);
    let first = Infinity;
    for (let next = 60; next < 80; next++) {
      const [same, changed] = [lines(one.tick()), lines(other.tick())];
      expect(same).toEqual(calm[next]);
      if (changed.join() !== same.join()) first = Math.min(first, next);
    }
    expect(first).toBe(60);
  });

  test('is small: the three areas with all that is under way take less than 512 kB', () => {
    for (const text of saved.values()) expect(text.length).toBeLessThan(512 * 1024);
  });
});

describe('a world of which not all facts are wanted', () => {
  test('says those that are wanted as it says them when all are', () => {
    const wanted = new Set<FactType>(['grid.price.v1', 'training.settlement.v1']);
    const world = createWholeWorld(threeAreas, solver, { wanted });
    const said = Array.from({ length: ticks }, () => world.tick()).flat();
    const isWanted = (line: string): boolean => wanted.has((JSON.parse(line) as Fact).type);
    expect(lines(said.filter(({ type }) => wanted.has(type)))).toEqual(calm.flat().filter(isWanted));
    expect(said.map(({ type }) => type)).not.toContain('grid.flow.v1');
    expect(said.map(({ type }) => type)).toContain('grid.clearing.v1');
  });
});

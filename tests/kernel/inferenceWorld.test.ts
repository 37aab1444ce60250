import { expect, test } from 'vitest';
import type { Fact } from '../../shared/domain/fact.js';
import { fromWire, minuteMs, toWire } from '../../shared/domain/ticks.js';
import { createWholeWorld } from '../../shared/domain/wholeWorld.js';
import { loadHighsSolver } from '../../shared/runtime/highs.js';
import type { World } from '../../shared/scenario/schema.js';
import { threeAreas } from '../../shared/scenario/threeAreas/world.js';
import { of } from '../support/clusterWorld.js';
import { inForceOf, powersOf, wantsOf } from '../support/bendingWorld.js';

const solver = await loadHighsSolver();
const inferenceFlex = { consolidationRatio: 0.11, moveTo: 'mesa', moveRatio: 0.2 };
const at = (minutes: number) => toWire(fromWire(threeAreas.clock.startTime) + minutes * minuteMs);

/** The built-in world over nine hours, with Riverbend asked for 80 MW in four of them. */
function story(isBending: boolean): readonly Fact[] {
  const campuses = threeAreas.campuses.map((campus) => {
    if (campus.id === 'mesa') return { ...campus, limitMw: 130 };
    return campus.id === 'riverbend' && isBending ? { ...campus, inferenceFlex } : campus;
  });
  const order = { action: 'curtail-campus', target: 'riverbend', reason: 'heat', amountMw: 80, request: 'peak' } as const;
  const world: World = { ...threeAreas, campuses, script: [{ ...order, atTime: at(60), untilTime: at(300) }] };
  const fast = createWholeWorld(world, solver);
  return Array.from({ length: 108 }, () => fast.tick()).flat();
}

const lostHours = (facts: readonly Fact[]): number =>
  of(facts, 'training.settlement.v1').reduce((sum, { data }) => sum + data.lostAcceleratorHours, 0);

test('in a whole world inference halves what a load target costs training, and the grid is told what is drawn', () => {
  const [stiff, bending] = [story(false), story(true)];
  expect(lostHours(stiff)).toBeGreaterThan(100_000);
  expect(lostHours(bending)).toBeLessThan(lostHours(stiff) / 2);
  const [before, after] = [stiff, bending].map((facts) => of(facts, 'control.compliance.v1')[0]?.data);
  expect(before?.inferenceMwh).toBeUndefined();
  expect(after?.inferenceMwh).toBeGreaterThan(100);
  expect(after?.promisedMwh).toBeCloseTo(before?.promisedMwh ?? NaN, 6);
  expect(after?.askedMwh).toBeCloseTo(after?.promisedMwh ?? NaN, 6);
  for (const id of ['riverbend', 'mesa']) {
    const [draws, forces] = [powersOf(bending, id), inForceOf(bending, id)];
    const inForce = id === 'riverbend' ? forces : [];
    wantsOf(bending, id).forEach(({ wantMw }, tick) => expect(wantMw - (inForce[tick] ?? 0)).toBeCloseTo(draws[tick]?.meanMw ?? NaN, 6));
  }
});

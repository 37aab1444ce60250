import { describe, expect, it } from 'vitest';
import { prepareHourly } from '../../shared/domain/grid/hourly.js';
import { createSpareCurve, flatLoadMw, hostingMw, leastPlace } from '../../shared/domain/siting/spare.js';
import { limitWords } from '../../shared/domain/siting/duals.js';
import { sitingErasOf, withFlatLoads, type SitingRun } from '../../shared/domain/siting/eras.js';
import type { World } from '../../shared/scenario/schema.js';
import { changingCase, runOver, windyWorld } from '../support/sitingWorlds.js';

const curveOf = (world: World, run: SitingRun, bus: number, every: number) =>
  createSpareCurve(sitingErasOf(world, run), bus, { security: run.security, solve: run.solve, places: [], every });

/** Load not served in each hour with so much more at a bus: an ordinary dispatch, in which nothing bids. */
function shedMw(world: World, run: SitingRun, bus: string, mw: number): number[] {
  const hours = prepareHourly(withFlatLoads(world, [{ bus, mw }]), { ...run, outageSeed: null })();
  return [...hours].map(({ dispatch }) => dispatch.shedMw.reduce((sum, each) => sum + each, 0));
}

describe('room at a bus', () => {
  it('is what the line leaves and what units can deliver, and is named after what holds it', () => {
    const run = runOver(24);
    const curve = curveOf(windyWorld(24), run, 0, 1);
    // At a: 200 MW of wind, and 60 over the line; without wind the 60 alone.
    expect(curve.boundMw[0]).toBeCloseTo(260, 6);
    expect(curve.boundMw[12]).toBeCloseTo(60, 6);
    expect(limitWords(curve.limitsAt(leastPlace(curve.boundMw))[0])).toBe('a-b');
    // At b: without wind 300 MW less 130 of load, however strong the lines.
    const atB = curveOf(windyWorld(24), run, 1, 1);
    expect(atB.boundMw[12]).toBeCloseTo(170, 6);
    expect(limitWords(atB.limitsAt(12)[0])).toBe('supply');
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('is where an ordinary dispatch begins to shed more, random network %i, with and without N-1', (n) => {
    const world = changingCase(n, 6);
    for (const security of ['none', 'n-1'] as const) {
      const run = runOver(6, security);
      const before = shedMw(world, run, 'b0', 0);
      const curve = curveOf(world, run, 0, 1);
      for (let hour = 0; hour < 6; hour++) {
        const room = curve.boundMw[hour] ?? NaN;
        const under = shedMw(world, run, 'b0', Math.max(0, room - 0.01))[hour] ?? NaN;
        const over = shedMw(world, run, 'b0', room + 0.01)[hour] ?? NaN;
        // With leverage of the lines an ordinary dispatch may shed less than a MW for a MW, never nothing.
        expect(under).toBeLessThanOrEqual((before[hour] ?? NaN) + 1e-5);
        expect(over).toBeGreaterThan((before[hour] ?? NaN) + 1e-5);
      }
    }
  });

  it('follows the network over its changes', () => {
    const world = windyWorld(24);
    const atTime = new Date(Date.parse(world.clock.startTime) + 18 * 3_600_000).toISOString();
    const changes = [{ kind: 'retire-unit', atTime, unit: 'dear' } as const];
    const run = runOver(24);
    for (const every of [1, 11]) {
      const curve = curveOf({ ...world, network: { ...world.network, changes } }, run, 1, every);
      curve.refineBelow(() => 1_000);
      expect([12, 17, 18, 23].map((hour) => Math.round(curve.boundMw[hour] ?? NaN))).toEqual([170, 170, 0, 0]);
    }
  });

  it('is never above its bound, and the hours that are short are worked out', () => {
    for (let n = 1; n <= 6; n++) {
      const world = changingCase(n, 100);
      const run = runOver(100);
      const exact = curveOf(world, run, 0, 1);
      const bounded = curveOf(world, run, 0, 20);
      expect(exact.solvedHours()).toBe(100);
      expect(bounded.solvedHours()).toBeLessThan(20);
      for (let hour = 0; hour < 100; hour++) expect(exact.boundMw[hour] ?? NaN).toBeLessThanOrEqual((bounded.boundMw[hour] ?? NaN) + 1e-3);
      expect(hostingMw(bounded, 0)).toBeCloseTo(hostingMw(exact, 0), 2);
      expect(hostingMw(bounded, 0.005)).toBeCloseTo(hostingMw(exact, 0.005), 2);
    }
  });
});

describe('the flat load that fits', () => {
  it('is the one of the published unit case: 2 MW at 25 %, 4 MW at 50 %, and none where an hour has no room', () => {
    const spare = Float64Array.from([4, 2, 0, 2]);
    expect(flatLoadMw(spare, 0.25)).toBeCloseTo(2, 12);
    expect(flatLoadMw(spare, 0.5)).toBeCloseTo(4, 12);
    expect(flatLoadMw(spare, 0)).toBe(0);
    expect(flatLoadMw(Float64Array.from([5, 3, 9]), 0)).toBe(3);
  });

  it('has exactly the share curtailed that it may', () => {
    const spare = Float64Array.from({ length: 500 }, (_, hour) => 100 + 40 * Math.sin(hour) + (hour % 7));
    for (const ratio of [0.001, 0.02, 0.05, 0.3]) {
      const mw = flatLoadMw(spare, ratio);
      const curtailed = spare.reduce((sum, room) => sum + Math.max(0, mw - room), 0);
      expect(curtailed / (mw * 500)).toBeCloseTo(ratio, 12);
    }
  });
});

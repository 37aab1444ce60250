import { describe, expect, test } from 'vitest';
import {
  flatteningJoules,
  joulesForRamp,
  measuredSteps,
  siteSwing,
  stepSwing,
  type Smoothing,
} from '../../shared/domain/power/stepSwings.js';

const rhythm = { baselineW: 1_000, dropRatio: 0.4, periodSeconds: 10, dipSeconds: 2, edgeSeconds: 0.5 };

/** Swing of one settled period behind a lag, in steps of 0.1 ms. */
function simulated(lagSeconds: number) {
  const step = 1e-4;
  const count = Math.round(rhythm.periodSeconds / step);
  let level = 0.8 * 400;
  let seen = { top: 0, bottom: 1e9, ramp: 0, sum: 0, squares: 0 };
  for (let period = 0; period < 40; period++) {
    seen = { top: 0, bottom: 1e9, ramp: 0, sum: 0, squares: 0 };
    for (let i = 0; i < count; i++) {
      const load = i * step < rhythm.dipSeconds ? 0 : 400;
      const slope = (load - level) / lagSeconds;
      level += slope * step;
      seen = {
        top: Math.max(seen.top, level),
        bottom: Math.min(seen.bottom, level),
        ramp: Math.max(seen.ramp, Math.abs(slope)),
        sum: seen.sum + level,
        squares: seen.squares + level ** 2,
      };
    }
  }
  const mean = seen.sum / count;
  return { peakToPeak: seen.top - seen.bottom, ramp: seen.ramp, deviation: Math.sqrt(seen.squares / count - mean ** 2) };
}

describe('swings of synchronous steps', () => {
  test('an accelerator swings by the depth of its dip, within its edge', () => {
    const swing = stepSwing(rhythm, { kind: 'none' });
    expect(swing).toMatchObject({ peakToPeak: 400, rampPerSecond: 800 });
    expect(swing.deviation).toBeCloseTo(160, 9);
  });

  test.each([200, 400, 550])('a filter of %f J does what a lag of the same energy does, step by step', (joules) => {
    const swing = stepSwing(rhythm, { kind: 'filter', joules });
    const seen = simulated(joules / swing.peakToPeak);
    expect(swing.peakToPeak / seen.peakToPeak).toBeCloseTo(1, 2);
    expect(swing.rampPerSecond / seen.ramp).toBeCloseTo(1, 2);
    expect(swing.deviation / seen.deviation).toBeCloseTo(1, 2);
  });

  test('levelling makes dips shallower by the energy it moves, and leaves their edges', () => {
    // 160 J from the dip of 2 s and the 8 s beside it: 80 W up, 20 W down.
    const swing = stepSwing(rhythm, { kind: 'levelling', joules: 160 });
    expect(swing.peakToPeak).toBeCloseTo(300, 9);
    expect(swing.rampPerSecond).toBeCloseTo(600, 9);
  });

  test('enough energy flattens both ways, none changes nothing, and more never makes it worse', () => {
    const most = flatteningJoules(rhythm);
    expect(most).toBeCloseTo(640, 9);
    for (const kind of ['filter', 'levelling'] as const) {
      expect(stepSwing(rhythm, { kind, joules: most }).peakToPeak).toBeCloseTo(0, 6);
      expect(stepSwing(rhythm, { kind, joules: 0 }).rampPerSecond).toBeCloseTo(800, 9);
      const swings = [10, 100, 300, 600].map((joules) => stepSwing(rhythm, { kind, joules }));
      for (const field of ['peakToPeak', 'rampPerSecond', 'deviation'] as const) {
        const values = swings.map((swing) => swing[field]);
        expect(values).toEqual([...values].sort((a, b) => b - a));
      }
    }
  });

  test('runs in step add up, runs apart add as independent ones', () => {
    const none: Smoothing = { kind: 'none' };
    const one = siteSwing([50_000], rhythm, none);
    const two = siteSwing([50_000, 50_000], rhythm, none);
    expect(one.peakToPeakMw).toBeCloseTo(400 * 0.05 * 1.03, 9);
    expect(two.peakToPeakMw).toBeCloseTo(2 * one.peakToPeakMw, 9);
    expect(two.rampMwPerSecond).toBeCloseTo(2 * one.rampMwPerSecond, 9);
    expect(two.deviationMw).toBeCloseTo(Math.SQRT2 * one.deviationMw, 9);
  });

  test('finds the energy that just holds a ramp', () => {
    const joules = joulesForRamp([100_000], rhythm, 20);
    expect(siteSwing([100_000], rhythm, { kind: 'filter', joules }).rampMwPerSecond).toBeCloseTo(20, 6);
    expect(siteSwing([100_000], rhythm, { kind: 'filter', joules: 0.99 * joules }).rampMwPerSecond).toBeGreaterThan(20);
    expect(joulesForRamp([100], rhythm, 20)).toBe(0);
  });

  test('the measured 64 accelerators swing as they were seen to, and less than all there was below 10 s', () => {
    const swing = siteSwing([64], measuredSteps, { kind: 'none' });
    // 16 nodes: steepest fall 36.6 kW/s; deviation below 10 s 4.5 kW, of which even steps make up two thirds.
    expect((1_000 * swing.rampMwPerSecond) / 1.03).toBeCloseTo(36.2, 1);
    expect((1_000 * swing.deviationMw) / 1.03 / 4.51).toBeCloseTo(0.69, 2);
  });
});

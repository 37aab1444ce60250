import { describe, expect, it } from 'vitest';
import {
  availabilitySeconds,
  dalyEfficiency,
  failureSecondsOf,
  firstOrderEfficiency,
  simulateGoodput,
  spareRestartEfficiency,
  youngSeconds,
} from '../../shared/domain/training/goodput.js';

function runOf(accelerators: number, saveSeconds = 10, restartSeconds = 600) {
  const times = { failureSeconds: failureSecondsOf(accelerators), saveSeconds, restartSeconds };
  return { ...times, workSeconds: youngSeconds(times) };
}

describe('training under failures', () => {
  it.each([
    [1_024, 49.5],
    [16_384, 3.09],
    [100_000, 0.507],
  ])('%i accelerators fail every %f hours', (accelerators, hours) => {
    expect(Math.abs(failureSecondsOf(accelerators) / 3_600 / hours - 1)).toBeLessThan(0.002);
  });

  it('meets the published run: 472 s by Young, 495 s by availability, 0.908 of the time; 817 s and 0.904', () => {
    const run = runOf(16_384);
    expect(Math.round(run.workSeconds)).toBe(472);
    expect(Math.round(availabilitySeconds(run))).toBe(495);
    expect(dalyEfficiency(run)).toBeCloseTo(0.908, 3);
    const slow = runOf(16_384, 30, 300);
    expect(Math.round(slow.workSeconds)).toBe(817);
    expect(dalyEfficiency(slow)).toBeCloseTo(0.904, 3);
  });

  it('tells the three formulas apart at 100,000 accelerators', () => {
    const run = runOf(100_000);
    expect(dalyEfficiency(run)).toBeCloseTo(0.647, 3);
    expect(spareRestartEfficiency(run)).toBeCloseTo(0.676, 3);
    expect(firstOrderEfficiency(run)).toBeCloseTo(0.566, 3);
  });

  it.each([1_000, 4_000, 16_384, 40_000, 100_000])('%i accelerators, a million segments: within 1 %% of Daly', (accelerators) => {
    const run = runOf(accelerators);
    const sampling = { seed: 1, entity: `goodput-${accelerators}`, segments: 1_000_000, failsInRestart: true };
    const played = simulateGoodput(run, sampling);
    expect(Math.abs(played.efficiency / dalyEfficiency(run) - 1)).toBeLessThan(0.01);
    expect(Math.abs(played.efficiency - dalyEfficiency(run))).toBeLessThan(4 * played.standardError);
    const parts = played.usefulSeconds + played.savingSeconds + played.lostSeconds + played.restartingSeconds;
    expect(parts / played.wallSeconds).toBeCloseTo(1, 12);
  });

  it('lets failures strike in save and restart, and less is lost when restarts are spared', () => {
    const run = runOf(100_000);
    const sampling = { seed: 3, entity: 'a', segments: 200_000, failsInRestart: true };
    const [all, spared] = [simulateGoodput(run, sampling), simulateGoodput(run, { ...sampling, failsInRestart: false })];
    expect(all.failuresInSave / (all.failuresInSave + all.failuresInWork)).toBeCloseTo(10 / 201, 1);
    expect(all.failuresInRestart).toBeGreaterThan(1_000);
    expect(spared.failuresInRestart).toBe(0);
    expect(spared.efficiency - all.efficiency).toBeGreaterThan(0.02);
    expect(Math.abs(spared.efficiency / spareRestartEfficiency(run) - 1)).toBeLessThan(0.01);
  });

  it('repeats itself with a seed and differs with another', () => {
    const play = (seed: number) => simulateGoodput(runOf(100_000), { seed, entity: 'a', segments: 2_000, failsInRestart: true });
    expect(play(5)).toEqual(play(5));
    expect(play(5).wallSeconds).not.toBe(play(6).wallSeconds);
  });
});

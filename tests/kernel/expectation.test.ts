import { describe, expect, it } from 'vitest';
import { gapAhead } from '../../shared/domain/expectation/ahead.js';
import { claimsOf, type Claim } from '../../shared/domain/expectation/claims.js';
import { gapBands, gapOn, resamplesOf } from '../../shared/domain/expectation/gap.js';
import { largeLoads, type ExpectationSet } from '../../shared/domain/expectation/sets.js';
import type { Pledge } from '../../shared/domain/queue/pledges.js';

const claim = (mw: number, promisedDay: number, deliveredDay: number | null, more: Partial<Claim> = {}): Claim => ({
  mw,
  madeDay: 0,
  promisedDay,
  deliveredDay,
  deliveredMw: deliveredDay === null ? 0 : mw,
  isGivenUp: false,
  ...more,
});
const everyone = () => true;

describe('expectation against delivery', () => {
  it('counts what was announced by a day for a day up to then, and what is there', () => {
    const claims = [claim(100, 50, 60), claim(200, 90, null), claim(400, 200, null), claim(800, 80, null, { madeDay: 101 })];
    expect(gapOn(claims, 100)).toEqual({ claimedMw: 300, deliveredMw: 100, gapMw: 200, gapRatio: 1 - 100 / 300, behindDays: 11 });
    expect(gapOn(claims, 40)).toEqual({ claimedMw: 0, deliveredMw: 0, gapMw: 0, gapRatio: null, behindDays: 0 });
    expect(gapOn(claims, 101).claimedMw).toBe(1_100);
  });

  it('is behind since the last day for which no more was claimed than there is, and censored where more was claimed for every day', () => {
    const claims = [claim(100, 10, 70), claim(100, 20, 90), claim(100, 30, null)];
    expect(gapOn(claims, 80).behindDays).toBe(80 - 19);
    expect(gapOn(claims, 95).behindDays).toBe(95 - 29);
    expect(gapOn(claims, 60).behindDays).toBeNull();
    expect(gapOn([claim(100, 10, 5)], 60).behindDays).toBe(0);
  });

  it('takes claims from a queue: as filed, whatever became of them', () => {
    const pledge = (of: Partial<Pledge>): Pledge => ({
      requestDay: 1,
      filedDay: 10,
      onlineDay: null,
      isBuilt: false,
      isOpen: false,
      capacityMw: 50,
      ...of,
    });
    const { claims, withoutClaim, undated } = claimsOf([
      pledge({ onlineDay: 30, isBuilt: true }),
      pledge({}),
      pledge({ isOpen: true }),
      pledge({ isBuilt: true }),
      pledge({ filedDay: null }),
      pledge({ capacityMw: -5 }),
    ]);
    expect(claims.map(({ deliveredDay, isGivenUp }) => [deliveredDay, isGivenUp])).toEqual([
      [30, false],
      [null, true],
      [null, false],
    ]);
    expect([withoutClaim, undated]).toEqual([2, 1]);
  });

  it('has bands that hold the gap, are wider for few large projects, and are the same for the same seed', () => {
    const many = Array.from({ length: 400 }, (_, n) => claim(10, 10, n % 2 === 0 ? 20 : null));
    const few = Array.from({ length: 8 }, (_, n) => claim(500, 10, n % 2 === 0 ? 20 : null));
    const bandsOf = (claims: readonly Claim[], seed: number) =>
      gapBands(claims, 100, { isCounted: everyone, resamples: resamplesOf(claims.length, { seed, count: 400 }) });
    const [wide, narrow] = [bandsOf(few, 1).gapMw, bandsOf(many, 1).gapMw];
    expect([wide.value, narrow.value]).toEqual([2_000, 2_000]);
    expect(narrow.p5).toBeGreaterThan(wide.p5);
    expect(narrow.p95).toBeLessThan(wide.p95);
    // Of 400 fair halves of 10 MW the standard deviation is 10 * sqrt(400 / 4) = 100 MW: the 5 % lie 1.645 of them away.
    expect(Math.abs(narrow.p5 - (2_000 - 164.5))).toBeLessThan(40);
    expect(bandsOf(many, 1)).toEqual(bandsOf(many, 1));
    expect(bandsOf(many, 2)).not.toEqual(bandsOf(many, 1));
  });
});

describe('announcements ahead', () => {
  const far = 100_000;
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

  it('of large loads come to 0.55 times half of what was announced in the long run', () => {
    const claims = Array.from({ length: 500 }, () => claim(10, 400, null));
    const [ahead] = gapAhead(claims, largeLoads, { asOfDay: 100, days: [far], seed: 1, runs: 60 });
    // 5,000 MW announced; the standard error of the median over 500 projects and 60 runs is below 1 %.
    expect(Math.abs((ahead?.deliveredMw.p50 ?? 0) - 0.275 * 5_000)).toBeLessThan(0.03 * 5_000);
    expect((ahead?.gapMw.p50 ?? 0) + (ahead?.deliveredMw.p50 ?? 0)).toBeCloseTo(5_000, 6);
  });

  it('come as late as the set says: half of what comes at all after the median delay', () => {
    const claims = Array.from({ length: 500 }, () => claim(10, 400, null));
    const days = [399, 400 + 190, far];
    const [before, median, end] = gapAhead(claims, largeLoads, { asOfDay: 100, days, seed: 3, runs: 60 });
    expect(before?.deliveredMw.p95).toBe(0);
    expect(Math.abs((median?.deliveredMw.p50 ?? 0) / (end?.deliveredMw.p50 ?? 1) - 0.5)).toBeLessThan(0.04);
  });

  it('never come where they are withdrawn, are kept where they are there, and never come before the day of what is known', () => {
    const always: ExpectationSet = {
      ...largeLoads,
      builtRatio: 1,
      builtMwRatio: 1,
      concentration: null,
      late: { kind: 'quantiles', days: [-50, 50] },
    };
    const claims = [claim(1, 90, 95), claim(10, 90, null, { isGivenUp: true }), ...Array.from({ length: 50 }, () => claim(100, 90, null))];
    const [now, soon] = gapAhead(claims, always, { asOfDay: 100, days: [100, 140], seed: 1, runs: 20 });
    expect(now?.deliveredMw).toEqual({ p5: 1, p50: 1, p95: 1 });
    expect(soon?.deliveredMw.p50).toBe(5_001);
    expect(mean([now?.claimedMw ?? 0, soon?.claimedMw ?? 0])).toBe(5_011);
  });
});

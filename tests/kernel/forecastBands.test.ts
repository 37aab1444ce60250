import { describe, expect, it } from 'vitest';
import { errorFan, learnErrors, levels, newBands, spreads } from '../../shared/domain/forecast/bands.js';
import { newWatch, reasonAgainst } from '../../shared/domain/forecast/plausible.js';
import { newSmoothing, smoothedLog, smoothHour } from '../../shared/domain/forecast/smoothing.js';
import { drawNormal } from '../../shared/domain/random.js';

const drawn = (n: number): number => drawNormal({ seed: 3, component: 'test', entity: 'bands', purpose: 'error', n });

/** Share of the days from `from` on whose errors lay from P10 to P90. */
function coverage(sizeOf: (day: number, lead: number) => number, days: number, from: number): number {
  const bands = newBands(3);
  let [inside, all] = [0, 0];
  for (let day = 0; day < days; day++) {
    const spread = spreads(bands);
    const fan = errorFan(bands, spread, 1);
    const errors = Float64Array.from({ length: 3 }, (_, lead) => sizeOf(day, lead) * drawn(3 * day + lead));
    errors.forEach((error, lead) => {
      if (day < from) return;
      all += 1;
      inside += error >= fan[lead * 99 + 9]! && error <= fan[lead * 99 + 89]! ? 1 : 0;
    });
    learnErrors(bands, errors, { spread, fan });
  }
  return inside / all;
}

describe('bands of a forecast', () => {
  it('hold four fifths of errors of any size', () => {
    expect(coverage((_, lead) => 0.01 * (1 + lead), 700, 100)).toBeCloseTo(0.8, 1);
    expect(Math.abs(coverage((_, lead) => 5 * (1 + lead), 700, 100) - 0.8)).toBeLessThan(0.03);
  });

  it('hold them within a season after errors have become three times as large, or a third', () => {
    for (const factor of [3, 1 / 3]) {
      const after = coverage((day) => (day < 400 ? 0.02 : 0.02 * factor), 490, 400);
      expect(Math.abs(after - 0.8)).toBeLessThan(0.07);
    }
  });

  it('are wide while little is known, and wider when less than usual is known', () => {
    const bands = newBands(1);
    const width = (widerRatio: number): number => {
      const fan = errorFan(bands, spreads(bands), widerRatio);
      return fan[89]! - fan[9]!;
    };
    const first = width(1);
    expect(first).toBeGreaterThan(0.5);
    for (let day = 0; day < 60; day++)
      learnErrors(bands, Float64Array.of(0.05 * drawn(day)), { spread: spreads(bands), fan: errorFan(bands, spreads(bands), 1) });
    expect(width(1)).toBeLessThan(first / 2);
    expect(width(3)).toBeCloseTo(3 * width(1), 4);
  });

  it('rise from P1 to P99, learn nothing from what is missing, and keep a trifle of width when nothing ever errs', () => {
    const bands = newBands(2);
    for (let day = 0; day < 50; day++) {
      const spread = spreads(bands);
      learnErrors(bands, Float64Array.of(0, Number.NaN), { spread, fan: errorFan(bands, spread, 1) });
    }
    const fan = errorFan(bands, spreads(bands), 1);
    for (let k = 1; k < levels.length; k++) expect(fan[k]!).toBeGreaterThan(fan[k - 1]!);
    expect(fan[98]!).toBeLessThan(1e-5);
    expect(bands.errors[1]?.count).toBe(0);
    expect([...fan].every(Number.isFinite)).toBe(true);
  });
});

describe('what counts as load', () => {
  const reasons = (values: readonly number[]): (string | null)[] => {
    const watch = newWatch();
    return values.map((mw) => reasonAgainst(watch, mw));
  };
  const times = (hours: number, mw: number): number[] => Array.from({ length: hours }, () => mw);
  const usual = times(48, 1_000);

  it('is not what is missing, not above zero, five times the usual or a twentieth of it', () => {
    expect(reasons([...usual, Number.NaN, 0, -5, 1.5e9, 49, 51, 4_900]).slice(48)).toEqual([
      'missing',
      'not above zero',
      'not above zero',
      'too high',
      'too low',
      null,
      null,
    ]);
  });

  it('is load that was shed', () => expect(reasons([...usual, ...times(60, 620)]).every((reason) => reason === null)).toBe(true));

  it('is a level that has moved for good, after a day of it', () => {
    const moved = reasons([...usual, ...times(30, 20_000)]).slice(48);
    expect(moved.slice(0, 24).every((reason) => reason === 'too high')).toBe(true);
    expect(moved.slice(24).every((reason) => reason === null)).toBe(true);
  });

  it('recovers from an error in the first hour', () => {
    expect(
      reasons([1.5e9, ...usual])
        .slice(-20)
        .every((reason) => reason === null),
    ).toBe(true);
  });
});

describe('double-seasonal smoothing', () => {
  it('comes to know a day and a week, and lets the newest error fade', () => {
    const logAt = (hour: number): number => 7 + 0.2 * Math.sin((2 * Math.PI * hour) / 24) + (hour % 168 < 48 ? -0.1 : 0);
    const smoothing = newSmoothing();
    for (let hour = 0; hour < 168 * 60; hour++) smoothHour(smoothing, hour, logAt(hour));
    const last = 168 * 60 - 1;
    for (const lead of [1, 24, 100, 168]) expect(smoothedLog(smoothing, last, lead)).toBeCloseTo(logAt(last + lead), 2);
    smoothHour(smoothing, last + 1, logAt(last + 1) + 0.1);
    const off = (lead: number): number => smoothedLog(smoothing, last + 1, lead) - logAt(last + 1 + lead);
    expect(off(1)).toBeGreaterThan(0.08);
    expect(off(20)).toBeLessThan(off(10));
    expect(off(10)).toBeLessThan(off(1));
  });
});

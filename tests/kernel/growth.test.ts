import { describe, expect, it } from 'vitest';
import { studyGrowth } from '../../shared/domain/growth/backtest.js';
import { bestLogistic, fitExponential, fitLogistic, type Growing } from '../../shared/domain/growth/fits.js';
import { quarterly, recordsOf, type Dated } from '../../shared/domain/growth/records.js';

const growing = (count: number, valueAt: (years: number) => number): Growing => {
  const years = Float64Array.from({ length: count }, (_, quarter) => quarter / 4);
  return { years, logs: years.map((year) => Math.log(valueAt(year))) };
};
const logistic =
  (ceiling: number) =>
  (years: number): number =>
    ceiling / (1 + Math.exp(-(0.9 * years - 3)));
const daily = (valueAt: (years: number) => number): readonly Dated[] =>
  Array.from({ length: 10 * 365 }, (_, day) => ({ day, who: 'site', value: valueAt(day / 365.25) }));

describe('growth', () => {
  it('finds the rate of an exponential, and of a logistic with its ceiling', () => {
    expect(fitExponential(growing(30, (years) => 5 * Math.exp(0.4 * years))).rate).toBeCloseTo(0.4, 9);
    const fit = fitLogistic(growing(40, logistic(100)), 100);
    expect(fit.rate).toBeCloseTo(0.9, 6);
    expect(fit.squares).toBeLessThan(1e-9);
    const best = bestLogistic(growing(40, logistic(100)));
    expect(best.fit.ceiling ?? 0).toBeGreaterThan(90);
    expect(best.fit.ceiling ?? 0).toBeLessThan(130);
  });

  it('takes the largest of all, whoever has it, up to a day', () => {
    const dated: readonly Dated[] = [
      { day: 5, who: 'b', value: 20 },
      { day: 1, who: 'a', value: 10 },
      { day: 3, who: 'a', value: 8 },
      { day: 9, who: 'c', value: 90 },
    ];
    expect(recordsOf(dated, 6).map(({ day, value }) => [day, value])).toEqual([
      [1, 10],
      [5, 20],
    ]);
    const { logs } = quarterly(recordsOf(dated, 400), -Infinity, 400);
    expect(Math.exp(logs.at(-1) ?? 0)).toBeCloseTo(90, 9);
  });

  it('sees no ceiling of an exponential, and that a logistic tells a bend better', () => {
    const straight = studyGrowth(
      daily((years) => 5 * Math.exp(0.5 * years)),
      3_649,
    );
    expect(straight?.ceilings.isUnbounded).toBe(true);
    const bent = studyGrowth(daily(logistic(100)), 3_649);
    expect(bent?.ceilings.isUnbounded).toBe(false);
    expect(bent?.exponentialWins).toBeLessThanOrEqual(1);
  });

  it('looks at nothing after a cut: another future changes no fit, only its score', () => {
    const past = daily((years) => 5 * Math.exp(0.5 * years));
    const other = past.map((one) => (one.day > 3_300 ? { ...one, value: one.value * 3 } : one));
    const [a, b] = [studyGrowth(past, 3_649), studyGrowth(recordsOf(other, 3_649), 3_649)];
    expect(a?.cuts[0]).toEqual(b?.cuts[0]);
  });
});

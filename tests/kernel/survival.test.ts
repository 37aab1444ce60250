import { describe, expect, it } from 'vitest';
import { drawLognormal } from '../../shared/domain/random.js';
import { acceptedDistance, distanceFromCurve, distanceFromEnded } from '../../shared/domain/survival/distance.js';
import { durationsOf, endedDays, type Durations } from '../../shared/domain/survival/durations.js';
import { holdOut } from '../../shared/domain/survival/holdOut.js';
import { quantileInterval, ratioIntervals, shareInterval } from '../../shared/domain/survival/intervals.js';
import { kaplanMeier, openAfter, openEstimate, quantile, trustedSteps } from '../../shared/domain/survival/kaplanMeier.js';
import { endedWithin, fitLognormal } from '../../shared/domain/survival/lognormalFit.js';
import { modelOf, sampledWithin } from '../../shared/domain/survival/model.js';
import { logNormalAbove, normalBelow, normalHazard, normalQuantile } from '../../shared/domain/survival/normal.js';
import { daysAt, quantilesOf, ratioWithin } from '../../shared/domain/survival/quantiles.js';

/** Remission times in weeks of 21 patients under 6-mercaptopurine; + : still in remission. Source: Freireich et al., Blood 21, 1963. */
const remissions = '6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+';
const freireich = durationsOf(remissions.split(' ').map((text) => ({ days: Number.parseInt(text, 10), isEnded: !text.endsWith('+') })));

/** Lognormal durations of which those beyond `untilDays` are open; all of them with Infinity. */
function drawn(count: number, of: { readonly medianDays: number; readonly sigma: number; readonly untilDays: number }): Durations {
  return durationsOf(
    Array.from({ length: count }, (_, n) => {
      const days = drawLognormal({ seed: 3, component: 'test', entity: `${n}`, purpose: 'days', n }, of.medianDays, of.sigma);
      return { days: Math.min(days, of.untilDays), isEnded: days <= of.untilDays };
    }),
  );
}

describe('the share still open', () => {
  it('is the published one of a published example, with its variance', () => {
    const curve = kaplanMeier(freireich);
    expect([...curve.days]).toEqual([6, 7, 10, 13, 16, 22, 23]);
    const shares = [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482];
    [...curve.openRatio].forEach((share, step) => expect(share).toBeCloseTo(shares[step] ?? 0, 4));
    const errors = [0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346];
    curve.greenwood.forEach((sum, step) => expect(Math.sqrt(sum) * (curve.openRatio[step] ?? 0)).toBeCloseTo(errors[step] ?? 0, 4));
    expect(quantile(curve, 0.5)).toEqual({ value: 23, low: 13, high: null });
    expect(quantile(curve, 0.9)).toEqual({ value: null, low: null, high: null });
    expect([openAfter(curve, 5), openAfter(curve, 6.5)]).toEqual([1, curve.openRatio[0]]);
  });

  it('has the interval on the scale log(-log S), within 0 and 1, and none beyond what was seen', () => {
    const curve = kaplanMeier(freireich);
    const { value, low, high } = openEstimate(curve, 10);
    expect(value).toBeCloseTo(0.7529, 4);
    expect(low).toBeCloseTo(0.5032, 4);
    expect(high).toBeCloseTo(0.8894, 4);
    expect(openEstimate(curve, 35.5)).toEqual({ value: null, low: null, high: null });
    expect(openEstimate(curve, 1)).toEqual({ value: 1, low: 1, high: 1 });
  });

  it('is the plain share where nothing is open, its median the plain median', () => {
    const even = kaplanMeier(durationsOf([10, 20, 30, 40].map((days) => ({ days, isEnded: true }))));
    expect(quantile(even, 0.5).value).toBe(25);
    const odd = kaplanMeier(durationsOf([30, 10, 20].map((days) => ({ days, isEnded: true }))));
    expect(quantile(odd, 0.5).value).toBe(20);
    expect([...odd.openRatio].map((share) => Math.round(3 * share))).toEqual([2, 1, 0]);
  });

  it('of no case at all is empty', () => {
    const curve = kaplanMeier(durationsOf([]));
    expect(curve).toMatchObject({ count: 0, ended: 0, longestDays: 0 });
    expect(quantile(curve, 0.5).value).toBeNull();
  });
});

describe('the lognormal of greatest likelihood', () => {
  it('is mean and deviation of the logarithms where nothing is open', () => {
    const days = [20, 50, 90, 400];
    const logs = days.map(Math.log);
    const mean = logs.reduce((sum, log) => sum + log, 0) / 4;
    const sigma = Math.sqrt(logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / 4);
    const fit = fitLognormal(durationsOf(days.map((each) => ({ days: each, isEnded: true }))));
    expect(fit?.medianDays).toBeCloseTo(Math.exp(mean), 9);
    expect(fit?.sigma).toBeCloseTo(sigma, 9);
  });

  it('finds a distribution again of which 6 in 10 cases are open, where the ended ones alone mislead', () => {
    const durations = drawn(4_000, { medianDays: 1_000, sigma: 0.7, untilDays: 838 });
    const ended = endedDays(durations);
    expect(ended.length / 4_000).toBeCloseTo(0.4, 1);
    const fit = fitLognormal(durations);
    expect(Math.abs((fit?.medianDays ?? 0) / 1_000 - 1)).toBeLessThan(0.04);
    expect(Math.abs((fit?.sigma ?? 0) / 0.7 - 1)).toBeLessThan(0.04);
    const naive = fitLognormal(durationsOf([...ended].map((days) => ({ days, isEnded: true }))));
    expect(naive?.medianDays).toBeLessThan(600);
  });

  it('is at a peak: a step to any side is less likely', () => {
    const fit = fitLognormal(freireich);
    const likelihood = (medianDays: number, sigma: number): number =>
      freireich.days.reduce((sum, days, place) => {
        const z = Math.log(days / medianDays) / sigma;
        return sum + (freireich.isEnded[place] === 1 ? -Math.log(sigma) - (z * z) / 2 : logNormalAbove(z));
      }, 0);
    const { medianDays = 0, sigma = 0 } = fit ?? {};
    for (const [median, shape] of [
      [1.001, 1],
      [0.999, 1],
      [1, 1.001],
      [1, 0.999],
    ] as const)
      expect(likelihood(medianDays * median, sigma * shape)).toBeLessThan(likelihood(medianDays, sigma));
  });

  it('is none of fewer than two durations that differ', () => {
    expect(fitLognormal(durationsOf([]))).toBeNull();
    expect(fitLognormal(durationsOf([7, 7].map((days) => ({ days, isEnded: true }))))).toBeNull();
    expect(
      fitLognormal(
        durationsOf([
          { days: 7, isEnded: true },
          { days: 9, isEnded: false },
        ]),
      ),
    ).toBeNull();
  });
});

describe('distances and what is sampled', () => {
  it('are the largest gaps on both sides of a step', () => {
    const within = (days: number): number => Math.min(1, days / 10);
    expect(distanceFromEnded(Float64Array.from([1, 2, 9]), within)).toBeCloseTo(2 / 3 - 0.2, 9);
    const curve = kaplanMeier(durationsOf([1, 2, 9].map((days) => ({ days, isEnded: true }))));
    expect(distanceFromCurve(curve, within)).toBeCloseTo(2 / 3 - 0.2, 9);
    const open = kaplanMeier(
      durationsOf([
        { days: 1, isEnded: true },
        { days: 9, isEnded: false },
      ]),
    );
    expect(distanceFromCurve(open, within)).toBeCloseTo(0.4, 9);
    expect(acceptedDistance(99)).toBeCloseTo(0.1933, 4);
  });

  it('sample a lognormal where it lies close, and the quantiles of the cases where it does not', () => {
    const close = modelOf(drawn(500, { medianDays: 900, sigma: 0.6, untilDays: Infinity }));
    expect(close.sampled?.kind).toBe('lognormal');
    const split = durationsOf(Array.from({ length: 100 }, (_, n) => ({ days: n % 2 === 0 ? 100 + n : 2_000 + n, isEnded: true })));
    const far = modelOf(split);
    expect(far.ksDistance).toBeGreaterThan(0.1);
    expect(far.sampled?.kind).toBe('quantiles');
    const sampled = far.sampled ?? { kind: 'quantiles', days: [] };
    expect(sampledWithin(sampled, 1_000)).toBeCloseTo(0.5, 1);
    const { lognormal } = far;
    if (lognormal === null) throw new Error('no lognormal');
    expect(distanceFromCurve(far.curve, (days) => sampledWithin(sampled, days))).toBeLessThan(0.05);
    expect(distanceFromCurve(far.curve, (days) => endedWithin(lognormal, days))).toBeGreaterThan(0.1);
  });

  it('trust a curve as long as a tenth of those still open are watched', () => {
    const open = Array.from({ length: 97 }, () => ({ days: 10, isEnded: false }));
    const ended = [5, 100, 200].map((days) => ({ days, isEnded: true }));
    const curve = kaplanMeier(durationsOf([...open, ...ended]));
    expect([[...curve.atRisk], trustedSteps(curve)]).toEqual([[100, 2, 1], 1]);
    expect(quantile(curve, 0.5).value).toBe(100);
    expect(distanceFromCurve(curve, () => 0)).toBeCloseTo(0.01, 9);
    expect(quantilesOf(curve, { medianDays: 400, sigma: 0.5 })?.slice(9, 12)).toEqual(
      [376, 400, 426].map((days) => expect.closeTo(days, 0)),
    );
    expect(trustedSteps(kaplanMeier(durationsOf(ended)))).toBe(3);
  });

  it('judge a lognormal by the curve where most cases are open, and by those that ended where most have', () => {
    const mostOpen = modelOf(drawn(2_000, { medianDays: 1_000, sigma: 0.7, untilDays: 700 }));
    expect(mostOpen.ksDistance).toBeGreaterThan(0.3);
    expect(mostOpen.ksDistanceFromCurve).toBeLessThan(0.05);
    expect(mostOpen.sampled?.kind).toBe('lognormal');
    const mostEnded = modelOf(drawn(2_000, { medianDays: 1_000, sigma: 0.7, untilDays: 1_200 }));
    expect(mostEnded.ksDistance).toBeGreaterThan(0.1);
    expect(mostEnded.sampled?.kind).toBe('quantiles');
  });

  it('go on with the tail of the lognormal where the cases end before the last quantile', () => {
    const durations = drawn(400, { medianDays: 1_000, sigma: 0.7, untilDays: 1_200 });
    const quantiles = quantilesOf(kaplanMeier(durations), fitLognormal(durations)) ?? [];
    expect(quantiles).toHaveLength(21);
    expect(quantiles.every((days, place) => days >= (quantiles[place - 1] ?? 0))).toBe(true);
    expect(quantiles.at(-2)).toBeGreaterThan(2_400);
    expect(daysAt(quantiles, 0.525)).toBeCloseTo(((quantiles[10] ?? 0) + (quantiles[11] ?? 0)) / 2, 9);
    for (const ratio of [0, 0.31, 0.5, 0.999]) expect(ratioWithin(quantiles, daysAt(quantiles, ratio))).toBeCloseTo(ratio, 9);
    expect(quantilesOf(kaplanMeier(durationsOf([{ days: 5, isEnded: false }])), null)).toBeNull();
  });

  it('predict the other half where the cases are of one kind, by chance 19 times in 20 and no more', () => {
    const told = holdOut(drawn(300, { medianDays: 900, sigma: 0.6, untilDays: 2_000 }), { seed: 1, name: 'one', divisions: 100 });
    expect(told).toMatchObject({ count: 150, predicts: true, divisions: 100 });
    expect(told?.acceptedRatio).toBeGreaterThan(0.9);
    expect(holdOut(drawn(19, { medianDays: 9, sigma: 1, untilDays: 99 }), { seed: 1, name: 'few', divisions: 5 })).toBeNull();
    const again = holdOut(drawn(300, { medianDays: 900, sigma: 0.6, untilDays: 2_000 }), { seed: 1, name: 'one', divisions: 100 });
    expect(again).toEqual(told);
    // Quantiles of a half lie within half a step of it, and further from the other half.
    const two = durationsOf(Array.from({ length: 60 }, (_, n) => ({ days: n % 3 === 0 ? 100 + 7 * n : 3_000 + n, isEnded: true })));
    expect(holdOut(two, { seed: 1, name: 'two', divisions: 1 })?.ksDistance).toBeGreaterThan(0.08);
  });
});

describe('intervals', () => {
  it('of a share are the exact ones of Clopper and Pearson', () => {
    const near = (hits: number, count: number): readonly number[] => {
      const { value, low, high } = shareInterval(hits, count);
      return [value, low, high].map((each) => Number(each.toFixed(6)));
    };
    expect(near(8, 10)).toEqual([0.8, 0.443905, 0.974789]);
    expect(near(215, 229)).toEqual([0.938865, 0.899552, 0.966177]);
    expect(near(0, 20)).toEqual([0, 0, 0.168433]);
    expect(near(20, 20)).toEqual([1, 0.831567, 1]);
  });

  it('of a median run from one value to another: the 2nd and the 9th of ten, the 40th and the 61st of a hundred', () => {
    const upTo = (count: number): Float64Array => Float64Array.from({ length: count }, (_, place) => place + 1);
    expect(quantileInterval(upTo(10), 0.5)).toEqual({ value: 5.5, low: 2, high: 9 });
    expect(quantileInterval(upTo(100), 0.5)).toEqual({ value: 50.5, low: 40, high: 61 });
    expect(quantileInterval(upTo(1), 0.9)).toEqual({ value: 1, low: 1, high: 1 });
  });

  it('of shares of a sum hold the share, shrink with more cases, and are the same for the same seed', () => {
    const cases = (count: number) => ({
      part: Float64Array.from({ length: count }, (_, n) => (n % 4) + 1),
      whole: Float64Array.from({ length: count }, (_, n) => 10 + (n % 3)),
    });
    const intervalOf = (count: number, seed: number) => {
      const { part, whole } = cases(count);
      return ratioIntervals([part, whole], whole, { seed, name: 'test', resamples: 500 });
    };
    const [few, all] = intervalOf(60, 1);
    const [many] = intervalOf(960, 1);
    expect(all).toEqual({ value: 1, low: 1, high: 1 });
    expect(few?.low).toBeLessThan(few?.value ?? 0);
    expect(few?.high).toBeGreaterThan(few?.value ?? 1);
    const width = (each: typeof few): number => (each?.high ?? 0) - (each?.low ?? 0);
    expect(width(many) / width(few)).toBeCloseTo(0.25, 1);
    expect(intervalOf(60, 1)[0]).toEqual(few);
    expect(intervalOf(60, 2)[0]).not.toEqual(few);
  });
});

describe('the normal distribution', () => {
  it('is right in the middle and far out', () => {
    const table = [
      [-6, 9.865876450377e-10],
      [-3.5, 2.3262907903552e-4],
      [-1, 0.15865525393145707],
      [0, 0.5],
      [2.9, 0.998134186699616],
      [3.1, 0.9990323967867817],
    ] as const;
    for (const [z, share] of table) expect(Math.abs(normalBelow(z) / share - 1)).toBeLessThan(1e-12);
    expect(logNormalAbove(8)).toBeCloseTo(Math.log(6.220960574271819e-16), 9);
    expect(normalHazard(0)).toBeCloseTo(Math.sqrt(2 / Math.PI), 12);
    expect(normalHazard(40)).toBeCloseTo(40.02496, 4);
    expect(Math.abs(normalHazard(3 + 1e-9) - normalHazard(3 - 1e-9))).toBeLessThan(1e-8);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963985, 8);
  });
});

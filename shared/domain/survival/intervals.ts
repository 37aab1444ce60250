import { at } from '../grid/dense.js';
import { draw } from '../random.js';
import { intervalLevel } from './kaplanMeier.js';

/** A figure with its interval of 95 %. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const tail = (1 - intervalLevel) / 2;

/** Share of `hits` in `count` with its exact interval. Source: Clopper and Pearson, Biometrika 26, 1934. */
export function shareInterval(hits: number, count: number): Interval {
  const logChoose = logChoices(count);
  const atMost = (most: number, ratio: number): number => binomialAtMost(logChoose, most, ratio);
  const low = hits === 0 ? 0 : rootOf((ratio) => 1 - atMost(hits - 1, ratio) - tail);
  const high = hits === count ? 1 : rootOf((ratio) => tail - atMost(hits, ratio));
  return { value: hits / count, low, high };
}

/**
 * Quantile of values, rising, with straight lines between them, and its interval from one value to another whatever the distribution is.
 * Source: David and Nagaraja, Order Statistics, 3rd ed., 2003, 7.1.
 */
export function quantileInterval(sorted: Float64Array, ratio: number): Interval {
  const count = sorted.length;
  const logChoose = logChoices(count);
  const place = ratio * (count - 1);
  const below = Math.min(Math.floor(place), Math.max(0, count - 2));
  const value = at(sorted, below) + (place - below) * (at(sorted, Math.min(below + 1, count - 1)) - at(sorted, below));
  let [first, last] = [0, count - 1];
  while (first + 1 < count && binomialAtMost(logChoose, first, ratio) <= tail) first++;
  while (last > 0 && 1 - binomialAtMost(logChoose, last - 1, ratio) <= tail) last--;
  return { value, low: at(sorted, Math.max(0, first - 1)), high: at(sorted, last) };
}

/**
 * The sum of each part over the sum of the wholes, with its interval over resamples of the cases, the same ones for every part
 * (percentiles of the bootstrap; Efron, Annals of Statistics 7, 1979). Parts and wholes: [cases].
 */
export function ratioIntervals(
  parts: readonly Float64Array[],
  whole: Float64Array,
  how: { readonly seed: number; readonly name: string; readonly resamples: number },
): readonly Interval[] {
  const count = whole.length;
  const ratios = parts.map(() => new Float64Array(how.resamples));
  const sums = new Float64Array(parts.length);
  for (let n = 0; n < how.resamples; n++) {
    let wholes = 0;
    sums.fill(0);
    for (let k = 0; k < count; k++) {
      const one = Math.floor(draw({ seed: how.seed, component: 'resample', entity: how.name, purpose: `${k}/case`, n }) * count);
      wholes += at(whole, one);
      parts.forEach((part, place) => (sums[place] = at(sums, place) + at(part, one)));
    }
    ratios.forEach((own, place) => (own[n] = at(sums, place) / wholes));
  }
  const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
  return parts.map((part, place) => {
    const sorted = ratios[place]?.sort() ?? new Float64Array();
    const edge = (ratio: number): number => at(sorted, Math.round(ratio * (how.resamples - 1)));
    return { value: sum(part) / sum(whole), low: edge(tail), high: edge(1 - tail) };
  });
}

/** [count + 1]: logarithms of the numbers of ways to choose k of `count`. */
function logChoices(count: number): Float64Array {
  const logs = new Float64Array(count + 1);
  for (let k = 1; k <= count; k++) logs[k] = at(logs, k - 1) + Math.log((count - k + 1) / k);
  return logs;
}

/** Chance of at most `most` hits when each case hits with chance `ratio`. */
function binomialAtMost(logChoose: Float64Array, most: number, ratio: number): number {
  if (ratio <= 0) return 1;
  const count = logChoose.length - 1;
  if (ratio >= 1) return most >= count ? 1 : 0;
  const [hit, miss] = [Math.log(ratio), Math.log1p(-ratio)];
  let sum = 0;
  for (let k = 0; k <= most; k++) sum += Math.exp(at(logChoose, k) + k * hit + (count - k) * miss);
  return Math.min(1, sum);
}

/** Root of a function that rises from 0 to 1, by halving. */
function rootOf(rising: (ratio: number) => number): number {
  let [low, high] = [0, 1];
  for (let turn = 0; turn < 60; turn++) {
    const middle = (low + high) / 2;
    if (rising(middle) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

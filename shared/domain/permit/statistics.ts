import { drawsOf } from '../random.js';

/** Median of some numbers; of two in the middle their mean. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length / 2;
  const upper = sorted[Math.floor(half)] ?? NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[half - 1] ?? NaN)) / 2;
}

/**
 * Interval of the median of `after` less the median of `before`, whose entries belong together in pairs: what a share of resamples of the
 * pairs give, each drawn by key. NaN of none.
 */
export function medianDifferenceInterval(
  before: readonly number[],
  after: readonly number[],
  options: { readonly seed: number; readonly resamples: number; readonly shareRatio: number },
): readonly [number, number] {
  const { seed, resamples, shareRatio } = options;
  const differences = Array.from({ length: resamples }, (_, turn) => {
    const pick = drawsOf({ seed, component: 'resample', entity: String(turn), purpose: 'pair' });
    const places = before.map((_value, n) => Math.floor(pick(n) * before.length));
    return median(places.map((at) => after[at] ?? NaN)) - median(places.map((at) => before[at] ?? NaN));
  }).sort((a, b) => a - b);
  const tail = Math.floor(((1 - shareRatio) / 2) * resamples);
  return [differences[tail] ?? NaN, differences[resamples - 1 - tail] ?? NaN];
}

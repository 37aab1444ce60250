import { at } from '../grid/dense.js';

/** A straight line y = intercept + slope x of least squares, and the root mean square of what is left. */
export interface Line {
  readonly intercept: number;
  readonly slope: number;
  readonly rmse: number;
}

/** The line through points by ordinary least squares; flat at the mean when all x are the same. Needs one point or more. */
export function lineThrough(x: Float64Array, y: Float64Array): Line {
  const [meanX, meanY] = [meanOf(x), meanOf(y)];
  let [xx, xy] = [0, 0];
  for (let i = 0; i < x.length; i++) {
    xx += (at(x, i) - meanX) ** 2;
    xy += (at(x, i) - meanX) * (at(y, i) - meanY);
  }
  const slope = xx > 0 ? xy / xx : 0;
  const intercept = meanY - slope * meanX;
  return { intercept, slope, rmse: rmseOf(y, (i) => intercept + slope * at(x, i)) };
}

/** Mean of numbers; 0 of none. */
export function meanOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return values.length === 0 ? 0 : sum / values.length;
}

/** Middle of numbers, the mean of the two middle ones when they are even in count; 0 of none. */
export function medianOf(values: Float64Array): number {
  const sorted = values.slice().sort();
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return 0;
  return sorted.length % 2 === 1 ? at(sorted, middle) : (at(sorted, middle - 1) + at(sorted, middle)) / 2;
}

/** Root mean square of the differences between values and what a model says of each; 0 of none. */
export function rmseOf(values: Float64Array, model: (index: number) => number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (at(values, i) - model(i)) ** 2;
  return values.length === 0 ? 0 : Math.sqrt(sum / values.length);
}

/** Where a function of one number is least between two bounds: best of 400 even steps, then golden sections around it to 1e-10. */
export function leastBetween(bounds: { readonly low: number; readonly high: number }, f: (value: number) => number): number {
  const count = 400;
  const step = (bounds.high - bounds.low) / count;
  let [best, bestValue] = [bounds.low, f(bounds.low)];
  for (let i = 1; i <= count; i++) {
    const place = bounds.low + i * step;
    const value = f(place);
    if (value < bestValue) [best, bestValue] = [place, value];
  }
  const golden = (Math.sqrt(5) - 1) / 2;
  let [left, right] = [Math.max(bounds.low, best - step), Math.min(bounds.high, best + step)];
  while (right - left > 1e-10 * Math.max(1, Math.abs(best))) {
    const inner = right - golden * (right - left);
    const outer = left + golden * (right - left);
    if (f(inner) <= f(outer)) right = outer;
    else left = inner;
  }
  const middle = (left + right) / 2;
  return f(middle) < bestValue ? middle : best;
}

/** A point of the plane. */
export type Pair = readonly [number, number];

/**
 * Where a function of two numbers is least, from a start with a first step in each direction: the simplex method of Nelder and Mead
 * (Computer Journal 7, 1965) with its usual factors 1, 2, 1/2, 1/2, until the corners agree to 1e-9 or after 500 rounds. Deterministic.
 */
export function leastOfTwo(start: Pair, step: Pair, f: (point: Pair) => number): { readonly point: Pair; readonly value: number } {
  const corner = (point: Pair) => ({ point, value: f(point) });
  let corners = [start, [start[0] + step[0], start[1]] as const, [start[0], start[1] + step[1]] as const].map(corner);
  for (let round = 0; round < 500; round++) {
    corners.sort((a, b) => a.value - b.value);
    const [best, middle, worst] = corners;
    if (best === undefined || middle === undefined || worst === undefined) break;
    if (spread(best.point, worst.point) + spread(best.point, middle.point) < 1e-9) break;
    const centre: Pair = [(best.point[0] + middle.point[0]) / 2, (best.point[1] + middle.point[1]) / 2];
    const along = (factor: number) =>
      corner([centre[0] + factor * (centre[0] - worst.point[0]), centre[1] + factor * (centre[1] - worst.point[1])]);
    const mirrored = along(1);
    if (mirrored.value < best.value) {
      const further = along(2);
      corners = [best, middle, further.value < mirrored.value ? further : mirrored];
    } else if (mirrored.value < middle.value) corners = [best, middle, mirrored];
    else {
      const pulled = mirrored.value < worst.value ? along(0.5) : along(-0.5);
      const half = (point: Pair): Pair => [(best.point[0] + point[0]) / 2, (best.point[1] + point[1]) / 2];
      if (pulled.value < Math.min(mirrored.value, worst.value)) corners = [best, middle, pulled];
      else corners = [best, corner(half(middle.point)), corner(half(worst.point))];
    }
  }
  return corners.reduce((least, other) => (other.value < least.value ? other : least));
}

function spread(one: Pair, other: Pair): number {
  return Math.abs(one[0] - other[0]) + Math.abs(one[1] - other[1]);
}

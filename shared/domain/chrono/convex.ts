import { floatAt } from '../grid/dense.js';

/**
 * A convex function of one variable made of straight pieces: where it begins, what it is there, and the width and slope of each piece, by
 * rising slope. Beyond its last piece it is infinite.
 */
export interface Convex {
  readonly from: number;
  readonly valueAtFrom: number;
  readonly widths: Float64Array;
  readonly slopes: Float64Array;
}

/** Pieces narrower than this are rounding. */
const leastWidth = 1e-9;

/** Where a function ends. */
export function endOf(f: Convex): number {
  return f.widths.reduce((sum, width) => sum + width, f.from);
}

/** What a function is at a place; infinite outside of its range, beyond rounding. */
export function valueAt(f: Convex, x: number): number {
  let left = x - f.from;
  if (left < -leastWidth) return Infinity;
  let value = f.valueAtFrom;
  for (let piece = 0; piece < f.widths.length && left > 0; piece++) {
    const width = Math.min(left, floatAt(f.widths, piece));
    value += width * floatAt(f.slopes, piece);
    left -= width;
  }
  return left > 1e-6 ? Infinity : value;
}

/** The same function on a smaller range; asserts nothing: an empty range gives a function of one place. */
export function within(f: Convex, from: number, to: number): Convex {
  const widths: number[] = [];
  const slopes: number[] = [];
  const begin = Math.max(from, f.from);
  let place = f.from;
  for (let piece = 0; piece < f.widths.length; piece++) {
    const next = place + floatAt(f.widths, piece);
    const width = Math.min(next, to) - Math.max(place, begin);
    if (width > leastWidth) {
      widths.push(width);
      slopes.push(floatAt(f.slopes, piece));
    }
    place = next;
  }
  return { from: begin, valueAtFrom: valueAt(f, begin), widths: Float64Array.from(widths), slopes: Float64Array.from(slopes) };
}

/**
 * Least of `later(next) + step(next - now)` over all `next`, as a function of `now` in later.from - step's end to later's end - step.from:
 * the pieces of both, the step's turned round, merged by slope.
 */
export function bestBefore(later: Convex, step: Convex): Convex {
  const [a, b] = [later.widths.length, step.widths.length];
  const widths = new Float64Array(a + b);
  const slopes = new Float64Array(a + b);
  let [first, second] = [0, b - 1];
  for (let piece = 0; piece < a + b; piece++) {
    const isFirst = second < 0 || (first < a && floatAt(later.slopes, first) <= -floatAt(step.slopes, second));
    widths[piece] = isFirst ? floatAt(later.widths, first) : floatAt(step.widths, second);
    slopes[piece] = isFirst ? floatAt(later.slopes, first++) : -floatAt(step.slopes, second--);
  }
  const endOfStep = endOf(step);
  return { from: later.from - endOfStep, valueAtFrom: later.valueAtFrom + valueAt(step, endOfStep), widths, slopes };
}

/** The `next` that `bestBefore` found for a place `now`; where several are as good, the one nearest to `now`. */
export function bestNext(later: Convex, step: Convex, now: number): number {
  const tie = 1e-7;
  let left = now - (later.from - endOf(step));
  let [first, second] = [0, step.widths.length - 1];
  let next = later.from;
  while (left > 0) {
    const a = first < later.widths.length ? floatAt(later.slopes, first) : Infinity;
    const b = second >= 0 ? -floatAt(step.slopes, second) : Infinity;
    if (a === Infinity && b === Infinity) return next;
    const [wide, turned] = [a === Infinity ? 0 : floatAt(later.widths, first), b === Infinity ? 0 : floatAt(step.widths, second)];
    if (Math.abs(a - b) <= tie) {
      // Both go on equally well: whatever the step takes keeps `next` where it is, so it takes as much as brings `next` to `now`.
      const both = Math.min(left, wide + turned);
      const [least, most] = [Math.max(0, both - turned), Math.min(wide, both)];
      next += Math.min(most, Math.max(least, now - next));
      left -= both;
      [first, second] = [first + 1, second - 1];
    } else if (a < b) {
      next += Math.min(left, wide);
      left -= wide;
      first++;
    } else {
      left -= turned;
      second--;
    }
  }
  return next;
}

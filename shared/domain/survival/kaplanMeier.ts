import { at } from '../grid/dense.js';
import { normalQuantile } from './normal.js';
import type { Durations } from './durations.js';

/** Share still open over time, with open cases counted as long as they were seen. One entry for each day on which a case ended. */
export interface Curve {
  /** [steps]: rising. */
  readonly days: Float64Array;
  /** [steps]: share open after that day. */
  readonly openRatio: Float64Array;
  /** [steps]: sum of d / (n (n - d)) up to that day, Greenwood's; infinite once nobody is left. */
  readonly greenwood: Float64Array;
  /** [steps]: cases still open and watched just before that day. */
  readonly atRisk: Float64Array;
  readonly count: number;
  readonly ended: number;
  /** The longest that a case was seen, open or not; 0 without cases. */
  readonly longestDays: number;
}

/** A share or a number of days with its interval; null where the cases do not reach so far. */
export interface Estimate {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** Level of every interval here. */
export const intervalLevel = 0.95;
const deviations = normalQuantile((1 + intervalLevel) / 2);
/** Shares that differ by less are the same: they are products of many ratios. */
const tolerance = 1e-9;

/** The product-limit curve. Source: Kaplan and Meier, J. Amer. Statist. Assoc. 53, 1958; variance: Greenwood, 1926. */
export function kaplanMeier({ days, isEnded }: Durations): Curve {
  const order = Uint32Array.from(days, (_, index) => index).sort((a, b) => at(days, a) - at(days, b));
  const steps: { day: number; openRatio: number; greenwood: number; atRisk: number }[] = [];
  let [openRatio, greenwood, ended] = [1, 0, 0];
  for (let from = 0; from < order.length; ) {
    const day = at(days, order[from] ?? 0);
    let [to, endedNow] = [from, 0];
    for (; to < order.length && at(days, order[to] ?? 0) === day; to++) endedNow += isEnded[order[to] ?? 0] ?? 0;
    const atRisk = order.length - from;
    if (endedNow > 0) {
      openRatio *= 1 - endedNow / atRisk;
      greenwood += endedNow / (atRisk * (atRisk - endedNow));
      ended += endedNow;
      steps.push({ day, openRatio, greenwood, atRisk });
    }
    from = to;
  }
  return {
    days: Float64Array.from(steps, (step) => step.day),
    openRatio: Float64Array.from(steps, (step) => step.openRatio),
    greenwood: Float64Array.from(steps, (step) => step.greenwood),
    atRisk: Float64Array.from(steps, (step) => step.atRisk),
    count: days.length,
    ended,
    longestDays: order.length === 0 ? 0 : at(days, order.at(-1) ?? 0),
  };
}

/** A curve is trusted as far as this share of the cases that it says are open is still watched; all of them are where none is open. */
const leastWatchedRatio = 0.1;

/** Steps from the first that can be trusted: beyond, a few cases would stand for all the others. */
export function trustedSteps({ openRatio, atRisk, count }: Curve): number {
  const first = atRisk.findIndex((cases, step) => cases < leastWatchedRatio * count * (step === 0 ? 1 : at(openRatio, step - 1)));
  return first < 0 ? atRisk.length : first;
}

/** Share open after `day`. */
export function openAfter(curve: Curve, day: number): number {
  const step = stepAt(curve, day);
  return step < 0 ? 1 : at(curve.openRatio, step);
}

/**
 * Share open after `day` with its interval of 95 %, on the scale log(-log S) so that it stays within 0 and 1; null beyond what was seen.
 * Source: Kalbfleisch and Prentice, The Statistical Analysis of Failure Time Data, 2nd ed., 2002, 1.4.1.
 */
export function openEstimate(curve: Curve, day: number): Estimate {
  if (day > curve.longestDays) return { value: null, low: null, high: null };
  const step = stepAt(curve, day);
  const value = openAfter(curve, day);
  const [low, high] = step < 0 ? [1, 1] : limits(curve, step);
  return { value, low, high };
}

/**
 * Days after which at most 1 - `ratio` of the cases are open, the middle where the curve is just that high for a while; with the interval
 * that follows from that of the curve.
 */
export function quantile(curve: Curve, ratio: number): Estimate {
  const first = (share: (step: number) => number): number | null => {
    const step = curve.days.findIndex((_, index) => share(index) <= 1 - ratio + tolerance);
    if (step < 0) return null;
    const isLevel = step + 1 < curve.days.length && share(step) >= 1 - ratio - tolerance;
    return isLevel ? (at(curve.days, step) + at(curve.days, step + 1)) / 2 : at(curve.days, step);
  };
  return {
    value: first((step) => at(curve.openRatio, step)),
    low: first((step) => limits(curve, step)[0]),
    high: first((step) => limits(curve, step)[1]),
  };
}

function stepAt({ days }: Curve, day: number): number {
  let [low, high] = [0, days.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(days, middle) <= day) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Interval of the share open after a step; once nobody is left it is that of the step before. */
function limits(curve: Curve, step: number): readonly [low: number, high: number] {
  const share = at(curve.openRatio, step);
  if (share <= tolerance) return [0, step === 0 ? 1 : limits(curve, step - 1)[1]];
  const spread = (deviations * Math.sqrt(at(curve.greenwood, step))) / Math.log(share);
  return [share ** Math.exp(-spread), share ** Math.exp(spread)];
}

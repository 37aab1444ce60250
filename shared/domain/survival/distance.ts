import { at } from '../grid/dense.js';
import type { Curve } from './kaplanMeier.js';

/** Share that has ended within some days, by a model; continuous. */
export type EndedWithin = (days: number) => number;

/** Largest distance of a model from the shares of durations that ended, rising (Kolmogorov and Smirnov); open cases do not enter. */
export function distanceFromEnded(sorted: Float64Array, model: EndedWithin): number {
  return sorted.reduce((most, days, index) => {
    const share = model(days);
    return Math.max(most, Math.abs((index + 1) / sorted.length - share), Math.abs(index / sorted.length - share));
  }, 0);
}

/** Largest distance of a model from a curve in which open cases count, as far as cases were seen. */
export function distanceFromCurve(curve: Curve, model: EndedWithin): number {
  let [most, before] = [0, 1];
  curve.days.forEach((days, step) => {
    const share = model(days);
    const open = at(curve.openRatio, step);
    most = Math.max(most, Math.abs(1 - before - share), Math.abs(1 - open - share));
    before = open;
  });
  return curve.count === 0 ? 0 : Math.max(most, Math.abs(1 - before - model(curve.longestDays)));
}

/** Distance below which two samples of `count` each pass as one at the level of 5 %. Source: Smirnov, Ann. Math. Statist. 19, 1948. */
export function acceptedDistance(count: number): number {
  return 1.36 * Math.sqrt(2 / count);
}

import { at } from '../grid/dense.js';
import { trustedSteps, type Curve } from './kaplanMeier.js';

/** Share that has ended within some days, by a model; continuous. */
export type EndedWithin = (days: number) => number;

/** Largest distance of a model from the shares of durations that ended, rising (Kolmogorov and Smirnov); open cases do not enter. */
export function distanceFromEnded(sorted: Float64Array, model: EndedWithin): number {
  return sorted.reduce((most, days, index) => {
    const share = model(days);
    return Math.max(most, Math.abs((index + 1) / sorted.length - share), Math.abs(index / sorted.length - share));
  }, 0);
}

/** Largest distance of a model from a curve in which open cases count, as far as the curve can be trusted. */
export function distanceFromCurve(curve: Curve, model: EndedWithin): number {
  const trusted = trustedSteps(curve);
  let [most, before] = [0, 1];
  for (let step = 0; step < trusted; step++) {
    const share = model(at(curve.days, step));
    const open = at(curve.openRatio, step);
    most = Math.max(most, Math.abs(1 - before - share), Math.abs(1 - open - share));
    before = open;
  }
  const isWhole = trusted === curve.days.length && curve.count > 0;
  return isWhole ? Math.max(most, Math.abs(1 - before - model(curve.longestDays))) : most;
}

/** Distance below which two samples of `count` each pass as one at the level of 5 %. Source: Smirnov, Ann. Math. Statist. 19, 1948. */
export function acceptedDistance(count: number): number {
  return 1.36 * Math.sqrt(2 / count);
}

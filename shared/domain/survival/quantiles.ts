import { at } from '../grid/dense.js';
import { quantile, trustedSteps, type Curve } from './kaplanMeier.js';
import { normalQuantile } from './normal.js';
import type { Lognormal } from './lognormalFit.js';

/** Evenly spaced quantiles, in days, the first at 0 and the last at 1: to be sampled with straight lines between them. */
export type Quantiles = readonly number[];

/** Steps between the first and the last quantile. */
const steps = 20;
/** The last quantile of a distribution without an end. */
const lastRatio = 0.995;

/**
 * Quantiles of a curve. Beyond what can be trusted of it, those of the lognormal, and never less than what can; without a lognormal that
 * stays. Null when nothing ended.
 */
export function quantilesOf(curve: Curve, tail: Lognormal | null): Quantiles | null {
  if (curve.ended === 0) return null;
  const days: number[] = [at(curve.days, 0)];
  const trustedDays = at(curve.days, Math.max(0, trustedSteps(curve) - 1));
  for (let k = 1; k <= steps; k++) {
    const ratio = k / steps;
    const seen = quantile(curve, ratio).value;
    const isSeen = seen !== null && seen <= trustedDays;
    const beyond = tail === null ? 0 : tail.medianDays * Math.exp(tail.sigma * normalQuantile(Math.min(ratio, lastRatio)));
    days.push(isSeen ? seen : Math.max(beyond, trustedDays, days.at(-1) ?? 0));
  }
  return days;
}

/** Days below which `ratio` of the durations lie. */
export function daysAt(quantiles: Quantiles, ratio: number): number {
  const place = Math.min(Math.max(ratio, 0), 1) * (quantiles.length - 1);
  const below = Math.min(Math.floor(place), quantiles.length - 2);
  const [from, to] = [quantiles[below] ?? 0, quantiles[below + 1] ?? 0];
  return from + (place - below) * (to - from);
}

/** Share of the durations within some days. */
export function ratioWithin(quantiles: Quantiles, days: number): number {
  const above = quantiles.findIndex((each) => each > days);
  if (above < 0) return 1;
  if (above === 0) return 0;
  const [from, to] = [quantiles[above - 1] ?? 0, quantiles[above] ?? 0];
  return (above - 1 + (days - from) / (to - from)) / (quantiles.length - 1);
}

/** Mean of the durations in days. */
export function meanOfQuantiles(quantiles: Quantiles): number {
  const ends = ((quantiles[0] ?? 0) + (quantiles.at(-1) ?? 0)) / 2;
  return (quantiles.reduce((sum, days) => sum + days, 0) - ends) / Math.max(1, quantiles.length - 1);
}

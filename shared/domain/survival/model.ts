import { distanceFromCurve, distanceFromEnded } from './distance.js';
import { endedDays, type Durations } from './durations.js';
import { kaplanMeier, type Curve } from './kaplanMeier.js';
import { endedWithin, fitLognormal, type Lognormal } from './lognormalFit.js';
import { quantilesOf, ratioWithin, type Quantiles } from './quantiles.js';

/**
 * A lognormal further than this is not sampled; the quantiles of the cases are. Measured from the cases that ended, or from the curve where
 * more than half are open.
 */
export const largestDistance = 0.1;

/** What a model samples for these durations. */
export type Sampled =
  | { readonly kind: 'lognormal'; readonly medianDays: number; readonly sigma: number }
  | { readonly kind: 'quantiles'; readonly days: Quantiles };

/** Durations described: the curve of the cases, the lognormal, how far apart the two are, and which of them is sampled. */
export interface DurationModel {
  readonly curve: Curve;
  readonly lognormal: Lognormal | null;
  /** Of the lognormal from the cases that ended; null without a lognormal. */
  readonly ksDistance: number | null;
  /** Of the lognormal from the curve, in which open cases count. */
  readonly ksDistanceFromCurve: number | null;
  /** Null when no case ended. */
  readonly sampled: Sampled | null;
}

export function modelOf(durations: Durations): DurationModel {
  const curve = kaplanMeier(durations);
  const lognormal = fitLognormal(durations);
  const within = lognormal === null ? null : (days: number): number => endedWithin(lognormal, days);
  const ksDistance = within === null ? null : distanceFromEnded(endedDays(durations), within);
  const ksDistanceFromCurve = within === null ? null : distanceFromCurve(curve, within);
  // Where most cases are open, those that ended are the fast ones, and far from any right curve.
  const decisive = 2 * curve.ended < curve.count ? ksDistanceFromCurve : ksDistance;
  return { curve, lognormal, ksDistance, ksDistanceFromCurve, sampled: sampledOf(curve, lognormal, decisive) };
}

function sampledOf(curve: Curve, lognormal: Lognormal | null, distance: number | null): Sampled | null {
  if (lognormal !== null && distance !== null && distance <= largestDistance) return { kind: 'lognormal', ...lognormal };
  const days = quantilesOf(curve, lognormal);
  return days === null ? null : { kind: 'quantiles', days };
}

/** Share that has ended within some days, by what is sampled. */
export function sampledWithin(sampled: Sampled, days: number): number {
  switch (sampled.kind) {
    case 'lognormal':
      return endedWithin(sampled, days);
    case 'quantiles':
      return ratioWithin(sampled.days, days);
  }
}

import { at } from '../grid/dense.js';
import { leastBetween, lineThrough, rmseOf } from './leastSquares.js';

/** Standard deviation of power averaged over a window; a window of 0 is the record as it is. */
export interface Averaged {
  readonly windowSeconds: number;
  readonly deviationW: number;
}

/** Swings of power by time scale. */
export interface Swings {
  /** Deviation that averaging over `toSeconds` removes beyond averaging over `fromSeconds`, W. */
  readonly bands: readonly { readonly fromSeconds: number; readonly toSeconds: number; readonly deviationW: number }[];
  /** What is slower than the longest window, start and end of the run among it, W. */
  readonly slowerW: number;
  /** Fast part of the fit, W, and its correlation time. */
  readonly fastW: number;
  readonly correlationSeconds: number;
  readonly slowW: number;
  readonly rmseW: number;
}

/**
 * Fits var(window) = slow^2 + fast^2 g(window / time), g(x) = 2 (x - 1 + e^-x) / x^2: a slow part beside an exponentially correlated one
 * (Ornstein and Uhlenbeck), with windows in rising order from 0. Three numbers: four windows leave one to judge by.
 */
export function fitSwings(averaged: readonly Averaged[]): Swings {
  const variance = Float64Array.from(averaged, (one) => one.deviationW ** 2);
  const modelAt = (seconds: number) => {
    const shape = Float64Array.from(averaged, (one) => left(one.windowSeconds / seconds));
    const { intercept, slope } = lineThrough(shape, variance);
    const rmse = rmseOf(variance.map(Math.sqrt), (i) => Math.sqrt(Math.max(0, intercept + slope * at(shape, i))));
    return { intercept, slope, rmse };
  };
  const logSeconds = leastBetween({ low: Math.log(0.05), high: Math.log(600) }, (value) => modelAt(Math.exp(value)).rmse);
  const { intercept, slope, rmse } = modelAt(Math.exp(logSeconds));
  return {
    bands: averaged.slice(1).map((one, i) => ({
      fromSeconds: averaged[i]?.windowSeconds ?? 0,
      toSeconds: one.windowSeconds,
      deviationW: Math.sqrt(Math.max(0, at(variance, i) - at(variance, i + 1))),
    })),
    slowerW: averaged.at(-1)?.deviationW ?? 0,
    fastW: Math.sqrt(Math.max(0, slope)),
    correlationSeconds: Math.exp(logSeconds),
    slowW: Math.sqrt(Math.max(0, intercept)),
    rmseW: rmse,
  };
}

function left(x: number): number {
  return x < 1e-6 ? 1 : (2 * (x - 1 + Math.exp(-x))) / x ** 2;
}

import type { Duration } from '../../scenario/schema.js';
import { daysAt, meanOfQuantiles } from '../survival/quantiles.js';
import { draw, drawLognormal, drawTriangular, type DrawKey } from '../random.js';

/** A duration in days drawn from its distribution; the same for the same key, at least 0. */
export function drawDurationDays(key: DrawKey, duration: Duration): number {
  switch (duration.kind) {
    case 'fixed':
      return duration.days;
    case 'triangular':
      if (duration.maxDays <= duration.minDays) return duration.minDays;
      return drawTriangular(key, duration.minDays, duration.modeDays, duration.maxDays);
    case 'lognormal':
      return drawLognormal(key, duration.medianDays, duration.sigma);
    case 'quantiles':
      return daysAt(duration.days, draw(key));
  }
}

/** Mean of a duration in days: of a lognormal median * exp(sigma^2 / 2), of a triangle the mean of its corners, of quantiles that of the lines. */
export function meanDays(duration: Duration): number {
  switch (duration.kind) {
    case 'fixed':
      return duration.days;
    case 'triangular':
      return (duration.minDays + duration.modeDays + duration.maxDays) / 3;
    case 'lognormal':
      return duration.medianDays * Math.exp((duration.sigma * duration.sigma) / 2);
    case 'quantiles':
      return meanOfQuantiles(duration.days);
  }
}

/** Exponential number with mean 1 of a key: the gaps between arrivals that come at a constant rate. */
export function drawExponential(key: DrawKey): number {
  return -Math.log(1 - draw(key));
}

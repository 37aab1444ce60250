import { at } from '../grid/dense.js';
import type { Durations } from './durations.js';
import { logNormalAbove, normalBelow, normalHazard } from './normal.js';

/** A lognormal distribution of days. */
export interface Lognormal {
  readonly medianDays: number;
  readonly sigma: number;
}

/** What began and ended on one day counts as half a day: a lognormal knows no 0. */
const leastDays = 0.5;
const mostTurns = 100;

/** Share that has ended within some days. */
export function endedWithin({ medianDays, sigma }: Lognormal, days: number): number {
  return days <= 0 ? 0 : normalBelow(Math.log(days / medianDays) / sigma);
}

/**
 * The lognormal of greatest likelihood, open cases counting as at least so long; null with fewer than two different durations that ended.
 * In 1/sigma and mean/sigma the likelihood has one peak. Source: Olsen, Econometrica 46(5), 1978.
 */
export function fitLognormal(durations: Durations): Lognormal | null {
  const logs = durations.days.map((days) => Math.log(Math.max(days, leastDays)));
  const ended = logs.filter((_, index) => durations.isEnded[index] === 1);
  const mean = ended.reduce((sum, log) => sum + log, 0) / ended.length;
  const spread = Math.sqrt(ended.reduce((sum, log) => sum + (log - mean) ** 2, 0) / ended.length);
  if (!(spread > 1e-9)) return null;
  const cases: Scaled = { values: logs.map((log) => (log - mean) / spread), isEnded: durations.isEnded };
  let point: Point = { theta: 1, gamma: 0 };
  let best = logLikelihood(cases, point);
  for (let turn = 0; turn < mostTurns; turn++) {
    const step = newtonStep(cases, point);
    let length = 1;
    let next = moved(point, step, length);
    while (length > 1e-8 && !(next.theta > 0 && logLikelihood(cases, next) >= best)) {
      length /= 2;
      next = moved(point, step, length);
    }
    const gain = next.theta > 0 ? logLikelihood(cases, next) - best : 0;
    if (!(gain > 0)) break;
    [point, best] = [next, best + gain];
    if (gain < 1e-12) break;
  }
  return { medianDays: Math.exp(mean + (spread * point.gamma) / point.theta), sigma: spread / point.theta };
}

/** Logarithms of the durations, shifted and scaled. */
interface Scaled {
  readonly values: Float64Array;
  readonly isEnded: Uint8Array;
}

/** theta: 1 / sigma; gamma: mean / sigma. */
interface Point {
  readonly theta: number;
  readonly gamma: number;
}

function moved({ theta, gamma }: Point, step: Point, length: number): Point {
  return { theta: theta + length * step.theta, gamma: gamma + length * step.gamma };
}

function logLikelihood({ values, isEnded }: Scaled, { theta, gamma }: Point): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const z = theta * at(values, i) - gamma;
    sum += isEnded[i] === 1 ? Math.log(theta) - (z * z) / 2 : logNormalAbove(z);
  }
  return sum;
}

/** Where the quadratic that touches the likelihood at a point has its peak, as a step from there. */
function newtonStep({ values, isEnded }: Scaled, { theta, gamma }: Point): Point {
  let [slopeTheta, slopeGamma, thetaTheta, gammaGamma, thetaGamma] = [0, 0, 0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = at(values, i);
    const z = theta * value - gamma;
    if (isEnded[i] === 1) {
      slopeTheta += 1 / theta - z * value;
      slopeGamma += z;
      thetaTheta -= 1 / (theta * theta) + value * value;
      gammaGamma -= 1;
      thetaGamma += value;
    } else {
      const hazard = normalHazard(z);
      const bend = hazard * (hazard - z);
      slopeTheta -= hazard * value;
      slopeGamma += hazard;
      thetaTheta -= bend * value * value;
      gammaGamma -= bend;
      thetaGamma += bend * value;
    }
  }
  const determinant = thetaTheta * gammaGamma - thetaGamma * thetaGamma;
  return {
    theta: (thetaGamma * slopeGamma - gammaGamma * slopeTheta) / determinant,
    gamma: (thetaGamma * slopeTheta - thetaTheta * slopeGamma) / determinant,
  };
}

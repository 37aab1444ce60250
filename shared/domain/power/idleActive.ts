import { at } from '../grid/dense.js';

/** A recorded quantile function in two states split at a threshold, each a normal: share of time, mean and deviation in W. */
export interface IdleActive {
  readonly thresholdW: number;
  readonly idleShare: number;
  readonly idleW: number;
  readonly idleDeviationW: number;
  readonly activeW: number;
  readonly activeDeviationW: number;
  readonly meanW: number;
  /** Largest distance of the two normals' distribution from the recorded one. */
  readonly ksDistance: number;
  readonly points: number;
}

/** Splits evenly spaced quantiles, rising, where the variance between the two sides is largest (Otsu, IEEE Trans. SMC 9(1), 1979). */
export function fitIdleActive(quantilesW: Float64Array): IdleActive {
  const count = quantilesW.length;
  const total = quantilesW.reduce((sum, watts) => sum + watts, 0);
  let [best, bestBetween, sum] = [1, -1, 0];
  for (let k = 1; k < count; k++) {
    sum += at(quantilesW, k - 1);
    const between = k * (count - k) * (sum / k - (total - sum) / (count - k)) ** 2;
    if (between > bestBetween) [best, bestBetween] = [k, between];
  }
  const [idle, active] = [sideOf(quantilesW.subarray(0, best)), sideOf(quantilesW.subarray(best))];
  const idleShare = best / count;
  const below = (watts: number): number => idleShare * normal(watts, idle) + (1 - idleShare) * normal(watts, active);
  const ksDistance = quantilesW.reduce((most, watts, i) => Math.max(most, Math.abs(below(watts) - (i + 0.5) / count)), 0);
  return {
    thresholdW: (at(quantilesW, best - 1) + at(quantilesW, best)) / 2,
    idleShare,
    idleW: idle.mean,
    idleDeviationW: idle.deviation,
    activeW: active.mean,
    activeDeviationW: active.deviation,
    meanW: total / count,
    ksDistance,
    points: count,
  };
}

function sideOf(values: Float64Array): { readonly mean: number; readonly deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, deviation: Math.max(1e-9, Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)) };
}

/** Distribution function of a normal; error function by Abramowitz and Stegun 7.1.26, good to 1.5e-7. */
function normal(value: number, { mean, deviation }: { readonly mean: number; readonly deviation: number }): number {
  const z = (value - mean) / (deviation * Math.SQRT2);
  const t = 1 / (1 + 0.3275911 * Math.abs(z));
  const poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const erf = 1 - poly * Math.exp(-z * z);
  return (1 + Math.sign(z) * erf) / 2;
}

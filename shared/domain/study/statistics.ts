import { at } from '../grid/dense.js';

/** What many cells of one group say of a figure; the interval is that of the mean, 95 %, null with fewer than two values. */
export interface Summary {
  readonly count: number;
  readonly mean: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
}

/** Two-sided 95 % points of Student's t for 1 to 30 degrees of freedom. Source: NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2. */
const studentPoints = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11, 2.101, 2.093, 2.086,
  2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
] as const;
const normalPoint = 1.959964;

/** 95 % of Student's t lie within this of zero; beyond the table by its expansion (Abramowitz and Stegun 26.7.5). Needs `freedom` >= 1. */
export function studentPoint(freedom: number): number {
  const z = normalPoint;
  return studentPoints[freedom - 1] ?? z + (z ** 3 + z) / (4 * freedom) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2);
}

/** A value with how much it counts; only weights beside each other mean anything. */
export interface Weighted {
  readonly value: number;
  readonly weight: number;
}

/**
 * Mean, its interval and three quantiles; null of no values. With weights the interval is that of as many values of one weight as say as
 * much (Kish, Survey Sampling, 1965: the square of the sum of weights over the sum of their squares).
 */
export function weightedSummaryOf(values: readonly Weighted[]): Summary | null {
  const [first] = values;
  if (first === undefined) return null;
  if (values.every(({ weight }) => weight === first.weight)) return summaryOf(values.map(({ value }) => value));
  const sum = (of: (each: Weighted) => number): number => values.reduce((total, each) => total + of(each), 0);
  const whole = sum(({ weight }) => weight);
  const mean = sum(({ value, weight }) => weight * value) / whole;
  const saying = whole ** 2 / sum(({ weight }) => weight ** 2);
  const variance = (sum(({ value, weight }) => weight * (value - mean) ** 2) / whole) * (saying / Math.max(1e-9, saying - 1));
  const freedom = Math.floor(saying) - 1;
  const half = freedom < 1 ? null : studentPoint(freedom) * Math.sqrt(variance / saying);
  const rising = values.toSorted((a, b) => a.value - b.value);
  const at = (ratio: number): number => weightedQuantileOf(rising, ratio * whole);
  return {
    count: values.length,
    mean,
    low: half === null ? null : mean - half,
    high: half === null ? null : mean + half,
    p10: at(0.1),
    p50: at(0.5),
    p90: at(0.9),
  };
}

/** The value up to which so much weight lies, with straight lines between the middles of the weights. */
function weightedQuantileOf(rising: readonly Weighted[], wanted: number): number {
  let before = 0;
  let last: { readonly value: number; readonly middle: number } | null = null;
  for (const { value, weight } of rising) {
    const middle = before + weight / 2;
    if (middle >= wanted)
      return last === null ? value : last.value + ((wanted - last.middle) / (middle - last.middle)) * (value - last.value);
    last = { value, middle };
    before += weight;
  }
  return last?.value ?? 0;
}

/** Mean, its interval and three quantiles; null of no values. */
export function summaryOf(values: readonly number[]): Summary | null {
  if (values.length === 0) return null;
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const half = halfWidth(values, mean);
  const sorted = Float64Array.from(values).sort();
  return {
    count,
    mean,
    low: half === null ? null : mean - half,
    high: half === null ? null : mean + half,
    p10: quantileOf(sorted, 0.1),
    p50: quantileOf(sorted, 0.5),
    p90: quantileOf(sorted, 0.9),
  };
}

/** Half of the 95 % interval of a mean. */
function halfWidth(values: readonly number[], mean: number): number | null {
  const freedom = values.length - 1;
  if (freedom < 1) return null;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / freedom;
  return studentPoint(freedom) * Math.sqrt(variance / values.length);
}

/** Quantile of values, rising, with straight lines between them. */
function quantileOf(sorted: Float64Array, ratio: number): number {
  const place = ratio * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return at(sorted, below) + (place - below) * (at(sorted, above) - at(sorted, below));
}

import { floatAt } from '../grid/dense.js';
import { levels } from './bands.js';

/** A forecast of hours against what came true. */
export interface Scored {
  /** Places of rows that count. */
  readonly rows: readonly number[];
  /** [rows], MW: what came true. */
  readonly actualMw: Float64Array;
  /** [rows], MW; NaN where the forecast says nothing. */
  readonly pointMw: Float64Array;
  /** [rows][levels], MW; null: the forecast has no bands. */
  readonly fanMw: Float64Array | null;
  /** Mean error of the seasonal naive forecast before the test, MW; null: none. */
  readonly naiveMaeMw: number | null;
}

/** How good a forecast was. */
export interface Score {
  readonly hours: number;
  readonly mapePercent: number;
  readonly maeMw: number;
  /** Mean error by that of the same hour a week before, over the hours before the test. */
  readonly maseRatio: number | null;
  /** Mean of the pinball losses of P1 to P99, MW; null without bands. */
  readonly pinballMw: number | null;
  /** Twice that; without bands the forecast is a step, and it is the mean error. */
  readonly crpsMw: number;
  readonly coverage10to90Percent: number | null;
}

const count = levels.length;
const [low, high] = [9, 89];

/**
 * Scores over the rows of which both the forecast and the truth are known; null when there is none.
 * Source: Gneiting and Raftery, J. American Statistical Association 102, 2007; Hyndman and Koehler, Int. J. Forecasting 22, 2006.
 */
export function scoreOf({ rows, actualMw, pointMw, fanMw, naiveMaeMw }: Scored): Score | null {
  let [hours, relative, error, pinball, covered] = [0, 0, 0, 0, 0];
  for (const row of rows) {
    const [actual, point] = [floatAt(actualMw, row), floatAt(pointMw, row)];
    if (Number.isNaN(actual) || Number.isNaN(point)) continue;
    hours += 1;
    relative += Math.abs(actual - point) / actual;
    error += Math.abs(actual - point);
    if (fanMw === null) continue;
    pinball += pinballOf(fanMw, row, actual);
    covered += isCovered(fanMw, row, actual) ? 1 : 0;
  }
  if (hours === 0) return null;
  const maeMw = error / hours;
  return {
    hours,
    mapePercent: (100 * relative) / hours,
    maeMw,
    maseRatio: naiveMaeMw === null || naiveMaeMw === 0 ? null : maeMw / naiveMaeMw,
    pinballMw: fanMw === null ? null : pinball / hours,
    crpsMw: fanMw === null ? maeMw : (2 * pinball) / hours,
    coverage10to90Percent: fanMw === null ? null : (100 * covered) / hours,
  };
}

/** Mean pinball loss of a row over its levels, MW. */
export function pinballOf(fanMw: Float64Array, row: number, actualMw: number): number {
  let sum = 0;
  for (let k = 0; k < count; k++) {
    const above = actualMw - floatAt(fanMw, row * count + k);
    sum += above >= 0 ? floatAt(levels, k) * above : (floatAt(levels, k) - 1) * above;
  }
  return sum / count;
}

/** Whether the truth lies from P10 to P90. */
export function isCovered(fanMw: Float64Array, row: number, actualMw: number): boolean {
  return actualMw >= floatAt(fanMw, row * count + low) && actualMw <= floatAt(fanMw, row * count + high);
}

/** Probability that a row lies at or above a value, in a straight line between its levels; 0 or 1 beyond P1 and P99, NaN of a row without. */
export function chanceAbove(fanMw: Float64Array, row: number, valueMw: number): number {
  const from = row * count;
  if (Number.isNaN(floatAt(fanMw, from))) return Number.NaN;
  if (valueMw <= floatAt(fanMw, from)) return 1;
  for (let k = 1; k < count; k++) {
    const [below, above] = [floatAt(fanMw, from + k - 1), floatAt(fanMw, from + k)];
    if (valueMw > above) continue;
    const share = above > below ? (valueMw - below) / (above - below) : 1;
    return 1 - floatAt(levels, k - 1) - share * (floatAt(levels, k) - floatAt(levels, k - 1));
  }
  return 0;
}

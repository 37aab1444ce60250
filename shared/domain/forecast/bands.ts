import { floatAt } from '../grid/dense.js';
import { newSortedRing, putSorted, quantileOf, type SortedRing } from './sortedRing.js';

/** Levels at which a forecast gives its distribution: P1 to P99. */
export const levels: Float64Array = Float64Array.from({ length: 99 }, (_, k) => (k + 1) / 100);

/** Errors seen so far, by lead, and how wide the bands stand because of them. */
export interface Bands {
  readonly leads: number;
  /** [leads]: errors in units of the spread expected then. */
  readonly errors: readonly SortedRing[];
  days: number;
  /** [leads]: mean size of recent errors, and of all. */
  readonly recent: Float64Array;
  readonly lasting: Float64Array;
  /** Log of the factor that past coverage asks for: of all leads, and [leads] of each. */
  widened: number;
  readonly widenedAt: Float64Array;
}

/** Days of errors that the shape of the bands is taken from. */
const keptDays = 365;
/** Share of the size of an error that is gone after a day; half of it after 30 days. */
const forgotten = 1 - 0.5 ** (1 / 30);
const lastingForgotten = 0.003;
const recentWeight = 0.7;
/** Share of a missed day, and of a missed hour, by which the bands are widened or narrowed. */
const widenDay = 0.15;
const widenLead = 0.02;
const widenKept = 0.995;
/** Share outside P10 to P90. */
const outsideRatio = 0.2;
const [lowLevel, highLevel] = [9, 89];
/** Size of an error before any was seen, and how much wider bands are for each day that is missing. */
const firstSize = 0.05;
const fewDays = 4;
/** Days until the size seen stands alone: two good days alone would make the third look like a catastrophe, and bands as wide. */
const youngDays = 28;
/** Bands of a series that never moves are this wide, so that rounding does not leave it outside. */
const leastWidth = 1e-6;
/** Spread of a normal error whose mean size is 1. */
const meanToSpread = Math.sqrt(Math.PI / 2);

export function newBands(leads: number): Bands {
  return {
    leads,
    errors: Array.from({ length: leads }, () => newSortedRing(keptDays)),
    days: 0,
    recent: new Float64Array(leads),
    lasting: new Float64Array(leads),
    widened: 0,
    widenedAt: new Float64Array(leads),
  };
}

/** Spread expected of each lead, [leads]. */
export function spreads({ leads, days, recent, lasting }: Bands): Float64Array {
  const spread = new Float64Array(leads);
  const seenRatio = Math.min(1, days / youngDays);
  for (let lead = 0; lead < leads; lead++) {
    const size = recentWeight * floatAt(recent, lead) + (1 - recentWeight) * floatAt(lasting, lead);
    spread[lead] = seenRatio * size + (1 - seenRatio) * firstSize;
  }
  return spread;
}

/** Where the error of each lead will lie, [leads][levels], for forecasts issued now. `widerRatio`: 1, more when less than usual is known. */
export function errorFan(bands: Bands, spread: Float64Array, widerRatio: number): Float64Array {
  const fan = new Float64Array(bands.leads * levels.length);
  for (let lead = 0; lead < bands.leads; lead++) {
    const errors = bands.errors[lead] ?? newSortedRing(0);
    const few = widerRatio * (1 + fewDays / (errors.count + 1));
    const width = few * floatAt(spread, lead) * Math.exp(bands.widened + floatAt(bands.widenedAt, lead));
    for (let k = 0; k < levels.length; k++) {
      const level = floatAt(levels, k);
      const normal = normalQuantile(level);
      fan[lead * levels.length + k] = width * (quantileOf(errors, level) ?? meanToSpread * normal) + leastWidth * normal;
    }
  }
  return fan;
}

/**
 * Takes in the errors of a day, [leads], NaN where none is known, with the spread and the fan that stood for them.
 * Bands follow what they missed, so that coverage comes out right whatever the series does.
 * Source: Gibbs and Candes, Adaptive Conformal Inference Under Distribution Shift, NeurIPS 2021, with the width in place of the level.
 */
export function learnErrors(
  bands: Bands,
  errors: Float64Array,
  { spread, fan }: { readonly spread: Float64Array; readonly fan: Float64Array },
): void {
  let [seen, missed] = [0, 0];
  bands.errors.forEach((kept, lead) => {
    const error = floatAt(errors, lead);
    putSorted(kept, error / Math.max(1e-9, floatAt(spread, lead)));
    if (Number.isNaN(error)) return;
    const from = lead * levels.length;
    const isMissed = error < floatAt(fan, from + lowLevel) || error > floatAt(fan, from + highLevel);
    seen += 1;
    missed += isMissed ? 1 : 0;
    bands.widenedAt[lead] = widenKept * (floatAt(bands.widenedAt, lead) + widenLead * ((isMissed ? 1 : 0) - outsideRatio));
    follow(bands.recent, lead, { size: Math.abs(error), ratio: forgotten, days: bands.days });
    follow(bands.lasting, lead, { size: Math.abs(error), ratio: lastingForgotten, days: bands.days });
  });
  if (seen > 0) bands.widened = widenKept * (bands.widened + (widenDay * (missed - outsideRatio * seen)) / bands.leads);
  bands.days += 1;
}

/** Moves a mean towards a value; in its first days it is the mean of all. */
function follow(means: Float64Array, lead: number, by: { readonly size: number; readonly ratio: number; readonly days: number }): void {
  means[lead] = floatAt(means, lead) + Math.max(by.ratio, 1 / (by.days + 1)) * (by.size - floatAt(means, lead));
}

/** Quantile of the standard normal distribution within 0.004. Source: Hastings, 1955, as in Abramowitz and Stegun 26.2.22. */
function normalQuantile(level: number): number {
  const tail = Math.min(level, 1 - level);
  const t = Math.sqrt(-2 * Math.log(tail));
  const size = t - (2.30753 + 0.27061 * t) / (1 + 0.99229 * t + 0.04481 * t * t);
  return level < 0.5 ? -size : size;
}

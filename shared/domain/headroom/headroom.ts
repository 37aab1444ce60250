import { floatAt } from '../grid/dense.js';
import { seasonOf, seasonPeaks, type HourlyLoad, type Season } from './load.js';

/** What a new flat load of some size would have met. */
export interface Headroom {
  /** Share of its energy that may be curtailed, as a mean over the years. */
  readonly limitRatio: number;
  readonly newLoadMw: number;
  /** [years]: share of its energy curtailed in each. */
  readonly yearRatio: readonly number[];
  readonly worstYear: number;
  /** Mean hours a year with some curtailment, and of those with at most half, a quarter, a tenth of the load curtailed. */
  readonly hoursPerYear: number;
  readonly hoursHalfKept: number;
  readonly hoursThreeQuartersKept: number;
  readonly hoursNineTenthsKept: number;
  /** Runs of hours in a row, as they are. */
  readonly eventsPerYear: number;
  readonly meanEventHours: number;
  readonly medianEventHours: number;
  readonly longestEventHours: number;
  /** Shares of the curtailed energy by the season that governs it. */
  readonly seasonRatio: Readonly<Record<Season, number>>;
}

/** Hours a year is divided by, leap years too. Source: Norris et al., Rethinking Load Growth, Duke University, 2025. */
export const yearHours = 8_760;

/** Below this a new load is none, MW. */
const leastLoadMw = 1e-6;

/** Load that is free in each hour below the peak of its season, [hours], MW. */
export function spareMw(load: HourlyLoad, widened: readonly Season[] = []): Float64Array {
  const peaks = seasonPeaks(load, widened);
  const spare = new Float64Array(load.mw.length);
  for (let hour = 0; hour < spare.length; hour++) spare[hour] = peaks[seasonOf(load.month[hour] ?? 0)] - floatAt(load.mw, hour);
  return spare;
}

/** Share of its energy that a flat load would have had curtailed, on the mean of the years; rises with the load. */
export function curtailedRatio(spare: Float64Array, newLoadMw: number, hours: number): number {
  let mwh = 0;
  for (let hour = 0; hour < spare.length; hour++) mwh += Math.max(0, newLoadMw - floatAt(spare, hour));
  return newLoadMw <= 0 ? 0 : mwh / (newLoadMw * hours);
}

/**
 * The largest flat load whose mean curtailment stays at a limit, MW, by halving; 0 where hours beyond the peak of their season leave none.
 * `hours`: what each year's energy is divided by, times the years.
 */
export function largestLoadMw(spare: Float64Array, limitRatio: number, hours: number): number {
  // From above: load beyond the peak of its season, in other months, weighs most on the smallest new loads.
  let high = spare.reduce((most, mw) => Math.max(most, mw), 0) + 1;
  while (curtailedRatio(spare, high, hours) <= limitRatio) high *= 2;
  let low = high / 2;
  while (curtailedRatio(spare, low, hours) > limitRatio) {
    [low, high] = [low / 2, low];
    if (low < leastLoadMw) return 0;
  }
  for (let halving = 0; halving < 100; halving++) {
    const middle = (low + high) / 2;
    if (curtailedRatio(spare, middle, hours) <= limitRatio) low = middle;
    else high = middle;
  }
  return low;
}

/** Headroom of a load series at a limit of curtailment. */
export function headroomAt(load: HourlyLoad, limitRatio: number, widened: readonly Season[] = []): Headroom {
  const years = load.yearStarts.length - 1;
  const spare = spareMw(load, widened);
  const newLoadMw = largestLoadMw(spare, limitRatio, years * yearHours);
  const yearRatio = Array.from({ length: years }, (_, year) =>
    curtailedRatio(spare.subarray(load.yearStarts[year], load.yearStarts[year + 1]), newLoadMw, yearHours),
  );
  const curtailed = Float64Array.from(spare, (mw) => Math.max(0, newLoadMw - mw));
  const hoursUpTo = (ratio: number): number => curtailed.filter((mw) => mw > 0 && mw <= ratio * newLoadMw).length / years;
  const events = eventHours(curtailed);
  return {
    limitRatio,
    newLoadMw,
    yearRatio,
    worstYear: load.firstYear + yearRatio.indexOf(Math.max(...yearRatio)),
    hoursPerYear: hoursUpTo(Infinity),
    hoursHalfKept: hoursUpTo(0.5),
    hoursThreeQuartersKept: hoursUpTo(0.25),
    hoursNineTenthsKept: hoursUpTo(0.1),
    eventsPerYear: events.length / years,
    meanEventHours: events.length === 0 ? 0 : events.reduce((sum, hours) => sum + hours, 0) / events.length,
    medianEventHours: medianOf(events),
    longestEventHours: Math.max(0, ...events),
    seasonRatio: seasonShares(load, curtailed),
  };
}

/** Lengths of the runs of curtailed hours in a row, over the ends of years too. */
export function eventHours(curtailed: Float64Array): number[] {
  const events: number[] = [];
  let length = 0;
  for (let hour = 0; hour <= curtailed.length; hour++) {
    if (hour < curtailed.length && floatAt(curtailed, hour) > 0) length++;
    else if (length > 0) {
      events.push(length);
      length = 0;
    }
  }
  return events;
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length === 0) return 0;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

function seasonShares({ month }: HourlyLoad, curtailed: Float64Array): Record<Season, number> {
  const mwh = { summer: 0, winter: 0 };
  for (let hour = 0; hour < curtailed.length; hour++) mwh[seasonOf(month[hour] ?? 0)] += floatAt(curtailed, hour);
  const allMwh = mwh.summer + mwh.winter;
  return allMwh === 0 ? mwh : { summer: mwh.summer / allMwh, winter: mwh.winter / allMwh };
}

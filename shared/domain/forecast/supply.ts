import { hoursAhead, type Ahead, type Band } from './ahead.js';
import { summarySorted } from './quantiles.js';
import type { SupplyPast } from './state.js';

const dayHours = 24;
/** Days below which what is usual for an hour is not told from what is now: a choice of this model. */
const leastDays = 5;

/** Wind and sun ahead. */
export interface SupplyAhead extends Ahead {
  /** [hours]: medians, MW. */
  readonly windMw: readonly number[];
  readonly solarMw: readonly number[];
}

/**
 * Wind and sun ahead: what is usual for the hour of the day in the weeks that are remembered, and as much of what differs from it now as has
 * lasted that long so far; bands by what the same rule missed at that hour of the day.
 */
export function supplyAhead({ windMw, solarMw }: SupplyPast): SupplyAhead {
  if (windMw.length < dayHours) return { method: 'none', hours: [], windMw: [], solarMw: [] };
  const bothMw = windMw.map((mw, hour) => mw + (solarMw[hour] ?? 0));
  const medians = (values: readonly number[]): readonly number[] => bandsOf(values).map(({ p50 }) => p50);
  return { method: 'day-before', hours: bandsOf(bothMw), windMw: medians(windMw), solarMw: medians(solarMw) };
}

/** [hours ahead] of a series, newest value last. */
function bandsOf(values: readonly number[]): readonly Band[] {
  const usual = usualOf(values);
  const differs = values.map((value, place) => value - (usual[place % dayHours] ?? 0));
  const now = differs.at(-1) ?? 0;
  const most = values.reduce((max, value) => Math.max(max, value), 0);
  const within = (mw: number): number => Math.min(most, Math.max(0, mw));
  return Array.from({ length: hoursAhead }, (_, hour): Band => {
    const place = values.length + hour;
    const kept = values.length < leastDays * dayHours ? 0 : keptAfter(differs, hour + 1);
    const missed: number[] = [];
    for (let at = place - dayHours; at >= 0; at -= dayHours) {
      const before = differs[at - hour - 1];
      if (kept === 0 || before !== undefined) missed.push((differs[at] ?? 0) - kept * (before ?? 0));
    }
    const expected = (usual[place % dayHours] ?? 0) + kept * now;
    const { p5, p10, p50, p90, p95 } = summarySorted(missed);
    return {
      p5: within(expected + p5),
      p10: within(expected + p10),
      p50: within(expected + p50),
      p90: within(expected + p90),
      p95: within(expected + p95),
    };
  });
}

/** Mean by place in the day, counted from the first value. */
function usualOf(values: readonly number[]): readonly number[] {
  return Array.from({ length: dayHours }, (_, first) => {
    let [sum, count] = [0, 0];
    for (let place = first; place < values.length; place += dayHours) {
      sum += values[place] ?? 0;
      count += 1;
    }
    return count === 0 ? 0 : sum / count;
  });
}

/** Share of a difference that was left after so many hours: the slope of the one on the other, 0 to 1. */
function keptAfter(differs: readonly number[], hours: number): number {
  let [product, square] = [0, 0];
  for (let place = hours; place < differs.length; place++) {
    const before = differs[place - hours] ?? 0;
    product += before * (differs[place] ?? 0);
    square += before * before;
  }
  return square === 0 ? 0 : Math.min(1, Math.max(0, product / square));
}

import { floatAt } from '../grid/dense.js';

/** Hours a forecast looks back on: a week, and a day before it. */
export const lookbackHours = 216;

/** The last hours of a series as natural logarithms of MW, and which of them were filled in. */
export interface Lookback {
  /** [lookbackHours] as a ring. */
  readonly logs: Float64Array;
  readonly isFilled: Uint8Array;
  /** Hours pushed so far. */
  hours: number;
}

export function newLookback(): Lookback {
  return { logs: new Float64Array(lookbackHours), isFilled: new Uint8Array(lookbackHours), hours: 0 };
}

/** Takes in the next hour. */
export function pushHour(lookback: Lookback, log: number, isFilled: boolean): void {
  const place = lookback.hours % lookbackHours;
  lookback.logs[place] = log;
  lookback.isFilled[place] = isFilled ? 1 : 0;
  lookback.hours += 1;
}

/** The log of an hour by how many hours it lies back; 0: the newest. */
export function hoursAgo({ logs, hours }: Lookback, ago: number): number {
  return floatAt(logs, (hours - 1 - ago + lookbackHours) % lookbackHours);
}

/** Mean log of 24 hours, the newest of them so many hours back. */
export function dayMean(lookback: Lookback, ago: number): number {
  let sum = 0;
  for (let hour = 0; hour < 24; hour++) sum += hoursAgo(lookback, ago + hour);
  return sum / 24;
}

/** Hours in order, oldest first; `into` has room for all. */
export function copyHours(lookback: Lookback, into: Float64Array): void {
  for (let hour = 0; hour < lookbackHours; hour++) into[hour] = hoursAgo(lookback, lookbackHours - 1 - hour);
}

/** Share of the last day that was filled in. */
export function filledRatio({ isFilled, hours }: Lookback): number {
  let filled = 0;
  for (let ago = 0; ago < 24; ago++) filled += isFilled[(hours - 1 - ago + lookbackHours) % lookbackHours] ?? 0;
  return filled / 24;
}

/** What stands in for an hour without value: the same hour a week before, moved to the level of the last day; else the newest hour. */
export function likelyLog(lookback: Lookback): number {
  if (lookback.hours === 0) return 0;
  if (lookback.hours < 192) return hoursAgo(lookback, lookback.hours >= 24 ? 23 : 0);
  return hoursAgo(lookback, 167) + dayMean(lookback, 0) - dayMean(lookback, 168);
}

import { floatAt } from '../grid/dense.js';

/** Level, day and week of a series as smoothed so far, in logs, and how far the last hour lay off them. */
export interface Smoothing {
  level: number;
  readonly day: Float64Array;
  readonly week: Float64Array;
  rest: number;
  hours: number;
}

/** How much of each hour's error goes into each part, and how much of it lasts to the next hour. */
const rates = { level: 0.005, day: 0.2, week: 0.1, lasting: 0.95 } as const;

export function newSmoothing(): Smoothing {
  return { level: 0, day: new Float64Array(24), week: new Float64Array(168), rest: 0, hours: 0 };
}

/**
 * Double-seasonal exponential smoothing with an error that fades, additive in logs: takes in the hour of a number counted from 1970.
 * Source: Taylor, Journal of the Operational Research Society 54, 2003.
 */
export function smoothHour(smoothing: Smoothing, hour: number, log: number): void {
  const { day, week } = smoothing;
  if (smoothing.hours === 0) smoothing.level = log;
  smoothing.hours += 1;
  const error = log - smoothing.level - floatAt(day, hour % 24) - floatAt(week, hour % 168);
  // In its first days the level is the mean of what was seen.
  smoothing.level += Math.max(rates.level, 1 / (smoothing.hours + 1)) * error;
  day[hour % 24] = floatAt(day, hour % 24) + rates.day * error;
  week[hour % 168] = floatAt(week, hour % 168) + rates.week * error;
  smoothing.rest = error;
}

/** An hour without value: what lay off fades. */
export function skipHour(smoothing: Smoothing): void {
  smoothing.rest *= rates.lasting;
}

/** Log of the load `lead` hours after the hour of that number, the last that was taken in. */
export function smoothedLog({ level, day, week, rest }: Smoothing, hour: number, lead: number): number {
  const at = hour + lead;
  return level + floatAt(day, at % 24) + floatAt(week, at % 168) + rates.lasting ** lead * rest;
}

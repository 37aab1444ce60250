import { dayMs } from './ticks.js';

/** Days since 1970-01-01 of a date; null when there is no such date. */
export function dayOf(year: number, month: number, date: number): number | null {
  const ms = Date.UTC(year, month - 1, date);
  const back = new Date(ms);
  return back.getUTCFullYear() === year && back.getUTCMonth() === month - 1 && back.getUTCDate() === date ? ms / dayMs : null;
}

/** A day as `YYYY-MM-DD`. */
export function dayText(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}

/** Calendar year of a day. */
export function yearOf(day: number): number {
  return new Date(day * dayMs).getUTCFullYear();
}

import { dayMs, hourMs } from '../ticks.js';

/** Days a baseline of like days rests on at most. */
const daysMax = 5;
export const hoursOfDay = dayMs / hourMs;

/** Means of a local day by hour, MW; null for hours that were part of an event or not seen, short where nothing is known beyond. */
export type DayHours = readonly (number | null)[];

/** Means of a campus by local hour on its newest days like each other, oldest first; plain JSON. */
export interface LikeDays {
  readonly weekdays: readonly DayHours[];
  readonly weekendDays: readonly DayHours[];
}

/** Nothing known yet. */
export const noLikeDays: LikeDays = { weekdays: [], weekendDays: [] };

/** Mean of the same local hour over up to five like days, weekdays or days of the weekend, and how many there were; null: none. */
export function likeDaysMw(days: LikeDays, localMs: number): { readonly mw: number; readonly days: number } | null {
  const hour = Math.floor(localMs / hourMs);
  const like = isWeekend(Math.floor(hour / hoursOfDay)) ? days.weekendDays : days.weekdays;
  const seen = like.flatMap((hours) => hours[hour % hoursOfDay] ?? []);
  return seen.length === 0 ? null : { mw: seen.reduce((sum, mw) => sum + mw, 0) / seen.length, days: seen.length };
}

/** The days with one more that is over, a local day since 1970. */
export function withDay({ weekdays, weekendDays }: LikeDays, day: number, hours: DayHours): LikeDays {
  return isWeekend(day)
    ? { weekdays, weekendDays: [...weekendDays, hours].slice(-daysMax) }
    : { weekdays: [...weekdays, hours].slice(-daysMax), weekendDays };
}

/** 1970-01-01 was a Thursday. */
function isWeekend(day: number): boolean {
  return day % 7 === 2 || day % 7 === 3;
}

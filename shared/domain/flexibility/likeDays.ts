import { dayMs, hourMs } from '../ticks.js';

/** Days a baseline of like days rests on at most. */
const daysMax = 5;

/** Means of a local day by hour, MW; null for hours that were part of an event or not seen, short where nothing is known beyond. */
export type DayHours = readonly (number | null)[];

/** Mean inference of a campus by local hour, on the day under way and on its newest days like each other; plain JSON. */
export interface LikeDays {
  /** Local hour under way, hours since 1970, with its sum and how long it was seen. */
  readonly hour: number;
  readonly sumMwh: number;
  readonly seenHours: number;
  /** Hours of the day before it. */
  readonly today: DayHours;
  /** Newest days, oldest first. */
  readonly weekdays: readonly DayHours[];
  readonly weekendDays: readonly DayHours[];
}

type Days = Pick<LikeDays, 'today' | 'weekdays' | 'weekendDays'>;

const hoursOfDay = dayMs / hourMs;

/** Nothing known yet. */
export const noLikeDays: LikeDays = { hour: -1, sumMwh: 0, seenHours: 0, today: [], weekdays: [], weekendDays: [] };

/** Adds the mean of a tick that begins at a local instant; a tick within an event only moves time on. */
export function addTick(
  days: LikeDays,
  tick: { readonly localMs: number; readonly tickMs: number; readonly mw: number; readonly isEvent: boolean },
): LikeDays {
  const hour = Math.floor(tick.localMs / hourMs);
  const seenHours = tick.isEvent ? 0 : tick.tickMs / hourMs;
  const sumMwh = tick.mw * seenHours;
  if (hour !== days.hour) return { hour, sumMwh, seenHours, ...closeHour(days, hour) };
  return tick.isEvent ? days : { ...days, sumMwh: days.sumMwh + sumMwh, seenHours: days.seenHours + seenHours };
}

/** Mean of the same local hour over up to five like days, weekdays or days of the weekend, and how many there were; null: none. */
export function likeDaysMw(days: LikeDays, localMs: number): { readonly mw: number; readonly days: number } | null {
  const hour = Math.floor(localMs / hourMs);
  const like = isWeekend(Math.floor(hour / hoursOfDay)) ? days.weekendDays : days.weekdays;
  const seen = like.flatMap((hours) => hours[hour % hoursOfDay] ?? []);
  return seen.length === 0 ? null : { mw: seen.reduce((sum, mw) => sum + mw, 0) / seen.length, days: seen.length };
}

/** The days once the hour under way is over, and its day where the next hour is of another one. */
function closeHour({ hour: last, sumMwh, seenHours, today, weekdays, weekendDays }: LikeDays, hour: number): Days {
  if (last < 0) return { today: unseen(hour % hoursOfDay), weekdays, weekendDays };
  const [day, nextDay] = [Math.floor(last / hoursOfDay), Math.floor(hour / hoursOfDay)];
  const over = today.concat(seenHours > 0 ? sumMwh / seenHours : null);
  const missed = hour - last - 1;
  if (day === nextDay) return { today: missed === 0 ? over : [...over, ...unseen(missed)], weekdays, weekendDays };
  return {
    today: unseen(hour % hoursOfDay),
    weekdays: isWeekend(day) ? weekdays : [...weekdays, over].slice(-daysMax),
    weekendDays: isWeekend(day) ? [...weekendDays, over].slice(-daysMax) : weekendDays,
  };
}

function unseen(hours: number): DayHours {
  return Array.from({ length: hours }, () => null);
}

/** 1970-01-01 was a Thursday. */
function isWeekend(day: number): boolean {
  return day % 7 === 2 || day % 7 === 3;
}

import { dayMs, hourMs } from '../ticks.js';

/** Days a baseline of like days rests on at most. */
const daysMax = 5;
const hoursOfDay = 24;

/** Mean inference of a campus by local hour, on the day under way and on its newest days like each other; plain JSON. */
export interface LikeDays {
  /** Local day under way, days since 1970. */
  readonly day: number;
  /** [24] sums of hours of the day under way, MWh, and how long each was seen, h. */
  readonly sumMwh: readonly number[];
  readonly seenHours: readonly number[];
  /** Newest days, oldest first, [24] MW each; null for hours that were part of an event or not seen. */
  readonly weekdays: readonly (readonly (number | null)[])[];
  readonly weekendDays: readonly (readonly (number | null)[])[];
}

const noHours: readonly number[] = Array.from({ length: hoursOfDay }, () => 0);

/** Nothing known yet. */
export const noLikeDays: LikeDays = { day: -1, sumMwh: noHours, seenHours: noHours, weekdays: [], weekendDays: [] };

/** Adds the mean of a tick that begins at a local instant; a tick within an event only moves the day on. */
export function addTick(
  days: LikeDays,
  tick: { readonly localMs: number; readonly tickMs: number; readonly mw: number; readonly isEvent: boolean },
): LikeDays {
  const day = Math.floor(tick.localMs / dayMs);
  const now = day === days.day ? days : closeDay(days, day);
  if (tick.isEvent) return now;
  const hour = hourOf(tick.localMs);
  const lengthHours = tick.tickMs / hourMs;
  return { ...now, sumMwh: added(now.sumMwh, hour, tick.mw * lengthHours), seenHours: added(now.seenHours, hour, lengthHours) };
}

/** Mean of the same local hour over up to five like days, weekdays or days of the weekend, and how many there were; null: none. */
export function likeDaysMw(days: LikeDays, localMs: number): { readonly mw: number; readonly days: number } | null {
  const like = isWeekend(Math.floor(localMs / dayMs)) ? days.weekendDays : days.weekdays;
  const seen = like.flatMap((hours) => hours[hourOf(localMs)] ?? []);
  return seen.length === 0 ? null : { mw: seen.reduce((sum, mw) => sum + mw, 0) / seen.length, days: seen.length };
}

function closeDay(days: LikeDays, day: number): LikeDays {
  const begun = { ...days, day, sumMwh: noHours, seenHours: noHours };
  if (days.day < 0) return begun;
  const hours = days.sumMwh.map((mwh, hour) => {
    const seen = days.seenHours[hour] ?? 0;
    return seen > 0 ? mwh / seen : null;
  });
  if (isWeekend(days.day)) return { ...begun, weekendDays: [...days.weekendDays, hours].slice(-daysMax) };
  return { ...begun, weekdays: [...days.weekdays, hours].slice(-daysMax) };
}

/** 1970-01-01 was a Thursday. */
function isWeekend(day: number): boolean {
  const weekday = (((day + 4) % 7) + 7) % 7;
  return weekday === 0 || weekday === 6;
}

function hourOf(localMs: number): number {
  return Math.floor((((localMs % dayMs) + dayMs) % dayMs) / hourMs);
}

function added(values: readonly number[], place: number, more: number): readonly number[] {
  return values.map((value, index) => (index === place ? value + more : value));
}

import { dayMs, hourMs } from '../ticks.js';

/** Days on which people do something else, in groups that load treats alike. */
export const holidayKinds = [
  'new-year',
  'winter-monday',
  'memorial-day',
  'independence-day',
  'labor-day',
  'thanksgiving',
  'day-after-thanksgiving',
  'eve',
  'christmas',
  'between-the-years',
] as const;
export type HolidayKind = (typeof holidayKinds)[number];

/** Whose holidays hold. */
export const holidayCalendars = ['us', 'none'] as const;
export type HolidayCalendar = (typeof holidayCalendars)[number];

/** What a date says about load. */
export interface DateKind {
  /** 0 Monday to 6 Sunday. */
  readonly weekday: number;
  /** Place in the year as an angle, 0 to 2 pi. */
  readonly yearAngle: number;
  readonly holiday: HolidayKind | null;
  /** Whether the day before, and the same day a week before, were holidays on which work rests. */
  readonly isAfterHoliday: boolean;
  readonly isWeekAfterHoliday: boolean;
}

/** What the date at an instant says; the instant is given on the clock of the place. */
export function dateKindOf(localMs: number, calendar: HolidayCalendar): DateKind {
  const date = new Date(localMs);
  const dayOfYear = Math.floor((localMs - Date.UTC(date.getUTCFullYear(), 0, 1)) / dayMs) + 1;
  const holidayAt = (ms: number): HolidayKind | null => (calendar === 'us' ? usHoliday(ms) : null);
  const rests = (kind: HolidayKind | null): boolean => kind !== null && kind !== 'eve' && kind !== 'between-the-years';
  return {
    weekday: (date.getUTCDay() + 6) % 7,
    yearAngle: (2 * Math.PI * dayOfYear) / 365.25,
    holiday: holidayAt(localMs),
    isAfterHoliday: rests(holidayAt(localMs - dayMs)),
    isWeekAfterHoliday: rests(holidayAt(localMs - 7 * dayMs)),
  };
}

/** Holiday of the United States on a date, with the day on which it is observed. Source: 5 U.S.C. 6103; those without effect left out. */
export function usHoliday(localMs: number): HolidayKind | null {
  const date = new Date(localMs);
  const [month, day, weekday] = [date.getUTCMonth() + 1, date.getUTCDate(), date.getUTCDay()];
  const isMonday = weekday === 1;
  const isFriday = weekday === 5;
  /** The date itself, the Friday before a Saturday, the Monday after a Sunday. */
  const isOn = (offsetDays: number): boolean => offsetDays === 0 || (offsetDays === 1 && isMonday) || (offsetDays === -1 && isFriday);
  switch (month) {
    case 1:
      if (isOn(day - 1)) return 'new-year';
      if (day === 2) return 'between-the-years';
      return isMonday && day >= 15 && day <= 21 ? 'winter-monday' : null;
    case 2:
      return isMonday && day >= 15 && day <= 21 ? 'winter-monday' : null;
    case 5:
      return isMonday && day >= 25 ? 'memorial-day' : null;
    case 7:
      return isOn(day - 4) ? 'independence-day' : null;
    case 9:
      return isMonday && day <= 7 ? 'labor-day' : null;
    case 11:
      if (weekday === 4 && day >= 22 && day <= 28) return 'thanksgiving';
      return isFriday && day >= 23 && day <= 29 ? 'day-after-thanksgiving' : null;
    case 12:
      if (isOn(day - 25)) return 'christmas';
      if (day === 31 && isFriday) return 'new-year';
      if (day === 24 || day === 31) return 'eve';
      return day > 25 && day < 31 ? 'between-the-years' : null;
    default:
      return null;
  }
}

/** Season of the year by month, December to February first. */
export const yearSeasons = ['winter', 'spring', 'summer', 'autumn'] as const;
export type YearSeason = (typeof yearSeasons)[number];

/** Season in which the hour that ends at an instant lies. */
export function yearSeasonOf(endMs: number): YearSeason {
  const month = new Date(endMs - hourMs / 2).getUTCMonth() + 1;
  return yearSeasons[Math.floor((month % 12) / 3)] ?? 'winter';
}

import { hourMs } from '../ticks.js';
import type { LoadForecast } from './forecaster.js';
import { newForecaster, seeHour, type Forecaster, type IssuePlan } from './forecaster.js';

/** Hours of a series, a list for each day, so that an hour more copies a day and not years; null: no value. Plain JSON. */
export interface Past {
  /** End of the first hour, UTC ms. */
  readonly startMs: number;
  readonly days: readonly (readonly (number | null)[])[];
  readonly hours: number;
  /** Hours of which the forecasters were made new the last time; 0: too few are known. */
  readonly madeAt: number;
}

/** Hours that must be known before the calendar says anything. */
export const leastHours = 240;
const hoursOfDay = 24;
/** Forecasters are made anew when half as much again is known, up to two years; then once a year, without the oldest year. */
const growth = 1.5;
const mostHours = 17_520;
const yearHours = 8_760;

/** A series of which nothing is known before an instant. */
export function newPast(firstEndMs: number): Past {
  return { startMs: firstEndMs, days: [], hours: 0, madeAt: 0 };
}

/** The series with an hour more. */
export function withHour(past: Past, mw: number | null): Past {
  const { days, hours } = past;
  const last = days.at(-1);
  const longer = last === undefined || last.length === hoursOfDay ? [...days, [mw]] : days.with(-1, [...last, mw]);
  return remade({ ...past, days: longer, hours: hours + 1 });
}

function remade(past: Past): Past {
  const { startMs, days, hours, madeAt } = past;
  if (hours === mostHours + yearHours) {
    const kept = days.slice(yearHours / hoursOfDay);
    return { startMs: startMs + yearHours * hourMs, days: kept, hours: mostHours, madeAt: mostHours };
  }
  const isDue = madeAt === 0 ? hours >= leastHours : madeAt < mostHours && hours >= Math.min(mostHours, Math.floor(madeAt * growth));
  return isDue ? { ...past, madeAt: hours } : past;
}

/** An hour by how many lie after it; 0: the newest. Null: not known. */
export function hourAgo({ days, hours }: Past, ago: number): number | null {
  const place = hours - 1 - ago;
  return place < 0 ? null : (days[Math.floor(place / hoursOfDay)]?.[place % hoursOfDay] ?? null);
}

/**
 * Forecasts from a series by several plans. What the forecasters have learned is remembered beside the state and follows from it alone, so
 * remembering changes speed and nothing else: a series that is not the one seen last, with an hour more, is learned from its start.
 */
export interface Learner {
  /** What is issued once the newest hour of a series is known; null: nothing. */
  see(past: Past): LoadForecast | null;
}

export function createLearner(plans: readonly IssuePlan[]): Learner {
  let seen: { readonly past: Past; readonly forecasters: readonly Forecaster[] } | null = null;
  const madeOf = (past: Past): readonly Forecaster[] => {
    const mw = Float64Array.from(past.days.flat(), (value) => value ?? Number.NaN);
    return plans.map((plan) => newForecaster(plan, { startMs: past.startMs, mw: mw.slice(0, past.madeAt - 1) }));
  };
  const isNext = (past: Past, before: Past): boolean =>
    past.madeAt === before.madeAt && past.startMs === before.startMs && past.hours === before.hours + 1 && isSameBefore(past, before);
  return {
    see: (past) => {
      if (past.madeAt === 0) return null;
      const isKnown = seen !== null && isNext(past, seen.past);
      const forecasters = isKnown && seen !== null ? seen.forecasters : madeOf(past);
      const from = isKnown ? past.hours - 1 : past.madeAt - 1;
      let issued: LoadForecast | null = null;
      for (let hour = from; hour < past.hours; hour++) {
        const mw = hourAgo(past, past.hours - 1 - hour) ?? Number.NaN;
        issued = forecasters.reduce<LoadForecast | null>((found, forecaster) => seeHour(forecaster, mw).forecast ?? found, null);
      }
      seen = { past, forecasters };
      return issued;
    },
  };
}

/** Whether the days of two series are the same lists up to the last day of the earlier one, whose hours are compared. */
function isSameBefore({ days }: Past, before: Past): boolean {
  const last = before.days.length - 1;
  for (let place = 0; place < last; place++) if (days[place] !== before.days[place]) return false;
  return (before.days[last] ?? []).every((mw, hour) => days[last]?.[hour] === mw);
}

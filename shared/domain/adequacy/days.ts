import { assert } from '../assert.js';
import { at } from '../grid/dense.js';
import { draw } from '../random.js';
import { yearsOf } from './system.js';

/** Days whose risk is summed up: the weather and load of one day on the date of another, with a weight. */
export interface DaySet {
  /** [n]: day whose load, wind, sun and water hold, counted from the start of the system. */
  readonly weatherDay: Int32Array;
  /** [n]: day whose planned outages hold. */
  readonly dateDay: Int32Array;
  /** [n]: how often per year. */
  readonly weight: Float64Array;
}

/** How other weather years are made from one. */
export interface Resampling {
  readonly seed: number;
  readonly years: number;
  /** A day may stand in for one at most this many days away; 0: every year is the recorded one. */
  readonly windowDays: number;
}

/** What resampled years can and cannot show, for every place their figures are shown. */
export const resamplingLabel = 'resampled from the days recorded: no new extremes';

/** Distance that keeps season and daylight; days further apart are not exchangeable. */
export const usualWindowDays = 10;

/** The days as they were recorded. */
export function recordedDays(days: number): DaySet {
  const each = Int32Array.from({ length: days }, (_, day) => day);
  return { weatherDay: each, dateDay: each, weight: new Float64Array(days).fill(1 / yearsOf(days)) };
}

/**
 * A weather year in which every day is one recorded within the window around its date, drawn by key; load, wind, sun and water of
 * a day move together, so what belongs together stays so. Dates wrap around the ends of the record.
 */
export function resampledDays(days: number, { seed, windowDays }: Pick<Resampling, 'seed' | 'windowDays'>, year: number): DaySet {
  assert(days > 0, 'days to resample from');
  const recorded = recordedDays(days);
  const width = 2 * windowDays + 1;
  const weatherDay = Int32Array.from({ length: days }, (_, day) => {
    // The day stands inside the name: names that differ in their last letter only give draws that are not independent.
    const uniform = draw({ seed, component: 'adequacy', entity: `weather-year-${year}`, purpose: `${day}/day`, n: 0 });
    const shifted = day + Math.floor(uniform * width) - windowDays;
    return ((shifted % days) + days) % days;
  });
  return { ...recorded, weatherDay };
}

/** Every resampled year by itself. */
export function resampledYears(days: number, resampling: Resampling): DaySet[] {
  return Array.from({ length: resampling.years }, (_, year) => resampledDays(days, resampling, year));
}

/** The mean year of several: each pair of weather and date once, so that asking it costs little more than asking one year. */
export function meanYearOf(years: readonly DaySet[]): DaySet {
  const weights = new Map<string, { readonly weatherDay: number; readonly dateDay: number; weight: number }>();
  for (const year of years) {
    for (let i = 0; i < year.weatherDay.length; i++) {
      const [weatherDay, dateDay] = [at(year.weatherDay, i), at(year.dateDay, i)];
      const key = `${weatherDay}/${dateDay}`;
      const known = weights.get(key) ?? { weatherDay, dateDay, weight: 0 };
      known.weight += at(year.weight, i) / years.length;
      weights.set(key, known);
    }
  }
  const pairs = [...weights.values()];
  return {
    weatherDay: Int32Array.from(pairs, (pair) => pair.weatherDay),
    dateDay: Int32Array.from(pairs, (pair) => pair.dateDay),
    weight: Float64Array.from(pairs, (pair) => pair.weight),
  };
}

import { floatAt } from '../grid/dense.js';
import { hourMs } from '../ticks.js';

/** Hourly load over whole calendar years in a row. */
export interface HourlyLoad {
  /** Calendar year of the first hour. */
  readonly firstYear: number;
  /** [years + 1]: place of the first hour of each year, and the count of all. */
  readonly yearStarts: readonly number[];
  /** [hours], MW. */
  readonly mw: Float64Array;
  /** [hours]: month it lies in, 1 to 12. */
  readonly month: Uint8Array;
}

/** Load from hourly values that begin with a calendar year, in UTC, and end with one. */
export function hourlyLoad(firstYear: number, mw: Float64Array): HourlyLoad {
  const startMs = Date.UTC(firstYear, 0, 1);
  const yearStarts = [0];
  const month = new Uint8Array(mw.length);
  for (let year = firstYear, from = 0; from < mw.length; year++) {
    const to = from + (Date.UTC(year + 1, 0, 1) - Date.UTC(year, 0, 1)) / hourMs;
    yearStarts.push(to);
    from = to;
  }
  for (let hour = 0; hour < month.length; hour++) month[hour] = new Date(startMs + hour * hourMs).getUTCMonth() + 1;
  return { firstYear, yearStarts, mw, month };
}

/** Seasons by what peak governs them. */
export const seasons = ['summer', 'winter'] as const;
export type Season = (typeof seasons)[number];

/** Season whose peak governs a month: winter from November to March. */
export function seasonOf(month: number): Season {
  return month >= 4 && month <= 10 ? 'summer' : 'winter';
}

const peakMonths: Readonly<Record<Season, readonly number[]>> = { summer: [6, 7, 8], winter: [12, 1, 2] };
const widenedMonths: Readonly<Record<Season, readonly number[]>> = { summer: [5, 6, 7, 8, 9], winter: [11, 12, 1, 2, 3] };

/** Peak of each season over all years, MW. `widened`: seasons whose peak is looked for a month before and after as well. */
export function seasonPeaks({ mw, month }: HourlyLoad, widened: readonly Season[]): Readonly<Record<Season, number>> {
  const peakOf = (season: Season): number => {
    const months = widened.includes(season) ? widenedMonths[season] : peakMonths[season];
    let peak = -Infinity;
    for (let hour = 0; hour < mw.length; hour++) if (months.includes(month[hour] ?? 0)) peak = Math.max(peak, floatAt(mw, hour));
    return peak;
  };
  return { summer: peakOf('summer'), winter: peakOf('winter') };
}

import { floatAt } from '../grid/dense.js';
import { levels } from './bands.js';
import type { LoadForecast } from './forecaster.js';
import { hourAgo, type Past } from './past.js';

/** Hours a forecast looks ahead. */
export const hoursAhead = 24;

/** An hour ahead with its bands, MW. */
export interface Band {
  readonly p5: number;
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
}

export type Method = 'calendar-blend' | 'day-before' | 'none' | 'week-before' | 'perfect';

/** A forecast of a region by hour ahead; no hours where the method is none. */
export interface Ahead {
  readonly method: Method;
  readonly hours: readonly Band[];
}

/** Bands by the day before are this wide at least, as a share of the load, and this much wider than its errors so far: a choice of this model. */
const leastRatio = 0.1;
const widerRatio = 2;
const dayHours = 24;
/** Of a normal error: P90 and P95 in units of the mean size of the error. */
export const [p90OfMean, p95OfMean] = [1.606, 2.062];

/** Load ahead: by the calendar where that says something, else as the day before with wide bands, else nothing. */
export function demandAhead(past: Past, issued: LoadForecast | null): Ahead {
  if (issued !== null) {
    const count = levels.length;
    const at = (hour: number, percent: number): number => Math.max(0, floatAt(issued.fanMw, hour * count + percent - 1));
    const hours = Array.from({ length: hoursAhead }, (_, hour) => ({
      p5: at(hour, 5),
      p10: at(hour, 10),
      p50: at(hour, 50),
      p90: at(hour, 90),
      p95: at(hour, 95),
    }));
    return { method: 'calendar-blend', hours };
  }
  if (past.hours < dayHours) return { method: 'none', hours: [] };
  const meanRatio = Math.max(leastRatio, widerRatio * errorOfDayBefore(past));
  const hours = Array.from({ length: hoursAhead }, (_, hour): Band => {
    const mw = hourAgo(past, dayHours - 1 - hour) ?? newestMw(past);
    const [near, far] = [mw * meanRatio * p90OfMean, mw * meanRatio * p95OfMean];
    return { p5: Math.max(0, mw - far), p10: Math.max(0, mw - near), p50: mw, p90: mw + near, p95: mw + far };
  });
  return { method: 'day-before', hours };
}

/** Mean size of the error of the day before in what is known, as a share of the load. */
function errorOfDayBefore(past: Past): number {
  let [sum, count] = [0, 0];
  for (let ago = 0; ago + dayHours < past.hours; ago++) {
    const [mw, before] = [hourAgo(past, ago), hourAgo(past, ago + dayHours)];
    if (mw === null || before === null || mw <= 0) continue;
    sum += Math.abs(mw - before) / mw;
    count += 1;
  }
  return count === 0 ? 0 : sum / count;
}

function newestMw(past: Past): number {
  for (let ago = 0; ago < past.hours; ago++) {
    const mw = hourAgo(past, ago);
    if (mw !== null) return mw;
  }
  return 0;
}

/** Load less wind and sun, as if their errors were independent. */
export function netAhead(demand: Ahead, supply: Ahead): Ahead {
  if (demand.method === 'none' || supply.method === 'none') return { method: 'none', hours: [] };
  const hours = demand.hours.map((load, hour): Band => {
    const less = supply.hours[hour] ?? { p5: 0, p10: 0, p50: 0, p90: 0, p95: 0 };
    const p50 = load.p50 - less.p50;
    const up = (own: number, other: number): number => Math.hypot(own - load.p50, less.p50 - other);
    const down = (own: number, other: number): number => Math.hypot(load.p50 - own, other - less.p50);
    return {
      p5: p50 - down(load.p5, less.p95),
      p10: p50 - down(load.p10, less.p90),
      p50,
      p90: p50 + up(load.p90, less.p10),
      p95: p50 + up(load.p95, less.p5),
    };
  });
  return { method: demand.method, hours };
}

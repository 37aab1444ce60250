import { hoursAhead, p90OfMean, p95OfMean, type Ahead, type Band } from './ahead.js';
import { hourAgo, type Past } from './past.js';
import type { SupplyPast } from './state.js';
import type { SupplyAhead } from './supply.js';

/** The reference every forecast has to beat: each hour as a week before, with bands as wide as that was wrong over the last four weeks. */
const weekHours = 168;
const fourWeeks = 4 * weekHours;

/** Load as a week before; nothing while less than a week is known. */
export function demandOfWeekBefore(past: Past): Ahead {
  if (past.hours < weekHours) return { method: 'none', hours: [] };
  const ago = (hours: number): number => hourAgo(past, hours) ?? Number.NaN;
  return { method: 'week-before', hours: bandsOf(ago, past.hours) };
}

/** Wind and sun as a week before. */
export function supplyOfWeekBefore({ windMw, solarMw }: SupplyPast): SupplyAhead {
  if (windMw.length < weekHours) return { method: 'none', hours: [], windMw: [], solarMw: [] };
  const last = windMw.length - 1;
  const at = (values: readonly number[], ago: number): number => values[last - ago] ?? Number.NaN;
  const ahead = Array.from({ length: hoursAhead }, (_, hour) => weekHours - 1 - hour);
  return {
    method: 'week-before',
    hours: bandsOf((ago) => at(windMw, ago) + at(solarMw, ago), windMw.length),
    windMw: ahead.map((ago) => at(windMw, ago)),
    solarMw: ahead.map((ago) => at(solarMw, ago)),
  };
}

/** Bands of the hours ahead; hours whose week before is missing take the newest that is known. */
function bandsOf(ago: (hours: number) => number, known: number): readonly Band[] {
  const meanMw = meanError(ago, known);
  return Array.from({ length: hoursAhead }, (_, hour): Band => {
    const own = ago(weekHours - 1 - hour);
    const p50 = Number.isNaN(own) ? newest(ago, known) : own;
    const [near, far] = [meanMw * p90OfMean, meanMw * p95OfMean];
    return { p5: Math.max(0, p50 - far), p10: Math.max(0, p50 - near), p50, p90: p50 + near, p95: p50 + far };
  });
}

/** Mean size of the error of the week before, MW; of the load itself a tenth while less than a day of errors is known. */
function meanError(ago: (hours: number) => number, known: number): number {
  let [sum, count] = [0, 0];
  for (let hours = 0; hours + weekHours < known && hours < fourWeeks; hours++) {
    const error = Math.abs(ago(hours) - ago(hours + weekHours));
    if (Number.isNaN(error)) continue;
    sum += error;
    count += 1;
  }
  return count < 24 ? newest(ago, known) / 10 : sum / count;
}

function newest(ago: (hours: number) => number, known: number): number {
  for (let hours = 0; hours < known; hours++) if (!Number.isNaN(ago(hours))) return ago(hours);
  return 0;
}

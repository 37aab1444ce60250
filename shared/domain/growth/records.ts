import type { Growing } from './fits.js';

const daysPerYear = 365.25;
const daysPerQuarter = daysPerYear / 4;

/** A value of something on a day; days count from 1970-01-01. */
export interface Dated {
  readonly day: number;
  readonly who: string;
  readonly value: number;
}

/** The largest value seen so far, each time it grows, up to a day. */
export function recordsOf(dated: readonly Dated[], untilDay: number): readonly Dated[] {
  const records: Dated[] = [];
  let most = 0;
  for (const one of [...dated].sort((a, b) => a.day - b.day || a.value - b.value)) {
    if (one.day > untilDay || one.value <= most) continue;
    most = one.value;
    if (records.at(-1)?.day === one.day) records.pop();
    records.push(one);
  }
  return records;
}

/** The largest at the end of every quarter of a year counted back from a day, from the first record on. */
export function quarterly(records: readonly Dated[], fromDay: number, untilDay: number): Growing {
  const first = records[0];
  if (first === undefined) return { years: new Float64Array(), logs: new Float64Array() };
  const quarters = Math.floor((untilDay - Math.max(fromDay, first.day)) / daysPerQuarter);
  const days = Array.from({ length: Math.max(0, quarters + 1) }, (_, place) => untilDay - (quarters - place) * daysPerQuarter);
  const years = Float64Array.from(days, (day) => (day - first.day) / daysPerYear);
  const logs = Float64Array.from(days, (day) => Math.log(records.findLast((record) => record.day <= day)?.value ?? first.value));
  return { years, logs };
}

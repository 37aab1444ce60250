/** What is usual for a series, to tell errors of a meter from load. */
export interface PlausibleWatch {
  /** Mean of recent plausible hours, MW; 0: none yet. */
  usualMw: number;
  hours: number;
  refusedInARow: number;
}

/** Why an hour is taken as missing. */
export const refusals = ['missing', 'not above zero', 'too high', 'too low'] as const;
export type Refusal = (typeof refusals)[number];

/** Beyond these shares of what is usual a value is an error; load that is shed in an emergency lies far within. */
const mostTimesUsual = 5;
const leastTimesUsual = 1 / 20;
/** After a day of refusals in a row the series has moved for good. */
const mostRefusals = 24;
const usualHours = 336;

export function newWatch(): PlausibleWatch {
  return { usualMw: 0, hours: 0, refusedInARow: 0 };
}

/** Why the next hour cannot be load, null when it can; NaN: there is no value. */
export function reasonAgainst(watch: PlausibleWatch, mw: number): Refusal | null {
  if (Number.isNaN(mw)) return 'missing';
  if (mw <= 0) return 'not above zero';
  const isOff = watch.hours > 0 && (mw > mostTimesUsual * watch.usualMw || mw < leastTimesUsual * watch.usualMw);
  if (isOff && watch.refusedInARow < mostRefusals) {
    watch.refusedInARow += 1;
    return mw > watch.usualMw ? 'too high' : 'too low';
  }
  if (isOff) watch.hours = 0;
  watch.refusedInARow = 0;
  watch.hours += 1;
  watch.usualMw += Math.max(1 / usualHours, 1 / watch.hours) * (mw - watch.usualMw);
  return null;
}

/** A log of load within what could be load at all where `usualLog` is usual: nothing beyond is ever forecast. */
export function possibleLog(usualLog: number, log: number): number {
  return Math.min(usualLog + Math.log(mostTimesUsual), Math.max(usualLog + Math.log(leastTimesUsual), log));
}

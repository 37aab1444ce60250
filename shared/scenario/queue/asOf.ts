/** Another project must have a date within so many days before a date that counts as the day of the file. */
const supportDays = 30;

/**
 * The last day of which a file tells, from the days that stand in it: the latest that is not alone, so that a slip of the pen years ahead
 * does not count. Null without days.
 */
export function lastSupportedDay(days: readonly number[]): number | null {
  const sorted = Float64Array.from(days).sort();
  for (let k = sorted.length - 1; k > 0; k--) {
    const [day, before] = [sorted[k] ?? 0, sorted[k - 1] ?? 0];
    if (day - before <= supportDays) return day;
  }
  return sorted[0] ?? null;
}

/** A date is no stranger to the others when it follows the one before it within so many days, or within so many mean distances. */
const nearDays = 30;
const nearDistances = 10;

/**
 * The last day of which a file tells, from the days that stand in it: the latest up to `todayDay` that does not lie far from the others, so
 * that a slip of the pen years ahead does not count. Null without days.
 */
export function lastToldDay(days: readonly number[], todayDay: number): number | null {
  const sorted = Float64Array.from(days.filter((day) => day <= todayDay)).sort();
  for (let k = sorted.length - 1; k > 0; k--) {
    const [day, before, first] = [sorted[k] ?? 0, sorted[k - 1] ?? 0, sorted[0] ?? 0];
    if (day - before <= Math.max(nearDays, (nearDistances * (before - first)) / k)) return day;
  }
  return sorted[0] ?? null;
}

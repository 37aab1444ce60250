import { yearOf } from '../days.js';
import { quantileInterval, ratioIntervals, shareInterval, type Interval } from '../survival/intervals.js';

/** What a project promised when it asked, and what became of it. */
export interface Pledge {
  readonly requestDay: number | null;
  /** On-line day as filed with the request. */
  readonly filedDay: number | null;
  readonly onlineDay: number | null;
  readonly isBuilt: boolean;
  readonly isOpen: boolean;
  /** Below 0 where a plant loses capacity; null: not stated. */
  readonly capacityMw: number | null;
}

/** How late projects came on line against the day they filed. */
export interface Lateness {
  readonly projects: number;
  readonly lateProjects: number;
  readonly lateRatio: Interval;
  /** Days after the filed day; below 0: before it. */
  readonly days10: Interval;
  readonly days50: Interval;
  readonly days90: Interval;
  /** Open projects, and those of them whose filed day has passed. */
  readonly openProjects: number;
  readonly openPastProjects: number;
}

/** Null without a project that has both days. */
export function latenessOf(pledges: readonly Pledge[], asOfDay: number): Lateness | null {
  const days = pledges.flatMap(({ filedDay, onlineDay }) => (filedDay === null || onlineDay === null ? [] : [onlineDay - filedDay]));
  if (days.length === 0) return null;
  const sorted = Float64Array.from(days).sort();
  const lateProjects = days.filter((each) => each > 0).length;
  const open = pledges.filter(({ isOpen, filedDay }) => isOpen && filedDay !== null);
  return {
    projects: days.length,
    lateProjects,
    lateRatio: shareInterval(lateProjects, days.length),
    days10: quantileInterval(sorted, 0.1),
    days50: quantileInterval(sorted, 0.5),
    days90: quantileInterval(sorted, 0.9),
    openProjects: open.length,
    openPastProjects: open.filter(({ filedDay }) => (filedDay ?? asOfDay) < asOfDay).length,
  };
}

/** What was built of the projects that asked in some years. */
export interface Cohort {
  readonly fromYear: number;
  readonly toYear: number;
  readonly projects: number;
  readonly builtProjects: number;
  readonly openProjects: number;
  readonly capacityMw: number;
  readonly builtMw: number;
  readonly builtRatio: Interval;
  /** Of the capacity; null when none states any. */
  readonly builtMwRatio: Interval | null;
}

/** Null when no project asked in these years. A capacity that is not stated or below 0 counts as none. */
export function cohortOf(
  pledges: readonly Pledge[],
  of: { readonly fromYear: number; readonly toYear: number; readonly seed: number; readonly resamples: number },
): Cohort | null {
  const { fromYear, toYear } = of;
  const asked = pledges.filter(({ requestDay }) => requestDay !== null && yearOf(requestDay) >= fromYear && yearOf(requestDay) <= toYear);
  if (asked.length === 0) return null;
  const mw = Float64Array.from(asked, ({ capacityMw }) => Math.max(0, capacityMw ?? 0));
  const builtMw = mw.map((each, place) => (asked[place]?.isBuilt === true ? each : 0));
  const builtProjects = asked.filter(({ isBuilt }) => isBuilt).length;
  const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
  return {
    fromYear,
    toYear,
    projects: asked.length,
    builtProjects,
    openProjects: asked.filter(({ isOpen }) => isOpen).length,
    capacityMw: sum(mw),
    builtMw: sum(builtMw),
    builtRatio: shareInterval(builtProjects, asked.length),
    builtMwRatio: sum(mw) > 0 ? (ratioIntervals([builtMw], mw, { ...of, name: 'cohort' })[0] ?? null) : null,
  };
}

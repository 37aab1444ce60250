import type { Line, Unit } from '../../scenario/networkSchema.js';
import { draw } from '../random.js';
import { fromWire, hourMs } from '../ticks.js';
import type { Interval } from './profiles.js';

/** Failure and repair of something that works wholly or not at all; both times are exponential, in hours above 0. */
export interface TwoState {
  readonly meanHoursToFailure: number;
  readonly meanHoursToRepair: number;
}

/** Names one chronology of forced outages: the same key gives the same outages, whoever asks and for whatever window. */
export interface OutageKey {
  readonly seed: number;
  /** Unit or line, and the sampled year where there are several. */
  readonly entity: string;
  /** Nothing is drawn before; whether it is out then is drawn too, UTC milliseconds. */
  readonly startMs: number;
}

/** When one unit or line is out of service. */
export interface OutageCalendar {
  /** Outages that touch a window, whole, in order and apart from each other. */
  between(window: Interval): readonly Interval[];
  isOutAt(atMs: number): boolean;
}

const hoursPerYear = 8_760;

/** Share of the time it is out, 0 to 1: mean time to repair over both means. Source: Billinton and Allan, Reliability Evaluation, ch. 2. */
export function outageRatioOf(twoState: TwoState | null): number {
  return twoState === null ? 0 : twoState.meanHoursToRepair / (twoState.meanHoursToFailure + twoState.meanHoursToRepair);
}

/** Failure and repair of a line from its outages per year in service; null: it never fails. */
export function twoStateOfLine({ outagesPerYear, outageHours }: Pick<Line, 'outagesPerYear' | 'outageHours'>): TwoState | null {
  if (outagesPerYear <= 0 || outageHours <= 0) return null;
  return { meanHoursToFailure: hoursPerYear / outagesPerYear, meanHoursToRepair: outageHours };
}

/** Planned outages as intervals in UTC milliseconds, in order; those that overlap are one. */
export function plannedOutages(maintenance: Unit['maintenance']): Interval[] {
  return merged(maintenance.map(({ fromTime, toTime }) => ({ fromMs: fromWire(fromTime), toMs: fromWire(toTime) })));
}

/**
 * Forced outages that begin at or after `key.startMs` and before `untilMs`, whole and in order.
 * The start is in the steady state: out with the outage ratio, and then for a whole time to repair, which has no memory.
 */
export function forcedOutages(key: OutageKey, twoState: TwoState, untilMs: number): Interval[] {
  const outages: Interval[] = [];
  let draws = 0;
  let atMs = key.startMs;
  if (uniform(key, 'outage-at-start', 0) >= outageRatioOf(twoState)) atMs += lastingMs(key, twoState.meanHoursToFailure, draws++);
  while (atMs < untilMs) {
    const toMs = atMs + lastingMs(key, twoState.meanHoursToRepair, draws++);
    outages.push({ fromMs: atMs, toMs });
    atMs = toMs + lastingMs(key, twoState.meanHoursToFailure, draws++);
  }
  return outages;
}

/** Calendar of forced outages, if it can fail, and of planned ones. What was drawn is kept and drawn on from, so asking often is cheap. */
export function outageCalendar(key: OutageKey, twoState: TwoState | null, planned: readonly Interval[]): OutageCalendar {
  let known: readonly Interval[] = merged(planned);
  let knownUntilMs = key.startMs;
  // To the last planned end at least: a forced outage that runs into a planned one is one outage, whatever the window asked.
  const plannedUntilMs = known.reduce((latest, { toMs }) => (Number.isFinite(toMs) ? Math.max(latest, toMs) : latest), key.startMs);
  const reach = (askedMs: number): void => {
    if (twoState === null || askedMs <= knownUntilMs) return;
    // Twice as far as asked, so that a clock that asks tick by tick does not draw everything again each time.
    knownUntilMs = Math.max(plannedUntilMs, key.startMs + 2 * (askedMs - key.startMs));
    known = merged([...planned, ...forcedOutages(key, twoState, knownUntilMs)]);
  };
  return {
    between({ fromMs, toMs }) {
      reach(toMs);
      return known.filter((outage) => outage.toMs > fromMs && outage.fromMs < toMs);
    },
    isOutAt(atMs) {
      reach(atMs + 1);
      return isWithin(known, atMs);
    },
  };
}

/** Whether an instant lies in one of some intervals that are in order and apart; their ends are outside. */
export function isWithin(intervals: readonly Interval[], atMs: number): boolean {
  let low = 0;
  let high = intervals.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((intervals[middle] as Interval).toMs <= atMs) low = middle + 1;
    else high = middle;
  }
  const found = intervals[low];
  return found !== undefined && found.fromMs <= atMs;
}

/** Intervals in order, those that overlap or touch joined, empty ones dropped. */
export function merged(intervals: readonly Interval[]): Interval[] {
  const result: { fromMs: number; toMs: number }[] = [];
  for (const { fromMs, toMs } of [...intervals].sort((a, b) => a.fromMs - b.fromMs)) {
    if (!(toMs > fromMs)) continue;
    const last = result.at(-1);
    if (last !== undefined && fromMs <= last.toMs) last.toMs = Math.max(last.toMs, toMs);
    else result.push({ fromMs, toMs });
  }
  return result;
}

function lastingMs(key: OutageKey, meanHours: number, n: number): number {
  return -Math.log(1 - uniform(key, 'outage-duration', n)) * meanHours * hourMs;
}

/** The number of the draw stands inside the name: names that differ in their last letter only give draws that are not independent. */
function uniform({ seed, entity }: OutageKey, purpose: string, n: number): number {
  return draw({ seed, component: 'outages', entity, purpose: `${n}/${purpose}`, n: 0 });
}

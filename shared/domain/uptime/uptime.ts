import { lostShareBounds, poissonBounds } from './bounds.js';

/** A span of time, UTC ms; the end is not part of it. */
export interface Interval {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What was seen of one workload. Intervals may overlap and reach beyond what was observed. */
export interface Observed {
  readonly fromMs: number;
  readonly toMs: number;
  /** Not working at all. */
  readonly down: readonly Interval[];
  /** Working under a cap. */
  readonly capped: readonly Interval[];
}

/** How much of its time a workload has to work. */
export interface UptimeClass {
  readonly name: string;
  readonly availabilityRatio: number;
}

/** Classes by name, from that of a live service down to that of training, which may lose 5 %. */
export const uptimeClasses: readonly UptimeClass[] = [
  { name: 'eight-nines', availabilityRatio: 0.99999999 },
  { name: 'five-nines', availabilityRatio: 0.99999 },
  { name: 'three-nines', availabilityRatio: 0.999 },
  { name: 'two-nines', availabilityRatio: 0.99 },
  { name: 'training-strict', availabilityRatio: 0.98 },
  { name: 'training', availabilityRatio: 0.95 },
];

/** Whether a class is kept, as far as the time observed can say. */
export type UptimeVerdict = 'kept' | 'broken' | 'cannot be shown';

/** What was lost, and what follows for the share of time lost in the long run. */
export interface Uptime {
  readonly observedSeconds: number;
  readonly interruptions: number;
  readonly lostSeconds: number;
  readonly longestSeconds: number;
  /** Under a cap, without what was lost. */
  readonly cappedSeconds: number;
  readonly availabilityRatio: number;
  /** Share of time lost in the long run, 95 % each way. */
  readonly lostRatioLow: number;
  readonly lostRatioHigh: number;
  /** What the upper bound counts as independent: every second when nothing was lost, every interruption else. */
  readonly unit: 'second' | 'interruption';
  readonly units: number;
  /** Interruptions in a year that 95 of 100 such times would show fewer than, from their count alone. */
  readonly interruptionsPerYearHigh: number;
  readonly allowedRatio: number;
  readonly verdict: UptimeVerdict;
  /** Observed without a single loss, this long would show the class. */
  readonly secondsToShow: number;
}

const yearSeconds = 365.25 * 86_400;

/**
 * Uptime against a class. Nothing lost in N seconds: the share lost is below 3/N with 95 %, every second taken as independent, which is the
 * most that can be claimed. Else: bounds from the number of interruptions and their lengths (`lostShareBounds`). `kept`: the upper bound is
 * within what the class allows; `broken`: the lower bound lies beyond it; in between nothing can be shown.
 */
export function uptimeOf(observed: Observed, { availabilityRatio }: UptimeClass): Uptime {
  const within = { fromMs: observed.fromMs, toMs: observed.toMs };
  const down = merged(observed.down, within);
  const observedSeconds = Math.max(0, observed.toMs - observed.fromMs) / 1_000;
  const lostSeconds = secondsOf(down);
  const units = down.length === 0 ? Math.floor(observedSeconds) : down.length;
  const lost =
    down.length === 0
      ? { low: 0, high: Math.min(1, poissonBounds(0).high / Math.max(1, units)) }
      : lostShareBounds({ interruptions: down.length, lost: lostSeconds, working: observedSeconds - lostSeconds });
  // Of a class as close to 1 as eight nines the difference carries rounding; no share of time is meant to a millionth of it.
  const allowedRatio = Number((1 - availabilityRatio).toPrecision(6));
  return {
    observedSeconds,
    interruptions: down.length,
    lostSeconds,
    longestSeconds: down.reduce((most, one) => Math.max(most, (one.toMs - one.fromMs) / 1_000), 0),
    cappedSeconds: secondsOf(merged([...observed.down, ...observed.capped], within)) - lostSeconds,
    availabilityRatio: observedSeconds > 0 ? 1 - lostSeconds / observedSeconds : 1,
    lostRatioLow: lost.low,
    lostRatioHigh: lost.high,
    unit: down.length === 0 ? 'second' : 'interruption',
    units,
    interruptionsPerYearHigh: observedSeconds > 0 ? (poissonBounds(down.length).high * yearSeconds) / observedSeconds : Number.MAX_VALUE,
    allowedRatio,
    verdict: lost.high <= allowedRatio ? 'kept' : lost.low > allowedRatio ? 'broken' : 'cannot be shown',
    secondsToShow: poissonBounds(0).high / allowedRatio,
  };
}

/** Intervals cut to what was observed, joined where they touch, in order. */
export function merged(intervals: readonly Interval[], within: Interval): readonly Interval[] {
  const cut = intervals
    .map(({ fromMs, toMs }) => ({ fromMs: Math.max(fromMs, within.fromMs), toMs: Math.min(toMs, within.toMs) }))
    .filter(({ fromMs, toMs }) => toMs > fromMs)
    .sort((a, b) => a.fromMs - b.fromMs);
  const joined: Interval[] = [];
  for (const next of cut) {
    const last = joined.at(-1);
    if (last === undefined || next.fromMs > last.toMs) joined.push(next);
    else joined[joined.length - 1] = { fromMs: last.fromMs, toMs: Math.max(last.toMs, next.toMs) };
  }
  return joined;
}

function secondsOf(intervals: readonly Interval[]): number {
  return intervals.reduce((sum, { fromMs, toMs }) => sum + (toMs - fromMs), 0) / 1_000;
}

import type { HourBase, HourKernel } from './hour.js';
import type { Point } from './points.js';
import { isWithinRamps, withinRamps } from './ramps.js';

/** An hour as planned without ramps, between the one before it, which is settled, and the one after it. */
export interface Planned {
  readonly base: HourBase;
  readonly point: Point;
  /** [reservoirs]: energy at its start, MWh. */
  readonly storedMwh: Float64Array;
}

/**
 * The dispatch of an hour within the ramps of its units. A unit that cannot reach in one hour what the next asks of it either gets ready
 * in this hour or is late in the next, whichever costs less in both hours together.
 */
export function settle(
  kernel: HourKernel,
  rampMw: Float64Array,
  hours: { readonly beforeMw: Float64Array | null; readonly now: Planned; readonly next: Planned | null },
): Point {
  const { beforeMw, now, next } = hours;
  const always = kernel.grid.leastMw;
  const within = (planned: Planned, range: Parameters<typeof withinRamps>[2]): Point =>
    kernel.dispatch(planned.base, {
      netMw: planned.point.netMw,
      storedMwh: planned.storedMwh,
      ramps: withinRamps(rampMw, always, range),
    });
  const reaches = (fromMw: Float64Array, to: Planned): boolean =>
    isWithinRamps(rampMw, { fromMw, toMw: to.point.dispatch.generationMw, availableMw: to.base.availableMw });
  const late = beforeMw === null || reaches(beforeMw, now) ? now.point : within(now, { beforeMw });
  if (next === null || reaches(late.dispatch.generationMw, next)) return late;
  const thenLate = within(next, { beforeMw: late.dispatch.generationMw });
  const thenFree = next.point;
  if (thenLate.costUsd <= thenFree.costUsd * (1 + leastGainRatio)) return late;
  const early = within(now, { beforeMw, afterMw: thenFree.dispatch.generationMw });
  return early.costUsd + thenFree.costUsd < late.costUsd + thenLate.costUsd ? early : late;
}

/** Being late at less than this share of the cost of an hour is as good as being in time. */
const leastGainRatio = 1e-9;

import { energyBetween, finalPower, flatPath, forget, powerAt, steer, type PowerPath } from '../cluster/powerPath.js';

/** Reduction a campus has pledged, over time: what the grid may count on. Kept alike by the campus and by the flexibility desk. */
export interface InForce {
  readonly path: PowerPath;
  /** When the pledge ends by itself; null: nothing is pledged. */
  readonly untilMs: number | null;
}

/** What a campus promised on a load target. */
export interface Pledge {
  readonly fromMs: number;
  readonly rampMs: number;
  /** Latest end; null: released. */
  readonly untilMs: number | null;
  /** Reduction promised in all, MW. */
  readonly reductionMw: number;
}

/** No reduction. */
export const nothingInForce: InForce = { path: flatPath(0, 0), untilMs: null };

/**
 * The reduction in force once a pledge is given at `nowMs`: more is reached straight along its ramp, less counts at once from its start.
 */
export function pledge(inForce: InForce, given: Pledge, nowMs: number): InForce {
  const fromMs = Math.max(given.fromMs, nowMs);
  const endMs = inForce.untilMs !== null && inForce.untilMs <= fromMs ? inForce.untilMs : null;
  const path = forget(endMs === null ? inForce.path : steer(inForce.path, endMs, endMs, 0), nowMs);
  if (given.untilMs === null) return { path: steer(path, fromMs, fromMs, 0), untilMs: null };
  const extraMw = given.reductionMw - finalPower(path);
  if (Math.abs(extraMw) < 1e-9) return { path, untilMs: given.untilMs };
  const next = steer(path, fromMs, extraMw > 0 ? fromMs + given.rampMs : fromMs, given.reductionMw);
  return { path: next, untilMs: given.untilMs };
}

/** Mean reduction in force between two instants, MW, exact. */
export function meanInForceMw(inForce: InForce, fromMs: number, toMs: number): number {
  if (toMs <= fromMs) return inForceAtMw(inForce, fromMs);
  const endMs = inForce.untilMs === null ? toMs : Math.min(toMs, inForce.untilMs);
  return endMs <= fromMs ? 0 : energyBetween(inForce.path, fromMs, endMs) / (toMs - fromMs);
}

/** Reduction in force at an instant, MW. */
export function inForceAtMw(inForce: InForce, atMs: number): number {
  return inForce.untilMs !== null && inForce.untilMs <= atMs ? 0 : powerAt(inForce.path, atMs);
}

/** Reduction the pledge leads to at `fromMs` and after, MW, if nothing else is asked; 0 when it has ended by then. */
export function pledgedMw(inForce: InForce, fromMs: number): number {
  return inForce.untilMs !== null && inForce.untilMs <= fromMs ? 0 : finalPower(inForce.path);
}

/** The same reduction without the past. */
export function forgetInForce(inForce: InForce, beforeMs: number): InForce {
  return { path: forget(inForce.path, beforeMs), untilMs: inForce.untilMs };
}

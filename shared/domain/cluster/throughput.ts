import { finalPower, isEven, piecesOf, type PowerPath } from './powerPath.js';

/**
 * Share of the facility power of a run that its accelerators draw and a power cap bends. Source: docs/model.md, Clusters; measured
 * sweeps.
 */
export const acceleratorShareRatio = 0.6;

/** How speed falls under a power cap: the share of the draw that does no work, and the bend above it. */
export interface CapCurve {
  readonly staticRatio: number;
  readonly capExponent: number;
}

/** What the power and the speed of a run depend on; a run of the world fits. */
export interface PowerCurve extends CapCurve {
  readonly facilityMw: number;
  readonly idleRatio: number;
}

/** Facility power in MW of a run whose accelerators are capped at a share of their uncapped draw, 0..1; never below idle. */
export function cappedMw(run: PowerCurve, capRatio: number): number {
  return Math.max(idleMw(run), run.facilityMw * (1 - acceleratorShareRatio * (1 - capRatio)));
}

/** Cap of the accelerators, 0..1, at which a run draws a facility power in MW. */
export function capAt(run: PowerCurve, powerMw: number): number {
  if (run.facilityMw <= 0) return 1;
  return clampRatio(1 - (1 - powerMw / run.facilityMw) / acceleratorShareRatio);
}

/** Facility power in MW of a run that stands still. */
export function idleMw(run: PowerCurve): number {
  return run.facilityMw * run.idleRatio;
}

/** Facility power in MW at which a run makes no progress any more. */
export function stallMw(run: PowerCurve): number {
  return cappedMw(run, run.staticRatio);
}

/** Speed of a run at a cap, as a share of full speed: ((p - s)/(1 - s))^(1/a). Source: docs/model.md, Clusters. */
export function throughputRatio(run: CapCurve, capRatio: number): number {
  return clampRatio(workShare(run, capRatio)) ** (1 / run.capExponent);
}

/** Time at full speed, in ms, that equals the work of a run between two instants along its power; exact on each straight piece. */
export function fullSpeedMs(run: PowerCurve, path: PowerPath, fromMs: number, toMs: number): number {
  if (isEven(path, fromMs)) return throughputRatio(run, linearCap(run, finalPower(path))) * Math.max(0, toMs - fromMs);
  let sum = 0;
  for (const [start, end] of piecesOf(path, fromMs, toMs)) {
    const first = workShare(run, linearCap(run, start[1]));
    const last = workShare(run, linearCap(run, end[1]));
    sum += meanThroughput(run, first, last) * (end[0] - start[0]);
  }
  return sum;
}

/** Cap as a straight line in power, below 0 where power is too low for any cap. */
function linearCap(run: PowerCurve, powerMw: number): number {
  return run.facilityMw <= 0 ? 0 : 1 - (1 - powerMw / run.facilityMw) / acceleratorShareRatio;
}

/** Share of the bending part of the power that is left: 1 uncapped, 0 where work stops, below 0 beyond. */
function workShare(run: CapCurve, capRatio: number): number {
  return run.staticRatio >= 1 ? (capRatio >= 1 ? 1 : 0) : (capRatio - run.staticRatio) / (1 - run.staticRatio);
}

/** Mean of u^(1/a) while u goes straight from one value to another, with u held in 0..1. */
function meanThroughput(run: PowerCurve, first: number, last: number): number {
  if (Math.abs(last - first) < 1e-9) return clampRatio((first + last) / 2) ** (1 / run.capExponent);
  return (throughputIntegral(run, last) - throughputIntegral(run, first)) / (last - first);
}

function throughputIntegral(run: PowerCurve, share: number): number {
  const power = 1 + 1 / run.capExponent;
  if (share <= 0) return 0;
  return share >= 1 ? 1 / power + (share - 1) : share ** power / power;
}

function clampRatio(value: number): number {
  return Math.min(1, Math.max(0, value));
}

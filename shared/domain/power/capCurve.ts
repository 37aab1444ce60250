import { throughputRatio, type CapCurve } from '../cluster/throughput.js';
import { at } from '../grid/dense.js';
import { leastOfTwo, rmseOf, type Pair } from './leastSquares.js';

/** One measurement of a sweep: a job under one power limit. */
export interface SweepRow {
  /** What ran: data set, network, batch size, optimizer. */
  readonly job: string;
  /** Jobs of one network are left out together when the fit is tried on what it has not seen. */
  readonly network: string;
  readonly limitW: number;
  readonly epochSeconds: number;
  readonly drawW: number;
}

/** Jobs of a sweep as points of the curve. */
export interface SweepPoints {
  readonly networks: readonly string[];
  /** Index in `networks` of each point. */
  readonly networkOf: Int32Array;
  /** Cap as a share of the uncapped draw of the job, at most 1. */
  readonly capRatio: Float64Array;
  /** Speed as a share of that at the highest limit. */
  readonly speedRatio: Float64Array;
  readonly jobs: number;
  /** Jobs without a measurement at the highest limit of the sweep, or at that limit alone: their uncapped draw or their curve is unknown. */
  readonly jobsLeftOut: number;
  /** Jobs that draw 98 % of the highest limit or more: their true uncapped draw may be higher. */
  readonly jobsAtHighestLimit: number;
}

/** Least-squares curve of throughput under a cap, with its errors in shares of full speed. */
export interface CapFit extends CapCurve {
  readonly points: number;
  readonly rmse: number;
  /** Mean of measured less fitted. */
  readonly bias: number;
  readonly largestError: number;
  /** RMSE over every point when its network took no part in the fit; null with one network alone. */
  readonly heldOutRmse: number | null;
}

const highest = { staticRatio: 0.95, bend: 2 } as const;
const leastBend = 0.01;

/** Points of a sweep. The uncapped draw and the full speed of a job are those at the highest limit of the sweep (the mean of repeats). */
export function sweepPointsOf(rows: readonly SweepRow[]): SweepPoints {
  const top = rows.reduce((most, row) => Math.max(most, row.limitW), 0);
  const jobs = [...new Set(rows.map((row) => row.job))].map((job) => rows.filter((row) => row.job === job));
  const used = jobs.filter((job) => job.some((row) => row.limitW === top) && job.some((row) => row.limitW < top));
  const networks = [...new Set(used.flatMap((job) => job.map((row) => row.network)))];
  const [networkOf, capRatio, speedRatio] = [[] as number[], [] as number[], [] as number[]];
  let jobsAtHighestLimit = 0;
  for (const job of used) {
    const free = job.filter((row) => row.limitW === top);
    const drawW = free.reduce((sum, row) => sum + row.drawW, 0) / free.length;
    const epochSeconds = free.reduce((sum, row) => sum + row.epochSeconds, 0) / free.length;
    if (drawW >= 0.98 * top) jobsAtHighestLimit += 1;
    for (const row of job) {
      networkOf.push(networks.indexOf(row.network));
      capRatio.push(Math.min(1, row.limitW / drawW));
      speedRatio.push(epochSeconds / row.epochSeconds);
    }
  }
  return {
    networks,
    networkOf: Int32Array.from(networkOf),
    capRatio: Float64Array.from(capRatio),
    speedRatio: Float64Array.from(speedRatio),
    jobs: used.length,
    jobsLeftOut: jobs.length - used.length,
    jobsAtHighestLimit,
  };
}

/** Points of several sweeps as those of one. */
export function pooled(sweeps: readonly SweepPoints[]): SweepPoints {
  const networks = [...new Set(sweeps.flatMap((sweep) => sweep.networks))];
  const sum = (field: 'jobs' | 'jobsLeftOut' | 'jobsAtHighestLimit'): number => sweeps.reduce((total, sweep) => total + sweep[field], 0);
  return {
    networks,
    networkOf: Int32Array.from(
      sweeps.flatMap((sweep) => Array.from(sweep.networkOf, (index) => networks.indexOf(sweep.networks[index] ?? ''))),
    ),
    capRatio: Float64Array.from(sweeps.flatMap((sweep) => Array.from(sweep.capRatio))),
    speedRatio: Float64Array.from(sweeps.flatMap((sweep) => Array.from(sweep.speedRatio))),
    jobs: sum('jobs'),
    jobsLeftOut: sum('jobsLeftOut'),
    jobsAtHighestLimit: sum('jobsAtHighestLimit'),
  };
}

/**
 * The curve throughput = ((p - s)/(1 - s))^(1/a) with the least sum of squares over points. Needs one point or more. A grid over s of
 * 0..0.95 and 1/a of 0.01..2 names the three best starts, the simplex method refines each (`leastOfTwo`): deterministic, and no other
 * local minimum of the grid is missed. Source of the form: docs/model.md, Clusters.
 */
export function fitCapCurve(points: SweepPoints): CapFit {
  const curve = leastSquaresCurve(points.capRatio, points.speedRatio);
  const errors = points.speedRatio.map((speed, i) => speed - throughputRatio(curve, at(points.capRatio, i)));
  const count = errors.length;
  return {
    ...curve,
    points: count,
    rmse: capRmse(curve, points),
    bias: errors.reduce((sum, error) => sum + error, 0) / count,
    largestError: errors.reduce((most, error) => Math.max(most, Math.abs(error)), 0),
    heldOutRmse: points.networks.length < 2 ? null : heldOutRmse(points),
  };
}

/** Root mean square error of a curve on points, as a share of full speed. */
export function capRmse(curve: CapCurve, points: SweepPoints): number {
  return rmseOf(points.speedRatio, (i) => throughputRatio(curve, at(points.capRatio, i)));
}

function leastSquaresCurve(capRatio: Float64Array, speedRatio: Float64Array): CapCurve {
  const curveOf = ([staticRatio, bend]: Pair): CapCurve => ({ staticRatio, capExponent: 1 / bend });
  const error = (point: Pair): number => {
    if (point[0] < 0 || point[0] > highest.staticRatio || point[1] < leastBend || point[1] > highest.bend) return Number.POSITIVE_INFINITY;
    const curve = curveOf(point);
    return rmseOf(speedRatio, (i) => throughputRatio(curve, at(capRatio, i)));
  };
  const starts: { point: Pair; value: number }[] = [];
  for (let s = 0; s <= highest.staticRatio + 1e-9; s += 0.05) {
    for (let bend = leastBend; bend <= highest.bend; bend += bend < 0.5 ? 0.03 : 0.25) {
      const point: Pair = [Math.min(s, highest.staticRatio), bend];
      starts.push({ point, value: error(point) });
    }
  }
  const refined = starts
    .sort((a, b) => a.value - b.value)
    .slice(0, 3)
    .map(({ point }) => leastOfTwo(point, [point[0] > 0.5 ? -0.03 : 0.03, point[1] > 1 ? -0.02 : 0.02], error));
  return curveOf(refined.reduce((least, other) => (other.value < least.value ? other : least)).point);
}

function heldOutRmse(points: SweepPoints): number {
  let sum = 0;
  for (let network = 0; network < points.networks.length; network++) {
    const isOther = (_: number, i: number): boolean => points.networkOf[i] !== network;
    const curve = leastSquaresCurve(points.capRatio.filter(isOther), points.speedRatio.filter(isOther));
    points.networkOf.forEach((of, i) => {
      if (of === network) sum += (at(points.speedRatio, i) - throughputRatio(curve, at(points.capRatio, i))) ** 2;
    });
  }
  return Math.sqrt(sum / points.networkOf.length);
}

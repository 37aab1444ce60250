import { throughputRatio } from '../cluster/throughput.js';
import { floatAt } from '../grid/dense.js';

/** How training gives way in an hour. */
export const policies = ['pause', 'cap'] as const;
export type Policy = (typeof policies)[number];

/** What training draws and how it slows; shares of the load of the site. */
export interface TrainingLoad {
  /** What a paused accelerator still draws of its share. */
  readonly idleRatio: number;
  readonly staticRatio: number;
  readonly capExponent: number;
  /** Lowest cap; beyond it accelerators are paused. */
  readonly capFloorRatio: number;
  /** Work lost by the whole site for each event in which something was paused, hours. */
  readonly restartHours: number;
}

/** Training of docs/model.md: paused 0.20 (assumed), curve fitted to measured sweeps, caps down to one half. */
export const plainTraining: TrainingLoad = { idleRatio: 0.2, staticRatio: 0.39, capExponent: 4, capFloorRatio: 0.5, restartHours: 1 / 6 };

/** Accelerators' share of the load of a site. Source: docs/model.md, Clusters. */
const acceleratorRatio = 0.6;

/** What curtailment costs a site of training. */
export interface TrainingCost {
  readonly policy: Policy;
  /** Share of the work of full speed that is lost, mean of the years. */
  readonly lostRatio: number;
  /** What cannot be given even with everything paused: on-site backup, or all off. */
  readonly residualHours: number;
  readonly residualMwh: number;
  readonly residualMw: number;
}

/**
 * Work lost over hours of curtailment, [hours], as shares of the load. `pause`: just as many accelerators as needed stand still. `cap`: all
 * are capped, below the floor some are paused as well; with `restartHours` 0 resuming costs nothing.
 */
export function trainingCost(
  curtailedRatio: Float64Array,
  newLoadMw: number,
  how: { readonly policy: Policy; readonly training: TrainingLoad },
): TrainingCost {
  const { policy, training } = how;
  const mostRatio = 1 - training.idleRatio;
  let [lostHours, residualHours, residualMwh, residualMw] = [0, 0, 0, 0];
  let isPaused = false;
  for (let hour = 0; hour < curtailedRatio.length; hour++) {
    const ratio = floatAt(curtailedRatio, hour);
    const own = hourOf(ratio, policy, training);
    lostHours += 1 - own.speedRatio;
    // One restart for each time in which something stood still.
    if (isPaused && own.pausedRatio === 0) lostHours += training.restartHours;
    isPaused = own.pausedRatio > 0;
    if (ratio <= mostRatio) continue;
    const mw = (ratio - mostRatio) * newLoadMw;
    residualHours++;
    residualMwh += mw;
    residualMw = Math.max(residualMw, mw);
  }
  if (isPaused) lostHours += training.restartHours;
  return { policy, lostRatio: lostHours / curtailedRatio.length, residualHours, residualMwh, residualMw };
}

/** Speed and paused share of an hour in which this share of the load is taken away. */
export function hourOf(
  curtailedRatio: number,
  policy: Policy,
  training: TrainingLoad,
): { readonly speedRatio: number; readonly pausedRatio: number } {
  const { idleRatio, capFloorRatio } = training;
  if (policy === 'pause') {
    const pausedRatio = Math.min(1, curtailedRatio / (1 - idleRatio));
    return { speedRatio: 1 - pausedRatio, pausedRatio };
  }
  const cappedRatio = acceleratorRatio * (1 - capFloorRatio);
  const curve = { ...training, facilityMw: 1 };
  if (curtailedRatio <= cappedRatio) return { speedRatio: throughputRatio(curve, 1 - curtailedRatio / acceleratorRatio), pausedRatio: 0 };
  const pausedRatio = Math.min(1, (curtailedRatio - cappedRatio) / (1 - cappedRatio - idleRatio));
  return { speedRatio: (1 - pausedRatio) * throughputRatio(curve, capFloorRatio), pausedRatio };
}

/** Hour in which a run that begins at `fromHour` has made so many hours of work at full speed; null: not within the hours. */
export function endOfRun(
  curtailedRatio: Float64Array,
  run: { readonly fromHour: number; readonly workHours: number; readonly policy: Policy; readonly training: TrainingLoad },
): number | null {
  let left = run.workHours;
  let isPaused = false;
  for (let hour = run.fromHour; hour < curtailedRatio.length; hour++) {
    const { speedRatio, pausedRatio } = hourOf(floatAt(curtailedRatio, hour), run.policy, run.training);
    if (isPaused && pausedRatio === 0) left += run.training.restartHours;
    isPaused = pausedRatio > 0;
    if (speedRatio >= left) return hour + (speedRatio > 0 ? left / speedRatio : 0);
    left -= speedRatio;
  }
  return null;
}

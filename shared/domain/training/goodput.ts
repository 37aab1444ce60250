import { draw } from '../random.js';

/** Accelerator-hours per failure of a large synchronous run: 419 failures of 16,384 accelerators in 54 days (docs/power.md). */
export const acceleratorHoursPerFailure = 50_677;

/** Times of a run that saves and fails, in seconds. */
export interface FailingRun {
  /** Mean time to failure, failures being exponential. */
  readonly failureSeconds: number;
  /** Work between two saves. */
  readonly workSeconds: number;
  /** How long a save stops the work. */
  readonly saveSeconds: number;
  /** From a failure to work again: detection, new start and reading the checkpoint. */
  readonly restartSeconds: number;
}

/** Where the time of simulated segments went, seconds; the four parts sum to the whole. */
export interface Goodput {
  readonly segments: number;
  readonly failures: number;
  readonly failuresInWork: number;
  readonly failuresInSave: number;
  readonly failuresInRestart: number;
  readonly usefulSeconds: number;
  readonly savingSeconds: number;
  readonly lostSeconds: number;
  readonly restartingSeconds: number;
  readonly wallSeconds: number;
  /** Useful time by wall time, 0..1. */
  readonly efficiency: number;
  /** Standard error of `efficiency` over the segments. */
  readonly standardError: number;
}

/** Mean time to failure in seconds of a run on some accelerators. */
export function failureSecondsOf(accelerators: number, hoursPerFailure: number = acceleratorHoursPerFailure): number {
  return (hoursPerFailure / accelerators) * 3_600;
}

/** Seconds of work between saves by Young (Communications of the ACM 17(9), 1974): sqrt(2 C M). */
export function youngSeconds({ failureSeconds, saveSeconds }: Omit<FailingRun, 'workSeconds'>): number {
  return Math.sqrt(2 * saveSeconds * failureSeconds);
}

/** Seconds of work between saves that keep a run most available: C + sqrt(2 (M + R) C + C^2) (NVIDIA, 2024). */
export function availabilitySeconds({ failureSeconds, saveSeconds, restartSeconds }: Omit<FailingRun, 'workSeconds'>): number {
  return saveSeconds + Math.sqrt(2 * (failureSeconds + restartSeconds) * saveSeconds + saveSeconds ** 2);
}

/** Efficiency, 0..1, with failures in work, save and restart: T / (M e^(R/M) (e^((T + C)/M) - 1)) (Daly, FGCS 22(3), 2006). */
export function dalyEfficiency({ failureSeconds, workSeconds, saveSeconds, restartSeconds }: FailingRun): number {
  const segment = Math.expm1((workSeconds + saveSeconds) / failureSeconds);
  return workSeconds / (failureSeconds * Math.exp(restartSeconds / failureSeconds) * segment);
}

/** The same when nothing fails during a restart: T / ((M + R) (e^((T + C)/M) - 1) ), with R counted once a failure. */
export function spareRestartEfficiency({ failureSeconds, workSeconds, saveSeconds, restartSeconds }: FailingRun): number {
  return workSeconds / ((failureSeconds + restartSeconds) * Math.expm1((workSeconds + saveSeconds) / failureSeconds));
}

/** First order in C/T and T/M: 1 - C/T - (T/2 + R)/M; may fall below 0 where it no longer holds. */
export function firstOrderEfficiency({ failureSeconds, workSeconds, saveSeconds, restartSeconds }: FailingRun): number {
  return 1 - saveSeconds / workSeconds - (workSeconds / 2 + restartSeconds) / failureSeconds;
}

/** Seconds at work, in save or in restart until a failure of a run, counted from 1: exponential, a draw of its own key. */
export function untilFailureSeconds(
  { seed, entity, number }: { readonly seed: number; readonly entity: string; readonly number: number },
  failureSeconds: number,
): number {
  return -failureSeconds * Math.log1p(-draw({ seed, component: 'training', entity, purpose: 'failure', n: number - 1 }));
}

/** What a simulation needs beside the run. */
export interface Sampling {
  readonly seed: number;
  /** Names the draws of this run: other runs of one seed draw others. */
  readonly entity: string;
  readonly segments: number;
  /** False leaves restarts untouched by failures, for comparison; true otherwise. */
  readonly failsInRestart: boolean;
}

/**
 * Plays segments of work and save one after another against failures at exponential times: a failure in work or save throws the segment
 * back to its start after a restart, a failure in a restart begins the restart anew. Each failure time is a draw of its own key.
 * @throws RangeError when a segment is not done after a million failures: the run makes no progress.
 */
export function simulateGoodput(run: FailingRun, { seed, entity, segments, failsInRestart }: Sampling): Goodput {
  const { workSeconds, saveSeconds, restartSeconds, failureSeconds } = run;
  let drawn = 0;
  const nextFailure = (): number => untilFailureSeconds({ seed, entity, number: ++drawn }, failureSeconds);
  let [untilFailure, lost, restarting, squares] = [nextFailure(), 0, 0, 0];
  let [inWork, inSave, inRestart] = [0, 0, 0];
  for (let segment = 0; segment < segments; segment++) {
    const [before, failedBefore] = [lost + restarting, inWork + inSave + inRestart];
    while (untilFailure < workSeconds + saveSeconds) {
      lost += untilFailure;
      if (untilFailure < workSeconds) inWork += 1;
      else inSave += 1;
      untilFailure = nextFailure();
      while (failsInRestart && untilFailure < restartSeconds) {
        restarting += untilFailure;
        inRestart += 1;
        untilFailure = nextFailure();
        if (inWork + inSave + inRestart - failedBefore > 1e6) throw noProgress();
      }
      restarting += restartSeconds;
      if (failsInRestart) untilFailure -= restartSeconds;
      if (inWork + inSave + inRestart - failedBefore > 1e6) throw noProgress();
    }
    untilFailure -= workSeconds + saveSeconds;
    squares += (lost + restarting - before) ** 2;
  }
  const usefulSeconds = segments * workSeconds;
  const savingSeconds = segments * saveSeconds;
  const wallSeconds = usefulSeconds + savingSeconds + lost + restarting;
  const meanExtra = (lost + restarting) / segments;
  const efficiency = usefulSeconds / wallSeconds;
  const deviation = Math.sqrt(Math.max(0, squares / segments - meanExtra ** 2));
  return {
    segments,
    failures: inWork + inSave + inRestart,
    failuresInWork: inWork,
    failuresInSave: inSave,
    failuresInRestart: inRestart,
    usefulSeconds,
    savingSeconds,
    lostSeconds: lost,
    restartingSeconds: restarting,
    wallSeconds,
    efficiency,
    standardError: (efficiency * deviation) / (Math.sqrt(segments) * (wallSeconds / segments)),
  };
}

function noProgress(): RangeError {
  return new RangeError('a segment was not done after a million failures: work and save take far longer than the mean time to failure');
}

import type { Run } from '../../scenario/schema.js';
import { minuteMs } from '../ticks.js';
import { clocked, keptRatio } from './hazard.js';
import { energyBetween, evenFromMs, finalPower, forget } from './powerPath.js';
import type { Ahead, Progress, RunWork } from './state.js';
import { capAt, fullSpeedMs, throughputRatio } from './throughput.js';

/** Baselines look this far back. Source: docs/model.md, Clusters. */
export const baselineWindowMs = 60 * minuteMs;

/** Steps a run makes in a millisecond at a facility power in MW, less what its periodic checkpoints stall. */
export function stepsPerMs(run: Run, powerMw: number): number {
  return throughputRatio(run, capAt(run, powerMw)) * stepsPerFullMs(run);
}

/** The same less what failures are expected to cost, see `keptRatio`. */
export function expectedStepsPerMs(run: Run, powerMw: number): number {
  return keptRatio(run) * stepsPerMs(run, powerMw);
}

/** What a run has done and saved by an instant at or after its stand, if nothing happens to it before. */
export function progressAt(run: Run, work: RunWork, atMs: number): Progress {
  const { stand } = work;
  const fromMs = Math.max(stand.atMs, work.workFromMs);
  const toMs = work.workUntilMs === null ? atMs : Math.min(atMs, work.workUntilMs);
  if (work.mode !== 'running' || toMs <= fromMs) return stand;
  const savedMs = lastCheckpointMs(checkpointPeriodMs(run), stand.checkpointAtMs, toMs);
  const steps = stepsBy(run, work, fromMs, toMs);
  if (savedMs <= stand.checkpointAtMs || savedMs < fromMs) return { ...stand, steps };
  const checkpointedSteps = Math.max(stand.checkpointedSteps, Math.floor(stepsBy(run, work, fromMs, savedMs)));
  return { steps, checkpointedSteps, checkpointAtMs: savedMs };
}

/** Energy of a run since its curtailment began, MW ms, by an instant at or after its stand; 0 when it is not curtailed. */
export function curtailedMwMs({ curtailment, path, stand }: RunWork, atMs: number): number {
  return curtailment === null ? 0 : curtailment.energyMwMs + energyBetween(path, stand.atMs, atMs);
}

/** What may be changed about a run; what lies ahead follows from the rest. */
export type RunChange = Partial<Omit<RunWork, 'run' | 'ahead'>>;

/** A run after a change at an instant, where it now stands; of its past only the power that a baseline needs is kept. */
export function changed(run: Run, work: RunWork, atMs: number, change: RunChange): RunWork {
  const next: { -readonly [Field in keyof RunWork]: RunWork[Field] } = { ...work, ...standingAt(run, work, atMs), ...change };
  next.path = forget(next.path, next.stand.atMs - baselineWindowMs);
  if (next.failure !== undefined) next.failure = clocked(next.failure, next.mode === 'running', next.stand.atMs);
  next.ahead = aheadOf(run, next);
  return next;
}

function standingAt(run: Run, work: RunWork, atMs: number): Pick<RunWork, 'stand' | 'curtailment'> {
  const { stand, curtailment } = work;
  if (atMs <= stand.atMs) return { stand, curtailment };
  const { steps, checkpointedSteps, checkpointAtMs } = progressAt(run, work, atMs);
  return {
    stand: { atMs, steps, checkpointedSteps, checkpointAtMs },
    curtailment: curtailment === null ? null : { ...curtailment, energyMwMs: curtailedMwMs(work, atMs) },
  };
}

/** What lies ahead of a run from its stand on. */
export function aheadOf(run: Run, work: Omit<RunWork, 'ahead'>): Ahead {
  const { stand, path, pending } = work;
  const failureMs = work.failure?.kind === 'due' ? work.failure.atMs : null;
  const stepMs = earlier(pending[0]?.atMs ?? null, failureMs);
  const isRunning = work.mode === 'running';
  const restMs = isRunning ? Math.max(evenFromMs(path), work.workFromMs) : evenFromMs(path);
  const isAtRest = restMs <= stand.atMs && work.workUntilMs === null;
  const restPerMs = isRunning ? stepsPerMs(run, finalPower(path)) : 0;
  const mostPerMs = isAtRest ? restPerMs : isRunning ? stepsPerFullMs(run) : 0;
  const leftMs = (run.totalSteps - stand.steps) / mostPerMs;
  return {
    stepsPerMs: isAtRest ? restPerMs : null,
    nextMs: restMs <= stand.atMs ? stepMs : earlier(restMs, stepMs),
    doneMs: mostPerMs > 0 ? Math.floor(Math.max(stand.atMs, work.workFromMs) + leftMs) : null,
  };
}

function earlier(oneMs: number | null, otherMs: number | null): number | null {
  return oneMs === null || otherMs === null ? (oneMs ?? otherMs) : Math.min(oneMs, otherMs);
}

/** Time between the periodic checkpoints of a run, ms. */
export function checkpointPeriodMs(run: Run): number {
  return run.checkpointMinutes * minuteMs;
}

/** Instant of the newest periodic checkpoint by an instant, given an earlier one. */
export function lastCheckpointMs(periodMs: number, checkpointAtMs: number, byMs: number): number {
  return checkpointAtMs + Math.floor((byMs - checkpointAtMs) / periodMs) * periodMs;
}

/** Steps by an instant of a run that works on from `fromMs`. */
function stepsBy(run: Run, { path, stand, ahead }: RunWork, fromMs: number, atMs: number): number {
  const madeSteps =
    ahead.stepsPerMs === null ? fullSpeedMs(run, path, fromMs, atMs) * stepsPerFullMs(run) : ahead.stepsPerMs * (atMs - fromMs);
  return Math.min(run.totalSteps, stand.steps + madeSteps);
}

/** Steps in a millisecond at full speed. */
function stepsPerFullMs(run: Run): number {
  return movingRatio(run) / (run.stepSeconds * 1000);
}

/** Share of its time a run moves between periodic checkpoints. */
function movingRatio(run: Run): number {
  return Math.max(0, 1 - run.saveSeconds / (run.checkpointMinutes * 60));
}

import type { Run } from '../../scenario/schema.js';
import { toWire } from '../ticks.js';
import { clocked, failureAhead } from './hazard.js';
import { changed, checkpointPeriodMs } from './progress.js';
import type { Draft, RunStep, RunWork, Site } from './state.js';

/** Where a failure strikes. */
type Struck = 'work' | 'save' | 'restart';

/** Whether the next failure of a run is due by an instant. */
export function isFailing({ failure }: RunWork, atMs: number): boolean {
  return failure !== undefined && failure.kind === 'due' && failure.atMs <= atMs;
}

/**
 * Lets a run settled at the instant of a failure fail: it falls back to its last checkpoint and stands still for its restart, which begins
 * anew when it was under way; its power stays on its path, so that what was promised to the grid is kept. A failure in the save ahead of a
 * pause lets it pause at once: it restarts when it is resumed. A run that has made its last step has nothing to lose.
 */
export function strike(draft: Draft, site: Site, run: Run, work: RunWork): RunWork {
  const { failure, stand } = work;
  const next = failure === undefined ? null : failureAhead(draft.frame.seed, run, failure.number + 1);
  if (failure === undefined || next === null) return work;
  const { atMs, steps, checkpointedSteps, checkpointAtMs } = stand;
  if (steps >= run.totalSteps) {
    return changed(run, work, atMs, { failure: { kind: 'due', number: failure.number, atMs: draft.endMs } });
  }
  const during = struckIn(run, work);
  const isPausing = isSavingForPause(work);
  const readyMs = atMs + Math.round(run.restartSeconds * 1_000);
  draft.sayings.push({
    type: 'cluster.failure.v1',
    region: site.region,
    entity: run.id,
    timeMs: atMs,
    data: {
      campus: site.campus.id,
      number: failure.number,
      during,
      checkpointedSteps,
      lostSteps: Math.max(0, Math.floor(steps) - checkpointedSteps),
      lostSeconds: steps > checkpointedSteps ? (atMs - checkpointAtMs) / 1_000 : 0,
      readyTime: isPausing ? null : toWire(readyMs),
    },
  });
  const fallen = { atMs, steps: checkpointedSteps, checkpointedSteps };
  const ahead = { failure: clocked(next, true, atMs) };
  if (isPausing) return changed(run, work, atMs, { ...ahead, pending: pausedAt(work, atMs), stand: { ...fallen, checkpointAtMs } });
  return changed(run, work, atMs, { ...ahead, workFromMs: readyMs, stand: { ...fallen, checkpointAtMs: readyMs } });
}

/** Steps of a way down that has come to its pause, without the save: it cannot be made. */
export function pausedAt({ pending }: RunWork, atMs: number): readonly RunStep[] {
  return pending.filter(({ kind }) => kind !== 'checkpoint').map((step) => (step.kind === 'pause' ? { ...step, atMs } : step));
}

/** Whether a failure strikes before a save that begins at an instant is done, or the pause behind it comes. */
export function failsInSave(run: Run, { failure, pending }: RunWork, atMs: number): boolean {
  if (failure === undefined || failure.kind !== 'due') return false;
  const savedMs = atMs + Math.round(run.saveSeconds * 1_000);
  const pauseMs = pending.find(({ kind }) => kind === 'pause')?.atMs ?? savedMs;
  return failure.atMs < Math.min(savedMs, pauseMs);
}

function isSavingForPause({ workUntilMs, stand }: RunWork): boolean {
  return workUntilMs !== null && workUntilMs <= stand.atMs;
}

/** A periodic save is the end of its period. */
function struckIn(run: Run, work: RunWork): Struck {
  const { workFromMs, stand } = work;
  if (workFromMs > stand.atMs) return 'restart';
  const isSaving = stand.atMs - stand.checkpointAtMs >= checkpointPeriodMs(run) - run.saveSeconds * 1_000;
  return isSavingForPause(work) || isSaving ? 'save' : 'work';
}

import type { Run } from '../../scenario/schema.js';
import { draw } from '../random.js';
import { failsInSave, pausedAt } from './failures.js';
import { changed } from './progress.js';
import type { Draft, RunStep, RunWork, Site } from './state.js';

type SaveStep = Extract<RunStep, { readonly kind: 'checkpoint' }>;

/** A save ahead of a pause is tried this often; a choice of this model. */
const attemptsMax = 2;

/**
 * Saves the checkpoint ahead of a pause of a run settled at its instant. A save that fails is tried once more, and the pause waits for it;
 * when that fails too the run falls back to the last checkpoint it has and pauses all the same: the load target is kept, work is lost.
 * A run that fails saves nothing while it restarts, nor where its next failure comes before the save is done.
 */
export function saveAtPause(draft: Draft, site: Site, run: Run, work: RunWork, step: SaveStep): RunWork {
  const { atMs, epoch, attempt } = step;
  const isRestarting = work.failure !== undefined && work.workFromMs > atMs;
  if (isRestarting) return changed(run, work, atMs, { pending: pausedAt(work, atMs) });
  const about = { region: site.region, entity: run.id, timeMs: atMs };
  const campus = site.campus.id;
  const pending = work.pending.slice(1);
  if (failsInSave(run, work, atMs)) return changed(run, work, atMs, { pending });
  const { checkpointedSteps, checkpointAtMs, steps } = work.stand;
  if (!fails(draft, run, work, step)) {
    const saved = Math.max(checkpointedSteps, Math.floor(steps));
    const data = { campus, epoch, checkpointedSteps: saved, saveSeconds: run.saveSeconds };
    draft.sayings.push({ ...about, type: 'cluster.checkpoint.v1', data });
    return changed(run, work, atMs, { pending, stand: { atMs, steps: saved, checkpointedSteps: saved, checkpointAtMs: atMs } });
  }
  const failingSaves = Math.max(0, work.failingSaves - 1);
  if (attempt < attemptsMax) {
    draft.sayings.push({ ...about, type: 'cluster.savefailure.v1', data: { campus, epoch, attempt, next: 'retry', lostSteps: 0 } });
    const laterMs = Math.max(1, Math.round(run.saveSeconds * 1000));
    const again: SaveStep = { ...step, atMs: atMs + laterMs, attempt: attempt + 1 };
    return changed(run, work, atMs, { pending: [again, ...pending.map((next) => ({ ...next, atMs: next.atMs + laterMs }))], failingSaves });
  }
  const lostSteps = Math.max(0, Math.floor(steps) - checkpointedSteps);
  draft.sayings.push({ ...about, type: 'cluster.savefailure.v1', data: { campus, epoch, attempt, next: 'fall-back', lostSteps } });
  const fallen = pending.map((next) => (next.kind === 'pause' ? { ...next, lostSteps } : next));
  const stand = { atMs, steps: checkpointedSteps, checkpointedSteps, checkpointAtMs };
  return changed(run, work, atMs, { pending: fallen, stand, failingSaves });
}

/** Whether a save fails: by a drill, else by the draw of its epoch and attempt. */
function fails({ frame }: Draft, run: Run, { failingSaves }: RunWork, { epoch, attempt }: SaveStep): boolean {
  if (failingSaves > 0) return true;
  const { saveFailureRatio = 0 } = run;
  if (saveFailureRatio <= 0) return false;
  const key = { seed: frame.seed, component: 'cluster-demand', entity: run.id, purpose: 'save-failure', n: epoch * attemptsMax + attempt };
  return draw(key) < saveFailureRatio;
}

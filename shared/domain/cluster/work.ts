import type { Run } from '../../scenario/schema.js';
import { powerAt, powerBefore, steer } from './powerPath.js';
import { isFailing, strike } from './failures.js';
import { changed, expectedStepsPerMs, progressAt } from './progress.js';
import { dueRuns, type RestTable } from './restTable.js';
import { saveAtPause } from './saves.js';
import type { Draft, RunStep, RunWork, Site } from './state.js';
import { published, putRun } from './state.js';
import { idleMw } from './throughput.js';

/**
 * Takes every run through the tick to which something happens in it by itself: the steps of its way down, its failures, its coming to rest
 * and its last step. A run at rest is left as it is.
 */
export function workThrough(draft: Draft, table: RestTable): void {
  for (const { site, runs } of dueRuns(table, draft)) {
    for (const index of runs) {
      const work = draft.runs[index];
      const run = draft.frame.runs[index];
      if (work === undefined || run === undefined) continue;
      putRun(draft, index, takeSteps(draft, site, run, work));
      finish(draft, index, run);
    }
  }
}

/** The steps of a way down and the failures before the end of the tick, at their instants. */
function takeSteps(draft: Draft, site: Site, run: Run, before: RunWork): RunWork {
  let work = before;
  for (let atMs = work.ahead.nextMs; atMs !== null && atMs < draft.endMs; atMs = work.ahead.nextMs) {
    work = changed(run, work, atMs, {});
    const step = work.pending[0];
    if (step !== undefined && step.atMs <= atMs) work = takeStep(draft, site, run, work, { ...step, atMs: work.stand.atMs });
    else if (isFailing(work, atMs)) work = strike(draft, site, run, work);
  }
  return work;
}

/** Takes the first pending step of a run settled at its instant. */
function takeStep(draft: Draft, site: Site, run: Run, work: RunWork, step: RunStep): RunWork {
  const { sayings } = draft;
  const pending = work.pending.slice(1);
  const about = { region: site.region, entity: run.id, timeMs: step.atMs };
  const campus = site.campus.id;
  switch (step.kind) {
    case 'throttle': {
      const data = { campus, epoch: step.epoch, capRatio: step.capRatio, powerMw: published(step.powerMw) };
      sayings.push({ ...about, type: 'cluster.throttle.v1', data });
      return changed(run, work, step.atMs, { pending, capRatio: step.capRatio, curtailment: curtailmentFrom(run, work) });
    }
    case 'descend':
      return changed(run, work, step.atMs, { pending, curtailment: curtailmentFrom(run, work) });
    case 'checkpoint':
      return saveAtPause(draft, site, run, work, step);
    case 'pause': {
      const data = { campus, epoch: step.epoch, checkpointedSteps: work.stand.checkpointedSteps, lostSteps: step.lostSteps };
      sayings.push({ ...about, type: 'cluster.pause.v1', data });
      return changed(run, work, step.atMs, { pending, mode: 'paused', capRatio: 0, workUntilMs: null });
    }
    case 'cut': {
      const { steps, checkpointedSteps } = work.stand;
      const data = { campus, epoch: step.epoch, checkpointedSteps, lostSteps: Math.max(0, Math.floor(steps) - checkpointedSteps) };
      sayings.push({ ...about, type: 'cluster.pause.v1', data });
      const curtailment = curtailmentFrom(run, work);
      const stand = { ...work.stand, steps: checkpointedSteps };
      return changed(run, work, step.atMs, { pending, mode: 'tripped', capRatio: 0, workUntilMs: null, curtailment, stand });
    }
  }
}

/** What the run gives up from its stand on; what it gives up already goes on. */
function curtailmentFrom(run: Run, { curtailment, path, stand }: RunWork): RunWork['curtailment'] {
  if (curtailment !== null) return curtailment;
  return { fromMs: stand.atMs, startSteps: stand.steps, stepsPerMs: expectedStepsPerMs(run, powerBefore(path, stand.atMs)), energyMwMs: 0 };
}

/** A run that has made all its steps by the end of the tick leaves its accelerators idle. */
function finish(draft: Draft, index: number, run: Run): void {
  const { endMs } = draft;
  const work = draft.runs[index];
  if (work === undefined || work.ahead.doneMs === null || work.ahead.doneMs > endMs) return;
  if (progressAt(run, work, endMs).steps < run.totalSteps) return;
  const lowMw = Math.min(idleMw(run), powerAt(work.path, endMs));
  const done = changed(run, work, endMs, {
    mode: 'finished',
    path: steer(work.path, endMs, endMs, lowMw),
    capRatio: 1,
    rise: null,
    pending: [],
    workUntilMs: null,
    curtailment: null,
    stand: { atMs: endMs, steps: run.totalSteps, checkpointedSteps: run.totalSteps, checkpointAtMs: endMs },
  });
  putRun(draft, index, done);
}

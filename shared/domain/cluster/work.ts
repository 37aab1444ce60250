import type { Run } from '../../scenario/schema.js';
import type { Saying } from '../fact.js';
import { minuteMs } from '../ticks.js';
import { energyBetween, flatPath, meanPower, powerAt, powerBefore } from './powerPath.js';
import type { Draft, RunAt, RunStep, RunWork, Site } from './state.js';
import { published, setRun } from './state.js';
import { capAt, fullSpeedMs, idleMw, throughputRatio } from './throughput.js';

/** Baselines look this far back. Source: docs/model.md, Clusters. */
const baselineWindowMs = 60 * minuteMs;

/** Steps a run makes in a millisecond at a facility power in MW, less what its periodic checkpoints stall. */
export function stepsPerMs(run: Run, powerMw: number): number {
  return (throughputRatio(run, capAt(run, powerMw)) * movingRatio(run)) / (run.stepSeconds * 1000);
}

/** Share of its time a run moves between periodic checkpoints. */
function movingRatio(run: Run): number {
  return Math.max(0, 1 - run.saveSeconds / (run.checkpointMinutes * 60));
}

/** Takes one run through the tick: the steps of its way down at their instants, its energy and its progress in between. */
export function workThrough(draft: Draft, site: Site, { index, run, work: before }: RunAt): void {
  let work = before;
  let cursorMs = draft.startMs;
  for (const step of before.pending) {
    if (step.atMs >= draft.endMs) break;
    const atMs = Math.max(step.atMs, cursorMs);
    work = takeStep(draft.sayings, site, run, spend(run, work, cursorMs, atMs), { ...step, atMs });
    cursorMs = atMs;
  }
  work = spend(run, work, cursorMs, draft.endMs);
  const meanMw = meanPower(work.path, draft.startMs, draft.endMs);
  const kept = Math.max(1, Math.ceil(baselineWindowMs / (draft.endMs - draft.startMs)));
  const isDone = work.mode === 'running' && work.steps >= run.totalSteps;
  const end = isDone ? finished(run, work, draft.endMs) : work;
  setRun(draft, index, { ...end, recentMw: [...work.recentMw, meanMw].slice(-kept) });
}

/** Energy and progress of a run between two instants of which none lies past a step of its way down. */
function spend(run: Run, work: RunWork, fromMs: number, toMs: number): RunWork {
  if (toMs <= fromMs) return work;
  const { curtailment } = work;
  const energyMwMs = curtailment === null ? 0 : energyBetween(work.path, fromMs, toMs);
  const spent = curtailment === null ? work : { ...work, curtailment: { ...curtailment, energyMwMs: curtailment.energyMwMs + energyMwMs } };
  const beginMs = Math.max(fromMs, work.workFromMs);
  const endMs = Math.min(toMs, work.workUntilMs ?? toMs);
  if (work.mode !== 'running' || endMs <= beginMs) return spent;
  const stepsUntil = (atMs: number): number =>
    Math.min(run.totalSteps, work.steps + (fullSpeedMs(run, work.path, beginMs, atMs) * movingRatio(run)) / (run.stepSeconds * 1000));
  const periodMs = run.checkpointMinutes * minuteMs;
  const savedMs = work.checkpointAtMs + Math.floor((endMs - work.checkpointAtMs) / periodMs) * periodMs;
  const isSaved = savedMs > work.checkpointAtMs && savedMs >= beginMs;
  return {
    ...spent,
    steps: stepsUntil(endMs),
    checkpointedSteps: isSaved ? Math.max(work.checkpointedSteps, Math.floor(stepsUntil(savedMs))) : work.checkpointedSteps,
    checkpointAtMs: isSaved ? savedMs : work.checkpointAtMs,
  };
}

function takeStep(sayings: Saying[], site: Site, run: Run, work: RunWork, step: RunStep): RunWork {
  const rest = {
    ...work,
    pending: work.pending.filter((other) => other.atMs > step.atMs || (other.atMs === step.atMs && other.kind !== step.kind)),
  };
  const about = { region: site.region, entity: run.id, timeMs: step.atMs };
  const campus = site.campus.id;
  switch (step.kind) {
    case 'throttle': {
      const data = { campus, epoch: step.epoch, capRatio: step.capRatio, powerMw: published(step.powerMw) };
      sayings.push({ ...about, type: 'cluster.throttle.v1', data });
      return { ...curtailed(run, rest, step.atMs), capRatio: step.capRatio };
    }
    case 'descend':
      return curtailed(run, rest, step.atMs);
    case 'checkpoint': {
      const checkpointedSteps = Math.max(rest.checkpointedSteps, Math.floor(rest.steps));
      const data = { campus, epoch: step.epoch, checkpointedSteps, saveSeconds: run.saveSeconds };
      sayings.push({ ...about, type: 'cluster.checkpoint.v1', data });
      return { ...rest, steps: checkpointedSteps, checkpointedSteps, checkpointAtMs: step.atMs };
    }
    case 'pause': {
      const data = { campus, epoch: step.epoch, checkpointedSteps: rest.checkpointedSteps, lostSteps: 0 };
      sayings.push({ ...about, type: 'cluster.pause.v1', data });
      return { ...rest, mode: 'paused', capRatio: 0, workUntilMs: null };
    }
  }
}

function curtailed(run: Run, work: RunWork, atMs: number): RunWork {
  if (work.curtailment !== null) return work;
  const stepsInMs = stepsPerMs(run, powerBefore(work.path, atMs));
  return { ...work, curtailment: { fromMs: atMs, startSteps: work.steps, stepsPerMs: stepsInMs, energyMwMs: 0 } };
}

/** A run that has made all its steps leaves its accelerators idle. */
function finished(run: Run, work: RunWork, atMs: number): RunWork {
  const lowMw = Math.min(idleMw(run), powerAt(work.path, atMs));
  return {
    ...work,
    mode: 'finished',
    path: flatPath(atMs, lowMw),
    capRatio: 1,
    rise: null,
    pending: [],
    workUntilMs: null,
    curtailment: null,
    steps: run.totalSteps,
    checkpointedSteps: run.totalSteps,
    checkpointAtMs: atMs,
  };
}

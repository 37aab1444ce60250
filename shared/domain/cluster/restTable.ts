import type { FactDataOf } from '../fact.js';
import type { Run } from '../../scenario/schema.js';
import { floatAt } from '../grid/dense.js';
import { evenFromMs, finalPower, meanPower, powerBefore } from './powerPath.js';
import { checkpointPeriodMs, lastCheckpointMs, progressAt } from './progress.js';
import { published, type Draft, type RunWork, type Site } from './state.js';
import { runStateAt } from './states.js';

type ToldRun = FactDataOf['cluster.progress.v1']['runs'][number];

/**
 * What is true of runs at rest, number beside number, so that telling of a thousand of them does not visit a thousand states. It follows
 * from the states alone: remembering it changes speed and nothing else.
 */
export interface RestTable {
  /** [runs]: state a row was made of. */
  readonly works: (RunWork | null)[];
  /** [runs]: what was told last since it came to rest; null: nothing. */
  readonly told: (ToldRun | null)[];
  /** [runs][fields]: see `places`; `sinceMs` is infinite for a run that is under way or waits to go up, `wakeMs` when nothing lies ahead. */
  readonly rows: Float64Array;
}

const places = {
  sinceMs: 0,
  wakeMs: 1,
  powerMw: 2,
  steps: 3,
  stepsPerMs: 4,
  checkpointedSteps: 5,
  checkpointAtMs: 6,
  periodMs: 7,
} as const;
const width = 8;

/** A table that knows no run yet. */
export function restTable(runs: readonly Run[]): RestTable {
  return { works: runs.map(() => null), told: runs.map(() => null), rows: new Float64Array(width * runs.length) };
}

/** Whether something may happen to a run by itself before the end of the tick of a draft. */
export function isDue(table: RestTable, draft: Draft, index: number): boolean {
  const work = draft.runs[index];
  if (work === undefined) return false;
  rowOf(table, draft, index, work);
  return floatAt(table.rows, width * index + places.wakeMs) <= draft.endMs;
}

/** Whether every run of a site is at rest since before the tick of a draft, and none of them waits to go up. */
export function isQuiet(table: RestTable, draft: Draft, site: Site): boolean {
  for (const index of site.runs) {
    const work = draft.runs[index];
    if (work !== undefined && rowOf(table, draft, index, work) < 0) return false;
  }
  return true;
}

/** Training power of a site in the tick of a draft and just before its end, MW. */
export function trainingMw(table: RestTable, draft: Draft, site: Site): { readonly meanMw: number; readonly endMw: number } {
  let [meanMw, endMw] = [0, 0];
  for (const index of site.runs) {
    const work = draft.runs[index];
    if (work === undefined) continue;
    const row = rowOf(table, draft, index, work);
    const levelMw = row < 0 ? 0 : floatAt(table.rows, row + places.powerMw);
    meanMw += row < 0 ? meanPower(work.path, draft.startMs, draft.endMs) : levelMw;
    endMw += row < 0 ? powerBefore(work.path, draft.endMs) : levelMw;
  }
  return { meanMw, endMw };
}

/** Adds what is told of the runs of a site at the end of the tick of a draft. */
export function tellRuns(table: RestTable, draft: Draft, site: Site, told: ToldRun[]): void {
  for (const index of site.runs) {
    const work = draft.runs[index];
    const run = draft.frame.runs[index];
    if (work === undefined || run === undefined) continue;
    const row = rowOf(table, draft, index, work);
    const last = row < 0 ? null : (table.told[index] ?? null);
    const own = last === null ? tellRun(draft, site, run, work) : tellAtRest(table, row, last, draft.endMs);
    if (row >= 0) table.told[index] = own;
    told.push(own);
  }
}

function tellRun({ startMs, endMs, moves }: Draft, { campus }: Site, run: Run, work: RunWork): ToldRun {
  const { steps, checkpointedSteps } = progressAt(run, work, endMs);
  return {
    run: run.id,
    campus: campus.id,
    state: runStateAt(work, endMs),
    powerMw: published(meanPower(work.path, startMs, endMs)),
    capRatio: work.capRatio,
    completedSteps: Math.floor(steps),
    checkpointedSteps,
    totalSteps: run.totalSteps,
    ...onItsWay(moves.find((move) => move.run === run.id)?.to),
  };
}

function onItsWay(movingTo: string | undefined): Pick<ToldRun, 'movingTo'> {
  return movingTo === undefined ? {} : { movingTo };
}

/** The same as `progressAt` tells, from a row. */
function tellAtRest({ rows }: RestTable, row: number, last: ToldRun, atMs: number): ToldRun {
  const sinceMs = floatAt(rows, row + places.sinceMs);
  const steps = floatAt(rows, row + places.steps);
  const stepsPerMs = floatAt(rows, row + places.stepsPerMs);
  const periodMs = floatAt(rows, row + places.periodMs);
  const { run, campus, state, powerMw, capRatio, totalSteps } = last;
  let checkpointedSteps = floatAt(rows, row + places.checkpointedSteps);
  if (periodMs > 0) {
    const checkpointAtMs = floatAt(rows, row + places.checkpointAtMs);
    const savedMs = lastCheckpointMs(periodMs, checkpointAtMs, atMs);
    if (savedMs > checkpointAtMs && savedMs >= sinceMs)
      checkpointedSteps = Math.max(checkpointedSteps, Math.floor(Math.min(totalSteps, steps + stepsPerMs * (savedMs - sinceMs))));
  }
  const completedSteps = Math.floor(Math.min(totalSteps, steps + stepsPerMs * (atMs - sinceMs)));
  const own = { run, campus, state, powerMw, capRatio, completedSteps, checkpointedSteps, totalSteps };
  return last.movingTo === undefined ? own : { ...own, movingTo: last.movingTo };
}

/** Where the row of a run begins when it has been at rest since before the tick; -1: it has not. */
function rowOf(table: RestTable, draft: Draft, index: number, work: RunWork): number {
  if (table.works[index] !== work) note(table, draft, index, work);
  const row = width * index;
  return floatAt(table.rows, row) <= draft.startMs ? row : -1;
}

function note(table: RestTable, { frame }: Draft, index: number, work: RunWork): void {
  const run = frame.runs[index];
  const { stand, ahead, path } = work;
  table.works[index] = work;
  table.told[index] = null;
  const isAtRest = ahead.stepsPerMs !== null && evenFromMs(path) <= stand.atMs && work.rise === null;
  table.rows.set(
    [
      isAtRest ? stand.atMs : Infinity,
      Math.min(ahead.nextMs ?? Infinity, ahead.doneMs ?? Infinity),
      finalPower(path),
      stand.steps,
      ahead.stepsPerMs ?? 0,
      stand.checkpointedSteps,
      stand.checkpointAtMs,
      run !== undefined && work.mode === 'running' ? checkpointPeriodMs(run) : 0,
    ],
    width * index,
  );
}

import type { FactDataOf } from '../fact.js';
import type { Run } from '../../scenario/schema.js';
import { floatAt } from '../grid/dense.js';
import { evenFromMs, finalPower, meanPower, powerBefore } from './powerPath.js';
import { checkpointPeriodMs, lastCheckpointMs, progressAt } from './progress.js';
import { published, type Draft, type RunWork, type Site } from './state.js';
import { runStateAt } from './states.js';

type ToldRun = FactDataOf['cluster.progress.v1']['runs'][number];

/**
 * What is true of runs at rest and of their sites, number beside number, so that telling of a thousand of them does not visit a thousand
 * states. It follows from the states alone: remembering it changes speed and nothing else.
 */
export interface RestTable {
  /** Runs and frame it was made of last. */
  runs: Draft['runs'] | null;
  frame: Draft['frame'] | null;
  /** [runs]: state a row was made of. */
  readonly works: (RunWork | null)[];
  /** [runs]: what was told last since it came to rest; null: nothing. */
  readonly told: (ToldRun | null)[];
  /** [runs][fields]: see `places`; `sinceMs` is infinite for a run that is under way or waits to go up, `wakeMs` when nothing lies ahead. */
  readonly rows: Float64Array;
  /** [sites][fields]: see `sitePlaces`. */
  readonly siteRows: Float64Array;
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
/** Newest instant at which a run of the site came to rest, first at which something may happen to one, and their power in sum. */
const sitePlaces = { sinceMs: 0, wakeMs: 1, powerMw: 2 } as const;
const siteWidth = 3;

/** A table that knows no run yet. */
export function restTable({ runs, sites }: Draft['frame']): RestTable {
  return {
    runs: null,
    frame: null,
    works: runs.map(() => null),
    told: runs.map(() => null),
    rows: new Float64Array(width * runs.length),
    siteRows: new Float64Array(siteWidth * sites.length),
  };
}

/** Sites with runs to which something may happen by itself before the end of the tick of a draft, and those runs. */
export function dueRuns(table: RestTable, draft: Draft): readonly { readonly site: Site; readonly runs: readonly number[] }[] {
  look(table, draft);
  const { rows, siteRows } = table;
  return draft.frame.sites.flatMap((site) =>
    floatAt(siteRows, siteWidth * site.place + sitePlaces.wakeMs) <= draft.endMs
      ? [{ site, runs: site.runs.filter((index) => floatAt(rows, width * index + places.wakeMs) <= draft.endMs) }]
      : [],
  );
}

/** Sites with runs that are under way since before the tick of a draft, or wait to go up. */
export function busySites(table: RestTable, draft: Draft): readonly Site[] {
  look(table, draft);
  return draft.frame.sites.filter(({ place }) => floatAt(table.siteRows, siteWidth * place + sitePlaces.sinceMs) > draft.startMs);
}

/** Training power of a site in the tick of a draft and just before its end, MW. */
export function trainingMw(table: RestTable, draft: Draft, site: Site): { readonly meanMw: number; readonly endMw: number } {
  look(table, draft);
  const siteRow = siteWidth * site.place;
  const allMw = floatAt(table.siteRows, siteRow + sitePlaces.powerMw);
  if (floatAt(table.siteRows, siteRow + sitePlaces.sinceMs) <= draft.startMs) return { meanMw: allMw, endMw: allMw };
  let [meanMw, endMw] = [0, 0];
  for (const index of site.runs) {
    const work = draft.runs[index];
    if (work === undefined) continue;
    const row = rowOf(table, draft, index);
    const levelMw = row < 0 ? 0 : floatAt(table.rows, row + places.powerMw);
    meanMw += row < 0 ? meanPower(work.path, draft.startMs, draft.endMs) : levelMw;
    endMw += row < 0 ? powerBefore(work.path, draft.endMs) : levelMw;
  }
  return { meanMw, endMw };
}

/** Adds what is told of the runs of a site at the end of the tick of a draft. */
export function tellRuns(table: RestTable, draft: Draft, site: Site, told: ToldRun[]): void {
  look(table, draft);
  for (const index of site.runs) {
    const work = draft.runs[index];
    const run = draft.frame.runs[index];
    if (work === undefined || run === undefined) continue;
    const row = rowOf(table, draft, index);
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
  if (completedSteps === last.completedSteps && checkpointedSteps === last.checkpointedSteps) return last;
  const own = { run, campus, state, powerMw, capRatio, completedSteps, checkpointedSteps, totalSteps };
  return last.movingTo === undefined ? own : { ...own, movingTo: last.movingTo };
}

/** Where the row of a run begins when it has been at rest since before the tick; -1: it has not. */
function rowOf(table: RestTable, draft: Draft, index: number): number {
  const row = width * index;
  return floatAt(table.rows, row) <= draft.startMs ? row : -1;
}

/** Brings the table up to date with a draft; whoever changes a run of it after that changes a copy, see `putRun`. */
function look(table: RestTable, draft: Draft): void {
  if (table.runs === draft.runs && table.frame === draft.frame) return;
  table.runs = draft.runs;
  table.frame = draft.frame;
  draft.ownRuns = null;
  for (const site of draft.frame.sites) {
    let [sinceMs, wakeMs, powerMw] = [-Infinity, Infinity, 0];
    for (const index of site.runs) {
      const work = draft.runs[index];
      if (work === undefined) continue;
      if (table.works[index] !== work) note(table, draft, index, work);
      const row = width * index;
      sinceMs = Math.max(sinceMs, floatAt(table.rows, row + places.sinceMs));
      wakeMs = Math.min(wakeMs, floatAt(table.rows, row + places.wakeMs));
      powerMw += floatAt(table.rows, row + places.powerMw);
    }
    table.siteRows.set([sinceMs, wakeMs, powerMw], siteWidth * site.place);
  }
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

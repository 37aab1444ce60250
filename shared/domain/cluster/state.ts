import type { Campus, Contract, Run, World } from '../../scenario/schema.js';
import type { Fact, Saying } from '../fact.js';
import type { Moved } from '../fleet/moved.js';
import type { InForce } from '../flexibility/inForce.js';
import type { FacilityWork, SiteFacility } from '../facility/site.js';
import type { NextFailure } from './hazard.js';
import type { BentInference } from './bentInference.js';
import type { PowerPath } from './powerPath.js';
import { changed, type RunChange } from './progress.js';

/** Something a run will do at an instant on its way down. */
export type RunStep =
  | { readonly kind: 'throttle'; readonly atMs: number; readonly epoch: number; readonly capRatio: number; readonly powerMw: number }
  | { readonly kind: 'descend'; readonly atMs: number; readonly epoch: number }
  | { readonly kind: 'checkpoint'; readonly atMs: number; readonly epoch: number; readonly attempt: number }
  | { readonly kind: 'pause'; readonly atMs: number; readonly epoch: number; readonly lostSteps: number }
  /** Power is gone: the work since the last checkpoint is lost. */
  | { readonly kind: 'cut'; readonly atMs: number; readonly epoch: number };

/** A way up that is allowed and not done; `mwPerMs` limits a first start, null: only the ramp of the campus does. */
export interface Rise {
  readonly goalMw: number;
  readonly sinceMs: number;
  readonly mwPerMs: number | null;
}

/** What a run gives up since a reduction began for it. */
export interface Curtailment {
  readonly fromMs: number;
  readonly startSteps: number;
  /** Steps it would make in a millisecond without the reduction; expected, where it fails. */
  readonly stepsPerMs: number;
  /** What it has drawn from there to its stand. */
  readonly energyMwMs: number;
}

/** What a run has done and saved. */
export interface Progress {
  readonly steps: number;
  readonly checkpointedSteps: number;
  readonly checkpointAtMs: number;
}

/** Where a run stood when it was last looked at; what it has done since follows from its power, see `progressAt`. */
export interface Stand extends Progress {
  readonly atMs: number;
}

/** What lies ahead of a run if nobody tells it anything; follows from the rest of its state. */
export interface Ahead {
  /** Steps in a millisecond from its stand on when it is at rest: even power, at work or standing still; null: it is under way. */
  readonly stepsPerMs: number | null;
  /** When a step of its way down is due, it comes to rest or it fails; null: never. */
  readonly nextMs: number | null;
  /** It does not make its last step before this; null: never. */
  readonly doneMs: number | null;
}

/** A training run at work. What is true of it at an instant is asked of `progress.ts`; it changes by `setRun` alone. */
export interface RunWork {
  readonly run: string;
  readonly mode: 'waiting' | 'running' | 'paused' | 'tripped' | 'finished';
  /** Power from an hour before its stand on. */
  readonly path: PowerPath;
  readonly capRatio: number;
  readonly rise: Rise | null;
  /** In order of time. */
  readonly pending: readonly RunStep[];
  readonly workFromMs: number;
  /** Instant of the checkpoint ahead of a pause; null: it works on. */
  readonly workUntilMs: number | null;
  readonly stand: Stand;
  readonly ahead: Ahead;
  readonly curtailment: Curtailment | null;
  /** What it drew before the event under way, and in the hour before notice; null: not part of one. */
  readonly reference: { readonly mw: number; readonly baselineMw: number } | null;
  readonly isHeldByPerson: boolean;
  /** So many of its next saves ahead of a pause fail; a drill. */
  readonly failingSaves: number;
  /** Newest commands taken, so that a repeat has no effect. */
  readonly commands: readonly string[];
  /** Absent where the world says nothing of failures. */
  readonly failure?: NextFailure;
}

/** What is asked of a campus by a load target. */
export interface Order {
  readonly epoch: number;
  readonly reductionMw: number;
  /** Part of it that is more than a wish for the best effort. */
  readonly mandatoryMw: number;
  readonly fromMs: number;
  /** Null: released. */
  readonly untilMs: number | null;
  readonly rampMs: number;
  readonly contracts: readonly string[];
}

/** A campus between two ticks. */
export interface CampusWork {
  readonly campus: string;
  /** Limit of its connection when that is whole. */
  readonly limitMw: number;
  readonly isTripped: boolean;
  /** Load targets do not reach it; a drill. */
  readonly isSilent: boolean;
  /** What inference draws: its own demand less what it gives, and what has arrived from elsewhere. */
  readonly inference: PowerPath;
  readonly order: Order;
  /** Newest load target heard and not acted on. */
  readonly heard: Order | null;
  readonly asked: InForce;
  readonly inForce: InForce;
  /** Energized blocks that count in the limit, `<project>/<block>`. */
  readonly blocks: readonly string[];
  /** Absent where its inference gives nothing on load targets. */
  readonly bent?: BentInference;
  /** Absent where the world says nothing of a facility. */
  readonly facility?: FacilityWork;
}

/** A run on its way to another campus; it stands where it was until its checkpoint is there. */
export interface Move {
  readonly run: string;
  readonly from: string;
  readonly to: string;
  readonly bytes: number;
  readonly arrivesAtMs: number;
}

/** All campuses and runs, in the order of the world. */
export interface ClusterState {
  readonly campuses: readonly CampusWork[];
  readonly runs: readonly RunWork[];
  /** Runs on their way, and those that have arrived elsewhere than they began. */
  readonly moves: readonly Move[];
  readonly moved: readonly Moved[];
  /** Commands, audits and blocks heard and not in effect. */
  readonly queue: readonly Fact[];
  /** How many script entries of ours have happened. */
  readonly scriptDone: number;
}

/** The parts of the world that clusters read; changes only by who has moved. */
export interface Frame {
  readonly startMs: number;
  readonly seed: number;
  readonly tickMs: number;
  readonly sites: readonly Site[];
  /** Runs where they are now, and as the world has them. */
  readonly runs: readonly Run[];
  readonly home: readonly Run[];
  readonly linkGbps: number;
  /** Place of each campus among the sites, and of each run among the runs. */
  readonly placeOfCampus: ReadonlyMap<string, number>;
  readonly placeOfRun: ReadonlyMap<string, number>;
  /** Regions with campuses, and the places of their sites. */
  readonly regions: readonly { readonly region: string; readonly sites: readonly number[] }[];
  readonly script: readonly ScriptStep[];
}
export interface Site {
  /** Among the sites of the frame. */
  readonly place: number;
  readonly campus: Campus;
  /** Inference load it would draw at an instant, MW. */
  readonly inferenceMw: (atMs: number) => number;
  readonly region: string;
  readonly facility: SiteFacility | null;
  /** Places of the campus that may serve its inference, and of those it may serve; -1: nobody. */
  readonly host: number;
  readonly guests: readonly number[];
  readonly contracts: readonly Contract[];
  /** Places of its runs in the list of runs. */
  readonly runs: readonly number[];
}
export interface ScriptStep {
  readonly atMs: number;
  readonly action: World['script'][number]['action'];
  readonly target: string;
  readonly destination: string;
}

/** A state being worked on within one phase. */
export interface Draft {
  readonly frame: Frame;
  readonly startMs: number;
  readonly endMs: number;
  readonly campuses: CampusWork[];
  /** Those of the state until one is changed by `putRun`, a copy from then on; null: nobody has changed one of them yet. */
  runs: readonly RunWork[];
  ownRuns: RunWork[] | null;
  readonly moves: Move[];
  readonly sayings: Saying[];
}

/** Place of a campus in the draft, or -1. */
export function campusIndex(draft: Draft, campus: string): number {
  return draft.frame.placeOfCampus.get(campus) ?? -1;
}

/** Place of a run in the draft, or -1. */
export function runIndex(draft: Draft, run: string): number {
  return draft.frame.placeOfRun.get(run) ?? -1;
}

/** Changes one campus of a draft. */
export function setCampus(draft: Draft, index: number, change: Partial<CampusWork>): void {
  const work = draft.campuses[index];
  if (work !== undefined) draft.campuses[index] = { ...work, ...change };
}

/** Changes one run of a draft at the start of its tick. */
export function setRun(draft: Draft, index: number, change: RunChange): void {
  const run = draft.frame.runs[index];
  const work = draft.runs[index];
  if (run !== undefined && work !== undefined) putRun(draft, index, changed(run, work, draft.startMs, change));
}

/** Puts a changed run into a draft. */
export function putRun(draft: Draft, index: number, work: RunWork): void {
  draft.ownRuns ??= [...draft.runs];
  draft.ownRuns[index] = work;
  draft.runs = draft.ownRuns;
}

/** A run of a site with what the world says about it. */
export interface RunAt {
  readonly index: number;
  readonly run: Run;
  readonly work: RunWork;
}

/** Runs of a site as they stand in a draft, in the order of the world. */
export function runsAt(draft: Draft, site: Site): readonly RunAt[] {
  return site.runs.flatMap((index) => {
    const run = draft.frame.runs[index];
    const work = draft.runs[index];
    return run === undefined || work === undefined ? [] : [{ index, run, work }];
  });
}

/** A value of every run of a site, added up in the order of the world. */
export function sumOfRuns(draft: Draft, site: Site, valueOf: (work: RunWork) => number): number {
  let sum = 0;
  for (const index of site.runs) {
    const work = draft.runs[index];
    if (work !== undefined) sum += valueOf(work);
  }
  return sum;
}

/** A power as it is published: at least 0, rounded to 1e-9. */
export function published(value: number): number {
  return Math.max(0, Math.round(value * 1e9) / 1e9) + 0;
}

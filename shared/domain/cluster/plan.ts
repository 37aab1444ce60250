import type { Run } from '../../scenario/schema.js';
import { leastMw, lowestCap, mayPause, slowedMw } from './slowdown.js';
import { idleMw } from './throughput.js';

/** A run that can give power, and the power it would otherwise go on with. */
export interface Candidate {
  readonly index: number;
  readonly run: Run;
  readonly levelMw: number;
}

/** What is done to one run. */
export interface Measure {
  readonly candidate: Candidate;
  readonly kind: 'cap' | 'pause';
  readonly capRatio: number;
  /** Facility power once it is done. */
  readonly levelMw: number;
}

/** Measures and what they free together, MW. */
export interface ReductionPlan {
  readonly measures: readonly Measure[];
  readonly freedMw: number;
}

const toleranceMw = 1e-9;
/** Event length for which pauses are compared. */
const usualEventSeconds = 3600;

/**
 * How to free `wantedMw`: cap every run to one level between 1 and `capFloorRatio`, none below what its class allows; where that is not
 * enough, pause as few of those that may be paused as needed, cheapest first, and cap the others. A floor of 1 means that only pauses are
 * allowed. Frees less only when everything that may be done is done.
 */
export function planReduction(candidates: readonly Candidate[], wantedMw: number, capFloorRatio: number): ReductionPlan {
  const able = candidates.filter(({ run, levelMw }) => levelMw > leastMw(run) + toleranceMw);
  const pausable = able.filter(({ run }) => mayPause(run)).sort(byPauseCost);
  for (let count = 0; count <= pausable.length; count++) {
    const cheapest = pausable.slice(0, count);
    if (!isEnough(able, cheapest, wantedMw, capFloorRatio) && count < pausable.length) continue;
    const paused = withoutSpare(able, cheapest, wantedMw, capFloorRatio);
    const others = able.filter((candidate) => !paused.includes(candidate));
    const missingMw = wantedMw - freedByPause(paused);
    const capRatio = missingMw > 0 ? capThatFrees(others, missingMw, capFloorRatio) : 1;
    const measures = [...paused.map(pauseOf), ...others.flatMap((candidate) => capOf(candidate, capRatio))];
    return { measures, freedMw: measures.reduce((sum, { candidate, levelMw }) => sum + candidate.levelMw - levelMw, 0) };
  }
  return { measures: [], freedMw: 0 };
}

/**
 * Largest reduction up to `boundMw` that these runs at full power can meet exactly: as many paused, cheapest first, as stay below the
 * bound, the others capped. Beyond it one more run would have to be paused for the last few MW.
 */
export function fittingMw(runs: readonly Run[], capFloorRatio: number, boundMw: number): number {
  const able = runs.map((run, index) => ({ index, run, levelMw: run.facilityMw }));
  const pausable = able.filter(({ run }) => mayPause(run)).sort(byPauseCost);
  const reached = Array.from({ length: pausable.length + 1 }, (_, count) => {
    const paused = pausable.slice(0, count);
    const pausedMw = freedByPause(paused);
    const others = able.filter((candidate) => !paused.includes(candidate));
    return pausedMw > boundMw ? 0 : Math.min(boundMw, pausedMw + freedByCap(others, capFloorRatio));
  });
  return Math.max(...reached);
}

/** Work lost per MW freed by an event of usual length, then size, then name. */
function byPauseCost(a: Candidate, b: Candidate): number {
  return pauseCost(a.run) - pauseCost(b.run) || a.run.facilityMw - b.run.facilityMw || (a.run.id < b.run.id ? -1 : 1);
}

function pauseCost(run: Run): number {
  return (usualEventSeconds + run.saveSeconds + run.restartSeconds) / Math.max(toleranceMw, 1 - run.idleRatio);
}

function freedByPause(candidates: readonly Candidate[]): number {
  return candidates.reduce((sum, { run, levelMw }) => sum + levelMw - idleMw(run), 0);
}

function freedByCap(candidates: readonly Candidate[], capRatio: number): number {
  return candidates.reduce((sum, { run, levelMw }) => sum + Math.max(0, levelMw - slowedMw(run, capRatio)), 0);
}

/** Whether pausing some and capping the others to the floor frees a power. */
function isEnough(able: readonly Candidate[], paused: readonly Candidate[], wantedMw: number, capFloorRatio: number): boolean {
  const others = able.filter((candidate) => !paused.includes(candidate));
  return freedByPause(paused) + freedByCap(others, capFloorRatio) >= wantedMw - toleranceMw;
}

/** Leaves out pauses, cheapest first, as long as the rest and caps free enough. */
function withoutSpare(
  able: readonly Candidate[],
  paused: readonly Candidate[],
  wantedMw: number,
  capFloorRatio: number,
): readonly Candidate[] {
  let kept = paused;
  for (const candidate of paused) {
    const rest = kept.filter((other) => other !== candidate);
    if (isEnough(able, rest, wantedMw, capFloorRatio)) kept = rest;
  }
  return kept;
}

/** Highest common cap that frees a power; the floor when none does. */
function capThatFrees(candidates: readonly Candidate[], wantedMw: number, capFloorRatio: number): number {
  if (freedByCap(candidates, capFloorRatio) <= wantedMw) return capFloorRatio;
  let low = capFloorRatio;
  let high = 1;
  for (let halving = 0; halving < 60; halving++) {
    const middle = (low + high) / 2;
    if (freedByCap(candidates, middle) >= wantedMw) low = middle;
    else high = middle;
  }
  return low;
}

function pauseOf(candidate: Candidate): Measure {
  return { candidate, kind: 'pause', capRatio: 0, levelMw: idleMw(candidate.run) };
}

/** A run capped as low as asked and as its class allows; nothing where that frees nothing. */
export function capOf(candidate: Candidate, capRatio: number): readonly Measure[] {
  const ownRatio = lowestCap(candidate.run, capRatio);
  const levelMw = slowedMw(candidate.run, capRatio);
  return levelMw < candidate.levelMw - toleranceMw ? [{ candidate, kind: 'cap', capRatio: ownRatio, levelMw }] : [];
}

import { assert } from '../assert.js';
import { clustersOf } from './clusters.js';
import type { Commitment } from './model.js';
import { brokenLimits, hourOf, scheduleOf, type CommittedHour, type SolvedWindow } from './read.js';
import type { MixedIntegerSolver, PartialSolution } from './solver.js';
import { stateAfter, stateAtStart, type CommitmentState, type Schedule } from './state.js';
import { windowProblem, type LimitRow, type WindowHour, type WindowRequest } from './windowProblem.js';

/** How well a window was solved. */
export interface WindowReport {
  readonly firstHour: number;
  readonly hourCount: number;
  /** Cost of the window with all flow limits, less what no schedule can be below, as a share of that cost. */
  readonly gapRatio: number;
  /** Searches for a schedule, nodes of their trees, and flow limits in the problem at the end. */
  readonly searches: number;
  readonly nodes: number;
  readonly limitRows: number;
}

/** The kept hours of one window, and the state they leave. */
export interface CommittedWindow {
  readonly hours: readonly CommittedHour[];
  readonly state: CommitmentState;
  readonly report: WindowReport;
}

export interface CommitRequest {
  readonly solver: MixedIntegerSolver;
  readonly firstHour: number;
  /** Hours to operate, and the hour that what is given ends before. */
  readonly hourCount: number;
  readonly endHour: number;
  /** Null: the state the network describes. */
  readonly state: CommitmentState | null;
  /** What is given for an hour from `firstHour` up to `endHour`. */
  inputOf(hour: number): WindowHour;
}

/** MW by which a flow may exceed its limit; above the tolerance of the solver, so that the rounds end. */
const flowToleranceMw = 1e-5;
/** Searches for a schedule in one window; each knows the flow limits that the one before broke. */
const mostSearches = 4;
/** Rounds of added flow limits in one search; each adds all that are broken, and one or two are usual. */
const mostRounds = 50;

/**
 * Operates a network hour by hour over rolling windows: each decides on more hours than are kept, and begins in the state that the kept
 * hours of the one before leave. Flow limits enter a window when a solution breaks them; the hours handed out keep all of them.
 */
export function* commit(commitment: Commitment, request: CommitRequest): Generator<CommittedWindow> {
  const { windowHours, keptHours } = commitment.options;
  let state = request.state ?? stateAtStart(commitment);
  const end = request.firstHour + request.hourCount;
  for (let firstHour = request.firstHour; firstHour < end; firstHour += keptHours) {
    const hourCount = Math.min(windowHours, request.endHour - firstHour);
    const hours = Array.from({ length: hourCount }, (_, hour) => request.inputOf(firstHour + hour));
    const { solved, schedule, ...found } = solveWindow(commitment, { state, hours, solver: request.solver });
    const kept = Array.from({ length: Math.min(keptHours, end - firstHour, hourCount) }, (_, hour) => hourOf(solved, { hour, firstHour }));
    const last = kept.at(-1);
    state = stateAfter(state, {
      hours: kept.length,
      schedule,
      outputMw: commitment.committed.map(({ unit }) => last?.generationMw[unit] ?? 0),
      storedMwh: Array.from(last?.storedMwh ?? []),
    });
    yield { hours: kept, state, report: { firstHour, hourCount, ...found } };
  }
}

/**
 * Least-cost operation under a schedule that is given: what it costs, and its prices. Limits of flow, ramp and storage are kept; least times
 * on and off are those of the schedule.
 */
export function dispatchSchedule(
  commitment: Commitment,
  request: WindowInput & { readonly firstHour: number; readonly schedule: Schedule },
): readonly CommittedHour[] {
  const clusters = clustersOf(commitment, request.hours, 'alone');
  const solved = underLimits(commitment, { ...request, clusters, fixed: request.schedule, limitRows: [] });
  return request.hours.map((_, hour) => hourOf(solved, { hour, firstHour: request.firstHour }));
}

interface WindowInput {
  readonly state: CommitmentState;
  readonly hours: readonly WindowHour[];
  readonly solver: MixedIntegerSolver;
}

/** The best schedule found for a window, and its least-cost operation under all flow limits. */
interface Found {
  readonly solved: SolvedWindow;
  readonly schedule: Schedule;
}

function solveWindow(
  commitment: Commitment,
  input: WindowInput,
): Found & { readonly gapRatio: number; readonly searches: number; readonly nodes: number; readonly limitRows: number } {
  const together = { ...input, clusters: clustersOf(commitment, input.hours, 'together'), fixed: null };
  const alone = { ...input, clusters: clustersOf(commitment, input.hours, 'alone') };
  // What the relaxed problem breaks is known before the first search, which is the dear part.
  let limitRows: readonly LimitRow[] =
    commitment.limits.length === 0 ? [] : underLimits(commitment, { ...together, limitRows: [] }).window.limitRows;
  let lowerBound = -Infinity;
  let nodes = 0;
  let best: Found | null = null;
  let start: PartialSolution | null = null;
  for (let searches = 1; ; searches++) {
    const search = solveOnce(commitment, { ...together, limitRows }, { mode: 'whole', start });
    nodes += search.solution.nodes;
    lowerBound = Math.max(lowerBound, search.solution.lowerBound);
    start = wholeValues(search);
    const schedule = scheduleOf(search, input.state);
    const solved = underLimits(commitment, { ...alone, fixed: schedule, limitRows });
    if (best === null || solved.solution.objective < best.solved.solution.objective) best = { solved, schedule };
    const costUsd = best.solved.solution.objective;
    const gapRatio = Math.max(0, costUsd - lowerBound) / Math.max(1, Math.abs(costUsd));
    const wider = union(limitRows, solved.window.limitRows);
    if (gapRatio <= commitment.options.acceptedGapRatio || wider.length === limitRows.length || searches === mostSearches)
      return { ...best, gapRatio, searches, nodes, limitRows: wider.length };
    limitRows = wider;
  }
}

/** Solves a window without whole columns, again with every flow limit the solution breaks, until it breaks none. */
function underLimits(commitment: Commitment, request: WindowRequest & { readonly solver: MixedIntegerSolver }): SolvedWindow {
  let limitRows = request.limitRows;
  for (let round = 0; round < mostRounds; round++) {
    const solved = solveOnce(commitment, { ...request, limitRows }, { mode: 'relaxed', start: null });
    const broken = brokenLimits(solved, flowToleranceMw);
    const wider = union(limitRows, broken);
    if (wider.length === limitRows.length) return solved;
    limitRows = wider;
  }
  throw new Error(`assertion failed: flow limits were still broken after ${mostRounds} rounds`);
}

function solveOnce(
  commitment: Commitment,
  request: WindowRequest & { readonly solver: MixedIntegerSolver },
  how: { readonly mode: 'relaxed' | 'whole'; readonly start: PartialSolution | null },
): SolvedWindow {
  const window = windowProblem(commitment, request);
  const { problem } = window;
  const asked = how.mode === 'whole' ? problem : { ...problem, isInteger: new Uint8Array(problem.isInteger.length) };
  const solution = request.solver.solve(asked, how.start);
  const isSolved = solution.status === 'optimal' || solution.status === 'limit';
  assert(isSolved, `a window of ${request.hours.length} hours ended ${solution.status}, though load may be shed in every hour`);
  return { commitment, window, solution, hours: request.hours };
}

/** Whole values of a solution, to start the next search of the same window from: rows differ between them, columns do not. */
function wholeValues({ window, solution }: SolvedWindow): PartialSolution {
  const columns = Int32Array.from([...window.problem.isInteger.keys()].filter((column) => window.problem.isInteger[column] === 1));
  return { columns, values: Float64Array.from(columns, (column) => Math.round(solution.columnValues[column] ?? 0)) };
}

function union(rows: readonly LimitRow[], more: readonly LimitRow[]): readonly LimitRow[] {
  const known = new Set(rows.map(({ limit, hour }) => `${limit}/${hour}`));
  const fresh = more.filter(({ limit, hour }) => !known.has(`${limit}/${hour}`));
  return fresh.length === 0 ? rows : [...rows, ...fresh.map(({ limit, hour }) => ({ limit, hour }))];
}

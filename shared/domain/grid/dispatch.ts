import { assert } from '../assert.js';
import { bends } from './curves.js';
import { floatAt, total } from './dense.js';
import type { Grid } from './grid.js';
import { boundsMemory, columnBoundsOf, costsOf, firstCorners, rangesOf, rowBoundsOf, type BoundsMemory, type Corners } from './bounds.js';
import { limitsOf, type Limits, type Security } from './limits.js';
import { matrixOf, rowsOf, type DispatchInput, type Form } from './problem.js';
import { closeIn } from './quadratic.js';
import { injectionsOf, resultOf } from './result.js';
import type { Basis, LinearProblem, Optimum, Solve, SparseMatrix } from './solver.js';
import type { Topology } from './topology.js';

/** Where the next dispatch starts from: limits of flows that are in the problem, and the basis; plain JSON, part of saved state. */
export interface Warm {
  /** Numbers of `Limits`. */
  readonly limits: readonly number[];
  readonly basis: Basis;
}

/** Least-cost operation over one interval, means in MW. */
export interface Dispatch {
  /** [units] */
  readonly generationMw: Float64Array;
  /** [buses]: load that could not be served. */
  readonly shedMw: Float64Array;
  /** [buses]: power of units that must run, and fed in, that could not be put anywhere. */
  readonly surplusMw: Float64Array;
  /** [links]: from the first to the second bus; negative the other way. */
  readonly netLinkMw: Float64Array;
  /** [storages] */
  readonly chargeMw: Float64Array;
  readonly dischargeMw: Float64Array;
  /** [contracts]: reduction that cleared. */
  readonly bidMw: Float64Array;
  /** [lines]: from the first to the second bus; negative the other way. */
  readonly netFlowMw: Float64Array;
  /** [interfaces]: in the direction of the limit. */
  readonly netInterfaceMw: Float64Array;
  /** [buses]: what one MW more of load there would cost; energy, congestion and reserve scarcity. Never above lost load. */
  readonly busPriceUsdPerMwh: Float64Array;
  /** Price of the last missing MW of reserve, 0 when none is missing. */
  readonly scarcityUsdPerMwh: number;
  /** Reserve that could be called, beyond what is in use already. */
  readonly reserveMw: number;
  /** Fuel, load not served and power not put anywhere over the interval, USD. */
  readonly costUsd: number;
  readonly warm: Warm;
  /** How often another solver was called. */
  readonly solves: number;
}

/** Finds the least-cost dispatch of an input, from the place a former one left off or from nothing. */
export type Dispatcher = (topology: Topology, input: DispatchInput, warm: Warm | null) => Dispatch;

/** Share of its limit from which a flow stays in the problem of the next dispatch. */
const keepAboveRatio = 0.9;
/** Rounds of adding limits and closing in on quadratic costs; far above what any network has needed. */
const mostRounds = 500;

/**
 * A dispatcher for a grid. Limits of flows enter the problem when a solution breaks them, so that it stays small; the answer is that of
 * the whole problem. It remembers matrices it has built, which changes speed and nothing else.
 */
export function createDispatcher(grid: Grid, solve: Solve, security: Security = 'none'): Dispatcher {
  const matrixFor = rememberMatrices(grid);
  const isCurved = grid.groups.some(({ curve }) => bends(curve));
  const memory = boundsMemory(grid);
  const netMw = new Float64Array(grid.world.network.buses.length);
  let last: { readonly topology: Topology; readonly limits: Limits } | null = null;
  return (topology, input, warm) => {
    if (last === null || last.topology !== topology) last = { topology, limits: limitsOf(grid, topology, security) };
    const { limits } = last;
    let working = warm?.limits ?? [];
    let basis = warm?.basis ?? null;
    const ranges = rangesOf(grid, input, memory);
    let corners: Corners = firstCorners(grid, ranges);
    let stepMw = Infinity;
    let solves = 0;
    for (let round = 0; round < mostRounds; round++) {
      const form = { topology, limits, working, hours: input.hours };
      const { problem, trueCosts } = problemOf(grid, form, { input, memory, corners, matrix: matrixFor(form) });
      let optimum = solve(problem, trueCosts, basis);
      if (optimum.wasSolved) solves++;
      let isClose = true;
      if (isCurved) ({ optimum, corners, stepMw, isClose } = closeIn(grid, { form, ranges, problem, optimum, corners, stepMw }));
      const netFlowMw = new Float64Array(grid.lineEnds.length);
      injectionsOf(grid, { input, x: optimum.columnValues }, netMw);
      topology.flows(netMw, netFlowMw);
      const broken = limits.brokenBy(netFlowMw, working);
      if (broken.length === 0 && isClose) {
        const warmth = warmOf(grid, form, { optimum, netFlowMw });
        return resultOf(grid, form, { input, ranges, optimum, netFlowMw, solves, warm: warmth });
      }
      const wider = broken.length === 0 ? working : [...working, ...broken].sort((a, b) => a - b);
      basis = { columns: optimum.basis.columns, rows: rowDigits(grid, form, { basis: optimum.basis, to: wider }) };
      working = wider;
    }
    assert(false, `the dispatch has not settled in ${mostRounds} rounds`);
  };
}

function problemOf(
  grid: Grid,
  form: Form,
  what: { readonly input: DispatchInput; readonly memory: BoundsMemory; readonly corners: Corners; readonly matrix: SparseMatrix },
): { readonly problem: LinearProblem; readonly trueCosts: Float64Array } {
  const { input, corners, matrix } = what;
  const { trueCosts, costs } = costsOf(grid, input, corners);
  return { trueCosts, problem: { matrix, costs, ...columnBoundsOf(grid, input, what), ...rowBoundsOf(grid, form, input) } };
}

/** Keeps the limits that bind or come near, and the basis without the others. */
function warmOf(grid: Grid, form: Form, solved: { readonly optimum: Optimum; readonly netFlowMw: Float64Array }): Warm {
  const { optimum, netFlowMw } = solved;
  const first = rowsOf(grid, form.topology, 0).limits;
  const isNear = (limit: number): boolean => {
    const mw = form.limits.flowMw(limit, netFlowMw);
    return mw > keepAboveRatio * form.limits.highestMw(limit) || mw < keepAboveRatio * form.limits.lowestMw(limit);
  };
  const kept = form.working.filter((limit, place) => optimum.basis.rows[first + place] !== '1' || isNear(limit));
  if (kept.length === form.working.length) return { limits: form.working, basis: optimum.basis };
  const rows = rowDigits(grid, form, { basis: optimum.basis, to: kept });
  return { limits: kept, basis: { columns: optimum.basis.columns, rows } };
}

/** Row statuses of a basis for another set of working limits; one that is new does not bind. */
function rowDigits(grid: Grid, form: Form, move: { readonly basis: Basis; readonly to: readonly number[] }): string {
  if (move.to === form.working) return move.basis.rows;
  const first = rowsOf(grid, form.topology, 0).limits;
  const digitOf = new Map(form.working.map((limit, place) => [limit, move.basis.rows.charAt(first + place)]));
  return move.basis.rows.slice(0, first) + move.to.map((limit) => digitOf.get(limit) ?? '1').join('');
}

function rememberMatrices(grid: Grid): (form: Form) => SparseMatrix {
  const mostEntries = 4_000_000;
  let remembered = new Map<string, SparseMatrix>();
  let entries = 0;
  let lastTopology: Topology | null = null;
  return (form) => {
    if (form.topology !== lastTopology || entries > mostEntries) [remembered, entries] = [new Map(), 0];
    lastTopology = form.topology;
    const key = `${form.hours}/${form.working.join(',')}`;
    const known = remembered.get(key);
    if (known !== undefined) return known;
    const matrix = matrixOf(grid, form);
    remembered.set(key, matrix);
    entries += matrix.values.length;
    return matrix;
  };
}

/** Stops when what goes in differs from what goes out by more than 1e-6 MW, or a storage charges and discharges at once. */
export function assertBalance(input: DispatchInput, dispatch: Dispatch): void {
  const inMw = total(dispatch.generationMw) + total(dispatch.dischargeMw) + total(dispatch.shedMw) + total(dispatch.bidMw);
  const outMw = total(input.loadMw) + total(dispatch.chargeMw) + total(dispatch.surplusMw);
  assert(Math.abs(inMw - outMw) <= 1e-6, `supply of ${inMw} MW does not meet demand of ${outMw} MW`);
  dispatch.chargeMw.forEach((mw, place) =>
    assert(mw < 1e-6 || floatAt(dispatch.dischargeMw, place) < 1e-6, `storage ${place} charges and discharges at once`),
  );
}

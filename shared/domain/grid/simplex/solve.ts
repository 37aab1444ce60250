import { assert } from '../../assert.js';
import { byteAt, floatAt, intAt } from '../dense.js';
import type { Basis, LinearProblem, LinearSolver, Optimum, Solve, SparseMatrix } from '../solver.js';
import { columnValues, coreOf, rowPrices, type VariableBounds } from './core.js';
import { scratchFor, type Scratch } from './entering.js';
import { pivotToOptimum } from './pivot.js';
import { readStatus, startCold, startFrom, tableauOf, type Tableau } from './tableau.js';

/**
 * MW by which bounds are moved while the basis is chosen, each by another amount, so that no two vertices coincide and the basis depends
 * on the problem alone, not on the way to it. The answer is then computed for the bounds as they are.
 */
const spreadMw = 1e-7;
/** MW by which the answer may break a bound. */
const tolerance = 1e-6;

/** What a way of solving has done so far. */
export interface SolveCounts {
  /** Exchanges of a basic variable. */
  pivots: number;
  /** Problems handed to the other solver. */
  fallbacks: number;
}

/** Counts from zero. */
export function noCounts(): SolveCounts {
  return { pivots: 0, fallbacks: 0 };
}

/**
 * Solves dispatch problems by the dual simplex method, from the basis of a neighbouring problem in a pivot or two. What it cannot solve
 * (lost to rounding, or with columns without bounds) it hands to `other`. It keeps the last basis with its inverse, which changes speed
 * and nothing else.
 */
export function solveByPivots(other: LinearSolver | null, counts: SolveCounts = noCounts()): Solve {
  const keptFor = new WeakMap<SparseMatrix, Kept>();
  return (problem, trueCosts, start) => {
    const kept = keptFor.get(problem.matrix) ?? keep(problem.matrix);
    keptFor.set(problem.matrix, kept);
    const optimum = solveWith(kept, problem, { trueCosts, start, counts });
    if (typeof optimum !== 'string') return optimum;
    kept.basis = null;
    counts.fallbacks++;
    assert(other !== null, `the dispatch has no optimum by pivots: ${optimum}`);
    return solveElsewhere(other, problem, { trueCosts, start });
  };
}

/** Solves with another solver from the start, and computes prices under the true costs from its final basis. */
export function solveElsewhere(
  solver: LinearSolver,
  problem: LinearProblem,
  from: { readonly trueCosts: Float64Array; readonly start: Basis | null },
): Optimum {
  const warm = solver.solve(problem, from.start);
  // A basis can be too ill-conditioned to start from.
  const solution = warm.status === 'optimal' ? warm : solver.solve(problem, null);
  assert(solution.status === 'optimal' && solution.basis !== null, `the dispatch has no optimum: ${solution.status}`);
  const { basis } = solution;
  const { matrix } = problem;
  const status = new Uint8Array(matrix.columnCount + matrix.rowCount);
  const core = readStatus(matrix, basis, status) ? coreOf(matrix, status) : null;
  const rowDuals = core === null ? solution.rowDuals : rowPrices(matrix, core, from.trueCosts);
  return { columnValues: solution.columnValues, rowDuals, basis, wasSolved: true };
}

interface Kept {
  readonly tableau: Tableau;
  readonly scratch: Scratch;
  /** [columns + rows]: by how much each bound is moved. */
  readonly spread: Float64Array;
  readonly trueBounds: VariableBounds;
  /** Basis that the tableau stands at, as it was handed out. */
  basis: Basis | null;
  /** Costs that the reduced costs of the tableau belong to. */
  pricedFor: Float64Array | null;
  /** Statuses last put into words, and the words. */
  readonly worded: Uint8Array;
  words: Basis | null;
}

function keep(matrix: SparseMatrix): Kept {
  const tableau = tableauOf(matrix);
  const count = matrix.columnCount + matrix.rowCount;
  return {
    tableau,
    scratch: scratchFor(tableau),
    // Multiples of an irrational number modulo 1 never meet (Weyl).
    spread: Float64Array.from({ length: count }, (_, variable) => spreadMw * (0.5 + ((variable * 0.6180339887498949) % 1))),
    trueBounds: { lower: new Float64Array(count), upper: new Float64Array(count) },
    basis: null,
    pricedFor: null,
    worded: new Uint8Array(count),
    words: null,
  };
}

function solveWith(
  kept: Kept,
  problem: LinearProblem,
  ask: { readonly trueCosts: Float64Array; readonly start: Basis | null; readonly counts: SolveCounts },
): Optimum | 'unbounded' | 'infeasible' | 'lost' {
  const { tableau, scratch } = kept;
  if (!setBounds(kept, problem)) return 'unbounded';
  const isWhereItStood = kept.basis !== null && ask.start !== null && isSame(kept.basis, ask.start);
  if (!isWhereItStood && (ask.start === null || !startFrom(tableau, ask.start))) startCold(tableau);
  const hasPrices = isWhereItStood && kept.pricedFor === problem.costs;
  kept.basis = null;
  kept.pricedFor = null;
  const mostPivots = 500 + 2 * tableau.lower.length;
  const { outcome, pivots } = pivotToOptimum(tableau, scratch, { cost: problem.costs, hasPrices, mostPivots });
  ask.counts.pivots += pivots;
  if (outcome !== 'optimal') return outcome;
  const values = vertex(kept) ?? vertexWithin(kept, problem.costs, ask.counts);
  if (values === null || tableau.core === null) return 'lost';
  kept.basis = basisOf(kept);
  kept.pricedFor = problem.costs;
  const rowDuals = rowPrices(problem.matrix, tableau.core, ask.trueCosts);
  return { columnValues: values, rowDuals, basis: kept.basis, wasSolved: false };
}

function isSame(one: Basis, other: Basis): boolean {
  return one === other || (one.columns === other.columns && one.rows === other.rows);
}

/** Takes over the bounds, moved apart; rows without one get one that their columns imply. False when a column has none. */
function setBounds({ tableau, spread, trueBounds }: Kept, problem: LinearProblem): boolean {
  const { lower, upper, matrix, rowStarts, rowColumns, rowValues } = tableau;
  const { columnCount, rowCount } = matrix;
  for (let column = 0; column < columnCount; column++) {
    const low = floatAt(problem.columnLower, column);
    const high = floatAt(problem.columnUpper, column);
    if (!Number.isFinite(low + high)) return false;
    trueBounds.lower[column] = low;
    trueBounds.upper[column] = high;
    lower[column] = low;
    upper[column] = low === high ? high : high + floatAt(spread, column);
  }
  for (let row = 0; row < rowCount; row++) {
    const variable = columnCount + row;
    let low = floatAt(problem.rowLower, row);
    let high = floatAt(problem.rowUpper, row);
    if (!Number.isFinite(low) || !Number.isFinite(high)) {
      let [least, most] = [-1, 1];
      for (let k = intAt(rowStarts, row); k < intAt(rowStarts, row + 1); k++) {
        const column = intAt(rowColumns, k);
        const ends = [floatAt(rowValues, k) * floatAt(lower, column), floatAt(rowValues, k) * floatAt(upper, column)] as const;
        least += Math.min(...ends);
        most += Math.max(...ends);
      }
      // One-sided rows may be missed by nothing but the side they have.
      low = Number.isFinite(low) ? low : Math.min(least, high - 1);
      high = Number.isFinite(high) ? high : Math.max(most, low + 1);
    }
    trueBounds.lower[variable] = low;
    trueBounds.upper[variable] = high;
    lower[variable] = low === high ? low + floatAt(spread, variable) : low - floatAt(spread, variable);
    upper[variable] = high + floatAt(spread, variable);
  }
  return true;
}

/** The vertex when moving the bounds has led to one beyond them: a few pivots more, with the bounds as they are. */
function vertexWithin(kept: Kept, cost: Float64Array, counts: SolveCounts): Float64Array | null {
  const { tableau, scratch, trueBounds } = kept;
  tableau.lower.set(trueBounds.lower);
  tableau.upper.set(trueBounds.upper);
  const { outcome, pivots } = pivotToOptimum(tableau, scratch, { cost, hasPrices: false, mostPivots: 200 });
  counts.pivots += pivots;
  return outcome === 'optimal' ? vertex(kept) : null;
}

/** Values of the columns at the bounds as they are, from the basis alone; null when it is singular or rounding has put them beyond. */
function vertex({ tableau, trueBounds: bounds }: Kept): Float64Array | null {
  const { matrix, status, activity } = tableau;
  tableau.core ??= coreOf(matrix, status);
  return tableau.core === null ? null : columnValues(matrix, tableau.core, { status, bounds, activity, tolerance });
}

function basisOf(kept: Kept): Basis {
  const { matrix, status } = kept.tableau;
  const { columnCount, rowCount } = matrix;
  let same = 0;
  while (same < status.length && byteAt(status, same) === byteAt(kept.worded, same)) same++;
  if (kept.words !== null && same === status.length) return kept.words;
  kept.worded.set(status);
  kept.words = { columns: digits(status, 0, columnCount), rows: digits(status, columnCount, columnCount + rowCount) };
  return kept.words;
}

function digits(status: Uint8Array, from: number, to: number): string {
  const codes: number[] = [];
  for (let variable = from; variable < to; variable++) codes.push(48 + byteAt(status, variable));
  return textOf(codes);
}

/** Text of character codes, in parts that an argument list can hold. */
function textOf(codes: readonly number[]): string {
  let text = '';
  for (let from = 0; from < codes.length; from += 4_096) text += String.fromCharCode(...codes.slice(from, from + 4_096));
  return text;
}

import { at, factor, solve, solveTransposed, type Factors } from './dense.js';
import type { Basis, LinearProblem } from './solver.js';

/** Status digits of `Basis`. */
const atLower = 48;
const basic = 49;
const atUpper = 50;

/** What a basis says about a problem: its vertex, its prices, and whether the vertex is the optimum. */
export interface Reading {
  /** [columns] */
  readonly columnValues: Float64Array;
  /** [rows], under the costs without tie-breaks. */
  readonly rowDuals: Float64Array;
  /** The basis with every boxed column and row on the side its reduced cost asks for. */
  readonly basis: Basis;
  /** Largest distance beyond a bound, of a column or a row. */
  readonly primalViolation: number;
  /** Largest reduced cost of the wrong sign. */
  readonly dualViolation: number;
}

/**
 * Computes vertex and prices of a basis afresh, so that they depend on the basis alone and not on the way that led to it; null when the
 * basis does not fit or is singular.
 * A vertex without violations is the optimum: it is feasible, and no column or row could move and lower the cost (sufficiency of the
 * simplex conditions, Dantzig 1963).
 * `trueCosts` are the costs without what breaks ties; the basis is judged by the costs of the problem and priced by these.
 */
export function readBasis(problem: LinearProblem, trueCosts: Float64Array, basis: Basis): Reading | null {
  const { rowCount, columnCount } = problem.matrix;
  if (basis.columns.length !== columnCount || basis.rows.length !== rowCount) return null;
  const tight = pick(basis.rows, (digit) => digit !== basic);
  const inside = pick(basis.columns, (digit) => digit === basic);
  if (tight.length !== inside.length) return null;
  const factors = factorBasis(problem, tight, inside);
  if (factors === null) return null;
  const judged = duals(problem, problem.costs, { factors, tight, inside });
  const placed = place(problem, judged, basis);
  const columnValues = vertex(problem, { factors, tight, inside }, placed);
  return {
    columnValues,
    rowDuals: duals(problem, trueCosts, { factors, tight, inside }),
    basis: { columns: digits(placed.columns), rows: digits(placed.rows) },
    primalViolation: violation(problem, columnValues),
    dualViolation: placed.dualViolation,
  };
}

interface Core {
  readonly factors: Factors;
  /** Rows at a bound. */
  readonly tight: Int32Array;
  /** Basic columns. */
  readonly inside: Int32Array;
}

interface Placed {
  readonly columns: Uint8Array;
  readonly rows: Uint8Array;
  readonly dualViolation: number;
}

function factorBasis(problem: LinearProblem, tight: Int32Array, inside: Int32Array): Factors | null {
  const { starts, rows, values, rowCount } = problem.matrix;
  const size = tight.length;
  const placeOfRow = new Int32Array(rowCount).fill(-1);
  tight.forEach((row, place) => (placeOfRow[row] = place));
  const square = new Float64Array(size * size);
  inside.forEach((column, place) => {
    for (let k = at(starts, column); k < at(starts, column + 1); k++) {
      const row = at(placeOfRow, at(rows, k));
      if (row >= 0) square[row * size + place] = at(values, k);
    }
  });
  return factor(square, size);
}

function duals(problem: LinearProblem, costs: Float64Array, core: Core): Float64Array {
  const solution = solveTransposed(
    core.factors,
    core.inside.length === 0 ? new Float64Array(0) : Float64Array.from(core.inside, (column) => at(costs, column)),
  );
  const all = new Float64Array(problem.matrix.rowCount);
  core.tight.forEach((row, place) => (all[row] = at(solution, place)));
  return all;
}

/** Puts each nonbasic column and row at the bound that suits the sign of its reduced cost. */
function place(problem: LinearProblem, rowDuals: Float64Array, basis: Basis): Placed {
  const { starts, rows, values, columnCount, rowCount } = problem.matrix;
  const placed = { columns: new Uint8Array(columnCount), rows: new Uint8Array(rowCount) };
  let worst = 0;
  for (let column = 0; column < columnCount; column++) {
    const digit = basis.columns.charCodeAt(column);
    let reduced = 0;
    if (digit !== basic) {
      reduced = at(problem.costs, column);
      for (let k = at(starts, column); k < at(starts, column + 1); k++) reduced -= at(values, k) * at(rowDuals, at(rows, k));
    }
    const side = sideOf({ digit, reduced, lower: at(problem.columnLower, column), upper: at(problem.columnUpper, column) });
    placed.columns[column] = side.digit;
    worst = Math.max(worst, side.violation);
  }
  for (let row = 0; row < rowCount; row++) {
    const side = sideOf({
      digit: basis.rows.charCodeAt(row),
      reduced: at(rowDuals, row),
      lower: at(problem.rowLower, row),
      upper: at(problem.rowUpper, row),
    });
    placed.rows[row] = side.digit;
    worst = Math.max(worst, side.violation);
  }
  return { ...placed, dualViolation: worst };
}

function sideOf(bounds: { readonly digit: number; readonly reduced: number; readonly lower: number; readonly upper: number }): {
  digit: number;
  violation: number;
} {
  const { digit, reduced, lower, upper } = bounds;
  if (digit === basic) return { digit, violation: 0 };
  if (reduced > 0) return Number.isFinite(lower) ? { digit: atLower, violation: 0 } : { digit: atUpper, violation: reduced };
  if (reduced < 0) return Number.isFinite(upper) ? { digit: atUpper, violation: 0 } : { digit: atLower, violation: -reduced };
  return { digit: Number.isFinite(lower) && (digit !== atUpper || !Number.isFinite(upper)) ? atLower : atUpper, violation: 0 };
}

function vertex(problem: LinearProblem, core: Core, placed: Placed): Float64Array {
  const { columnCount } = problem.matrix;
  const x = new Float64Array(columnCount);
  for (let column = 0; column < columnCount; column++) {
    const digit = at(placed.columns, column);
    if (digit !== basic) x[column] = at(digit === atUpper ? problem.columnUpper : problem.columnLower, column);
  }
  const activity = activities(problem, x);
  const right = new Float64Array(core.tight.length);
  core.tight.forEach((row, place) => {
    right[place] = at(at(placed.rows, row) === atUpper ? problem.rowUpper : problem.rowLower, row) - at(activity, row);
  });
  const values = solve(core.factors, right);
  core.inside.forEach((column, place) => (x[column] = at(values, place)));
  return x;
}

function violation(problem: LinearProblem, x: Float64Array): number {
  const activity = activities(problem, x);
  let worst = 0;
  for (let column = 0; column < x.length; column++) {
    const value = at(x, column);
    worst = Math.max(worst, at(problem.columnLower, column) - value, value - at(problem.columnUpper, column));
  }
  for (let row = 0; row < activity.length; row++) {
    const value = at(activity, row);
    worst = Math.max(worst, at(problem.rowLower, row) - value, value - at(problem.rowUpper, row));
  }
  return worst;
}

function activities(problem: LinearProblem, x: Float64Array): Float64Array {
  const { starts, rows, values, columnCount, rowCount } = problem.matrix;
  const activity = new Float64Array(rowCount);
  for (let column = 0; column < columnCount; column++) {
    const value = at(x, column);
    if (value === 0) continue;
    for (let k = at(starts, column); k < at(starts, column + 1); k++) {
      const row = at(rows, k);
      activity[row] = at(activity, row) + at(values, k) * value;
    }
  }
  return activity;
}

function pick(statuses: string, keep: (digit: number) => boolean): Int32Array {
  const picked: number[] = [];
  for (let index = 0; index < statuses.length; index++) if (keep(statuses.charCodeAt(index))) picked.push(index);
  return Int32Array.from(picked);
}

function digits(codes: Uint8Array): string {
  let text = '';
  for (let index = 0; index < codes.length; index++) text += String.fromCharCode(at(codes, index));
  return text;
}

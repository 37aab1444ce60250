import { byteAt, factor, floatAt, intAt, solve, solveTransposed, type Factors } from '../dense.js';
import type { SparseMatrix } from '../solver.js';

/** Where a column or row stands: at its lower bound, basic, or at its upper bound; the digits of `Basis`. */
export const atLower = 0;
export const basic = 1;
export const atUpper = 2;

/** What makes up a basis: the rows that bind, as many basic columns, and the matrix between them in factors. */
export interface Core {
  readonly tight: Int32Array;
  readonly inside: Int32Array;
  readonly factors: Factors;
}

/** Bounds by variable, [columns + rows] each. */
export interface VariableBounds {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/**
 * The core of a basis by statuses, [columns + rows], alone, so that it does not depend on the way that led to them; null when the basis is
 * singular.
 */
export function coreOf({ rowCount, columnCount, starts, rows, values }: SparseMatrix, status: Uint8Array): Core | null {
  const placeOfRow = new Int32Array(rowCount).fill(-1);
  const tight: number[] = [];
  const inside: number[] = [];
  for (let row = 0; row < rowCount; row++) {
    if (byteAt(status, columnCount + row) === basic) continue;
    placeOfRow[row] = tight.length;
    tight.push(row);
  }
  for (let column = 0; column < columnCount; column++) if (byteAt(status, column) === basic) inside.push(column);
  const size = tight.length;
  if (size !== inside.length) return null;
  const matrix = new Float64Array(size * size);
  inside.forEach((column, place) => {
    for (let k = intAt(starts, column); k < intAt(starts, column + 1); k++) {
      const row = intAt(placeOfRow, intAt(rows, k));
      if (row >= 0) matrix[row * size + place] = floatAt(values, k);
    }
  });
  const factors = factor(matrix, size);
  return factors === null ? null : { tight: Int32Array.from(tight), inside: Int32Array.from(inside), factors };
}

/** Prices of the rows, [rows], for costs of the columns; activities of rows cost nothing. */
export function rowPrices(matrix: SparseMatrix, { tight, inside, factors }: Core, cost: Float64Array): Float64Array {
  const prices = new Float64Array(matrix.rowCount);
  const own = solveTransposed(factors, select(cost, inside));
  for (let place = 0; place < tight.length; place++) prices[intAt(tight, place)] = floatAt(own, place);
  return prices;
}

/** Values of the columns at a basis, [columns]; null when a basic one or the activity of a row is beyond its bounds by more than `tolerance`. */
export function columnValues(
  matrix: SparseMatrix,
  { tight, inside, factors }: Core,
  at: { readonly status: Uint8Array; readonly bounds: VariableBounds; readonly activity: Float64Array; readonly tolerance: number },
): Float64Array | null {
  const { rowCount, columnCount } = matrix;
  const { status, activity, tolerance } = at;
  const { lower, upper } = at.bounds;
  const isWithin = (variable: number, value: number): boolean =>
    value >= floatAt(lower, variable) - tolerance && value <= floatAt(upper, variable) + tolerance;
  const x = new Float64Array(columnCount);
  for (let column = 0; column < columnCount; column++) {
    const own = byteAt(status, column);
    if (own !== basic) x[column] = floatAt(own === atUpper ? upper : lower, column);
  }
  activity.fill(0);
  addActivity(matrix, x, activity);
  const right = new Float64Array(tight.length);
  for (let place = 0; place < tight.length; place++) {
    const row = intAt(tight, place);
    const bound = floatAt(byteAt(status, columnCount + row) === atUpper ? upper : lower, columnCount + row);
    right[place] = bound - floatAt(activity, row);
  }
  const found = solve(factors, right);
  for (let place = 0; place < inside.length; place++) {
    const column = intAt(inside, place);
    const value = floatAt(found, place);
    if (!isWithin(column, value)) return null;
    x[column] = value;
    addColumn(matrix, activity, { column, times: value });
  }
  for (let row = 0; row < rowCount; row++) if (!isWithin(columnCount + row, floatAt(activity, row))) return null;
  return x;
}

/** Adds A x to activities, [rows]. */
export function addActivity({ columnCount, starts, rows, values }: SparseMatrix, x: Float64Array, activity: Float64Array): void {
  for (let column = 0; column < columnCount; column++) {
    const value = floatAt(x, column);
    if (value === 0) continue;
    const end = intAt(starts, column + 1);
    for (let k = intAt(starts, column); k < end; k++) {
      const row = intAt(rows, k);
      activity[row] = floatAt(activity, row) + floatAt(values, k) * value;
    }
  }
}

/** Adds a multiple of one column to activities, [rows]. */
export function addColumn(
  { starts, rows, values }: SparseMatrix,
  activity: Float64Array,
  { column, times }: { readonly column: number; readonly times: number },
): void {
  const end = intAt(starts, column + 1);
  for (let k = intAt(starts, column); k < end; k++) {
    const row = intAt(rows, k);
    activity[row] = floatAt(activity, row) + floatAt(values, k) * times;
  }
}

function select(values: Float64Array, places: Int32Array): Float64Array {
  const selected = new Float64Array(places.length);
  for (let k = 0; k < selected.length; k++) selected[k] = floatAt(values, intAt(places, k));
  return selected;
}

import { at } from '../dense.js';
import type { Basis, SparseMatrix } from '../solver.js';
import { invert } from './invert.js';

/** Where a column or row stands: at its lower bound, basic, or at its upper bound; the digits of `Basis`. */
export const atLower = 0;
export const basic = 1;
export const atUpper = 2;

/**
 * The working memory of the simplex method for one matrix, changed in place. Variables are the columns and then one per row, its
 * activity r: A x - r = 0.
 */
export interface Tableau {
  readonly matrix: SparseMatrix;
  /** The matrix again by rows: [rows + 1], [entries], [entries]. */
  readonly rowStarts: Int32Array;
  readonly rowColumns: Int32Array;
  readonly rowValues: Float64Array;
  /** [columns + rows] each. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly status: Uint8Array;
  readonly reducedCost: Float64Array;
  /** [rows]: variable that is basic in each place, and its value. */
  readonly basicOf: Int32Array;
  readonly basicValue: Float64Array;
  /** [rows]: memory for activities. */
  readonly activity: Float64Array;
  /** [rows * rows]: inverse of the basis, row by row in the order of places. */
  readonly inverse: Float64Array;
}

/** Working memory for a matrix; statuses and basis are set by `startFrom` or `startCold`. */
export function tableauOf(matrix: SparseMatrix): Tableau {
  const { rowCount, columnCount, starts, rows, values } = matrix;
  const rowStarts = new Int32Array(rowCount + 1);
  rows.forEach((row) => (rowStarts[row + 1] = at(rowStarts, row + 1) + 1));
  for (let row = 0; row < rowCount; row++) rowStarts[row + 1] = at(rowStarts, row + 1) + at(rowStarts, row);
  const next = rowStarts.slice();
  const rowColumns = new Int32Array(rows.length);
  const rowValues = new Float64Array(rows.length);
  for (let column = 0; column < columnCount; column++) {
    for (let k = at(starts, column); k < at(starts, column + 1); k++) {
      const place = at(next, at(rows, k));
      rowColumns[place] = column;
      rowValues[place] = at(values, k);
      next[at(rows, k)] = place + 1;
    }
  }
  const count = columnCount + rowCount;
  return {
    matrix,
    rowStarts,
    rowColumns,
    rowValues,
    lower: new Float64Array(count),
    upper: new Float64Array(count),
    status: new Uint8Array(count),
    reducedCost: new Float64Array(count),
    basicOf: new Int32Array(rowCount),
    basicValue: new Float64Array(rowCount),
    activity: new Float64Array(rowCount),
    inverse: new Float64Array(rowCount * rowCount),
  };
}

/** Makes every row basic. */
export function startCold(tableau: Tableau): void {
  const { columnCount } = tableau.matrix;
  tableau.status.fill(atLower, 0, columnCount);
  tableau.status.fill(basic, columnCount);
  rebuild(tableau);
}

/** Takes over the statuses of a basis; false when it does not fit the matrix or is singular, and then nothing is to be relied on. */
export function startFrom(tableau: Tableau, basis: Basis): boolean {
  const { rowCount, columnCount } = tableau.matrix;
  if (basis.columns.length !== columnCount || basis.rows.length !== rowCount) return false;
  let basics = 0;
  for (let variable = 0; variable < columnCount + rowCount; variable++) {
    const digit = variable < columnCount ? basis.columns.charCodeAt(variable) : basis.rows.charCodeAt(variable - columnCount);
    const status = digit - 48;
    tableau.status[variable] = status === basic || status === atUpper ? status : atLower;
    if (status === basic) basics++;
  }
  return basics === rowCount && rebuild(tableau);
}

/**
 * Computes the inverse afresh from the statuses alone, so that it does not depend on the way that led to them; false when the basis is
 * singular. Rows that do not bind need no elimination: only the core of binding rows and basic columns is inverted.
 */
export function rebuild(tableau: Tableau): boolean {
  const { matrix, status, basicOf, inverse } = tableau;
  const { rowCount, columnCount, starts, rows, values } = matrix;
  const tight: number[] = [];
  const inside: number[] = [];
  for (let row = 0; row < rowCount; row++) if (at(status, columnCount + row) !== basic) tight.push(row);
  for (let column = 0; column < columnCount; column++) if (at(status, column) === basic) inside.push(column);
  if (tight.length !== inside.length) return false;
  const size = tight.length;
  const placeOfRow = new Int32Array(rowCount).fill(-1);
  tight.forEach((row, place) => (placeOfRow[row] = place));
  const core = new Float64Array(size * size);
  inside.forEach((column, place) => {
    for (let k = at(starts, column); k < at(starts, column + 1); k++) {
      const row = at(placeOfRow, at(rows, k));
      if (row >= 0) core[row * size + place] = at(values, k);
    }
  });
  const coreInverse = invert(core, size);
  if (coreInverse === null) return false;
  inverse.fill(0);
  for (let row = 0; row < rowCount; row++) {
    basicOf[row] = columnCount + row;
    if (at(placeOfRow, row) < 0) inverse[row * rowCount + row] = -1;
  }
  inside.forEach((column, place) => {
    basicOf[tight[place] as number] = column;
    const own = place * size;
    // The row of the inverse for a basic column, and what it adds to those of rows that do not bind.
    addRow({ inverse, tight, coreInverse, own }, (tight[place] as number) * rowCount, 1);
    for (let k = at(starts, column); k < at(starts, column + 1); k++) {
      const row = at(rows, k);
      if (at(placeOfRow, row) < 0) addRow({ inverse, tight, coreInverse, own }, row * rowCount, at(values, k));
    }
  });
  return true;
}

function addRow(
  from: { readonly inverse: Float64Array; readonly tight: readonly number[]; readonly coreInverse: Float64Array; readonly own: number },
  start: number,
  factor: number,
): void {
  const { inverse, tight, coreInverse, own } = from;
  for (let k = 0; k < tight.length; k++) {
    const place = start + (tight[k] as number);
    inverse[place] = at(inverse, place) + factor * at(coreInverse, own + k);
  }
}

/** Prices of the rows for costs of the columns, written into [rows]; activities of rows cost nothing. */
export function pricesFor(tableau: Tableau, cost: Float64Array, into: Float64Array): void {
  const { basicOf, inverse } = tableau;
  const { columnCount } = tableau.matrix;
  const size = basicOf.length;
  into.fill(0);
  for (let place = 0; place < size; place++) {
    const variable = at(basicOf, place);
    if (variable >= columnCount) continue;
    const own = at(cost, variable);
    if (own === 0) continue;
    const start = place * size;
    for (let row = 0; row < size; row++) into[row] = at(into, row) + own * at(inverse, start + row);
  }
}

/** Values of the basic variables for the bounds the others stand at, [rows]. */
export function basicValues(tableau: Tableau, bounds: Pick<Tableau, 'lower' | 'upper'>, into: Float64Array): void {
  const { matrix, status, inverse, activity } = tableau;
  const { rowCount, columnCount, starts, rows, values } = matrix;
  activity.fill(0);
  for (let column = 0; column < columnCount; column++) {
    const own = at(status, column);
    if (own === basic) continue;
    const value = at(own === atUpper ? bounds.upper : bounds.lower, column);
    if (value === 0) continue;
    const end = at(starts, column + 1);
    for (let k = at(starts, column); k < end; k++) activity[at(rows, k)] = at(activity, at(rows, k)) + at(values, k) * value;
  }
  for (let row = 0; row < rowCount; row++) {
    const own = at(status, columnCount + row);
    if (own !== basic) activity[row] = at(activity, row) - at(own === atUpper ? bounds.upper : bounds.lower, columnCount + row);
  }
  for (let place = 0; place < rowCount; place++) {
    let sum = 0;
    const start = place * rowCount;
    for (let row = 0; row < rowCount; row++) sum -= at(inverse, start + row) * at(activity, row);
    into[place] = sum;
  }
}

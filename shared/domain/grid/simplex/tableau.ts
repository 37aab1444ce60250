import { byteAt, floatAt, intAt, inverseOf } from '../dense.js';
import type { Basis, SparseMatrix } from '../solver.js';
import { addColumn, atLower, atUpper, basic, coreOf, type Core, type VariableBounds } from './core.js';

/**
 * The working memory of the simplex method for one matrix, changed in place. Variables are the columns and then one per row, its
 * activity r: A x - r = 0.
 *
 * The inverse of the basis has one row per place, and one slot per row of the problem that binds. Of the rows that do not bind it knows
 * only the place where their activity is basic: -1 there, 0 elsewhere, which is not stored.
 */
export interface Tableau extends VariableBounds {
  readonly matrix: SparseMatrix;
  /** The matrix again by rows: [rows + 1], [entries], [entries]. */
  readonly rowStarts: Int32Array;
  readonly rowColumns: Int32Array;
  readonly rowValues: Float64Array;
  /** [columns + rows] each. */
  readonly status: Uint8Array;
  readonly reducedCost: Float64Array;
  /** [rows]: variable that is basic in each place, and its value. */
  readonly basicOf: Int32Array;
  readonly basicValue: Float64Array;
  /** [rows]: memory for activities, and for those of the rows that bind. */
  readonly activity: Float64Array;
  readonly gathered: Float64Array;
  /** [rows]: row in each slot, and slot of each row, -1 where it does not bind; the first `slots` count. */
  readonly rowOfSlot: Int32Array;
  readonly slotOfRow: Int32Array;
  slots: number;
  /** [rows * rows]: entry of a place and a slot at place * rows + slot. */
  readonly inverse: Float64Array;
  /** Exchanges since the inverse was computed afresh. */
  exchanges: number;
  /** The core of the basis as it stands; null when it has to be worked out. */
  core: Core | null;
}

/** Working memory for a matrix; statuses and basis are set by `startFrom` or `startCold`. */
export function tableauOf(matrix: SparseMatrix): Tableau {
  const { rowCount, columnCount } = matrix;
  const count = columnCount + rowCount;
  return {
    matrix,
    ...byRows(matrix),
    lower: new Float64Array(count),
    upper: new Float64Array(count),
    status: new Uint8Array(count),
    reducedCost: new Float64Array(count),
    basicOf: new Int32Array(rowCount),
    basicValue: new Float64Array(rowCount),
    activity: new Float64Array(rowCount),
    gathered: new Float64Array(rowCount),
    rowOfSlot: new Int32Array(rowCount),
    slotOfRow: new Int32Array(rowCount),
    slots: 0,
    inverse: new Float64Array(rowCount * rowCount),
    exchanges: 0,
    core: null,
  };
}

function byRows({ rowCount, columnCount, starts, rows, values }: SparseMatrix): Pick<Tableau, 'rowStarts' | 'rowColumns' | 'rowValues'> {
  const rowStarts = new Int32Array(rowCount + 1);
  for (let k = 0; k < rows.length; k++) rowStarts[intAt(rows, k) + 1] = intAt(rowStarts, intAt(rows, k) + 1) + 1;
  for (let row = 0; row < rowCount; row++) rowStarts[row + 1] = intAt(rowStarts, row + 1) + intAt(rowStarts, row);
  const next = rowStarts.slice();
  const rowColumns = new Int32Array(rows.length);
  const rowValues = new Float64Array(rows.length);
  for (let column = 0; column < columnCount; column++) {
    for (let k = intAt(starts, column); k < intAt(starts, column + 1); k++) {
      const row = intAt(rows, k);
      const place = intAt(next, row);
      rowColumns[place] = column;
      rowValues[place] = floatAt(values, k);
      next[row] = place + 1;
    }
  }
  return { rowStarts, rowColumns, rowValues };
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
  return readStatus(tableau.matrix, basis, tableau.status) && rebuild(tableau);
}

/** Reads the digits of a basis into statuses, [columns + rows]; false when it does not fit the matrix. */
export function readStatus({ rowCount, columnCount }: SparseMatrix, basis: Basis, status: Uint8Array): boolean {
  if (basis.columns.length !== columnCount || basis.rows.length !== rowCount) return false;
  let basics = 0;
  for (let variable = 0; variable < columnCount + rowCount; variable++) {
    const digit = variable < columnCount ? basis.columns.charCodeAt(variable) : basis.rows.charCodeAt(variable - columnCount);
    const own = digit - 48;
    status[variable] = own === basic || own === atUpper ? own : atLower;
    if (own === basic) basics++;
  }
  return basics === rowCount;
}

/**
 * Computes the inverse afresh from the statuses; false when the basis is singular. Rows that do not bind need no elimination: only the
 * core of binding rows and basic columns is inverted.
 */
export function rebuild(tableau: Tableau): boolean {
  const { matrix, status, basicOf, inverse, rowOfSlot, slotOfRow } = tableau;
  const { rowCount, columnCount, starts, rows, values } = matrix;
  const core = coreOf(matrix, status);
  if (core === null) return false;
  const { tight, inside, factors } = core;
  const size = tight.length;
  const coreInverse = inverseOf(factors);
  tableau.core = core;
  tableau.exchanges = 0;
  tableau.slots = size;
  rowOfSlot.set(tight);
  slotOfRow.fill(-1);
  for (let slot = 0; slot < size; slot++) slotOfRow[intAt(tight, slot)] = slot;
  for (let row = 0; row < rowCount; row++) {
    basicOf[row] = columnCount + row;
    inverse.fill(0, row * rowCount, row * rowCount + size);
  }
  for (let k = 0; k < size; k++) {
    const column = intAt(inside, k);
    const own = intAt(tight, k);
    basicOf[own] = column;
    // The row of the inverse for a basic column, and what it adds to those of rows that do not bind.
    addRow(inverse, own * rowCount, { other: coreInverse, from: k * size, count: size, times: 1 });
    for (let entry = intAt(starts, column); entry < intAt(starts, column + 1); entry++) {
      const row = intAt(rows, entry);
      if (intAt(slotOfRow, row) >= 0) continue;
      addRow(inverse, row * rowCount, { other: coreInverse, from: k * size, count: size, times: floatAt(values, entry) });
    }
  }
  return true;
}

/** Adds a multiple of `count` entries of another array. */
export function addRow(
  values: Float64Array,
  start: number,
  add: { readonly other: Float64Array; readonly from: number; readonly count: number; readonly times: number },
): void {
  const { other, from, count, times } = add;
  for (let k = 0; k < count; k++) values[start + k] = floatAt(values, start + k) + times * floatAt(other, from + k);
}

/** Inverse of the basis times a vector of the rows, [rows] each: by place. */
export function timesInverse(tableau: Tableau, vector: Float64Array, into: Float64Array): void {
  const { matrix, basicOf, inverse, rowOfSlot, gathered, slots } = tableau;
  const { rowCount, columnCount } = matrix;
  for (let slot = 0; slot < slots; slot++) gathered[slot] = floatAt(vector, intAt(rowOfSlot, slot));
  for (let place = 0; place < rowCount; place++) {
    const start = place * rowCount;
    const row = intAt(basicOf, place) - columnCount;
    let sum = row < 0 ? 0 : -floatAt(vector, row);
    for (let slot = 0; slot < slots; slot++) sum += floatAt(inverse, start + slot) * floatAt(gathered, slot);
    into[place] = sum;
  }
}

/** Prices of the rows for costs of the columns, written into [rows]; activities of rows cost nothing. */
export function pricesFor(tableau: Tableau, cost: Float64Array, into: Float64Array): void {
  const { matrix, basicOf, inverse, rowOfSlot, gathered, slots } = tableau;
  const { rowCount, columnCount } = matrix;
  gathered.fill(0, 0, slots);
  for (let place = 0; place < rowCount; place++) {
    const variable = intAt(basicOf, place);
    if (variable >= columnCount) continue;
    addRow(gathered, 0, { other: inverse, from: place * rowCount, count: slots, times: floatAt(cost, variable) });
  }
  into.fill(0);
  for (let slot = 0; slot < slots; slot++) into[intAt(rowOfSlot, slot)] = floatAt(gathered, slot);
}

/** Values of the basic variables for the bounds the others stand at. */
export function setBasicValues(tableau: Tableau): void {
  const { matrix, status, activity, lower, upper, basicValue } = tableau;
  const { rowCount, columnCount } = matrix;
  activity.fill(0);
  for (let column = 0; column < columnCount; column++) {
    const own = byteAt(status, column);
    if (own === basic) continue;
    const value = floatAt(own === atUpper ? upper : lower, column);
    if (value !== 0) addColumn(matrix, activity, { column, times: -value });
  }
  for (let row = 0; row < rowCount; row++) {
    const own = byteAt(status, columnCount + row);
    if (own !== basic) activity[row] = floatAt(activity, row) + floatAt(own === atUpper ? upper : lower, columnCount + row);
  }
  timesInverse(tableau, activity, basicValue);
}

import { floatAt, intAt } from './dense.js';

/** A symmetric sparse matrix split into L D L', with rows and columns in the order they were eliminated. */
export interface SymmetricFactors {
  readonly size: number;
  /** [size]: row of the matrix that stands in each place. */
  readonly order: Int32Array;
  /** [size + 1], [entries], [entries]: L below its diagonal by columns; rows are places. */
  readonly starts: Int32Array;
  readonly rows: Int32Array;
  readonly values: Float64Array;
  /** [size]: diagonal of D. */
  readonly diagonal: Float64Array;
}

/** Pivots smaller than this, measured against the largest diagonal, count as zero. */
const smallestPivotRatio = 1e-12;

/**
 * Factors a symmetric matrix given as one map of entries per row, eliminating the row with fewest neighbours first; null when it is
 * singular. The maps are used up. Network matrices stay sparse this way (Tinney and Walker 1967, scheme 2).
 */
export function factorSymmetric(entries: Map<number, number>[]): SymmetricFactors | null {
  const size = entries.length;
  let largest = 0;
  entries.forEach((row, place) => (largest = Math.max(largest, Math.abs(row.get(place) ?? 0))));
  const order: number[] = [];
  const placeOf = new Int32Array(size).fill(-1);
  const diagonal = new Float64Array(size);
  const columns: { readonly rows: number[]; readonly values: number[] }[] = [];
  for (let place = 0; place < size; place++) {
    const pivotRow = nextPivot(entries, placeOf, smallestPivotRatio * largest);
    if (pivotRow < 0) return null;
    placeOf[pivotRow] = place;
    order.push(pivotRow);
    const pivotEntries = entries[pivotRow] as Map<number, number>;
    const pivot = pivotEntries.get(pivotRow) as number;
    diagonal[place] = pivot;
    pivotEntries.delete(pivotRow);
    columns.push(eliminate(entries, pivotRow, pivot));
  }
  const starts = new Int32Array(size + 1);
  columns.forEach(({ rows }, place) => (starts[place + 1] = intAt(starts, place) + rows.length));
  return {
    size,
    order: Int32Array.from(order),
    starts,
    rows: Int32Array.from(columns.flatMap(({ rows }) => rows.map((row) => intAt(placeOf, row)))),
    values: Float64Array.from(columns.flatMap(({ values }) => values)),
    diagonal,
  };
}

/** Row with the fewest neighbours among those left whose diagonal can be divided by, -1 when there is none. */
function nextPivot(entries: readonly Map<number, number>[], placeOf: Int32Array, smallest: number): number {
  let best = -1;
  let fewest = Infinity;
  for (let row = 0; row < entries.length; row++) {
    if (intAt(placeOf, row) >= 0) continue;
    const own = entries[row] as Map<number, number>;
    if (own.size < fewest && Math.abs(own.get(row) ?? 0) > smallest) [best, fewest] = [row, own.size];
  }
  return best;
}

/** Takes a row out of the others and gives its column of L. */
function eliminate(entries: readonly Map<number, number>[], pivotRow: number, pivot: number): { rows: number[]; values: number[] } {
  const column = [...(entries[pivotRow] as Map<number, number>)];
  for (const [row, value] of column) {
    const own = entries[row] as Map<number, number>;
    own.delete(pivotRow);
    const ratio = value / pivot;
    for (const [other, otherValue] of column) own.set(other, (own.get(other) ?? 0) - ratio * otherValue);
  }
  return { rows: column.map(([row]) => row), values: column.map(([, value]) => value / pivot) };
}

/** Writes x with A x = right into `x`, both [size] in the order of the matrix; `work` is [size] and overwritten. */
export function solveSymmetric(
  factors: SymmetricFactors,
  right: Float64Array,
  into: { readonly x: Float64Array; readonly work: Float64Array },
): void {
  const { size, order, starts, rows, values, diagonal } = factors;
  const { x, work } = into;
  for (let place = 0; place < size; place++) work[place] = floatAt(right, intAt(order, place));
  for (let place = 0; place < size; place++) {
    const value = floatAt(work, place);
    if (value === 0) continue;
    const end = intAt(starts, place + 1);
    for (let k = intAt(starts, place); k < end; k++) work[intAt(rows, k)] = floatAt(work, intAt(rows, k)) - floatAt(values, k) * value;
  }
  for (let place = size - 1; place >= 0; place--) {
    let value = floatAt(work, place) / floatAt(diagonal, place);
    const end = intAt(starts, place + 1);
    for (let k = intAt(starts, place); k < end; k++) value -= floatAt(values, k) * floatAt(work, intAt(rows, k));
    work[place] = value;
  }
  for (let place = 0; place < size; place++) x[intAt(order, place)] = floatAt(work, place);
}

/** A small square matrix split into triangular factors with row exchanges. */
export interface Factors {
  readonly size: number;
  /** [size * size], row by row: unit lower and upper factor in one. */
  readonly packed: Float64Array;
  /** [size]: original row that stands in each place. */
  readonly order: Int32Array;
}

/** Pivots smaller than this count as zero. */
const smallestPivot = 1e-11;

/** Factors a matrix given row by row, [size * size]; null when it is singular. The argument is overwritten. */
export function factor(matrix: Float64Array, size: number): Factors | null {
  const order = new Int32Array(size);
  for (let row = 0; row < size; row++) order[row] = row;
  for (let k = 0; k < size; k++) {
    let pivotRow = k;
    for (let row = k + 1; row < size; row++) {
      if (Math.abs(floatAt(matrix, row * size + k)) > Math.abs(floatAt(matrix, pivotRow * size + k))) pivotRow = row;
    }
    const pivot = floatAt(matrix, pivotRow * size + k);
    if (!(Math.abs(pivot) > smallestPivot)) return null;
    if (pivotRow !== k) exchange(matrix, order, { size, first: k, second: pivotRow });
    for (let row = k + 1; row < size; row++) {
      const ratio = floatAt(matrix, row * size + k) / pivot;
      if (ratio === 0) continue;
      matrix[row * size + k] = ratio;
      subtractRow(matrix, { from: row * size + k + 1, other: k * size + k + 1, ratio, count: size - k - 1 });
    }
  }
  return { size, packed: matrix, order };
}

/** x with A x = right, [size]. */
export function solve({ size, packed, order }: Factors, right: Float64Array): Float64Array {
  const x = new Float64Array(size);
  for (let row = 0; row < size; row++) {
    const start = row * size;
    let sum = floatAt(right, intAt(order, row));
    for (let column = 0; column < row; column++) sum -= floatAt(packed, start + column) * floatAt(x, column);
    x[row] = sum;
  }
  for (let row = size - 1; row >= 0; row--) {
    const start = row * size;
    let sum = floatAt(x, row);
    for (let column = row + 1; column < size; column++) sum -= floatAt(packed, start + column) * floatAt(x, column);
    x[row] = sum / floatAt(packed, start + row);
  }
  return x;
}

/** y with A' y = right, [size]. */
export function solveTransposed({ size, packed, order }: Factors, right: Float64Array): Float64Array {
  const z = right.slice();
  for (let row = 0; row < size; row++) {
    const start = row * size;
    const value = floatAt(z, row) / floatAt(packed, start + row);
    z[row] = value;
    for (let column = row + 1; column < size; column++) z[column] = floatAt(z, column) - floatAt(packed, start + column) * value;
  }
  for (let row = size - 1; row > 0; row--) {
    const start = row * size;
    const value = floatAt(z, row);
    for (let column = 0; column < row; column++) z[column] = floatAt(z, column) - floatAt(packed, start + column) * value;
  }
  const y = new Float64Array(size);
  for (let row = 0; row < size; row++) y[intAt(order, row)] = floatAt(z, row);
  return y;
}

/** Inverse of a factored matrix row by row, [size * size]. */
export function inverseOf({ size, packed, order }: Factors): Float64Array {
  const inverse = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    const from = row * size;
    inverse[from + intAt(order, row)] = 1;
    for (let k = 0; k < row; k++) subtractRow(inverse, { from, other: k * size, ratio: floatAt(packed, from + k), count: size });
  }
  for (let row = size - 1; row >= 0; row--) {
    const from = row * size;
    for (let k = row + 1; k < size; k++) subtractRow(inverse, { from, other: k * size, ratio: floatAt(packed, from + k), count: size });
    const pivot = floatAt(packed, from + row);
    for (let column = 0; column < size; column++) inverse[from + column] = floatAt(inverse, from + column) / pivot;
  }
  return inverse;
}

/** Takes a multiple of some entries from as many others of the same array. */
function subtractRow(
  values: Float64Array,
  rows: { readonly from: number; readonly other: number; readonly ratio: number; readonly count: number },
): void {
  const { from, other, ratio, count } = rows;
  if (ratio === 0) return;
  for (let k = 0; k < count; k++) values[from + k] = floatAt(values, from + k) - ratio * floatAt(values, other + k);
}

/** An array filled with a value of each item; a plain loop, because `from` of the typed arrays goes through iterators. */
export function filled<Values extends Float64Array | Int32Array | Uint8Array, Item>(
  values: Values,
  items: readonly Item[],
  valueOf: (item: Item, place: number) => number,
): Values {
  items.forEach((item, place) => (values[place] = valueOf(item, place)));
  return values;
}

/** Sum of all entries, in their order. */
export function total(values: Float64Array): number {
  let sum = 0;
  for (let place = 0; place < values.length; place++) sum += floatAt(values, place);
  return sum;
}

/** Entry of an array at an index the caller knows to exist. */
export function at(array: Float64Array | Int32Array | Uint8Array | readonly number[], index: number): number {
  return array[index] as number;
}

/** The same for numbers alone, as `intAt` and `byteAt` for theirs: with one kind of array each, a read is a single load. */
export function floatAt(array: Float64Array, index: number): number {
  return array[index] as number;
}

/** Entry of a list of places. */
export function intAt(array: Int32Array, index: number): number {
  return array[index] as number;
}

/** Entry of a list of flags. */
export function byteAt(array: Uint8Array, index: number): number {
  return array[index] as number;
}

function exchange(
  matrix: Float64Array,
  order: Int32Array,
  rows: { readonly size: number; readonly first: number; readonly second: number },
): void {
  const { size, first, second } = rows;
  for (let column = 0; column < size; column++) {
    const kept = floatAt(matrix, first * size + column);
    matrix[first * size + column] = floatAt(matrix, second * size + column);
    matrix[second * size + column] = kept;
  }
  const kept = intAt(order, first);
  order[first] = intAt(order, second);
  order[second] = kept;
}

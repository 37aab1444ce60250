/** A small square matrix split into triangular factors with row exchanges. */
export interface Factors {
  readonly size: number;
  /** [size * size], row by row: unit lower and upper factor in one. */
  readonly packed: Float64Array;
  /** [size]: original row that stands in each place. */
  readonly order: Int32Array;
}

/** Factors a matrix given row by row, [size * size]; null when it is singular. The argument is overwritten. */
export function factor(matrix: Float64Array, size: number): Factors | null {
  const order = Int32Array.from({ length: size }, (_, row) => row);
  for (let k = 0; k < size; k++) {
    let pivotRow = k;
    for (let row = k + 1; row < size; row++) {
      if (Math.abs(at(matrix, row * size + k)) > Math.abs(at(matrix, pivotRow * size + k))) pivotRow = row;
    }
    const pivot = at(matrix, pivotRow * size + k);
    if (Math.abs(pivot) < 1e-11) return null;
    if (pivotRow !== k) exchange(matrix, order, { size, first: k, second: pivotRow });
    for (let row = k + 1; row < size; row++) {
      const ratio = at(matrix, row * size + k) / pivot;
      if (ratio === 0) continue;
      matrix[row * size + k] = ratio;
      for (let column = k + 1; column < size; column++) {
        matrix[row * size + column] = at(matrix, row * size + column) - ratio * at(matrix, k * size + column);
      }
    }
  }
  return { size, packed: matrix, order };
}

/** x with A x = right, [size]. */
export function solve(factors: Factors, right: Float64Array): Float64Array {
  const { size, packed, order } = factors;
  const x = new Float64Array(size);
  for (let row = 0; row < size; row++) {
    let sum = at(right, at(order, row));
    for (let column = 0; column < row; column++) sum -= at(packed, row * size + column) * at(x, column);
    x[row] = sum;
  }
  for (let row = size - 1; row >= 0; row--) {
    let sum = at(x, row);
    for (let column = row + 1; column < size; column++) sum -= at(packed, row * size + column) * at(x, column);
    x[row] = sum / at(packed, row * size + row);
  }
  return x;
}

/** y with A' y = right, [size]. */
export function solveTransposed(factors: Factors, right: Float64Array): Float64Array {
  const { size, packed, order } = factors;
  const z = new Float64Array(size);
  for (let row = 0; row < size; row++) {
    let sum = at(right, row);
    for (let column = 0; column < row; column++) sum -= at(packed, column * size + row) * at(z, column);
    z[row] = sum / at(packed, row * size + row);
  }
  for (let row = size - 1; row >= 0; row--) {
    let sum = at(z, row);
    for (let column = row + 1; column < size; column++) sum -= at(packed, column * size + row) * at(z, column);
    z[row] = sum;
  }
  const y = new Float64Array(size);
  for (let row = 0; row < size; row++) y[at(order, row)] = at(z, row);
  return y;
}

/** Entry of an array at an index the caller knows to exist. */
export function at(array: Float64Array | Int32Array | Uint8Array | readonly number[], index: number): number {
  return array[index] as number;
}

function exchange(
  matrix: Float64Array,
  order: Int32Array,
  rows: { readonly size: number; readonly first: number; readonly second: number },
): void {
  const { size, first, second } = rows;
  for (let column = 0; column < size; column++) {
    const kept = at(matrix, first * size + column);
    matrix[first * size + column] = at(matrix, second * size + column);
    matrix[second * size + column] = kept;
  }
  const kept = at(order, first);
  order[first] = at(order, second);
  order[second] = kept;
}

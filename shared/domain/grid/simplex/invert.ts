import { at } from '../dense.js';

/** Pivots smaller than this count as zero. */
const smallestPivot = 1e-11;

/** Inverse of a matrix given row by row, [size * size], by elimination with row exchanges; null when it is singular. The argument is overwritten. */
export function invert(matrix: Float64Array, size: number): Float64Array | null {
  const inverse = new Float64Array(size * size);
  for (let k = 0; k < size; k++) inverse[k * size + k] = 1;
  for (let k = 0; k < size; k++) {
    let pivotRow = k;
    for (let row = k + 1; row < size; row++) {
      if (Math.abs(at(matrix, row * size + k)) > Math.abs(at(matrix, pivotRow * size + k))) pivotRow = row;
    }
    const pivot = at(matrix, pivotRow * size + k);
    if (!(Math.abs(pivot) > smallestPivot)) return null;
    if (pivotRow !== k) {
      exchange(matrix, size, { first: k, second: pivotRow });
      exchange(inverse, size, { first: k, second: pivotRow });
    }
    const own = k * size;
    for (let column = 0; column < size; column++) {
      matrix[own + column] = at(matrix, own + column) / pivot;
      inverse[own + column] = at(inverse, own + column) / pivot;
    }
    for (let row = 0; row < size; row++) {
      const start = row * size;
      const factor = at(matrix, start + k);
      if (row === k || factor === 0) continue;
      for (let column = k; column < size; column++) matrix[start + column] = at(matrix, start + column) - factor * at(matrix, own + column);
      for (let column = 0; column < size; column++)
        inverse[start + column] = at(inverse, start + column) - factor * at(inverse, own + column);
    }
  }
  return inverse;
}

function exchange(matrix: Float64Array, size: number, rows: { readonly first: number; readonly second: number }): void {
  for (let column = 0; column < size; column++) {
    const kept = at(matrix, rows.first * size + column);
    matrix[rows.first * size + column] = at(matrix, rows.second * size + column);
    matrix[rows.second * size + column] = kept;
  }
}

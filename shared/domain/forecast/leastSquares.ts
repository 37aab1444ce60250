import { floatAt } from '../grid/dense.js';

/** The same under a name of this module: where modules are wrapped, an imported name is looked up at every use. */
const entry = floatAt;

/** Penalised least squares that learns one row at a time, kept as a triangular factor so that nothing is ever inverted. */
export interface LeastSquares {
  readonly size: number;
  readonly outputs: number;
  /** Upper factor of the penalty plus the sum of all rows, row by row, the part right of the diagonal alone. */
  readonly packed: Float64Array;
  /** [size][outputs]: what the factor's transpose turns into the right-hand sides. */
  readonly right: Float64Array;
}

/** Length of the packed half of a square matrix. */
export function packedLength(size: number): number {
  return (size * (size + 1)) / 2;
}

/** Nothing learned yet: every coefficient is held to zero by the penalty. */
export function newLeastSquares(size: number, outputs: number, penalty: number): LeastSquares {
  const packed = new Float64Array(packedLength(size));
  for (let row = 0, from = 0; row < size; from += size - row, row++) packed[from] = Math.sqrt(penalty);
  return { size, outputs, packed, right: new Float64Array(size * outputs) };
}

/**
 * Adds a row by plane rotations; both arguments are used up. `targets`: [outputs].
 * Source: Golub and Van Loan, Matrix Computations, 4th edition, 2013, section 6.5.
 */
export function learnRow({ size, outputs, packed, right }: LeastSquares, row: Float64Array, targets: Float64Array): void {
  for (let k = 0, from = 0; k < size; from += size - k, k++) {
    const added = entry(row, k);
    if (added === 0) continue;
    const pivot = entry(packed, from);
    const length = Math.sqrt(pivot * pivot + added * added);
    const [cos, sin] = [pivot / length, added / length];
    packed[from] = length;
    for (let column = k + 1, place = from + 1; column < size; column++, place++) {
      const [kept, other] = [entry(packed, place), entry(row, column)];
      packed[place] = cos * kept + sin * other;
      row[column] = cos * other - sin * kept;
    }
    for (let output = 0, place = k * outputs; output < outputs; output++, place++) {
      const [kept, other] = [entry(right, place), entry(targets, output)];
      right[place] = cos * kept + sin * other;
      targets[output] = cos * other - sin * kept;
    }
  }
}

/** Values of a row, [outputs]. The row is used up. */
export function valuesOf({ size, outputs, packed, right }: LeastSquares, row: Float64Array): Float64Array {
  solveTransposed(packed, size, row);
  const values = new Float64Array(outputs);
  for (let k = 0; k < size; k++) {
    const share = entry(row, k);
    for (let output = 0, place = k * outputs; output < outputs; output++, place++)
      values[output] = entry(values, output) + share * entry(right, place);
  }
  return values;
}

/** Puts x with U' x = row in place of the row, for a packed upper factor U. */
export function solveTransposed(packed: Float64Array, size: number, row: Float64Array): void {
  for (let k = 0, from = 0; k < size; from += size - k, k++) {
    const solved = entry(row, k) / entry(packed, from);
    row[k] = solved;
    if (solved === 0) continue;
    for (let column = k + 1, place = from + 1; column < size; column++, place++)
      row[column] = entry(row, column) - solved * entry(packed, place);
  }
}

/** Turns the packed upper half of a positive definite matrix into its upper factor, in place. */
export function factorPacked(packed: Float64Array, size: number): void {
  for (let k = 0, from = 0; k < size; from += size - k, k++) {
    const pivot = Math.sqrt(entry(packed, from));
    for (let place = from; place < from + size - k; place++) packed[place] = entry(packed, place) / pivot;
    for (let row = k + 1, rowFrom = from + size - k; row < size; rowFrom += size - row, row++) {
      const ratio = entry(packed, from + row - k);
      if (ratio === 0) continue;
      for (let column = row, place = rowFrom; column < size; column++, place++)
        packed[place] = entry(packed, place) - ratio * entry(packed, from + column - k);
    }
  }
}

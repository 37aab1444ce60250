import { describe, expect, it } from 'vitest';
import {
  factorPacked,
  learnRow,
  newLeastSquares,
  packedLength,
  solveTransposed,
  valuesOf,
} from '../../shared/domain/forecast/leastSquares.js';
import { newSortedRing, putSorted, quantileOf } from '../../shared/domain/forecast/sortedRing.js';
import { factor, solve } from '../../shared/domain/grid/dense.js';
import { drawNormal } from '../../shared/domain/random.js';

const drawn = (n: number): number => drawNormal({ seed: 1, component: 'test', entity: 'squares', purpose: 'value', n });

describe('least squares that learn row by row', () => {
  const [size, outputs, rows, penalty] = [5, 2, 12, 0.7];
  const rowAt = (row: number): Float64Array =>
    Float64Array.from({ length: size }, (_, k) => (k === 3 && row % 2 === 0 ? 0 : drawn(row * size + k)));
  const targetAt = (row: number): Float64Array => Float64Array.from({ length: outputs }, (_, k) => drawn(1_000 + row * outputs + k));

  it('have the coefficients of the normal equations with the penalty on their diagonal', () => {
    const squares = newLeastSquares(size, outputs, penalty);
    for (let row = 0; row < rows; row++) learnRow(squares, rowAt(row), targetAt(row));
    for (let output = 0; output < outputs; output++) {
      const normal = new Float64Array(size * size);
      const right = new Float64Array(size);
      for (let row = 0; row < rows; row++)
        for (let i = 0; i < size; i++) {
          right[i]! += rowAt(row)[i]! * targetAt(row)[output]!;
          for (let j = 0; j < size; j++) normal[i * size + j]! += rowAt(row)[i]! * rowAt(row)[j]!;
        }
      for (let i = 0; i < size; i++) normal[i * size + i]! += penalty;
      const factors = factor(normal, size);
      const coefficients = factors === null ? new Float64Array(size) : solve(factors, right);
      for (let row = 100; row < 103; row++) {
        const wanted = rowAt(row).reduce((sum, value, k) => sum + value * coefficients[k]!, 0);
        expect(valuesOf(squares, rowAt(row))[output]).toBeCloseTo(wanted, 10);
      }
    }
  });

  it('say 0 before anything was learned', () => {
    expect([...valuesOf(newLeastSquares(size, outputs, penalty), rowAt(0))]).toEqual([0, 0]);
  });

  it('factor a packed matrix so that U transposed times U gives it back', () => {
    // 4 2 2 / 2 5 3 / 2 3 6: U is 2 1 1 / 0 2 1 / 0 0 2.
    const packed = Float64Array.of(4, 2, 2, 5, 3, 6);
    expect(packed.length).toBe(packedLength(3));
    factorPacked(packed, 3);
    expect([...packed]).toEqual([2, 1, 1, 2, 1, 2]);
    const row = Float64Array.of(2, 5, 8);
    solveTransposed(packed, 3, row);
    expect([...row]).toEqual([1, 2, 2.5]);
  });
});

describe('a ring of numbers in order', () => {
  it('has the quantiles of its newest numbers, and leaves out what is none', () => {
    const ring = newSortedRing(7);
    const values = Array.from({ length: 40 }, (_, n) => (n % 9 === 4 ? Number.NaN : Math.round(10 * drawn(n)) / 10));
    values.forEach((value, place) => {
      putSorted(ring, value);
      const newest = values
        .slice(Math.max(0, place - 6), place + 1)
        .filter((each) => !Number.isNaN(each))
        .map(Math.fround)
        .sort((a, b) => a - b);
      expect([...ring.sorted.subarray(0, ring.count)]).toEqual(newest);
    });
  });

  it('takes quantiles at the rank of one number more', () => {
    const ring = newSortedRing(10);
    for (const value of [30, 10, 20]) putSorted(ring, value);
    expect([0.01, 0.25, 0.5, 0.625, 0.75, 0.99].map((level) => quantileOf(ring, level))).toEqual([10, 10, 20, 25, 30, 30]);
    expect(quantileOf(newSortedRing(3), 0.5)).toBeNull();
  });
});

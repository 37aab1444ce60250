import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readBasis } from '../../shared/domain/grid/basis.js';
import type { LinearProblem, LinearSolution } from '../../shared/domain/grid/solver.js';
import { draw } from '../../shared/domain/random.js';
import { loadHighsSolver, type HighsSolver } from '../../shared/runtime/highs.js';

const number = (entity: string, n: number): number => draw({ seed: 3, component: 'test', entity, purpose: 'problem', n });

/** A dispatch-like problem: one balance and some dense limits. */
function problem(name: string, demandMw: number): LinearProblem {
  const [columnCount, rowCount] = [80, 8];
  const rows = Array.from({ length: columnCount * rowCount }, (_, k) => k % rowCount);
  return {
    matrix: {
      columnCount,
      rowCount,
      starts: Int32Array.from({ length: columnCount + 1 }, (_, j) => j * rowCount),
      rows: Int32Array.from(rows),
      values: Float64Array.from(rows, (row, k) => (row === 0 ? 1 : number(`${name}-a`, k) - 0.5)),
    },
    costs: Float64Array.from({ length: columnCount }, (_, j) => 50 * number(`${name}-c`, j)),
    columnLower: new Float64Array(columnCount),
    columnUpper: Float64Array.from({ length: columnCount }, (_, j) => 100 * number(`${name}-u`, j)),
    ...limits(rowCount, demandMw),
  };
}

function limits(rowCount: number, demandMw: number): Pick<LinearProblem, 'rowLower' | 'rowUpper'> {
  return {
    rowLower: Float64Array.from({ length: rowCount }, (_, row) => (row === 0 ? demandMw : -40)),
    rowUpper: Float64Array.from({ length: rowCount }, (_, row) => (row === 0 ? demandMw : 40)),
  };
}

function bits(solution: LinearSolution): string {
  const hex = (values: Float64Array): string => Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('hex');
  return [
    hex(solution.columnValues),
    hex(solution.rowDuals),
    hex(solution.reducedCosts),
    solution.basis?.columns,
    solution.basis?.rows,
  ].join('/');
}

describe('the HiGHS solver', () => {
  let solver: HighsSolver;
  beforeAll(async () => {
    solver = await loadHighsSolver();
  });
  afterAll(() => solver.close());

  it('gives the same bits for the same problem and basis whatever it solved before, on a kept matrix and on a changed one', () => {
    const [one, other] = [problem('one', 1_500), problem('other', 1_200)];
    const start = solver.solve(one, null).basis;
    const demands = [1_300, 1_400, 1_500, 1_600, 1_700];
    const first = new Map<number, string>();
    for (let round = 0; round < 60; round++) {
      const demandMw = demands[(round * 7) % demands.length] ?? 0;
      if (round % 3 === 0) solver.solve(other, null);
      if (round % 4 === 0) solver.solve({ ...one, costs: one.costs.map((cost) => 60 - cost) }, null);
      const answer = bits(solver.solve({ ...one, ...limits(8, demandMw) }, start));
      expect(answer).toBe(first.get(demandMw) ?? answer);
      first.set(demandMw, answer);
    }
    expect(first.size).toBe(demands.length);
    expect(new Set(first.values()).size).toBe(demands.length);
  });

  it('gives the same bits on a second instance', async () => {
    const fresh = await loadHighsSolver();
    const one = problem('one', 1_450);
    solver.solve(problem('other', 1_200), null);
    expect(bits(fresh.solve(one, null))).toBe(bits(solver.solve(one, null)));
    fresh.close();
  });

  it('says so when a problem has no solution, and solves the next one', () => {
    const impossible = problem('one', 1e9);
    expect(solver.solve(impossible, null)).toMatchObject({ status: 'infeasible', basis: null });
    expect(solver.solve(problem('one', 1_500), null).status).toBe('optimal');
  });

  it('starts cold from a basis that does not fit', () => {
    const one = problem('one', 1_500);
    const cold = solver.solve(one, null);
    expect(solver.solve(one, { columns: '0'.repeat(80), rows: '0'.repeat(8) }).objective).toBeCloseTo(cold.objective, 6);
    expect(solver.solve(one, { columns: '01', rows: '1' }).objective).toBeCloseTo(cold.objective, 6);
  });

  it('agrees with vertex and prices computed from its basis alone', () => {
    const one = problem('one', 1_500);
    const solution = solver.solve(one, null);
    const reading = solution.basis === null ? null : readBasis(one, one.costs, solution.basis);
    expect(reading?.primalViolation).toBeLessThan(1e-9);
    expect(reading?.dualViolation).toBeLessThan(1e-9);
    solution.columnValues.forEach((value, column) => expect(reading?.columnValues[column]).toBeCloseTo(value, 8));
    solution.rowDuals.forEach((value, row) => expect(reading?.rowDuals[row]).toBeCloseTo(value, 8));
  });

  it('finds a basis wanting whose vertex breaks a limit', () => {
    const one = problem('one', 1_500);
    const { basis } = solver.solve(one, null);
    const reading = basis === null ? null : readBasis({ ...one, ...limits(8, 1_000) }, one.costs, basis);
    expect(reading?.primalViolation).toBeGreaterThan(1);
  });
});

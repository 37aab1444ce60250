import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noCounts, solveByPivots } from '../../shared/domain/grid/simplex/solve.js';
import type { Basis, LinearProblem, LinearSolution } from '../../shared/domain/grid/solver.js';
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
});

describe('the dual simplex method of the kernel', () => {
  let highs: HighsSolver;
  beforeAll(async () => {
    highs = await loadHighsSolver();
  });
  afterAll(() => highs.close());

  it('finds the optimum of HiGHS on 300 problems, from nothing and from the basis of a neighbour', () => {
    for (let n = 0; n < 300; n++) {
      const one = problem(`p${n}`, 200 + 6 * n);
      const theirs = highs.solve(one, null);
      const counts = noCounts();
      const solve = solveByPivots(null, counts);
      if (theirs.status !== 'optimal') {
        expect(() => solve(one, one.costs, null)).toThrow('infeasible');
        continue;
      }
      const cold = solve(one, one.costs, null);
      const cost = (x: Float64Array): number => x.reduce((sum, value, column) => sum + value * (one.costs[column] ?? NaN), 0);
      expect(Math.abs(cost(cold.columnValues) - theirs.objective)).toBeLessThan(1e-6 * (1 + Math.abs(theirs.objective)));
      cold.columnValues.forEach((value, column) => expect(Math.abs(value - (theirs.columnValues[column] ?? NaN))).toBeLessThan(1e-5));
      cold.rowDuals.forEach((value, row) => expect(Math.abs(value - (theirs.rowDuals[row] ?? NaN))).toBeLessThan(1e-6));
      // From the basis of a problem with 5 MW less the answer is the same to the last bit.
      const near = { ...one, ...limits(8, 195 + 6 * n) };
      if (highs.solve(near, null).status !== 'optimal') continue;
      const { basis } = solve(near, near.costs, null);
      expect(solve(one, one.costs, basis)).toEqual(cold);
      expect(solveByPivots(null)(one, one.costs, basis)).toEqual(cold);
      expect(counts.fallbacks).toBe(0);
    }
  });

  it('hands a problem it cannot solve to the other solver, and counts it', () => {
    const unbounded = problem('one', 1_500);
    const free = { ...unbounded, columnUpper: unbounded.columnUpper.map((value, column) => (column === 0 ? Infinity : value)) };
    const counts = noCounts();
    const optimum = solveByPivots(highs, counts)(free, free.costs, null);
    const theirs = highs.solve(free, null);
    expect(optimum.wasSolved).toBe(true);
    expect(counts.fallbacks).toBe(1);
    theirs.columnValues.forEach((value, column) => expect(optimum.columnValues[column]).toBeCloseTo(value, 6));
    expect(() => solveByPivots(null)(free, free.costs, null)).toThrow('no optimum by pivots');
  });

  it('starts cold from a basis that does not fit or is singular', () => {
    const one = problem('one', 1_500);
    const cold = solveByPivots(null)(one, one.costs, null);
    expect(solveByPivots(null)(one, one.costs, { columns: '01', rows: '1' })).toEqual(cold);
    expect(solveByPivots(null)(one, one.costs, { columns: '0'.repeat(80), rows: '0'.repeat(8) })).toEqual(cold);
  });

  it('settles problems where many vertices coincide on one basis, whatever the way', () => {
    // Demand equals the sum of whole units: every vertex is degenerate.
    const flat = (demandMw: number): LinearProblem => ({
      ...problem('flat', demandMw),
      columnUpper: new Float64Array(80).fill(50),
    });
    const solve = solveByPivots(null);
    const cold = solve(flat(1_000), flat(1_000).costs, null);
    for (const demandMw of [900, 950, 1_050, 1_100]) {
      const { basis } = solve(flat(demandMw), flat(demandMw).costs, null);
      expect(solve(flat(1_000), flat(1_000).costs, basis)).toEqual(cold);
    }
  });

  it('finds the optimum of HiGHS when what columns may be closes to nothing and opens again, one problem after another', () => {
    const one = problem('ranges', 1_200);
    const solve = solveByPivots(null);
    let basis: Basis | null = null;
    for (let n = 0; n < 200; n++) {
      // Costs and matrix stay the same object, as from one hour to the next; every other column is closed by chance.
      const columnUpper = one.columnUpper.map((most, column) => (number(`open-${n}`, column) < 0.4 ? 0 : most));
      const next = { ...one, columnUpper, ...limits(8, 500 + 500 * number('demand', n)) };
      const theirs = highs.solve(next, null);
      if (theirs.status !== 'optimal') continue;
      const ours = solve(next, next.costs, basis);
      basis = ours.basis;
      ours.columnValues.forEach((value, column) => expect(Math.abs(value - (theirs.columnValues[column] ?? NaN))).toBeLessThan(1e-5));
      expect(solveByPivots(null)(next, next.costs, null)).toEqual(ours);
    }
    expect(basis).not.toBeNull();
  });
});

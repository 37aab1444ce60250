import { assert } from '../assert.js';
import { readBasis } from './basis.js';
import type { Basis, LinearProblem, LinearSolver } from './solver.js';

/** MW and $/MWh within which a vertex counts as feasible and optimal; far below what anyone reads, far above rounding. */
const tolerance = 1e-8;

/** Optimum of a problem, computed from its final basis alone. */
export interface Optimum {
  /** [columns] */
  readonly columnValues: Float64Array;
  /** [rows], under the costs without tie-breaks. */
  readonly rowDuals: Float64Array;
  readonly basis: Basis;
  /** Whether the solver was called. */
  readonly wasSolved: boolean;
}

/** Finds the optimum of a problem from a starting basis. `trueCosts`: the costs without what breaks ties, [columns]. */
export type Solve = (problem: LinearProblem, trueCosts: Float64Array, start: Basis | null) => Optimum;

/** Calls the solver every time. */
export function solveAlways(solver: LinearSolver): Solve {
  return (problem, trueCosts, start) => {
    const warm = solver.solve(problem, start);
    // A basis can be too ill-conditioned to start from; the problem itself always has an optimum, since load can be shed.
    const solution = warm.status === 'optimal' ? warm : solver.solve(problem, null);
    assert(solution.status === 'optimal' && solution.basis !== null, `the dispatch has no optimum: ${solution.status}`);
    const reading = readBasis(problem, trueCosts, solution.basis);
    if (reading !== null && reading.primalViolation <= 1e-6 && reading.dualViolation <= 1e-6) return { ...reading, wasSolved: true };
    return { columnValues: solution.columnValues, rowDuals: solution.rowDuals, basis: solution.basis, wasSolved: true };
  };
}

/**
 * Calls the solver only when the starting basis is not optimal already.
 * A basis that is primal and dual feasible is optimal, whoever found it, so the check is exact: between neighbouring ticks most bases hold,
 * and in a look-ahead a basis that holds with every bid at zero proves that no offer clears.
 */
export function solveWhenNeeded(solver: LinearSolver): Solve {
  const always = solveAlways(solver);
  return (problem, trueCosts, start) => {
    const reading = start === null ? null : readBasis(problem, trueCosts, start);
    if (reading !== null && reading.primalViolation <= tolerance && reading.dualViolation <= tolerance)
      return { ...reading, wasSolved: false };
    return always(problem, trueCosts, start);
  };
}

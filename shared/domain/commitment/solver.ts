import type { LinearProblem } from '../grid/solver.js';

/** A linear problem in which some columns take whole values only. */
export interface MixedIntegerProblem extends LinearProblem {
  /** [columns]: 1 where only whole values are allowed. */
  readonly isInteger: Uint8Array;
}

/** Values of some columns to start from; the solver completes them. */
export interface PartialSolution {
  readonly columns: Int32Array;
  readonly values: Float64Array;
}

export interface MixedIntegerSolution {
  /** `limit`: the node limit was reached, and the values are the best found. */
  readonly status: 'optimal' | 'limit' | 'infeasible' | 'failed';
  readonly objective: number;
  /** No solution costs less than this. */
  readonly lowerBound: number;
  /** [columns] */
  readonly columnValues: Float64Array;
  /** [rows]: what the objective gains when both bounds of a row rise by one; zeros when some column is whole. */
  readonly rowDuals: Float64Array;
  /** Nodes of the search tree. */
  readonly nodes: number;
}

/** Solves such problems to a fixed relative gap; the answer depends on problem and start alone, never on time or earlier solves. */
export interface MixedIntegerSolver {
  solve(problem: MixedIntegerProblem, start: PartialSolution | null): MixedIntegerSolution;
}

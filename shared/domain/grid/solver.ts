/** A sparse matrix by columns; two problems with the same object have the same matrix, so it is never changed once handed out. */
export interface SparseMatrix {
  readonly rowCount: number;
  readonly columnCount: number;
  /** [columnCount + 1]: column j holds the entries from starts[j] up to starts[j + 1]. */
  readonly starts: Int32Array;
  /** [entries]: row of each entry. */
  readonly rows: Int32Array;
  /** [entries]: coefficient of each entry. */
  readonly values: Float64Array;
}

/** Minimise costs x subject to rowLower <= A x <= rowUpper and columnLower <= x <= columnUpper; a missing bound is infinite. */
export interface LinearProblem {
  readonly matrix: SparseMatrix;
  /** [columns], each; the same for the bounds. */
  readonly costs: Float64Array;
  readonly columnLower: Float64Array;
  readonly columnUpper: Float64Array;
  /** [rows], each. */
  readonly rowLower: Float64Array;
  readonly rowUpper: Float64Array;
}

/** Simplex basis as plain JSON, one digit for each column and row: 0 at its lower bound, 1 basic, 2 at its upper bound, 3 free at zero. */
export interface Basis {
  readonly columns: string;
  readonly rows: string;
}

export interface LinearSolution {
  readonly status: 'optimal' | 'infeasible' | 'unbounded' | 'failed';
  readonly objective: number;
  /** [columns] */
  readonly columnValues: Float64Array;
  /** [rows]: what the objective gains when both bounds of a row rise by one. */
  readonly rowDuals: Float64Array;
  /** [columns]: cost of a column beyond what its rows pay for. */
  readonly reducedCosts: Float64Array;
  /** Null unless the status is optimal. */
  readonly basis: Basis | null;
  readonly iterations: number;
}

/** Solves linear problems; the answer depends on problem and starting basis alone, never on what was solved before. */
export interface LinearSolver {
  solve(problem: LinearProblem, basis: Basis | null): LinearSolution;
}

/** Optimum of a problem, computed from its final basis alone. */
export interface Optimum {
  /** [columns] */
  readonly columnValues: Float64Array;
  /** [rows], under the costs without tie-breaks. */
  readonly rowDuals: Float64Array;
  readonly basis: Basis;
  /** Whether another solver had to be called. */
  readonly wasSolved: boolean;
}

/** Finds the optimum of a problem from a starting basis. `trueCosts`: the costs without what breaks ties, [columns]. */
export type Solve = (problem: LinearProblem, trueCosts: Float64Array, start: Basis | null) => Optimum;

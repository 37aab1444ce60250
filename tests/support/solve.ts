import { solveElsewhere } from '../../shared/domain/grid/simplex/solve.js';
import type { LinearSolver, Solve } from '../../shared/domain/grid/solver.js';

/** Calls the solver for every problem: the oracle that the kernel's own pivots are held against. */
export function solveAlways(solver: LinearSolver): Solve {
  return (problem, trueCosts, start) => solveElsewhere(solver, problem, { trueCosts, start });
}

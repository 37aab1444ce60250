import highsModule, { type BasisStatus, type Highs, type RawModelApi, type RawResult } from 'highs';
import { assert } from '../domain/assert.js';
import type { MixedIntegerProblem, MixedIntegerSolution, MixedIntegerSolver } from '../domain/commitment/solver.js';
import type { Basis, LinearProblem, LinearSolution, LinearSolver, SparseMatrix } from '../domain/grid/solver.js';

/** Settings that fix the algorithm: serial dual simplex without presolve, tolerances below the smallest tie-break cost, no clock. */
const options = {
  output_flag: false,
  presolve: 'off',
  solver: 'simplex',
  simplex_strategy: 1,
  primal_feasibility_tolerance: 1e-9,
  dual_feasibility_tolerance: 1e-9,
  simplex_iteration_limit: 100_000,
} as const;

// The package declares its types for CommonJS, where the loader is the property `default`; as a module the default export is the loader
// itself.
const loadHighs = highsModule as unknown as typeof highsModule.default;

/** A solver that holds memory of the WebAssembly runtime until it is closed. */
export interface HighsSolver extends LinearSolver {
  close(): void;
}

/** Loads HiGHS (WebAssembly) as a `LinearSolver`; the only asynchronous step, every solve is synchronous. */
export async function loadHighsSolver(): Promise<HighsSolver> {
  const highs = await loadHighs();
  const model = highs.raw.createModel();
  for (const [name, value] of Object.entries(options)) {
    assert(model.setOptionValue(name, value).status === highs.constants.status.ok, `HiGHS refused the option ${name}`);
  }
  let loaded: SparseMatrix | null = null;
  return {
    solve(problem, basis) {
      // The solver is cleared and given the starting basis each time: what it kept from the last solve would leak into the next.
      load(model, problem, loaded);
      loaded = problem.matrix;
      if (basis !== null && fits(problem, basis)) setBasis(highs, model, basis);
      model.run();
      return read(highs, model, problem);
    },
    close: () => model.dispose(),
  };
}

/** How far a search goes: it ends at this gap, share of the cost, or after this many nodes, never by the clock. */
export interface SearchLimits {
  readonly gapRatio: number;
  readonly nodes: number;
}

/**
 * Loads HiGHS (WebAssembly) as a `MixedIntegerSolver`: serial branch and cut with fixed seed, a new model for each problem, so that no
 * answer depends on an earlier one. Problems without whole columns are solved as linear ones, with duals.
 */
export async function loadHighsMixedInteger(limits: SearchLimits): Promise<MixedIntegerSolver> {
  const highs = await loadHighs();
  const searchOptions = {
    output_flag: false,
    random_seed: 0,
    mip_rel_gap: limits.gapRatio,
    mip_max_nodes: limits.nodes,
  } as const;
  return {
    solve(problem, start) {
      const model = highs.raw.createModel();
      try {
        for (const [name, value] of Object.entries(searchOptions)) {
          assert(model.setOptionValue(name, value).status === highs.constants.status.ok, `HiGHS refused the option ${name}`);
        }
        // Presolve merges the rows of least times on and off into ones that bound less; searches end sooner without it.
        model.setOptionValue('presolve', problem.isInteger.includes(1) ? 'off' : 'on');
        pass(model, problem, problem.isInteger);
        if (start !== null) model.setSparseSolution({ indices: start.columns, values: start.values });
        model.run();
        return readMixedInteger(highs, model, problem);
      } finally {
        model.dispose();
      }
    },
  };
}

function readMixedInteger(highs: Highs, model: RawModelApi, problem: MixedIntegerProblem): MixedIntegerSolution {
  const { modelStatus } = highs.constants;
  const code = model.getModelStatus();
  const info = (name: string): number => Number(valueOf(model.getInfoValue(name), name));
  const hasSolution = info('primal_solution_status') === highs.constants.solutionStatus.feasible;
  const isSearch = problem.isInteger.includes(1);
  const status =
    code === modelStatus.optimal ? 'optimal' : code === modelStatus.infeasible ? 'infeasible' : hasSolution ? 'limit' : 'failed';
  if (status === 'infeasible' || status === 'failed') {
    const { rowCount, columnCount } = problem.matrix;
    const [columnValues, rowDuals] = [new Float64Array(columnCount), new Float64Array(rowCount)];
    return { status, objective: NaN, lowerBound: NaN, columnValues, rowDuals, nodes: 0 };
  }
  const solution = valueOf(model.getSolution(), 'solution');
  const objective = model.getObjectiveValue();
  return {
    status,
    objective,
    lowerBound: isSearch ? info('mip_dual_bound') : objective,
    columnValues: solution.colValue,
    rowDuals: isSearch ? new Float64Array(problem.matrix.rowCount) : solution.rowDual,
    nodes: isSearch ? info('mip_node_count') : 0,
  };
}

function load(model: RawModelApi, problem: LinearProblem, loaded: SparseMatrix | null): void {
  const { matrix } = problem;
  if (matrix === loaded) {
    const columns = { kind: 'range', from: 0, to: matrix.columnCount - 1 } as const;
    model.clearSolver();
    model.changeColsCost(columns, problem.costs);
    model.changeColsBounds(columns, problem.columnLower, problem.columnUpper);
    model.changeRowsBounds({ kind: 'range', from: 0, to: matrix.rowCount - 1 }, problem.rowLower, problem.rowUpper);
    return;
  }
  pass(model, problem, null);
}

function pass(model: RawModelApi, problem: LinearProblem, isInteger: Uint8Array | null): void {
  const { matrix } = problem;
  model.passModel({
    numCols: matrix.columnCount,
    numRows: matrix.rowCount,
    colCost: problem.costs,
    colLower: problem.columnLower,
    colUpper: problem.columnUpper,
    rowLower: problem.rowLower,
    rowUpper: problem.rowUpper,
    ...(isInteger === null ? {} : { integrality: Int32Array.from(isInteger) }),
    matrix: {
      format: 'csc',
      numRows: matrix.rowCount,
      numCols: matrix.columnCount,
      starts: matrix.starts,
      indices: matrix.rows,
      values: matrix.values,
    },
  });
}

function fits({ matrix }: LinearProblem, basis: Basis): boolean {
  return basis.columns.length === matrix.columnCount && basis.rows.length === matrix.rowCount;
}

function setBasis(highs: Highs, model: RawModelApi, basis: Basis): void {
  const { status } = model.setBasis({ colStatus: digits(basis.columns), rowStatus: digits(basis.rows) });
  // A basis that does not fit is no reason to fail: the solve then starts cold, which is as deterministic.
  if (status === highs.constants.status.error) model.setLogicalBasis();
}

function read(highs: Highs, model: RawModelApi, problem: LinearProblem): LinearSolution {
  const { modelStatus } = highs.constants;
  const code = model.getModelStatus();
  if (code !== modelStatus.optimal) {
    const status = code === modelStatus.infeasible ? 'infeasible' : code === modelStatus.unbounded ? 'unbounded' : 'failed';
    const { rowCount, columnCount } = problem.matrix;
    const empty = new Float64Array(columnCount);
    return {
      status,
      objective: NaN,
      columnValues: empty,
      rowDuals: new Float64Array(rowCount),
      reducedCosts: empty,
      basis: null,
      iterations: 0,
    };
  }
  const solution = valueOf(model.getSolution(), 'solution');
  const basis = valueOf(model.getBasis(), 'basis');
  return {
    status: 'optimal',
    objective: model.getObjectiveValue(),
    columnValues: solution.colValue,
    rowDuals: solution.rowDual,
    reducedCosts: solution.colDual,
    basis: { columns: basis.colStatus.join(''), rows: basis.rowStatus.join('') },
    iterations: Number(valueOf(model.getInfoValue('simplex_iteration_count'), 'iteration count')),
  };
}

function valueOf<Value>(result: RawResult<Value>, what: string): Value {
  assert(result.value !== undefined, `HiGHS gave no ${what} after an optimal solve`);
  return result.value;
}

function digits(statuses: string): BasisStatus[] {
  return Array.from(statuses, (digit) => Number(digit) as BasisStatus);
}

import { boundsMemory, columnBoundsOf, costsOf, firstCorners, rangesOf, rowBoundsOf, type Ranges } from '../grid/bounds.js';
import { floatAt } from '../grid/dense.js';
import type { Dispatch } from '../grid/dispatch.js';
import type { Grid } from '../grid/grid.js';
import type { Limits } from '../grid/limits.js';
import { columnsOf, matrixOf, type DispatchInput, type Form } from '../grid/problem.js';
import { injectionsOf, resultOf } from '../grid/result.js';
import type { Basis, LinearProblem, LinearSolver } from '../grid/solver.js';
import type { Topology } from '../grid/topology.js';
import { energyColumn, joinHours } from './joinHours.js';

/** Hours that ramps and storages tie together. */
export interface TiedHours {
  /** What storages hold matters in the first alone. */
  readonly inputs: readonly DispatchInput[];
  /** [storages]: least energy after the last hour, MWh. */
  readonly endAtLeastMwh: Float64Array;
  /** [units]: output in the hour before the first, MW; null: not known. */
  readonly beforeMw: Float64Array | null;
  /** [units], MW from one hour to the next. */
  readonly rampMw: Float64Array;
  /** [hours]: limits of flows that are in the problem from the start. */
  readonly workings: readonly (readonly number[])[];
}

/** An hour of the whole problem, with what it is made of. */
export interface Part {
  readonly input: DispatchInput;
  readonly isFirst: boolean;
  readonly ranges: Ranges;
  form: Form;
  problem: LinearProblem;
}

/** Rounds of adding limits that the solution breaks. */
const mostRounds = 50;

/**
 * Least-cost dispatch of hours within their ramps, storages with them, as one problem for another solver; limits of flows enter it when a
 * solution breaks them. Null when the solver finds no optimum.
 */
export function dispatchTied(
  solver: LinearSolver,
  where: { readonly grid: Grid; readonly topology: Topology; readonly limits: Limits },
  tied: TiedHours,
): readonly Dispatch[] | null {
  const { grid, topology, limits } = where;
  const parts = tied.inputs.map(
    (input, hour): Part => partOf(grid, { input, isFirst: hour === 0 }, { topology, limits, working: tied.workings[hour] ?? [], hours: 1 }),
  );
  const { storages } = grid.world.network;
  /** Energy at the start of an hour. */
  const storedMwh = (x: Float64Array, { hour, place }: { readonly hour: number; readonly place: number }): number =>
    hour === 0
      ? (tied.inputs[0]?.storages[place]?.storedMwh ?? 0)
      : floatAt(x, energyColumn(grid, parts.length, { hour: hour - 1, place }));
  const netMw = new Float64Array(grid.world.network.buses.length);
  for (let round = 0; round < mostRounds; round++) {
    const { problem, firstRows } = joinHours(grid, parts, tied);
    const solution = solver.solve(problem, null);
    if (solution.status !== 'optimal') return null;
    const count = columnsOf(grid).count;
    let isWhole = true;
    const dispatches = parts.map((part, hour) => {
      const columnValues = solution.columnValues.slice(hour * count, (hour + 1) * count);
      injectionsOf(grid, { input: part.input, x: columnValues }, netMw);
      const netFlowMw = new Float64Array(grid.lineEnds.length);
      topology.flows(netMw, netFlowMw);
      const broken = limits.brokenBy(netFlowMw, part.form.working);
      const first = firstRows[hour] as number;
      const rowDuals = solution.rowDuals.slice(first, first + part.problem.matrix.rowCount);
      const optimum = { columnValues, rowDuals, basis: noBasis, wasSolved: true };
      const { ranges, form } = part;
      const warm = { limits: form.working, basis: noBasis };
      const input = storing(
        part.input,
        storages.map((_, place) => storedMwh(solution.columnValues, { hour, place })),
      );
      if (broken.length === 0) return resultOf(grid, form, { input, ranges, optimum, netFlowMw, solves: 1, warm });
      isWhole = false;
      Object.assign(part, partOf(grid, part, { ...form, working: [...form.working, ...broken].sort((a, b) => a - b) }));
      return null;
    });
    if (isWhole) return dispatches.flatMap((dispatch) => (dispatch === null ? [] : [dispatch]));
  }
  return null;
}

/** The same input with this in the storages, MWh. */
function storing(input: DispatchInput, storedMwh: readonly number[]): DispatchInput {
  return { ...input, storages: input.storages.map((storage, place) => ({ ...storage, storedMwh: storedMwh[place] ?? 0 })) };
}

/** The whole problem has no basis that an hour could go on from. */
const noBasis: Basis = { columns: '', rows: '' };

function partOf(grid: Grid, { input, isFirst }: Pick<Part, 'input' | 'isFirst'>, form: Form): Part {
  const memory = boundsMemory(grid);
  const ranges = rangesOf(grid, input, memory);
  const corners = firstCorners(grid, ranges);
  const { costs } = costsOf(grid, input, corners);
  // After the first hour what is in store is a column of its own.
  const seen = isFirst
    ? input
    : storing(
        input,
        input.storages.map(() => 0),
      );
  const bounds = { ...columnBoundsOf(grid, seen, { memory, corners }), ...rowBoundsOf(grid, form, seen) };
  // A unit that cannot come down fast enough may be too much for its bus, by as much as it may be.
  const { surplus, links, storages } = columnsOf(grid);
  bounds.columnUpper.fill(Infinity, surplus, links);
  if (!isFirst) grid.world.network.storages.forEach(({ powerMw }, place) => (bounds.columnUpper[storages + 3 * place + 1] = powerMw));
  return { input, isFirst, ranges, form, problem: { matrix: matrixOf(grid, form), costs, ...bounds } };
}

import { boundsMemory, columnBoundsOf, costsOf, firstCorners, rangesOf, rowBoundsOf, type Ranges } from '../grid/bounds.js';
import { floatAt, intAt } from '../grid/dense.js';
import type { Dispatch } from '../grid/dispatch.js';
import type { Grid } from '../grid/grid.js';
import type { Limits } from '../grid/limits.js';
import { columnsOf, matrixOf, type DispatchInput, type Form } from '../grid/problem.js';
import { injectionsOf, resultOf } from '../grid/result.js';
import type { Basis, LinearProblem, LinearSolver } from '../grid/solver.js';
import type { Topology } from '../grid/topology.js';

/** Hours that ramps tie together, reservoirs as planned. */
export interface TiedHours {
  readonly inputs: readonly DispatchInput[];
  /** [units]: output in the hour before the first, MW; null: not known. */
  readonly beforeMw: Float64Array | null;
  /** [units], MW from one hour to the next. */
  readonly rampMw: Float64Array;
  /** [hours]: limits of flows that are in the problem from the start. */
  readonly workings: readonly (readonly number[])[];
}

/** An hour of the whole problem, with what it is made of. */
interface Part {
  readonly input: DispatchInput;
  readonly ranges: Ranges;
  form: Form;
  problem: LinearProblem;
}

/** Rounds of adding limits that the solution breaks. */
const mostRounds = 50;

/**
 * Least-cost dispatch of hours within their ramps as one problem, for another solver; limits of flows enter it when a solution breaks
 * them. Null when the solver finds no optimum, or when costs bend all along.
 */
export function dispatchTied(
  solver: LinearSolver,
  where: { readonly grid: Grid; readonly topology: Topology; readonly limits: Limits },
  tied: TiedHours,
): readonly Dispatch[] | null {
  const { grid, topology, limits } = where;
  const parts = tied.inputs.map(
    (input, hour): Part => partOf(grid, input, { topology, limits, working: tied.workings[hour] ?? [], hours: 1 }),
  );
  const netMw = new Float64Array(grid.world.network.buses.length);
  for (let round = 0; round < mostRounds; round++) {
    const { problem, firstRows } = joined(grid, parts, tied);
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
      const { input, ranges, form } = part;
      const warm = { limits: form.working, basis: noBasis };
      if (broken.length === 0) return resultOf(grid, form, { input, ranges, optimum, netFlowMw, solves: 1, warm });
      isWhole = false;
      Object.assign(part, partOf(grid, input, { ...form, working: [...form.working, ...broken].sort((a, b) => a - b) }));
      return null;
    });
    if (isWhole) return dispatches.flatMap((dispatch) => (dispatch === null ? [] : [dispatch]));
  }
  return null;
}

/** The whole problem has no basis that an hour could go on from. */
const noBasis: Basis = { columns: '', rows: '' };

function partOf(grid: Grid, input: DispatchInput, form: Form): Part {
  const memory = boundsMemory(grid);
  const ranges = rangesOf(grid, input, memory);
  const corners = firstCorners(grid, ranges);
  const { costs } = costsOf(grid, input, corners);
  const bounds = { ...columnBoundsOf(grid, input, { memory, corners }), ...rowBoundsOf(grid, form, input) };
  // A unit that cannot come down fast enough may be too much for its bus, by as much as it may be.
  const { surplus, links } = columnsOf(grid);
  bounds.columnUpper.fill(Infinity, surplus, links);
  return { input, ranges, form, problem: { matrix: matrixOf(grid, form), costs, ...bounds } };
}

/** Hours side by side, and a row per group of units and hour for its ramp. */
function joined(
  grid: Grid,
  parts: readonly Part[],
  tied: TiedHours,
): { readonly problem: LinearProblem; readonly firstRows: readonly number[] } {
  const { count } = columnsOf(grid);
  let rowCount = 0;
  const firstRows = parts.map(({ problem }) => (rowCount += problem.matrix.rowCount) - problem.matrix.rowCount);
  const ramps = rampRows(grid, parts, tied);
  const starts = new Int32Array(parts.length * count + 1);
  const rows: number[] = [];
  const values: number[] = [];
  parts.forEach(({ problem: { matrix } }, hour) => {
    for (let column = 0; column < count; column++) {
      for (let entry = intAt(matrix.starts, column); entry < intAt(matrix.starts, column + 1); entry++) {
        rows.push((firstRows[hour] as number) + intAt(matrix.rows, entry));
        values.push(floatAt(matrix.values, entry));
      }
      for (const [row, value] of ramps.entriesOf(hour, column)) {
        rows.push(rowCount + row);
        values.push(value);
      }
      starts[hour * count + column + 1] = rows.length;
    }
  });
  const joinAll = (of: (problem: LinearProblem) => Float64Array, more: readonly number[] = []): Float64Array =>
    Float64Array.from([...parts.flatMap(({ problem }) => [...of(problem)]), ...more]);
  const matrix = {
    rowCount: rowCount + ramps.lower.length,
    columnCount: parts.length * count,
    starts,
    rows: Int32Array.from(rows),
    values: Float64Array.from(values),
  };
  const problem = {
    matrix,
    costs: joinAll(({ costs }) => costs),
    columnLower: joinAll(({ columnLower }) => columnLower),
    columnUpper: joinAll(({ columnUpper }) => columnUpper),
    rowLower: joinAll(({ rowLower }) => rowLower, ramps.lower),
    rowUpper: joinAll(({ rowUpper }) => rowUpper, ramps.upper),
  };
  return { problem, firstRows };
}

interface RampRows {
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  entriesOf(hour: number, column: number): readonly (readonly [row: number, value: number])[];
}

/** A row per group with a ramp and hour: its output less that of the hour before. What is no longer available may go at once. */
function rampRows(grid: Grid, parts: readonly Part[], { beforeMw, rampMw }: TiedHours): RampRows {
  const columns = columnsOf(grid);
  const lower: number[] = [];
  const upper: number[] = [];
  const entries = new Map<string, [number, number][]>();
  grid.groups.forEach(({ units }, group) => {
    const groupMw = units.reduce((sum, unit) => sum + floatAt(rampMw, unit), 0);
    if (groupMw === Infinity) return;
    const own = [group, ...Array.from({ length: grid.piecesOf[group] ?? 0 }, (_, piece) => (columns.pieces[group] as number) + piece)];
    parts.forEach(({ input }, hour) => {
      if (hour === 0 && beforeMw === null) return;
      const row = lower.length;
      const earlier = parts[hour - 1]?.input;
      const goneMw =
        earlier === undefined
          ? 0
          : units.reduce((sum, unit) => sum + Math.max(0, floatAt(earlier.availableMw, unit) - floatAt(input.availableMw, unit)), 0);
      const fromMw =
        earlier !== undefined || beforeMw === null
          ? 0
          : units.reduce(
              (sum, unit) => sum + Math.min(floatAt(beforeMw, unit), floatAt(input.availableMw, unit) + floatAt(rampMw, unit)),
              0,
            );
      lower.push(fromMw - groupMw - goneMw);
      upper.push(fromMw + groupMw);
      for (const column of own) {
        for (const [at, value] of [
          [hour, 1],
          [hour - 1, -1],
        ] as const) {
          if (at < 0) continue;
          const key = `${at}/${column}`;
          entries.set(key, [...(entries.get(key) ?? []), [row, value]]);
        }
      }
    });
  });
  return { lower, upper, entriesOf: (hour, column) => entries.get(`${hour}/${column}`) ?? [] };
}

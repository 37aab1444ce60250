import type { Corners, Ranges } from './bounds.js';
import { bends, cornersAround, marginalUsdPerMwh, type Range } from './curves.js';
import { factor, floatAt, intAt, solve } from './dense.js';
import type { Grid } from './grid.js';
import { columnsOf, type Form } from './problem.js';
import { outputOf } from './result.js';
import type { LinearProblem, Optimum } from './solver.js';

/** Where closing in on the optimum of quadratic costs stands. */
export interface Closing {
  readonly form: Form;
  readonly ranges: Ranges;
  readonly problem: LinearProblem;
  /** Optimum of the problem with straight pieces. */
  readonly optimum: Optimum;
  readonly corners: Corners;
  /** Length of the short pieces about the last solution, MW; infinite before the first. */
  readonly stepMw: number;
}

/** Pieces this short are as good as the curve, MW: at 1 $/MW2h the cost is then wrong by less than 1e-10 $/h. */
const shortestMw = 1e-5;
/** MW and $/MWh within which an answer counts as feasible and optimal. */
const tolerance = 1e-7;

/**
 * One round of closing in: when the limits that bind and the units between their ends are the right ones, the equations of the optimum
 * give it exactly; else the pieces are drawn closer about the solution. Convex costs: what is optimal nearby is optimal.
 */
export function closeIn(
  grid: Grid,
  closing: Closing,
): { readonly optimum: Optimum; readonly corners: Corners; readonly stepMw: number; readonly isClose: boolean } {
  const { optimum, corners, stepMw } = closing;
  const exact = exactOptimum(grid, closing);
  if (exact !== null) return { optimum: exact, corners, stepMw, isClose: true };
  if (stepMw <= shortestMw) return { optimum, corners, stepMw, isClose: true };
  let widestMw = 0;
  let isInside = true;
  const next = corners.map((own, group) => {
    if (own === null || !bends(grid.groups[group]?.curve)) return own;
    const range = rangeIn(closing.ranges, group);
    widestMw = Math.max(widestMw, range.toMw - range.fromMw);
    const mw = outputOf(grid, optimum.columnValues, group);
    if (stepMw !== Infinity && (mw < floatAt(own, 1) - tolerance || mw > floatAt(own, own.length - 2) + tolerance)) isInside = false;
    return own;
  });
  const shorterMw = stepMw === Infinity ? widestMw / 8 : isInside ? stepMw / 4 : stepMw;
  const drawn = next.map((own, group) => {
    if (own === null || !bends(grid.groups[group]?.curve)) return own;
    return cornersAround(outputOf(grid, optimum.columnValues, group), shorterMw, rangeIn(closing.ranges, group));
  });
  return { optimum, corners: drawn, stepMw: shorterMw, isClose: false };
}

function rangeIn({ fromMw, toMw }: Ranges, group: number): Range {
  return { fromMw: floatAt(fromMw, group), toMw: floatAt(toMw, group) };
}

/** Which parts of a solution the equations of the optimum are about. */
interface Parts {
  /** Binding rows. */
  readonly tight: readonly number[];
  /** Basic columns of straight cost. */
  readonly straight: readonly number[];
  /** Groups with quadratic cost between their ends. */
  readonly free: readonly number[];
}

/** The optimum for the limits that bind now, null when it breaks others or would be cheaper off one of these. */
function exactOptimum(grid: Grid, closing: Closing): Optimum | null {
  const parts = partsOf(grid, closing);
  const size = parts.tight.length + parts.straight.length;
  if (parts.free.length + parts.straight.length < parts.tight.length) return null;
  const system = new Float64Array(size * size);
  const right = new Float64Array(size);
  fillSystem(grid, closing, { parts, system, right });
  const factors = factor(system, size);
  if (factors === null) return null;
  const solution = solve(factors, right);
  const rowDuals = new Float64Array(closing.problem.matrix.rowCount);
  parts.tight.forEach((row, place) => (rowDuals[row] = floatAt(solution, place)));
  const x = closing.optimum.columnValues.slice();
  parts.straight.forEach((column, place) => (x[column] = floatAt(solution, parts.tight.length + place)));
  for (const group of parts.free) {
    const curve = grid.groups[group]?.curve;
    if (!bends(curve)) continue;
    const mw = (paidFor(closing.problem, rowDuals, group) - curve.linearUsdPerMwh) / (2 * curve.quadraticUsdPerMw2h);
    setOutput(grid, closing, { x, group, mw });
  }
  return isOptimal(grid, closing, { parts, x, rowDuals }) ? { ...closing.optimum, columnValues: x, rowDuals } : null;
}

function partsOf(grid: Grid, { optimum, ranges }: Closing): Parts {
  const { basis, columnValues } = optimum;
  const pieces = isPiece(grid);
  return {
    tight: Array.from(basis.rows, (digit, row) => (digit === '1' ? -1 : row)).filter((row) => row >= 0),
    straight: Array.from(basis.columns, (digit, column) => (digit === '1' && !pieces(column) ? column : -1)).filter(
      (column) => column >= 0,
    ),
    free: grid.groups.flatMap((group, place) => {
      const { fromMw, toMw } = rangeIn(ranges, place);
      const mw = outputOf(grid, columnValues, place);
      return bends(group.curve) && mw > fromMw + tolerance && mw < toMw - tolerance ? [place] : [];
    }),
  };
}

/** Whether a column is a piece of a quadratic cost. */
function isPiece(grid: Grid): (column: number) => boolean {
  const columns = columnsOf(grid);
  const flags = new Set<number>();
  grid.groups.forEach(({ curve }, group) => {
    if (!bends(curve)) return;
    for (let piece = 0; piece < (grid.piecesOf[group] as number); piece++) flags.add((columns.pieces[group] as number) + piece);
  });
  return (column) => flags.has(column);
}

/** Stationarity in prices of the binding rows, and those rows themselves: [M A; A' 0] [prices; straight] = right. */
function fillSystem(
  grid: Grid,
  { problem, optimum }: Closing,
  into: { readonly parts: Parts; readonly system: Float64Array; readonly right: Float64Array },
): void {
  const { parts, system, right } = into;
  const { starts, rows, values, columnCount, rowCount } = problem.matrix;
  const size = right.length;
  const placeOfRow = new Int32Array(rowCount).fill(-1);
  parts.tight.forEach((row, place) => {
    placeOfRow[row] = place;
    right[place] = floatAt(optimum.basis.rows.charCodeAt(row) === 50 ? problem.rowUpper : problem.rowLower, row);
  });
  const pieces = isPiece(grid);
  const columns = columnsOf(grid);
  const isFree = new Set(parts.free);
  const unknown = new Set(parts.straight);
  const pieceGroup = new Map<number, number>();
  grid.groups.forEach((_, group) => {
    for (let piece = 0; piece < (grid.piecesOf[group] as number); piece++) pieceGroup.set((columns.pieces[group] as number) + piece, group);
  });
  for (let column = 0; column < columnCount; column++) {
    if (unknown.has(column)) continue;
    const group = pieces(column) ? pieceGroup.get(column) : column;
    // The output of a unit between its ends is unknown as a whole, its fixed part included.
    if (group !== undefined && group < grid.groups.length && isFree.has(group)) continue;
    const value = floatAt(optimum.columnValues, column);
    if (value === 0) continue;
    for (let k = intAt(starts, column); k < intAt(starts, column + 1); k++) {
      const place = intAt(placeOfRow, intAt(rows, k));
      if (place >= 0) right[place] = floatAt(right, place) - floatAt(values, k) * value;
    }
  }
  for (const group of parts.free) {
    const curve = grid.groups[group]?.curve;
    if (!bends(curve)) continue;
    const [start, end] = [intAt(starts, group), intAt(starts, group + 1)];
    for (let k = start; k < end; k++) {
      const row = intAt(placeOfRow, intAt(rows, k));
      if (row < 0) continue;
      const weight = floatAt(values, k) / (2 * curve.quadraticUsdPerMw2h);
      right[row] = floatAt(right, row) + weight * curve.linearUsdPerMwh;
      for (let other = start; other < end; other++) {
        const column = intAt(placeOfRow, intAt(rows, other));
        if (column >= 0) system[row * size + column] = floatAt(system, row * size + column) + weight * floatAt(values, other);
      }
    }
  }
  parts.straight.forEach((column, index) => {
    const place = parts.tight.length + index;
    right[place] = floatAt(problem.costs, column);
    for (let k = intAt(starts, column); k < intAt(starts, column + 1); k++) {
      const row = intAt(placeOfRow, intAt(rows, k));
      if (row < 0) continue;
      system[row * size + place] = floatAt(values, k);
      system[place * size + row] = floatAt(values, k);
    }
  });
}

/** What the rows pay for a MWh of a column, $/MWh. */
function paidFor({ matrix }: LinearProblem, rowDuals: Float64Array, column: number): number {
  let paid = 0;
  for (let k = intAt(matrix.starts, column); k < intAt(matrix.starts, column + 1); k++)
    paid += floatAt(matrix.values, k) * floatAt(rowDuals, intAt(matrix.rows, k));
  return paid;
}

/** Sets the output of a group: all beyond its fixed part goes into the first piece. */
function setOutput(grid: Grid, closing: Closing, what: { readonly x: Float64Array; readonly group: number; readonly mw: number }): void {
  const first = columnsOf(grid).pieces[what.group] as number;
  const pieces = grid.piecesOf[what.group] as number;
  what.x.fill(0, first, first + pieces);
  what.x[first] = what.mw - floatAt(closing.problem.columnLower, what.group);
}

/** Whether the sufficient conditions of a convex problem hold: within all bounds, and nothing that could move would save (Karush 1939). */
function isOptimal(
  grid: Grid,
  { problem, optimum, ranges }: Closing,
  found: { readonly parts: Parts; readonly x: Float64Array; readonly rowDuals: Float64Array },
): boolean {
  const { x, rowDuals } = found;
  const pieces = isPiece(grid);
  for (let column = 0; column < x.length; column++) {
    if (pieces(column)) continue;
    const [low, high, value] = [floatAt(problem.columnLower, column), floatAt(problem.columnUpper, column), floatAt(x, column)];
    if (value < low - tolerance || value > high + tolerance) return false;
    if (high - low <= tolerance || optimum.basis.columns[column] === '1') continue;
    const reduced = floatAt(problem.costs, column) - paidFor(problem, rowDuals, column);
    if (optimum.basis.columns[column] === '2' ? reduced > tolerance : reduced < -tolerance) return false;
  }
  const isFree = new Set(found.parts.free);
  for (let group = 0; group < grid.groups.length; group++) {
    const curve = grid.groups[group]?.curve;
    if (!bends(curve)) continue;
    const { fromMw, toMw } = rangeIn(ranges, group);
    const mw = outputOf(grid, x, group);
    if (mw < fromMw - tolerance || mw > toMw + tolerance) return false;
    if (isFree.has(group) || toMw - fromMw <= tolerance) continue;
    const saved = paidFor(problem, rowDuals, group) - marginalUsdPerMwh(curve, mw);
    if (mw > (fromMw + toMw) / 2 ? saved < -tolerance : saved > tolerance) return false;
  }
  return rowsHold(problem, { x, rowDuals, digits: optimum.basis.rows });
}

function rowsHold(
  { matrix, rowLower, rowUpper }: LinearProblem,
  found: { readonly x: Float64Array; readonly rowDuals: Float64Array; readonly digits: string },
): boolean {
  const activity = new Float64Array(matrix.rowCount);
  found.x.forEach((value, column) => {
    for (let k = intAt(matrix.starts, column); k < intAt(matrix.starts, column + 1); k++)
      activity[intAt(matrix.rows, k)] = floatAt(activity, intAt(matrix.rows, k)) + floatAt(matrix.values, k) * value;
  });
  return activity.every((value, row) => {
    const [low, high, dual] = [floatAt(rowLower, row), floatAt(rowUpper, row), floatAt(found.rowDuals, row)];
    if (value < low - tolerance * 10 || value > high + tolerance * 10) return false;
    if (low === high) return true;
    return found.digits[row] === '2' ? dual <= tolerance : found.digits[row] === '0' ? dual >= -tolerance : true;
  });
}

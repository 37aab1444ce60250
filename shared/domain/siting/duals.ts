import { costsOf } from '../grid/bounds.js';
import { at, factor, floatAt, intAt, solveTransposed } from '../grid/dense.js';
import type { Warm } from '../grid/dispatch.js';
import type { Grid } from '../grid/grid.js';
import { limitsOf, type Limits } from '../grid/limits.js';
import { columnsOf, matrixOf, rowsOf, type DispatchInput } from '../grid/problem.js';
import type { SparseMatrix } from '../grid/solver.js';
import { topologyOf, type Topology } from '../grid/topology.js';
import type { SitingRun } from './eras.js';

/** A dispatched hour as its last basis has it: which columns make up for a change, and which limits hold. */
export interface Solved {
  readonly topology: Topology;
  readonly limits: Limits;
  readonly input: DispatchInput;
  readonly warm: Warm;
}

/** Reads the last basis of one hour after another of a grid. */
export interface BasisReader {
  /**
   * [rows]: what one MW more on the right of each row adds to a sum over the columns, the columns that are at a bound held; null where the
   * basis is singular to working precision. `perColumn`: [columns], what a MW of each adds.
   */
  dualsOf(solved: Solved, perColumn: Float64Array): Float64Array | null;
}

/** A reader for a grid; it remembers matrices, which changes speed and nothing else. */
export function basisReaderOf(grid: Grid): BasisReader {
  const matrices = new Map<string, SparseMatrix>();
  const matrixFor = (solved: Solved): SparseMatrix => {
    const working = solved.warm.limits;
    const key = working.join(',');
    const known = matrices.get(key);
    if (known !== undefined) return known;
    if (matrices.size >= mostMatrices) matrices.clear();
    const { topology, limits, input } = solved;
    const made = matrixOf(grid, { topology, limits, working, hours: input.hours });
    matrices.set(key, made);
    return made;
  };
  return { dualsOf: (solved, perColumn) => dualsIn(matrixFor(solved), solved.warm, perColumn) };
}

const mostMatrices = 200;

/** What reads the hours of one grid. */
export interface GridReader extends BasisReader {
  readonly topology: Topology;
  readonly limits: Limits;
}

/** A reader for each grid of a run, made at the first of its hours. */
export function gridReadersOf({ convention, security }: Pick<SitingRun, 'convention' | 'security'>): (grid: Grid) => GridReader {
  const known = new WeakMap<Grid, GridReader>();
  return (grid) => {
    const found = known.get(grid);
    if (found !== undefined) return found;
    const topology = topologyOf(grid, [], convention);
    const made = { ...basisReaderOf(grid), topology, limits: limitsOf(grid, topology, security) };
    known.set(grid, made);
    return made;
  };
}

/** y with B' y = c over the rows that hold and the columns that are free to move. */
function dualsIn(matrix: SparseMatrix, { basis }: Warm, perColumn: Float64Array): Float64Array | null {
  const duals = new Float64Array(matrix.rowCount);
  const placeOfRow = new Int32Array(matrix.rowCount).fill(-1);
  let size = 0;
  for (let row = 0; row < matrix.rowCount; row++) if (basis.rows[row] !== '1') placeOfRow[row] = size++;
  const columns: number[] = [];
  for (let column = 0; column < matrix.columnCount; column++) if (basis.columns[column] === '1') columns.push(column);
  if (columns.length !== size) return null;
  const square = new Float64Array(size * size);
  columns.forEach((column, place) => {
    for (let entry = intAt(matrix.starts, column); entry < intAt(matrix.starts, column + 1); entry++) {
      const row = intAt(placeOfRow, intAt(matrix.rows, entry));
      if (row >= 0) square[row * size + place] = floatAt(matrix.values, entry);
    }
  });
  const factors = factor(square, size);
  if (factors === null) return null;
  const found = solveTransposed(
    factors,
    Float64Array.from(columns, (column) => floatAt(perColumn, column)),
  );
  for (let row = 0; row < matrix.rowCount; row++) {
    const place = intAt(placeOfRow, row);
    if (place >= 0) duals[row] = floatAt(found, place);
  }
  return duals;
}

/**
 * [buses]: what one MW more of load at each adds to the sum whose duals are given. Limits that no load moves (storages, reserve, links)
 * have no part in it.
 */
export function perBusOf(grid: Grid, { topology, limits, warm }: Solved, duals: Float64Array): Float64Array {
  const rows = rowsOf(grid, topology, warm.limits.length);
  const sums = Float64Array.from(topology.islandOfBus, (island) => at(duals, island));
  const add = (row: number, factorsOf: () => Float64Array): void => {
    const dual = floatAt(duals, row);
    if (dual === 0) return;
    const factors = factorsOf();
    for (let bus = 0; bus < sums.length; bus++) sums[bus] = floatAt(sums, bus) + dual * floatAt(factors, bus);
  };
  grid.interfaceLines.forEach((_, place) => add(rows.interfaces + place, () => topology.interfaceFactorsOf(place)));
  warm.limits.forEach((limit, place) => add(rows.limits + place, () => limits.factorsOf(limit)));
  return sums;
}

/**
 * [buses]: carbon dioxide that one MWh more of load at each causes, kg: that of the units which would move. Units of a group move
 * together, each by what it could deliver.
 */
export function marginalCarbonKg(grid: Grid, reader: BasisReader, solved: Solved): Float64Array | null {
  const columns = columnsOf(grid);
  const perColumn = new Float64Array(columns.count);
  const { units } = grid.world.network;
  grid.groups.forEach((group, place) => {
    let [kg, mw] = [0, 0];
    for (const unit of group.units) {
      const availableMw = floatAt(solved.input.availableMw, unit);
      kg += availableMw * (units[unit]?.carbonKgPerMwh ?? 0);
      mw += availableMw;
    }
    const mean = mw > 0 ? kg / mw : 0;
    perColumn[place] = mean;
    perColumn.fill(mean, at(columns.pieces, place), at(columns.pieces, place) + at(grid.piecesOf, place));
  });
  const duals = reader.dualsOf(solved, perColumn);
  return duals === null ? null : perBusOf(grid, solved, duals);
}

/** A limit that holds in an hour, and by how much its relief would change the optimum, per MW, always above 0. */
export interface HoldingLimit {
  /** A line, a line after the loss of another, an interface, or a DC link; by id. */
  readonly kind: 'line' | 'line-after-loss' | 'interface' | 'link';
  readonly id: string;
  /** The line lost, in `line-after-loss`. */
  readonly lost: string | null;
  readonly worthPerMw: number;
}

/** Below this a limit changes nothing, per MW. */
const leastWorth = 1e-6;

/** The limits that hold in an hour whose group costs are plain numbers, the one that matters most first. */
export function holdingLimitsOf(grid: Grid, reader: BasisReader, solved: Solved): HoldingLimit[] {
  const { topology, warm, input } = solved;
  const { lines, interfaces, links } = grid.world.network;
  const { trueCosts } = costsOf(grid, input, []);
  const duals = reader.dualsOf(solved, trueCosts);
  if (duals === null) return [];
  const rows = rowsOf(grid, topology, warm.limits.length);
  const found: HoldingLimit[] = [];
  warm.limits.forEach((limit, place) => {
    const worthPerMw = Math.abs(floatAt(duals, rows.limits + place));
    const id = lines[limit % lines.length]?.id ?? '';
    const lost = limit < lines.length ? null : (lines[Math.floor(limit / lines.length) - 1]?.id ?? '');
    found.push({ kind: lost === null ? 'line' : 'line-after-loss', id, lost, worthPerMw });
  });
  interfaces.forEach(({ id }, place) =>
    found.push({ kind: 'interface', id, lost: null, worthPerMw: Math.abs(floatAt(duals, rows.interfaces + place)) }),
  );
  const price = perBusOf(grid, solved, duals);
  const columns = columnsOf(grid);
  links.forEach(({ id }, place) => {
    // A full link is a column at its upper bound; what its ends differ by is what more of it would be worth.
    const isFull = [0, 1].some((way) => warm.basis.columns[columns.links + 2 * place + way] === '2');
    const [from, to] = grid.linkEnds[place] as readonly [number, number];
    if (isFull) found.push({ kind: 'link', id, lost: null, worthPerMw: Math.abs(floatAt(price, to) - floatAt(price, from)) });
  });
  return found.filter(({ worthPerMw }) => worthPerMw > leastWorth).sort((a, b) => b.worthPerMw - a.worthPerMw);
}

/** A limit in words: `a27`, `a27 after b4`; `supply` where none holds. */
export function limitWords(limit: HoldingLimit | undefined): string {
  if (limit === undefined) return 'supply';
  return limit.lost === null ? limit.id : `${limit.id} after ${limit.lost}`;
}

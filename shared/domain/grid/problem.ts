import { floatAt, intAt } from './dense.js';
import type { Grid } from './grid.js';
import type { Limits } from './limits.js';
import type { SparseMatrix } from './solver.js';
import type { Topology } from './topology.js';

/** A storage in one dispatch: what it holds, and what energy in store is worth to it. */
export interface StorageInput {
  readonly storedMwh: number;
  /** Worth of the next MWh put in and of the next MWh taken out; the first is never above the second, both positive. */
  readonly chargeValueUsdPerMwh: number;
  readonly dischargeValueUsdPerMwh: number;
}

/** Everything that changes from one dispatch to the next, as means over `hours`. */
export interface DispatchInput {
  readonly hours: number;
  /** [units] */
  readonly availableMw: Float64Array;
  /** [units]: what each must deliver, as far as it is available; without it that of the grid. */
  readonly leastMw?: Float64Array;
  /** [groups]: what a MWh costs; for units with a daily budget the value of their water. */
  readonly costUsdPerMwh: Float64Array;
  /** [buses]: load that has to be served, campuses included. */
  readonly loadMw: Float64Array;
  /** Reserve that is required, and reserve that is in use already. */
  readonly requirementMw: number;
  readonly reserveInUseMw: number;
  /** [storages] */
  readonly storages: readonly StorageInput[];
  /** [contracts]: reductions on offer; `standing` is in force already and goes before `fresh`. */
  readonly bids: readonly { readonly standingMw: number; readonly freshMw: number }[];
}

/**
 * First column of each kind; the order of columns is groups, pieces of their cost curves, shed per bus, surplus per bus that may have one,
 * links (there, back), storages (charge, discharge, reserve), shortage steps, bids (standing, fresh).
 */
export interface Columns {
  /** [groups]: first piece of each. */
  readonly pieces: readonly number[];
  readonly shed: number;
  readonly surplus: number;
  readonly links: number;
  readonly storages: number;
  readonly shortage: number;
  readonly bids: number;
  readonly count: number;
}

/** First row of each kind; the order of rows is balance per island, reserve, storages (power, energy), interfaces, working limits. */
export interface Rows {
  readonly reserve: number;
  readonly storages: number;
  readonly interfaces: number;
  readonly limits: number;
  readonly count: number;
}

const knownColumns = new WeakMap<Grid, Columns>();

/** Places of the columns of a grid. */
export function columnsOf(grid: Grid): Columns {
  const known = knownColumns.get(grid);
  if (known !== undefined) return known;
  const columns = countColumns(grid);
  knownColumns.set(grid, columns);
  return columns;
}

function countColumns(grid: Grid): Columns {
  const { network, reserve, contracts } = grid.world;
  let shed = grid.groups.length;
  const pieces = grid.piecesOf.map((count) => (shed += count) - count);
  const surplus = shed + network.buses.length;
  const links = surplus + grid.surplusBuses.length;
  const storages = links + 2 * network.links.length;
  const shortage = storages + 3 * network.storages.length;
  const bids = shortage + reserve.shortageSteps.length;
  return { pieces, shed, surplus, links, storages, shortage, bids, count: bids + 2 * contracts.length };
}

/** Places of the rows for a number of working limits: those that are in the problem. */
export function rowsOf(grid: Grid, topology: Topology, workingLimits: number): Rows {
  const { network } = grid.world;
  const reserve = topology.islandCount;
  const storages = reserve + 1;
  const interfaces = storages + 2 * network.storages.length;
  const limits = interfaces + network.interfaces.length;
  return { reserve, storages, interfaces, limits, count: limits + workingLimits };
}

/** What the coefficients of a dispatch problem depend on: topology, working limits, and the length of the tick in hours. */
export interface Form {
  readonly topology: Topology;
  readonly limits: Limits;
  readonly working: readonly number[];
  readonly hours: number;
}

/** Collects the entries of a matrix column by column. */
interface Collector {
  put(row: number, value: number): void;
  endColumn(): void;
  matrix(rowCount: number): SparseMatrix;
}

function collector(columnCount: number, mostEntries: number): Collector {
  const starts = new Int32Array(columnCount + 1);
  const rows = new Int32Array(mostEntries);
  const values = new Float64Array(mostEntries);
  let entries = 0;
  let columns = 0;
  return {
    put: (row, value) => {
      if (value === 0) return;
      rows[entries] = row;
      values[entries++] = value;
    },
    endColumn: () => void (starts[++columns] = entries),
    matrix: (rowCount) => ({ rowCount, columnCount, starts, rows: rows.slice(0, entries), values: values.slice(0, entries) }),
  };
}

/** Coefficients of the dispatch problem. */
export function matrixOf(grid: Grid, { topology, limits, working, hours }: Form): SparseMatrix {
  const columns = columnsOf(grid);
  const rows = rowsOf(grid, topology, working.length);
  const flowRows = [...grid.interfaceLines.map((_, place) => topology.interfaceFactorsOf(place)), ...working.map(limits.factorsOf)];
  const { put, endColumn, matrix } = collector(columns.count, columns.count * (flowRows.length + 4));
  /** One column that puts in 1 MW at a bus, or takes it out, with up to two entries of its own between balance and flows. */
  const column = (bus: number, net: 1 | -1, own: readonly (readonly [row: number, value: number])[]): void => {
    put(intAt(topology.islandOfBus, bus), net);
    for (const [row, value] of own) put(row, value);
    for (let place = 0; place < flowRows.length; place++) put(rows.interfaces + place, net * floatAt(flowRows[place] as Float64Array, bus));
    endColumn();
  };
  /** One column that moves 1 MW from a bus to another. */
  const transfer = (from: number, to: number): void => {
    const [first, second] = [intAt(topology.islandOfBus, from), intAt(topology.islandOfBus, to)];
    if (first !== second) {
      put(Math.min(first, second), first < second ? -1 : 1);
      put(Math.max(first, second), first < second ? 1 : -1);
    }
    flowRows.forEach((factors, place) => put(rows.interfaces + place, floatAt(factors, to) - floatAt(factors, from)));
    endColumn();
  };
  const reserve = [[rows.reserve, 1]] as const;
  for (const { bus, providesReserve } of grid.groups) column(bus, 1, providesReserve ? reserve : []);
  grid.groups.forEach(({ bus, providesReserve }, place) => {
    for (let piece = 0; piece < (grid.piecesOf[place] as number); piece++) column(bus, 1, providesReserve ? reserve : []);
  });
  for (let bus = 0; bus < grid.regionOfBus.length; bus++) column(bus, 1, []);
  for (const bus of grid.surplusBuses) column(bus, -1, []);
  for (const [from, to] of grid.linkEnds) {
    transfer(from, to);
    transfer(to, from);
  }
  grid.busOfStorage.forEach((bus, place) => {
    const power = rows.storages + 2 * place;
    column(bus, -1, [[power, -1]]);
    column(bus, 1, [
      [power, 1],
      [power + 1, hours],
    ]);
    // Reserve from a storage takes power and energy, and moves nothing.
    put(rows.reserve, -1);
    put(power, 1);
    put(power + 1, 1);
    endColumn();
  });
  for (const _ of grid.world.reserve.shortageSteps) {
    put(rows.reserve, -1);
    endColumn();
  }
  for (const bus of grid.busOfContract) {
    column(bus, 1, []);
    column(bus, 1, []);
  }
  return matrix(rows.count);
}

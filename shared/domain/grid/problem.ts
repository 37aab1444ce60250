import { at } from './dense.js';
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

/** Coefficients of the dispatch problem. */
export function matrixOf(grid: Grid, { topology, limits, working, hours }: Form): SparseMatrix {
  const columns = columnsOf(grid);
  const rows = rowsOf(grid, topology, working.length);
  const starts: number[] = [0];
  const rowOf: number[] = [];
  const values: number[] = [];
  const put = (row: number, value: number): void => {
    if (value === 0) return;
    rowOf.push(row);
    values.push(value);
  };
  /** One column: net MW it puts in at buses, and its further entries, which stand in rows before the interfaces. */
  const column = (
    injections: readonly (readonly [bus: number, mw: number])[],
    entries: readonly (readonly [row: number, value: number])[],
  ): void => {
    const balance = new Map<number, number>();
    for (const [bus, mw] of injections) balance.set(at(topology.islandOfBus, bus), (balance.get(at(topology.islandOfBus, bus)) ?? 0) + mw);
    for (const [island, mw] of [...balance].sort((a, b) => a[0] - b[0])) put(island, mw);
    for (const [row, value] of entries) put(row, value);
    flowRows.forEach((factors, place) => put(rows.interfaces + place, spread(factors, injections)));
    starts.push(rowOf.length);
  };
  const flowRows = [...grid.interfaceLines.map((_, place) => topology.interfaceFactorsOf(place)), ...working.map(limits.factorsOf)];
  const spread = (factors: Float64Array, injections: readonly (readonly [number, number])[]): number =>
    injections.reduce((sum, [bus, mw]) => sum + mw * at(factors, bus), 0);
  const output = ({ bus, providesReserve }: Grid['groups'][number]): void => column([[bus, 1]], providesReserve ? [[rows.reserve, 1]] : []);

  for (const group of grid.groups) output(group);
  grid.groups.forEach((group, place) => {
    for (let piece = 0; piece < (grid.piecesOf[place] as number); piece++) output(group);
  });
  grid.regionOfBus.forEach((_, bus) => column([[bus, 1]], []));
  for (const bus of grid.surplusBuses) column([[bus, -1]], []);
  for (const [from, to] of grid.linkEnds) {
    column(
      [
        [from, -1],
        [to, 1],
      ],
      [],
    );
    column(
      [
        [to, -1],
        [from, 1],
      ],
      [],
    );
  }
  grid.busOfStorage.forEach((bus, place) => {
    const power = rows.storages + 2 * place;
    column([[bus, -1]], [[power, -1]]);
    column(
      [[bus, 1]],
      [
        [power, 1],
        [power + 1, hours],
      ],
    );
    column(
      [],
      [
        [rows.reserve, -1],
        [power, 1],
        [power + 1, 1],
      ],
    );
  });
  for (const _ of grid.world.reserve.shortageSteps) column([], [[rows.reserve, -1]]);
  for (const bus of grid.busOfContract) {
    column([[bus, 1]], []);
    column([[bus, 1]], []);
  }
  return {
    rowCount: rows.count,
    columnCount: columns.count,
    starts: Int32Array.from(starts),
    rows: Int32Array.from(rowOf),
    values: Float64Array.from(values),
  };
}

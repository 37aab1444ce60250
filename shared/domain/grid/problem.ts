import { at } from './dense.js';
import type { Grid } from './grid.js';
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
 * First column of each kind; the order of columns is groups, shed per bus, links (there, back), storages (charge, discharge, reserve),
 * shortage steps, bids (standing, fresh).
 */
export interface Columns {
  readonly shed: number;
  readonly links: number;
  readonly storages: number;
  readonly shortage: number;
  readonly bids: number;
  readonly count: number;
}

/** First row of each kind; the order of rows is balance per island, reserve, storages (power, energy), interfaces, working lines. */
export interface Rows {
  readonly reserve: number;
  readonly storages: number;
  readonly interfaces: number;
  readonly lines: number;
  readonly count: number;
}

/** Places of the columns of a grid. */
export function columnsOf(grid: Grid): Columns {
  const { network, reserve, contracts } = grid.world;
  const shed = grid.groups.length;
  const links = shed + network.buses.length;
  const storages = links + 2 * network.links.length;
  const shortage = storages + 3 * network.storages.length;
  const bids = shortage + reserve.shortageSteps.length;
  return { shed, links, storages, shortage, bids, count: bids + 2 * contracts.length };
}

/** Places of the rows for a number of working lines: those whose limit is in the problem. */
export function rowsOf(grid: Grid, topology: Topology, workingLines: number): Rows {
  const { network } = grid.world;
  const reserve = topology.islandCount;
  const storages = reserve + 1;
  const interfaces = storages + 2 * network.storages.length;
  const lines = interfaces + network.interfaces.length;
  return { reserve, storages, interfaces, lines, count: lines + workingLines };
}

/** Coefficients of the dispatch problem; they depend on topology, working lines and length of the tick alone. */
export function matrixOf(grid: Grid, topology: Topology, workingLines: readonly number[], hours: number): SparseMatrix {
  const columns = columnsOf(grid);
  const rows = rowsOf(grid, topology, workingLines.length);
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
    grid.interfaceLines.forEach((_, place) => put(rows.interfaces + place, spread(topology.interfaceFactors, place, injections)));
    workingLines.forEach((line, place) => put(rows.lines + place, spread(topology.factors, line, injections)));
    starts.push(rowOf.length);
  };
  const busCount = grid.world.network.buses.length;
  const spread = (factors: Float64Array, row: number, injections: readonly (readonly [number, number])[]): number =>
    injections.reduce((sum, [bus, mw]) => sum + mw * at(factors, row * busCount + bus), 0);

  for (const group of grid.groups) column([[group.bus, 1]], group.providesReserve ? [[rows.reserve, 1]] : []);
  grid.regionOfBus.forEach((_, bus) => column([[bus, 1]], []));
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

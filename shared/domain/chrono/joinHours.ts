import { floatAt, intAt } from '../grid/dense.js';
import type { Grid } from '../grid/grid.js';
import { columnsOf, rowsOf } from '../grid/problem.js';
import type { LinearProblem } from '../grid/solver.js';
import type { Part, TiedHours } from './wholeDay.js';

/** An entry of the matrix. */
type Entry = readonly [row: number, value: number];

/** What comes to the hours: rows, columns, and entries of the columns, by number in the whole problem. */
interface Additions {
  readonly rows: { readonly lower: number; readonly upper: number }[];
  readonly columns: { readonly lower: number; readonly upper: number }[];
  readonly entries: Map<number, Entry[]>;
}

/**
 * Hours side by side. Behind their rows: one per group of units with a ramp and hour, its output less that of the hour before, then one
 * per storage and hour, its energy. Behind their columns: energy at the end of each hour by storage.
 */
export function joinHours(
  grid: Grid,
  parts: readonly Part[],
  tied: TiedHours,
): { readonly problem: LinearProblem; readonly firstRows: readonly number[] } {
  let rowCount = 0;
  const firstRows = parts.map(({ problem }) => (rowCount += problem.matrix.rowCount) - problem.matrix.rowCount);
  const more: Additions = { rows: [], columns: [], entries: new Map() };
  addRamps(grid, parts, { tied, more, rowCount });
  addStorages(grid, parts, { tied, more, rowCount, firstRows });
  const starts = [0];
  const rows: number[] = [];
  const values: number[] = [];
  const endColumn = (): void => {
    for (const [row, value] of more.entries.get(starts.length - 1) ?? []) {
      rows.push(row);
      values.push(value);
    }
    starts.push(rows.length);
  };
  parts.forEach(({ problem: { matrix } }, hour) => {
    for (let column = 0; column < matrix.columnCount; column++) {
      for (let entry = intAt(matrix.starts, column); entry < intAt(matrix.starts, column + 1); entry++) {
        rows.push((firstRows[hour] as number) + intAt(matrix.rows, entry));
        values.push(floatAt(matrix.values, entry));
      }
      endColumn();
    }
  });
  more.columns.forEach(endColumn);
  const joinAll = (of: (problem: LinearProblem) => Float64Array, others: readonly number[]): Float64Array =>
    Float64Array.from([...parts.flatMap(({ problem }) => [...of(problem)]), ...others]);
  const problem: LinearProblem = {
    matrix: {
      rowCount: rowCount + more.rows.length,
      columnCount: starts.length - 1,
      starts: Int32Array.from(starts),
      rows: Int32Array.from(rows),
      values: Float64Array.from(values),
    },
    costs: joinAll(
      ({ costs }) => costs,
      more.columns.map(() => 0),
    ),
    columnLower: joinAll(
      ({ columnLower }) => columnLower,
      more.columns.map(({ lower }) => lower),
    ),
    columnUpper: joinAll(
      ({ columnUpper }) => columnUpper,
      more.columns.map(({ upper }) => upper),
    ),
    rowLower: joinAll(
      ({ rowLower }) => rowLower,
      more.rows.map(({ lower }) => lower),
    ),
    rowUpper: joinAll(
      ({ rowUpper }) => rowUpper,
      more.rows.map(({ upper }) => upper),
    ),
  };
  return { problem, firstRows };
}

function put({ entries }: Additions, column: number, entry: Entry): void {
  const own = entries.get(column);
  if (own === undefined) entries.set(column, [entry]);
  else own.push(entry);
}

/** What is no longer available may go at once. */
function addRamps(
  grid: Grid,
  parts: readonly Part[],
  { tied, more, rowCount }: { readonly tied: TiedHours; readonly more: Additions; readonly rowCount: number },
): void {
  const { beforeMw, rampMw } = tied;
  const columns = columnsOf(grid);
  grid.groups.forEach(({ units }, group) => {
    const sumMw = (of: (unit: number) => number): number => units.reduce((sum, unit) => sum + of(unit), 0);
    const groupMw = sumMw((unit) => floatAt(rampMw, unit));
    if (groupMw === Infinity) return;
    const own = [group, ...Array.from({ length: grid.piecesOf[group] ?? 0 }, (_, piece) => (columns.pieces[group] as number) + piece)];
    parts.forEach(({ input }, hour) => {
      if (hour === 0 && beforeMw === null) return;
      const row = rowCount + more.rows.length;
      const earlier = parts[hour - 1]?.input;
      const availableMw = (unit: number): number => floatAt(input.availableMw, unit);
      const goneMw = earlier === undefined ? 0 : sumMw((unit) => Math.max(0, floatAt(earlier.availableMw, unit) - availableMw(unit)));
      const fromMw =
        earlier !== undefined || beforeMw === null
          ? 0
          : sumMw((unit) => Math.min(floatAt(beforeMw, unit), availableMw(unit) + floatAt(rampMw, unit)));
      more.rows.push({ lower: fromMw - groupMw - goneMw, upper: fromMw + groupMw });
      for (const column of own) {
        put(more, hour * columns.count + column, [row, 1]);
        if (hour > 0) put(more, (hour - 1) * columns.count + column, [row, -1]);
      }
    });
  });
}

/** Column of the energy in a storage at the end of an hour. */
export function energyColumn(grid: Grid, hours: number, { hour, place }: { readonly hour: number; readonly place: number }): number {
  return hours * columnsOf(grid).count + place * hours + hour;
}

/** Energy from hour to hour; what storages give and hold ready after the first hour takes what is in them then. */
function addStorages(
  grid: Grid,
  parts: readonly Part[],
  to: { readonly tied: TiedHours; readonly more: Additions; readonly rowCount: number; readonly firstRows: readonly number[] },
): void {
  const { tied, more, rowCount, firstRows } = to;
  const columns = columnsOf(grid);
  grid.world.network.storages.forEach(({ energyMwh, chargeEfficiencyRatio, dischargeEfficiencyRatio }, place) => {
    parts.forEach(({ input, form }, hour) => {
      const row = rowCount + more.rows.length;
      const energy = energyColumn(grid, parts.length, { hour, place });
      const charge = hour * columns.count + columns.storages + 3 * place;
      const isLast = hour === parts.length - 1;
      const startMwh = hour === 0 ? (input.storages[place]?.storedMwh ?? 0) : 0;
      more.rows.push({ lower: startMwh, upper: startMwh });
      more.columns.push({ lower: isLast ? Math.min(energyMwh, floatAt(tied.endAtLeastMwh, place)) : 0, upper: energyMwh });
      put(more, charge, [row, -chargeEfficiencyRatio]);
      put(more, charge + 1, [row, 1 / dischargeEfficiencyRatio]);
      put(more, energy, [row, 1]);
      if (hour === 0) return;
      put(more, energy - 1, [row, -1]);
      const heldRow = (firstRows[hour] as number) + rowsOf(grid, form.topology, form.working.length).storages + 2 * place + 1;
      put(more, energy - 1, [heldRow, -dischargeEfficiencyRatio]);
    });
  });
}

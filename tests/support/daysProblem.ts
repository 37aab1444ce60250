import type { GridWorld } from '../../shared/domain/grid/grid.js';
import type { LinearProblem } from '../../shared/domain/grid/solver.js';

/** Entries of a linear problem put together part by part. */
interface Parts {
  readonly columns: {
    readonly cost: number;
    readonly lower: number;
    readonly upper: number;
    readonly entries: [row: number, value: number][];
  }[];
  readonly rows: { readonly lower: number; readonly upper: number }[];
}

/**
 * All hours of a plan in one linear problem: each hour as `problemOf` gives it (units first, then load not served, columns of buses in
 * their order), storages with their energy from hour to hour and no less at the end than at the start, ramps of units between hours.
 */
export function daysProblem(
  { network }: Pick<GridWorld, 'network'>,
  hours: readonly LinearProblem[],
  beforeMw: readonly number[] | null = null,
): LinearProblem {
  const parts: Parts = { columns: [], rows: [] };
  const firstRow: number[] = [];
  const firstColumn: number[] = [];
  for (const hour of hours) {
    firstRow.push(parts.rows.length);
    firstColumn.push(parts.columns.length);
    addHour(parts, hour);
  }
  const busOf = (bus: string): number => network.buses.findIndex(({ id }) => id === bus);
  for (const storage of network.storages) {
    const bus = busOf(storage.bus);
    const energyRows = hours.map(() => addRow(parts, 0, 0));
    hours.forEach((_, hour) => {
      const balance = (firstRow[hour] ?? 0) + bus;
      const energy = energyRows[hour] ?? 0;
      const later = energyRows[hour + 1];
      const { powerMw: upper, chargeEfficiencyRatio: into, dischargeEfficiencyRatio: out } = storage;
      parts.columns.push({
        cost: 0,
        lower: 0,
        upper,
        entries: [
          [balance, -1],
          [energy, -into],
        ],
      });
      parts.columns.push({
        cost: 0,
        lower: 0,
        upper,
        entries: [
          [balance, 1],
          [energy, 1 / out],
        ],
      });
      const isLast = later === undefined;
      const entries: [number, number][] = isLast
        ? [[energy, 1]]
        : [
            [energy, 1],
            [later, -1],
          ];
      parts.columns.push({ cost: 0, lower: isLast ? storage.initialMwh : 0, upper: storage.energyMwh, entries });
    });
    const first = energyRows[0] ?? 0;
    parts.rows[first] = { lower: storage.initialMwh, upper: storage.initialMwh };
  }
  network.units.forEach((unit, place) => {
    if (unit.rampMwPerMinute === null || unit.availability !== null) return;
    const mw = 60 * unit.rampMwPerMinute;
    hours.forEach((_, hour) => {
      const before = hour === 0 ? (beforeMw?.[place] ?? null) : 0;
      if (before === null) return;
      const row = addRow(parts, before - mw, before + mw);
      parts.columns[(firstColumn[hour] ?? 0) + place]?.entries.push([row, 1]);
      if (hour > 0) parts.columns[(firstColumn[hour - 1] ?? 0) + place]?.entries.push([row, -1]);
    });
  });
  return assembled(parts);
}

function addHour({ columns, rows }: Parts, { matrix, costs, columnLower, columnUpper, rowLower, rowUpper }: LinearProblem): void {
  const first = rows.length;
  for (let row = 0; row < matrix.rowCount; row++) rows.push({ lower: rowLower[row] ?? 0, upper: rowUpper[row] ?? 0 });
  for (let column = 0; column < matrix.columnCount; column++) {
    const entries: [number, number][] = [];
    for (let entry = matrix.starts[column] ?? 0; entry < (matrix.starts[column + 1] ?? 0); entry++)
      entries.push([first + (matrix.rows[entry] ?? 0), matrix.values[entry] ?? 0]);
    columns.push({ cost: costs[column] ?? 0, lower: columnLower[column] ?? 0, upper: columnUpper[column] ?? 0, entries });
  }
}

function addRow({ rows }: Parts, lower: number, upper: number): number {
  return rows.push({ lower, upper }) - 1;
}

function assembled({ columns, rows }: Parts): LinearProblem {
  const sorted = columns.map((column) => ({ ...column, entries: [...column.entries].sort(([a], [b]) => a - b) }));
  const starts = [0];
  for (const { entries } of sorted) starts.push((starts.at(-1) ?? 0) + entries.length);
  const all = sorted.flatMap(({ entries }) => entries);
  return {
    matrix: {
      rowCount: rows.length,
      columnCount: columns.length,
      starts: Int32Array.from(starts),
      rows: Int32Array.from(all, ([row]) => row),
      values: Float64Array.from(all, ([, value]) => value),
    },
    costs: Float64Array.from(sorted, ({ cost }) => cost),
    columnLower: Float64Array.from(sorted, ({ lower }) => lower),
    columnUpper: Float64Array.from(sorted, ({ upper }) => upper),
    rowLower: Float64Array.from(rows, ({ lower }) => lower),
    rowUpper: Float64Array.from(rows, ({ upper }) => upper),
  };
}

import type { MixedIntegerProblem } from './solver.js';

/** A column to add: bounds, cost per unit of it, whether it takes whole values only. */
export interface ColumnSpec {
  readonly lower: number;
  readonly upper: number;
  readonly costUsd: number;
  readonly isInteger?: boolean;
}

/** An entry of a row. */
export type Entry = readonly [column: number, value: number];

/** A row to add. */
export interface RowSpec {
  readonly lower: number;
  readonly upper: number;
  readonly entries: readonly Entry[];
}

/** Gathers columns and rows of a problem one by one. */
export interface ProblemBuilder {
  /** Adds a column and gives its place. */
  column(spec: ColumnSpec): number;
  /** Adds a row and gives its place; no column may stand in it twice. */
  row(spec: RowSpec): number;
  finish(): MixedIntegerProblem;
}

/** An empty problem. */
export function createBuilder(): ProblemBuilder {
  const columns: ColumnSpec[] = [];
  const rows: RowSpec[] = [];
  return {
    column: (spec) => columns.push(spec) - 1,
    row: (spec) => rows.push(spec) - 1,
    finish: () => ({
      matrix: { rowCount: rows.length, columnCount: columns.length, ...byColumns(columns.length, rows) },
      costs: Float64Array.from(columns, ({ costUsd }) => costUsd),
      columnLower: Float64Array.from(columns, ({ lower }) => lower),
      columnUpper: Float64Array.from(columns, ({ upper }) => upper),
      rowLower: Float64Array.from(rows, ({ lower }) => lower),
      rowUpper: Float64Array.from(rows, ({ upper }) => upper),
      isInteger: Uint8Array.from(columns, ({ isInteger }) => (isInteger === true ? 1 : 0)),
    }),
  };
}

function byColumns(columnCount: number, rows: readonly RowSpec[]) {
  const starts = new Int32Array(columnCount + 1);
  for (const { entries } of rows)
    for (const [column, value] of entries) if (value !== 0) starts[column + 1] = (starts[column + 1] ?? 0) + 1;
  for (let column = 0; column < columnCount; column++) starts[column + 1] = (starts[column + 1] ?? 0) + (starts[column] ?? 0);
  const next = starts.slice(0, columnCount);
  const places = new Int32Array(starts[columnCount] ?? 0);
  const values = new Float64Array(places.length);
  rows.forEach(({ entries }, row) => {
    for (const [column, value] of entries) {
      if (value === 0) continue;
      const place = next[column] ?? 0;
      next[column] = place + 1;
      places[place] = row;
      values[place] = value;
    }
  });
  return { starts, rows: places, values };
}

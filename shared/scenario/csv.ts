import { parse } from 'csv-parse/sync';
import { wrongInput } from '../runtime/errors.js';
import { readText } from './files.js';

/** A CSV file: its header and its rows, and where it came from for messages. */
export interface Table {
  readonly file: string;
  readonly header: readonly string[];
  /** Cells as text, trimmed; the row at index i stands on line i + 2 of the file. */
  readonly rows: readonly (readonly string[])[];
}

/**
 * Reads a CSV file with a header; line ends may be mixed, a byte-order mark and `.gz` are accepted.
 * @throws TWIN_WRONG_INPUT naming the line when it is no CSV, or has no row.
 */
export async function readTable(path: string): Promise<Table> {
  const text = await readText(path);
  const rows = parseRows(text, path);
  const header = rows[0] ?? [];
  if (rows.length < 2) throw wrongInput(`${path}: found no row below the header, allowed: a header and at least one row`);
  return { file: path, header, rows: rows.slice(1) };
}

/**
 * Index of a column.
 * @throws TWIN_WRONG_INPUT when there is none of that name.
 */
export function columnOf(table: Table, name: string): number {
  const index = table.header.indexOf(name);
  if (index < 0) throw wrongInput(`${table.file}: found no column "${name}", allowed: ${table.header.slice(0, 20).join(', ')}`);
  return index;
}

/** One row of a table, read by the names of its columns. */
export interface Row {
  text(column: string): string;
  /** A number; `fallback` stands for `NA` and an empty cell, which are refused without one. */
  number(column: string, fallback?: number): number;
  /** As `number`, and not negative. */
  atLeastZero(column: string, fallback?: number): number;
}

/** The rows of a table with access by column name. */
export function rowsOf(table: Table): readonly Row[] {
  const columns = new Map(table.header.map((name, index) => [name, index]));
  return table.rows.map((cells, index): Row => {
    const text = (column: string): string => cells[columns.get(column) ?? columnOf(table, column)] ?? '';
    const number = (column: string, fallback?: number): number => numberIn(table, index, column, text(column), fallback);
    return {
      text,
      number,
      atLeastZero: (column, fallback) => {
        const value = number(column, fallback);
        if (value < 0) throw wrongInput(`${placeOf(table, index, column)}: found ${value}, allowed: a number from 0`);
        return value;
      },
    };
  });
}

/** `<file>:<line>: <column>` of a cell. */
export function placeOf(table: Table, rowIndex: number, column: string): string {
  return `${table.file}:${rowIndex + 2}: ${column}`;
}

/**
 * A cell as a number.
 * @throws TWIN_WRONG_INPUT naming file, line and column when it is none.
 */
export function numberIn(table: Table, rowIndex: number, column: string, cell: string, fallback?: number): number {
  if (fallback !== undefined && (cell === '' || cell === 'NA')) return fallback;
  const value = cell === '' ? Number.NaN : Number(cell);
  if (!Number.isFinite(value)) throw wrongInput(`${placeOf(table, rowIndex, column)}: found ${JSON.stringify(cell)}, allowed: a number`);
  return value + 0;
}

function parseRows(text: string, path: string): string[][] {
  try {
    return parse(text, { bom: true, trim: true, skip_empty_lines: true, record_delimiter: ['\r\n', '\n'] });
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw wrongInput(`${path}: found ${reason}, allowed: CSV with equally long rows`);
  }
}

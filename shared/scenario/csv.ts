import { CsvError, parse } from 'csv-parse/sync';
import { wrongInput } from '../runtime/errors.js';
import { readText } from './files.js';

/** A CSV file: its header and its rows, and where it came from for messages. */
export interface Table {
  readonly file: string;
  readonly header: readonly string[];
  /** Cells as text, trimmed; as many as the header has. */
  readonly rows: readonly (readonly string[])[];
  /** [rows]: line of the file that each row ends on. */
  readonly lines: Int32Array;
}

/**
 * Reads a CSV file with a header; line ends may be mixed, a byte-order mark and `.gz` are accepted.
 * @throws TWIN_WRONG_INPUT naming the line when it is no CSV, or has no row.
 */
export async function readTable(path: string): Promise<Table> {
  const { rows, lines } = parseRows(await readText(path), path);
  const header = rows[0] ?? [];
  if (rows.length < 2) throw wrongInput(`${path}: found no row below the header, allowed: a header and at least one row`);
  const place = rows.findIndex((cells) => cells.length !== header.length);
  if (place > 0) {
    const found = `${rows[place]?.length ?? 0} cells`;
    throw wrongInput(`${path}:${lines[place] ?? 0}: found ${found}, allowed: ${header.length}, as in the header`);
  }
  return { file: path, header, rows: rows.slice(1), lines: Int32Array.from(lines.slice(1)) };
}

/**
 * Index of a column.
 * @throws TWIN_WRONG_INPUT when there is none of that name.
 */
export function columnOf(table: Table, name: string): number {
  const index = table.header.indexOf(name);
  if (index !== table.header.lastIndexOf(name)) throw wrongInput(`${table.file}: found the column "${name}" twice, allowed: once`);
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
  /** As `number`, and above zero. */
  aboveZero(column: string): number;
  /** `<file>:<line>: <column>: found ..., allowed: ...`, thrown as TWIN_WRONG_INPUT. */
  refuse(column: string, found: string | number, allowed: string): never;
}

/** The rows of a table with access by column name. */
export function rowsOf(table: Table): readonly Row[] {
  const columns = new Map<string, number>();
  const indexOf = (column: string): number => {
    const index = columns.get(column) ?? columnOf(table, column);
    columns.set(column, index);
    return index;
  };
  return table.rows.map((cells, index): Row => {
    const text = (column: string): string => cells[indexOf(column)] ?? '';
    const number = (column: string, fallback?: number): number => numberIn(table, index, column, text(column), fallback);
    const refuse = (column: string, found: string | number, allowed: string): never => {
      throw wrongInput(`${placeOf(table, index, column)}: found ${found}, allowed: ${allowed}`);
    };
    return {
      text,
      number,
      atLeastZero: (column, fallback) => {
        const value = number(column, fallback);
        return value < 0 ? refuse(column, value, 'a number from 0') : value;
      },
      aboveZero: (column) => {
        const value = number(column);
        return value <= 0 ? refuse(column, value, 'a number above 0') : value;
      },
      refuse,
    };
  });
}

/** `<file>:<line>: <column>` of a cell. */
export function placeOf(table: Table, rowIndex: number, column: string): string {
  return `${table.file}:${table.lines[rowIndex] ?? 0}: ${column}`;
}

/** A number as people write it: no other bases, no words. */
export const decimalPattern = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * A cell as a number.
 * @throws TWIN_WRONG_INPUT naming file, line and column when it is none.
 */
export function numberIn(table: Table, rowIndex: number, column: string, cell: string, fallback?: number): number {
  if (fallback !== undefined && (cell === '' || cell === 'NA')) return fallback;
  const value = decimalPattern.test(cell) ? Number(cell) : Number.NaN;
  if (!Number.isFinite(value)) throw wrongInput(`${placeOf(table, rowIndex, column)}: found ${JSON.stringify(cell)}, allowed: a number`);
  return value + 0;
}

/** Rows as they stand, the header among them, and the line each of them ends on. @throws TWIN_WRONG_INPUT when the text is no CSV. */
export function parseRows(text: string, path: string): { readonly rows: string[][]; readonly lines: number[] } {
  const lines: number[] = [];
  try {
    const rows: string[][] = parse(text, {
      bom: true,
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
      record_delimiter: ['\r\n', '\n'],
      on_record: (cells: string[], { lines: line }) => {
        lines.push(line);
        return cells;
      },
    });
    return { rows, lines };
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    const line = error instanceof CsvError && typeof error['lines'] === 'number' ? `:${error['lines']}` : '';
    throw wrongInput(`${path}${line}: found ${reason}, allowed: CSV with equally long rows`);
  }
}

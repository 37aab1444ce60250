import { wrongInput } from '../../runtime/errors.js';
import type { CaseText } from './caseText.js';

/** Columns of the matrices, in their order, and how many a row has at least. Source: MATPOWER User's Manual 8.0, appendix B. */
export const matrices = {
  bus: { least: 13, columns: 'bus_i type Pd Qd Gs Bs area Vm Va baseKV zone Vmax Vmin'.split(' ') },
  gen: {
    least: 10,
    columns: 'bus Pg Qg Qmax Qmin Vg mBase status Pmax Pmin Pc1 Pc2 Qc1min Qc1max Qc2min Qc2max ramp_agc ramp_10 ramp_30 ramp_q apf'.split(
      ' ',
    ),
  },
  branch: { least: 11, columns: 'fbus tbus r x b rateA rateB rateC ratio angle status angmin angmax'.split(' ') },
  gencost: { least: 5, columns: 'model startup shutdown n'.split(' ') },
  dcline: { least: 11, columns: 'fbus tbus status Pf Pt Qf Qt Vf Vt Pmin Pmax Qminf Qmaxf Qmint Qmaxt loss0 loss1'.split(' ') },
} as const;

/** A row of a matrix, read by the names of its columns. */
export interface CaseRow {
  readonly line: number;
  /** All numbers of the row; may hold infinities and NaN. */
  readonly values: readonly number[];
  /** A finite number; `fallback` stands for a column the matrix does not have. */
  number(column: string, fallback?: number): number;
  /** A number that may be infinite. */
  limit(column: string, fallback?: number): number;
  /** `<file>:<line>: <matrix>.<column>: found ..., allowed: ...`, thrown as TWIN_WRONG_INPUT. */
  refuse(column: string, found: string | number, allowed: string): never;
}

const numberPattern = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eEdD][+-]?\d+)?$/;

/**
 * Rows of a matrix of a case.
 * @throws TWIN_WRONG_INPUT naming file, line and column for a matrix that is missing or computed, rows of unequal or too small width, and
 * anything that is no number.
 */
export function rowsOfMatrix(text: CaseText, name: keyof typeof matrices): readonly CaseRow[] {
  const { columns, least } = matrices[name];
  const computedOn = text.computed.get(name);
  if (computedOn !== undefined)
    throw wrongInput(`${text.file}:${computedOn}: mpc.${name}: found a statement that computes it, allowed: a matrix of numbers`);
  const table = text.tables.get(name);
  if (table === undefined) throw wrongInput(`${text.file}: found no mpc.${name}, allowed: a case with bus, gen, branch and gencost`);
  const width = table.rows[0]?.cells.length ?? 0;
  return table.rows.map(({ line, cells }) => {
    const place = `${text.file}:${line}: ${name}`;
    if (cells.length < least) throw wrongInput(`${place}: found ${cells.length} columns, allowed: at least ${least}`);
    if (cells.length !== width)
      throw wrongInput(`${place}: found ${cells.length} columns, allowed: ${width}, as in the first row of the matrix`);
    const nameOf = (index: number): string => columns[index] ?? `column ${index + 1}`;
    const refuse = (column: string, found: string | number, allowed: string): never => {
      throw wrongInput(`${place}.${column}: found ${found}, allowed: ${allowed}`);
    };
    const values = cells.map((cell, index) => numberOf(cell) ?? refuse(nameOf(index), JSON.stringify(cell), 'a number'));
    return rowOf({ line, values, columns, refuse });
  });
}

/** Texts of one column of a cell array with a row per row of a matrix; null when the case has none. */
export function textsOf(text: CaseText, name: string, rows: { readonly of: string; readonly count: number }): readonly string[][] | null {
  const table = text.tables.get(name);
  if (table === undefined) return null;
  if (table.rows.length !== rows.count) {
    const found = `${table.rows.length} rows`;
    throw wrongInput(`${text.file}:${table.line}: mpc.${name}: found ${found}, allowed: ${rows.count}, one for each row of mpc.${rows.of}`);
  }
  return table.rows.map(({ cells }) => cells.map((cell) => cell.trim()));
}

function rowOf(parts: {
  readonly line: number;
  readonly values: readonly number[];
  readonly columns: readonly string[];
  readonly refuse: CaseRow['refuse'];
}): CaseRow {
  const { line, values, columns, refuse } = parts;
  const limit = (column: string, fallback = Number.NaN): number => {
    const value = values[columns.indexOf(column)] ?? fallback;
    return Number.isNaN(value) ? refuse(column, value, 'a number') : value;
  };
  return {
    line,
    values,
    limit,
    number: (column, fallback) => {
      const value = limit(column, fallback);
      return Number.isFinite(value) ? value : refuse(column, value, 'a finite number');
    },
    refuse,
  };
}

/** A number as MATLAB writes it, Inf and NaN included; never -0. Null when it is none. */
export function numberOf(cell: string): number | null {
  if (numberPattern.test(cell)) {
    // What is too large for a number is none, not infinity.
    const value = Number(cell.replace(/[dD]/, 'e')) + 0;
    return Number.isFinite(value) ? value : null;
  }
  const [, sign, word = ''] = /^([+-]?)(inf|nan)$/i.exec(cell) ?? [];
  if (word === '') return null;
  return word.toLowerCase() === 'nan' ? Number.NaN : sign === '-' ? -Infinity : Infinity;
}

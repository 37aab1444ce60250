import { wrongInput } from '../../runtime/errors.js';
import { tokensOf, type Token } from './tokens.js';

/**
 * A matrix or cell array: its rows as they stand in the file. Quoted cells of a matrix keep a quote in front, so that they are no number.
 */
export interface CaseTable {
  readonly line: number;
  readonly rows: readonly { readonly line: number; readonly cells: readonly string[] }[];
}

/** A case file taken apart: what is assigned to which field of the case, as text. */
export interface CaseText {
  readonly file: string;
  /** Name of the function; empty when the file has none. */
  readonly name: string;
  readonly tables: ReadonlyMap<string, CaseTable>;
  readonly scalars: ReadonlyMap<string, { readonly line: number; readonly text: string }>;
  /** Fields that statements compute, with the line of the first one; their value is not known here. */
  readonly computed: ReadonlyMap<string, number>;
}

/** Statements without effect on the numbers. */
const passedOver = new Set(['end', 'endfunction', 'return', 'define_constants', 'clear', 'clc']);

/** Tokens with one to look ahead at. */
interface Reader {
  readonly file: string;
  peek(): Token;
  next(): Token;
}

/**
 * Takes a MATPOWER case file apart into the fields it assigns.
 * @throws TWIN_WRONG_INPUT naming file and line for version 1, a matrix the file ends in, and statements other than assignments.
 */
export function parseCase(content: string, file: string): CaseText {
  const reader = readerOf(content, file);
  const tables = new Map<string, CaseTable>();
  const scalars = new Map<string, { line: number; text: string }>();
  const computed = new Map<string, number>();
  const lineOf = (field: string): number | null => tables.get(field)?.line ?? scalars.get(field)?.line ?? null;
  let header = { variable: 'mpc', name: '' };
  for (let token = reader.next(); token.kind !== 'end'; token = reader.next()) {
    if (isSeparator(token)) continue;
    if (token.text === 'function') {
      header = headerOf(reader, token);
      continue;
    }
    if (token.kind === 'word' && token.text.startsWith(`${header.variable}.`)) {
      const field = token.text.slice(header.variable.length + 1);
      const known = lineOf(field);
      const value = valueOf(reader, token);
      if (known !== null && value !== null)
        throw wrongInput(`${file}:${token.line}: ${token.text}: found a second time, allowed: once, as on line ${known}`);
      if (value === null) {
        if (!computed.has(field)) computed.set(field, token.line);
      } else if ('rows' in value) tables.set(field, value);
      else scalars.set(field, value);
      continue;
    }
    passOver(reader, token);
  }
  return { file, name: header.name, tables, scalars, computed };
}

function readerOf(content: string, file: string): Reader {
  const take = tokensOf(content, file);
  let ahead: Token | null = null;
  return {
    file,
    peek: () => (ahead ??= take()),
    next: () => {
      const token = ahead ?? take();
      ahead = null;
      return token;
    },
  };
}

function isSeparator(token: Token): boolean {
  return token.kind === 'line-end' || (token.kind === 'mark' && (token.text === ';' || token.text === ','));
}

/** `function VARIABLE = NAME`. */
function headerOf(reader: Reader, start: Token): { variable: string; name: string } {
  const words: string[] = [];
  for (let token = reader.next(); token.kind !== 'line-end' && token.kind !== 'end'; token = reader.next()) words.push(token.text);
  const [variable = '', equals, name = ''] = words[0] === '[' && words[2] === ']' ? [words[1], ...words.slice(3)] : words;
  if (variable === '[')
    throw wrongInput(
      `${reader.file}:${start.line}: found a case of version 1, allowed: version 2 (function mpc = NAME, mpc.version = '2')`,
    );
  if (equals !== '=' || !/^[A-Za-z]\w*$/.test(variable))
    throw wrongInput(`${reader.file}:${start.line}: function: found ${JSON.stringify(words.join(' '))}, allowed: function mpc = NAME`);
  return { variable, name };
}

/** The value behind `FIELD =`; null when it would have to be computed. */
function valueOf(reader: Reader, field: Token): CaseTable | { line: number; text: string } | null {
  const sign = reader.peek();
  if (sign.kind === 'mark' && sign.text === '(') return skipped(reader);
  if (sign.kind !== 'mark' || sign.text !== '=') {
    const found = sign.kind === 'end' ? 'the end of the file' : JSON.stringify(sign.text);
    throw wrongInput(`${reader.file}:${sign.line}: ${field.text}: found ${found}, allowed: "=" and a value`);
  }
  reader.next();
  if (reader.peek().kind === 'end')
    throw wrongInput(`${reader.file}:${field.line}: ${field.text}: found the end of the file, allowed: a value`);
  const first = reader.peek();
  const value =
    first.kind === 'mark' && (first.text === '[' || first.text === '{')
      ? tableOf(reader, field)
      : first.kind === 'word' || first.kind === 'text'
        ? { line: first.line, text: reader.next().text }
        : null;
  const after = reader.peek();
  return value !== null && (isSeparator(after) || after.kind === 'end') ? value : skipped(reader);
}

/** Rows up to the closing bracket; a row ends with a semicolon or its line. */
function tableOf(reader: Reader, field: Token): CaseTable {
  const open = reader.next();
  const closing = open.text === '[' ? ']' : '}';
  const what = open.text === '[' ? 'matrix' : 'cell array';
  const rows: { line: number; cells: string[] }[] = [];
  let row: { line: number; cells: string[] } | null = null;
  let depth = 0;
  for (;;) {
    const token = reader.next();
    const place = `${reader.file}:${token.line}: ${field.text}`;
    if (token.kind === 'end') {
      const found = `the end of the file inside the ${what} that begins on line ${field.line}`;
      throw wrongInput(`${place}: found ${found}, allowed: rows, and ${closing}; after the last one`);
    }
    if (token.kind === 'mark' && token.text === '=')
      throw wrongInput(
        `${place}: found "=" inside the ${what} that begins on line ${field.line}, allowed: ${closing}; before the next field`,
      );
    if (token.kind === 'mark' && token.text === closing && depth === 0) return { line: field.line, rows };
    if (isSeparator(token)) {
      if (token.text !== ',') row = null;
      continue;
    }
    if (token.kind === 'mark') depth += '[{('.includes(token.text) ? 1 : -1;
    if (row === null) rows.push((row = { line: token.line, cells: [] }));
    row.cells.push(token.kind === 'text' && open.text === '[' ? `'${token.text}` : token.text);
  }
}

/** Goes to the end of a statement. */
function skipped(reader: Reader): null {
  let depth = 0;
  for (let token = reader.peek(); token.kind !== 'end'; token = reader.peek()) {
    if (depth <= 0 && isSeparator(token)) return null;
    if (token.kind === 'mark' && '[{('.includes(token.text)) depth += 1;
    if (token.kind === 'mark' && ']})'.includes(token.text)) depth -= 1;
    reader.next();
  }
  if (depth > 0) throw wrongInput(`${reader.file}:${reader.peek().line}: found the end of the file, allowed: closed brackets`);
  return null;
}

/** Names for columns (`[PQ, PV] = idx_bus`) and words without effect; anything else could change the numbers unseen. */
function passOver(reader: Reader, first: Token): void {
  const words = [first.text];
  for (let token = reader.peek(); token.kind !== 'end' && token.kind !== 'line-end' && token.text !== ';'; token = reader.peek()) {
    words.push(reader.next().text);
  }
  const isNaming = first.text === '[' && /\] = idx_\w+$/.test(words.join(' '));
  if (isNaming || passedOver.has(first.text)) return;
  const found = words.join(' ').slice(0, 40);
  throw wrongInput(`${reader.file}:${first.line}: found ${JSON.stringify(found)}, allowed: assignments of numbers and names to mpc fields`);
}

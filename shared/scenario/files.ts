import { isUtf8 as bufferIsUtf8 } from 'node:buffer';
import { readFile, stat } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { shownName } from '../domain/shown.js';
import { wrongInput } from '../runtime/errors.js';

/**
 * Text of a file; one that ends in `.gz` is unpacked, a byte-order mark is dropped. `any`: what is not UTF-8 becomes a replacement
 * character, as comments of old files need.
 * @throws TWIN_WRONG_INPUT when it is missing, not a file, not gzip, not UTF-8, or empty.
 */
export async function readText(path: string, encoding: 'utf-8' | 'any' = 'utf-8'): Promise<string> {
  const bytes = await readFile(path).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    const found = code === 'ENOENT' ? 'no such file' : code === 'EISDIR' ? 'a folder' : code;
    throw wrongInput(`${path}: found ${found}, allowed: a readable file`);
  });
  const isPacked = /\.gz$/i.test(path);
  if (!isPacked && bytes[0] === 0x1f && bytes[1] === 0x8b)
    throw wrongInput(`${path}: found a gzip file, allowed: text, or a name that ends in .gz`);
  const text = textOf(isPacked ? unpack(bytes, path) : bytes, path, encoding);
  if (text.trim() === '') throw wrongInput(`${path}: found an empty file, allowed: a file with content`);
  return text;
}

/**
 * The JSON value in a file.
 * @throws TWIN_WRONG_INPUT naming the line for text that is not JSON; NaN and Infinity are named as such.
 */
export async function readJson(path: string): Promise<unknown> {
  const text = await readText(path);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw wrongInput(`${path}${notJson(text, error)}`);
  }
}

function textOf(bytes: Buffer, path: string, encoding: 'utf-8' | 'any'): string {
  const text = new TextDecoder('utf-8').decode(bytes);
  if (encoding === 'any' || !text.includes('\uFFFD')) return text;
  // A replacement character may stand in the file itself.
  const line = text.split('\n').findIndex((own, place) => own.includes('\uFFFD') && !isUtf8(bytes, place));
  if (line >= 0) throw wrongInput(`${path}:${line + 1}: found bytes that are not UTF-8, allowed: text in UTF-8`);
  return text;
}

/** Whether a line of a file, counted from 0, is UTF-8. */
function isUtf8(bytes: Buffer, line: number): boolean {
  let from = 0;
  for (let k = 0; k < line; k++) from = bytes.indexOf(0x0a, from) + 1;
  const end = bytes.indexOf(0x0a, from);
  return bufferIsUtf8(bytes.subarray(from, end < 0 ? bytes.length : end));
}

/** True when there is a folder at `path`. */
export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}

function unpack(bytes: Buffer, path: string): Buffer {
  try {
    return gunzipSync(bytes);
  } catch (error) {
    const isCut = error instanceof Error && 'code' in error && error.code === 'Z_BUF_ERROR';
    const found = isCut ? 'a gzip file that ends too early' : 'bytes that are not gzip';
    throw wrongInput(`${path}: found ${found}, allowed: a ${isCut ? 'whole ' : ''}gzip file, or a name without .gz`);
  }
}

/** `:<line>: <field>: found ..., allowed: ...` for text that JSON.parse refused. */
function notJson(text: string, error: unknown): string {
  const bare = /"([^"\n]*)"\s*:\s*([-+]?(?:NaN|Infinity)|[A-Za-z_]\w*)(?=\s*[,}\]])/g;
  for (const match of text.matchAll(bare)) {
    const word = match[2] ?? '';
    if (word === 'true' || word === 'false' || word === 'null') continue;
    return `:${lineAt(text, match.index)}: ${shownName(match[1] ?? '')}: found ${shownName(word)}, allowed: a JSON value (a number, "text", true, false, null)`;
  }
  const index = errorIndex(text, error instanceof Error ? error.message : '');
  const found = text
    .slice(index, index + 20)
    .split('\n')[0]
    ?.trim();
  return `:${lineAt(text, index)}: found ${found ? JSON.stringify(found) : 'the end of the file'}, allowed: JSON`;
}

/** Where JSON.parse stopped: it names either the position or the ten characters before and after. */
function errorIndex(text: string, message: string): number {
  const at = /position (\d+)/.exec(message)?.[1];
  if (at !== undefined) return Number(at);
  const [, token, dots, around] = /token '(.)', (\.\.\.)?"([\s\S]*?)"(?:\.\.\.)? is not/.exec(message) ?? [];
  if (token === undefined || around === undefined) return text.length;
  return text.indexOf(token, text.indexOf(around) + (dots === undefined ? 0 : 10));
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}

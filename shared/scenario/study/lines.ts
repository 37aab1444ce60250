import { wrongInput } from '../../runtime/errors.js';

/** Line of a field of a JSON text, counted from 1; of a field that is not there, that of what it would stand in. */
export type LineOf = (field: string) => number;

const stringPattern = /"(?:[^"\\]|\\.)*"/y;
const scalarPattern = /[^\s,\]}]+/y;

/**
 * Finds where each field of a JSON text stands; fields are named as in messages: `axes[1].values[0]`.
 * @throws TWIN_WRONG_INPUT when a key stands twice in one object: all but the last would be lost. The text has to be JSON.
 */
export function linesOf(text: string, file: string): LineOf {
  const lines = new Map<string, number>();
  const breaks = [...text.matchAll(/\n/g)].map(({ index }) => index);
  const lineAt = (index: number): number => breaks.filter((place) => place < index).length + 1;
  let at = 0;

  const skipSpace = (): void => {
    while (/\s/.test(text[at] ?? '')) at++;
  };
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? '';
    at += Math.max(1, found.length);
    return found;
  };
  /** Steps over the members of an object or a list. */
  const members = (close: string, member: (place: number) => void): void => {
    at++;
    skipSpace();
    for (let place = 0; text[at] !== close && at < text.length; place++) {
      member(place);
      skipSpace();
      if (text[at] === ',') at++;
      skipSpace();
    }
    at++;
  };
  const value = (field: string): void => {
    skipSpace();
    if (!lines.has(field)) lines.set(field, lineAt(at));
    if (text[at] === '{') members('}', () => property(field));
    else if (text[at] === '[') members(']', (place) => value(`${field}[${place}]`));
    else take(text[at] === '"' ? stringPattern : scalarPattern);
  };
  const property = (parent: string): void => {
    const line = lineAt(at);
    const key: unknown = JSON.parse(take(stringPattern));
    const field = parent === '' ? String(key) : `${parent}.${String(key)}`;
    if (lines.has(field)) throw wrongInput(`${file}:${line}: ${field}: found the key twice, allowed: once`);
    lines.set(field, line);
    skipSpace();
    at++;
    value(field);
  };
  value('');
  return lineFinder(lines);
}

/** Finds fields among those of which the line is known; '' is the whole. */
export function lineFinder(lines: ReadonlyMap<string, number>): LineOf {
  return (field) => {
    for (let part = field; part !== ''; part = part.replace(/(?:\.[^.[\]]*|\[\d+\]|^[^.[\]]*)$/, ''))
      if (lines.has(part)) return lines.get(part) ?? 1;
    return lines.get('') ?? 1;
  };
}

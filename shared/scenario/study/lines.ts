import { shownName } from '../../domain/shown.js';
import { wrongInput } from '../../runtime/errors.js';

/** Line of a field of a JSON text, counted from 1; of a field that is not there, that of what it would stand in. */
export type LineOf = (field: string) => number;

const stringPattern = /"(?:[^"\\]|\\.)*"/y;
/** Levels of a study at most; the deepest that means something has about ten. */
const mostLevels = 200;

const scalarPattern = /[^\s,\]}]+/y;

/**
 * Finds where each field of a JSON text stands; fields are named as in messages: `axes[1].values[0]`.
 * @throws TWIN_WRONG_INPUT when a key stands twice in one object: all but the last would be lost. The text has to be JSON.
 */
export function linesOf(text: string, file: string): LineOf {
  const lines = new Map<string, number>();
  let [at, counted, line, depth] = [0, 0, 1, 0];

  /** Line of a place at or after the one asked for last. */
  const lineAt = (index: number): number => {
    for (; counted < index; counted++) if (text[counted] === '\n') line++;
    return line;
  };

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
    if (++depth > mostLevels)
      throw wrongInput(`${file}:${lineAt(at)}: found lists and objects in more than ${mostLevels} levels, allowed: ${mostLevels}`);
    skipSpace();
    for (let place = 0; text[at] !== close && at < text.length; place++) {
      member(place);
      skipSpace();
      if (text[at] === ',') at++;
      skipSpace();
    }
    at++;
    depth--;
  };
  const value = (field: string): void => {
    skipSpace();
    if (!lines.has(field)) lines.set(field, lineAt(at));
    if (text[at] === '{') members('}', () => property(field));
    else if (text[at] === '[') members(']', (place) => value(`${field}[${place}]`));
    else take(text[at] === '"' ? stringPattern : scalarPattern);
  };
  const property = (parent: string): void => {
    const place = lineAt(at);
    const key: unknown = JSON.parse(take(stringPattern));
    const field = parent === '' ? String(key) : `${parent}.${String(key)}`;
    if (lines.has(field)) throw wrongInput(`${file}:${place}: ${shownName(field)}: found the key twice, allowed: once`);
    lines.set(field, place);
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

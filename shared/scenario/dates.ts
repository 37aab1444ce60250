import { dayOf } from '../domain/days.js';
import { wrongInput } from '../runtime/errors.js';

/** A cell that should hold a date. `other`: something else stands there. */
export type DateCell = { readonly kind: 'day'; readonly day: number } | { readonly kind: 'none' } | { readonly kind: 'other' };

/** What stands in an empty cell. */
const noneWords = new Set(['', 'na', 'n/a', 'nan', 'nat', 'null', 'none', '-']);
const isoPattern = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s?(?:Z|UTC|[+-]\d{2}(?::?\d{2})?)?)?$/i;
const americanPattern = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?:,? \d{1,2}:\d{2}(?::\d{2})?(?: ?[AP]M)?)?$/i;
/** Years that a record of a permit can hold. */
const years = { first: 1900, last: 2199 } as const;

export const dateWords = 'a date as YYYY-MM-DD, the same with a time and an offset, or M/D/YYYY';

/** The day in a cell as it is written: a time and an offset do not move it. Days count from 1970-01-01. */
export function dateIn(cell: string): DateCell {
  if (noneWords.has(cell.toLowerCase())) return { kind: 'none' };
  const iso = isoPattern.exec(cell);
  const american = americanPattern.exec(cell);
  const parts = iso === null ? [american?.[3], american?.[1], american?.[2]] : iso.slice(1, 4);
  const [year = 0, month = 0, date = 0] = parts.map(Number);
  const day = year >= years.first && year <= years.last ? dayOf(year, month, date) : null;
  return day === null ? { kind: 'other' } : { kind: 'day', day };
}

/**
 * The day that an option names.
 * @throws TWIN_WRONG_INPUT
 */
export function dayIn(option: string, found: string): number {
  const cell = dateIn(found.trim());
  if (cell.kind !== 'day') throw wrongInput(`${option}: found ${found === '' ? 'nothing' : found}, allowed: ${dateWords}`);
  return cell.day;
}

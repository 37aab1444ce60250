import type { FieldValue } from './point.js';

/** Count and order-free hash of a set of texts: two sums of 32-bit hashes, equal for equal sets whatever their order. */
export interface Tally {
  count: number;
  first: number;
  second: number;
}

export function emptyTally(): Tally {
  return { count: 0, first: 0, second: 0 };
}

/** Adds one text to a tally, in place: tallies of a year see tens of millions of points. */
export function addTo(tally: Tally, text: string): void {
  tally.count += 1;
  tally.first = (tally.first + hashOf(text, 0x811c9dc5)) >>> 0;
  tally.second = (tally.second + hashOf(text, 0x2b5ad4e9)) >>> 0;
}

export function areEqual(a: Tally, b: Tally): boolean {
  return a.count === b.count && a.first === b.first && a.second === b.second;
}

/** A text as a number of 53 bits, to remember having seen it. */
export function fingerprint(text: string): number {
  return hashOf(text, 0x811c9dc5) * 2 ** 21 + (hashOf(text, 0x2b5ad4e9) >>> 11);
}

/** The fields of a point as one text, names in order; equal for equal values. */
export function fieldsText(fields: Readonly<Record<string, FieldValue>>): string {
  let text = '';
  for (const name of Object.keys(fields).sort()) text += `${name}=${JSON.stringify(fields[name])};`;
  return text;
}

/**
 * FNV-1a over UTF-16 units with a final mix.
 * Source: Fowler, Noll, Vo, "The FNV non-cryptographic hash algorithm" (IETF draft); the mix is that of MurmurHash3.
 */
function hashOf(text: string, basis: number): number {
  let hash = basis;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

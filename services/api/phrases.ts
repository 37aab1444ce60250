import type { TailEntry } from './viewTypes.js';

/** How much a milestone asks for attention. */
export type Tone = TailEntry['tone'];
/** A milestone as one plain sentence. */
export type Words = { readonly text: string; readonly tone: Tone };

export const plain = (text: string): Words => ({ text, tone: 'plain' });
export const good = (text: string): Words => ({ text, tone: 'good' });
export const caution = (text: string): Words => ({ text, tone: 'caution' });
export const bad = (text: string): Words => ({ text, tone: 'bad' });

const numbers = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** A number without decimals, in groups of three. */
export function round(value: number): string {
  return numbers.format(value);
}

/** A power in MW. */
export function mw(value: number): string {
  return `${round(value)} MW`;
}

/** A share of 0..1 in percent. */
export function percent(ratio: number): string {
  return `${Math.round(ratio * 100)} %`;
}

/** A word with a capital. */
export function capital(word: string): string {
  return `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
}

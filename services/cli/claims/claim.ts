import type { Evidence } from '../../../shared/domain/ledger/evidence.js';

export const verdicts = ['supported', 'mixed', 'not supported', 'open'] as const;
export type Verdict = (typeof verdicts)[number];

/** What an experiment says of a claim. */
export interface Found {
  /** In words, with its interval where it has one. */
  readonly figure: string;
  readonly verdict: Verdict;
  readonly evidence: Evidence;
  /** The input, most of all an assumed one, that would turn the verdict. */
  readonly flips: string;
}

/** One experiment on a claim: a command of this program, and what its answer means for the claim. */
export interface Experiment {
  readonly claim: number;
  readonly name: string;
  /** Words of the command without `--json`; files under the folder of data stand as `{data}/...`. */
  readonly words: readonly string[];
  read(answer: unknown): Found;
}

/** The eleven claims, as their source makes them. */
export const claims: Readonly<Record<number, string>> = {
  1: 'sites of some 100 MW today, 10 to 20 times larger soon',
  2: 'training is hungry, trained inference uses less than what it replaces',
  3: 'AI makes the grid smarter and foresees surges',
  4: 'nuclear is needed, and no single source suffices',
  5: 'renewable energy is hard to move: take compute to the surplus',
  6: 'training may drop a few percent and pause for hours',
  7: 'where a cluster trains does not matter',
  8: 'energy permits are slow and stall in the middle',
  9: 'sites stand where surplus power is',
  10: 'results come slower than expected, because of regulation',
  11: 'the learning curve is exponential, for how long nobody knows',
};

/** What stands on an assumption supports nothing. */
export function judged(found: Found): Found {
  return found.verdict === 'supported' && found.evidence === 'assumed' ? { ...found, verdict: 'open' } : found;
}

/** A share as percent. */
export function percent(share: number, places = 0): string {
  return `${(100 * share).toFixed(places)} %`;
}

import type { FactDataOf } from '../fact.js';
import { hourMs, toWire } from '../ticks.js';

/** A measured interval beside what the model of the twin says of it. */
export interface Pair {
  readonly fromMs: number;
  readonly toMs: number;
  readonly measuredMw: number;
  readonly modelMw: number;
  /** What was expected of it before it was heard. */
  readonly expectedMw: number;
}

/** What is known of the load of a region: the pairs of the last three days, in order of their intervals. Plain JSON. */
export interface Assimilated {
  readonly pairs: readonly Pair[];
}

export const nothingMeasured: Assimilated = { pairs: [] };

/** Gain over so long, newer pairs counting more; the difference of the newest one fades. Choices, told in docs/mirror.md. */
const windowMs = 72 * hourMs;
const gainHalfMs = 24 * hourMs;
const biasHalfMs = 12 * hourMs;
/** Pairs from which the usual error is one. */
const leastPairs = 12;
const [divergentTimes, divergentRatio] = [4, 0.1] as const;

/** How the twin follows a series: measured is gain times model, and what the newest interval was above that, as far as it has not faded. */
export interface Following {
  readonly gainRatio: number;
  readonly biasMw: number;
  /** Middle of the newest interval; null: nothing is measured. */
  readonly atMs: number | null;
}

/** Gain and bias of what is known. */
export function followingOf({ pairs }: Assimilated): Following {
  const newest = pairs.at(-1);
  if (newest === undefined) return { gainRatio: 1, biasMw: 0, atMs: null };
  let [measured, modelled] = [0, 0];
  for (const { fromMs, measuredMw, modelMw } of pairs) {
    const weight = 0.5 ** ((newest.fromMs - fromMs) / gainHalfMs);
    measured += weight * measuredMw;
    modelled += weight * modelMw;
  }
  const gainRatio = modelled > 0 ? measured / modelled : 1;
  return { gainRatio, biasMw: newest.measuredMw - gainRatio * newest.modelMw, atMs: (newest.fromMs + newest.toMs) / 2 };
}

/** Load expected at an instant, MW, from what the model says of it; the model alone while nothing is measured. */
export function expectedMw({ gainRatio, biasMw, atMs }: Following, modelMw: number, nowMs: number): number {
  if (atMs === null) return modelMw;
  const left = 0.5 ** (Math.max(0, nowMs - atMs) / biasHalfMs);
  return Math.max(0, gainRatio * modelMw + biasMw * left);
}

/**
 * Takes a measured interval in, or its correction. A late one finds its place among the others; one that is older than three days before
 * the newest changes nothing.
 */
export function assimilate(
  known: Assimilated,
  measured: Omit<Pair, 'expectedMw'>,
): { readonly known: Assimilated; readonly divergence: FactDataOf['grid.divergence.v1'] } {
  const before = known.pairs.find(({ fromMs }) => fromMs === measured.fromMs);
  const earlier = { pairs: known.pairs.filter(({ fromMs }) => fromMs < measured.fromMs) };
  const middleMs = (measured.fromMs + measured.toMs) / 2;
  const expected = before?.expectedMw ?? expectedMw(followingOf(earlier), measured.modelMw, middleMs);
  const pair: Pair = { ...measured, expectedMw: expected };
  const pairs = [...known.pairs.filter(({ fromMs }) => fromMs !== measured.fromMs), pair].sort((a, b) => a.fromMs - b.fromMs);
  const newestMs = pairs.at(-1)?.fromMs ?? measured.fromMs;
  const kept = { pairs: pairs.filter(({ fromMs }) => fromMs > newestMs - windowMs) };
  return { known: kept, divergence: divergenceOf(pair, earlier, followingOf(kept)) };
}

function divergenceOf(pair: Pair, earlier: Assimilated, { gainRatio, biasMw }: Following): FactDataOf['grid.divergence.v1'] {
  const errorMw = pair.measuredMw - pair.expectedMw;
  // The first one is compared with a model nobody has fitted yet.
  const errors = earlier.pairs.slice(1).map((each) => Math.abs(each.measuredMw - each.expectedMw));
  const usualErrorMw = errors.length < leastPairs ? 0 : errors.reduce((sum, error) => sum + error, 0) / errors.length;
  const isDivergent =
    usualErrorMw > 0 && Math.abs(errorMw) > divergentTimes * usualErrorMw && Math.abs(errorMw) > divergentRatio * pair.expectedMw;
  return {
    fromTime: toWire(pair.fromMs),
    toTime: toWire(pair.toMs),
    measuredMw: pair.measuredMw,
    expectedMw: pair.expectedMw,
    errorMw,
    usualErrorMw,
    gainRatio,
    biasMw,
    isDivergent,
  };
}

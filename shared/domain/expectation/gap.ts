import { byteAt, floatAt } from '../grid/dense.js';
import { drawsOf } from '../random.js';
import type { Claim } from './claims.js';

/** Expectation against delivery on a day. */
export interface Gap {
  /** Announced by then for a day up to then, MW. */
  readonly claimedMw: number;
  /** There by then, MW. */
  readonly deliveredMw: number;
  readonly gapMw: number;
  /** 1 - delivered / claimed; null: nothing was claimed. */
  readonly gapRatio: number | null;
  /** Days since the last day for which no more had been claimed than there is; null: more was claimed for every day (censored). */
  readonly behindDays: number | null;
}

/** The gap on a day, from claims as they were known by then. */
export function gapOn(claims: readonly Claim[], day: number): Gap {
  const known = claims.filter(({ madeDay }) => madeDay <= day);
  const deliveredMw = known.reduce((sum, claim) => sum + deliveredBy(claim, day), 0);
  const due = known.filter(({ promisedDay }) => promisedDay <= day).sort((a, b) => a.promisedDay - b.promisedDay);
  const claimedMw = due.reduce((sum, { mw }) => sum + mw, 0);
  return {
    claimedMw,
    deliveredMw,
    gapMw: claimedMw - deliveredMw,
    gapRatio: claimedMw > 0 ? 1 - deliveredMw / claimedMw : null,
    behindDays: behindOf(due, { day, deliveredMw }),
  };
}

function deliveredBy({ deliveredDay, deliveredMw }: Claim, day: number): number {
  return deliveredDay !== null && deliveredDay <= day ? deliveredMw : 0;
}

/** `due` in order of the days they were promised for. */
function behindOf(due: readonly Claim[], now: { readonly day: number; readonly deliveredMw: number }): number | null {
  let claimedMw = 0;
  for (const [place, { mw, promisedDay }] of due.entries()) {
    claimedMw += mw;
    // With this claim more is expected than there is: the day before it is the last that was kept.
    if (claimedMw > now.deliveredMw + 1e-9) return place === 0 ? null : now.day - (promisedDay - 1);
  }
  return 0;
}

/** A figure with the 5th and 95th percentile of what it might have been. */
export interface Band {
  readonly value: number;
  readonly p5: number;
  readonly p95: number;
}

/** Values in rising order at 5, 50 and 95 %. */
export function percentilesOf(values: readonly number[]): { readonly p5: number; readonly p50: number; readonly p95: number } {
  const sorted = Float64Array.from(values).sort();
  const at = (ratio: number): number => sorted[Math.round(ratio * (sorted.length - 1))] ?? Number.NaN;
  return { p5: at(0.05), p50: at(0.5), p95: at(0.95) };
}

/** How often each claim counts in each of some resamples: [resamples * claims], row by row. */
export interface Resamples {
  readonly count: number;
  readonly times: Uint8Array;
}

/** Resamples of so many claims with replacement, keyed. Source: Efron, Annals of Statistics 7, 1979. */
export function resamplesOf(claims: number, how: { readonly seed: number; readonly count: number }): Resamples {
  const times = new Uint8Array(how.count * claims);
  for (let n = 0; n < how.count; n++) {
    const uniform = drawsOf({ seed: how.seed, component: 'expectation', entity: 'resample', purpose: `${n}` });
    for (let place = 0; place < claims; place++) {
      const one = n * claims + Math.floor(uniform(place) * claims);
      times[one] = byteAt(times, one) + 1;
    }
  }
  return { count: how.count, times };
}

/** Bands of the gap of some of the claims on a day, over resamples of all of them: how far it rests on a few large projects. */
export function gapBands(
  claims: readonly Claim[],
  day: number,
  of: { readonly isCounted: (claim: Claim) => boolean; readonly resamples: Resamples },
): { readonly gapMw: Band; readonly gapRatio: Band | null } {
  const counted = (claim: Claim): boolean => claim.madeDay <= day && of.isCounted(claim);
  const claimed = Float64Array.from(claims, (claim) => (counted(claim) && claim.promisedDay <= day ? claim.mw : 0));
  const delivered = Float64Array.from(claims, (claim) => (counted(claim) ? deliveredBy(claim, day) : 0));
  const [gaps, ratios]: [number[], number[]] = [[], []];
  for (let n = 0; n < of.resamples.count; n++) {
    let [claimedMw, deliveredMw] = [0, 0];
    for (let place = 0; place < claimed.length; place++) {
      const times = byteAt(of.resamples.times, n * claimed.length + place);
      claimedMw += times * floatAt(claimed, place);
      deliveredMw += times * floatAt(delivered, place);
    }
    gaps.push(claimedMw - deliveredMw);
    if (claimedMw > 0) ratios.push(1 - deliveredMw / claimedMw);
  }
  const { gapMw, gapRatio } = gapOn(claims.filter(of.isCounted), day);
  const band = (value: number, values: readonly number[]): Band => {
    const { p5, p95 } = percentilesOf(values);
    return { value, p5, p95 };
  };
  return { gapMw: band(gapMw, gaps), gapRatio: gapRatio === null || ratios.length === 0 ? null : band(gapRatio, ratios) };
}

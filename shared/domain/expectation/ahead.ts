import { assert } from '../assert.js';
import { draw, drawLognormal } from '../random.js';
import type { Claim } from './claims.js';
import { gapOn, percentilesOf } from './gap.js';
import type { ExpectationSet } from './sets.js';

/** What is to be expected on a day ahead of what is known. */
export interface GapAhead {
  readonly day: number;
  /** Announced so far for a day up to then, MW. */
  readonly claimedMw: number;
  readonly deliveredMw: { readonly p5: number; readonly p50: number; readonly p95: number };
  readonly gapMw: { readonly p5: number; readonly p50: number; readonly p95: number };
}

/** Draws of a delay beyond the day of what is known, until one fits. */
const mostRedraws = 100;

/**
 * Plays the fate of every claim that is open on `asOfDay` many times over, and tells the gap on days ahead. A delay that would have ended
 * before `asOfDay` is drawn anew; one that never fits is never delivered.
 */
export function gapAhead(
  claims: readonly Claim[],
  set: ExpectationSet,
  how: { readonly asOfDay: number; readonly days: readonly number[]; readonly seed: number; readonly runs: number },
): readonly GapAhead[] {
  const known = claims.filter(({ madeDay }) => madeDay <= how.asOfDay);
  const deliveredMw = how.days.map((): number[] => []);
  for (let run = 0; run < how.runs; run++) {
    const played = known.map((claim, place) => playedOut(claim, set, { ...how, run, place }));
    how.days.forEach((day, place) => deliveredMw[place]?.push(gapOn(played, day).deliveredMw));
  }
  return how.days.map((day, place) => {
    const { claimedMw } = gapOn(known, day);
    const delivered = percentilesOf(deliveredMw[place] ?? []);
    const { p5, p50, p95 } = delivered;
    return { day, claimedMw, deliveredMw: delivered, gapMw: { p5: claimedMw - p95, p50: claimedMw - p50, p95: claimedMw - p5 } };
  });
}

interface Play {
  readonly asOfDay: number;
  readonly seed: number;
  readonly run: number;
  readonly place: number;
}

function playedOut(claim: Claim, set: ExpectationSet, play: Play): Claim {
  if (claim.deliveredDay !== null && claim.deliveredDay <= play.asOfDay) return claim;
  const open = { ...claim, deliveredDay: null, deliveredMw: 0 };
  if (claim.isGivenUp) return open;
  const keyed = (purpose: string) => ({ seed: play.seed, component: 'expectation', entity: `claim-${play.place}`, purpose, n: play.run });
  if (draw(keyed('is-built')) >= set.builtRatio) return open;
  for (let again = 0; again < mostRedraws; again++) {
    const lateDays = lateDaysOf(set, keyed(`${again}/late`));
    const day = Math.ceil(claim.promisedDay + lateDays);
    if (day > play.asOfDay) return { ...open, deliveredDay: day, deliveredMw: claim.mw * shareOf(set, (n) => draw(keyed(`${n}/share`))) };
  }
  return open;
}

function lateDaysOf({ late }: ExpectationSet, key: Parameters<typeof draw>[0]): number {
  if (late.kind === 'lognormal') return drawLognormal(key, late.medianDays, late.sigma);
  const place = draw(key) * (late.days.length - 1);
  const below = Math.floor(place);
  const [low = 0, high = low] = [late.days[below], late.days[below + 1]];
  return low + (place - below) * (high - low);
}

/** A number of a Beta distribution with whole parameters a and b: the a-th smallest of a + b - 1 uniform ones (David and Nagaraja 2003, 2.3). */
function shareOf({ builtMwRatio, concentration }: ExpectationSet, uniform: (n: number) => number): number {
  if (concentration === null) return builtMwRatio;
  const [a, b] = [builtMwRatio * concentration, (1 - builtMwRatio) * concentration];
  assert(
    Number.isInteger(a) && Number.isInteger(b) && a > 0 && b > 0,
    `a share of ${builtMwRatio} with ${concentration} has no whole parameters`,
  );
  const drawn = Float64Array.from({ length: a + b - 1 }, (_, n) => uniform(n)).sort();
  return drawn[a - 1] ?? builtMwRatio;
}

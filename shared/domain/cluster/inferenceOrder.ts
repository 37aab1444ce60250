import { bend } from './bending.js';
import { cutOf } from './bentInference.js';
import { laidAheadMw, type InferencePlan } from './descent.js';
import { cutAlternatives, cutLimits, layCut, planCut } from './inferenceCut.js';
import { finalPower, powerAt, steer, type PowerPath } from './powerPath.js';
import { published, type CampusWork, type Draft, type Order, type Site } from './state.js';

/** More, or below 0 less, than stands, and the part of what stands that is still ahead, MW. */
interface Change {
  readonly extraMw: number;
  readonly aheadMw: number;
}

/** What is left of an order for training, what inference gives more (or below 0 less), and what is said of it; null: nothing. */
interface Taken {
  readonly training: Change;
  readonly givenMw: number;
  readonly plan: InferencePlan | null;
}

/**
 * Takes of an order what costs no training, and lays it; the rest is left for training. Less than stands shortens ways down of training
 * that are still ahead before inference comes back.
 */
export function takeFromInference(draft: Draft, site: Site, order: Order & { readonly untilMs: number }, change: Change): Taken {
  const place = draft.frame.placeOfCampus.get(site.campus.id) ?? -1;
  const bent = draft.campuses[place]?.bent;
  if (bent === undefined) return { training: change, givenMw: 0, plan: null };
  const { extraMw } = change;
  const cut = cutOf(bent);
  const aheadMw = Math.max(0, change.aheadMw - (finalPower(cut) - powerAt(cut, order.fromMs)));
  const shortenedMw = Math.min(Math.max(0, -extraMw), laidAheadMw(draft, site, order), aheadMw);
  const next = planCut(bent, cutLimits(draft, place, order), {
    extraMw: Math.max(0, extraMw),
    spareMw: Math.max(0, -extraMw - shortenedMw),
  });
  layCut(draft, place, next, order);
  const givenMw = next.consolidated + next.moved - finalPower(cut);
  const training = { extraMw: extraMw - givenMw, aheadMw };
  if (!next.isChanged && extraMw <= 0) return { training, givenMw, plan: null };
  const movedTo = next.moved > 0 ? (draft.frame.sites[site.host]?.campus.id ?? null) : null;
  const inference = { consolidatedMw: published(next.consolidated), movedMw: published(next.moved), movedTo };
  return { training, givenMw, plan: { inference, alternatives: cutAlternatives(next, bent) } };
}

/** Lets what inference gives stand where it is at an instant, and come back by itself from there on. */
export function releaseInference(draft: Draft, place: number, atMs: number): void {
  const bent = draft.campuses[place]?.bent;
  if (bent === undefined || bent.endsMs === null) return;
  const held = (path: PowerPath): PowerPath => steer(path, atMs, atMs, powerAt(path, atMs));
  bend(draft, place, { consolidated: held(bent.consolidated), moved: held(bent.moved), endsMs: Math.min(bent.endsMs, atMs) });
}

/** Whether a campus counts on a host that does not serve its requests any more. */
export function isHomeLost({ bent, isTripped }: CampusWork): boolean {
  return bent !== undefined && bent.homelessMs !== null && !isTripped && finalPower(bent.moved) > 0;
}

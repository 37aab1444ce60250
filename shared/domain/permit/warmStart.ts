import type { Agency, Permit } from '../../scenario/schema.js';
import { draw } from '../random.js';
import { dayMs } from '../ticks.js';
import { advanceAgency, arrivalMs, noReviews, otherApplication, reviewOf, type AgencyState, type Application } from './agency.js';
import { agencyAt } from './terms.js';

/** Years an agency has worked before the world begins, so that its queue is as long as its load makes it. */
const yearsBefore = 20;

/** A permit of the world as its application stands at the start, with its drawn effort. */
export interface Standing {
  readonly permit: Permit;
  readonly application: Application;
}

/**
 * An agency as it stands when the world begins: twenty years of applications of others have passed through it, and the permits of the
 * world stand where the scenario says (position 8: seven ahead; 0: under review). Others are drawn in or left out to make that true.
 */
export function warmAgency(agency: Agency, seed: number, startMs: number, standings: readonly Standing[]): AgencyState {
  const { reviewers } = agencyAt(agency, startMs);
  const warm = worked(agency, seed, startMs);
  const reviewed = standings.filter(({ permit }) => isUnderReview(permit));
  const queued = standings
    .filter(({ permit }) => permit.initialPhase === 'queued' && !isUnderReview(permit))
    .sort((a, b) => (a.permit.initialPosition ?? Infinity) - (b.permit.initialPosition ?? Infinity));
  const placed = { reviews: [...warm.reviews], waiting: [...warm.waiting] };
  for (const { application } of reviewed) {
    if (placed.reviews.length < reviewers) placed.reviews.push(reviewOf(application, startMs));
    else replaceOther(placed, reviewOf(application, startMs), application);
  }
  const filler = fillers(agency, seed, startMs);
  // Nobody stands in a queue while a reviewer is free.
  if (queued.length > 0) while (placed.reviews.length < reviewers) placed.reviews.push(reviewOf(filler.underWay(), startMs));
  for (const { permit, application } of queued) {
    if (permit.initialPosition === null) {
      placed.waiting.push(application);
    } else {
      while (placed.waiting.length < permit.initialPosition - 1) placed.waiting.push(filler.waiting());
      placed.waiting.splice(permit.initialPosition - 1, 0, application);
    }
  }
  return { ...warm, ...placed, startedReviews: 0, waitedDays: 0, workedDays: 0 };
}

/** Newest warm state of each agency; remembering it changes speed and nothing else. */
const newest = new WeakMap<Agency, { readonly seed: number; readonly startMs: number; readonly state: AgencyState }>();

/** An agency after twenty years of applications of others. */
function worked(agency: Agency, seed: number, startMs: number): AgencyState {
  const known = newest.get(agency);
  if (known !== undefined && known.seed === seed && known.startMs === startMs) return known.state;
  const beganMs = startMs - yearsBefore * 365 * dayMs;
  const empty: AgencyState = { ...noReviews, nextArrivalMs: arrivalMs(agency, seed, beganMs, 0) };
  const { state } = advanceAgency(agency, seed, empty, beganMs, startMs);
  newest.set(agency, { seed, startMs, state });
  return state;
}

function isUnderReview(permit: Permit): boolean {
  return permit.initialPhase === 'under-review' || (permit.initialPhase === 'queued' && permit.initialPosition === 0);
}

/** Puts one of ours in the place of somebody else's review; first in the queue when all reviews are ours. */
function replaceOther(
  placed: { reviews: AgencyState['reviews'][number][]; waiting: Application[] },
  review: AgencyState['reviews'][number],
  application: Application,
): void {
  const other = placed.reviews.findIndex((candidate) => candidate.application.permit === null);
  if (other >= 0) placed.reviews.splice(other, 1, review);
  else placed.waiting.unshift(application);
}

/** Applications of others drawn only to fill the places the scenario names. */
function fillers(agency: Agency, seed: number, startMs: number): { waiting(): Application; underWay(): Application } {
  let n = 0;
  const next = (): Application => otherApplication(agency, seed, startMs, n++, 'filler-effort');
  return {
    waiting: next,
    underWay: () => {
      const doneRatio = draw({ seed, component: 'permit-office', entity: agency.id, purpose: 'filler-done', n });
      const application = next();
      return { ...application, leftDays: application.effortDays * (1 - doneRatio) };
    },
  };
}

import type { Agency } from '../../scenario/schema.js';
import { dayMs } from '../ticks.js';
import { drawDurationDays, drawExponential } from './duration.js';
import { agencyAt, effortRatioAt, nextReformMs } from './terms.js';

/** An application that waits for a reviewer. Efforts are reviewer-days: one reviewer works off one of them per calendar day, all week. */
export interface Application {
  /** Permit of a project of the world; null: somebody else's. */
  readonly permit: string | null;
  readonly effortDays: number;
  /** Effort still to be done. */
  readonly leftDays: number;
  /** Effort still to be done at the moment the reviewer asks for information; null: never asks. */
  readonly askLeftDays: number | null;
  readonly sinceMs: number;
  /** Public notice after its review; absent: that of the agency. */
  readonly noticeDays?: number;
}

/** An application a reviewer works on, and when that ends or is interrupted. */
export interface Review {
  readonly application: Application;
  readonly untilMs: number;
  /** Effort left at `untilMs`: 0 when the review is then complete. */
  readonly leftDays: number;
}

/** Where the queue of one agency stands; plain JSON. */
export interface AgencyState {
  readonly nextArrivalMs: number | null;
  /** Applications of others that have come so far; the next draw's number. */
  readonly arrivals: number;
  /** First come, first served. */
  readonly waiting: readonly Application[];
  readonly reviews: readonly Review[];
  /** Wait for the applicant's answer, without a reviewer. */
  readonly asked: readonly Application[];
  readonly notices: readonly { readonly permit: string; readonly untilMs: number }[];
  /** Totals for reports of where the time goes. */
  readonly startedReviews: number;
  readonly waitedDays: number;
  readonly workedDays: number;
}

/** What happened at an agency to a permit of a project of the world. `ready`: it can be decided. */
export interface AgencyEvent {
  readonly permit: string;
  readonly kind: 'started' | 'information-requested' | 'comment-opened' | 'comment-closed' | 'ready';
  readonly effortDays: number;
  readonly untilMs: number | null;
}

export const noReviews: AgencyState = {
  nextArrivalMs: null,
  arrivals: 0,
  waiting: [],
  reviews: [],
  asked: [],
  notices: [],
  startedReviews: 0,
  waitedDays: 0,
  workedDays: 0,
};

/** Instant at which an agency next does something by itself; null: never. */
export function nextDueMs(state: Pick<AgencyState, 'nextArrivalMs' | 'reviews' | 'notices'>): number | null {
  let soonest = state.nextArrivalMs ?? Infinity;
  for (const review of state.reviews) if (review.untilMs < soonest) soonest = review.untilMs;
  for (const notice of state.notices) if (notice.untilMs < soonest) soonest = notice.untilMs;
  return soonest === Infinity ? null : soonest;
}

/** Instant of arrival number `n` of the others when the one before came at `fromMs`; null when nobody else ever comes. */
export function arrivalMs(agency: Agency, seed: number, fromMs: number, n: number): number | null {
  const { otherApplicationsPerYear } = agencyAt(agency, fromMs);
  if (otherApplicationsPerYear <= 0) return null;
  const gaps = drawExponential({ seed, component: 'permit-office', entity: agency.id, purpose: 'other-gap', n });
  return fromMs + Math.round((gaps * 365 * dayMs) / otherApplicationsPerYear);
}

/** Application number `n` of the others, come at `sinceMs`, with its effort drawn. */
export function otherApplication(agency: Agency, seed: number, sinceMs: number, n: number, purpose = 'other-effort'): Application {
  const drawnDays = drawDurationDays({ seed, component: 'permit-office', entity: agency.id, purpose, n }, agency.effort);
  const effortDays = drawnDays * effortRatioAt(agency, sinceMs);
  return { permit: null, effortDays, leftDays: effortDays, askLeftDays: null, sinceMs };
}

/** The review that begins when a reviewer takes an application up at `nowMs`. */
export function reviewOf(application: Application, nowMs: number): Review {
  const leftDays = application.askLeftDays ?? 0;
  return { application, untilMs: nowMs + Math.round(Math.max(0, application.leftDays - leftDays) * dayMs), leftDays };
}

/** Changeable copy used inside one advance only. */
interface Draft {
  nextArrivalMs: number | null;
  arrivals: number;
  waiting: Application[];
  reviews: Review[];
  asked: Application[];
  notices: { permit: string; untilMs: number }[];
  startedReviews: number;
  waitedDays: number;
  workedDays: number;
}

/**
 * Carries one agency from `fromMs` to `toMs`: reviews end, reviewers take up who waits longest, others apply, notices run out.
 * Instants inside are exact, so that the result does not depend on the length of the tick.
 */
export function advanceAgency(
  agency: Agency,
  seed: number,
  state: AgencyState,
  fromMs: number,
  toMs: number,
): { readonly state: AgencyState; readonly events: readonly AgencyEvent[] } {
  const draft: Draft = {
    ...state,
    waiting: [...state.waiting],
    reviews: [...state.reviews],
    asked: [...state.asked],
    notices: [...state.notices],
  };
  const events: AgencyEvent[] = [];
  takeUp(agency, draft, fromMs, events);
  for (let dueMs = dueAfter(agency, draft, fromMs); dueMs !== null && dueMs <= toMs; dueMs = dueAfter(agency, draft, dueMs)) {
    happen(agency, seed, draft, dueMs, events);
    takeUp(agency, draft, dueMs, events);
  }
  return { state: draft, events };
}

/** What comes next of itself, or the reform that may let more reviewers begin. */
function dueAfter(agency: Agency, draft: Draft, nowMs: number): number | null {
  const dueMs = nextDueMs(draft);
  if (agency.reforms === undefined) return dueMs;
  const reformMs = nextReformMs(agency, nowMs);
  return reformMs === null || (dueMs !== null && dueMs < reformMs) ? dueMs : reformMs;
}

/** Everything due at exactly `nowMs`: reviews, then notices, then the arrival. */
function happen(agency: Agency, seed: number, draft: Draft, nowMs: number, events: AgencyEvent[]): void {
  const ended = takeOut(draft.reviews, nowMs);
  for (const review of ended) endReview(agency, draft, review, nowMs, events);
  for (const { permit } of takeOut(draft.notices, nowMs)) {
    events.push({ permit, kind: 'comment-closed', effortDays: 0, untilMs: null }, { permit, kind: 'ready', effortDays: 0, untilMs: null });
  }
  if (draft.nextArrivalMs !== null && draft.nextArrivalMs <= nowMs) {
    draft.waiting.push(otherApplication(agency, seed, nowMs, draft.arrivals));
    draft.arrivals += 1;
    draft.nextArrivalMs = arrivalMs(agency, seed, nowMs, draft.arrivals);
  }
}

const none: readonly never[] = [];

/** Takes what is due by now out of a list, in its order. */
function takeOut<Due extends { readonly untilMs: number }>(list: Due[], nowMs: number): readonly Due[] {
  if (!list.some((entry) => entry.untilMs <= nowMs)) return none;
  const due = list.filter((entry) => entry.untilMs <= nowMs);
  const rest = list.filter((entry) => entry.untilMs > nowMs);
  list.splice(0, list.length, ...rest);
  return due;
}

function endReview(agency: Agency, draft: Draft, review: Review, nowMs: number, events: AgencyEvent[]): void {
  const { application, leftDays } = review;
  draft.workedDays += application.leftDays - leftDays;
  const { permit } = application;
  if (permit === null) return;
  if (leftDays > 0) {
    draft.asked.push({ ...application, leftDays, askLeftDays: null, sinceMs: nowMs });
    events.push({ permit, kind: 'information-requested', effortDays: 0, untilMs: null });
  } else if ((application.noticeDays ?? agency.noticeDays) > 0) {
    const untilMs = nowMs + Math.round((application.noticeDays ?? agency.noticeDays) * dayMs);
    draft.notices.push({ permit, untilMs });
    events.push({ permit, kind: 'comment-opened', effortDays: 0, untilMs });
  } else {
    events.push({ permit, kind: 'ready', effortDays: 0, untilMs: null });
  }
}

/** Free reviewers take up the applications that wait longest. */
function takeUp(agency: Agency, draft: Draft, nowMs: number, events: AgencyEvent[]): void {
  const { reviewers } = agencyAt(agency, nowMs);
  while (draft.reviews.length < reviewers) {
    const application = draft.waiting.shift();
    if (application === undefined) return;
    draft.reviews.push(reviewOf(application, nowMs));
    draft.startedReviews += 1;
    draft.waitedDays += (nowMs - application.sinceMs) / dayMs;
    if (application.permit !== null)
      events.push({ permit: application.permit, kind: 'started', effortDays: application.leftDays, untilMs: null });
  }
}

/** Takes a permit out of wherever it stands at an agency; the effort that was left, or null when it stood nowhere. */
export function removePermit(
  state: AgencyState,
  permit: string,
  nowMs: number,
): { readonly state: AgencyState; readonly leftDays: number | null } {
  const mine = (application: Application): boolean => application.permit === permit;
  const held = state.waiting.find(mine) ?? state.asked.find(mine);
  const review = state.reviews.find((candidate) => mine(candidate.application));
  const noticed = state.notices.some((notice) => notice.permit === permit);
  if (held === undefined && review === undefined && !noticed) return { state, leftDays: null };
  const leftDays = review === undefined ? (held?.leftDays ?? 0) : review.leftDays + Math.max(0, review.untilMs - nowMs) / dayMs;
  const worked = review === undefined ? 0 : Math.max(0, review.application.leftDays - leftDays);
  return {
    leftDays,
    state: {
      ...state,
      waiting: state.waiting.filter((application) => !mine(application)),
      asked: state.asked.filter((application) => !mine(application)),
      reviews: state.reviews.filter((candidate) => candidate !== review),
      notices: state.notices.filter((notice) => notice.permit !== permit),
      workedDays: state.workedDays + worked,
    },
  };
}

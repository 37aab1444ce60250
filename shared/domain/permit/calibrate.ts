import type { Agency, Permit } from '../../scenario/schema.js';
import { dayMs } from '../ticks.js';
import { advanceAgency, arrivalMs, nextDueMs, noReviews, type AgencyState } from './agency.js';
import { isStudiedAgain } from './chances.js';
import { applicationOf, permitDraws, type PermitCase } from './cases.js';
import { drawDurationDays, meanDays } from './duration.js';
import { median } from './statistics.js';
import { effortOf } from './terms.js';

/** How one application is tried: which stage at which agency, and how often. */
export interface Trial {
  readonly agency: Agency;
  readonly permit: Permit;
  readonly capacityMw: number;
  readonly seed: number;
  readonly samples: number;
}

/** Days from filing to the first decision of one application, and where they went. */
export interface TrialDays {
  readonly totalDays: number;
  readonly workingDays: number;
  readonly reviewerWaitDays: number;
  readonly applicantDays: number;
  readonly noticeDays: number;
}

/** Years of other applications between two tries, so that the queue has changed. */
const yearsBetween = 2;
/** Years an agency works before the first try. */
const yearsBefore = 20;

/** Tries an application again and again at an agency that is as busy as its load makes it. */
export function tryApplication({ agency, permit, capacityMw, seed, samples }: Trial): readonly TrialDays[] {
  let state: AgencyState = { ...noReviews, nextArrivalMs: arrivalMs(agency, seed, 0, 0) };
  let reachedMs = 0;
  const effort = effortOf(agency, permit, capacityMw);
  return Array.from({ length: samples }, (_, sample): TrialDays => {
    const begunMs = (yearsBefore + sample * yearsBetween) * 365 * dayMs;
    const id = `${permit.id}-try-${sample}`;
    const effortDays = drawDurationDays({ seed, component: 'calibration', entity: permit.id, purpose: 'effort', n: sample }, effort);
    const tried: Permit = { ...permit, id };
    const file: PermitCase = { permit: id, agency: 0, status: 'open', attempt: 1, effortDays, leftDays: effortDays };
    const answersFirst = permitDraws(seed, agency, tried, file).asksAtReceipt;
    const filedMs = Math.max(reachedMs, begunMs) + (answersFirst ? permit.answerDays * dayMs : 0);
    state = advanceAgency(agency, seed, state, reachedMs, filedMs).state;
    reachedMs = filedMs;
    // Followed on the side: the agency goes on without it, so that trying adds no load.
    const side = { ...state, waiting: [...state.waiting, applicationOf(seed, agency, tried, file, filedMs)] };
    const followed = follow({ agency, seed, permit: tried, effortDays }, side, filedMs);
    const noticeDays = permit.noticeDays ?? agency.noticeDays;
    const applicantDays = (answersFirst ? permit.answerDays : 0) + followed.answers * permit.answerDays;
    const totalDays = (followed.atMs - filedMs) / dayMs + (answersFirst ? permit.answerDays : 0);
    const workingDays = effortDays + followed.againDays;
    const reviewerWaitDays = Math.max(0, totalDays - workingDays - noticeDays - applicantDays);
    return { totalDays, workingDays, reviewerWaitDays, applicantDays, noticeDays };
  });
}

/** Follows one application, standing at the end of the queue at `fromMs`, until it can be decided. */
function follow(
  at: { readonly agency: Agency; readonly seed: number; readonly permit: Permit; readonly effortDays: number },
  from: AgencyState,
  fromMs: number,
): { readonly atMs: number; readonly answers: number; readonly againDays: number } {
  const { agency, seed, permit, effortDays } = at;
  let [state, nowMs, answerMs, answers, isBegun] = [from, fromMs, Infinity, 0, false];
  let [restudies, againDays] = [0, 0];
  while (true) {
    const dueMs = isBegun ? Math.min(nextDueMs(state) ?? Infinity, answerMs) : nowMs;
    isBegun = true;
    if (dueMs === answerMs) {
      const held = state.asked.find((application) => application.permit === permit.id);
      if (held !== undefined) {
        const waiting = [{ ...held, sinceMs: dueMs }, ...state.waiting];
        state = { ...state, waiting, asked: state.asked.filter((application) => application !== held) };
      }
      answerMs = Infinity;
    }
    const next = advanceAgency(agency, seed, state, nowMs, dueMs);
    [state, nowMs] = [next.state, dueMs];
    const mine = next.events.filter((event) => event.permit === permit.id);
    if (mine.some((event) => event.kind === 'ready')) {
      if (!isStudiedAgain(seed, permit, { attempt: 1, restudies })) return { atMs: nowMs, answers, againDays };
      const leftDays = effortDays * (permit.restudy?.effortRatio ?? 0);
      const again = { permit: permit.id, effortDays, leftDays, askLeftDays: null, sinceMs: nowMs };
      state = { ...state, waiting: [again, ...state.waiting] };
      restudies += 1;
      againDays += leftDays;
      isBegun = false;
      continue;
    }
    if (mine.some((event) => event.kind === 'information-requested')) {
      answerMs = nowMs + Math.round(permit.answerDays * dayMs);
      answers += 1;
    }
  }
}

/** Load of an agency by others: reviewer-days asked for by reviewer-days there are. */
export function utilisationOf(agency: Agency): number {
  return (agency.otherApplicationsPerYear * meanDays(agency.effort)) / (365 * agency.reviewers);
}

/** What load makes an agency as slow as a record says. */
export interface Calibration {
  readonly otherApplicationsPerYear: number;
  readonly utilisationRatio: number;
  readonly simulatedMedianDays: number;
  /** Simulated over recorded median, less 1. */
  readonly errorRatio: number;
  /** `too-short`: less than an agency without any queue takes; `too-long`: more than the busiest does. */
  readonly result: 'fits' | 'too-short' | 'too-long';
}

/** Largest load tried. */
const utilisationMax = 0.985;
const halvings = 14;

/**
 * The arrivals of others at which the simulated median from filing to decision is the recorded one, so that waiting, which the record
 * holds already, is counted once. Found by halving over the load. Recorded median in days.
 */
export function calibrate(trial: Trial, recordedMedianDays: number): Calibration {
  const { agency } = trial;
  const mostPerYear = (utilisationMax * 365 * agency.reviewers) / meanDays(agency.effort);
  const at = (perYear: number): Calibration => {
    const busy = { ...agency, otherApplicationsPerYear: perYear };
    const simulatedMedianDays = median(tryApplication({ ...trial, agency: busy }).map((days) => days.totalDays));
    const errorRatio = simulatedMedianDays / recordedMedianDays - 1;
    return { otherApplicationsPerYear: perYear, utilisationRatio: utilisationOf(busy), simulatedMedianDays, errorRatio, result: 'fits' };
  };
  const idle = at(0);
  if (idle.errorRatio > 0) return { ...idle, result: idle.errorRatio <= fitRatio ? 'fits' : 'too-short' };
  const busiest = at(mostPerYear);
  if (busiest.errorRatio < 0) return { ...busiest, result: -busiest.errorRatio <= fitRatio ? 'fits' : 'too-long' };
  let [low, high, best] = [0, mostPerYear, idle];
  for (let turn = 0; turn < halvings; turn += 1) {
    const middle = at((low + high) / 2);
    if (Math.abs(middle.errorRatio) < Math.abs(best.errorRatio)) best = middle;
    if (middle.errorRatio < 0) low = middle.otherApplicationsPerYear;
    else high = middle.otherApplicationsPerYear;
  }
  return { ...best, result: Math.abs(best.errorRatio) <= fitRatio ? 'fits' : 'too-long' };
}

/** Share by which a simulated median may miss the recorded one. */
const fitRatio = 0.05;

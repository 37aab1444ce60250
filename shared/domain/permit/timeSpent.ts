import type { PermitPhase } from '../../events/permit.js';
import type { Fact } from '../fact.js';
import { dayMs } from '../ticks.js';

/** Where the time of a permit goes. Days. */
export interface TimeSpent {
  readonly permit: string;
  /** A reviewer works on it. */
  readonly workingDays: number;
  /** It waits for a reviewer. */
  readonly reviewerDays: number;
  /** It waits for its applicant: to be drafted, completed, answered. */
  readonly applicantDays: number;
  /** It lies open for the public, as the law wants. */
  readonly noticeDays: number;
  /** A court has it. */
  readonly courtDays: number;
}

type Place = Exclude<keyof TimeSpent, 'permit'>;

/** Time of each permit in each place, from its phases, up to `untilMs`; in the order in which they were first heard of. */
export function timeSpent(facts: readonly Fact[], untilMs: number): readonly TimeSpent[] {
  const spent = new Map<string, Record<Place, number>>();
  const since = new Map<string, { readonly phase: PermitPhase; readonly atMs: number }>();
  const add = (permit: string, toMs: number): void => {
    const last = since.get(permit);
    const places = spent.get(permit) ?? { workingDays: 0, reviewerDays: 0, applicantDays: 0, noticeDays: 0, courtDays: 0 };
    spent.set(permit, places);
    const place = last === undefined ? null : placeOf(last.phase);
    if (last !== undefined && place !== null) places[place] += Math.max(0, toMs - last.atMs) / dayMs;
  };
  for (const fact of facts) {
    if (fact.type !== 'permit.phase.v1') continue;
    add(fact.entity, fact.timeMs);
    since.set(fact.entity, { phase: fact.data.phase, atMs: fact.timeMs });
  }
  for (const permit of since.keys()) add(permit, untilMs);
  return [...spent].map(([permit, places]) => ({ permit, ...places }));
}

/** Who a permit waits for in a phase; null: nobody any more. */
function placeOf(phase: PermitPhase): Place | null {
  switch (phase) {
    case 'drafting':
    case 'incomplete':
    case 'information-requested':
      return 'applicantDays';
    case 'filed':
    case 'queued':
    case 'appealed':
      return 'reviewerDays';
    case 'under-review':
      return 'workingDays';
    case 'public-comment':
      return 'noticeDays';
    case 'in-court':
      return 'courtDays';
    case 'granted':
    case 'denied':
    case 'withdrawn':
      return null;
  }
}

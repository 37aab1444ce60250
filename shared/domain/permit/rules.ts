import type { PermitPhase } from '../../events/permit.js';
import type { Permit } from '../../scenario/schema.js';
import type { Fact, FactOf, Saying } from '../fact.js';
import type { Advance, Advanced, SequenceRules } from '../sequence.js';
import { dayMs, toWire } from '../ticks.js';
import type { PermitConfig } from './start.js';

/** Days after which an applicant who hears nothing says again where the permit stands. Assumed. */
const reminderDays = 90;
/** First filing and one appeal. */
const lastAttempt = 2;

/** Where the applicant's side of a permit stands; plain JSON. */
export interface PermitState {
  readonly config: PermitConfig;
  readonly sequence: string;
  readonly parent: string | null;
  readonly phase: PermitPhase;
  readonly attempt: number;
  /** When it acts by itself: files, answers, or reminds. */
  readonly deadlineMs: number | null;
  /** Instant and number of the newest review step followed; an older one or a repeat changes nothing. */
  readonly reviewed: readonly [timeMs: number, n: number];
  readonly decided: readonly [timeMs: number, n: number];
  readonly isTold: boolean;
  /** True once it asked to be taken first. */
  readonly isEscalated?: boolean;
  /** True once it was designed anew after a denial. */
  readonly isRedesigned?: boolean;
}

/**
 * The applicant's side of one permit: drafts, files, follows the agency, answers, asks to be taken first when it waits too long, appeals a
 * denial once, designs anew once, and reports how it ended.
 * A review step newer than the last one followed moves the phase, forwards or back; older ones, repeats and what comes after the end
 * change nothing.
 * A phase fact whose previous phase is the same is a reminder, or the first word of a sequence.
 */
export const permitRules: SequenceRules<PermitConfig, PermitState> = {
  kind: 'permit',
  begin: ({ id, parent, startMs, config }) => ({
    config,
    sequence: id,
    parent,
    phase: config.initialPhase,
    attempt: config.initialPhase === 'drafting' ? 0 : 1,
    deadlineMs: startMs + Math.round(firstDays(config) * dayMs),
    reviewed: [-1, 0],
    decided: [-1, 0],
    isTold: false,
  }),
  advance: advancePermit,
  attributes: ({ config, phase }) => ({ region: config.region, phase }),
};

function advancePermit(from: PermitState, { nowMs, facts, reports }: Advance): Advanced<PermitState> {
  const wasEnded = isEnded(from.phase);
  const steps: Step[] = [];
  let state: PermitState = { ...from, isTold: true };
  if (!from.isTold) steps.push({ phase: from.phase, previousPhase: from.phase, deadlineMs: isEnded(from.phase) ? null : from.deadlineMs });
  const move = (next: Move | null): void => {
    if (next === null || isEnded(state.phase)) return;
    steps.push({ ...next, previousPhase: state.phase });
    state = { ...state, ...next.change, phase: next.phase, deadlineMs: next.deadlineMs };
  };
  if (reports.some((report) => report.outcome === 'cancel')) move(withdrawal(state));
  for (const fact of facts) {
    if (fact.entity !== state.config.permit || isEnded(state.phase)) continue;
    const next = hear(state, fact, nowMs);
    if (next !== null) move(next);
    else if (isNewReview(state, fact)) state = { ...state, reviewed: [fact.timeMs, fact.n] };
  }
  // A drafting that ends and an answer that falls due in one long tick follow each other, never more than these few times.
  for (let turn = 0; turn < 4 && state.deadlineMs !== null && state.deadlineMs <= nowMs; turn += 1) move(ownAct(state, nowMs));
  const ended = isEnded(state.phase);
  const hasJustEnded = ended && (!wasEnded || !from.isTold);
  return {
    state,
    sayings: steps.flatMap((step) => sayingsOf(state, step)),
    nextWakeMs: ended ? null : state.deadlineMs,
    start: [],
    cancel: [],
    reports:
      hasJustEnded && state.parent !== null
        ? [{ to: state.parent, report: { from: state.sequence, atMs: nowMs, outcome: state.phase } }]
        : [],
    finished: ended,
  };
}

/** A change of phase, what the applicant does with it, and how the state changes beside the phase. */
interface Move {
  readonly phase: PermitPhase;
  readonly deadlineMs: number | null;
  readonly filing?: FactOf<'permit.filing.v1'>['data']['step'];
  readonly attempt?: number;
  readonly causationId?: string;
  readonly change?: Partial<Pick<PermitState, 'attempt' | 'reviewed' | 'decided' | 'isEscalated' | 'isRedesigned'>>;
}

interface Step extends Move {
  readonly previousPhase: PermitPhase;
}

function isEnded(phase: PermitPhase): boolean {
  return phase === 'granted' || phase === 'denied' || phase === 'withdrawn';
}

function isAfter(a: readonly [number, number], b: readonly [number, number]): boolean {
  return a[0] > b[0] || (a[0] === b[0] && a[1] > b[1]);
}

function isNewReview(state: PermitState, fact: Fact): boolean {
  return fact.type === 'permit.review.v1' && fact.timeMs > state.decided[0] && isAfter([fact.timeMs, fact.n], state.reviewed);
}

/** What a fact of the agency means to the applicant; null: nothing. */
function hear(state: PermitState, fact: Fact, nowMs: number): Move | null {
  if (fact.type === 'permit.decision.v1') return hearDecision(state, fact, nowMs);
  if (fact.type !== 'permit.review.v1' || !isNewReview(state, fact)) return null;
  const next = phaseAfter(fact);
  if (next === null || next === state.phase) return null;
  const mustAnswer = next === 'incomplete' || next === 'information-requested';
  const waitDays = mustAnswer ? state.config.answerDays : patienceDays(state, next);
  return {
    phase: next,
    deadlineMs: nowMs + Math.round(waitDays * dayMs),
    causationId: fact.id,
    change: { reviewed: [fact.timeMs, fact.n] },
  };
}

/** Days after which a sequence first acts by itself. */
function firstDays({ initialPhase, draftingDays, escalateAfterDays }: PermitConfig): number {
  if (initialPhase === 'drafting') return draftingDays;
  return initialPhase === 'queued' ? (escalateAfterDays ?? reminderDays) : reminderDays;
}

/** Days after which an applicant in a phase speaks up by itself. */
function patienceDays({ config, isEscalated }: PermitState, phase: PermitPhase): number {
  if (phase !== 'queued' || isEscalated === true) return reminderDays;
  return config.escalateAfterDays ?? reminderDays;
}

/** Phase a review step leads to; null: it stays as it is. */
function phaseAfter({ data }: FactOf<'permit.review.v1'>): PermitPhase | null {
  switch (data.step) {
    case 'received':
      return 'queued';
    case 'started':
      return 'under-review';
    case 'incomplete':
    case 'information-requested':
      return data.step;
    case 'comment-opened':
      return 'public-comment';
    case 'comment-closed':
      return 'under-review';
    case 'restudied':
      return 'queued';
    case 'court-opened':
      return 'in-court';
    case 'overdue':
    case 'court-closed':
      return null;
  }
}

function hearDecision(state: PermitState, fact: FactOf<'permit.decision.v1'>, nowMs: number): Move | null {
  const { outcome } = fact.data;
  const at = [fact.timeMs, fact.n] as const;
  if (!isAfter(at, state.decided) || outcome === 'revoked') return null;
  const told = { causationId: fact.id, change: { decided: at } };
  if (outcome === 'granted') return { phase: 'granted', deadlineMs: null, ...told };
  const { onDenial, onAppealLost } = state.config;
  const mayAppeal = onDenial === 'appeal' && state.attempt < lastAttempt;
  if (!mayAppeal) return afterDenial(state, onDenial === 'appeal' ? onAppealLost : onDenial, { nowMs, ...told });
  return {
    phase: 'appealed',
    deadlineMs: nowMs + reminderDays * dayMs,
    filing: 'appealed',
    attempt: lastAttempt,
    causationId: fact.id,
    change: { decided: at, attempt: lastAttempt },
  };
}

/** What an applicant does about a denial that stands: another design, once, or it is over. */
function afterDenial(
  { config, isRedesigned, attempt }: PermitState,
  way: Permit['onDenial'] | undefined,
  { nowMs, causationId, change }: { readonly nowMs: number; readonly causationId: string; readonly change: NonNullable<Move['change']> },
): Move {
  if (way !== 'redesign' || isRedesigned === true) return { phase: 'denied', deadlineMs: null, causationId, change };
  const redesignDays = config.redesignDays ?? config.draftingDays;
  return {
    phase: 'drafting',
    deadlineMs: nowMs + Math.round(redesignDays * dayMs),
    causationId,
    // Attempts count on, so that the agency takes the new design for a new application and nobody appeals twice.
    change: { ...change, isRedesigned: true, attempt: Math.max(attempt, lastAttempt) },
  };
}

function withdrawal(state: PermitState): Move {
  const isFiled = state.phase !== 'drafting';
  return { phase: 'withdrawn', deadlineMs: null, attempt: state.attempt, ...(isFiled ? { filing: 'withdrawn' as const } : {}) };
}

/** What the applicant does by itself when the deadline of a phase has come. */
function ownAct(state: PermitState, nowMs: number): Move {
  const remindMs = nowMs + reminderDays * dayMs;
  switch (state.phase) {
    case 'drafting':
      return { phase: 'filed', deadlineMs: remindMs, filing: 'filed', attempt: state.attempt + 1, change: { attempt: state.attempt + 1 } };
    case 'incomplete':
      return { phase: 'filed', deadlineMs: remindMs, filing: 'answered', attempt: state.attempt };
    case 'information-requested':
      return { phase: 'queued', deadlineMs: remindMs, filing: 'answered', attempt: state.attempt };
    case 'queued':
      if (state.config.escalateAfterDays === undefined || state.isEscalated === true) return { phase: state.phase, deadlineMs: remindMs };
      return { phase: 'queued', deadlineMs: remindMs, filing: 'escalated', attempt: state.attempt, change: { isEscalated: true } };
    case 'filed':
    case 'under-review':
    case 'public-comment':
    case 'in-court':
    case 'appealed':
    case 'granted':
    case 'denied':
    case 'withdrawn':
      return { phase: state.phase, deadlineMs: remindMs };
  }
}

function sayingsOf({ config, parent, sequence }: PermitState, step: Step): readonly Saying[] {
  const { permit, project, agency, region } = config;
  const about = {
    region,
    entity: permit,
    correlationId: parent ?? sequence,
    ...(step.causationId === undefined ? {} : { causationId: step.causationId }),
  };
  const phase: Saying = {
    ...about,
    type: 'permit.phase.v1',
    data: {
      project,
      agency,
      phase: step.phase,
      previousPhase: step.previousPhase,
      deadlineTime: step.deadlineMs === null ? null : toWire(step.deadlineMs),
    },
  };
  if (step.filing === undefined) return [phase];
  const data = { project, agency, step: step.filing, attempt: step.attempt ?? 1 };
  return [{ ...about, type: 'permit.filing.v1', data }, phase];
}

import type { PermitPhase } from '../../events/permit.js';

/** Words that the NEPA and Permitting Data Standard 1.0 has for where a process stands. Source: github.com/GSA-TTS/pic-standards, CC0. */
export const processStatuses = ['planned', 'underway', 'paused', 'completed'] as const;
export type ProcessStatus = (typeof processStatuses)[number];

/** Levels of review that the standard knows; a permit that is none of them is told as one of these or not at all. */
export const processTypes = ['CE', 'EA', 'EIS'] as const;
export type ProcessType = (typeof processTypes)[number];

/** Status and outcome of each phase of a permit. A clock that waits for the applicant is paused. */
export const phaseWords: Readonly<Record<PermitPhase, { readonly status: ProcessStatus; readonly outcome: string | null }>> = {
  drafting: { status: 'planned', outcome: null },
  filed: { status: 'underway', outcome: null },
  incomplete: { status: 'paused', outcome: null },
  queued: { status: 'underway', outcome: null },
  'under-review': { status: 'underway', outcome: null },
  'information-requested': { status: 'paused', outcome: null },
  'public-comment': { status: 'underway', outcome: null },
  'in-court': { status: 'paused', outcome: null },
  granted: { status: 'completed', outcome: 'permit issued' },
  denied: { status: 'completed', outcome: 'permit denied' },
  appealed: { status: 'underway', outcome: null },
  withdrawn: { status: 'completed', outcome: 'application withdrawn' },
};

/** Words in an outcome that tell how a process ended. */
const outcomePatterns: readonly (readonly [RegExp, PermitPhase])[] = [
  [/withdr|cancel|terminat|abandon/i, 'withdrawn'],
  [/den(?:y|ied|ial)|reject|disapprov|no action/i, 'denied'],
  [/issu|grant|approv|record of decision|\brod\b|fonsi|finding of no significant|exclu/i, 'granted'],
];

/** Phase for a status where nothing else tells it. */
const statusPhases: Readonly<Record<ProcessStatus, PermitPhase | null>> = {
  planned: 'drafting',
  underway: 'under-review',
  paused: 'information-requested',
  completed: null,
};

/** The phase that a process of the standard stands in: its stage where that is a phase here, else by status and outcome; null: not said. */
export function phaseOfProcess(process: {
  readonly process_status: string;
  readonly process_stage?: string | undefined;
  readonly process_outcome?: string | undefined;
}): PermitPhase | null {
  const stage = process.process_stage ?? '';
  const status = processStatuses.find((each) => each === process.process_status);
  if (isPhase(stage) && (status === undefined || phaseWords[stage].status === status)) return stage;
  const ended = outcomePatterns.find(([pattern]) => pattern.test(process.process_outcome ?? ''))?.[1] ?? null;
  if (status === undefined) return null;
  return status === 'completed' ? ended : statusPhases[status];
}

function isPhase(word: string): word is PermitPhase {
  return Object.hasOwn(phaseWords, word);
}

/** A class of case event, in the words of the standard, which leaves them open beyond NOI and ROD. */
export interface EventWords {
  readonly type: string;
  readonly name: string;
}

/** What an applicant does, an agency does, and an agency decides, as case events. Keys: the steps and outcomes of the facts. */
export const eventWords = {
  filed: { type: 'Application', name: 'Application filed' },
  answered: { type: 'Information Response', name: 'Information supplied by the applicant' },
  escalated: { type: 'Priority Request', name: 'Applicant asked to be taken first' },
  appealed: { type: 'Appeal', name: 'Decision appealed' },
  withdrawn: { type: 'Withdrawal', name: 'Application withdrawn' },
  received: { type: 'Application Accepted', name: 'Application complete and accepted' },
  incomplete: { type: 'Application Incomplete', name: 'Application found incomplete' },
  started: { type: 'Review', name: 'Review started' },
  'information-requested': { type: 'Information Request', name: 'Information asked of the applicant' },
  'comment-opened': { type: 'Public Comment Opened', name: 'Public comment period opened' },
  'comment-closed': { type: 'Public Comment Closed', name: 'Public comment period closed' },
  restudied: { type: 'Restudy', name: 'Studied again after others withdrew' },
  overdue: { type: 'Deadline Missed', name: 'Statutory deadline passed without a decision' },
  'court-opened': { type: 'Litigation Opened', name: 'Decision taken to court' },
  'court-closed': { type: 'Litigation Closed', name: 'Court decided' },
  granted: { type: 'Decision', name: 'Permit issued' },
  denied: { type: 'Decision', name: 'Permit denied' },
  revoked: { type: 'Decision', name: 'Permit taken back' },
} as const satisfies Readonly<Record<string, EventWords>>;

/** Case events of an environmental impact statement. */
export const statementEvents = {
  notice: { type: 'NOI', name: 'Notice of intent published' },
  final: { type: 'Final EIS', name: 'Final environmental impact statement available' },
  decision: { type: 'ROD', name: 'Record of decision signed' },
} as const satisfies Readonly<Record<string, EventWords>>;

/** What a class of case event means to a duration: it begins it, stands before its end, or ends it. */
const eventRoles: readonly (readonly [RegExp, EventRole])[] = [
  [/^(?:noi|notice of intent|application)$/i, 'start'],
  [/^(?:final eis|feis|final environmental impact statement)$/i, 'final'],
  [/^(?:rod|record of decision|decision|fonsi|ce determination)$/i, 'end'],
];
export type EventRole = 'start' | 'final' | 'end';

/** The role of a case event; null: none. */
export function roleOfEvent(type: string): EventRole | null {
  return eventRoles.find(([pattern]) => pattern.test(type.trim()))?.[1] ?? null;
}

import type { AuditAction } from '../../events/control.js';
import type { Agency, World } from '../../scenario/schema.js';
import { compareFacts, compareText, type Fact } from '../fact.js';
import type { Model, Turn } from '../model.js';
import { dayMs, fromWire, minuteMs, type Instant } from '../ticks.js';
import { advanceAgency, nextDueMs, type AgencyState } from './agency.js';
import { openOffice, type PermitCase } from './cases.js';
import { caseDue } from './chances.js';
import { act, closeDesk, happened, type Deed } from './counter.js';
import { caseDueMs } from './deadline.js';
import { openDesk } from './desk.js';
import { expectationHears, expectationSayings, withExpected, type ExpectedBlock, type Told } from './expectation.js';
import { queueSaying, queueSignature } from './queueFact.js';
import { recordedEntries, sayRecorded, type RecordedEntry } from './recorded.js';
import { nextReformMs, permitBook, type PermitBook } from './terms.js';

/** What was heard and takes effect in a later tick. */
interface Heard {
  readonly tick: number;
  /** Order among those of one tick. */
  readonly order: string;
  readonly deed: Deed;
}

interface Expected {
  readonly blocks: readonly ExpectedBlock[];
  readonly heard: readonly Fact[];
  readonly told: Told;
}

/** Every agency of the world, the files of our permits, and what is to come; plain JSON. */
export interface PermitOfficeState {
  readonly agencies: readonly AgencyState[];
  readonly cases: readonly PermitCase[];
  readonly inbox: readonly Heard[];
  /** Next entry of the script that is not done yet. */
  readonly scriptAt: number;
  /** Next entry of the recorded steps that is not said yet; absent: the first. */
  readonly recordedAt?: number;
  /** What is expected of blocks with a plan, and plans heard that take effect in a later tick; absent: none was heard. */
  readonly expected?: Expected;
  /** Instant up to which the agencies have worked. */
  readonly reachedMs: number;
  /** Nothing is due by itself before this. */
  readonly nextDueMs: number;
  readonly nextDayMs: number;
  /** What each agency last said of its queue, to say it again only when it changes. */
  readonly said: readonly string[];
}

interface ScriptDeed {
  readonly atMs: number;
  readonly deed: Deed;
}

/** What an office works by, beside its state. */
interface Rules {
  readonly world: World;
  readonly book: PermitBook;
  readonly script: readonly ScriptDeed[];
  readonly recorded: readonly RecordedEntry[];
  /** Whether queues are said; a study that looks at permits alone leaves them out. */
  readonly tellsQueues: boolean;
}

/**
 * The agencies of the world: limited reviewers, first come first served, applications of others drawn by key. What an applicant or a person
 * says in tick n takes effect in n + 1; a scripted decision in the first tick that begins at or after its instant. Idle ticks cost nothing.
 */
export function createPermitOfficeModel(world: World, options: { readonly tellsQueues?: boolean } = {}): Model<PermitOfficeState> {
  const startMs = fromWire(world.clock.startTime);
  const book = permitBook(world);
  const { tellsQueues = true } = options;
  const rules: Rules = { world, book, script: scriptDeeds(world), recorded: recordedEntries(world), tellsQueues };
  const isSimulated = simulatedPermits(world, book);
  return {
    component: 'permit-office',
    hears: ['permit.filing.v1', 'control.audit.v1', ...expectationHears],
    speaksIn: [1],
    initial: () => ({
      ...openOffice(world, book, startMs),
      inbox: [],
      scriptAt: 0,
      reachedMs: startMs,
      nextDueMs: startMs,
      nextDayMs: startMs,
      said: world.agencies.map(() => ''),
    }),
    observe: (state, fact) => {
      if (fact.type === 'buildout.plan.v1' || fact.type === 'buildout.block.v1') return { state: withPlanHeard(state, fact), sayings: [] };
      const deed = deedOf(fact);
      if (deed === null || !isSimulated.has(deed.permit)) return { state, sayings: [] };
      const order = `${fact.type}/${fact.entity}/${String(fact.timeMs).padStart(16, '0')}/${String(fact.n).padStart(6, '0')}`;
      return { state: { ...state, inbox: [...state.inbox, { tick: fact.tick, order, deed }] }, sayings: [] };
    },
    speak: (state, instant) => speak(rules, state, instant),
  };
}

function withPlanHeard(state: PermitOfficeState, fact: Fact): PermitOfficeState {
  const { blocks, heard, told } = state.expected ?? { blocks: [], heard: [], told: {} };
  // A block without a plan is energized without anybody having expected it.
  if (blocks.length + heard.length === 0 && fact.type !== 'buildout.plan.v1') return state;
  return { ...state, expected: { blocks, heard: [...heard, fact], told } };
}

/** Takes up the plans of earlier ticks, in their order whatever the order in which they came, and says what is expected by now. */
function tellExpected(world: World, { blocks, heard, told }: Expected, { tick, startMs }: Instant) {
  const due = heard.filter((fact) => fact.tick < tick).sort(compareFacts);
  const known = due.reduce(withExpected, blocks);
  const said = expectationSayings(world, known, { told, atMs: startMs });
  return { expected: { blocks: known, heard: heard.filter((fact) => fact.tick >= tick), told: said.told }, sayings: said.sayings };
}

/** Permits whose agency is simulated: all but those whose recorded steps are said instead. */
function simulatedPermits(world: World, book: PermitBook): ReadonlySet<string> {
  const recorded = new Set(world.agencies.flatMap((agency) => (agency.recorded ?? []).map((entry) => entry.permit)));
  return new Set(book.permits.map((permit) => permit.id).filter((id) => !recorded.has(id)));
}

function speak(rules: Rules, state: PermitOfficeState, instant: Instant): Turn<PermitOfficeState> {
  const { world, script, recorded } = rules;
  const nowMs = instant.startMs;
  const heard = state.inbox.length === 0 ? [] : state.inbox.filter((entry) => entry.tick < instant.tick);
  if (instant.phase !== 1 || (heard.length === 0 && nowMs < state.nextDueMs)) return { state, sayings: [] };
  const isScriptDue = (script[state.scriptAt]?.atMs ?? Infinity) <= nowMs;
  const desk = openDesk(world, rules.book, nowMs, state);
  const isIdle = heard.length === 0 && !isScriptDue && !state.cases.some((file) => (caseDueMs(file) ?? Infinity) <= nowMs);
  world.agencies.forEach((agency, index) => {
    const before = state.agencies[index];
    if (before === undefined || agencyDueMs(agency, before, state.reachedMs) > nowMs) return;
    if (isIdle && !rules.tellsQueues && !holdsOurs(before)) return;
    const { state: after, events } = advanceAgency(agency, world.seed, before, state.reachedMs, nowMs);
    desk.agencies[index] = after;
    for (const event of events) happened(desk, event);
  });
  for (const file of state.cases) if ((caseDueMs(file) ?? Infinity) <= nowMs) caseDue(desk, file.permit);
  for (const entry of [...heard].sort((a, b) => a.tick - b.tick || compareText(a.order, b.order))) act(desk, entry.deed);
  let scriptAt = state.scriptAt;
  for (let next = script[scriptAt]; next !== undefined && next.atMs <= nowMs; next = script[scriptAt]) {
    act(desk, next.deed);
    scriptAt += 1;
  }
  let recordedAt = state.recordedAt ?? 0;
  for (let next = recorded[recordedAt]; next !== undefined && next.atMs <= nowMs; next = recorded[recordedAt]) {
    sayRecorded(desk, next);
    recordedAt += 1;
  }
  closeDesk(desk);
  const { agencies, cases, sayings } = desk;
  const isNewDay = rules.tellsQueues && nowMs >= state.nextDayMs;
  const said = !rules.tellsQueues
    ? state.said
    : agencies.map((agency, index) => {
        const signature = queueSignature(agency);
        if (isNewDay || signature !== state.said[index]) sayings.push(...queueSaying(world, index, agency, nowMs));
        return signature;
      });
  const told = isNewDay && state.expected !== undefined ? tellExpected(world, state.expected, instant) : null;
  const expected = told?.expected ?? state.expected;
  sayings.push(...(told?.sayings ?? []));
  const inbox = state.inbox.filter((entry) => entry.tick >= instant.tick);
  const nextDayMs = isNewDay ? dayAfter(world, nowMs) : state.nextDayMs;
  const due = Math.min(
    rules.tellsQueues ? nextDayMs : Infinity,
    script[scriptAt]?.atMs ?? Infinity,
    recorded[recordedAt]?.atMs ?? Infinity,
    ...world.agencies.map((agency, index) =>
      isFollowed(rules, agency, agencies[index]) ? agencyDueMs(agency, agencies[index], nowMs) : Infinity,
    ),
    ...cases.map((file) => caseDueMs(file) ?? Infinity),
  );
  const kept = { ...(recorded.length > 0 ? { recordedAt } : {}), ...(expected === undefined ? {} : { expected }) };
  return { state: { agencies, cases, inbox, scriptAt, ...kept, reachedMs: nowMs, nextDueMs: due, nextDayMs, said }, sayings };
}

/** Whether anything that happens at an agency by itself can matter now: its queue is told, it has a permit of ours, or it is reformed. */
function isFollowed(rules: Rules, agency: Agency, state: AgencyState | undefined): boolean {
  return rules.tellsQueues || agency.reforms !== undefined || (state !== undefined && holdsOurs(state));
}

/** Whether a permit of ours stands at an agency. What others do there meanwhile is caught up before the next of ours comes. */
function holdsOurs({ waiting, reviews, asked, notices }: AgencyState): boolean {
  return (
    notices.length > 0 ||
    asked.length > 0 ||
    reviews.some(({ application }) => application.permit !== null) ||
    waiting.some(({ permit }) => permit !== null)
  );
}

/** When an agency next does something by itself, a reform that begins included; Infinity: never. */
function agencyDueMs(agency: Agency, state: AgencyState | undefined, nowMs: number): number {
  if (state === undefined) return Infinity;
  return Math.min(nextDueMs(state) ?? Infinity, nextReformMs(agency, nowMs) ?? Infinity);
}

/** First local midnight after an instant. */
function dayAfter(world: World, nowMs: number): number {
  const offsetMs = world.clock.utcOffsetMinutes * minuteMs;
  return (Math.floor((nowMs + offsetMs) / dayMs) + 1) * dayMs - offsetMs;
}

/** What a person or the script may do about a permit. */
const personDeeds: Partial<Readonly<Record<AuditAction, Deed['kind']>>> = {
  'grant-permit': 'grant',
  'deny-permit': 'deny',
  'revoke-permit': 'revoke',
};

/** What a fact asks of the agencies, or null when it is none of their business. */
function deedOf(fact: Fact): Deed | null {
  if (fact.type === 'permit.filing.v1') {
    return { kind: fact.data.step, permit: fact.entity, attempt: fact.data.attempt, reason: '' };
  }
  if (fact.type !== 'control.audit.v1' || !fact.data.accepted) return null;
  const { action, target, actor, reason } = fact.data;
  const kind = personDeeds[action];
  return kind === undefined ? null : { kind, permit: target, attempt: 0, reason: `injected by ${actor}: ${reason}` };
}

/** Scripted decisions in the order of their instants. */
function scriptDeeds(world: World): readonly ScriptDeed[] {
  return world.script
    .flatMap(({ action, atTime, target, reason }): ScriptDeed[] => {
      const kind = personDeeds[action];
      return kind === undefined
        ? []
        : [{ atMs: fromWire(atTime), deed: { kind, permit: target, attempt: 0, reason: `script: ${reason}` } }];
    })
    .sort((a, b) => a.atMs - b.atMs || compareText(a.deed.permit, b.deed.permit));
}

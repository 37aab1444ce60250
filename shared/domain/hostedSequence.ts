import { assert } from './assert.js';
import { compareText, stamp, type Fact, type RepeatCounts } from './fact.js';
import type { Advanced, Report, SequenceRules, SequenceStart } from './sequence.js';

/** Where in a tick an advance stands: rounds follow each other until no sequence has anything to tell another. */
export interface Place {
  readonly tick: number;
  readonly round: number;
}

/** A request to advance one sequence to a twin instant, with the facts it has not heard yet. */
export interface Ask extends Place {
  readonly toMs: number;
  readonly facts: readonly Fact[];
}

/** A report and the place it was sent from: it is heard in a later round, never in the same one. */
export interface SentReport extends Place {
  readonly report: Report;
}

/** What a sequence answers to an ask. */
export interface Answer {
  /** When it wants to act by itself; null: only when told something. */
  readonly nextWakeMs: number | null;
  /** Children started by this ask; all children of earlier ticks when the ask came too late. */
  readonly started: readonly string[];
  /** Sequences that got a report and need another round. */
  readonly reported: readonly string[];
  readonly finished: boolean;
  /** Tick of the newest ask taken; later than the ask's own when that one came too late. */
  readonly throughTick: number;
}

/** What is left of a sequence for whoever asks again after it ended. */
export interface Memory {
  readonly asked: Place;
  /** Answers given in the tick of `asked`, by round. */
  readonly answers: readonly { readonly round: number; readonly answer: Answer }[];
  readonly children: readonly { readonly id: string; readonly tick: number }[];
  readonly nextWakeMs: number | null;
  readonly finished: boolean;
}

/** Everything a hosted sequence carries from one advance to the next; plain JSON. */
export interface Hosted extends Memory {
  readonly state: unknown;
  readonly counts: RepeatCounts;
  readonly reached: { readonly tick: number; readonly atMs: number };
  readonly inbox: readonly SentReport[];
  /** What it did by itself and has not told in an answer yet. */
  readonly untold: { readonly started: readonly string[]; readonly reported: readonly string[] };
}

/** What an advance asks of its host: facts to publish, children to begin, reports to deliver, in this order. */
export interface Deeds {
  readonly facts: readonly Fact[];
  readonly start: readonly SequenceStart[];
  readonly letters: readonly { readonly to: string; readonly sent: SentReport }[];
}

export type HostedRules = SequenceRules<unknown, unknown>;

/** Round of what a sequence does by itself: before every round of the same tick. */
const ownRound = -1;
const noDeeds: Deeds = { facts: [], start: [], letters: [] };
const nothingUntold: Hosted['untold'] = { started: [], reported: [] };

/** A sequence that has not been advanced yet. */
export function beginHosted(rules: HostedRules, start: SequenceStart): Hosted {
  return {
    state: rules.begin(start),
    counts: {},
    asked: { tick: -1, round: 0 },
    reached: { tick: -1, atMs: Number.MIN_SAFE_INTEGER },
    answers: [],
    children: [],
    inbox: [],
    untold: nothingUntold,
    nextWakeMs: start.startMs,
    finished: false,
  };
}

/** The answer to an ask that was taken before, came too late, or comes after the end; null when it has to be worked on. */
export function recall(memory: Memory, ask: Place): Answer | null {
  const rest = { nextWakeMs: memory.nextWakeMs, reported: [], finished: memory.finished, throughTick: memory.asked.tick };
  if (ask.tick < memory.asked.tick) {
    return { ...rest, started: memory.children.filter((child) => child.tick < memory.asked.tick).map((child) => child.id) };
  }
  if (ask.tick === memory.asked.tick) {
    const kept = memory.answers.find((answer) => answer.round === ask.round);
    if (kept !== undefined) return kept.answer;
    if (ask.round < memory.asked.round) return { ...rest, started: [] };
  }
  return memory.finished ? { ...rest, started: [], throughTick: ask.tick } : null;
}

/** Answers an ask and says what the host has to do; a repeated ask changes nothing and gets the same answer. */
export function advanceHosted(
  rules: HostedRules,
  start: SequenceStart,
  hosted: Hosted,
  ask: Ask,
): { readonly hosted: Hosted; readonly answer: Answer; readonly deeds: Deeds } {
  const known = recall(hosted, ask);
  if (known !== null) return { hosted, answer: known, deeds: noDeeds };
  const worked = work(rules, start, hosted, ask);
  const answer: Answer = {
    nextWakeMs: worked.hosted.nextWakeMs,
    ...toldBy(hosted, worked.deeds),
    finished: worked.hosted.finished,
    throughTick: ask.tick,
  };
  const earlier = ask.tick === hosted.asked.tick ? hosted.answers : [];
  const asked = { tick: ask.tick, round: ask.round };
  const answers = [...earlier, { round: ask.round, answer }];
  return { hosted: { ...worked.hosted, asked, answers, untold: nothingUntold }, answer, deeds: worked.deeds };
}

/** Who was started and written to, untold so far and now. */
function toldBy({ untold }: Hosted, { start, letters }: Deeds): Pick<Answer, 'started' | 'reported'> {
  if (untold === nothingUntold && start.length === 0 && letters.length === 0) return nothingUntold;
  return {
    started: unique([...untold.started, ...start.map((child) => child.id)]),
    reported: unique([...untold.reported, ...letters.map((letter) => letter.to)]),
  };
}

/** Lets a sequence act at the start of a tick without having been asked; what it starts and reports is told in its next answer. */
export function wakeHosted(
  rules: HostedRules,
  start: SequenceStart,
  hosted: Hosted,
  at: { readonly tick: number; readonly atMs: number },
): { readonly hosted: Hosted; readonly deeds: Deeds } {
  const worked = work(rules, start, hosted, { tick: at.tick, round: ownRound, toMs: at.atMs, facts: [] });
  const untold = {
    started: [...hosted.untold.started, ...worked.deeds.start.map((child) => child.id)],
    reported: [...hosted.untold.reported, ...worked.deeds.letters.map((letter) => letter.to)],
  };
  return { hosted: { ...worked.hosted, untold }, deeds: worked.deeds };
}

/** Puts a report where the next advance finds it. */
export function deliver(hosted: Hosted, sent: SentReport): Hosted {
  return { ...hosted, inbox: [...hosted.inbox, sent] };
}

function work(rules: HostedRules, start: SequenceStart, hosted: Hosted, ask: Ask): { readonly hosted: Hosted; readonly deeds: Deeds } {
  assert(!hosted.finished, `${start.id} is finished and cannot advance`);
  // Time never goes back for a sequence that acted by itself while nobody asked it.
  const tick = Math.max(ask.tick, hosted.reached.tick);
  const nowMs = Math.max(ask.toMs, hosted.reached.atMs);
  const [heard, later] = hosted.inbox.length === 0 ? nobodyWrote : sorted(hosted.inbox, ask);
  const reports = heard.map((sent) => sent.report).sort((a, b) => a.atMs - b.atMs || compareText(a.from, b.from));
  const next = rules.advance(hosted.state, { tick, nowMs, facts: ask.facts, reports });
  const stamped = stamp(next.sayings, { component: start.id, tick, phase: 1, startMs: nowMs, counts: hosted.counts });
  const { asked, answers, children, untold } = hosted;
  return {
    hosted: {
      state: next.state,
      counts: stamped.counts,
      asked,
      reached: { tick, atMs: nowMs },
      answers,
      children: next.start.length === 0 ? children : [...children, ...next.start.map((child) => ({ id: child.id, tick }))],
      inbox: later,
      untold,
      nextWakeMs: next.finished ? null : next.nextWakeMs,
      finished: next.finished,
    },
    deeds: { facts: stamped.facts, start: next.start, letters: lettersOf(start.id, next, { tick, round: ask.round }, nowMs) },
  };
}

/** Reports and orders to stop, with the place they are sent from. */
function lettersOf(from: string, { cancel, reports }: Advanced<unknown>, place: Place, atMs: number): Deeds['letters'] {
  if (cancel.length === 0 && reports.length === 0) return noDeeds.letters;
  const cancels = cancel.map((to) => ({ to, sent: { ...place, report: { from, atMs, outcome: 'cancel' } } }));
  return [...reports.map(({ to, report }) => ({ to, sent: { ...place, report } })), ...cancels];
}

const nobodyWrote: readonly [readonly SentReport[], readonly SentReport[]] = [[], []];

/** What is heard now, and what later. */
function sorted(inbox: readonly SentReport[], ask: Place): typeof nobodyWrote {
  return [inbox.filter((sent) => isBefore(sent, ask)), inbox.filter((sent) => !isBefore(sent, ask))];
}

function isBefore(a: Place, b: Place): boolean {
  return a.tick < b.tick || (a.tick === b.tick && a.round < b.round);
}

function unique(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)].sort(compareText);
}

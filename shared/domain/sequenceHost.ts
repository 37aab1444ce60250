import type { Fact } from './fact.js';
import { advanceHosted, beginHosted, deliver, type Answer, type Ask, type Deeds, type Hosted, type HostedRules } from './hostedSequence.js';
import type { SequenceKind, SequenceStart } from './sequence.js';
import { closeRound, observeFacts, openDesk, openTick, type Address, type Desk } from './sequenceDesk.js';
import type { WorldSequences } from './world.js';

/** A sequence held in memory. */
export interface HeldSequence {
  readonly start: SequenceStart;
  readonly hosted: Hosted;
}

/** All sequences of a world held in memory, with the desk that knows who is due; plain JSON. */
export interface SequenceHosts {
  readonly desk: Desk;
  readonly held: Readonly<Record<string, HeldSequence>>;
}

/** The same between two ticks, with the facts they have not been told yet. */
export interface SavedSequences {
  readonly hosts: SequenceHosts;
  readonly heard: readonly Fact[];
}

export type RulesOf = (kind: SequenceKind) => HostedRules;

/** The sequences of a world before their first tick. */
export function holdSequences(rulesOf: RulesOf, starts: readonly SequenceStart[]): SequenceHosts {
  const held: Record<string, HeldSequence> = {};
  for (const start of starts) held[start.id] ??= { start, hosted: beginHosted(rulesOf(start.kind), start) };
  return { desk: openDesk(starts.map((start) => start.id)), held };
}

/** Advances every sequence that is due at the start of a tick, round after round until nobody has anything to tell; facts in the order they were said. */
export function advanceSequences(
  rulesOf: RulesOf,
  hosts: SequenceHosts,
  at: { readonly tick: number; readonly atMs: number },
): { readonly hosts: SequenceHosts; readonly facts: readonly Fact[] } {
  const held = new Map(Object.entries(hosts.held));
  const { desk, facts } = advanceAll(rulesOf, hosts.desk, held, at);
  return { hosts: { desk, held: facts.length === 0 && desk === hosts.desk ? hosts.held : Object.fromEntries(held) }, facts };
}

/** The same for sequences that are kept in memory: they are advanced in place. */
function advanceAll(
  rulesOf: RulesOf,
  desk: Desk,
  held: Map<string, HeldSequence>,
  at: { readonly tick: number; readonly atMs: number },
): { readonly desk: Desk; readonly facts: readonly Fact[] } {
  const facts: Fact[] = [];
  let turn = openTick(desk, at);
  while (turn.round.asks.length > 0) {
    const answers = turn.round.asks.map(({ id, ask }) => {
      const done = advanceHeld(rulesOf, held, id, ask);
      for (const fact of done.facts) facts.push(fact);
      return done.answer;
    });
    turn = closeRound(turn.desk, turn.round, answers);
  }
  return { desk: turn.desk, facts };
}

/** The sequences of a world on its fast clock: each hears the facts addressed to it in the tick after they were said. */
export function runSequences(options: {
  readonly rulesOf: RulesOf;
  readonly starts: readonly SequenceStart[];
  readonly address: Address;
}): WorldSequences {
  const hosts = holdSequences(options.rulesOf, options.starts);
  let held = new Map(Object.entries(hosts.held));
  let { desk } = hosts;
  let heard: Fact[] = [];
  return {
    save: (): SavedSequences => ({ hosts: { desk, held: Object.fromEntries(held) }, heard: [...heard] }),
    restore: (saved) => {
      // What was saved of sequences is plain JSON: it is the same again.
      const before = saved as SavedSequences;
      held = new Map(Object.entries(before.hosts.held));
      desk = before.hosts.desk;
      heard = [...before.heard];
    },
    observe: (fact) => void heard.push(fact),
    advance: (tick, atMs) => {
      const next = advanceAll(options.rulesOf, observeFacts(desk, heard, options.address), held, { tick, atMs });
      heard = [];
      desk = next.desk;
      return next.facts;
    },
  };
}

function advanceHeld(
  rulesOf: RulesOf,
  held: Map<string, HeldSequence>,
  id: string,
  ask: Ask,
): { readonly answer: Answer; readonly facts: readonly Fact[] } {
  const sequence = held.get(id);
  if (sequence === undefined) {
    return { answer: { nextWakeMs: null, started: [], reported: [], finished: true, throughTick: ask.tick }, facts: [] };
  }
  const next = advanceHosted(rulesOf(sequence.start.kind), sequence.start, sequence.hosted, ask);
  held.set(id, { start: sequence.start, hosted: next.hosted });
  carryOut(rulesOf, held, next.deeds);
  return { answer: next.answer, facts: next.deeds.facts };
}

/** Begins children and delivers reports; who has ended, or was never there, hears nothing. */
function carryOut(rulesOf: RulesOf, held: Map<string, HeldSequence>, deeds: Deeds): void {
  for (const start of deeds.start) {
    if (!held.has(start.id)) held.set(start.id, { start, hosted: beginHosted(rulesOf(start.kind), start) });
  }
  for (const { to, sent } of deeds.letters) {
    const addressee = held.get(to);
    if (addressee !== undefined && !addressee.hosted.finished) held.set(to, { ...addressee, hosted: deliver(addressee.hosted, sent) });
  }
}

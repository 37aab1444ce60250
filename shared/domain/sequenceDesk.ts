import { assert } from './assert.js';
import { compareFacts, compareText, type Fact } from './fact.js';
import type { Answer, Ask } from './hostedSequence.js';

/** What the desk knows of one sequence. */
export interface DeskEntry {
  readonly id: string;
  readonly nextWakeMs: number | null;
  /** Newest tick it was advanced in; -1: never. Facts of earlier ticks are known to it. */
  readonly throughTick: number;
  readonly finished: boolean;
}

/** Who is to be advanced when, and with which facts; plain JSON, the same in the bridge and in the fast clock. */
export interface Desk {
  /** In order of id. */
  readonly sequences: readonly DeskEntry[];
  /** Facts not handed on yet, each with the sequences it is addressed to. */
  readonly pending: readonly { readonly fact: Fact; readonly to: readonly string[] }[];
  /** What has been handed on of facts that repeat themselves; see `Address`. */
  readonly delivered: Delivered;
}

/** What has been handed on, by what repeats itself. */
export type Delivered = Readonly<Record<string, number | string>>;

/** Says which sequences a fact is addressed to; of a fact that repeats itself, only what is new is handed on. */
export type Address = (delivered: Delivered, fact: Fact) => { readonly ids: readonly string[]; readonly delivered: Delivered };

/** Asks of one round; the next round follows from their answers, and a tick is over when a round has no asks. */
export interface Round {
  readonly tick: number;
  readonly round: number;
  readonly toMs: number;
  readonly asks: readonly { readonly id: string; readonly ask: Ask }[];
}

/** More rounds than this in one tick can only be two sequences that report to each other for ever. */
const roundsMax = 64;

/** A desk that knows the sequences of a world and has advanced none. */
export function openDesk(ids: readonly string[]): Desk {
  const known = [...new Set(ids)].sort(compareText);
  return { sequences: known.map(neverAdvanced), pending: [], delivered: {} };
}

/** Keeps a fact for the sequences it is addressed to; they hear it in the tick after its own. */
export function observeFact(desk: Desk, fact: Fact, address: Address): Desk {
  return observeFacts(desk, [fact], address);
}

/** The same for many facts, in the order they were said. */
export function observeFacts(desk: Desk, facts: readonly Fact[], address: Address): Desk {
  let delivered = desk.delivered;
  const kept: Desk['pending'][number][] = [];
  for (const fact of facts) {
    const next = address(delivered, fact);
    delivered = next.delivered;
    if (next.ids.length > 0) kept.push({ fact, to: next.ids });
  }
  if (kept.length === 0) return delivered === desk.delivered ? desk : { ...desk, delivered };
  return { ...desk, delivered, pending: [...desk.pending, ...kept] };
}

/** First round of a tick: every sequence that has never run, has a fact to hear, or wants to wake by now. */
export function openTick(desk: Desk, at: { readonly tick: number; readonly atMs: number }): { readonly desk: Desk; readonly round: Round } {
  const ripe = ripeFacts(desk, at.tick);
  const asks: Round['asks'][number][] = [];
  for (const entry of desk.sequences) {
    if (entry.finished || entry.throughTick > at.tick) continue;
    const heard = ripe.get(entry.id);
    const facts = heard === undefined ? noFacts : heard.filter((fact) => fact.tick >= entry.throughTick);
    if (facts.length === 0 && !isDue(entry, at)) continue;
    asks.push({ id: entry.id, ask: { tick: at.tick, round: 0, toMs: at.atMs, facts: facts.toSorted(compareFacts) } });
  }
  const rest = ripe.size === 0 ? desk : { ...desk, pending: desk.pending.filter(({ fact }) => fact.tick >= at.tick) };
  return { desk: rest, round: { tick: at.tick, round: 0, toMs: at.atMs, asks } };
}

const noFacts: readonly Fact[] = [];

/** Facts of earlier ticks that have not been handed on, by the sequence they are addressed to. */
function ripeFacts({ pending }: Desk, tick: number): ReadonlyMap<string, readonly Fact[]> {
  const ripe = new Map<string, Fact[]>();
  for (const { fact, to } of pending) {
    if (fact.tick >= tick) continue;
    for (const id of to) {
      const facts = ripe.get(id);
      if (facts === undefined) ripe.set(id, [fact]);
      else if (facts.at(-1) !== fact) facts.push(fact);
    }
  }
  return ripe;
}

/** Takes the answers of a round, in the order of its asks, and says whom the next round has to advance. */
export function closeRound(desk: Desk, round: Round, answers: readonly Answer[]): { readonly desk: Desk; readonly round: Round } {
  assert(answers.length === round.asks.length, `round ${round.round} of tick ${round.tick} has ${answers.length} answers`);
  assert(round.round < roundsMax, `tick ${round.tick} is not quiet after ${roundsMax} rounds`);
  const sequences = [...desk.sequences];
  const begun = new Map<string, DeskEntry>();
  const entryOf = (id: string): DeskEntry | undefined => begun.get(id) ?? sequences[placeOf(sequences, id)];
  const next = new Set<string>();
  round.asks.forEach(({ id }, index) => {
    const answer = answers[index];
    assert(answer !== undefined, 'one answer for each ask');
    const entry = { id, nextWakeMs: answer.nextWakeMs, throughTick: answer.throughTick, finished: answer.finished };
    const place = placeOf(sequences, id);
    if (place < 0) begun.set(id, entry);
    else sequences[place] = entry;
    const isLate = answer.throughTick > round.tick;
    for (const child of answer.started) {
      const isKnown = entryOf(child) !== undefined;
      if (isLate && isKnown) continue;
      if (!isKnown) begun.set(child, neverAdvanced(child));
      next.add(child);
    }
    for (const other of answer.reported) next.add(other);
  });
  const due = [...next].filter((id) => entryOf(id)?.finished === false).sort(compareText);
  const all = begun.size === 0 ? sequences : [...sequences, ...begun.values()].sort((a, b) => compareText(a.id, b.id));
  const place = { tick: round.tick, round: round.round + 1, toMs: round.toMs };
  return {
    desk: { ...desk, sequences: all },
    round: { ...place, asks: due.map((id) => ({ id, ask: { ...place, facts: [] } })) },
  };
}

/** Place of a sequence in a list in order of id; -1 when it is not there. */
function placeOf(sequences: readonly DeskEntry[], id: string): number {
  let [low, high] = [0, sequences.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const order = compareText(sequences[middle]?.id ?? '', id);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** Also due when its newest tick is this one: only after a restart in the middle of it, and its answer is then the one it gave before. */
function isDue(entry: DeskEntry, at: { readonly tick: number; readonly atMs: number }): boolean {
  return entry.throughTick < 0 || entry.throughTick === at.tick || (entry.nextWakeMs !== null && entry.nextWakeMs <= at.atMs);
}

function neverAdvanced(id: string): DeskEntry {
  return { id, nextWakeMs: null, throughTick: -1, finished: false };
}

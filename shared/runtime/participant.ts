import type { Logger } from 'pino';
import type { Bus } from '../bus/connect.js';
import type { FactReader, Heard } from '../bus/read.js';
import { topology } from '../bus/topology.js';
import { stamp, type Fact, type FactOf, type FactType, type RepeatCounts, type Saying } from '../domain/fact.js';
import type { Turn } from '../domain/model.js';
import { fromWire, minuteMs, type Instant, type Phase } from '../domain/ticks.js';
import { openDoors, type Doors, type Done } from './doors.js';
import { TwinError } from './errors.js';

/** What a service hosts: a pure model, or one whose words need the outside, such as the bridge to the workflows. */
export interface Host<State> {
  readonly component: string;
  readonly hears: readonly FactType[];
  readonly speaksIn: readonly Phase[];
  readonly awaits?: (phase: Phase) => readonly (readonly [FactType, string])[];
  initial(): State;
  observe(state: State, fact: Fact): Turn<State>;
  speak(state: State, instant: Instant): Turn<State> | Promise<Turn<State>>;
}

/** A phase that has been opened and waits for facts of the same tick. */
interface OpenPhase {
  readonly tick: number;
  readonly phase: Phase;
  readonly startMs: number;
  readonly tickMs: number;
  /** Instant of the clock at which it was opened. */
  readonly atMs: number;
  /** `type/entity` of facts that have not arrived. */
  readonly missing: readonly string[];
}

/** Everything a participant carries from one message to the next; plain JSON, and what its snapshot holds. */
export interface Remembered<State> {
  readonly model: State;
  readonly counts: RepeatCounts;
  readonly open: OpenPhase | null;
  /** Shape of the state; absent in snapshots of earlier versions. */
  readonly shape?: string;
  /** What the clock was told last: a clock that was killed with everything else is told again. Absent in snapshots of earlier versions. */
  readonly done?: Done | null;
}

export interface Participant {
  /** Ends with an error when the participant cannot go on; never ends by itself otherwise. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

const snapshotTicks = 256;
const snapshotMs = 10_000;
const repeatDoneMs = 1_000;

interface Loop<State> {
  readonly doors: Doors<Remembered<State>>;
  readonly host: Host<State>;
  readonly log: Logger;
  remembered: Remembered<State>;
  sequence: number;
  tick: number;
  /** Everything up to here was said by an earlier version, in its own words. */
  readonly saidThrough: number;
  /** What has been worked out; the clock hears of it only once every fact of it is stored. */
  spoken: Done | null;
  done: Done | null;
}

/** Hosts a model on the live stream of a bus. */
export async function startParticipant<State>(bus: Bus, host: Host<State>, log: Logger): Promise<Participant> {
  return runParticipant(await openDoors<Remembered<State>>(bus, log), host, log);
}

/**
 * Hosts a model behind the given doors. Recovery loads the last snapshot, reads on silently up to the end of the stream, says what
 * it had worked out but not yet said, and goes on; so a crash at any instant loses and repeats nothing.
 */
export async function runParticipant<State>(doors: Doors<Remembered<State>>, host: Host<State>, log: Logger): Promise<Participant> {
  const kept = await doors.snapshots.load();
  const initial = host.initial();
  const shape = shapeOf(initial);
  const isOurs = kept?.state.shape === shape;
  if (kept !== null && !isOurs) await readAgain(host.component, { doors, log, tick: kept.tick });
  const snapshot = isOurs ? kept : null;
  const loop: Loop<State> = {
    doors,
    host,
    log,
    remembered: snapshot?.state ?? { model: initial, counts: {}, open: null },
    sequence: snapshot?.streamSequence ?? 0,
    tick: snapshot?.tick ?? -1,
    saidThrough: isOurs ? 0 : (kept?.streamSequence ?? 0),
    spoken: null,
    done: kept?.state.done ?? null,
  };
  await recover(loop);
  const reader = openReader(loop, []);
  const stopAnswers = doors.every(repeatDoneMs, () => sendDone(loop));
  const ended = live(loop, reader, shape);
  return {
    ended,
    stop: async () => {
      stopAnswers();
      reader.close();
      await ended;
      doors.close();
    },
  };
}

/** @throws TWIN_REFUSED when what an earlier version has read is not all there any more. */
async function readAgain<Kept>(
  component: string,
  { doors, log, tick }: { readonly doors: Doors<Kept>; readonly log: Logger; readonly tick: number },
): Promise<void> {
  const first = await doors.firstSequence();
  if (first > 1) {
    const found = `a state of tick ${tick} kept by another version, and a stream whose first ${first - 1} facts are gone`;
    throw new TwinError('TWIN_REFUSED', `${component}: found ${found}; allowed: that version, or \`up --new-world\``);
  }
  log.warn({ tick }, 'the state was kept by another version: the stream is read again from its beginning');
}

function openReader<State>(loop: Loop<State>, alsoTypes: readonly FactType[], untilCaughtUp = false): FactReader {
  const marks: readonly FactType[] = loop.host.speaksIn.length > 0 ? ['clock.mark.v1'] : [];
  const types = [...new Set([...marks, ...loop.host.hears, ...alsoTypes])];
  return loop.doors.read({ fromSequence: loop.sequence + 1, untilCaughtUp, types });
}

async function recover<State>(loop: Loop<State>): Promise<void> {
  const own = topology[loop.host.component]?.says ?? [];
  const reader = openReader(loop, own, true);
  const unsaid = new Map<string, Fact>();
  const read = await reader.initialPending;
  for await (const heard of reader) {
    if (heard.fact.component === loop.host.component) unsaid.delete(heard.fact.id);
    else {
      const facts = await take(loop, heard);
      if (heard.sequence > loop.saidThrough) for (const fact of facts) unsaid.set(fact.id, fact);
    }
    loop.sequence = heard.sequence;
  }
  const facts = [...unsaid.values()];
  const lastSequence = await loop.doors.publish(facts);
  tellDone(loop, lastSequence);
  loop.log.info({ tick: loop.tick, sequence: loop.sequence, read, said: facts.length }, 'recovered');
}

async function live<State>(loop: Loop<State>, reader: FactReader, shape: string): Promise<void> {
  const { snapshots, nowMs } = loop.doors;
  let savedTick = loop.tick;
  let savedAtMs = nowMs();
  let saving: Promise<void> | null = null;
  for await (const heard of reader) {
    const facts = await take(loop, heard);
    const lastSequence = facts.length > 0 ? await loop.doors.publish(facts) : 0;
    loop.sequence = heard.sequence;
    tellDone(loop, Math.max(lastSequence, heard.sequence));
    const due = loop.tick - savedTick >= snapshotTicks || nowMs() - savedAtMs >= snapshotMs;
    if (due && saving === null && loop.tick > savedTick) {
      savedTick = loop.tick;
      savedAtMs = nowMs();
      // The server answers within seconds or the connection is down; the next snapshot heals a failed one.
      saving = snapshots
        .save({ tick: loop.tick, streamSequence: loop.sequence, state: { ...loop.remembered, shape, done: loop.done } })
        .catch((error: unknown) => loop.log.warn({ error }, 'snapshot not saved'))
        .finally(() => (saving = null));
    }
  }
  await saving;
}

/** Takes one message in: answers the facts that follow from it. */
async function take<State>(loop: Loop<State>, heard: Heard): Promise<readonly Fact[]> {
  const { fact } = heard;
  if (fact.type === 'clock.mark.v1') return takeMark(loop, fact);
  const turn = loop.host.observe(loop.remembered.model, fact);
  const facts = [...settle(loop, turn, { tick: fact.tick, phase: fact.phase, startMs: fact.timeMs })];
  const open = loop.remembered.open;
  if (open === null || fact.tick !== open.tick) return facts;
  const missing = open.missing.filter((name) => name !== `${fact.type}/${fact.entity}`);
  loop.remembered = { ...loop.remembered, open: { ...open, missing } };
  return missing.length === 0 ? [...facts, ...(await speak(loop, open))] : facts;
}

async function takeMark<State>(loop: Loop<State>, mark: FactOf<'clock.mark.v1'>): Promise<readonly Fact[]> {
  const facts: Fact[] = [];
  // At a finite rate the clock may have gone on: the open phase is spoken with what has arrived.
  if (loop.remembered.open !== null) facts.push(...(await speak(loop, loop.remembered.open)));
  loop.tick = mark.tick;
  if (!loop.host.speaksIn.includes(mark.phase)) return facts;
  const missing = (loop.host.awaits?.(mark.phase) ?? []).map(([type, entity]) => `${type}/${entity}`);
  const { tickMinutes, tickStartTime } = mark.data;
  const startMs = tickStartTime === undefined ? mark.timeMs : fromWire(tickStartTime);
  const open: OpenPhase = { tick: mark.tick, phase: mark.phase, startMs, tickMs: tickMinutes * minuteMs, atMs: mark.timeMs, missing };
  if (missing.length > 0) {
    loop.remembered = { ...loop.remembered, open };
    return facts;
  }
  return [...facts, ...(await speak(loop, open))];
}

async function speak<State>(loop: Loop<State>, open: OpenPhase): Promise<readonly Fact[]> {
  const { tick, phase, startMs, tickMs, atMs } = open;
  loop.remembered = { ...loop.remembered, open: null };
  const instant: Instant = phase === 4 ? { tick, phase, startMs, tickMs, atMs } : { tick, phase, startMs, tickMs };
  const turn = await loop.host.speak(loop.remembered.model, instant);
  loop.spoken = { component: loop.host.component, tick, phase, lastSequence: 0 };
  return settle(loop, turn, { tick, phase, startMs: atMs });
}

function settle<State>(
  loop: Loop<State>,
  turn: { readonly state: State; readonly sayings: readonly Saying[] },
  at: { readonly tick: number; readonly phase: Phase; readonly startMs: number },
): readonly Fact[] {
  const stamped = stamp(turn.sayings, { component: loop.host.component, ...at, counts: loop.remembered.counts });
  loop.remembered = { ...loop.remembered, model: turn.state, counts: stamped.counts };
  return stamped.facts;
}

/** Tells the clock of what was worked out, now that its facts are stored up to a sequence; nothing where that was nothing. */
function tellDone<State>(loop: Loop<State>, lastSequence: number): void {
  if (loop.spoken === null) return;
  loop.done = { ...loop.spoken, lastSequence };
  loop.spoken = null;
  sendDone(loop);
}

function sendDone<State>(loop: Loop<State>): void {
  if (loop.done !== null) loop.doors.tellClock(loop.done);
}

/**
 * Names of the fields of a state, lists by their first entry: a state that was kept with others is that of another version. What a field
 * that may be absent adds is taken as it comes.
 */
export function shapeOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.length === 0 ? '' : shapeOf(value[0])}]`;
  if (typeof value !== 'object' || value === null) return '';
  return `{${Object.entries(value)
    .map(([name, inner]) => `${name}${shapeOf(inner)}`)
    .sort()
    .join(',')}}`;
}

import { assert } from './assert.js';
import { stampOn, type Fact, type FactType, type RepeatCounts } from './fact.js';
import type { Model, Turn } from './model.js';
import { betweenParticipants, phasePlan, type PhasePlan } from './phases.js';
import { minuteMs, tickStartMs, type Instant, type Phase } from './ticks.js';

/** The sequences of a world as the fast clock advances them; the live twin does the same through the bridge. */
export interface WorldSequences {
  observe(fact: Fact): void;
  /** Advances every sequence that is due at the start of a tick; answers what they say. */
  advance(tick: number, startMs: number): readonly Fact[];
  /** Everything they remember between two ticks, plain JSON. */
  save(): unknown;
  /** Goes on from what was saved. */
  restore(saved: unknown): void;
}

/** A world between two ticks: plain JSON, from which it goes on as if it had never stopped, as often as wanted. */
export interface SavedWorld {
  readonly nextTick: number;
  /** By component. */
  readonly models: Readonly<Record<string, SavedModel>>;
  readonly sequences: unknown;
}

/** A model with what it has said how often. */
export interface SavedModel {
  readonly state: unknown;
  readonly counts: RepeatCounts;
}

/** A world in one process: the models of the live services and the long sequences on the fast clock. */
export interface FastWorld {
  /** Runs the next tick and answers all its facts in the order they were said. */
  tick(): readonly Fact[];
  /** An external input, recorded before the next tick, as a person's audit is in the live twin. */
  inject(fact: Fact): void;
  /** Lets load targets and campuses speak between the tick that ran last and the next, at an instant of the former; answers their facts. */
  between(atMs: number): readonly Fact[];
  /** The world as it stands between two ticks; states are shared, so whoever keeps it writes it down as JSON. */
  save(): SavedWorld;
  readonly nextTick: number;
}

interface HeldModel {
  readonly component: string;
  readonly speaksIn: readonly Phase[];
  readonly hears: readonly FactType[];
  awaits(phase: Phase): boolean;
  observe(fact: Fact): readonly Fact[];
  speak(instant: Instant): readonly Fact[];
  save(): SavedModel;
  restore(saved: SavedModel): void;
}

const nothing: readonly Fact[] = [];

/** Holds one model with its state and counts repeats as its live host does. */
export function holdModel<State>(model: Model<State>): HeldModel {
  let state = model.initial();
  const counts = new Map<string, RepeatCounts[string]>();
  const settle = (turn: Turn<State>, tick: number, phase: Phase, startMs: number): readonly Fact[] => {
    state = turn.state;
    return turn.sayings.length === 0 ? nothing : stampOn(counts, turn.sayings, { component: model.component, tick, phase, startMs });
  };
  return {
    component: model.component,
    speaksIn: model.speaksIn,
    hears: model.hears,
    awaits: (phase) => (model.awaits?.(phase) ?? []).length > 0,
    observe: (fact) => settle(model.observe(state, fact), fact.tick, fact.phase, fact.timeMs),
    speak: (instant) => settle(model.speak(state, instant), instant.tick, instant.phase, instant.atMs ?? instant.startMs),
    save: () => ({ state, counts: Object.fromEntries(counts) }),
    restore: (saved) => {
      // The state of a model is plain JSON: what was saved of it is one again.
      state = saved.state as State;
      counts.clear();
      for (const [key, count] of Object.entries(saved.counts)) counts.set(key, count);
    },
  };
}

/** Models that hear each type of fact. */
function listenersOf(models: readonly HeldModel[]): ReadonlyMap<FactType, readonly HeldModel[]> {
  const types = new Set(models.flatMap(({ hears }) => hears));
  return new Map([...types].map((type) => [type, models.filter(({ hears }) => hears.includes(type))]));
}

/** Who speaks in a phase: first those who wait for nothing in it, later those who wait for facts of the same tick. */
interface Speakers {
  readonly first: readonly HeldModel[];
  readonly later: readonly HeldModel[];
}

function speakersOf(models: readonly HeldModel[], phase: Phase, participants: readonly string[]): Speakers {
  const speakers = models.filter((model) => participants.includes(model.component) && model.speaksIn.includes(phase));
  return { first: speakers.filter((model) => !model.awaits(phase)), later: speakers.filter((model) => model.awaits(phase)) };
}

function restoreAll(models: readonly HeldModel[], sequences: WorldSequences, saved: SavedWorld): void {
  for (const model of models) {
    const own = saved.models[model.component];
    assert(own !== undefined, `nothing was saved of ${model.component}`);
    model.restore(own);
  }
  sequences.restore(saved.sequences);
}

/**
 * Puts models and sequences on the fast clock: the same phases in the same order as the live clock opens them. With `saved` it goes on from
 * there.
 */
export function createFastWorld(options: {
  readonly clock: { readonly startMs: number; readonly tickMinutes: number };
  readonly models: readonly HeldModel[];
  readonly sequences: WorldSequences;
  /** Absent: that of a world without a forecast. */
  readonly phases?: readonly PhasePlan[];
  readonly saved?: SavedWorld | undefined;
}): FastWorld {
  const { clock, models, sequences, saved } = options;
  const listeners = listenersOf(models);
  const plan = (options.phases ?? phasePlan).map(({ phase, participants }) => ({
    phase,
    speakers: speakersOf(models, phase, participants),
  }));
  const betweenSpeakers = speakersOf(models, 4, betweenParticipants);
  let nextTick = saved?.nextTick ?? 0;
  if (saved !== undefined) restoreAll(models, sequences, saved);
  let facts: Fact[] = [];

  /** Tells everyone what was said, and what follows from it, until nobody answers. */
  const tell = (said: readonly Fact[]): void => {
    const queue = [...said];
    for (const fact of queue) {
      facts.push(fact);
      sequences.observe(fact);
      for (const model of listeners.get(fact.type) ?? []) {
        // What is pushed here is reached by the same loop.
        if (model.component === fact.component) continue;
        for (const answer of model.observe(fact)) queue.push(answer);
      }
    }
  };

  const runPhase = (instant: Instant, { first, later }: Speakers): void => {
    const said = first.flatMap((model) => model.speak(instant));
    if (instant.phase === 1) said.push(...sequences.advance(instant.tick, instant.startMs));
    tell(said);
    if (later.length > 0) tell(later.flatMap((model) => model.speak(instant)));
  };

  const takeFacts = (): readonly Fact[] => {
    const said = facts;
    facts = [];
    return said;
  };

  return {
    get nextTick() {
      return nextTick;
    },
    inject: (fact) => tell([fact]),
    save: () => ({
      nextTick,
      models: Object.fromEntries(models.map((model) => [model.component, model.save()])),
      sequences: sequences.save(),
    }),
    between: (atMs) => {
      const tick = nextTick - 1;
      runPhase({ tick, phase: 4, startMs: tickStartMs(clock, tick), tickMs: clock.tickMinutes * minuteMs, atMs }, betweenSpeakers);
      return takeFacts();
    },
    tick: () => {
      const tick = nextTick++;
      const startMs = tickStartMs(clock, tick);
      for (const { phase, speakers } of plan) runPhase({ tick, phase, startMs, tickMs: clock.tickMinutes * minuteMs }, speakers);
      return takeFacts();
    },
  };
}

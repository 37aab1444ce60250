import type { Fact, FactType, Saying } from './fact.js';
import type { Instant, Phase } from './ticks.js';

/** What follows from a fact or a phase: the new state, and what is to be said. */
export interface Turn<State> {
  readonly state: State;
  readonly sayings: readonly Saying[];
}

/**
 * A component of the world as a pure state machine over the total order of facts: a live service and `world.ts` host the same one.
 * State is plain JSON, and equal states with equal facts give byte-identical sayings. Within a phase the order of facts of
 * different producers must not matter. What a sequence or a person says in tick n (buildout, permit and training facts,
 * commands, audits) is queued by `observe` and takes effect in phase 1 of n + 1.
 */
export interface Model<State> {
  /** Name of the service that hosts it, and `source` of its facts. */
  readonly component: string;
  /** Facts it needs to see, besides the marks of the clock. */
  readonly hears: readonly FactType[];
  /** Phases in which the clock waits for it; empty for onlookers. */
  readonly speaksIn: readonly Phase[];
  /** Facts of the same tick that must have arrived before it speaks in a phase: one `[type, entity]` each. */
  readonly awaits?: (phase: Phase) => readonly (readonly [FactType, string])[];
  initial(): State;
  observe(state: State, fact: Fact): Turn<State>;
  speak(state: State, instant: Instant): Turn<State>;
}

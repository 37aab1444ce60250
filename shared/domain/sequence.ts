import type { Fact, Saying } from './fact.js';

/** Kinds of long sequence; each is one Temporal workflow type, and its workflow id begins with the kind. */
export type SequenceKind = 'training' | 'buildout' | 'permit';

/** Version of the rules a sequence runs under; an old version stays while a recorded history uses it. */
export const rulesVersion = 1;

/** What starts a sequence. `id` is `<kind>-<entity>`, without the root's prefix. */
export interface SequenceStart<Config = unknown> {
  readonly kind: SequenceKind;
  readonly id: string;
  readonly rulesVersion: number;
  readonly startMs: number;
  /** Parent sequence that hears its reports, or null. */
  readonly parent: string | null;
  readonly config: Config;
}

/** What a child sequence tells its parent. */
export interface Report {
  readonly from: string;
  readonly atMs: number;
  readonly outcome: string;
}

/** One advance of a sequence to a twin instant, with every fact and report it has not seen yet, sorted. */
export interface Advance {
  readonly tick: number;
  readonly nowMs: number;
  readonly facts: readonly Fact[];
  readonly reports: readonly Report[];
}

/** What follows from an advance. */
export interface Advanced<State> {
  readonly state: State;
  readonly sayings: readonly Saying[];
  /** Next instant at which it wants to act by itself; null: only when told something. */
  readonly nextWakeMs: number | null;
  readonly start: readonly SequenceStart[];
  readonly cancel: readonly string[];
  readonly reports: readonly { readonly to: string; readonly report: Report }[];
  readonly finished: boolean;
}

/** What people look a sequence up by, beside its id. */
export interface SequenceAttributes {
  readonly region?: string;
  readonly phase?: string;
  readonly campus?: string;
}

/** The rules of one kind of sequence: pure, total, the same in a workflow and in `world.ts`. */
export interface SequenceRules<Config, State> {
  readonly kind: SequenceKind;
  begin(start: SequenceStart<Config>): State;
  advance(state: State, advance: Advance): Advanced<State>;
  attributes?(state: State): SequenceAttributes;
}

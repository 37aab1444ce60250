import type { FactDataOf } from '../../shared/domain/fact.js';
import type { Phase } from '../../shared/domain/ticks.js';

/** How the clock advances. */
export type Mode = FactDataOf['clock.rate.v1']['mode'];

/** What a clock knows; everything but the waiting is read back from the stream after a restart. */
export interface ClockState {
  /** Tick being run, or to be run next. */
  tick: number;
  /** Last phase whose mark is in the stream for `tick`; 0: none yet. */
  phase: Phase | 0;
  mode: Mode;
  rate: number | null;
  holdAtMs: number | null;
  epoch: number;
  /** Ticks still to be run in lock-step before pausing again; null: no step under way. */
  stepsLeft: number | null;
  /** Reasons for which someone holds the clock. */
  readonly holds: Map<string, string>;
  /** Last sequence named by the answers so far. */
  throughSequence: number;
}

/** What `clock status` answers. */
export interface ClockStatus {
  readonly state: 'running' | 'paused' | 'held' | 'waiting';
  readonly twinTime: string;
  readonly tick: number;
  readonly phase: number;
  readonly mode: Mode;
  readonly rate: number | null;
  /** Twin seconds per wall second over the last seconds; 0 when it stands. */
  readonly achievedRate: number;
  readonly ticksPerSecond: number;
  readonly holdAtTime: string | null;
  readonly holds: readonly string[];
  readonly waitingFor: readonly { readonly component: string; readonly since: string }[];
}

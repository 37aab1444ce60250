import type { ClockMode } from '../../shared/bus/answers.js';
import type { Phase } from '../../shared/domain/ticks.js';

/** What a clock knows; everything but the waiting is read back from the stream after a restart. */
export interface ClockState {
  /** Tick being run, or to be run next. */
  tick: number;
  /** Last phase whose mark is in the stream for `tick`; 0: none yet. */
  phase: Phase | 0;
  mode: ClockMode;
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

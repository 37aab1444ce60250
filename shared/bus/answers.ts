import type { FactDataOf } from '../domain/fact.js';

/** How the clock advances. */
export type ClockMode = FactDataOf['clock.rate.v1']['mode'];

/** What `clock status` answers. */
export interface ClockStatus {
  readonly state: 'running' | 'paused' | 'held' | 'waiting';
  readonly twinTime: string;
  readonly tick: number;
  readonly phase: number;
  readonly mode: ClockMode;
  readonly rate: number | null;
  /** Twin seconds per wall second over the last seconds; 0 when it stands. */
  readonly achievedRate: number;
  readonly ticksPerSecond: number;
  readonly holdAtTime: string | null;
  readonly holds: readonly string[];
  readonly waitingFor: readonly { readonly component: string; readonly since: string }[];
}

/** A dead letter without its original, as lists show it. */
export interface LetterLine {
  /** Place in the stream of dead letters; what `show`, `reinject` and `drop` take. */
  readonly id: number;
  /** Wall time at which it was kept, RFC 3339. */
  readonly keptAt: string;
  readonly stream: string;
  readonly sequence: number;
  readonly consumer: string;
  readonly subject: string;
  readonly reason: string;
}

/** A dead letter with its original as text; bytes that are no UTF-8 are replaced. */
export interface LetterShown extends LetterLine {
  readonly original: string;
}

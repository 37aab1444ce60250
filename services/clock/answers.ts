import type { Bus } from '../../shared/bus/connect.js';
import type { Phase } from '../../shared/domain/ticks.js';
import { doneSubject, type Done } from '../../shared/runtime/doors.js';

/** Collects the answers of the participants and wakes whoever waits for a phase to be complete. */
export interface Answers {
  /** Participants of a phase that have not answered it, having read up to its mark. */
  missing(
    participants: readonly string[],
    opened: { readonly tick: number; readonly phase: Phase; readonly fromSequence: number },
  ): readonly string[];
  /** Whether a component has answered anything since this clock started. */
  hasHeard(component: string): boolean;
  /** Highest stream sequence the answers to a phase named. */
  lastSequence(participants: readonly string[]): number;
  /** Resolves when something was answered, or after `waitMs`. */
  next(waitMs: number): Promise<void>;
}

/** Listens to `done`; the newest answer of each component counts, repeats change nothing. */
export function collectAnswers(bus: Bus): Answers {
  const newest = new Map<string, Done>();
  let wake: (() => void) | null = null;
  bus.connection.subscribe(doneSubject(bus.root), {
    callback: (error, message) => {
      if (error !== null) return;
      const done = message.json<Done>();
      newest.set(done.component, done);
      wake?.();
    },
  });
  return {
    missing: (participants, { tick, phase, fromSequence }) =>
      participants.filter((component) => {
        const done = newest.get(component);
        if (done === undefined || done.lastSequence < fromSequence) return true;
        return done.tick < tick || (done.tick === tick && done.phase < phase);
      }),
    hasHeard: (component) => newest.has(component),
    lastSequence: (participants) => participants.reduce((last, component) => Math.max(last, newest.get(component)?.lastSequence ?? 0), 0),
    next: (waitMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => wake?.(), waitMs);
        wake = () => {
          wake = null;
          clearTimeout(timer);
          resolve();
        };
      }),
  };
}

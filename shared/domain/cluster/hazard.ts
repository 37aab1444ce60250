import type { Run } from '../../scenario/schema.js';
import { acceleratorHoursPerFailure, dalyEfficiency, failureSecondsOf, untilFailureSeconds, type FailingRun } from '../training/goodput.js';

/** The failure a run meets next. Its clock goes while the run works, saves or restarts, and stands while it waits or is paused. */
export type NextFailure =
  | { readonly kind: 'due'; readonly number: number; readonly atMs: number }
  | { readonly kind: 'held'; readonly number: number; readonly leftMs: number };

/** Times of a run that fails; null: the world lets it run without failures. */
export function failingRunOf(run: Run): FailingRun | null {
  if (run.failures === undefined || run.accelerators === 0) return null;
  const { saveSeconds, restartSeconds } = run;
  const failureSeconds = failureSecondsOf(run.accelerators, run.failures.hoursPerFailure ?? acceleratorHoursPerFailure);
  return { failureSeconds, workSeconds: run.checkpointMinutes * 60 - saveSeconds, saveSeconds, restartSeconds };
}

/** A failure of a run, counted from 1, before its clock goes; null: the run has none. The draw depends on seed, run and number alone. */
export function failureAhead(seed: number, run: Run, number: number): Extract<NextFailure, { readonly kind: 'held' }> | null {
  const failing = failingRunOf(run);
  if (failing === null) return null;
  const seconds = untilFailureSeconds({ seed, entity: run.id, number }, failing.failureSeconds);
  return { kind: 'held', number, leftMs: Math.max(1, Math.round(seconds * 1_000)) };
}

/** The same failure with its clock going or standing from an instant on. */
export function clocked(failure: NextFailure, isGoing: boolean, atMs: number): NextFailure {
  const { kind, number } = failure;
  if (kind === 'due') return isGoing ? failure : { kind: 'held', number, leftMs: Math.max(0, failure.atMs - atMs) };
  return isGoing ? { kind: 'due', number, atMs: atMs + failure.leftMs } : failure;
}

/** Share of the steps of an undisturbed run that are left when it fails and restarts, expected over a long time, 0..1: the form of Daly. */
export function keptRatio(run: Run): number {
  const failing = failingRunOf(run);
  // Between checkpoints a run is slower by what they stall already: the whole period counts as work.
  return failing === null ? 1 : dalyEfficiency({ ...failing, workSeconds: run.checkpointMinutes * 60, saveSeconds: 0 });
}

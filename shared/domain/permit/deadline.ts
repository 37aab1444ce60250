import type { Permit } from '../../scenario/schema.js';
import { dayMs } from '../ticks.js';
import type { PermitCase } from './cases.js';

/** The file of a permit with its statutory clock running from `nowMs` on; the same for one without a deadline. */
export function runDeadline(file: PermitCase, permit: Permit, nowMs: number): PermitCase {
  const leftDays = file.deadline?.leftDays ?? permit.deadlineDays;
  if (leftDays === undefined || leftDays <= 0 || (file.deadline?.atMs ?? null) !== null) return file;
  return { ...file, deadline: { leftDays, atMs: nowMs + Math.round(leftDays * dayMs) } };
}

/** The file of a permit with its statutory clock stopped: the agency waits for the applicant. */
export function stopDeadline(file: PermitCase, nowMs: number): PermitCase {
  const atMs = file.deadline?.atMs ?? null;
  return atMs === null ? file : { ...file, deadline: { leftDays: Math.max(0, (atMs - nowMs) / dayMs), atMs: null } };
}

/** The file of a permit whose statutory time has run out. */
export function spentDeadline(file: PermitCase): PermitCase {
  return { ...file, deadline: { leftDays: 0, atMs: null } };
}

/** Instant at which the file of a permit next asks for something by itself: a court decides, or the statutory time runs out; null: never. */
export function caseDueMs(file: PermitCase): number | null {
  const dueMs = Math.min(file.courtUntilMs ?? Infinity, file.deadline?.atMs ?? Infinity);
  return dueMs === Infinity ? null : dueMs;
}

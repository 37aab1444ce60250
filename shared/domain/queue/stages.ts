import { durationsOf, type Durations, type OneDuration } from '../survival/durations.js';
import type { ProjectState } from './machine.js';
import type { Step } from './steps.js';

/** A stretch of the way through a queue. */
export interface Stage {
  readonly stage: string;
  readonly from: Step;
  readonly to: Step;
}

/** The stages that are told, where a file has the days of both ends. */
export const stages: readonly Stage[] = [
  { stage: 'screening study', from: 'screening-started', to: 'screening-complete' },
  { stage: 'full study', from: 'study-requested', to: 'study-approved' },
  { stage: 'request to agreement', from: 'requested', to: 'agreement-signed' },
  { stage: 'agreement to energization', from: 'agreement-signed', to: 'energization-approved' },
  { stage: 'energization to synchronization', from: 'energization-approved', to: 'synchronization-approved' },
  { stage: 'request to energization', from: 'requested', to: 'energization-approved' },
  { stage: 'request to operation', from: 'requested', to: 'in-operation' },
];

/** How long projects took for a stage. */
export interface StageDurations {
  readonly durations: Durations;
  /** Projects whose end stands before the beginning; the stage took them no time. */
  readonly reversed: number;
  /** Of the open ones, those that withdrew: seen until then. */
  readonly withdrawn: number;
  /** Projects that ended it, the day not known: left out. */
  readonly undated: number;
}

/** Projects that began a stage: those that ended it, and the open ones up to `asOfDay` or their withdrawal. */
export function stageDurations(states: readonly ProjectState[], { from, to }: Stage, asOfDay: number): StageDurations {
  const cases: OneDuration[] = [];
  const counts = { reversed: 0, withdrawn: 0, undated: 0 };
  for (const { reached } of states) {
    const [began, ended, withdrew] = [reached[from], reached[to], reached.withdrawn];
    if (began === undefined || began === null) continue;
    if (ended === null || (ended === undefined && withdrew === null)) counts.undated += 1;
    else if (ended !== undefined) {
      if (ended < began) counts.reversed += 1;
      cases.push({ days: Math.max(0, ended - began), isEnded: true });
    } else {
      if (withdrew !== undefined) counts.withdrawn += 1;
      cases.push({ days: Math.max(0, (withdrew ?? asOfDay) - began), isEnded: false });
    }
  }
  return { durations: durationsOf(cases), ...counts };
}

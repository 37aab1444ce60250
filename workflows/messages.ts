import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Answer, Ask, Hosted, SentReport } from '../shared/domain/hostedSequence.js';
import type { SequenceStart } from '../shared/domain/sequence.js';

/** Task queue of the sequences of a twin. */
export const taskQueue = 'twin';

/** How long a step of a sequence waits for a worker that died in the middle of it, before another takes it over. */
export const stepTimeout = '5 seconds';

/** How twin time runs since `twinMs`: `rate` twin ms per wall ms; null while paused, stepping or at full speed. The newest epoch wins. */
export interface ClockAnchor {
  readonly epoch: number;
  readonly twinMs: number;
  readonly rate: number | null;
}

/** When a sequence looks after itself, and when it begins a new run. */
export interface HostLimits {
  /** Updates one run takes before it continues as new; the server refuses more than 2,000. */
  readonly updatesMax: number;
  /** Wall time a sequence waits behind its wake for the bridge before it looks at the clock itself. */
  readonly graceMs: number;
}

/** Input of every sequence workflow; `hosted` carries what it was when it continued as new. */
export interface SequenceInput {
  readonly start: SequenceStart;
  readonly root: string;
  readonly anchor: ClockAnchor;
  readonly limits?: HostLimits;
  readonly hosted?: Hosted;
}

/** Advances a sequence to a twin instant; answered when all it does about it is done. A repeat gets the same answer. */
export const clockAdvance = defineUpdate<Answer, [Ask]>('clockAdvance');
/** What one sequence tells another; heard at the next advance. */
export const report = defineSignal<[SentReport]>('report');
/** Tells a sequence how twin time runs from here on. */
export const clockAnchor = defineSignal<[ClockAnchor]>('clockAnchor');
/** When a sequence wants to act by itself, twin ms UTC; null: only when told something. */
export const clockNextWake = defineQuery<number | null>('clockNextWake');
/** All a sequence remembers. */
export const getState = defineQuery<Hosted>('getState');

/** Id of the workflow that hosts a sequence: its own id in the live world, behind the root's name elsewhere. */
export function workflowIdOf(root: string, sequenceId: string): string {
  return root === 'twin' ? sequenceId : `${root}-${sequenceId}`;
}

import { defineQuery, defineSignal } from '@temporalio/workflow';

/** Task queue of studies; sequences of the twin have another one, so that neither waits for the other. */
export const studyQueue = 'studies';

/** Cells of one run of the workflow; then it continues as new, long before its history is long. */
export const runsCells = 400;

/** What a study workflow begins with, and carries from run to run; everything else about the study lies in the object store. */
export interface StudyOrder {
  readonly id: string;
  readonly cells: number;
  /** Cells asked for at the same time; workers take as many as they have threads. */
  readonly inFlight: number;
  /** First cell that was not asked for yet; absent: 0. */
  readonly from?: number;
  readonly finished?: number;
  readonly failed?: readonly FailedCell[];
  readonly isPaused?: boolean;
}

/** A cell that came to no result by itself. */
export interface FailedCell {
  readonly index: number;
  readonly message: string;
}

/** How a study stands. */
export interface StudyProgress extends StudyEnd {
  readonly cells: number;
  readonly underWay: number;
  readonly isPaused: boolean;
}

/** What a study came to. */
export interface StudyEnd {
  readonly finished: number;
  readonly failed: readonly FailedCell[];
}

/** What became of a cell; its result is in the object store. */
export type CellOutcome = { readonly kind: 'finished' } | { readonly kind: 'failed'; readonly message: string };

/** What a worker of studies does. */
export interface CellActivities {
  /** Runs a cell, or finds that it has been run. Whatever is not the cell's own fault is thrown, and tried again. */
  runCell(order: { readonly study: string; readonly index: number }): Promise<CellOutcome>;
}

/** No further cell is begun; those under way finish. */
export const studyPause = defineSignal('studyPause');
export const studyResume = defineSignal('studyResume');
export const studyProgress = defineQuery<StudyProgress>('studyProgress');

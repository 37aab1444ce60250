import type { Worker } from 'node:worker_threads';
import type { CellResult } from '../../../shared/domain/study/cell.js';
import type { StudyCell } from '../../../shared/domain/study/cells.js';
import { startThread } from '../../../shared/runtime/thread.js';
import type { Order, ThreadStart, Word } from './messages.js';

/** Whether and how a run is to end before its cells do. */
export interface Stopping {
  /** True: no further cell is begun. */
  readonly isEnding: () => boolean;
  /** Aborted: cells under way end at once. */
  readonly now: AbortSignal;
}

/** Cells to be run, and what becomes of what they say. */
export interface Work {
  readonly threads: number;
  readonly start: ThreadStart;
  readonly cells: readonly StudyCell[];
  readonly stopping: Stopping;
  /** A cell under way from an earlier run; null: none. */
  keptOf(cell: StudyCell): Promise<string | null>;
  onTicks(cell: StudyCell, ticks: number): void;
  onKeep(cell: StudyCell, text: string): Promise<void>;
  onDone(cell: StudyCell, result: CellResult): Promise<void>;
  onFailed(cell: StudyCell, message: string): void;
}

/** How a cell on a thread ended. */
export type Ending =
  | { readonly kind: 'done'; readonly result: CellResult }
  | { readonly kind: 'failed'; readonly message: string; readonly isThreadDead: boolean }
  | { readonly kind: 'stopped' };

/**
 * Runs cells on threads, each thread one after the other, in any order that comes. A cell that fails is told and the others go on; what
 * `onKeep` or `onDone` throw ends the run.
 */
export async function runCells(work: Work): Promise<void> {
  const waiting = [...work.cells];
  const broken = new AbortController();
  const now = AbortSignal.any([work.stopping.now, broken.signal]);
  const next = (): StudyCell | undefined => (now.aborted || work.stopping.isEnding() ? undefined : waiting.shift());
  const lanes = Array.from({ length: Math.min(work.threads, waiting.length) }, () => lane(work, next, now));
  try {
    await Promise.all(lanes);
  } finally {
    broken.abort();
    await Promise.allSettled(lanes);
  }
}

/** One thread after the other, as long as there are cells: a thread that dies is replaced. */
async function lane(work: Work, next: () => StudyCell | undefined, now: AbortSignal): Promise<void> {
  let thread: Worker | null = null;
  try {
    for (let cell = next(); cell !== undefined; cell = next()) {
      thread ??= startCellThread(work.start);
      const ending = await runOn(thread, cell, { work, now });
      if (ending.kind === 'stopped') return;
      if (ending.kind === 'done') await work.onDone(cell, ending.result);
      else work.onFailed(cell, ending.message);
      if (ending.kind === 'failed' && ending.isThreadDead) thread = null;
    }
  } finally {
    await thread?.terminate();
  }
}

/** A thread that runs cells of one study, one after the other. */
export function startCellThread(start: ThreadStart): Worker {
  return startThread(new URL(import.meta.url.endsWith('.ts') ? './thread.ts' : './thread.js', import.meta.url), { workerData: start });
}

/** Who hears of a cell that is under way. */
export type CellListener = Pick<Work, 'keptOf' | 'onTicks' | 'onKeep'>;

/** Runs one cell on a thread to its end; every word is dealt with before the ending is answered. */
export async function runOn(
  thread: Worker,
  cell: StudyCell,
  { work, now }: { readonly work: CellListener; readonly now: AbortSignal },
): Promise<Ending> {
  const order: Order = { cell, kept: await work.keptOf(cell) };
  if (now.aborted) return { kind: 'stopped' };
  let keeping: Promise<void> | null = null;
  /** One at a time: what comes while the last is being written is old when its turn would come. */
  const keep = (text: string, onError: (error: unknown) => void): void => {
    if (keeping !== null) return;
    keeping = work
      .onKeep(cell, text)
      .catch(onError)
      .finally(() => (keeping = null));
  };
  let forget = (): void => undefined;
  const ending = await new Promise<Ending>((resolve, reject) => {
    const onWord = (word: Word): void => {
      if (word.kind === 'ticks') work.onTicks(cell, word.ticks);
      else if (word.kind === 'keep') keep(word.text, reject);
      else if (word.kind === 'done') resolve(word);
      else resolve({ ...word, isThreadDead: false });
    };
    const onDeath = (error: Error): void => resolve({ kind: 'failed', message: `its thread died: ${error.message}`, isThreadDead: true });
    const onStop = (): void => resolve({ kind: 'stopped' });
    thread.on('message', onWord);
    thread.once('error', onDeath);
    now.addEventListener('abort', onStop);
    forget = () => {
      thread.off('message', onWord);
      thread.off('error', onDeath);
      now.removeEventListener('abort', onStop);
    };
    thread.postMessage(order);
  }).finally(() => forget());
  await keeping;
  return ending;
}

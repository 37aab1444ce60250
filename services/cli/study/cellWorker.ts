import type { Worker as Thread } from 'node:worker_threads';
import { Context } from '@temporalio/activity';
import { DefaultLogger, NativeConnection, Runtime, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import type { StudyStore } from '../../../shared/bus/studies.js';
import type { StudyCell } from '../../../shared/domain/study/cells.js';
import { assert } from '../../../shared/domain/assert.js';
import { wallDelay } from '../../../shared/runtime/clock.js';
import type { RunningService } from '../../../shared/runtime/service.js';
import { studyQueue, type CellActivities } from '../../../workflows/studyMessages.js';
import { cellsOfInputs, hostedStudy, type HostedInputs } from './hosted.js';
import { runOn, startCellThread } from './pool.js';

/** Where a worker of studies works, and with how many threads. */
export interface CellWorkerOptions {
  readonly address: string;
  readonly namespace: string;
  readonly store: StudyStore;
  readonly threads: number;
  readonly workflowBundle: WorkflowBundleOption;
  onTicks?(study: string, cell: StudyCell, ticks: number): void;
}

/** A study whose cells were run here, with the threads that wait for the next one. */
interface Known {
  readonly inputs: HostedInputs;
  readonly cells: readonly StudyCell[];
  readonly idle: Thread[];
}

/** How long it waits for a Temporal that is away, ms. */
const tryEveryMs = 1_000;
/** How often a cell under way tells Temporal that it is alive, ms; a third of what the workflow waits. */
const heartbeatMs = 3_000;

/**
 * Keeps a worker of the cells of all studies of a root: each cell on a thread, its result in the object store, nothing but its place in
 * Temporal. While Temporal is away it waits for it.
 */
export function keepCellWorker(options: CellWorkerOptions & { readonly onTrouble: (line: string) => void }): RunningService {
  const studies = new Map<string, Promise<Known>>();
  let running: RunningService | null = null;
  let isStopped = false;
  const keep = async (): Promise<void> => {
    while (!isStopped) {
      try {
        running = await startCellWorker(options, studies);
        await running.ended;
      } catch (error) {
        if (isStopped) return;
        options.onTrouble(`the worker waits for Temporal: ${firstLine(error)}`);
      }
      if (!isStopped) await wallDelay(tryEveryMs);
    }
  };
  const ended = keep();
  return {
    ended,
    stop: async () => {
      isStopped = true;
      await running?.stop();
      await ended;
      for (const known of studies.values()) for (const thread of (await known).idle) await thread.terminate();
    },
  };
}

/** Lets workers speak of trouble only, and leaves signals to the command; once per process, before the first worker. */
export function quietWorkers(): void {
  Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}

async function startCellWorker(options: CellWorkerOptions, studies: Map<string, Promise<Known>>): Promise<RunningService> {
  const connection = await NativeConnection.connect({ address: options.address });
  const worker = await Worker.create({
    connection,
    namespace: options.namespace,
    taskQueue: studyQueue,
    workflowBundle: options.workflowBundle,
    activities: { runCell: (order) => runCell(options, studies, order) } satisfies CellActivities,
    maxConcurrentActivityTaskExecutions: options.threads,
    maxConcurrentWorkflowTaskExecutions: 4,
    stickyQueueScheduleToStartTimeout: '2 seconds',
    shutdownGraceTime: '1 second',
    shutdownForceTime: '3 seconds',
  });
  const ended = worker.run();
  return {
    ended,
    stop: async () => {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await ended.catch(() => undefined);
      await connection.close();
    },
  };
}

/** Runs one cell, unless somebody has done so before: a worker that died after its result was kept is not repeated. */
async function runCell(
  options: CellWorkerOptions,
  studies: Map<string, Promise<Known>>,
  { study: id, index }: Parameters<CellActivities['runCell']>[0],
): ReturnType<CellActivities['runCell']> {
  const { store } = options;
  const study = hostedStudy(store, id);
  if ((await study.result(index)) !== null) return { kind: 'finished' };
  const known = await knownStudy(studies, id, store);
  const cell = known.cells[index];
  assert(cell !== undefined, `study ${id} has no cell ${index}`);
  const context = Context.current();
  const beat = setInterval(() => context.heartbeat({ cell: index }), heartbeatMs);
  const thread = known.idle.pop() ?? startCellThread(known.inputs.start);
  let isUsable = false;
  try {
    const listener = {
      keptOf: study.underWay,
      onTicks: (of: StudyCell, ticks: number) => options.onTicks?.(id, of, ticks),
      onKeep: study.keepUnderWay,
    };
    const ending = await runOn(thread, cell, { work: listener, now: context.cancellationSignal });
    isUsable = ending.kind === 'done' || (ending.kind === 'failed' && !ending.isThreadDead);
    if (ending.kind === 'failed') return { kind: 'failed', message: ending.message };
    // Stopped: Temporal took the cell back, or the study was cancelled.
    if (ending.kind === 'stopped') throw context.cancellationSignal.reason;
    await study.keepResult(cell, ending.result);
    return { kind: 'finished' };
  } finally {
    clearInterval(beat);
    if (isUsable) known.idle.push(thread);
    else await thread.terminate();
  }
}

function knownStudy(studies: Map<string, Promise<Known>>, id: string, store: StudyStore): Promise<Known> {
  const found = studies.get(id) ?? readStudyInputs(id, store);
  studies.set(id, found);
  // What could not be read is read anew by the next cell.
  found.catch(() => studies.delete(id));
  return found;
}

async function readStudyInputs(id: string, store: StudyStore): Promise<Known> {
  const inputs = await hostedStudy(store, id).inputs();
  return { inputs, cells: cellsOfInputs(inputs), idle: [] };
}

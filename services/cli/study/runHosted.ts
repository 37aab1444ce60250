import { Connection, WorkflowClient, WorkflowIdConflictPolicy, WorkflowNotFoundError, type WorkflowHandle } from '@temporalio/client';
import { connectBus } from '../../../shared/bus/connect.js';
import { openStudies } from '../../../shared/bus/studies.js';
import { cellsOf, type StudyCell } from '../../../shared/domain/study/cells.js';
import { stopwatchMs, wallDelay, wallNow } from '../../../shared/runtime/clock.js';
import type { Config } from '../../../shared/runtime/config.js';
import type { RunningService } from '../../../shared/runtime/service.js';
import type { ReadStudy } from '../../../shared/scenario/study/read.js';
import { workflowBundlePath } from '../../../workflows/bundle.js';
import type { study } from '../../../workflows/study.js';
import { studyPause, studyProgress, studyQueue, studyResume, type StudyProgress } from '../../../workflows/studyMessages.js';
import { workflowIdOf } from '../../../workflows/messages.js';
import { keepCellWorker, quietWorkers } from './cellWorker.js';
import { openFolder, type ResultFolder } from './folder.js';
import { hostedStudy, idOf, inputsOf, type HostedStudy } from './hosted.js';
import { createTeller, type Teller } from './progress.js';
import { conclude, type Ran, type RunOptions } from './run.js';
import { listenForStop } from './stop.js';

/** How often it is looked how far the servers are, ms. */
const lookEveryMs = 500;
/** Cells that are asked for at the same time for each thread here; other workers take their share of them. */
const askedPerThread = 2;
const leastAsked = 8;

/** What a hosted run works with. */
interface Hosting {
  readonly read: ReadStudy;
  readonly cells: readonly StudyCell[];
  readonly folder: ResultFolder;
  readonly remote: HostedStudy;
  readonly handle: WorkflowHandle<typeof study>;
  readonly teller: Teller;
}

/**
 * Runs a study on the servers of a running twin: the workflow asks for the cells, workers anywhere run them, this process is one of them and
 * puts the results into the folder. Whatever dies, the same command with --resume goes on.
 */
export async function runHosted(config: Config, read: ReadStudy, options: RunOptions): Promise<void> {
  quietWorkers();
  const inputs = inputsOf(read, options.keepEveryMs);
  const folder = await openFolder(options.folder, inputs.manifest, options.resume);
  const cells = cellsOf(read.study);
  const bus = await connectBus({
    url: config.natsUrl,
    user: config.natsUser,
    password: config.natsPassword,
    component: config.component,
    root: config.root,
  });
  const connection = Connection.lazy({ address: config.temporalAddress });
  const client = new WorkflowClient({ connection, namespace: config.temporalNamespace });
  const store = await openStudies(bus);
  const remote = hostedStudy(store, idOf(inputs.manifest));
  if ((await store.read(`${remote.id}/inputs.json`)) === null) await store.write(`${remote.id}/inputs.json`, JSON.stringify(inputs));
  const kept = await share(folder, cells, remote);
  if (kept > 0) process.stderr.write(`study: ${kept} of ${cells.length} cells are finished already and are not repeated\n`);
  const beganMs = wallNow();
  const handle = await client.start<typeof study>('study', {
    workflowId: workflowIdOf(config.root, `study-${remote.id}`),
    taskQueue: studyQueue,
    args: [{ id: remote.id, cells: cells.length, inFlight: Math.max(leastAsked, askedPerThread * options.threads) }],
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
  });
  await handle.signal(studyResume);
  const teller = createTeller({
    cells: cells.length,
    kept,
    ticksPerCell: read.ticks,
    tickMinutes: read.base.clock.tickMinutes,
    out: process.stderr,
  });
  const worker =
    options.threads === 0
      ? null
      : keepCellWorker({
          address: config.temporalAddress,
          namespace: config.temporalNamespace,
          store,
          threads: options.threads,
          workflowBundle: { codePath: workflowBundlePath },
          onTrouble: (line) => void process.stderr.write(`study: ${line}\n`),
          onTicks: (id, { index }, ticks) => (id === remote.id ? teller.ticks(index, ticks) : undefined),
        });
  process.stderr.write(`study: ${remote.id} on the servers of this twin\n`);
  const ran = await follow({ read, cells, folder, remote, handle, teller }, worker);
  await connection.close();
  await bus.close();
  await conclude(read, { folder, cells, kept, beganMs, ran, options });
}

/** Brings what is finished in the folder to the servers and the other way round; answers how many are finished. */
async function share(folder: ResultFolder, cells: readonly StudyCell[], remote: HostedStudy): Promise<number> {
  const there = new Set(await remote.finished());
  for (const kept of await folder.finished()) {
    const cell = cells[kept.index];
    const { index, key: _key, group: _group, ...result } = kept;
    if (cell !== undefined && !there.has(index)) await remote.keepResult(cell, result);
  }
  return fetchResults(folder, cells, remote, () => undefined);
}

/** Writes every result that is not in the folder yet; answers how many are there then. */
async function fetchResults(
  folder: ResultFolder,
  cells: readonly StudyCell[],
  remote: HostedStudy,
  onNew: (cell: StudyCell, ticks: number, words: string) => void,
): Promise<number> {
  const here = new Set((await folder.finished()).map(({ index }) => index));
  for (const index of await remote.finished()) {
    const cell = cells[index];
    if (cell === undefined || here.has(index)) continue;
    const kept = await remote.result(index);
    if (kept === null) continue;
    const { index: _index, key: _key, group: _group, ...result } = kept;
    await folder.keepFinished(cell, result);
    here.add(index);
    onNew(cell, result.ticks, result.stoppedBy ?? 'finished');
  }
  return here.size;
}

/** Follows the workflow to its end, or until somebody stops; what is finished is fetched as it comes. */
async function follow(hosting: Hosting, worker: RunningService | null): Promise<Ran> {
  const { cells, folder, remote, handle, teller } = hosting;
  const beganMs = stopwatchMs();
  const stopping = listenForStop(() => teller.now());
  const failedHere = new Set<number>();
  const fetch = (): Promise<number> =>
    fetchResults(folder, cells, remote, (cell, ticks, words) => teller.ended(cell.index, `${cell.key}: ${words}`, 'finished', ticks));
  let progress: StudyProgress | null = null;
  let isPausing = false;
  try {
    for (;;) {
      const now = await askProgress(handle);
      progress = now ?? progress;
      for (const { index, message } of now?.failed ?? []) {
        if (failedHere.has(index)) continue;
        failedHere.add(index);
        teller.ended(index, `study: cell ${cells[index]?.key ?? index} failed: ${message}`, 'failed', 0);
      }
      await fetch();
      if (stopping.now.aborted) break;
      if (stopping.isEnding() && !isPausing) {
        isPausing = true;
        await handle.signal(studyPause);
      }
      if (progress !== null && progress.finished + progress.failed.length >= progress.cells) break;
      if (isPausing && progress?.isPaused === true && progress.underWay === 0) break;
      if (await isClosed(handle)) break;
      await wallDelay(lookEveryMs);
    }
    await fetch();
  } finally {
    stopping.close();
    teller.stop();
    await worker?.stop();
  }
  const failures = [...(progress?.failed ?? [])].sort((a, b) => a.index - b.index);
  return {
    failures: failures.map(({ index, message }) => ({ key: cells[index]?.key ?? String(index), message })),
    progress: teller.now(),
    seconds: (stopwatchMs() - beganMs) / 1_000,
  };
}

/** How the workflow says it stands; null while no worker can be asked. */
async function askProgress(handle: WorkflowHandle<typeof study>): Promise<StudyProgress | null> {
  try {
    return await handle.query(studyProgress);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw error;
    return null;
  }
}

async function isClosed(handle: WorkflowHandle<typeof study>): Promise<boolean> {
  try {
    const { status } = await handle.describe();
    return status.name !== 'RUNNING' && status.name !== 'CONTINUED_AS_NEW';
  } catch {
    // The server is away: what runs there goes on when it is back.
    return false;
  }
}

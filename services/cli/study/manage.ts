import { Connection, WorkflowClient, WorkflowNotFoundError, type WorkflowHandle } from '@temporalio/client';
import { connectBus } from '../../../shared/bus/connect.js';
import { openStudies, type StudyStore } from '../../../shared/bus/studies.js';
import { wallDelay } from '../../../shared/runtime/clock.js';
import type { Config } from '../../../shared/runtime/config.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { workflowIdOf } from '../../../workflows/messages.js';
import type { study } from '../../../workflows/study.js';
import { studyPause, studyProgress, studyResume, type StudyProgress } from '../../../workflows/studyMessages.js';
import { printJson, printTable } from '../output.js';
import type { StudyStanding } from './answer.js';
import { hostedIds, hostedStudy } from './hosted.js';

/** A query of a workflow that nobody works on is given up after this, ms. */
const queryWithinMs = 2_000;

/** The studies of a running twin. */
interface Desk {
  readonly store: StudyStore;
  handle(id: string): WorkflowHandle<typeof study>;
}

/** Runs with a connection to the servers of a twin, and closes it. */
async function withDesk<Value>(config: Config, run: (desk: Desk) => Promise<Value>): Promise<Value> {
  const { natsUrl: url, natsUser: user, natsPassword: password, component, root } = config;
  const bus = await connectBus({ url, user, password, component, root });
  const connection = Connection.lazy({ address: config.temporalAddress });
  const client = new WorkflowClient({ connection, namespace: config.temporalNamespace });
  try {
    const store = await openStudies(bus);
    return await run({ store, handle: (id) => client.getHandle<typeof study>(workflowIdOf(root, `study-${id}`)) });
  } finally {
    await connection.close();
    await bus.close();
  }
}

/** How every study on the servers stands, or one of them. */
export async function studyStatus(config: Config, id: string | undefined, options: { readonly json: boolean }): Promise<void> {
  await withDesk(config, async (desk) => {
    const ids = id === undefined ? await hostedIds(desk.store) : [await known(desk, id)];
    const standings = await Promise.all(ids.map((each) => standingOf(desk, each)));
    if (options.json) printJson(standings);
    else printTable(standings.map(rowOf), 'no study has been run on the servers of this twin');
  });
}

/** Tells how a study goes on until it ends, a line whenever something has changed. */
export async function watchStudy(config: Config, id: string, options: { readonly json: boolean }): Promise<void> {
  await withDesk(config, async (desk) => {
    const study = await known(desk, id);
    for (let last = ''; ; await wallDelay(500)) {
      const standing = await standingOf(desk, study);
      const line = JSON.stringify(standing);
      if (line !== last) process.stdout.write(`${options.json ? line : lineOf(standing)}\n`);
      last = line;
      if (!['running', 'paused', 'unknown'].includes(standing.state)) return;
    }
  });
}

/** Pauses, resumes or cancels a study on the servers. */
export async function controlStudy(config: Config, id: string, what: 'pause' | 'resume' | 'cancel'): Promise<void> {
  await withDesk(config, async (desk) => {
    const handle = desk.handle(await known(desk, id));
    try {
      if (what === 'cancel') await handle.cancel();
      else await handle.signal(what === 'pause' ? studyPause : studyResume);
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      throw wrongInput(`study ${what}: found ${id}, which is not running, allowed: a study that runs; see \`npx loadstone study status\``);
    }
    const words = { pause: 'paused: cells under way finish', resume: 'goes on', cancel: 'cancelled: what is finished is kept' }[what];
    process.stdout.write(`${id}: ${words}\n`);
  });
}

async function known({ store }: Desk, id: string): Promise<string> {
  const ids = await hostedIds(store);
  if (ids.includes(id)) return id;
  throw wrongInput(
    `study: found ${JSON.stringify(id)}, allowed: ${ids.length === 0 ? 'none, no study has been run here' : ids.join(', ')}`,
  );
}

async function standingOf({ store, handle }: Desk, id: string): Promise<StudyStanding> {
  const { manifest } = await hostedStudy(store, id).inputs();
  const finished = (await hostedStudy(store, id).finished()).length;
  const workflow = handle(id);
  const status = await workflow.describe().then(
    ({ status: { name } }) => name,
    (error: unknown) => {
      if (error instanceof WorkflowNotFoundError) return 'NONE';
      throw error;
    },
  );
  const progress = status === 'RUNNING' ? await within(workflow.query(studyProgress)) : null;
  return {
    id,
    name: manifest.study.name,
    state: stateOf(status, progress, finished >= manifest.cells),
    cells: manifest.cells,
    finished,
    failed: progress?.failed.length ?? null,
    underWay: progress?.underWay ?? null,
  };
}

function stateOf(status: string, progress: StudyProgress | null, isWhole: boolean): StudyStanding['state'] {
  if (status === 'RUNNING') return progress === null ? 'unknown' : progress.isPaused ? 'paused' : 'running';
  if (isWhole) return 'finished';
  return status === 'COMPLETED' ? 'failed' : 'stopped';
}

/** Null when nobody answers in time: no worker of studies is at work. */
async function within(asked: Promise<StudyProgress>): Promise<StudyProgress | null> {
  return Promise.race([asked.catch(() => null), wallDelay(queryWithinMs).then(() => null)]);
}

function rowOf({ id, state, cells, finished, failed, underWay }: StudyStanding) {
  return { study: id, state, cells, finished, failed: failed ?? '-', 'asked for': underWay ?? '-' };
}

function lineOf({ id, state, cells, finished, failed }: StudyStanding): string {
  const failures = failed === null || failed === 0 ? '' : `, ${failed} failed`;
  return `${id}: ${state}, ${finished} of ${cells} cells finished${failures}`;
}

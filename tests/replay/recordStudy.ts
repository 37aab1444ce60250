/**
 * Records the history of a study that `replay.test.ts` replays: `npx tsx tests/replay/recordStudy.ts`. Six cells, two at a time, one of which
 * fails, paused and resumed in the middle. What the cells give is in no history, so they are told as done at once.
 */
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { study } from '../../workflows/study.js';
import { studyPause, studyQueue, studyResume, type CellActivities } from '../../workflows/studyMessages.js';
import { bundleOf, quietRuntime } from '../support/sequences.js';
import { startServers } from '../support/stack.js';
import { keepHistory } from './histories.js';

quietRuntime();
const servers = await startServers({ nats: true, temporal: true });
const connection = await NativeConnection.connect({ address: servers.temporalAddress });
const activities: CellActivities = {
  runCell: async ({ index }) => (index === 3 ? { kind: 'failed', message: 'contracts[0].rampMinutes: found 60' } : { kind: 'finished' }),
};
const worker = await Worker.create({
  connection,
  namespace: servers.temporalNamespace,
  taskQueue: studyQueue,
  workflowBundle: { code: await bundleOf('real') },
  activities,
});
const client = new Client({
  connection: await Connection.connect({ address: servers.temporalAddress }),
  namespace: servers.temporalNamespace,
});
await worker.runUntil(async () => {
  const workflowId = 'study-recorded';
  const handle = await client.workflow.start(study, {
    workflowId,
    taskQueue: studyQueue,
    args: [{ id: 'recorded', cells: 6, inFlight: 2 }],
  });
  await handle.signal(studyPause);
  await handle.signal(studyResume);
  await handle.result();
  keepHistory('study', workflowId, 1, await handle.fetchHistory());
});
await connection.close();
await client.connection.close();
await servers.stop();
process.stderr.write('study: recorded\n');

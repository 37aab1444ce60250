import { NativeConnection, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import type { Bus } from '../shared/bus/connect.js';
import { createPublisher } from '../shared/bus/publish.js';
import type { RunningService } from '../shared/runtime/service.js';
import { createActivities, type Activities } from './activities.js';
import { taskQueue } from './messages.js';

export interface WorkerOptions {
  readonly address: string;
  readonly namespace: string;
  readonly bus: Bus;
  readonly workflowBundle: WorkflowBundleOption;
  /** Puts something around the activities; for drills. */
  readonly around?: (activities: Activities) => Activities;
}

/** Sequences kept in memory between advances; one that was put out is read back from its history. */
const cachedSequences = 200;

/** A worker of the sequences of one root; its end without a stop means that Temporal is gone. */
export async function startWorker(options: WorkerOptions): Promise<RunningService> {
  const connection = await NativeConnection.connect({ address: options.address });
  const publisher = createPublisher(options.bus);
  const activities = createActivities({ bus: options.bus, publisher });
  const worker = await Worker.create({
    connection,
    namespace: options.namespace,
    taskQueue,
    workflowBundle: options.workflowBundle,
    activities: options.around?.(activities) ?? activities,
    maxCachedWorkflows: cachedSequences,
    // How long the next step of a sequence waits for a worker that died before another takes it over.
    stickyQueueScheduleToStartTimeout: '2 seconds',
    shutdownGraceTime: '1 second',
    shutdownForceTime: '3 seconds',
  });
  const ended = worker.run();
  return {
    ended,
    stop: async () => {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await ended;
      publisher.close();
      await connection.close();
    },
  };
}

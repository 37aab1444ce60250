import { fileURLToPath } from 'node:url';
import { Connection, WorkflowClient } from '@temporalio/client';
import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import { createBridge, type BridgeState } from '../../services/workflow-bridge/bridge.js';
import { createSequenceClient, type BridgeTrouble, type SequenceClient } from '../../services/workflow-bridge/sequenceClient.js';
import type { Bus } from '../../shared/bus/connect.js';
import { createPublisher } from '../../shared/bus/publish.js';
import { readStream } from '../../shared/bus/read.js';
import { stamp, type Fact } from '../../shared/domain/fact.js';
import type { SequenceStart } from '../../shared/domain/sequence.js';
import type { Address } from '../../shared/domain/sequenceDesk.js';
import type { Host } from '../../shared/runtime/participant.js';
import type { RunningService } from '../../shared/runtime/service.js';
import type { Activities } from '../../workflows/activities.js';
import { bundleWorkflows } from '../../workflows/bundle.js';
import type { HostLimits } from '../../workflows/messages.js';
import { startWorker } from '../../workflows/sequenceWorker.js';
import { addressTo } from './address.js';
import { startServers, type TestServers } from './stack.js';

/** Real servers for sequences: those of the twin, or the counting ones of the tests. */
export interface SequenceBench {
  readonly servers: TestServers;
  readonly client: WorkflowClient;
  startWorker(around?: (activities: Activities) => Activities): Promise<RunningService>;
  sequences(starts: readonly SequenceStart[], onTrouble?: (trouble: BridgeTrouble) => void): SequenceClient;
  bridge(starts: readonly SequenceStart[], address?: Address): Host<BridgeState>;
  /** Facts of one entity in the stream, in order. */
  stored(entity: string): Promise<readonly Fact[]>;
  stop(): Promise<void>;
}

export interface BenchWanted {
  readonly workflows?: 'counting' | 'real';
  readonly limits?: HostLimits;
}

const workflowPaths = {
  counting: fileURLToPath(new URL('./countingWorkflows.ts', import.meta.url)),
  real: fileURLToPath(new URL('../../workflows/index.ts', import.meta.url)),
} as const;

/** Lets Temporal's worker speak of errors only; once per process. */
export function quietRuntime(): void {
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }) } },
  });
}

/** The workflows as the worker of a test runs them. */
export function bundleOf(workflows: 'counting' | 'real'): Promise<string> {
  return bundleWorkflows(workflowPaths[workflows]);
}

/** Starts NATS and Temporal, and nothing that works on sequences yet. */
export async function startSequenceBench({ workflows = 'counting', limits }: BenchWanted = {}): Promise<SequenceBench> {
  quietRuntime();
  const servers = await startServers({ nats: true, temporal: true });
  const code = await bundleOf(workflows);
  const connection = Connection.lazy({ address: servers.temporalAddress, interceptors: [] });
  const client = new WorkflowClient({ connection, namespace: servers.temporalNamespace });
  const workers: RunningService[] = [];
  const sequences: SequenceBench['sequences'] = (starts, onTrouble = () => undefined) =>
    createSequenceClient({ client, root: servers.root, starts, onTrouble, ...(limits === undefined ? {} : { limits }) });
  return {
    servers,
    client,
    sequences,
    startWorker: async (around) => {
      const bus = await servers.connect('worker');
      const options = { address: servers.temporalAddress, namespace: servers.temporalNamespace, bus, workflowBundle: { code } };
      const worker = await startWorker(around === undefined ? options : { ...options, around });
      workers.push(worker);
      return worker;
    },
    bridge: (starts, address = addressTo()) => createBridge({ sequences: sequences(starts), starts, hears: [], address }),
    stored: async (entity) => {
      const bus = await servers.connect('supervisor');
      const reader = readStream(bus, { patterns: [`${servers.root}.*.*.*.*.${entity}`] });
      const facts: Fact[] = [];
      if ((await reader.initialPending) === 0) return facts;
      for await (const heard of reader) {
        facts.push(heard.fact);
        if (heard.pending === 0) break;
      }
      return facts;
    },
    stop: async () => {
      try {
        for (const worker of workers) await worker.stop();
        await connection.close();
      } finally {
        await servers.stop();
      }
    },
  };
}

/** Publishes the clock's mark of a tick of one second. */
export async function markTick(bus: Bus, tick: number): Promise<void> {
  const { facts } = stamp(
    [{ type: 'clock.mark.v1', region: 'all', entity: 'twin', data: { tick, phase: 1, tickMinutes: 1, throughSequence: 0 } }],
    { component: 'clock', tick, phase: 1, startMs: tick * 1_000, counts: {} },
  );
  const publisher = createPublisher(bus);
  await publisher.publish(facts);
  publisher.close();
}

import type { FactType } from '../events/registry.js';

/** Root of the live world; what-if and test worlds use `run-<id>` and `test-<id>`. */
export const liveRoot = 'twin';

/** Streams of a root: all its facts in total order, the copy of what must stay, and the dead letters. */
export function streamsOf(root: string): { readonly facts: string; readonly record: string; readonly advisory: string } {
  const name = root.toUpperCase().replaceAll('-', '_');
  return { facts: name, record: `${name}_RECORD`, advisory: `${name}_ADVISORY` };
}

/** Buckets of a root: the world bundle, the snapshots of its services, and inputs and results of its studies. */
export function bucketsOf(root: string): {
  readonly world: string;
  readonly snapshot: string;
  readonly largeSnapshot: string;
  readonly studies: string;
} {
  const name = root.replaceAll('-', '_');
  return { world: `${name}_world`, snapshot: `${name}_snapshot`, largeSnapshot: `${name}_large_snapshot`, studies: `${name}_studies` };
}

/** Domains whose facts are kept for good in the record stream. */
export const recordedDomains = ['permit', 'buildout', 'training', 'control', 'alarm', 'study', 'telemetry'] as const;

export const streamLimits = {
  factsBytes: 8 * 2 ** 30,
  recordBytes: 4 * 2 ** 30,
  advisoryBytes: 256 * 2 ** 20,
  /** Each remembered id costs the server about 250 bytes. */
  dedupeMinutes: 2,
} as const;

interface ComponentRights {
  /** Facts it alone produces, by type; workflows produce through the worker. */
  readonly says: readonly FactType[];
  /** Requests it answers, as `<service>`; null: none. */
  readonly serves: boolean;
  /** Services it may ask. */
  readonly asks: readonly string[];
  /** May write the bundle and change streams. */
  readonly administers?: boolean;
  /** May keep a snapshot of its state. */
  readonly snapshots?: boolean;
  /** May read and write what studies begin with and give. */
  readonly studies?: boolean;
  /** Name of its durable consumer on the fact stream. */
  readonly durable?: boolean;
}

/** Who may say, answer, ask and keep what. One producer per type of fact; the tidy test checks it. */
export const topology: Readonly<Record<string, ComponentRights>> = {
  clock: { says: ['clock.mark.v1', 'clock.tick.v1', 'clock.rate.v1'], serves: true, asks: [] },
  'grid-supply': {
    says: [
      'grid.supply.v1',
      'grid.demand.v1',
      'grid.price.v1',
      'grid.flow.v1',
      'grid.curtailment.v1',
      'grid.reserve.v1',
      'grid.state.v1',
      'grid.contingency.v1',
      'grid.clearing.v1',
      'grid.security.v1',
      'grid.frequency.v1',
      'grid.change.v1',
      'grid.divergence.v1',
    ],
    serves: false,
    asks: ['clock'],
    snapshots: true,
  },
  'cluster-demand': {
    says: [
      'cluster.demand.v1',
      'cluster.power.v1',
      'cluster.progress.v1',
      'cluster.plan.v1',
      'cluster.throttle.v1',
      'cluster.checkpoint.v1',
      'cluster.savefailure.v1',
      'cluster.failure.v1',
      'cluster.pause.v1',
      'cluster.resume.v1',
      'cluster.limit.v1',
      'cluster.dip.v1',
      'cluster.transfer.v1',
      'cluster.backup.v1',
      'cluster.move.v1',
      'control.outcome.v1',
    ],
    serves: false,
    asks: ['clock'],
    snapshots: true,
  },
  flexibility: {
    says: ['control.offer.v1', 'control.loadtarget.v1', 'control.request.v1', 'control.breach.v1', 'control.compliance.v1'],
    serves: false,
    asks: ['clock'],
    snapshots: true,
  },
  'permit-office': {
    says: ['permit.queue.v1', 'permit.review.v1', 'permit.decision.v1', 'buildout.expectation.v1'],
    serves: false,
    asks: ['clock'],
    snapshots: true,
  },
  forecast: {
    says: ['forecast.demand.v1', 'forecast.supply.v1', 'forecast.netdemand.v1', 'forecast.price.v1', 'forecast.surge.v1'],
    serves: false,
    asks: ['clock'],
    snapshots: true,
  },
  adapters: { says: ['telemetry.demand.v1'], serves: false, asks: ['clock'] },
  'dsx-flex': { says: [], serves: false, asks: ['clock', 'api'] },
  'workflow-bridge': { says: [], serves: true, asks: ['clock'], snapshots: true },
  worker: {
    says: [
      'training.phase.v1',
      'training.verification.v1',
      'training.settlement.v1',
      'control.command.v1',
      'permit.filing.v1',
      'permit.phase.v1',
      'buildout.stage.v1',
      'buildout.order.v1',
      'buildout.block.v1',
      'buildout.site.v1',
      'buildout.gate.v1',
      'buildout.plan.v1',
    ],
    serves: false,
    asks: [],
  },
  alarms: {
    says: ['alarm.raised.v1', 'alarm.acknowledged.v1', 'alarm.cleared.v1', 'alarm.shelved.v1', 'alarm.service.v1', 'alarm.flood.v1'],
    serves: false,
    asks: ['clock'],
    snapshots: true,
  },
  api: { says: ['control.audit.v1', 'control.proposal.v1', 'control.note.v1'], serves: true, asks: ['clock', 'workflow-bridge'] },
  'history-writer': { says: [], serves: false, asks: ['clock'], durable: true },
  'dead-letter': { says: [], serves: true, asks: [], durable: true },
  supervisor: { says: [], serves: false, asks: ['clock'], administers: true },
  cli: { says: [], serves: false, asks: ['clock', 'api', 'workflow-bridge', 'dead-letter'], studies: true },
  study: { says: [], serves: false, asks: [], studies: true },
  integrator: { says: [], serves: false, asks: [] },
  /** The side of the grid in DSX Flex: says load targets and hears states of power, and nothing of the twin. */
  isv: { says: [], serves: false, asks: [] },
};

/** Everyone with a user of their own on the bus. */
export const components: readonly string[] = Object.keys(topology);

/** The component that alone produces a type of fact; platform conditions are open to all services. */
export function producerOf(type: FactType): string | undefined {
  return components.find((component) => topology[component]?.says.includes(type));
}

/** Durable consumers on the fact stream. */
export const durables: readonly string[] = components.filter((component) => topology[component]?.durable === true);

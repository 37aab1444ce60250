import {
  AckPolicy,
  DeliverPolicy,
  DiscardPolicy,
  nanos,
  RetentionPolicy,
  StorageType,
  type JetStreamManager,
  type StreamConfig,
} from 'nats';
import type { Bus } from './connect.js';
import { bucketsOf, durables, recordedDomains, streamLimits, streamsOf } from './topology.js';

type Settings = Partial<StreamConfig> & { readonly name: string };

/** Makes the streams and buckets of a root what the topology says, whatever is there; running it again changes nothing. */
export async function applyTopology(bus: Bus): Promise<void> {
  const manager = await bus.connection.jetstreamManager();
  for (const settings of streamSettings(bus.root)) await ensureStream(manager, settings);
  await ensureDurables(manager, bus.root);
  const jetstream = bus.connection.jetstream();
  const buckets = bucketsOf(bus.root);
  await jetstream.views.kv(buckets.snapshot, { history: 1, storage: StorageType.File });
  await jetstream.views.os(buckets.world, { storage: StorageType.File });
  await jetstream.views.os(buckets.largeSnapshot, { storage: StorageType.File });
  await jetstream.views.os(buckets.studies, { storage: StorageType.File });
}

/** Removes everything a root owns on the bus; for test and what-if worlds. */
export async function removeRoot(bus: Bus): Promise<void> {
  const manager = await bus.connection.jetstreamManager();
  const buckets = bucketsOf(bus.root);
  const { facts, record, advisory } = streamsOf(bus.root);
  const wanted = [
    record,
    advisory,
    facts,
    `KV_${buckets.snapshot}`,
    `OBJ_${buckets.world}`,
    `OBJ_${buckets.largeSnapshot}`,
    `OBJ_${buckets.studies}`,
  ];
  for await (const stream of manager.streams.list()) {
    if (wanted.includes(stream.config.name)) await manager.streams.delete(stream.config.name);
  }
}

function streamSettings(root: string): readonly Settings[] {
  const { facts, record, advisory } = streamsOf(root);
  const common = {
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    num_replicas: 1,
    allow_direct: true,
    max_msgs: -1,
    max_age: 0,
  };
  return [
    {
      ...common,
      name: facts,
      subjects: [`${root}.>`],
      discard: DiscardPolicy.Old,
      max_bytes: streamLimits.factsBytes,
      duplicate_window: nanos(streamLimits.dedupeMinutes * 60_000),
      deny_delete: true,
      deny_purge: true,
    },
    {
      ...common,
      name: record,
      discard: DiscardPolicy.New,
      max_bytes: streamLimits.recordBytes,
      sources: [
        {
          name: facts,
          subject_transforms: recordedDomains.map((domain) => ({
            src: `${root}.*.${domain}.>`,
            dest: `${root}.{{wildcard(1)}}.${domain}.>`,
          })),
        },
      ],
    },
    {
      ...common,
      name: advisory,
      subjects: [
        `advisory.${root}.deadletter.>`,
        `$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.${facts}.>`,
        `$JS.EVENT.ADVISORY.CONSUMER.MSG_TERMINATED.${facts}.>`,
      ],
      discard: DiscardPolicy.Old,
      max_bytes: streamLimits.advisoryBytes,
      duplicate_window: nanos(streamLimits.dedupeMinutes * 60_000),
    },
  ];
}

async function ensureStream(manager: JetStreamManager, settings: Settings): Promise<void> {
  for await (const existing of manager.streams.list()) {
    if (existing.config.name !== settings.name) continue;
    const { deny_delete: _delete, deny_purge: _purge, ...changeable } = settings;
    await manager.streams.update(settings.name, changeable as Partial<StreamConfig>);
    return;
  }
  await manager.streams.add(settings);
}

/** Sinks read with durables declared here, once: `dead-letter` the advisories, everyone else the facts. */
async function ensureDurables(manager: JetStreamManager, root: string): Promise<void> {
  const { facts, advisory } = streamsOf(root);
  for (const durable of durables) {
    const stream = durable === 'dead-letter' ? advisory : facts;
    const existing: string[] = [];
    for await (const consumer of manager.consumers.list(stream)) existing.push(consumer.name);
    const limits = { ack_wait: nanos(20_000), max_ack_pending: 20_000, max_deliver: -1 };
    if (existing.includes(durable)) await manager.consumers.update(stream, durable, limits);
    else
      await manager.consumers.add(stream, {
        durable_name: durable,
        ack_policy: AckPolicy.Explicit,
        deliver_policy: DeliverPolicy.All,
        ...limits,
      });
  }
}

import type { Bus } from './connect.js';
import { bucketsOf } from './topology.js';

/** State of a service that equals its reading of the stream up to and including `streamSequence`. */
export interface Snapshot<State> {
  readonly tick: number;
  readonly streamSequence: number;
  readonly state: State;
}

/** Larger snapshots go to the object store; a key-value entry is one message. */
const largestEntryBytes = 512 * 1024;

/** Where one service keeps its snapshot; nobody else writes it. */
export interface SnapshotStore<State> {
  load(): Promise<Snapshot<State> | null>;
  save(snapshot: Snapshot<State>): Promise<void>;
}

/** The snapshot store of the component behind a connection. */
export async function openSnapshots<State>(bus: Bus): Promise<SnapshotStore<State>> {
  const buckets = bucketsOf(bus.root);
  const jetstream = bus.connection.jetstream();
  const entries = await jetstream.views.kv(buckets.snapshot, { bindOnly: true });
  const large = await jetstream.views.os(buckets.largeSnapshot);
  return {
    load: async () => {
      const entry = await entries.get(bus.component);
      if (entry === null || entry.operation !== 'PUT') return null;
      const text = entry.string();
      if (text !== 'large') return JSON.parse(text) as Snapshot<State>;
      const blob = await large.getBlob(bus.component);
      return blob === null ? null : (JSON.parse(new TextDecoder().decode(blob)) as Snapshot<State>);
    },
    save: async (snapshot) => {
      const bytes = new TextEncoder().encode(JSON.stringify(snapshot));
      if (bytes.length <= largestEntryBytes) {
        await entries.put(bus.component, bytes);
        return;
      }
      await large.putBlob({ name: bus.component }, bytes);
      await entries.put(bus.component, new TextEncoder().encode('large'));
    },
  };
}

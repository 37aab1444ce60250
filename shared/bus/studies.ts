import { NatsError } from 'nats';
import { stopwatchMs, wallDelay } from '../runtime/clock.js';
import type { Bus } from './connect.js';
import { bucketsOf } from './topology.js';

/** What studies of a root begin with and give: texts by name, `<study>/<what>`. */
export interface StudyStore {
  /** Null: there is none of this name. */
  read(name: string): Promise<string | null>;
  write(name: string, text: string): Promise<void>;
  /** Names that begin with a prefix, sorted. */
  names(prefix: string): Promise<readonly string[]>;
  remove(name: string): Promise<void>;
}

/** How long a server may be away before a call gives up, and how often it is tried, ms. */
const patienceMs = 120_000;
const tryEveryMs = 500;

/** The studies of the root behind a connection; calls wait for a server that is away. */
export async function openStudies(bus: Bus): Promise<StudyStore> {
  const store = await bus.connection.jetstream().views.os(bucketsOf(bus.root).studies);
  return {
    read: async (name) => {
      const blob = await patiently(() => store.getBlob(name));
      return blob === null ? null : new TextDecoder().decode(blob);
    },
    write: async (name, text) => void (await patiently(() => store.putBlob({ name }, new TextEncoder().encode(text)))),
    names: async (prefix) => {
      const all = await patiently(() => store.list());
      return all.flatMap(({ name, deleted }) => (!deleted && name.startsWith(prefix) ? [name] : [])).sort();
    },
    remove: async (name) => void (await patiently(() => store.delete(name))),
  };
}

/** Tries again while the server is away; whatever it says once it answers is thrown. */
async function patiently<Value>(attempt: () => Promise<Value>): Promise<Value> {
  const beganMs = stopwatchMs();
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      const isAway = error instanceof NatsError && ['TIMEOUT', '503', 'DISCONNECT', 'CONNECTION_REFUSED'].includes(error.code);
      if (!isAway || stopwatchMs() - beganMs > patienceMs) throw error;
      await wallDelay(tryEveryMs);
    }
  }
}

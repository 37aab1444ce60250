import { connectBus, type Bus } from '../bus/connect.js';
import { filterOf } from '../bus/envelope.js';
import { readStream, type FactReader } from '../bus/read.js';
import { ask } from '../bus/request.js';
import { sequenceAt } from '../bus/seek.js';
import { streamsOf } from '../bus/topology.js';
import type { FactOf, FactType } from '../domain/fact.js';

export { cloudEventMessage, type CloudEventMessage } from './cloudEvent.js';
export type { Fact, FactDataOf, FactOf, FactType } from '../domain/fact.js';
export { TwinError, type TwinErrorCode } from '../runtime/errors.js';

/** Where a twin is and who asks; address and passwords are in `.loadstone/run` of the twin. */
export interface TwinAddress {
  readonly url: string;
  /** A user of the twin: `integrator` reads and does nothing else. */
  readonly user: string;
  readonly password: string;
  /** Absent: the live world, `twin`. */
  readonly root?: string;
}

/**
 * Where a subscription begins: with what comes from now on; with the newest fact of each subject, then everything that follows without a
 * gap; with all there is; or with the facts of a twin instant and later, ms UTC.
 */
export type From = 'now' | 'last' | 'beginning' | { readonly twinMs: number };

/** What of some types of fact is heard. */
export interface Narrow {
  /** Balancing area, or `all`. */
  readonly region?: string;
  readonly entity?: string;
  /** Absent: `last`. */
  readonly from?: From;
  /** The record keeps permits, build-out, training, control, alarms and studies for good; absent: the stream of all facts. */
  readonly stream?: 'facts' | 'record';
  /** Told of each message that is no fact; reading goes on. */
  readonly onMalformed?: (reason: string) => void;
}

/** A fact of one of some types, told apart by `type`. */
export type FactIn<Type extends FactType> = { [Each in Type]: FactOf<Each> }[Type];

/** Facts in the order of the stream, each once, across reconnects; ends when it is closed or the client is drained. */
export interface Subscription<Type extends FactType> extends AsyncIterable<FactIn<Type>> {
  close(): void;
}

/** A connection to a running twin. */
export interface TwinClient {
  /** Facts of some types, as they are declared, from the moment the answer is here on. @throws TWIN_REFUSED when the user may not read. */
  subscribe<Type extends FactType>(types: Type | readonly Type[], narrow?: Narrow): Promise<Subscription<Type>>;
  /** Asks a service for something, as the command line does; @throws what it refuses with, or TWIN_BUS_UNAVAILABLE. */
  request<Value>(service: string, verb: string, body?: unknown): Promise<Value>;
  /** Ends every subscription and the connection, what was heard already handed out. */
  drain(): Promise<void>;
}

/** Connects to a twin, and stays connected: it tries again without end while the server is away. */
export async function connectTwin({ url, user, password, root = 'twin' }: TwinAddress): Promise<TwinClient> {
  const bus = await connectBus({ url, user, password, component: user, root });
  const readers = new Set<FactReader>();
  return {
    subscribe: async (types, narrow = {}) => {
      const wanted: readonly FactType[] = typeof types === 'string' ? [types] : types;
      const reader = await readerOf(bus, wanted, narrow);
      readers.add(reader);
      return subscriptionOf(reader, typeof narrow.from === 'object' ? narrow.from.twinMs : -Infinity, () => readers.delete(reader));
    },
    request: (service, verb, body = {}) => ask(bus, service, verb, body),
    drain: async () => {
      for (const reader of readers) reader.close();
      await bus.close();
    },
  };
}

async function readerOf(bus: Bus, types: readonly FactType[], narrow: Narrow): Promise<FactReader> {
  const { region, entity, from = 'last', onMalformed } = narrow;
  const stream = streamsOf(bus.root)[narrow.stream ?? 'facts'];
  const patterns = types.map((type) =>
    filterOf(bus.root, { type, ...(region === undefined ? {} : { region }), ...(entity === undefined ? {} : { entity }) }),
  );
  const reader = readStream(bus, {
    stream,
    patterns,
    ...(onMalformed === undefined ? {} : { onMalformed: ({ reason }: { readonly reason: string }) => onMalformed(reason) }),
    ...(from === 'now' ? { startNew: true } : {}),
    ...(from === 'last' ? { lastPerSubject: true } : {}),
    ...(typeof from === 'object' ? { fromSequence: await sequenceAt(bus, stream, from.twinMs) } : {}),
  });
  // What is said between the call and the answer of the server belongs to neither the newest nor what follows it.
  await reader.initialPending;
  return reader;
}

/** The facts of a reader that are of an instant or later. */
function subscriptionOf<Type extends FactType>(reader: FactReader, fromMs: number, onEnd: () => void): Subscription<Type> {
  const close = (): void => {
    reader.close();
    onEnd();
  };
  return {
    close,
    [Symbol.asyncIterator]: async function* () {
      try {
        for await (const { fact } of reader) {
          // The subjects read are those of the types asked for.
          if (fact.timeMs >= fromMs) yield fact as unknown as FactIn<Type>;
        }
      } finally {
        close();
      }
    },
  };
}

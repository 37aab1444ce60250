import type { Logger } from 'pino';
import type { Bus } from '../bus/connect.js';
import { sendDeadLetter } from '../bus/deadLetter.js';
import { createPublisher } from '../bus/publish.js';
import { readStream, type FactReader, type ReadOptions } from '../bus/read.js';
import { openSnapshots, type SnapshotStore } from '../bus/snapshot.js';
import { streamsOf } from '../bus/topology.js';
import type { Fact, FactType } from '../domain/fact.js';
import type { Phase } from '../domain/ticks.js';
import { wallNow } from './clock.js';

/** Answer of a participant to a mark, on `svc.<root>.done`. */
export interface Done {
  readonly component: string;
  readonly tick: number;
  readonly phase: Phase;
  readonly lastSequence: number;
}

/** Everything a participant has of the world outside: the stream, the place of its snapshot, the ear of the clock, and wall time. */
export interface Doors<Kept> {
  /** Stores facts in the stream, each once; answers the last stream sequence (0 for no facts). Waits without end while the server is away. */
  publish(facts: readonly Fact[]): Promise<number>;
  /** Facts of some types in stream order, each once. */
  read(options: Required<Pick<ReadOptions, 'fromSequence' | 'untilCaughtUp'>> & { readonly types: readonly FactType[] }): FactReader;
  /** Sequence of the oldest fact that the stream still has. */
  firstSequence(): Promise<number>;
  readonly snapshots: SnapshotStore<Kept>;
  /** Tells the clock once; it may be lost. */
  tellClock(done: Done): void;
  /** Wall instant, ms; it may jump. */
  nowMs(): number;
  /** Repeats an action at a period of wall time until the answered function is called. */
  every(periodMs: number, action: () => void): () => void;
  close(): void;
}

/** The doors of a service: its own bus and this machine. */
export async function openDoors<Kept>(bus: Bus, log: Logger): Promise<Doors<Kept>> {
  const { facts: stream } = streamsOf(bus.root);
  const publisher = createPublisher(bus);
  return {
    publish: publisher.publish,
    snapshots: await openSnapshots<Kept>(bus),
    nowMs: wallNow,
    read: (options) =>
      readStream(bus, {
        ...options,
        onMalformed: (trouble) => {
          log.warn({ subject: trouble.subject, sequence: trouble.sequence, reason: trouble.reason }, 'malformed message');
          publisher.meanwhile(sendDeadLetter(publisher, bus.root, { ...trouble, stream, consumer: bus.component }));
        },
      }),
    firstSequence: async () => {
      const manager = await bus.connection.jetstreamManager({ checkAPI: false });
      return (await manager.streams.info(stream)).state.first_seq;
    },
    tellClock: (done) => {
      if (!bus.connection.isClosed()) bus.connection.publish(doneSubject(bus.root), JSON.stringify(done));
    },
    every: (periodMs, action) => {
      const timer = setInterval(action, periodMs);
      return () => clearInterval(timer);
    },
    close: publisher.close,
  };
}

/** Where participants answer the clock. */
export function doneSubject(root: string): string {
  return `svc.${root}.done`;
}

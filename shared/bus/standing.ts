import type { Bus } from './connect.js';
import { streamsOf } from './topology.js';

/** What one stream holds. */
export interface StreamStanding {
  readonly messages: number;
  readonly bytes: number;
  readonly lastSequence: number;
}

/** How far a durable consumer of the facts is. */
export interface ConsumerStanding {
  /** Facts it has not been sent yet. */
  readonly pendingFacts: number;
  /** Facts sent and not acknowledged. */
  readonly unacknowledgedFacts: number;
  /** Those of them that were sent more than once. */
  readonly redeliveredFacts: number;
  /** Everything ever sent to it, repeats included. */
  readonly deliveries: number;
}

/** Streams, historian and dead letters of a root, as the server counts them. */
export interface BusStanding {
  readonly streams: Readonly<Record<'facts' | 'record' | 'advisory', StreamStanding>>;
  readonly consumers: Readonly<Record<string, ConsumerStanding>>;
  /** Messages nobody could use, by the consumer that gave them up. */
  readonly deadLetters: Readonly<Record<string, number>>;
}

const historian = 'history-writer';
const answerMs = 5_000;

/** Asks the server how everything stands. @throws when it does not answer within five seconds. */
export async function busStanding(bus: Bus): Promise<BusStanding> {
  const manager = await bus.connection.jetstreamManager({ checkAPI: false, timeout: answerMs });
  const names = streamsOf(bus.root);
  const letters = `advisory.${bus.root}.deadletter.`;
  const [facts, record, advisory, consumer] = await Promise.all([
    manager.streams.info(names.facts),
    manager.streams.info(names.record),
    manager.streams.info(names.advisory, { subjects_filter: `${letters}>` }),
    manager.consumers.info(names.facts, historian),
  ]);
  const standing = ({ state }: typeof facts): StreamStanding => ({
    messages: state.messages,
    bytes: state.bytes,
    lastSequence: state.last_seq,
  });
  return {
    streams: { facts: standing(facts), record: standing(record), advisory: standing(advisory) },
    consumers: {
      [historian]: {
        pendingFacts: consumer.num_pending,
        unacknowledgedFacts: consumer.num_ack_pending,
        redeliveredFacts: consumer.num_redelivered,
        deliveries: consumer.delivered.consumer_seq,
      },
    },
    deadLetters: Object.fromEntries(
      Object.entries(advisory.state.subjects ?? {}).map(([subject, messages]) => [subject.slice(letters.length), messages]),
    ),
  };
}

import type { Logger } from 'pino';
import type { Bus } from '../../shared/bus/connect.js';
import { sendDeadLetter } from '../../shared/bus/deadLetter.js';
import type { Publisher } from '../../shared/bus/publish.js';
import { streamsOf } from '../../shared/bus/topology.js';
import { wallDelay } from '../../shared/runtime/clock.js';
import { storedMessage } from './letters.js';

/** What the server says when it gives a message up for a consumer. Source: io.nats.jetstream.advisory.v1.{terminated,max_deliver}. */
interface Advisory {
  readonly type: string;
  readonly stream: string;
  readonly consumer: string;
  readonly stream_seq: number;
  readonly deliveries: number;
  readonly reason?: string;
}

const durable = 'dead-letter';
const retryMs = 500;

/** Reads the stream of dead letters until closed: logs each, and makes one of every message the server gave up for a consumer. */
export function watchAdvisories(bus: Bus, publisher: Publisher, log: Logger): { close(): Promise<void> } {
  let isClosed = false;
  let stopReading = (): void => undefined;
  const run = async (): Promise<void> => {
    while (!isClosed) {
      try {
        const consumer = await bus.connection.jetstream().consumers.get(streamsOf(bus.root).advisory, durable);
        const messages = await consumer.consume({ max_messages: 100, expires: 5_000, abort_on_missing_resource: true });
        stopReading = () => messages.stop();
        for await (const message of messages) {
          await take(bus, publisher, log, { subject: message.subject, data: message.data });
          message.ack();
        }
      } catch (error) {
        // The server is away: what is not acknowledged comes again.
        if (!isClosed) log.debug({ error: String(error) }, 'reads the dead letters again');
      }
      if (!isClosed) await wallDelay(retryMs);
    }
  };
  const running = run();
  return {
    close: async () => {
      isClosed = true;
      stopReading();
      await running;
    },
  };
}

async function take(
  bus: Bus,
  publisher: Publisher,
  log: Logger,
  message: { readonly subject: string; readonly data: Uint8Array },
): Promise<void> {
  if (!message.subject.startsWith('$JS.')) {
    log.warn({ consumer: message.subject.split('.').at(-1) }, 'dead letter kept');
    return;
  }
  const advisory = JSON.parse(new TextDecoder().decode(message.data)) as Advisory;
  const original = await storedMessage(bus, advisory.stream, advisory.stream_seq);
  const gaveUp = advisory.type.endsWith('terminated') ? 'ended by its consumer' : `given up after ${advisory.deliveries} deliveries`;
  const missing = original === null ? '; the original has left the stream' : '';
  await sendDeadLetter(publisher, bus.root, {
    stream: advisory.stream,
    sequence: advisory.stream_seq,
    consumer: advisory.consumer,
    reason: `${advisory.reason ?? gaveUp}${missing}`,
    subject: original?.subject ?? '',
    original: original?.data ?? new Uint8Array(),
  });
}

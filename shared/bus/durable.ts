import type { ConsumerMessages, JsMsg } from 'nats';
import { wallDelay } from '../runtime/clock.js';
import { TwinError } from '../runtime/errors.js';
import type { Bus } from './connect.js';
import { decodeFact } from './envelope.js';
import type { Heard, Malformed } from './read.js';
import { streamsOf } from './topology.js';

export interface DurableOptions {
  /** Durable consumer, named after its component; the topology declares it. */
  readonly durable: string;
  /** Largest batch. */
  readonly maxBatch: number;
  /** Longest wait for a batch to fill, wall ms. */
  readonly maxWaitMs: number;
  /** Takes a batch for good; the batch is acknowledged when it resolves, and delivered again when it throws. */
  readonly handle: (batch: readonly Heard[]) => Promise<void>;
  /** Keeps a message that is no fact; awaited before it counts as taken. */
  readonly onMalformed: (trouble: Malformed) => Promise<void>;
}

export interface DurableConsumer {
  close(): Promise<void>;
}

/** Pause before a failed batch or a missing consumer is tried again, wall ms. */
const retryMs = 500;

/** Feeds every fact of the root to a sink, in order, at least once. A batch is acknowledged only when it has been handled. */
export function consumeDurable(bus: Bus, options: DurableOptions): DurableConsumer {
  let closed = false;
  let messages: ConsumerMessages | null = null;

  const run = async (): Promise<void> => {
    while (!closed) {
      try {
        const consumer = await bus.connection.jetstream().consumers.get(streamsOf(bus.root).facts, options.durable);
        messages = await consumer.consume({ max_messages: options.maxBatch * 2, expires: 5_000, abort_on_missing_resource: true });
        await takeBatches(messages, options);
      } catch (error) {
        if (closed || bus.connection.isClosed()) return;
        // The server is away or a batch was not taken: what is not acknowledged comes again.
        if (error instanceof TwinError && !error.retryable) throw error;
      }
      messages?.stop();
      if (!closed) await wallDelay(retryMs);
    }
  };
  const running = run();
  return {
    close: async () => {
      closed = true;
      messages?.stop();
      await running;
    },
  };
}

async function takeBatches(messages: ConsumerMessages, options: DurableOptions): Promise<void> {
  let batch: JsMsg[] = [];
  const iterator = messages[Symbol.asyncIterator]();
  let next = iterator.next();
  let full: Promise<'waited'> | null = null;
  while (true) {
    const result: IteratorResult<JsMsg> | 'waited' = await (full === null ? next : Promise.race([next, full]));
    if (result !== 'waited') {
      if (result.done === true) break;
      // The wait counts from the first message, so that a trickle cannot hold a batch back.
      full ??= wallDelay(options.maxWaitMs).then(() => 'waited' as const);
      batch.push(result.value);
      next = iterator.next();
      if (batch.length < options.maxBatch) continue;
    }
    await take(batch, options);
    batch = [];
    full = null;
  }
  if (batch.length > 0) await take(batch, options);
}

async function take(batch: readonly JsMsg[], options: DurableOptions): Promise<void> {
  const heard: Heard[] = [];
  for (const message of batch) {
    try {
      heard.push({
        fact: decodeFact(message.data, message.subject),
        sequence: message.seq,
        subject: message.subject,
        pending: message.info.pending,
      });
    } catch (error) {
      if (!(error instanceof TwinError)) throw error;
      await options.onMalformed({ subject: message.subject, sequence: message.seq, reason: error.message, original: message.data });
    }
  }
  try {
    await options.handle(heard);
  } catch (error) {
    for (const message of batch) message.nak(retryMs);
    throw error;
  }
  for (const message of batch) message.ack();
}

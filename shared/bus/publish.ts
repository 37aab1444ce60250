import { createInbox, headers, type Msg } from 'nats';
import type { Fact } from '../domain/fact.js';
import { TwinError } from '../runtime/errors.js';
import { wallNow } from '../runtime/clock.js';
import type { Bus } from './connect.js';
import { encodeFact, messageIdOf, subjectOf } from './envelope.js';
import { inboxPrefix } from './rights.js';

/** How long an unanswered publish waits before it is sent again with the same id. */
const resendAfterMs = 1_000;

/** Publishes facts and waits until the stream has stored each of them. */
export interface Publisher {
  /**
   * Stores facts in the stream, each once however often it is sent; answers the last stream sequence (0 for no facts).
   * Waits without end while the server is away. @throws TWIN_REFUSED when the stream refuses a fact.
   */
  publish(facts: readonly Fact[]): Promise<number>;
  /**
   * Lets a publish run on without being waited for. What is not stored when the publisher is closed is left to whoever starts next; a
   * refusal ends the process.
   */
  meanwhile(publishing: Promise<unknown>): void;
  /** The same for one message that is no fact, such as a dead letter. */
  publishRaw(subject: string, payload: Uint8Array, messageId: string): Promise<number>;
  close(): void;
}

interface Outstanding {
  readonly subject: string;
  readonly payload: Uint8Array;
  readonly messageId: string;
  sentAtMs: number;
  readonly resolve: (sequence: number) => void;
  readonly reject: (error: Error) => void;
}

interface PublishAnswer {
  readonly seq?: number;
  readonly error?: { readonly code: number; readonly err_code?: number; readonly description: string };
}

/** A refusal that time or a returning server can mend, such as a leader that is not ready yet. */
function isPassing(error: { readonly code: number }): boolean {
  return error.code === 503 || error.code === 408;
}

/** One acknowledgement inbox for the whole connection: about twice as fast as a request per fact. */
export function createPublisher(bus: Bus): Publisher {
  const inbox = createInbox(inboxPrefix(bus.component));
  const outstanding = new Map<string, Outstanding>();
  let counter = 0;
  let isClosed = false;

  const send = (key: string, entry: Outstanding): void => {
    entry.sentAtMs = wallNow();
    if (bus.connection.isClosed()) return;
    const head = headers();
    head.set('Nats-Msg-Id', entry.messageId);
    bus.connection.publish(entry.subject, entry.payload, { reply: `${inbox}.${key}`, headers: head });
  };
  const subscription = bus.connection.subscribe(`${inbox}.*`, {
    callback: (error, message) => {
      if (error !== null) return;
      settle(message, outstanding);
    },
  });
  const resend = setInterval(() => {
    const now = wallNow();
    for (const [key, entry] of outstanding) if (now - entry.sentAtMs >= resendAfterMs) send(key, entry);
  }, resendAfterMs / 4);

  const publishRaw = (subject: string, payload: Uint8Array, messageId: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const key = (counter++).toString(36);
      const entry: Outstanding = { subject, payload, messageId, sentAtMs: 0, resolve, reject };
      outstanding.set(key, entry);
      send(key, entry);
    });

  return {
    publishRaw,
    publish: async (facts) => {
      const sequences = await Promise.all(
        facts.map((fact) => publishRaw(subjectOf(bus.root, fact), encodeFact(fact), messageIdOf(bus.root, fact))),
      );
      return sequences.reduce((last, sequence) => Math.max(last, sequence), 0);
    },
    meanwhile: (publishing) => {
      publishing.catch((error: unknown) => {
        if (!isClosed) throw error;
      });
    },
    close: () => {
      isClosed = true;
      clearInterval(resend);
      subscription.unsubscribe();
      for (const entry of outstanding.values())
        entry.reject(new TwinError('TWIN_BUS_UNAVAILABLE', `${entry.subject}: closed before it was stored`));
      outstanding.clear();
    },
  };
}

function settle(message: Msg, outstanding: Map<string, Outstanding>): void {
  const key = message.subject.slice(message.subject.lastIndexOf('.') + 1);
  const entry = outstanding.get(key);
  // No responders (an empty 503) means the stream is not there yet: the resend timer tries again.
  if (entry === undefined || message.data.length === 0) return;
  const answer = JSON.parse(message.string()) as PublishAnswer;
  if (answer.error !== undefined) {
    if (isPassing(answer.error)) return;
    outstanding.delete(key);
    entry.reject(new TwinError('TWIN_REFUSED', `${entry.subject}: the stream refused it: ${answer.error.description}`));
    return;
  }
  outstanding.delete(key);
  entry.resolve(answer.seq ?? 0);
}

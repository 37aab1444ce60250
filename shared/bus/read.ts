import { AckPolicy, createInbox, DeliverPolicy, ErrorCode, nanos, NatsError, nuid, type Msg, type Subscription } from 'nats';
import type { Fact, FactType } from '../domain/fact.js';
import { wallNow } from '../runtime/clock.js';
import { TwinError } from '../runtime/errors.js';
import type { Bus } from './connect.js';
import { decodeFact, filterOf } from './envelope.js';
import { inboxPrefix } from './rights.js';
import { streamsOf } from './topology.js';

/** A fact with its place in the stream. */
export interface Heard {
  readonly fact: Fact;
  readonly sequence: number;
  readonly subject: string;
  /** Matching messages that wait behind it in the stream. */
  readonly pending: number;
}

export interface ReadOptions {
  /** First stream sequence to read. Default: the beginning. */
  readonly fromSequence?: number;
  /** Only what comes from now on. */
  readonly startNew?: boolean;
  /** The newest fact of each subject, then everything that follows, without a gap. */
  readonly lastPerSubject?: boolean;
  readonly types?: readonly FactType[];
  /** Subject filters, when types are not enough. */
  readonly patterns?: readonly string[];
  /** Stream to read; the facts of the root by default. */
  readonly stream?: string;
  /** Ends once everything that is there has been read; messages that are no facts count as read. */
  readonly untilCaughtUp?: boolean;
  /** Told of each message that is no fact; reading goes on. */
  readonly onMalformed?: (trouble: Malformed) => void;
}

export interface Malformed {
  readonly subject: string;
  readonly sequence: number;
  readonly reason: string;
  readonly original: Uint8Array;
}

/** Facts in stream order, each once, across reconnects and restarts of the server. */
export interface FactReader extends AsyncIterable<Heard> {
  /** Matching messages that were in the stream when reading began. */
  readonly initialPending: Promise<number>;
  /** Resolves once everything that was there has been handed out; also when the last of it was no fact. */
  readonly caughtUp: Promise<void>;
  close(): void;
}

const heartbeatMs = 2_000;
const checkMs = 500;

interface ReaderState {
  readonly queue: (Heard | Msg)[];
  wake: (() => void) | null;
  closed: boolean;
  /** Last stream sequence taken from the consumer; reading goes on behind it. */
  lastSequence: number;
  /** Last sequence of the present consumer, to notice a gap. */
  deliverySequence: number;
  heardAtMs: number;
  subscription: Subscription | null;
  consumerName: string;
  opening: boolean;
  /** Messages that wait behind the last one that came; null: not known. */
  pending: number | null;
  failure: TwinError | null;
}

/** Reads a stream in order with an own push consumer, made anew behind the last fact whenever it falters. */
export function readStream(bus: Bus, options: ReadOptions = {}): FactReader {
  const stream = options.stream ?? streamsOf(bus.root).facts;
  const state: ReaderState = {
    queue: [],
    wake: null,
    closed: false,
    lastSequence: (options.fromSequence ?? 1) - 1,
    deliverySequence: 0,
    heardAtMs: wallNow(),
    subscription: null,
    consumerName: '',
    opening: false,
    pending: null,
    failure: null,
  };
  let started = options.fromSequence !== undefined;
  let tellInitialPending: (pending: number) => void = () => undefined;
  const initialPending = new Promise<number>((resolve) => (tellInitialPending = resolve));
  let tellCaughtUp: () => void = () => undefined;
  const caughtUp = new Promise<void>((resolve) => (tellCaughtUp = resolve));
  const notify = (): void => {
    state.wake?.();
    state.wake = null;
  };

  const open = async (): Promise<void> => {
    if (state.closed || state.opening || bus.connection.isClosed()) return;
    state.opening = true;
    state.pending = null;
    state.subscription?.unsubscribe();
    const inbox = createInbox(inboxPrefix(bus.component));
    state.deliverySequence = 0;
    state.subscription = bus.connection.subscribe(inbox, {
      callback: (error, message) => {
        if (error === null) receive(message);
      },
    });
    try {
      const manager = await bus.connection.jetstreamManager({ checkAPI: false, timeout: 3_000 });
      state.consumerName = `${bus.component}-${nuid.next()}`;
      const consumer = await manager.consumers.add(stream, {
        name: state.consumerName,
        deliver_subject: inbox,
        ack_policy: AckPolicy.None,
        max_deliver: 1,
        mem_storage: true,
        num_replicas: 1,
        flow_control: true,
        idle_heartbeat: nanos(heartbeatMs),
        inactive_threshold: nanos(10_000),
        filter_subjects: [...filtersOf(bus, options)],
        ...startOf(options, started, state.lastSequence),
      });
      state.heardAtMs = wallNow();
      if (options.startNew === true && !started && consumer.delivered.consumer_seq === 0) {
        // A reader that is opened again goes on from here, not from what is the end by then.
        started = true;
        state.lastSequence = consumer.delivered.stream_seq;
      }
      // What was delivered before the server answered is still in our queue.
      const pending = consumer.num_pending + consumer.delivered.consumer_seq;
      tellInitialPending(pending);
      if (pending === 0) state.pending ??= 0;
      notify();
    } catch (error) {
      if (error instanceof NatsError && error.code === ErrorCode.PermissionsViolation) fail(error);
      // The server is away or the stream is not there yet: the watchdog below opens again.
      state.heardAtMs = wallNow() - 2 * heartbeatMs;
    } finally {
      state.opening = false;
    }
  };

  const fail = (cause: Error): void => {
    state.failure = new TwinError('TWIN_REFUSED', `${bus.component}: may not read ${stream}: ${cause.message}`, { cause });
    tellInitialPending(0);
    notify();
  };

  const receive = (message: Msg): void => {
    state.heardAtMs = wallNow();
    if (message.headers?.code === 100) {
      answerControl(bus, message, state);
      return;
    }
    const info = placeOf(message.reply ?? '');
    if (info.deliverySequence !== state.deliverySequence + 1) {
      void open();
      return;
    }
    state.deliverySequence = info.deliverySequence;
    state.pending = info.pending;
    if (info.streamSequence <= state.lastSequence) {
      notify();
      return;
    }
    state.lastSequence = info.streamSequence;
    started = true;
    const heard = decode(message, info.streamSequence, info.pending, options);
    if (heard !== null) state.queue.push(heard);
    notify();
  };

  const watchdog = setInterval(() => {
    if (bus.connection.isClosed()) close();
    else if (wallNow() - state.heardAtMs > 2 * heartbeatMs) void open();
  }, checkMs);
  const reconnects = watchReconnects(bus, () => void open());
  void open();

  const close = (): void => {
    if (state.closed) return;
    state.closed = true;
    clearInterval(watchdog);
    reconnects();
    state.subscription?.unsubscribe();
    tellInitialPending(0);
    tellCaughtUp();
    notify();
  };
  const iterator = () => iterate(bus, state, { close, tellCaughtUp, isUntilCaughtUp: options.untilCaughtUp === true });
  return { close, initialPending, caughtUp, [Symbol.asyncIterator]: iterator };
}

function iterate(
  bus: Bus,
  state: ReaderState,
  how: { readonly close: () => void; readonly tellCaughtUp: () => void; readonly isUntilCaughtUp: boolean },
): AsyncIterator<Heard> {
  const { close, tellCaughtUp, isUntilCaughtUp } = how;
  return {
    next: async () => {
      while (true) {
        const head = state.queue.shift();
        if (head !== undefined) {
          if ('fact' in head) return { value: head, done: false };
          // Flow control is answered only when everything before it has been taken: that is the back-pressure.
          if (head.reply !== undefined && !bus.connection.isClosed()) bus.connection.publish(head.reply);
          continue;
        }
        if (state.failure !== null) throw state.failure;
        if (state.pending === 0) {
          tellCaughtUp();
          if (isUntilCaughtUp) close();
        }
        if (state.closed) return { value: undefined, done: true };
        await new Promise<void>((resolve) => (state.wake = resolve));
      }
    },
    return: async () => {
      close();
      return { value: undefined, done: true };
    },
  };
}

/** Sequences in the reply subject `$JS.ACK[.<domain>.<account>].<stream>.<consumer>.<delivered>.<stream seq>.<consumer seq>.<time>.<pending>[.<token>]`. */
function placeOf(reply: string): { readonly streamSequence: number; readonly deliverySequence: number; readonly pending: number } {
  const tokens = reply.split('.');
  const first = tokens.length > 9 ? 7 : 5;
  return { streamSequence: Number(tokens[first]), deliverySequence: Number(tokens[first + 1]), pending: Number(tokens[first + 3]) };
}

function answerControl(bus: Bus, message: Msg, state: ReaderState): void {
  const stalled = message.headers?.get('Nats-Consumer-Stalled') ?? '';
  if (stalled !== '') bus.connection.publish(stalled);
  if ((message.reply ?? '') === '') return;
  state.queue.push(message);
  state.wake?.();
  state.wake = null;
}

function decode(message: Msg, sequence: number, pending: number, options: ReadOptions): Heard | null {
  try {
    return { fact: decodeFact(message.data, message.subject), sequence, subject: message.subject, pending };
  } catch (error) {
    if (!(error instanceof TwinError)) throw error;
    options.onMalformed?.({ subject: message.subject, sequence, reason: error.message, original: message.data });
    return null;
  }
}

function filtersOf(bus: Bus, options: ReadOptions): readonly string[] {
  if (options.patterns !== undefined) return options.patterns;
  if (options.types !== undefined) return options.types.map((type) => filterOf(bus.root, { type }));
  return [`${bus.root}.>`];
}

function startOf(options: ReadOptions, started: boolean, lastSequence: number) {
  if (started) return { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: lastSequence + 1 };
  if (options.startNew === true) return { deliver_policy: DeliverPolicy.New };
  if (options.lastPerSubject === true) return { deliver_policy: DeliverPolicy.LastPerSubject };
  return { deliver_policy: DeliverPolicy.All };
}

/** Calls `onReconnect` after each reconnect, until the answered function is called. */
function watchReconnects(bus: Bus, onReconnect: () => void): () => void {
  let active = true;
  void (async () => {
    for await (const status of bus.connection.status()) {
      if (!active) return;
      if (status.type === 'reconnect') onReconnect();
    }
  })();
  return () => (active = false);
}

/** Every matching fact that is in a stream now, in order. */
export async function readAll(bus: Bus, options: ReadOptions): Promise<readonly Heard[]> {
  const heard: Heard[] = [];
  for await (const next of readStream(bus, { fromSequence: 1, ...options, untilCaughtUp: true })) heard.push(next);
  return heard;
}

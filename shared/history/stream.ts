import type { Bus } from '../bus/connect.js';
import { newestOn } from '../bus/newest.js';
import { readStream, type Heard, type Malformed } from '../bus/read.js';
import { subjectOf } from '../bus/envelope.js';
import { streamsOf } from '../bus/topology.js';
import { wallDelay, wallNow } from '../runtime/clock.js';
import { lineOf } from './line.js';
import { pointsOf } from './point.js';
import type { Entry } from './writer.js';

/** What a fact stream holds, and how far the historian has taken it. */
export interface StreamPosition {
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly heldBytes: number;
  /** Limit at which the oldest facts go; 0: none. */
  readonly limitBytes: number;
  /** Up to and including this sequence everything is in history. */
  readonly writtenSequence: number;
}

/** Name of the durable consumer, and of the service behind it. */
export const historian = 'history-writer';

/** Longest wait for an answer about the stream, wall ms; long, because a loaded machine is no reason to give up. */
const answerMs = 20_000;

/** The condition that says history is behind because InfluxDB is away. */
export const unavailable = { condition: 'history-unavailable', component: 'influxdb' } as const;

/** Whether the newest word about InfluxDB is that it is away. */
export async function isUnavailable(bus: Bus): Promise<boolean> {
  const { component, condition } = unavailable;
  const subject = subjectOf(bus.root, { region: 'all', type: 'condition.platform.v1', entity: `${component}-${condition}` });
  const newest = await newestOn(bus, streamsOf(bus.root).facts, subject);
  return newest !== null && newest.fact.type === 'condition.platform.v1' && newest.fact.data.active;
}

/** Where the stream and the historian stand now. */
export async function positionOf(bus: Bus): Promise<StreamPosition> {
  const manager = await bus.connection.jetstreamManager({ checkAPI: false, timeout: answerMs });
  const { facts } = streamsOf(bus.root);
  const [stream, consumer] = await Promise.all([manager.streams.info(facts), manager.consumers.info(facts, historian)]);
  return {
    firstSequence: stream.state.first_seq,
    lastSequence: stream.state.last_seq,
    heldBytes: stream.state.bytes,
    limitBytes: Math.max(0, stream.config.max_bytes),
    writtenSequence: consumer.ack_floor.stream_seq,
  };
}

/** Share of the stream's limit that the historian has still to take, 0..1; 0 when the stream has no limit. */
export function lagRatio(position: StreamPosition): number {
  const held = position.lastSequence - position.firstSequence + 1;
  if (position.limitBytes === 0 || position.lastSequence === 0 || held <= 0) return 0;
  const waiting = Math.min(held, position.lastSequence - position.writtenSequence);
  return (position.heldBytes * (waiting / held)) / position.limitBytes;
}

/** Waits until the historian has taken everything up to `sequence`, at most `waitMs` of wall time; answers where it stands then. */
export async function waitForHistorian(bus: Bus, sequence: number, waitMs: number): Promise<StreamPosition> {
  const untilMs = wallNow() + waitMs;
  while (true) {
    const position = await positionOf(bus);
    if (position.writtenSequence >= sequence || wallNow() >= untilMs) return position;
    await wallDelay(200);
  }
}

/** Hands every fact between two sequences to `take`, both included, in order; answers how many messages were no facts. */
export async function readThrough(
  bus: Bus,
  range: { readonly fromSequence: number; readonly lastSequence: number },
  take: (heard: Heard) => Promise<void> | void,
): Promise<number> {
  const { fromSequence, lastSequence } = range;
  let malformed = 0;
  if (lastSequence < fromSequence) return malformed;
  const onMalformed = (trouble: Malformed): void => {
    if (trouble.sequence <= lastSequence) malformed += 1;
    if (trouble.sequence >= lastSequence) reader.close();
  };
  const reader = readStream(bus, { fromSequence, onMalformed });
  for await (const heard of reader) {
    if (heard.sequence <= lastSequence) await take(heard);
    if (heard.sequence >= lastSequence) break;
  }
  return malformed;
}

/** Lines of a fact. @throws TWIN_MALFORMED_EVENT when line protocol cannot carry it. */
export function entriesOf(heard: Heard): readonly Entry<Heard>[] {
  return pointsOf(heard.fact).map((point) => ({ line: lineOf(point), origin: heard }));
}

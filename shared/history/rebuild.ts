import type { Bus } from '../bus/connect.js';
import type { Heard } from '../bus/read.js';
import { toWire } from '../domain/ticks.js';
import type { InfluxTarget } from './influx.js';
import { entriesOf, positionOf, readThrough } from './stream.js';
import { createWriter, type Entry } from './writer.js';

/** What `history rebuild` wrote, and the span of time it covers. */
export interface Rebuilt {
  readonly facts: number;
  readonly points: number;
  readonly malformed: number;
  /** Points the server refused, with the first reason. */
  readonly refused: number;
  readonly refusedReason: string | null;
  readonly firstSequence: number;
  readonly lastSequence: number;
  /** Instant of the oldest fact of the world's ticks that the stream still holds; older history is left as it is. */
  readonly coversFromTime: string | null;
  readonly coversToTime: string | null;
}

/** How far a rebuild is, or why it waits. */
export type RebuildProgress =
  | { readonly kind: 'written'; readonly sequence: number; readonly lastSequence: number }
  | { readonly kind: 'away'; readonly reason: string };

/** Lines collected before they are written, well below what the writer lets wait. */
const collectLines = 20_000;

/**
 * Writes the points of every fact the stream holds again, oldest first, and what was said meanwhile; deletes nothing.
 */
export async function rebuildHistory(bus: Bus, target: InfluxTarget, progress: (told: RebuildProgress) => void): Promise<Rebuilt> {
  const span = { facts: 0, points: 0, refused: 0, refusedReason: null as string | null, fromMs: Infinity, toMs: -Infinity };
  const writer = createWriter<Heard>({
    target,
    onRefused: async (_entry, reason) => {
      span.refused += 1;
      span.refusedReason ??= reason;
    },
    onAway: (reason) => {
      if (reason !== null) progress({ kind: 'away', reason });
    },
  });
  const { firstSequence, lastSequence } = await positionOf(bus);
  let pending: Entry<Heard>[] = [];
  let writing = Promise.resolve();
  const flush = async (sequence: number): Promise<void> => {
    await writing;
    writing = writer.write(pending);
    pending = [];
    progress({ kind: 'written', sequence, lastSequence });
  };
  const take = async (heard: Heard): Promise<void> => {
    const entries = entriesOf(heard);
    span.facts += 1;
    span.points += entries.length;
    if (!heard.fact.type.startsWith('condition.')) {
      span.fromMs = Math.min(span.fromMs, heard.fact.timeMs);
      span.toMs = Math.max(span.toMs, heard.fact.timeMs);
    }
    pending.push(...entries);
    if (pending.length >= collectLines) await flush(heard.sequence);
  };
  let malformed = await readThrough(bus, { fromSequence: firstSequence, lastSequence }, take);
  await flush(lastSequence);
  await writing;
  // What was corrected meanwhile may have reached history before the original was written again: once more, it is last.
  const { lastSequence: newest } = await positionOf(bus);
  malformed += await readThrough(bus, { fromSequence: lastSequence + 1, lastSequence: newest }, take);
  await flush(newest);
  await writing;
  writer.close();
  const { facts, points, refused, refusedReason, fromMs, toMs } = span;
  const wire = (timeMs: number): string | null => (Number.isFinite(timeMs) ? toWire(timeMs) : null);
  return {
    facts,
    points,
    malformed,
    refused,
    refusedReason,
    firstSequence,
    lastSequence: newest,
    coversFromTime: wire(fromMs),
    coversToTime: wire(toMs),
  };
}

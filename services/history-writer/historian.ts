import type { Logger } from 'pino';
import type { Bus } from '../../shared/bus/connect.js';
import { sendDeadLetter } from '../../shared/bus/deadLetter.js';
import { consumeDurable } from '../../shared/bus/durable.js';
import { encodeFact } from '../../shared/bus/envelope.js';
import type { Publisher } from '../../shared/bus/publish.js';
import type { Heard, Malformed } from '../../shared/bus/read.js';
import { streamsOf } from '../../shared/bus/topology.js';
import type { InfluxTarget } from '../../shared/history/influx.js';
import { revisionOf, uncorrectedId } from '../../shared/history/point.js';
import { entriesOf, historian } from '../../shared/history/stream.js';
import { createWriter, type Entry } from '../../shared/history/writer.js';
import { wallDelay } from '../../shared/runtime/clock.js';
import { TwinError } from '../../shared/runtime/errors.js';

/** Facts in one batch; with a whole network each is some thirty points. */
const batchFacts = 2_000;
/** Longest wait for a batch to fill, wall ms. */
const batchMs = 250;
/** How long an orderly stop waits for what is on its way to InfluxDB, wall ms. */
const graceMs = 2_000;
/** Corrections remembered, so that a redelivered original does not undo them. */
const rememberedCorrections = 100_000;

/** A sink that is taking facts. */
export interface Historian {
  close(): Promise<void>;
}

export interface HistorianOptions {
  readonly bus: Bus;
  readonly publisher: Publisher;
  readonly target: InfluxTarget;
  readonly log: Logger;
  /** InfluxDB does not take points (reason), or has just taken some (null). */
  readonly onReach: (reason: string | null) => void;
}

/** Carries every fact into history: acknowledged when its points are on disk; what can never be stored becomes a dead letter. */
export function startHistorian({ bus, publisher, target, log, onReach }: HistorianOptions): Historian {
  const { facts: stream } = streamsOf(bus.root);
  const isStale = createStaleness();
  const keep = async (trouble: Malformed): Promise<void> => {
    log.warn({ sequence: trouble.sequence, subject: trouble.subject, reason: trouble.reason }, 'dead letter');
    await sendDeadLetter(publisher, bus.root, { stream, consumer: historian, ...trouble });
  };
  const keepFact = (heard: Heard, reason: string): Promise<void> =>
    keep({ subject: heard.subject, sequence: heard.sequence, reason, original: encodeFact(heard.fact) });
  const writer = createWriter<Heard>({ target, onRefused: (entry, reason) => keepFact(entry.origin, reason), onAway: onReach });

  const handle = async (batch: readonly Heard[]): Promise<void> => {
    const entries: Entry<Heard>[] = [];
    for (const heard of batch) {
      if (isStale(heard)) continue;
      try {
        entries.push(...entriesOf(heard));
      } catch (error) {
        if (!(error instanceof TwinError)) throw error;
        await keepFact(heard, error.message);
      }
    }
    await writer.write(entries);
    if (entries.length > 0) onReach(null);
  };
  const consumer = consumeDurable(bus, { durable: historian, maxBatch: batchFacts, maxWaitMs: batchMs, handle, onMalformed: keep });
  return {
    close: async () => {
      // What has been fetched is still written, unless InfluxDB is away; then it comes again to the next process.
      const closing = consumer.close();
      await Promise.race([closing, wallDelay(graceMs)]);
      writer.close();
      await closing;
    },
  };
}

/** Tells an original that comes again after its correction: after a restart the bus delivers what was not acknowledged last. */
function createStaleness(): (heard: Heard) => boolean {
  const corrected = new Map<string, number>();
  return ({ fact, sequence }) => {
    const identity = `${fact.region}/${uncorrectedId(fact.id)}`;
    const newest = corrected.get(identity);
    if (newest !== undefined && newest > sequence) return true;
    if (revisionOf(fact.id) !== '') {
      corrected.set(identity, sequence);
      const oldest = corrected.size > rememberedCorrections ? corrected.keys().next().value : undefined;
      if (oldest !== undefined) corrected.delete(oldest);
    }
    return false;
  };
}

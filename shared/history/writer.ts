import { wallDelay } from '../runtime/clock.js';
import { TwinError } from '../runtime/errors.js';
import type { InfluxTarget } from './influx.js';

/** One line of line protocol, and what it came from. */
export interface Entry<Origin> {
  readonly line: string;
  readonly origin: Origin;
}

export interface WriterOptions<Origin> {
  readonly target: InfluxTarget;
  /** A line the server will never take, with its reason; awaited before the write counts as done. */
  readonly onRefused: (entry: Entry<Origin>, reason: string) => Promise<void>;
  /** The server is away since now (reason), or back (null). */
  readonly onAway?: (reason: string | null) => void;
}

/** Writes lines in the order given, and never gives up on a server that is away. */
export interface HistoryWriter<Origin> {
  /**
   * Resolves when every entry is on the server's disk or refused for good.
   * @throws TWIN_HISTORY_UNAVAILABLE only when the writer is closed first.
   */
  write(entries: readonly Entry<Origin>[]): Promise<void>;
  close(): void;
}

/** Largest request, in lines; InfluxDB 1.x advises 5,000 to 10,000. */
export const batchLines = 10_000;
/** Largest request, in UTF-16 units; the server refuses bodies above 25 MB. */
const batchLength = 5_000_000;
/** Lines that may wait; a caller with more waits itself. */
const queueLines = 100_000;
const firstRetryMs = 100;
const longestRetryMs = 5_000;
const requestMs = 30_000;

type Verdict =
  | { readonly kind: 'stored' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'away'; readonly reason: string };

interface Waiting<Origin> {
  readonly entries: readonly Entry<Origin>[];
  taken: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * A writer with one request in flight: what is given meanwhile forms the next batch, so that batches grow with the load
 * and an idle writer does not wait. Lines go through `fetch` and not the client library, whose escaping changes texts with
 * backslashes and whose pool drops requests while a host is away.
 */
export function createWriter<Origin>(options: WriterOptions<Origin>): HistoryWriter<Origin> {
  const queue: Waiting<Origin>[] = [];
  const stop = new AbortController();
  let queuedLines = 0;
  let isPumping = false;
  let newest: Promise<void> = Promise.resolve();

  const fail = (error: Error): void => {
    for (const waiting of queue.splice(0)) waiting.reject(error);
    queuedLines = 0;
  };
  const pump = async (): Promise<void> => {
    isPumping = true;
    try {
      while (queue.length > 0) {
        const batch = nextBatch(queue);
        await store(options, batch, stop.signal);
        queuedLines -= batch.length;
        while (queue[0] !== undefined && queue[0].taken === queue[0].entries.length) queue.shift()?.resolve();
      }
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)));
    } finally {
      isPumping = false;
    }
  };

  return {
    write: async (entries) => {
      while (queuedLines > queueLines) await Promise.allSettled([newest]);
      if (stop.signal.aborted) throw closedError(options.target);
      if (entries.length === 0) return;
      queuedLines += entries.length;
      const stored = new Promise<void>((resolve, reject) => queue.push({ entries, taken: 0, resolve, reject }));
      newest = stored;
      if (!isPumping) void pump();
      await stored;
    },
    close: () => {
      stop.abort();
      fail(closedError(options.target));
    },
  };
}

/** Takes the next lines in order, across the callers that wait. */
function nextBatch<Origin>(queue: readonly Waiting<Origin>[]): readonly Entry<Origin>[] {
  const batch: Entry<Origin>[] = [];
  let length = 0;
  for (const waiting of queue) {
    while (waiting.taken < waiting.entries.length) {
      const entry = waiting.entries[waiting.taken];
      if (entry === undefined) break;
      if (batch.length > 0 && (batch.length >= batchLines || length + entry.line.length > batchLength)) return batch;
      batch.push(entry);
      length += entry.line.length + 1;
      waiting.taken += 1;
    }
  }
  return batch;
}

/** Sends a batch until it is taken; halves a refused one until the lines at fault stand alone. Writing a line twice changes nothing. */
async function store<Origin>(options: WriterOptions<Origin>, batch: readonly Entry<Origin>[], stop: AbortSignal): Promise<void> {
  const body = batch.map((entry) => entry.line).join('\n');
  let isAway = false;
  for (let attempt = 0; ; attempt++) {
    if (stop.aborted) throw closedError(options.target);
    const verdict = await send(options.target, body, stop);
    if (isAway && verdict.kind !== 'away') options.onAway?.(null);
    if (verdict.kind === 'stored') return;
    if (verdict.kind === 'refused') {
      await halve(options, batch, verdict.reason, stop);
      return;
    }
    if (!isAway && !stop.aborted) options.onAway?.(verdict.reason);
    isAway = true;
    const waitMs = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(attempt, 10));
    await wallDelay(waitMs * (0.5 + Math.random() / 2));
  }
}

async function halve<Origin>(
  options: WriterOptions<Origin>,
  batch: readonly Entry<Origin>[],
  reason: string,
  stop: AbortSignal,
): Promise<void> {
  const [only] = batch;
  if (only === undefined) return;
  if (batch.length === 1) {
    await options.onRefused(only, reason);
    return;
  }
  const middle = batch.length >> 1;
  await store(options, batch.slice(0, middle), stop);
  await store(options, batch.slice(middle), stop);
}

async function send(target: InfluxTarget, body: string, stop: AbortSignal): Promise<Verdict> {
  const query = new URLSearchParams({ db: target.database, precision: 'ms' });
  const authorization = `Basic ${Buffer.from(`${target.user}:${target.password}`).toString('base64')}`;
  try {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(requestMs)]);
    const response = await fetch(`${target.url}/write?${query}`, { method: 'POST', body, headers: { authorization }, signal });
    const answer = await response.text();
    if (response.ok) return { kind: 'stored' };
    const reason = reasonOf(answer, response.status);
    return response.status === 400 || response.status === 413 ? { kind: 'refused', reason } : { kind: 'away', reason };
  } catch (error) {
    return { kind: 'away', reason: error instanceof Error ? causeOf(error) : String(error) };
  }
}

function reasonOf(answer: string, status: number): string {
  try {
    const value: unknown = JSON.parse(answer);
    const error: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'error') : undefined;
    return typeof error === 'string' ? error.trim() : `HTTP ${status}`;
  } catch {
    return `HTTP ${status} ${answer.slice(0, 200)}`.trim();
  }
}

function causeOf(error: Error): string {
  return error.cause instanceof Error && error.cause.message !== '' ? error.cause.message : error.message;
}

function closedError(target: InfluxTarget): TwinError {
  return new TwinError('TWIN_HISTORY_UNAVAILABLE', `InfluxDB at ${target.url}: the writer was closed before its lines were stored`, {
    retryable: true,
  });
}

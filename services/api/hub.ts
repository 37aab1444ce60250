import type { Writable } from 'node:stream';
import { wallNow } from '../../shared/runtime/clock.js';
import type { Feed } from './feed.js';
import { diffView } from './patch.js';
import type { Frame, View } from './viewTypes.js';

/** A client hears at most this often. */
const frameMs = 250;
/** And at least this often, so that it notices a silent end. */
const heartbeatMs = 1_000;
/** Milestones a new client begins with. */
const firstTail = 120;

/** Sends server-sent events to every client, each at its own pace. */
export interface Hub {
  readonly clientCount: number;
  /** Takes over a response whose head is written. `lastId`: stream sequence of the last milestone the client has; null: a new client. */
  add(response: Writable, lastId: number | null): void;
  /** Ends all connections. */
  close(): void;
}

type Shown = Pick<Feed, 'view' | 'series' | 'tail' | 'pulse'>;

interface Client {
  readonly response: Writable;
  sentView: View | null;
  sentRowMs: number;
  sentTailId: number;
  sentAtMs: number;
  isBlocked: boolean;
}

/**
 * Keeps nothing per client but what it sent last: a client that reads slowly is skipped until its socket drains, then gets the difference to now.
 * Milestones go out one event each with their stream sequence as id; what a slow or returning client missed follows as long as the feed holds it.
 */
export function createHub(feed: Shown): Hub {
  const clients = new Set<Client>();
  const timer = setInterval(() => {
    for (const client of clients) if (!client.isBlocked) send(client, feed);
  }, frameMs);
  return {
    get clientCount() {
      return clients.size;
    },
    add: (response, lastId) => {
      const sentTailId = lastId ?? feed.tail.at(-firstTail - 1)?.id ?? 0;
      const client: Client = { response, sentView: null, sentRowMs: -Infinity, sentTailId, sentAtMs: 0, isBlocked: false };
      clients.add(client);
      response.on('drain', () => (client.isBlocked = false));
      response.on('close', () => clients.delete(client));
      response.write('retry: 1000\n\n');
      send(client, feed);
    },
    close: () => {
      clearInterval(timer);
      for (const { response } of clients) response.end();
    },
  };
}

function send(client: Client, feed: Shown): void {
  const { view, series, tail } = feed;
  const nowMs = wallNow();
  const milestones = tail.filter(({ id }) => id > client.sentTailId);
  const isDue = view !== client.sentView || milestones.length > 0 || nowMs - client.sentAtMs >= heartbeatMs;
  if (!isDue) return;
  const rows = series.rows.filter(([timeMs]) => (timeMs ?? 0) > client.sentRowMs);
  const frame: Frame = { isWhole: client.sentView === null, view: diffView(client.sentView, view), rows, pulse: feed.pulse() };
  const text = [
    `event: frame\ndata: ${JSON.stringify(frame)}\n\n`,
    ...milestones.map((entry) => `id: ${entry.id}\nevent: milestone\ndata: ${JSON.stringify(entry)}\n\n`),
  ].join('');
  client.sentView = view;
  client.sentRowMs = rows.at(-1)?.[0] ?? client.sentRowMs;
  client.sentTailId = milestones.at(-1)?.id ?? client.sentTailId;
  client.sentAtMs = nowMs;
  client.isBlocked = !client.response.write(text);
}

import { useEffect, useState } from 'preact/hooks';
import type { Frame, Pulse, SampleTable, TailEntry, View, ViewPatch, WorldSummary } from '../../api/viewTypes.js';
import { wallNow } from '../../../shared/runtime/clock.js';

/** What the page knows of the twin; the wall instant is of this machine, ms. */
export interface Twin {
  readonly world: WorldSummary;
  readonly view: View;
  readonly rows: SampleTable['rows'];
  /** Newest last. */
  readonly tail: readonly TailEntry[];
  readonly pulse: Pulse;
  readonly heardAtMs: number;
}

/** The twin as far as heard, and since when the connection is lost; null: it stands. */
export interface Connection {
  readonly twin: Twin | null;
  readonly lostAtMs: number | null;
}

const shownRows = 576;
const shownTail = 300;
const silentAfterMs = 3_000;
const againAfterMs = 1_000;

/** Holds the one connection of the page for as long as it is shown. */
export function useConnection(): Connection {
  const [connection, setConnection] = useState<Connection>({ twin: null, lostAtMs: null });
  useEffect(() => connect(setConnection), []);
  return connection;
}

function connect(tell: (connection: Connection) => void): () => void {
  let now: Connection = { twin: null, lostAtMs: null };
  let source: EventSource | null = null;
  let again: ReturnType<typeof setTimeout> | null = null;
  let isClosed = false;
  let lastHeardMs = wallNow();
  const change = (next: Connection): void => {
    if (isClosed) return;
    now = next;
    tell(next);
  };
  const lose = (): void => {
    if (now.lostAtMs === null) change({ ...now, lostAtMs: wallNow() });
  };
  const retry = (): void => {
    source?.close();
    source = null;
    lose();
    again ??= setTimeout(() => {
      again = null;
      void open();
    }, againAfterMs);
  };
  const open = async (): Promise<void> => {
    const world = await readWorld();
    if (isClosed) return;
    if (world === null) {
      retry();
      return;
    }
    // Another world behind the same address: nothing on the page holds any more.
    if (now.twin !== null && JSON.stringify(world) !== JSON.stringify(now.twin.world)) {
      location.reload();
      return;
    }
    source = new EventSource(`/api/events${now.twin === null ? '' : `?after=${now.twin.tail.at(-1)?.id ?? 0}`}`);
    lastHeardMs = wallNow();
    source.addEventListener('frame', (event: MessageEvent<string>) => {
      lastHeardMs = wallNow();
      change({ twin: withFrame(now.twin, world, JSON.parse(event.data) as Frame), lostAtMs: null });
    });
    source.addEventListener('milestone', (event: MessageEvent<string>) => {
      if (now.twin !== null) change({ ...now, twin: withEntry(now.twin, JSON.parse(event.data) as TailEntry) });
    });
    source.addEventListener('error', retry);
  };
  const watchdog = setInterval(() => {
    if (source !== null && wallNow() - lastHeardMs > silentAfterMs) retry();
  }, againAfterMs);
  void open();
  return () => {
    isClosed = true;
    clearInterval(watchdog);
    if (again !== null) clearTimeout(again);
    source?.close();
  };
}

async function readWorld(): Promise<WorldSummary | null> {
  try {
    const answer = await fetch('/api/world');
    return answer.ok ? ((await answer.json()) as WorldSummary) : null;
  } catch {
    // The server is away; the caller tries again and the page says so.
    return null;
  }
}

/** The twin after a frame: its patch and rows added, or put in place of what was known. */
export function withFrame(twin: Twin | null, world: WorldSummary, frame: Frame): Twin {
  const view = twin === null || frame.isWhole ? (frame.view as View) : withPatch(twin.view, frame.view);
  const from = frame.rows[0]?.[0] ?? Infinity;
  const kept = twin === null || frame.isWhole ? [] : twin.rows.filter(([timeMs]) => (timeMs ?? 0) < from);
  const rows = frame.rows.length === 0 && twin !== null && !frame.isWhole ? twin.rows : [...kept, ...frame.rows].slice(-shownRows);
  return { world, view, rows, tail: twin?.tail ?? [], pulse: frame.pulse, heardAtMs: wallNow() };
}

function withEntry(twin: Twin, entry: TailEntry): Twin {
  if (entry.id <= (twin.tail.at(-1)?.id ?? 0)) return twin;
  return { ...twin, tail: [...twin.tail.slice(1 - shownTail), entry] };
}

function withPatch(view: View, patch: ViewPatch): View {
  const sections = Object.entries(patch).map(([section, changed]) => [section, { ...view[section as keyof View], ...changed }]);
  return { ...view, ...Object.fromEntries(sections) };
}

/** Sends an intent of the person at the page. Answers null when it was taken, else the reason in one line. */
export async function sendIntent(path: string, body: Readonly<Record<string, unknown>>): Promise<string | null> {
  try {
    const answer = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    if (answer.ok) return null;
    const { error } = (await answer.json()) as { readonly error?: { readonly message?: string } };
    return error?.message ?? `${path}: answered ${answer.status}`;
  } catch {
    return `${path}: the api does not answer`;
  }
}

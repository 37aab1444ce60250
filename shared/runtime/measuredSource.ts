import { stat } from 'node:fs/promises';
import type { Reading } from '../domain/mirror/reading.js';
import { wallDelay } from './clock.js';
import { secretOf } from './config.js';
import { wrongInput } from './errors.js';
import { readText } from '../scenario/files.js';
import { readingsOfAnswer, readingsOfCsv, type Readings } from '../scenario/mirror/readings.js';
import type { MirrorSource } from '../scenario/mirrorSchema.js';
import { countByReason, quarantineLine } from '../scenario/quarantine.js';

/** A source as it was last read. */
export interface Source {
  readonly region: string;
  /** For people. */
  readonly name: string;
  /** Everything it says now; empty until it was read once. */
  readonly readings: () => readonly Reading[];
  /** What is wrong with it, in one line; null: nothing. */
  readonly trouble: () => string | null;
  /** Resolves once it was read, or could not be. */
  readonly looked: Promise<void>;
  stop(): void;
}

const fileSeconds = 2;
const httpSeconds = 300;
const answerMs = 10_000;
/** Rows of one answer, as many as the API gives at most; and answers of one look. */
const rowsAtOnce = 5_000;
const mostAnswers = 20;
/** Largest answer that is read. */
const mostBytes = 8 * 2 ** 20;

/** Begins to look at a source again and again; what it said last stands while it cannot be read. */
export function openSource(source: MirrorSource, sinceMs: number): Source {
  let readings: readonly Reading[] = [];
  let trouble: string | null = null;
  let isStopped = false;
  const look = source.kind === 'file' ? fileLooker(source) : httpLooker(source, sinceMs);
  const seconds = source.pollSeconds ?? (source.kind === 'file' ? fileSeconds : httpSeconds);
  const once = async (): Promise<void> => {
    try {
      const seen = await look();
      if (seen === null) return;
      readings = seen.readings;
      trouble = troubleOf(seen, nameOf(source));
    } catch (error) {
      trouble = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
    }
  };
  const looked = once();
  void looked.then(async () => {
    while (!isStopped) {
      await wallDelay(seconds * 1_000);
      if (!isStopped) await once();
    }
  });
  return {
    region: source.region,
    name: nameOf(source),
    readings: () => readings,
    trouble: () => trouble,
    looked,
    stop: () => {
      isStopped = true;
    },
  };
}

function nameOf(source: MirrorSource): string {
  if (source.kind === 'http') return `${new URL(source.url).host}, ${source.respondent}`;
  const file = source.path.split(/[\\/]/).at(-1) ?? source.path;
  return source.area === undefined ? file : `${file}, ${source.area}`;
}

function troubleOf({ odd }: Readings, name: string): string | null {
  const [first] = odd;
  if (first === undefined) return null;
  const counts = countByReason(odd).map(({ reason, count }) => `${count} for ${reason}`);
  return `${odd.length} rows passed over (${counts.join(', ')}), such as ${quarantineLine(name, first)}`;
}

/** Reads a file again when it has changed; null: it has not. */
function fileLooker({ path, area }: Extract<MirrorSource, { readonly kind: 'file' }>): () => Promise<Readings | null> {
  let seen = '';
  return async () => {
    const { mtimeMs, size } = await stat(path).catch(() => ({ mtimeMs: 0, size: -1 }));
    const stamp = `${mtimeMs}/${size}`;
    if (stamp === seen) return null;
    const read = readingsOfCsv(await readText(path), path, area);
    if (area !== undefined && read.readings.length === 0 && read.odd.length === 0)
      throw wrongInput(`${path}: found no row of area ${area}, allowed: an area of the file`);
    seen = stamp;
    return read;
  };
}

/** Asks for the hours from some time before the newest known on, since authorities correct what they said. */
function httpLooker(source: Extract<MirrorSource, { readonly kind: 'http' }>, sinceMs: number): () => Promise<Readings> {
  const known = new Map<number, Reading>();
  const correctedMs = 7 * 24 * 3_600_000;
  let fromMs = sinceMs;
  return async () => {
    const odd: Readings['odd'][number][] = [];
    let [answers, offset] = [0, 0];
    for (;;) {
      const answer = readingsOfAnswer(await asked(urlOf(source, fromMs, offset)), nameOf(source), source.respondent);
      for (const reading of answer.readings) known.set(reading.fromMs, reading);
      odd.push(...answer.odd);
      offset += answer.readings.length + answer.odd.length;
      answers += 1;
      if (offset >= answer.total || answer.readings.length + answer.odd.length === 0 || answers >= mostAnswers) break;
    }
    const newestMs = Math.max(...known.keys(), sinceMs);
    fromMs = Math.max(sinceMs, newestMs - correctedMs);
    return { readings: [...known.values()], odd };
  };
}

function urlOf({ url, respondent, keyVariable }: Extract<MirrorSource, { readonly kind: 'http' }>, fromMs: number, offset: number): URL {
  const target = new URL(url);
  const add = (name: string, value: string): void => target.searchParams.append(name, value);
  const key = keyVariable === undefined ? undefined : secretOf(keyVariable);
  if (keyVariable !== undefined && key === undefined)
    throw wrongInput(`environment: found no ${keyVariable}, allowed: the key of ${target.host}`);
  if (key !== undefined) add('api_key', key);
  add('frequency', 'hourly');
  add('data[0]', 'value');
  add('facets[respondent][]', respondent);
  add('facets[type][]', 'D');
  add('start', new Date(fromMs).toISOString().slice(0, 13));
  add('sort[0][column]', 'period');
  add('sort[0][direction]', 'asc');
  add('offset', String(offset));
  add('length', String(rowsAtOnce));
  return target;
}

async function asked(url: URL): Promise<unknown> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(answerMs), redirect: 'error' }).catch((error: unknown) => {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw wrongInput(`${url.host}: found ${cause}, allowed: an answer within ${answerMs / 1_000} s`);
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  // The key stands in the address: it is never repeated.
  if (!answer.ok) throw wrongInput(`${url.host}: found status ${answer.status}, allowed: 200`);
  if (bytes.length > mostBytes) throw wrongInput(`${url.host}: found ${bytes.length} bytes, allowed: at most ${mostBytes}`);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw wrongInput(`${url.host}: found ${error instanceof SyntaxError ? 'no JSON' : 'no UTF-8'}, allowed: JSON in UTF-8`);
  }
}

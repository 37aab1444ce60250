import { InfluxDB, escape } from 'influx';
import { TwinError } from '../runtime/errors.js';

/** Where history is kept, and as whom. */
export interface InfluxTarget {
  readonly url: string;
  readonly database: string;
  readonly user: string;
  readonly password: string;
}

/** Rows of one series as InfluxDB answers them; instants are UTC ms in the column `time`. */
export interface SeriesRows {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly columns: readonly string[];
  readonly values: readonly (readonly unknown[])[];
}

/** Reads history. */
export interface InfluxReader {
  readonly database: string;
  /** Rows of one InfluxQL statement. @throws TWIN_HISTORY_UNAVAILABLE when the server is away or refuses it. */
  select(statement: string): Promise<readonly SeriesRows[]>;
}

interface Answer {
  readonly results?: readonly {
    readonly error?: string;
    readonly partial?: boolean;
    readonly series?: readonly {
      name: string;
      tags?: Record<string, string>;
      columns: string[];
      values?: unknown[][];
      partial?: boolean;
    }[];
  }[];
}

/** Longest wait for the answer to a statement, wall ms. */
const answerMs = 60_000;

/** A reader of one database; connects with the first statement. */
export function connectInflux(target: InfluxTarget): InfluxReader {
  const client = clientOf(target);
  return { database: target.database, select: (statement) => run(client, target, statement) };
}

/** A name in InfluxQL, quoted. */
export function quoted(name: string): string {
  return escape.quoted(name);
}

/** A text in InfluxQL, quoted. */
export function literal(text: string): string {
  return escape.stringLit(text);
}

function clientOf(target: InfluxTarget): InfluxDB {
  const url = new URL(target.url);
  return new InfluxDB({
    protocol: url.protocol === 'https:' ? 'https' : 'http',
    host: url.hostname,
    port: Number(url.port === '' ? '8086' : url.port),
    database: target.database,
    username: target.user,
    password: target.password,
    pool: { requestTimeout: answerMs, maxRetries: 2 },
  });
}

async function run(client: InfluxDB, target: InfluxTarget, statement: string): Promise<readonly SeriesRows[]> {
  const answer = await (client.queryRaw(statement, { precision: 'ms' }) as Promise<Answer>).catch((error: unknown) => {
    // Without the error as cause: it carries the request, and with it the password.
    throw new TwinError('TWIN_HISTORY_UNAVAILABLE', `InfluxDB at ${target.url}: ${reasonOf(error)}`, { retryable: true });
  });
  const [result] = answer.results ?? [];
  if (result?.error !== undefined) throw new TwinError('TWIN_HISTORY_UNAVAILABLE', `InfluxDB database ${target.database}: ${result.error}`);
  return (result?.series ?? []).map((series) => {
    if (result?.partial === true || series.partial === true) {
      throw new TwinError('TWIN_HISTORY_UNAVAILABLE', `InfluxDB cut the answer of ${series.name} short; set max-row-limit to 0`);
    }
    return { name: series.name, tags: series.tags ?? {}, columns: series.columns, values: series.values ?? [] };
  });
}

function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const told = /\{"error":"(.*)"\}/s.exec(text)?.[1];
  if (told !== undefined) return told;
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return text !== '' ? text : typeof code === 'string' ? code : 'no answer';
}

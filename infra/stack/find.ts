import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TwinError } from '../../shared/runtime/errors.js';
import { programsDir } from './paths.js';

/** A server program and where it came from: a variable's name, `PATH` or `installed`. */
export interface FoundServer {
  readonly path: string;
  readonly version: string;
  readonly origin: string;
}

/** What the setup found; a reason in place of InfluxDB means that history is off. */
export interface FoundServers {
  readonly nats: FoundServer;
  readonly temporal: FoundServer;
  readonly temporalTest: FoundServer | null;
  readonly influx: FoundServer | { readonly missing: string };
}

type Entry = Partial<FoundServer> & { readonly missing?: string; readonly off?: boolean };

/**
 * The programs that `infra/stack/setup.mjs` found or installed.
 * @throws TWIN_WRONG_INPUT naming the server when one that is always needed is not there.
 */
export function findServers(binDir = programsDir()): FoundServers {
  const path = join(binDir, 'servers.json');
  const entries = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, Entry>) : {};
  const entry = (name: string, variable: string): Entry | undefined => configured(variable) ?? entries[name];
  const influx = entry('influx', 'LOADSTONE_INFLUX_BIN');
  return {
    nats: required(entry('nats', 'LOADSTONE_NATS_BIN'), 'nats-server', binDir),
    temporal: required(entry('temporal', 'LOADSTONE_TEMPORAL_BIN'), 'temporal', binDir),
    temporalTest: present(entry('temporal-test-server', 'LOADSTONE_TEMPORAL_TEST_BIN')),
    influx: present(influx) ?? { missing: reasonOf(influx) },
  };
}

/** A program that a variable points at; the setup has looked at its version. */
function configured(variable: string): Entry | undefined {
  const path = process.env[variable];
  if (path === undefined || path === '') return undefined;
  return path === 'off' ? { off: true } : { path, version: 'as configured', origin: variable };
}

function present(entry: Entry | undefined): FoundServer | null {
  if (entry?.path === undefined || !existsSync(entry.path)) return null;
  return { path: entry.path, version: entry.version ?? 'unknown', origin: entry.origin ?? 'installed' };
}

function required(entry: Entry | undefined, program: string, binDir: string): FoundServer {
  const found = present(entry);
  if (found !== null) return found;
  throw new TwinError('TWIN_WRONG_INPUT', `${program}: not found in ${binDir}; run \`node infra/stack/setup.mjs\` or put it on PATH`);
}

function reasonOf(entry: Entry | undefined): string {
  if (entry?.off === true) return 'LOADSTONE_INFLUX_BIN is off';
  return entry?.missing ?? 'influxd 1.x was not found; run `node infra/stack/setup.mjs`';
}

import { join } from 'node:path';
import { wrongInput } from '../../shared/runtime/errors.js';
import { readJson } from './files.js';

/** Where a value came from, strongest first. */
export type Origin = 'flag' | 'environment' | 'config.json' | 'standing world' | 'default';

/** A value with where it came from. */
export interface Setting<Value> {
  readonly value: Value;
  readonly origin: Origin;
}

/** Parts of the stack that listen on a port, with the usual one and the variable that demands another. */
export const listeners = {
  nats: { usual: 4222, variable: 'LOADSTONE_NATS_PORT' },
  natsMonitor: { usual: 8222, variable: 'LOADSTONE_NATS_MONITOR_PORT' },
  natsMqtt: { usual: 1883, variable: 'LOADSTONE_MQTT_PORT' },
  natsWebsocket: { usual: 7301, variable: 'LOADSTONE_WEBSOCKET_PORT' },
  temporal: { usual: 7233, variable: 'LOADSTONE_TEMPORAL_PORT' },
  temporalUi: { usual: 8233, variable: 'LOADSTONE_TEMPORAL_UI_PORT' },
  influx: { usual: 8086, variable: 'LOADSTONE_INFLUX_PORT' },
  api: { usual: 7300, variable: 'LOADSTONE_API_PORT' },
} as const;
export type Listener = keyof typeof listeners;

/** Flags of `up`. */
export interface UpFlags {
  readonly scenario?: string | undefined;
  readonly data?: string | undefined;
  readonly rate?: string | undefined;
  readonly holdAt?: string | undefined;
  readonly seed?: string | undefined;
  readonly newWorld?: boolean | undefined;
}

/** What `up` was asked for; null: as the standing world or the scenario says. */
export interface Settings {
  readonly scenario: Setting<string | null>;
  readonly dataDir: Setting<string | null>;
  readonly rate: Setting<number | 'max' | null>;
  /** Twin instant at which the clock pauses by itself. */
  readonly holdAt: Setting<string | null>;
  readonly seed: Setting<number | null>;
  readonly newWorld: boolean;
}

const usualFloorMb = 256;

/**
 * Free space below which a twin takes nothing on: LOADSTONE_DISK_FLOOR_MB, else 256 MiB.
 * @throws TWIN_WRONG_INPUT naming the variable.
 */
export function diskFloorBytes(): number {
  const text = process.env['LOADSTONE_DISK_FLOOR_MB'] ?? String(usualFloorMb);
  const floorMb = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(floorMb >= 1 && floorMb <= 1_048_576))
    throw wrongInput(`LOADSTONE_DISK_FLOOR_MB: found ${JSON.stringify(text)}, allowed: a whole number from 1 to 1048576 (MiB)`);
  return floorMb * 2 ** 20;
}

const configKeys = ['scenario', 'data', 'rate', 'holdAt', 'seed'] as const;
type ConfigKey = (typeof configKeys)[number];

/**
 * Settings by precedence: flag, then LOADSTONE_* variable, then `config.json` of the home, then the scenario.
 * @throws TWIN_WRONG_INPUT naming the flag, variable or file and field.
 */
export function readSettings(home: string, flags: UpFlags): Settings {
  const config = readConfig(join(home, 'config.json'));
  const pick = (key: ConfigKey, variable: string): Setting<string | null> => {
    const flag = flags[key];
    if (flag !== undefined) return { value: flag, origin: 'flag' };
    const environment = process.env[variable];
    if (environment !== undefined && environment !== '') return { value: environment, origin: 'environment' };
    const configured = config[key];
    return configured === undefined ? { value: null, origin: 'default' } : { value: configured, origin: 'config.json' };
  };
  const rate = pick('rate', 'LOADSTONE_RATE');
  const holdAt = pick('holdAt', 'LOADSTONE_HOLD_AT');
  const seed = pick('seed', 'LOADSTONE_SEED');
  return {
    scenario: pick('scenario', 'LOADSTONE_SCENARIO'),
    dataDir: pick('data', 'LOADSTONE_DATA_DIR'),
    rate: { ...rate, value: parseRate(rate.value) },
    holdAt: { ...holdAt, value: parseInstant(holdAt.value) },
    seed: { ...seed, value: parseSeed(seed.value) },
    newWorld: flags.newWorld === true,
  };
}

/** `max`, or twin seconds per wall second. @throws TWIN_WRONG_INPUT for anything else. */
export function parseRate(text: string | null): number | 'max' | null {
  if (text === null || text === 'max') return text;
  const rate = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isFinite(rate) && rate > 0) return rate;
  throw wrongInput(`rate: found "${text}", allowed: a number above 0 (twin seconds per second) or max`);
}

function parseInstant(text: string | null): string | null {
  if (text === null) return null;
  const timeMs = Date.parse(text);
  if (Number.isFinite(timeMs)) return new Date(timeMs).toISOString();
  throw wrongInput(`hold-at: found "${text}", allowed: an RFC 3339 instant such as 2027-07-14T00:00:00Z`);
}

function parseSeed(text: string | null): number | null {
  if (text === null) return null;
  const seed = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isInteger(seed) && seed >= 0 && seed <= 4_294_967_295) return seed;
  throw wrongInput(`seed: found "${text}", allowed: an integer from 0 to 4294967295`);
}

function readConfig(path: string): Partial<Record<ConfigKey, string>> {
  let found: unknown;
  try {
    found = readJson(path) ?? {};
  } catch (error) {
    throw wrongInput(`${path}: not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof found !== 'object' || found === null || Array.isArray(found))
    throw wrongInput(`${path}: found no object, allowed: ${configKeys.join(', ')}`);
  const config: Partial<Record<ConfigKey, string>> = {};
  for (const [key, value] of Object.entries(found)) {
    const known = configKeys.find((name) => name === key);
    if (known === undefined) throw wrongInput(`${path}: ${key}: unknown field, allowed: ${configKeys.join(', ')}`);
    if (typeof value !== 'string' && typeof value !== 'number')
      throw wrongInput(`${path}: ${key}: found ${JSON.stringify(value)}, allowed: text or a number`);
    config[known] = String(value);
  }
  return config;
}

import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { TwinError } from './errors.js';

/** Where the servers of a running twin are; `up` writes it to `<home>/run/endpoints.json`. */
export interface Endpoints {
  readonly root: string;
  readonly pid: number;
  readonly startedAt: string;
  readonly scenario: { readonly name: string; readonly hash: string };
  readonly servers: {
    readonly nats: {
      readonly url: string;
      readonly monitorUrl: string;
      /** Two more ways to the same facts, for the read-only user. */
      readonly mqttUrl: string;
      readonly websocketUrl: string;
      readonly pid: number;
      readonly startedAt: string;
    };
    readonly temporal: {
      readonly address: string;
      readonly uiUrl: string;
      readonly namespace: string;
      readonly pid: number;
      readonly startedAt: string;
    };
    readonly influx: { readonly url: string; readonly pid: number; readonly startedAt: string } | null;
  };
  readonly api: { readonly url: string };
  readonly services: Readonly<
    Record<string, { readonly pid: number; readonly startedAt: string; readonly state: string; readonly restarts: number }>
  >;
}

/** Generated passwords, one per component; `<home>/run/secrets.json`, readable by its owner only. */
export interface Secrets {
  readonly nats: Readonly<Record<string, string>>;
  readonly influx: Readonly<Record<string, string>>;
}

/** Pace asked for with `up`; `id` names the start, so that a restarted clock does not obey it twice. */
export interface StartOrder {
  readonly id: string;
  readonly rate: number | 'max' | null;
  readonly holdAtTime: string | null;
}

/** What a component needs to reach the others. */
export interface Config {
  readonly component: string;
  readonly root: string;
  readonly homeDir: string;
  readonly natsUrl: string;
  readonly natsUser: string;
  readonly natsPassword: string;
  readonly temporalAddress: string;
  readonly temporalNamespace: string;
  readonly influx: { readonly url: string; readonly database: string; readonly user: string; readonly password: string } | null;
  readonly apiPort: number;
  /** What `up` was asked to do with the pace of the world, for the clock to do once; null: go on as it stands. */
  readonly start: StartOrder | null;
  readonly logLevel: string;
}

/** Folder that holds data, logs and addresses of one twin: LOADSTONE_HOME, else `.loadstone` below the working folder. */
export function homeDir(): string {
  return resolve(process.env['LOADSTONE_HOME'] ?? '.loadstone');
}

/** A secret that a scenario names by its environment variable; undefined: it is not set. */
export function secretOf(variable: string): string | undefined {
  const value = process.env[variable];
  return value === '' ? undefined : value;
}

function readJson<Shape>(path: string): Shape {
  if (!existsSync(path)) {
    throw new TwinError('TWIN_NOT_RUNNING', `${path}: not found: no twin runs from this folder; start one with \`npx loadstone up\``);
  }
  return JSON.parse(readFileSync(path, 'utf8')) as Shape;
}

/** Addresses of the running twin. @throws TWIN_NOT_RUNNING when none runs from this home. */
export function readEndpoints(home = homeDir()): Endpoints {
  return readJson<Endpoints>(join(home, 'run', 'endpoints.json'));
}

/**
 * Addresses and credentials of one component, from the files `up` writes and LOADSTONE_* variables, which win.
 * @throws TWIN_NOT_RUNNING when no twin runs from this home.
 */
export function loadConfig(component: string): Config {
  const home = homeDir();
  const endpoints = readEndpoints(home);
  const secrets = readJson<Secrets>(join(home, 'run', 'secrets.json'));
  const influx = endpoints.servers.influx;
  return {
    component,
    root: process.env['LOADSTONE_ROOT'] ?? endpoints.root,
    homeDir: home,
    natsUrl: process.env['LOADSTONE_NATS_URL'] ?? endpoints.servers.nats.url,
    natsUser: component,
    natsPassword: secrets.nats[component] ?? '',
    temporalAddress: process.env['LOADSTONE_TEMPORAL_ADDRESS'] ?? endpoints.servers.temporal.address,
    temporalNamespace: endpoints.servers.temporal.namespace,
    influx:
      influx === null ? null : { url: influx.url, database: endpoints.root, user: component, password: secrets.influx[component] ?? '' },
    apiPort: Number(new URL(endpoints.api.url).port),
    start: startOf(process.env),
    logLevel: process.env['LOADSTONE_LOG'] ?? 'info',
  };
}

/** The environment of this process with some variables set anew, for a process it starts. */
export function environmentWith(overrides: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { ...process.env, ...overrides };
}

function startOf(environment: NodeJS.ProcessEnv): StartOrder | null {
  const id = environment['LOADSTONE_START'] ?? '';
  if (id === '') return null;
  const rate = environment['LOADSTONE_START_RATE'] ?? '';
  return {
    id,
    rate: rate === '' ? null : rate === 'max' ? rate : Number(rate),
    holdAtTime: environment['LOADSTONE_START_HOLD_AT'] || null,
  };
}

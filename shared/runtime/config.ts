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
    readonly nats: { readonly url: string; readonly monitorUrl: string; readonly pid: number; readonly startedAt: string };
    readonly temporal: { readonly address: string; readonly uiUrl: string; readonly namespace: string; readonly pid: number; readonly startedAt: string };
    readonly influx: { readonly url: string; readonly pid: number; readonly startedAt: string } | null;
  };
  readonly api: { readonly url: string };
  readonly services: Readonly<Record<string, { readonly pid: number; readonly startedAt: string; readonly state: string; readonly restarts: number }>>;
}

/** Generated passwords, one per component; `<home>/run/secrets.json`, readable by its owner only. */
export interface Secrets {
  readonly nats: Readonly<Record<string, string>>;
  readonly influx: Readonly<Record<string, string>>;
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
  /** Rate `up` was asked for, LOADSTONE_RATE; null: the one the world stands at. */
  readonly rate: number | 'max' | null;
  readonly logLevel: string;
}

/** Folder that holds data, logs and addresses of one twin: LOADSTONE_HOME, else `.loadstone` below the working folder. */
export function homeDir(): string {
  return resolve(process.env['LOADSTONE_HOME'] ?? '.loadstone');
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
      influx === null
        ? null
        : { url: influx.url, database: endpoints.root, user: component, password: secrets.influx[component] ?? '' },
    apiPort: Number(new URL(endpoints.api.url).port),
    rate: rateOf(process.env['LOADSTONE_RATE']),
    logLevel: process.env['LOADSTONE_LOG'] ?? 'info',
  };
}

function rateOf(text: string | undefined): number | 'max' | null {
  if (text === undefined || text === '') return null;
  return text === 'max' ? 'max' : Number(text);
}

import { join } from 'node:path';
import { wallNow } from '../../shared/runtime/clock.js';
import type { Endpoints } from '../../shared/runtime/config.js';
import { temporalNamespace } from '../temporal/names.js';
import type { Addresses } from './addresses.js';
import { readJson, writeJson } from './files.js';
import type { KeptStatus } from './keeper.js';
import { noteProcesses, type Started } from './lock.js';
import type { StackPaths } from './paths.js';
import type { Setting } from './settings.js';
import type { ChosenWorld } from './standingWorld.js';

/** How the stack as a whole stands. */
export type StackState = 'starting' | 'up' | 'degraded' | 'stopping';

/** One process as `status` shows it. */
export interface ProcessRecord {
  readonly pid: number;
  readonly startedAt: string;
  readonly state: string;
  readonly since: string;
  readonly restarts: number;
  readonly detail: string;
}

/** `endpoints.json`: what services need to find each other, and beyond that what `status` shows. */
export interface StackRecord extends Endpoints {
  readonly state: StackState;
  /** Why there is no history; null when there is. */
  readonly historyOff: string | null;
  readonly services: Readonly<Record<string, ProcessRecord>>;
  /** The three servers, by name of the program. */
  readonly serverProcesses: Readonly<Record<string, ProcessRecord>>;
  readonly settings: Readonly<Record<string, Setting<string | number | null>>>;
}

/** What a record is made of. */
export interface RecordSource {
  readonly paths: StackPaths;
  readonly root: string;
  readonly world: ChosenWorld;
  readonly addresses: Addresses;
  readonly startedAtMs: number;
  readonly historyOff: string | null;
  readonly settings: StackRecord['settings'];
}

/** The record of the running stack, as last written; null when there is none. */
export function readRecord(paths: StackPaths): StackRecord | null {
  return readJson(join(paths.runDir, 'endpoints.json')) as StackRecord | null;
}

/** Writes `endpoints.json` and the list of processes. */
export function writeRecord(
  source: RecordSource,
  state: StackState,
  servers: readonly KeptStatus[],
  services: readonly KeptStatus[],
): void {
  const { paths, addresses, world } = source;
  const serverProcesses = Object.fromEntries(servers.map((status) => [status.name, processRecord(status)]));
  const identity = (name: string): { pid: number; startedAt: string } => ({
    pid: serverProcesses[name]?.pid ?? 0,
    startedAt: serverProcesses[name]?.startedAt ?? '',
  });
  const url = (port: number): string => `http://127.0.0.1:${port}`;
  const record: StackRecord = {
    root: source.root,
    state,
    pid: process.pid,
    startedAt: new Date(source.startedAtMs).toISOString(),
    scenario: { name: world.name, hash: world.hash },
    servers: {
      nats: {
        url: `nats://127.0.0.1:${addresses.nats}`,
        monitorUrl: url(addresses.natsMonitor),
        mqttUrl: `mqtt://127.0.0.1:${addresses.natsMqtt}`,
        websocketUrl: `ws://127.0.0.1:${addresses.natsWebsocket}`,
        ...identity('nats-server'),
      },
      temporal: {
        address: `127.0.0.1:${addresses.temporal}`,
        uiUrl: url(addresses.temporalUi),
        namespace: temporalNamespace,
        ...identity('temporal'),
      },
      influx: source.historyOff === null ? { url: url(addresses.influx), ...identity('influxd') } : null,
    },
    api: { url: url(addresses.api) },
    services: Object.fromEntries(services.map((status) => [status.name, processRecord(status)])),
    serverProcesses,
    historyOff: source.historyOff,
    settings: source.settings,
  };
  writeJson(join(paths.runDir, 'endpoints.json'), record);
  noteProcesses(paths, [...servers, ...services].flatMap(startedOf));
}

function startedOf({ name, child }: KeptStatus): readonly Started[] {
  return child === null || child.hasEnded() ? [] : [{ name, pid: child.pid, startMark: child.startMark }];
}

function processRecord({ child, state, sinceMs, restarts, detail }: KeptStatus): ProcessRecord {
  return {
    pid: child?.pid ?? 0,
    startedAt: child === null ? '' : new Date(child.startedAtMs).toISOString(),
    state,
    since: new Date(sinceMs).toISOString(),
    restarts,
    detail,
  };
}

/** Wall time as files and lines show it. */
export function wallStamp(): string {
  return new Date(wallNow()).toISOString();
}

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { components } from '../../shared/bus/topology.js';
import { wallNow } from '../../shared/runtime/clock.js';
import type { StartOrder } from '../../shared/runtime/config.js';
import { repoDir, type StackPaths } from './paths.js';
import type { Plan } from './plan.js';

/** Programs with a user on the bus that people start themselves. */
const startedByPeople = ['cli', 'integrator', 'isv'];

/** A process of the twin: the name of its user on the bus and its compiled entry. */
export interface ServiceEntry {
  readonly name: string;
  readonly main: string;
}

/** Every service with a compiled `main`, and the worker; a new service needs no entry here. */
export function findServices(): readonly ServiceEntry[] {
  const folder = join(repoDir(), 'dist', 'services');
  const services = existsSync(folder) ? readdirSync(folder).sort() : [];
  const entries = services.map((name) => ({ name, main: join(folder, name, 'main.js') }));
  const worker = { name: 'worker', main: join(repoDir(), 'dist', 'workflows', 'worker.js') };
  return [...entries, worker].filter(({ name, main }) => components.includes(name) && !startedByPeople.includes(name) && existsSync(main));
}

/** How a service is run: healthy as soon as its user is connected to the bus. */
export function servicePlan(
  paths: StackPaths,
  entry: ServiceEntry,
  start: StartOrder,
  connected: (name: string) => Promise<boolean>,
): Plan {
  const logPath = join(paths.logDir, `${entry.name}.log`);
  return {
    name: entry.name,
    program: process.execPath,
    args: ['--enable-source-maps', entry.main],
    env: {
      LOADSTONE_HOME: paths.home,
      LOADSTONE_COMPONENT: entry.name,
      LOADSTONE_START: start.id,
      LOADSTONE_START_RATE: String(start.rate ?? ''),
      LOADSTONE_START_HOLD_AT: start.holdAtTime ?? '',
      NODE_COMPILE_CACHE: join(paths.home, 'cache'),
    },
    logPath,
    isHealthy: () => connected(entry.name),
    settle: () => Promise.resolve(),
    startTimeoutMs: 30_000,
    stopGraceMs: 8_000,
    patient: true,
    fix: `see ${logPath}`,
  };
}

/** Answers whether a user is connected to nats-server, asking its monitor at most ten times a second for everyone together. */
export function connectionWatch(monitorUrl: string): (user: string) => Promise<boolean> {
  let askedMs = 0;
  let answer: Promise<ReadonlySet<string>> = Promise.resolve(new Set());
  return async (user) => {
    if (wallNow() - askedMs > 100) {
      askedMs = wallNow();
      answer = connectedUsers(monitorUrl);
    }
    return (await answer).has(user);
  };
}

async function connectedUsers(monitorUrl: string): Promise<ReadonlySet<string>> {
  try {
    const response = await fetch(`${monitorUrl}/connz?auth=1&limit=1024`, { signal: AbortSignal.timeout(2_000) });
    const { connections } = (await response.json()) as { readonly connections: readonly { readonly authorized_user?: string }[] };
    return new Set(connections.map(({ authorized_user: user }) => user ?? ''));
  } catch {
    // While nats-server is away nobody is connected.
    return new Set();
  }
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectBus } from '../../shared/bus/connect.js';
import { encodeFact, subjectOf } from '../../shared/bus/envelope.js';
import { newestOn } from '../../shared/bus/newest.js';
import { streamsOf } from '../../shared/bus/topology.js';
import { wallDelay } from '../../shared/runtime/clock.js';
import type { Secrets } from '../../shared/runtime/config.js';
import type { TestTwin } from '../support/twin.js';
import { servers, type Fault } from './plan.js';

/** Names of the processes of a twin that may be struck. */
export function processesOf(twin: TestTwin): readonly string[] {
  return [...servers, ...Object.keys(twin.endpoints().services)].sort();
}

/** Does a fault and resolves at its end; a process that is not there at the moment, since another fault took it, is passed over. */
export async function strike(twin: TestTwin, fault: Fault): Promise<void> {
  switch (fault.kind) {
    case 'kill':
    case 'two-killed':
    case 'servers-killed':
      for (const victim of fault.victims) hit(twin, victim, 'SIGKILL');
      return;
    case 'freeze': {
      const [victim = ''] = fault.victims;
      const pid = hit(twin, victim, 'SIGSTOP');
      await wallDelay(fault.freezeMs);
      // Whoever was stopped goes on, also where its supervisor has given it up meanwhile.
      if (pid !== null) signal(pid, 'SIGCONT');
      return;
    }
    case 'everything-killed':
      await killEverything(twin);
      return;
    case 'malformed':
    case 'duplicated':
      await sendOdd(twin, fault.kind);
      return;
  }
}

function pidOf(twin: TestTwin, name: string): number | null {
  const { servers: running, services } = twin.endpoints();
  const known: Readonly<Record<string, number | undefined>> = {
    'nats-server': running.nats.pid,
    temporal: running.temporal.pid,
    influxd: running.influx?.pid,
  };
  const pid = known[name] ?? services[name]?.pid;
  return pid === undefined || pid <= 0 ? null : pid;
}

function hit(twin: TestTwin, name: string, how: NodeJS.Signals): number | null {
  const pid = pidOf(twin, name);
  if (pid === null || !signal(pid, how)) return null;
  return pid;
}

function signal(pid: number, how: NodeJS.Signals): boolean {
  try {
    process.kill(pid, how);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}

/** Everything at once, the supervisor first so that it cannot start anything again; then a person starts the twin. */
async function killEverything(twin: TestTwin): Promise<void> {
  const { pid } = twin.endpoints();
  const names = processesOf(twin);
  signal(pid, 'SIGKILL');
  for (const name of names) hit(twin, name, 'SIGKILL');
  for (let left = 20; left > 0; left--) {
    const { code, stderr } = await twin.cli('up', '--detach');
    if (code === 0) return;
    if (left === 1) throw new Error(`up after everything was killed: ${stderr}`);
    await wallDelay(500);
  }
}

/** A message that is no fact, or a fact that stands in the stream already, sent again without what tells repeats apart. */
async function sendOdd(twin: TestTwin, kind: 'malformed' | 'duplicated'): Promise<void> {
  const secrets = JSON.parse(readFileSync(join(twin.home, 'run/secrets.json'), 'utf8')) as Secrets;
  const root = 'twin';
  const as = (component: string) =>
    connectBus({ url: twin.endpoints().servers.nats.url, user: component, password: secrets.nats[component] ?? '', component, root });
  const about = { region: 'west', type: 'grid.demand.v1', entity: 'west' } as const;
  const subject = subjectOf(root, about);
  const bus = await as('grid-supply');
  try {
    if (kind === 'malformed') bus.connection.publish(subject, new TextEncoder().encode('{"type":"grid.demand.v1","data":'));
    else {
      const reader = await as('cli');
      const newest = await newestOn(reader, streamsOf(root).facts, subject);
      await reader.close();
      if (newest !== null) bus.connection.publish(subject, encodeFact(newest.fact));
    }
    await bus.connection.flush();
  } finally {
    await bus.close();
  }
}

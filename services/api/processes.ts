import { readFile } from 'node:fs/promises';
import { readEndpoints } from '../../shared/runtime/config.js';

/** A server or service of the twin, as its supervisor wrote it down and the system sees it. */
export interface ProcessStanding {
  readonly name: string;
  readonly kind: 'server' | 'service';
  readonly isUp: boolean;
  readonly restarts: number;
  readonly startSeconds: number | null;
  /** Null where the system does not tell, or the process has gone. */
  readonly residentBytes: number | null;
}

/** What nats-server knows of the connections of one user. */
export interface ConnectionStanding {
  readonly user: string;
  readonly connections: number;
  readonly sentMessages: number;
  readonly receivedMessages: number;
  readonly waitingBytes: number;
}

interface Written {
  readonly pid: number;
  readonly startedAt: string;
  readonly state: string;
  readonly restarts: number;
}

const monitorMs = 2_000;

/** Every process that `status` shows. @throws when no twin runs from this home. */
export async function processStandings(homeDir: string): Promise<readonly ProcessStanding[]> {
  const endpoints = readEndpoints(homeDir) as ReturnType<typeof readEndpoints> & {
    readonly serverProcesses?: Readonly<Record<string, Written>>;
  };
  const all = [
    ...Object.entries(endpoints.serverProcesses ?? {}).map(([name, written]) => ({ name, kind: 'server' as const, written })),
    ...Object.entries(endpoints.services).map(([name, written]) => ({ name, kind: 'service' as const, written })),
  ];
  return Promise.all(
    all.map(async ({ name, kind, written }) => {
      const startMs = Date.parse(written.startedAt);
      return {
        name,
        kind,
        isUp: written.state === 'running' || written.state === 'idle',
        restarts: written.restarts,
        startSeconds: Number.isFinite(startMs) ? startMs / 1_000 : null,
        residentBytes: await residentBytes(written.pid),
      };
    }),
  );
}

/** Linux tells; elsewhere, and for a process that has gone, there is no such file. */
async function residentBytes(pid: number): Promise<number | null> {
  const status = pid > 0 ? await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '') : '';
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) * 1_024;
}

interface Connections {
  readonly connections: readonly {
    readonly authorized_user?: string;
    readonly in_msgs: number;
    readonly out_msgs: number;
    readonly pending_bytes: number;
  }[];
}

/** Connections by user, from the monitor of nats-server. @throws when it does not answer within two seconds. */
export async function connectionStandings(homeDir: string): Promise<readonly ConnectionStanding[]> {
  const { monitorUrl } = readEndpoints(homeDir).servers.nats;
  const response = await fetch(`${monitorUrl}/connz?auth=1&limit=1024`, { signal: AbortSignal.timeout(monitorMs) });
  const { connections } = (await response.json()) as Connections;
  const users = [...new Set(connections.map(({ authorized_user: user }) => user ?? ''))].sort();
  return users.map((user) => {
    const own = connections.filter(({ authorized_user: each }) => (each ?? '') === user);
    const sum = (of: (connection: Connections['connections'][number]) => number): number =>
      own.reduce((total, each) => total + of(each), 0);
    return {
      user,
      connections: own.length,
      sentMessages: sum((each) => each.in_msgs),
      receivedMessages: sum((each) => each.out_msgs),
      waitingBytes: sum((each) => each.pending_bytes),
    };
  });
}

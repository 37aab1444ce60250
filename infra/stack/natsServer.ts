import { join } from 'node:path';
import { natsConf } from '../nats/conf.js';
import { writeWhole } from './files.js';
import type { StackPaths } from './paths.js';
import { answers, type Plan } from './plan.js';

/** Where a nats-server is to listen, with whose passwords. */
export interface NatsOptions {
  readonly paths: StackPaths;
  readonly program: string;
  readonly port: number;
  readonly monitorPort: number;
  readonly mqttPort: number;
  readonly websocketPort: number;
  readonly passwords: Readonly<Record<string, string>>;
  readonly roots: readonly string[];
  /** How often it writes to disk; absent: every 100 ms. */
  readonly syncInterval?: string;
}

/** How nats-server is run: writes its configuration, healthy when JetStream has recovered its streams. */
export function natsPlan(options: NatsOptions): Plan {
  const { paths, program, passwords, roots, ...ports } = options;
  const conf = join(paths.confDir, 'nats.conf');
  writeWhole(conf, natsConf({ ...ports, storeDir: paths.natsDir, passwords, roots }));
  return {
    name: 'nats-server',
    program,
    args: ['-c', conf],
    env: {},
    logPath: join(paths.logDir, 'nats-server.log'),
    isHealthy: () => answers(`http://127.0.0.1:${ports.monitorPort}/healthz`),
    settle: () => Promise.resolve(),
    startTimeoutMs: 60_000,
    stopGraceMs: 10_000,
    watched: true,
    fix: `see ${join(paths.logDir, 'nats-server.log')}, or point LOADSTONE_NATS_BIN at a nats-server >= 2.14`,
  };
}

import { join } from 'node:path';
import { TwinError } from '../../shared/runtime/errors.js';
import { influxConf } from '../influx/conf.js';
import { writeWhole } from './files.js';
import type { StackPaths } from './paths.js';
import { answers, type Plan } from './plan.js';
import { influxUsers } from './secrets.js';

/** Where influxd is to listen, with whose passwords, and the databases it is to have. */
export interface InfluxOptions {
  readonly paths: StackPaths;
  readonly program: string;
  readonly port: number;
  readonly rpcPort: number;
  readonly passwords: Readonly<Record<string, string>>;
  /** One database per root. */
  readonly roots: readonly string[];
}

/** How influxd is run: writes its configuration, makes users and databases after every start. */
export function influxPlan(options: InfluxOptions): Plan {
  const { paths, program, port, rpcPort } = options;
  const conf = join(paths.confDir, 'influxdb.conf');
  const logPath = join(paths.logDir, 'influxd.log');
  const url = `http://127.0.0.1:${port}`;
  writeWhole(conf, influxConf({ httpPort: port, rpcPort, dataDir: paths.influxDir }));
  return {
    name: 'influxd',
    program,
    args: ['run', '-config', conf],
    env: { INFLUXDB_CONFIG_PATH: conf },
    logPath,
    isHealthy: () => answers(`${url}/ping`),
    settle: () => settle(url, options),
    startTimeoutMs: 60_000,
    stopGraceMs: 10_000,
    watched: true,
    fix: `see ${logPath}, or set LOADSTONE_INFLUX_BIN to influxd 1.x or to off`,
  };
}

/** Users, databases and rights; what is there already stays as it is. */
async function settle(url: string, { passwords, roots }: InfluxOptions): Promise<void> {
  const admin = { user: 'admin', password: passwords['admin'] ?? '' };
  const tell = (statement: string): Promise<unknown> => query(url, statement, admin);
  // Without any user the server takes only this statement, from anyone; with users, only the admin may repeat it.
  await query(url, `CREATE USER "admin" WITH PASSWORD '${admin.password}' WITH ALL PRIVILEGES`, null).catch((error: unknown) => {
    if (!(error instanceof TwinError) || error.code !== 'TWIN_REFUSED') throw error;
  });
  const known = JSON.stringify(await tell('SHOW USERS'));
  for (const [user, right] of Object.entries(influxUsers)) {
    if (right === 'all' || known.includes(`["${user}",`)) continue;
    await tell(`CREATE USER "${user}" WITH PASSWORD '${passwords[user] ?? ''}'`);
  }
  for (const root of roots) {
    await tell(`CREATE DATABASE "${root}" WITH DURATION INF REPLICATION 1 SHARD DURATION 52w NAME "forever"`);
    for (const [user, right] of Object.entries(influxUsers)) {
      if (right !== 'all') await tell(`GRANT ${right.toUpperCase()} ON "${root}" TO "${user}"`);
    }
  }
}

async function query(url: string, statement: string, login: { readonly user: string; readonly password: string } | null): Promise<unknown> {
  const authorization =
    login === null ? {} : { authorization: `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}` };
  const response = await fetch(`${url}/query`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...authorization },
    body: new URLSearchParams({ q: statement }),
    signal: AbortSignal.timeout(20_000),
  });
  const answer = (await response.json()) as { readonly error?: string; readonly results?: readonly { readonly error?: string }[] };
  const error = answer.error ?? answer.results?.find((result) => result.error !== undefined)?.error;
  if (error !== undefined) throw new TwinError('TWIN_REFUSED', `influxd: ${statement.split(' WITH PASSWORD')[0]}: ${error}`);
  return answer;
}

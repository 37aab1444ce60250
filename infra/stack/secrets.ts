import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { components } from '../../shared/bus/topology.js';
import type { Secrets } from '../../shared/runtime/config.js';
import { readJson, writeJson } from './files.js';

/** Users of the history: who they are and what they may do. */
export const influxUsers = { admin: 'all', 'history-writer': 'write', api: 'read', cli: 'read', integrator: 'read' } as const;

/** Passwords of a home, generated once; users that are new since then get theirs now. */
export function ensureSecrets(runDir: string): Secrets {
  const path = join(runDir, 'secrets.json');
  const known = (readJson(path) ?? { nats: {}, influx: {} }) as Secrets;
  const secrets = { nats: complete(known.nats, components), influx: complete(known.influx, Object.keys(influxUsers)) };
  if (JSON.stringify(secrets) !== JSON.stringify(known)) writeJson(path, secrets);
  return secrets;
}

function complete(known: Readonly<Record<string, string>>, users: readonly string[]): Record<string, string> {
  return Object.fromEntries(users.map((user) => [user, known[user] ?? randomBytes(18).toString('base64url')]));
}

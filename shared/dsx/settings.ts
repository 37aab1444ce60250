import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { wrongInput } from '../runtime/errors.js';
import type { Jwk } from './jws.js';

/** The side of the campuses: its name and key, and whom it hears for which feeds. */
export interface AgentSettings {
  readonly agent: string;
  readonly key: Jwk;
  /** By identifier of who sends load targets. */
  readonly isvs: Readonly<Record<string, { readonly keys: readonly Jwk[]; readonly feeds: readonly string[] }>>;
}

/** The side of the grid, to try both against each other: its name and key, and the keys of the side of the campuses. */
export interface IsvSettings {
  readonly id: string;
  readonly key: Jwk;
  readonly agent: string;
  readonly agentKeys: readonly Jwk[];
}

const folderOf = (home: string): string => join(home, 'dsx');
export const agentFile = (home: string): string => join(folderOf(home), 'agent.json');
export const isvFile = (home: string, id: string): string => join(folderOf(home), `isv-${id}.json`);

/** Settings of the side of the campuses; null: there are none, and no load target is heard. */
export function readAgent(home: string): AgentSettings | null {
  const path = agentFile(home);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as AgentSettings) : null;
}

/** Settings of a side of the grid. @throws TWIN_WRONG_INPUT when it was not made here. */
export function readIsv(home: string, id: string): IsvSettings {
  const path = isvFile(home, id);
  if (!existsSync(path)) throw wrongInput(`${path}: found no such file, allowed: one that \`dsx init --isv ${id}\` has made`);
  return JSON.parse(readFileSync(path, 'utf8')) as IsvSettings;
}

/** Writes settings that hold private keys, readable by their owner only. */
export function writeSettings(home: string, path: string, settings: AgentSettings | IsvSettings): void {
  mkdirSync(folderOf(home), { recursive: true, mode: 0o700 });
  writeFileSync(path, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 });
}

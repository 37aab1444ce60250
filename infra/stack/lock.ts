import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { TwinError } from '../../shared/runtime/errors.js';
import { readJson, writeJson } from './files.js';
import type { StackPaths } from './paths.js';
import { endProcess, isAlive, startMarkOf, type ProcessId } from './process.js';

/** A process this home has started, named so that the next `up` can end what a crash left behind, and nothing else. */
export interface Started extends ProcessId {
  readonly name: string;
}

/** Who holds a home, or null when nobody does. */
export function holderOf(paths: StackPaths): ProcessId | null {
  const holder = readJson(lockPath(paths)) as ProcessId | null;
  return holder !== null && isAlive(holder) ? holder : null;
}

/**
 * Takes a home for this process; answers what gives it back.
 * @throws TWIN_REFUSED naming the process that holds it.
 */
export function takeLock(paths: StackPaths): () => void {
  const path = lockPath(paths);
  const self: ProcessId = { pid: process.pid, startMark: startMarkOf(process.pid) ?? '' };
  for (;;) {
    try {
      const file = openSync(path, 'wx', 0o600);
      writeSync(file, `${JSON.stringify(self)}\n`);
      closeSync(file);
      return () => rmSync(path, { force: true });
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error) || error.code !== 'EEXIST') throw error;
      const holder = holderOf(paths);
      if (holder !== null) {
        throw new TwinError(
          'TWIN_REFUSED',
          `up: a twin already runs from ${paths.home} (process ${holder.pid}); stop it with \`npx loadstone down\``,
        );
      }
      rmSync(path, { force: true });
    }
  }
}

/** Notes the living processes of a home, newest last. */
export function noteProcesses(paths: StackPaths, started: readonly Started[]): void {
  writeJson(processesPath(paths), started);
}

/** Processes of a home that still live though nobody watches them. */
export function leftoversOf(paths: StackPaths): readonly Started[] {
  const noted = (readJson(processesPath(paths)) ?? []) as readonly Started[];
  return noted.filter(isAlive);
}

/** Ends what an earlier `up` left behind, last started first; answers the names. */
export async function endLeftovers(paths: StackPaths): Promise<readonly string[]> {
  const leftovers = [...leftoversOf(paths)].reverse();
  for (const leftover of leftovers) await endProcess(leftover, 10_000);
  return leftovers.map(({ name }) => name);
}

/** Removes what says that a twin runs from here. */
export function forgetRun(paths: StackPaths): void {
  for (const file of [processesPath(paths), join(paths.runDir, 'endpoints.json')]) rmSync(file, { force: true });
}

function lockPath(paths: StackPaths): string {
  return join(paths.runDir, 'lock');
}

function processesPath(paths: StackPaths): string {
  return join(paths.runDir, 'processes.json');
}

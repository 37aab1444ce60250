import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { TwinError, wrongInput } from '../../shared/runtime/errors.js';
import { prepareHome } from './home.js';
import type { StackPaths } from './paths.js';
import type { StackRecord } from './record.js';

/** What a detached `up` tells the one that waits for it. */
export type Report =
  | { readonly kind: 'progress'; readonly line: string }
  | { readonly kind: 'up'; readonly record: StackRecord }
  | { readonly kind: 'failed'; readonly message: string; readonly isWrongInput: boolean };

/**
 * Runs the same command again in the background and waits until its twin is up; its output goes to `logs/up.log`.
 * @throws the TwinError it failed with.
 */
export async function startDetached(paths: StackPaths, say: (line: string) => void): Promise<StackRecord> {
  prepareHome(paths);
  const logPath = join(paths.logDir, 'up.log');
  const log = openSync(logPath, 'a', 0o600);
  const args = process.argv.slice(1).filter((arg) => arg !== '--detach');
  const child = spawn(process.execPath, args, { stdio: ['ignore', log, log, 'ipc'], detached: true, env: process.env });
  closeSync(log);
  return new Promise((resolve, reject) => {
    child.on('message', (message) => {
      const report = message as Report;
      switch (report.kind) {
        case 'progress':
          say(report.line);
          return;
        case 'up':
          child.unref();
          resolve(report.record);
          return;
        case 'failed':
          reject(report.isWrongInput ? wrongInput(report.message) : new TwinError('TWIN_REFUSED', report.message));
      }
    });
    child.once('exit', (code, signal) =>
      reject(new TwinError('TWIN_REFUSED', `up: ended with ${signal ?? `exit code ${code}`}; see ${logPath}`)),
    );
  });
}

/** Tells the `up` that waits, when there is one; it stops listening once the twin is up. */
export function report(message: Report): void {
  if (!process.connected || process.send === undefined) return;
  // The one that waits may have gone away at any moment; that is no trouble of the twin.
  process.send(message, undefined, undefined, () => {});
  if (message.kind === 'up') process.disconnect();
}

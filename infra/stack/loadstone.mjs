#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setup } from './setup.mjs';
import { SetupError, say } from './setup/terminal.mjs';

const repo = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
process.env.LOADSTONE_HOME ??= join(repo, '.loadstone');

try {
  const command = process.argv[2];
  // Only a start needs the servers, and what ends or explains a twin has to work whatever state the sources are in.
  const isRescue = ['down', 'status', 'doctor'].includes(command) && existsSync(join(repo, 'dist', 'services', 'cli', 'main.js'));
  if (!isRescue) await setup({ withServers: command === 'up' });
  await import(new URL('../../dist/services/cli/main.js', import.meta.url).href);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(error.message);
  process.exitCode = error.exitCode;
}

#!/usr/bin/env node
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fingerprint, noteBuild } from './setup/checkout.mjs';
import { run } from './setup/terminal.mjs';

const repo = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const dist = join(repo, 'dist');

/** Removes compiled files whose source is gone: commands and services are found by looking into `dist/`. */
function prune(folder) {
  const compiled = join(dist, folder);
  if (!existsSync(compiled)) return;
  for (const entry of readdirSync(compiled, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) prune(path);
    else if (entry.name.endsWith('.js') && !existsSync(join(repo, `${path.slice(0, -3)}.ts`))) rmSync(join(dist, path));
  }
}

async function step(name, program, args) {
  const { code, output } = await run(program, args, { cwd: repo });
  if (output.trim() !== '' && code !== 0) process.stderr.write(output);
  if (code === 0) return;
  process.stderr.write(`build: ${name} failed\n`);
  process.exit(1);
}

const print = fingerprint(repo);
const program = (name) => join(repo, 'node_modules', '.bin', name);
for (const folder of ['shared', 'services', 'workflows', 'infra']) {
  // The dashboard is built by Vite, into the same place.
  if (folder === 'services' && existsSync(join(dist, folder))) {
    for (const entry of readdirSync(join(dist, folder), { withFileTypes: true }))
      if (entry.isDirectory() && entry.name !== 'dashboard') prune(join(folder, entry.name));
  } else prune(folder);
}
await step('tsc', program('tsc'), ['-p', 'tsconfig.json']);
if (existsSync(join(dist, 'workflows', 'bundle.js')))
  await step('workflow bundle', process.execPath, [join(dist, 'workflows', 'bundle.js')]);
const viteConfig = readdirSync(join(repo, 'services', 'dashboard')).find((name) => name.startsWith('vite.config.'));
if (viteConfig !== undefined)
  await step('dashboard', program('vite'), ['build', '--config', join('services', 'dashboard', viteConfig), '--logLevel', 'warn']);
noteBuild(repo, print);

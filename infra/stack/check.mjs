#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './setup/terminal.mjs';

const repo = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const sources = ['shared', 'services', 'workflows', 'infra', 'tests'];
const dashboard = 'services/dashboard/tsconfig.json';

/** `--all` adds the tests that start servers. */
const projects = process.argv.includes('--all') ? [] : ['--project', 'quick'];

/** Programs that check the checkout, one after the other; the tests come last, so that the output ends with their counts. */
const checks = [
  ['format', 'biome', ['format', '--config-path', 'infra/format.json', ...sources]],
  ['lint', 'oxlint', ['-c', 'infra/lint.json', '--deny-warnings', ...sources]],
  ['types', 'tsc', ['-p', 'infra/tsconfig.check.json']],
  ...(existsSync(join(repo, dashboard)) ? [['dashboard types', 'tsc', ['-p', dashboard, '--noEmit']]] : []),
  ['tests', 'vitest', ['run', '--config', 'infra/vitest.config.ts', ...projects]],
];

let failed = 0;
for (const [name, program, args] of checks) {
  const startedMs = Date.now();
  const { code } = await run(join(repo, 'node_modules', '.bin', program), args, { cwd: repo, inherit: true, timeoutMs: 3_600_000 });
  if (name !== 'tests')
    process.stderr.write(`check: ${name} ${code === 0 ? 'good' : 'FAILED'} (${((Date.now() - startedMs) / 1000).toFixed(1)} s)\n`);
  if (code !== 0) failed += 1;
}
process.exitCode = failed === 0 ? 0 : 1;

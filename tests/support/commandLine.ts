import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Command } from 'commander';
import { vi } from 'vitest';
import { repoDir } from '../../infra/stack/paths.js';
import type { Outcome } from './loadstone.js';

/** What a command printed. */
export interface Printed {
  readonly out: string;
  readonly err: string;
}

/** Runs one command of the command line in this process; what it throws is thrown here. */
export async function runCommand(register: (program: Command) => void, words: readonly string[]): Promise<Printed> {
  const written = { out: '', err: '' };
  const out = vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((written.out += String(text)), true));
  const err = vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((written.err += String(text)), true));
  try {
    const program = new Command('loadstone').exitOverride();
    register(program);
    await program.parseAsync(words, { from: 'user' });
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
  return written;
}

/** Runs the whole command line from its sources, as a process of its own. */
export function runFromSource(words: readonly string[]): Promise<Outcome> {
  const entry = join(repoDir(), 'services', 'cli', 'main.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', entry, ...words], { cwd: repoDir(), stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code: code ?? -1, stdout, stderr })));
}

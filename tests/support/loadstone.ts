import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { leftoversOf } from '../../infra/stack/lock.js';
import { pathsOf, repoDir, type StackPaths } from '../../infra/stack/paths.js';
import { wallDelay, wallNow } from '../../shared/runtime/clock.js';

/** What a command printed and how it ended. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One home of a test, in which the real command line is run. */
export interface TestHome {
  readonly home: string;
  readonly paths: StackPaths;
  /** Runs `loadstone ...` to its end; interrupts it after `limitMs`. */
  loadstone(args: readonly string[], env?: Readonly<Record<string, string>>, limitMs?: number): Promise<Outcome>;
  /** Starts `loadstone ...` in front; `interrupt` is Ctrl-C. */
  inFront(
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
  ): { readonly ended: Promise<Outcome>; readonly interrupt: () => void };
  /** Runs `loadstone ... --json` and reads what it printed. */
  json(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<unknown>;
  /** Ends whatever runs from this home and removes it; answers what had to be ended. */
  remove(): Promise<readonly string[]>;
}

/** A fresh home. The checkout has to be built: `npm test` does it, else `npm run build`. */
export function createHome(): TestHome {
  const home = mkdtempSync(join(tmpdir(), 'loadstone-e2e-'));
  const paths = pathsOf(home);
  const inFront: TestHome['inFront'] = (args, env = {}) => {
    const entry = join(repoDir(), 'infra', 'stack', 'loadstone.mjs');
    const child = spawn(process.execPath, [entry, ...args], {
      cwd: home,
      env: { ...process.env, LOADSTONE_HOME: home, LOADSTONE_BUILD: 'off', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const ended = new Promise<Outcome>((resolve) => child.once('exit', (code) => resolve({ code: code ?? -1, stdout, stderr })));
    return { ended, interrupt: () => void child.kill('SIGINT') };
  };
  const loadstone: TestHome['loadstone'] = async (args, env, limitMs = 120_000) => {
    const { ended, interrupt } = inFront(args, env);
    const timer = setTimeout(interrupt, limitMs);
    const outcome = await ended;
    clearTimeout(timer);
    return outcome;
  };
  return {
    home,
    paths,
    inFront,
    loadstone,
    json: async (args, env) => {
      const { stdout, stderr } = await loadstone([...args, '--json'], env);
      try {
        return JSON.parse(stdout) as unknown;
      } catch (cause) {
        throw new Error(`loadstone ${args.join(' ')} --json: no JSON document: ${stdout}${stderr}`, { cause });
      }
    },
    remove: async () => {
      await loadstone(['down']);
      const left = leftoversOf(paths).map(({ name }) => name);
      rmSync(home, { recursive: true, force: true });
      return left;
    },
  };
}

/** Asks again and again until `check` answers something; rejects after `limitMs` with what was asked for. */
export async function until<Value>(what: string, check: () => Promise<Value | null>, limitMs = 60_000): Promise<Value> {
  const deadline = wallNow() + limitMs;
  for (;;) {
    const value = await check();
    if (value !== null) return value;
    if (wallNow() > deadline) throw new Error(`${what}: not within ${limitMs} ms`);
    await wallDelay(200);
  }
}

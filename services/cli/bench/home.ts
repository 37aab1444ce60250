import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repoDir } from '../../../infra/stack/paths.js';
import { connectBus, type Bus } from '../../../shared/bus/connect.js';
import { wallNow } from '../../../shared/runtime/clock.js';
import { environmentWith, readEndpoints, type Secrets } from '../../../shared/runtime/config.js';
import { TwinError } from '../../../shared/runtime/errors.js';

/** A twin of a benchmark, in a home of its own. */
export interface BenchTwin {
  readonly home: string;
  /** Wall seconds from the command to a twin that is up. */
  readonly startSeconds: number;
  readonly bus: Bus;
  /** Stops it in order, keeps its data, and answers how long that took in wall seconds. */
  stop(): Promise<number>;
}

/** A folder that is removed when the benchmark is over. */
export function benchHome(): { readonly home: string; remove(): void } {
  const home = mkdtempSync(join(tmpdir(), 'loadstone-bench-'));
  return { home, remove: () => rmSync(home, { recursive: true, force: true }) };
}

function loadstone(home: string, args: readonly string[]): Promise<void> {
  const entry = join(repoDir(), 'dist', 'services', 'cli', 'main.js');
  const child = spawn(process.execPath, ['--enable-source-maps', entry, ...args], {
    cwd: repoDir(),
    stdio: ['ignore', 'ignore', 'pipe'],
    env: environmentWith({ LOADSTONE_HOME: home, LOADSTONE_BUILD: 'off' }),
  });
  let told = '';
  child.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else
        reject(
          new TwinError('TWIN_REFUSED', `bench: \`loadstone ${args.join(' ')}\` ended with ${code}: ${told.trim().split('\n').at(-1)}`),
        );
    });
  });
}

/** Starts a twin through the command line, as a user does. */
export async function startBenchTwin(home: string, args: readonly string[]): Promise<BenchTwin> {
  const began = wallNow();
  await loadstone(home, ['up', '--detach', ...args]);
  const startSeconds = (wallNow() - began) / 1_000;
  const { nats } = JSON.parse(readFileSync(join(home, 'run/secrets.json'), 'utf8')) as Secrets;
  const { url } = readEndpoints(home).servers.nats;
  const bus = await connectBus({ url, user: 'cli', password: nats['cli'] ?? '', component: 'cli', root: 'twin' });
  return {
    home,
    startSeconds,
    bus,
    stop: async () => {
      await bus.close();
      const stopBegan = wallNow();
      await loadstone(home, ['down']);
      return (wallNow() - stopBegan) / 1_000;
    },
  };
}

import { execFile } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const source = 'github.com/nats-io/natscli/nats@v0.3.0';

/** Folder of the `nats` command: of this machine, or built once with Go into `folder`; else the reason why there is none. */
export async function natsCliFolder(folder: string): Promise<{ readonly folder: string } | { readonly missing: string }> {
  const onPath = (process.env['PATH'] ?? '').split(':').find((place) => place !== '' && existsSync(join(place, 'nats')));
  if (onPath !== undefined) return { folder: onPath };
  if (existsSync(join(folder, 'nats'))) return { folder };
  mkdirSync(folder, { recursive: true });
  try {
    await promisify(execFile)('go', ['install', source], { env: { ...process.env, GOBIN: folder }, timeout: 240_000 });
    return { folder };
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return { missing: `no nats command on PATH, and go install ${source} failed: ${reason}` };
  }
}

import { createServer } from 'node:net';
import { wrongInput } from '../../shared/runtime/errors.js';

const taken = new Set<number>();

/** Whether a port of loopback is free now. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/** A free port of loopback: the usual one when nobody has it, else any; never the same one twice in this process. */
export async function pickPort(usual: number | null): Promise<number> {
  if (usual !== null && !taken.has(usual) && (await isFree(usual))) return claim(usual);
  for (;;) {
    const port = await anyPort();
    if (!taken.has(port)) return claim(port);
  }
}

/**
 * The port a variable demands, or null when it is not set.
 * @throws TWIN_WRONG_INPUT when it is no port or somebody listens there.
 */
export async function demandedPort(variable: string): Promise<number | null> {
  const value = settingOf(variable);
  if (value === undefined) return null;
  const port = Number(value);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw wrongInput(`${variable}: found "${value}", allowed is a port from 1 to 65535`);
  if (!(await isFree(port)))
    throw wrongInput(`${variable}: port ${port} is taken by another program, allowed is a free port or no setting at all`);
  return claim(port);
}

/** Value of a LOADSTONE_* variable; undefined when it is unset or empty. */
export function settingOf(variable: string): string | undefined {
  const value = process.env[variable];
  return value === '' ? undefined : value;
}

function claim(port: number): number {
  taken.add(port);
  return port;
}

function anyPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen({ port: 0, host: '127.0.0.1', exclusive: true }, () => {
      const address = probe.address();
      const port = address !== null && typeof address === 'object' ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

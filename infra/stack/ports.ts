import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { TwinError, wrongInput } from '../../shared/runtime/errors.js';

/** Below the ports that operating systems hand to outgoing connections, so that nobody takes one while its server restarts. */
const FIRST_PORT = 20_000;
const END_OF_PORTS = 32_000;

const taken = new Set<number>();

/** Whether a port of loopback is free now. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/** A free port of loopback: the usual one when nobody has it, else one of 20000 to 31999; never the same one twice in this process. */
export async function pickPort(usual: number | null): Promise<number> {
  if (usual !== null && !taken.has(usual) && (await isFree(usual))) return claim(usual);
  for (let tries = 0; tries < 1_000; tries += 1) {
    const port = randomInt(FIRST_PORT, END_OF_PORTS);
    if (!taken.has(port) && (await isFree(port))) return claim(port);
  }
  throw new TwinError(
    'TWIN_NOT_RUNNING',
    `loopback: found no free port among ${FIRST_PORT} to ${END_OF_PORTS - 1}, tried 1000; end what holds them`,
  );
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

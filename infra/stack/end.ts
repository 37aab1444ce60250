import { endLeftovers, forgetRun, holderOf } from './lock.js';
import type { StackPaths } from './paths.js';
import { endProcess } from './process.js';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

/** The supervisor ends everything in order; it gets this long before it is ended itself. */
const orderlyMs = 90_000;

/** What `down` found and ended. */
export interface Ended {
  readonly wasRunning: boolean;
  /** Processes that nobody watched any more. */
  readonly leftovers: readonly string[];
}

/** Ends the twin of a home in order, and whatever a crashed one left behind. */
export async function endStack(paths: StackPaths): Promise<Ended> {
  const holder = holderOf(paths);
  if (holder !== null) await endProcess(holder, orderlyMs);
  const leftovers = await endLeftovers(paths);
  forgetRun(paths);
  rmSync(join(paths.runDir, 'lock'), { force: true });
  return { wasRunning: holder !== null, leftovers };
}

import { join } from 'node:path';
import { readJson, writeJson } from './files.js';
import type { StackPaths } from './paths.js';

/** What a home remembers of the world whose data it holds. */
export interface StandingWorld {
  readonly name: string;
  readonly hash: string;
  readonly scenario: string;
  readonly dataDir: string | null;
  readonly seed: number | null;
}

/** The world that stands in a home, or null. */
export function standingWorld(paths: StackPaths): StandingWorld | null {
  return readJson(join(paths.home, 'world.json')) as StandingWorld | null;
}

/** Notes the world whose data a home holds from now on. */
export function rememberWorld(paths: StackPaths, world: StandingWorld): void {
  writeJson(join(paths.home, 'world.json'), world);
}

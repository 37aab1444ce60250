import { wrongInput } from '../runtime/errors.js';
import { dirname, resolve } from 'node:path';
import { builtIns } from './builtIn.js';
import { worldHash } from './canonical.js';
import { readJson } from './files.js';
import type { World } from './schema.js';
import { checkedWorld } from './validate.js';

/** What a user may change about a scenario without editing it; absent: as the scenario says. */
export interface WorldOverrides {
  readonly seed?: number | undefined;
  /** Twin seconds per wall second. */
  readonly rate?: number | 'max' | undefined;
  readonly tickMinutes?: number | undefined;
  /** RFC 3339; null: never hold. */
  readonly holdAtTime?: string | null | undefined;
}

/** Which scenario, from where, with what changed. */
export interface WorldRequest {
  /** Name of a built-in scenario, or path of a JSON file (`.gz` accepted). */
  readonly scenario: string;
  /** Folder of the data a built-in scenario reads. */
  readonly dataDir?: string | undefined;
  readonly overrides?: WorldOverrides | undefined;
}

/**
 * The world a scenario describes, checked, with the hash that tells it from other worlds.
 * @throws TWIN_WRONG_INPUT with one line that names file and field, what was found and what is allowed.
 */
export async function resolveWorld(request: WorldRequest): Promise<{ readonly world: World; readonly hash: string }> {
  const { scenario, overrides = {} } = request;
  const builtIn = builtIns.find(({ name }) => name === scenario);
  if (builtIn === undefined && !looksLikeFile(scenario)) {
    const names = builtIns.map(({ name }) => name).join(', ');
    throw wrongInput(`scenario: found "${scenario}", allowed: ${names}, or the path of a .json file`);
  }
  const place = builtIn === undefined ? scenario : `scenario ${scenario}`;
  const found =
    builtIn === undefined
      ? withPlacedSources(checkedWorld(await readJson(scenario), place), scenario)
      : await builtIn.build(dataDirFor(builtIn, request.dataDir));
  const world = checkedWorld(changed(found, overrides), place);
  return { world, hash: worldHash(world) };
}

/** The world with the paths of its sources made whole, from the folder of its scenario. */
function withPlacedSources(world: World, file: string): World {
  if (world.mirror === undefined) return world;
  const placed = world.mirror.map((source) => (source.kind === 'file' ? { ...source, path: resolve(dirname(file), source.path) } : source));
  return { ...world, mirror: placed };
}

function looksLikeFile(scenario: string): boolean {
  return /[./\\]/.test(scenario);
}

function dataDirFor(builtIn: { readonly name: string; readonly data: string | null }, dataDir: string | undefined): string {
  if (builtIn.data !== null && (dataDir === undefined || dataDir === '')) {
    throw wrongInput(`data: found nothing, allowed: for scenario ${builtIn.name} the folder with ${builtIn.data}`);
  }
  return dataDir ?? '';
}

function changed(world: World, overrides: WorldOverrides): World {
  const {
    seed = world.seed,
    rate = world.clock.rate,
    tickMinutes = world.clock.tickMinutes,
    holdAtTime = world.clock.holdAtTime,
  } = overrides;
  return { ...world, seed, clock: { ...world.clock, rate, tickMinutes, holdAtTime } };
}

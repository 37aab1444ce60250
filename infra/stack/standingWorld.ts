import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { storedHash, storeWorld } from '../../shared/bus/world.js';
import type { Bus } from '../../shared/bus/connect.js';
import { TwinError, wrongInput } from '../../shared/runtime/errors.js';
import { resolveWorld } from '../../shared/scenario/load.js';
import type { World } from '../../shared/scenario/schema.js';
import type { StackPaths } from './paths.js';
import { rememberWorld, standingWorld, type StandingWorld } from './remembered.js';
import type { Settings } from './settings.js';

/** Scenario of a home that has no world yet and was asked for none. */
export const defaultScenario = 'three-areas';

/** The world `up` is to run: a new one with its bundle, or the one that stands. */
export interface ChosenWorld extends StandingWorld {
  /** Null: resume what the bus holds. */
  readonly bundle: World | null;
}

/**
 * Decides between resuming and starting anew, before anything runs. Asked for nothing, the standing world goes on.
 * @throws TWIN_WRONG_INPUT for a wrong scenario, or another one than the one that stands without `--new-world`.
 */
export async function chooseWorld(paths: StackPaths, settings: Settings): Promise<ChosenWorld> {
  const standing = standingWorld(paths);
  const asked = settings.scenario.value !== null || settings.dataDir.value !== null || settings.seed.value !== null;
  if (standing !== null && !asked && !settings.newWorld) return { ...standing, bundle: null };
  const scenario = settings.scenario.value ?? standing?.scenario ?? defaultScenario;
  const dataDir = settings.dataDir.value ?? (scenario === standing?.scenario ? standing.dataDir : null);
  const seed = settings.seed.value;
  const { world, hash } = await resolveWorld({
    scenario,
    ...(dataDir === null ? {} : { dataDir }),
    overrides: seed === null ? {} : { seed },
  });
  const chosen = { name: world.name, hash, scenario, dataDir, seed, bundle: world };
  if (standing === null || settings.newWorld) return chosen;
  if (standing.hash === hash) return { ...standing, bundle: null };
  throw wrongInput(
    `scenario: found ${world.name} (${hash.slice(0, 12)}), ` +
      `but the world in ${paths.home} is ${standing.name} (${standing.hash.slice(0, 12)}); ` +
      'allowed: the same scenario, or `--new-world`, which moves the old data aside',
  );
}

/** Moves the data of the standing world to `worlds/<hash>`; answers the folder, or null when there was none. */
export function setAside(paths: StackPaths): string | null {
  const standing = standingWorld(paths);
  if (standing === null && holdsNothing(paths)) return null;
  const name = standing?.hash ?? 'unknown';
  let place = join(paths.worldsDir, name);
  for (let n = 2; existsSync(place); n += 1) place = join(paths.worldsDir, `${name}-${n}`);
  mkdirSync(place, { recursive: true, mode: 0o700 });
  for (const folder of dataFolders(paths)) {
    if (existsSync(folder)) renameSync(folder, join(place, basename(folder)));
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
  if (standing !== null) renameSync(join(paths.home, 'world.json'), join(place, 'world.json'));
  return place;
}

/**
 * Puts the bundle on the bus, or makes sure that the bus holds the world it should.
 * @throws TWIN_REFUSED when its data belong to another world.
 */
export async function settleWorld(bus: Bus, paths: StackPaths, chosen: ChosenWorld): Promise<void> {
  const stored = await storedHash(bus);
  if (stored === null && chosen.bundle !== null) await storeWorld(bus, chosen.bundle, chosen.hash);
  else if (stored !== chosen.hash) {
    const found = stored === null ? 'no world' : `world ${stored.slice(0, 12)}`;
    throw new TwinError(
      'TWIN_REFUSED',
      `nats-server: ${paths.natsDir} holds ${found} instead of ${chosen.hash.slice(0, 12)}; start with \`--new-world\` to move it aside`,
    );
  }
  const { bundle: _bundle, ...remembered } = chosen;
  rememberWorld(paths, remembered);
}

/** Whether the servers of a home have no data yet. */
export function holdsNothing(paths: StackPaths): boolean {
  return dataFolders(paths).every((folder) => !existsSync(folder) || readdirSync(folder).length === 0);
}

/** Removes the data of a first start that failed, so that it leaves no trace. */
export function dropData(paths: StackPaths): void {
  for (const folder of dataFolders(paths)) rmSync(folder, { recursive: true, force: true });
}

function dataFolders(paths: StackPaths): readonly string[] {
  return [paths.natsDir, paths.temporalDir, paths.influxDir];
}

import { noCounts, solveByPivots } from '../../../shared/domain/grid/simplex/solve.js';
import type { SitingRun } from '../../../shared/domain/siting/eras.js';
import { fromWire, toWire } from '../../../shared/domain/ticks.js';
import { stopwatchMs } from '../../../shared/runtime/clock.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { loadHighsSolver } from '../../../shared/runtime/highs.js';
import { builtIns } from '../../../shared/scenario/builtIn.js';
import { resolveWorld } from '../../../shared/scenario/load.js';
import type { World } from '../../../shared/scenario/schema.js';
import { conventionIn, hoursIn, worldAt } from '../dispatch/options.js';

/** Options of every command on sites of a network. */
export interface PlaceOptions {
  readonly hours?: string;
  readonly dc: string;
  readonly data?: string;
}

/** A network with its campuses, from the first hour that all its series cover. */
export async function sitingWorldAt(place: string, data: string | undefined): Promise<World> {
  const needsData = builtIns.some(({ name, data: needed }) => name === place && needed !== null);
  const world = needsData ? (await resolveWorld({ scenario: place, dataDir: data })).world : await worldAt(place);
  const starts = Object.values(world.series).map(({ startTime }) => fromWire(startTime));
  return starts.length === 0 ? world : { ...world, clock: { ...world.clock, startTime: toWire(Math.max(...starts)) } };
}

/** How the hours asked for are dispatched. */
export async function sitingRunOf(world: World, options: PlaceOptions): Promise<SitingRun> {
  const { fromHour, toHour } = hoursIn(options.hours, world);
  const solve = solveByPivots(await loadHighsSolver(), noCounts());
  return { fromHour, toHour, convention: conventionIn(options.dc), security: 'none', solve };
}

/**
 * Place of a bus.
 * @throws TWIN_WRONG_INPUT when the network has none of this name.
 */
export function busPlace(world: World, option: string, id: string): number {
  const { buses } = world.network;
  const place = buses.findIndex((bus) => bus.id === id);
  if (place < 0)
    throw wrongInput(`${option}: found ${id === '' ? 'nothing' : id}, allowed: a bus of ${world.name}, such as ${buses[0]?.id}`);
  return place;
}

/** Says lines on standard error, at most one in two seconds. */
export function speakerOf(command: string): (line: string) => void {
  let saidMs = stopwatchMs();
  return (line) => {
    const nowMs = stopwatchMs();
    if (nowMs - saidMs < 2_000) return;
    saidMs = nowMs;
    process.stderr.write(`${command}: ${line}\n`);
  };
}

/** A number between 0 and 100, as a share. */
export const percent = { is: (value: number) => value >= 0 && value < 100, words: 'a percentage from 0 and below 100' };

import { createHash } from 'node:crypto';
import type { SavedWorld } from '../../domain/world.js';
import { wrongInput } from '../../runtime/errors.js';
import { isRecord, type Misfit } from '../shape.js';
import { readText } from '../files.js';
import type { World } from '../schema.js';
import { withSettings } from './overrides.js';
import { settingsOf } from '../../domain/study/cells.js';
import type { Study } from './schema.js';

/** A world as it stood at an instant, with the scenario it is a state of. */
export interface BranchState {
  readonly schema: 'loadstone.state/1';
  /** Hash of the scenario. */
  readonly scenarioHash: string;
  readonly atTime: string;
  readonly world: SavedWorld;
}

/**
 * Reads a state that `study branch` has written.
 * @throws TWIN_WRONG_INPUT when it is none, or belongs to another scenario.
 */
export async function readState(file: string, scenarioHash: string): Promise<BranchState & { readonly hash: string }> {
  const text = await readText(file);
  const value = parsed(text);
  if (!isRecord(value) || value['schema'] !== 'loadstone.state/1' || !isRecord(value['world']))
    throw wrongInput(`${file}: found ${text.slice(0, 40).trim()}, allowed: a state written by \`npx loadstone study branch\``);
  const state = value as unknown as BranchState;
  if (state.scenarioHash !== scenarioHash)
    throw wrongInput(`${file}: scenarioHash: found ${state.scenarioHash}, allowed: ${scenarioHash}, that of the scenario of the study`);
  return { ...state, hash: createHash('sha256').update(text).digest('hex') };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** What a study that goes on from a state may not ask for: another seed, clock or start, or things that were not there. */
export function misfitOfBranch(study: Study, base: World): Misfit | null {
  const { horizon, tickMinutes, seeds, overrides = {}, variants = [] } = study;
  if (horizon.fromTime !== undefined)
    return { field: 'horizon.fromTime', found: horizon.fromTime, allowed: 'no such field: a branch begins where its state stands' };
  if (tickMinutes !== undefined)
    return { field: 'tickMinutes', found: String(tickMinutes), allowed: 'no such field: a branch keeps the tick of its scenario' };
  if (seeds.length !== 1 || seeds[0] !== base.seed)
    return { field: 'seeds', found: JSON.stringify(seeds), allowed: `[${base.seed}], the seed of what stands` };
  for (const { field, changes } of [
    { field: 'overrides', changes: overrides },
    ...variants.map((variant, place) => ({ field: `variants[${place}].overrides`, changes: variant.overrides })),
  ]) {
    const made = withSettings(base, settingsOf(changes));
    const changed = made.kind === 'made' ? differingList(base, made.world as World) : null;
    if (changed !== null)
      return { field, found: `other ${changed} than what stands`, allowed: 'values of what is there; nothing that comes or goes' };
  }
  return null;
}

const listsOf = ({ network, ...world }: World): Readonly<Record<string, readonly string[]>> => {
  const ids = (list: readonly { readonly id: string }[]): readonly string[] => list.map(({ id }) => id);
  return {
    regions: ids(world.regions),
    buses: ids(network.buses),
    lines: ids(network.lines),
    units: ids(network.units),
    storages: ids(network.storages),
    campuses: ids(world.campuses),
    runs: ids(world.runs),
    contracts: ids(world.contracts),
    agencies: ids(world.agencies),
    projects: ids(world.projects),
  };
};

function differingList(base: World, made: World): string | null {
  const [own, other] = [listsOf(base), listsOf(made)];
  return Object.keys(own).find((name) => JSON.stringify(own[name]) !== JSON.stringify(other[name])) ?? null;
}

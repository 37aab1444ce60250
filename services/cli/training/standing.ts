import { loadWorld } from '../../../shared/bus/world.js';
import { builtLimits, standingAtStart, type Standing } from '../../../shared/domain/fleet/standing.js';
import type { FactOf } from '../../../shared/domain/fact.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { resolveWorld } from '../../../shared/scenario/load.js';
import type { Campus, Run, World } from '../../../shared/scenario/schema.js';
import { newestOf } from '../facts.js';
import { withBus } from '../session.js';

/** Where a question about runs gets its world from. */
export interface WorldOptions {
  readonly scenario?: string;
  readonly data?: string;
  readonly built?: boolean;
}

/** A world and how it stands. */
export interface Asked {
  readonly world: World;
  readonly standing: Standing;
  /** In words, for the answer. */
  readonly at: string;
}

/** The scenario at its start where one is named, else the running twin now. */
export async function askedWorld({ scenario, data, built }: WorldOptions): Promise<Asked> {
  if (scenario === undefined) {
    if (built === true) throw wrongInput('--built: found without --scenario, allowed: with it; a running twin knows its limits');
    return withBus(async (bus) => {
      const world = await loadWorld(bus);
      const progress = await newestOf(bus, 'cluster.progress.v1');
      return { world, standing: standingOf(world, progress, await newestOf(bus, 'cluster.demand.v1')), at: 'now' };
    });
  }
  const { world } = await resolveWorld({ scenario, dataDir: data });
  const start = standingAtStart(world);
  const standing = built === true ? { ...start, limitMw: builtLimits(world) } : start;
  return { world, standing, at: built === true ? `start of ${world.name}, all blocks energized` : `start of ${world.name}` };
}

/** How the clusters of a running twin stand, from what they said last. */
export function standingOf(
  world: Pick<World, 'campuses'>,
  progress: readonly FactOf<'cluster.progress.v1'>[],
  demand: readonly FactOf<'cluster.demand.v1'>[],
): Standing {
  const said = new Map(demand.flatMap(({ data }) => data.campuses.map(({ campus, limitMw }) => [campus, limitMw] as const)));
  return {
    atMs: Math.max(0, ...progress.map(({ timeMs }) => timeMs)),
    runs: progress.flatMap(({ data }) =>
      data.runs.map(({ run, campus, state, powerMw, completedSteps }) => ({
        run,
        campus,
        steps: completedSteps,
        powerMw,
        canGive: state === 'running' || state === 'throttled',
        isUnderWay: state !== 'waiting' && state !== 'finished',
      })),
    ),
    limitMw: new Map(world.campuses.map(({ id, limitMw }) => [id, said.get(id) ?? limitMw])),
  };
}

/** @throws TWIN_WRONG_INPUT when the world has no such run. */
export function runIn(world: World, id: string): Run {
  const run = world.runs.find((other) => other.id === id);
  if (run === undefined) throw wrongInput(`run: found ${id}, allowed: ${listed(world.runs)}`);
  return run;
}

/** @throws TWIN_WRONG_INPUT when the world has no such campus. */
export function campusIn(world: World, id: string, option: string): Campus {
  const campus = world.campuses.find((other) => other.id === id);
  if (campus === undefined) throw wrongInput(`${option}: found ${id}, allowed: ${listed(world.campuses)}`);
  return campus;
}

function listed(things: readonly { readonly id: string }[]): string {
  return things.length === 0 ? 'none in this world' : things.map(({ id }) => id).join(', ');
}

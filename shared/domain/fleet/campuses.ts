import type { World } from '../../scenario/schema.js';
import type { FleetCampus } from './spread.js';
import { canGive, runNamed, type FleetWorld, type Standing } from './standing.js';

/**
 * The campuses of a world as they can be asked to give: bounds by their contracts together (budgets and rests aside), caps as low as those
 * allow; what has no contract can be asked for nothing, or, with `beyond`, for all its runs can give down to that cap.
 */
export function fleetOf(
  world: FleetWorld & Pick<World, 'contracts'>,
  standing: Standing,
  beyond: { readonly capFloorRatio: number } | null,
): readonly FleetCampus[] {
  return world.campuses.map(({ id, inferenceMinMw }) => {
    const own = standing.runs.filter((run) => run.campus === id);
    const runs = own.flatMap((held) => {
      const run = runNamed(world, held.run);
      if (run === undefined) return [];
      // After a failure a run restarts at the power it had, and may be told to go down from there.
      const isRestarting = run.failures !== undefined && held.state === 'restoring';
      return canGive(held) || isRestarting ? [{ run, levelMw: held.powerMw }] : [];
    });
    const contracts = world.contracts.filter(({ campus }) => campus === id);
    // Inference is must-serve and at least its daily low: a share of the site is taken of no more than is sure to be drawn.
    const drawnMw = own.reduce((sum, { powerMw }) => sum + powerMw, inferenceMinMw);
    const contractMw = contracts.reduce(
      (sum, { maxReductionMw, maxSiteRatio }) => sum + Math.min(maxReductionMw, maxSiteRatio * drawnMw),
      0,
    );
    const floors = contracts.filter(({ tranche }) => tranche === 'cap-and-pause').map(({ capRatio }) => capRatio);
    return {
      campus: id,
      boundMw: beyond === null ? contractMw : Infinity,
      capFloorRatio: Math.min(1, ...floors, ...(beyond === null ? [] : [beyond.capFloorRatio])),
      runs,
    };
  });
}

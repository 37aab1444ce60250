import { contractMisfits } from './validateContracts.js';
import { facilityMisfits } from './validateFacility.js';
import { failureMisfits } from './validateFailures.js';
import { inferenceMisfits } from './validateInference.js';
import { idMisfits } from './validateIds.js';
import { mirrorMisfits } from './validateMirror.js';
import { physicsMisfits } from './validatePhysics.js';
import { projectMisfits } from './validateProjects.js';
import { seriesMisfits } from './validateSeries.js';
import { worldSchema, type World } from './schema.js';
import { filledIn, misfitOf, refuse, shapeOf, type Misfit } from './shape.js';

const worldShape = shapeOf(worldSchema);

/** Everything in a well-shaped world that contradicts something else in it, in the order it is looked at. */
export function* misfitsOf(world: World): Generator<Misfit> {
  yield* idMisfits(world);
  yield* physicsMisfits(world);
  yield* contractMisfits(world);
  yield* facilityMisfits(world);
  yield* failureMisfits(world);
  yield* inferenceMisfits(world);
  yield* mirrorMisfits(world);
  yield* projectMisfits(world);
  yield* seriesMisfits(world);
}

/**
 * A value read from `file` as a world.
 * @throws TWIN_WRONG_INPUT with one line that names the field, what was found and what is allowed.
 */
export function checkedWorld(value: unknown, file: string): World {
  const filled = filledIn(worldShape, value);
  const misfit = misfitOf(worldShape, filled);
  if (misfit !== null) refuse(file, misfit);
  const world = filled as World;
  const [first] = misfitsOf(world);
  if (first !== undefined) refuse(file, first);
  return world;
}

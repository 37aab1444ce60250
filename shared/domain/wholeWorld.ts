import type { World } from '../scenario/schema.js';
import { createAlarmModel } from './alarm/alarms.js';
import { createClusterModel } from './cluster/model.js';
import { createFlexibilityModel } from './flexibility/model.js';
import { createGridModel } from './grid/model.js';
import type { LinearSolver } from './grid/solver.js';
import { createPermitOfficeModel } from './permit/office.js';
import { runSequences } from './sequenceHost.js';
import { createAddress, rulesOf, sequenceStarts } from './sequences.js';
import { fromWire } from './ticks.js';
import { createFastWorld, holdModel, type FastWorld, type SavedWorld } from './world.js';

/**
 * A whole world on the fast clock: every model and sequence of the live twin, in one process, from scenario and seed alone, or from where it
 * was saved.
 */
export function createWholeWorld(world: World, solver: LinearSolver, saved?: SavedWorld): FastWorld {
  return createFastWorld({
    clock: { startMs: fromWire(world.clock.startTime), tickMinutes: world.clock.tickMinutes },
    models: [
      holdModel(createClusterModel(world)),
      holdModel(createFlexibilityModel(world)),
      holdModel(createPermitOfficeModel(world)),
      holdModel(createGridModel(world, solver)),
      holdModel(createAlarmModel(world)),
    ],
    sequences: runSequences({ rulesOf, starts: sequenceStarts(world), address: createAddress(world) }),
    saved,
  });
}

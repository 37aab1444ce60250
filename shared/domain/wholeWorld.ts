import type { World } from '../scenario/schema.js';
import type { FactType } from './fact.js';
import { createAlarmModel } from './alarm/alarms.js';
import { createClusterModel } from './cluster/model.js';
import { createFlexibilityModel } from './flexibility/model.js';
import { createGridModel } from './grid/model.js';
import { createForecastModel } from './forecast/model.js';
import type { LinearSolver } from './grid/solver.js';
import { createPermitOfficeModel } from './permit/office.js';
import { phasePlanOf } from './phases.js';
import { runSequences } from './sequenceHost.js';
import { createAddress, rulesOf, sequenceHears, sequenceStarts } from './sequences.js';
import { fromWire } from './ticks.js';
import { createFastWorld, holdModel, type FastWorld, type SavedWorld } from './world.js';

/** How a whole world begins, and who listens to it from outside. */
export interface WholeWorldOptions {
  /** Where it goes on; absent: it begins. */
  readonly saved?: SavedWorld | undefined;
  /** Facts that somebody outside hears: what neither they nor anybody in the world hears may be left unsaid. Absent: all are said. */
  readonly wanted?: ReadonlySet<FactType> | undefined;
}

/**
 * A whole world on the fast clock: every model and sequence of the live twin, in one process, from scenario and seed alone, or from where it
 * was saved. Facts that are wanted are the same whatever else is.
 */
export function createWholeWorld(world: World, solver: LinearSolver, { saved, wanted }: WholeWorldOptions = {}): FastWorld {
  const actors = [
    holdModel(createClusterModel(world)),
    holdModel(createFlexibilityModel(world)),
    holdModel(createPermitOfficeModel(world)),
  ];
  const isAlarmWanted = wanted === undefined || [...wanted].some((type) => type.startsWith('alarm.'));
  const onlookers = isAlarmWanted ? [holdModel(createAlarmModel(world))] : [];
  // Nobody is moved by a forecast that nobody acts on.
  const isActedOn = world.forecast?.ask !== undefined || world.forecast?.reserve !== undefined;
  const isForecastWanted = wanted === undefined || isActedOn || [...wanted].some((type) => type.startsWith('forecast.'));
  if (world.forecast !== undefined && isForecastWanted) actors.push(holdModel(createForecastModel(world)));
  const heard = new Set([...actors, ...onlookers].flatMap(({ hears }) => hears).concat(sequenceHears));
  const grid = createGridModel(world, solver, (type) => wanted === undefined || wanted.has(type) || heard.has(type));
  return createFastWorld({
    clock: { startMs: fromWire(world.clock.startTime), tickMinutes: world.clock.tickMinutes },
    models: [...actors, holdModel(grid), ...onlookers],
    phases: phasePlanOf(world),
    sequences: runSequences({ rulesOf, starts: sequenceStarts(world), address: createAddress(world) }),
    saved,
  });
}

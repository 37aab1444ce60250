import type { World } from '../../scenario/schema.js';
import type { FactType } from '../fact.js';
import { dayMs, fromWire, hourMs, minuteMs } from '../ticks.js';
import { branchesOf } from './branches.js';
import { outageFactorsOf, type OutageFactors } from '../security/outageFactors.js';
import type { Era } from './changes.js';
import { at } from './dense.js';
import { developmentOf, type Development } from './development.js';
import { createDispatcher, type Dispatcher } from './dispatch.js';
import { failuresOf, type Failures } from './failures.js';
import { prepareGrid, type Grid } from './grid.js';
import { noisyUnitsOf, type NoiseState, type NoisyUnits } from './noise.js';
import { createOutlook, type Outlook, type Standing } from './outlook.js';
import type { DispatchInput } from './problem.js';
import type { Interval } from './profiles.js';
import { followMeasured, type Followings } from './mirrored.js';
import type { GridState } from './state.js';
import { gridRegionsOf, type GridRegion } from './regions.js';
import { storageInput, waterValue } from './storage.js';
import { surroundingsOf, type Surroundings } from './surroundings.js';
import { topologyOf, type Topology } from './topology.js';
import type { Solve } from './solver.js';

/** What is prepared once for an era of a world and shared by every tick in it. */
export interface Frame {
  readonly world: World;
  /** Every unit of the world, at the cost of the era; those that are not part of the grid have nothing available and are in no region. */
  readonly grid: Grid;
  /** In the order of the world. */
  readonly regions: readonly GridRegion[];
  /** [units]: 1 while the unit is part of the grid. */
  readonly isInService: Uint8Array;
  readonly surroundings: Surroundings;
  readonly development: Development;
  readonly failures: Failures;
  readonly noisy: NoisyUnits;
  readonly dispatch: Dispatcher;
  /** The script in order of its times. */
  readonly script: World['script'];
  /** Whether anybody hears a type of fact; what nobody hears need not be worked out. */
  readonly isHeard: (type: FactType) => boolean;
  outlookAt(nowMs: number, standing: Standing): Outlook;
  topologyWithout(linesOut: readonly string[]): Topology;
  /** How flows move when something is lost; worked out at first need of each topology. */
  outageFactorsOf(topology: Topology): OutageFactors;
}

/** Prepares a world for the grid model: gives the frame of an instant, the same one throughout an era. */
export function framesOf(world: World, solve: Solve, isHeard: Frame['isHeard']): (atMs: number) => Frame {
  const development = developmentOf(world);
  const failures = failuresOf(world);
  const surroundings = surroundingsOf(world, prepareGrid(world), development);
  const noisy = noisyUnitsOf({ seed: world.seed, component: 'grid-supply' }, world.network.units, surroundings.profiles);
  const script = [...world.script].sort((a, b) => fromWire(a.atTime) - fromWire(b.atTime));
  let last: { readonly era: Era; readonly frame: Frame } | null = null;
  return (atMs) => {
    const era = development.eraAt(atMs);
    if (last === null || last.era !== era) {
      const isInService = development.isInService(era);
      const ofEra = frameOf({ world, era, isInService, surroundings, solve });
      last = { era, frame: { ...ofEra, isInService, surroundings, development, failures, noisy, script, isHeard } };
    }
    return last.frame;
  };
}

function frameOf(part: {
  readonly world: World;
  readonly era: Era;
  readonly isInService: Uint8Array;
  readonly surroundings: Surroundings;
  readonly solve: Solve;
}): Pick<Frame, 'world' | 'grid' | 'regions' | 'dispatch' | 'outlookAt' | 'topologyWithout' | 'outageFactorsOf'> {
  const { isInService, surroundings } = part;
  const costing = new Map(part.era.network.units.map((unit) => [unit.id, unit]));
  const units = part.world.network.units.map((unit) => costing.get(unit.id) ?? unit);
  const world = { ...part.world, network: { ...part.world.network, units } };
  const grid = prepareGrid(world);
  let last: { readonly key: string; readonly topology: Topology } | null = null;
  let factors: { readonly topology: Topology; readonly ofOutages: OutageFactors } | null = null;
  return {
    world,
    grid,
    regions: gridRegionsOf(grid, isInService),
    dispatch: createDispatcher(grid, part.solve),
    outlookAt: createOutlook(grid, surroundings),
    topologyWithout: (linesOut) => {
      const key = linesOut.join(' ');
      if (last === null || last.key !== key) last = { key, topology: topologyOf(grid, linesOut) };
      return last.topology;
    },
    outageFactorsOf: (topology) => {
      if (factors === null || factors.topology !== topology) {
        factors = { topology, ofOutages: outageFactorsOf(branchesOf(grid, topology)) };
      }
      return factors.ofOutages;
    },
  };
}

/** What is known at a tick about any interval from then on. */
export interface Knowledge {
  readonly unitsOut: readonly string[];
  readonly noise: NoiseState;
  readonly budget: GridState['budget'];
  readonly outlook: Outlook;
  /** Reserve required, MW. */
  readonly requirementMw: number;
  /** Measured loads; absent: none. */
  readonly followings: Followings | undefined;
  /** [storages]: worth of energy in store, from `storageWorth`. */
  readonly worth: readonly Float64Array[];
}

/** What differs between the tick itself and the intervals looked ahead to. */
export interface Circumstances {
  readonly interval: Interval;
  /** [storages] */
  readonly storedMwh: readonly number[];
  /** [campuses]: load that has to be served, MW. */
  readonly campusMw: readonly number[];
  readonly bids: DispatchInput['bids'];
}

/** The dispatch input of an interval. */
export function inputOf(frame: Frame, known: Knowledge, now: Circumstances): DispatchInput {
  const { grid, world } = frame;
  const { network } = world;
  const { interval } = now;
  const hours = (interval.toMs - interval.fromMs) / hourMs;
  const availableMw = frame.surroundings.availableMw(interval, known.noise);
  const costUsdPerMwh = grid.costOfGroupUsdPerMwh.slice();
  for (const place of grid.budgetedUnits) {
    const unit = network.units[place];
    if (unit === undefined || unit.dailyEnergyMwh === null || known.unitsOut.includes(unit.id)) continue;
    const budgetMwh = unit.dailyEnergyMwh - usedOf(world, known.budget, { unit: place, atMs: interval.fromMs });
    availableMw[place] = Math.max(0, Math.min(at(availableMw, place), budgetMwh / hours));
    const untilMidnightMs = midnightAfter(world, interval.fromMs) - interval.fromMs;
    costUsdPerMwh[grid.groupOfUnit[place] as number] = waterValue(known.outlook, {
      budgetMwh,
      capacityMw: unit.capacityMw,
      untilMidnightMs,
    });
  }
  if (known.unitsOut.length > 0) network.units.forEach(({ id }, place) => known.unitsOut.includes(id) && (availableMw[place] = 0));
  const nativeMw = frame.surroundings.nativeMw(interval);
  const loadMw = known.followings === undefined ? nativeMw : followMeasured(grid, nativeMw, known.followings, interval);
  now.campusMw.forEach((mw, campus) => {
    const bus = grid.busOfCampus[campus] as number;
    loadMw[bus] = at(loadMw, bus) + mw;
  });
  return {
    hours,
    availableMw,
    costUsdPerMwh,
    loadMw,
    bids: now.bids,
    requirementMw: known.requirementMw,
    reserveInUseMw: 0,
    storages: network.storages.map((storage, place) =>
      storageInput(storage, now.storedMwh[place] ?? 0, known.worth[place] ?? new Float64Array(0)),
    ),
  };
}

/** Local day an instant belongs to, counted from 1970. */
export function localDay(world: Pick<World, 'clock'>, atMs: number): number {
  return Math.floor((atMs + world.clock.utcOffsetMinutes * minuteMs) / dayMs);
}

/** What a unit has used of the daily budget that counts at an instant, MWh. */
export function usedOf(
  world: Pick<World, 'clock'>,
  budget: GridState['budget'],
  asked: { readonly unit: number; readonly atMs: number },
): number {
  return budget.day === localDay(world, asked.atMs) ? (budget.usedMwh[asked.unit] ?? 0) : 0;
}

function midnightAfter(world: Pick<World, 'clock'>, atMs: number): number {
  return (localDay(world, atMs) + 1) * dayMs - world.clock.utcOffsetMinutes * minuteMs;
}

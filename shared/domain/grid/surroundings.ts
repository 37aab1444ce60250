import type { Unit } from '../../scenario/networkSchema.js';
import type { World } from '../../scenario/schema.js';
import { at, floatAt } from './dense.js';
import type { Development } from './development.js';
import { middleOf } from './failures.js';
import type { Grid } from './grid.js';
import { expectedNoise, type NoiseState } from './noise.js';
import { isWithin, plannedOutages } from './outages.js';
import { placeOfStep, prepareProfile, stepOf, type Interval, type PreparedProfile, type StepSeries } from './profiles.js';

/** Load and availability of a world at any interval: what the dispatch of now and every forecast share. */
export interface Surroundings {
  /** [units]: null where a unit is firm. */
  readonly profiles: readonly (PreparedProfile | null)[];
  /** [buses]: load without campuses, MW. */
  nativeMw(interval: Interval): Float64Array;
  /** [units]: what each could deliver with the noise given, before trips and budgets; 0 in maintenance and while not part of the grid, MW. */
  availableMw(interval: Interval, noise: NoiseState): Float64Array;
}

/** Prepares the profiles of a world; what its network plans, changes and maintenance, is known for any interval ahead. */
export function surroundingsOf(world: Pick<World, 'series' | 'clock'>, grid: Grid, development: Development): Surroundings {
  const { units } = grid.world.network;
  const profiles = units.map((unit) => (unit.availability === null ? null : prepareProfile(unit.availability, unit.capacityMw, world)));
  return { profiles, nativeMw: nativeLoads(world, grid, development), availableMw: availabilities(units, profiles, development) };
}

function nativeLoads(world: Pick<World, 'series' | 'clock'>, grid: Grid, development: Development): Surroundings['nativeMw'] {
  const { network, regions } = grid.world;
  const loads = regions.map((region) => prepareProfile(region.load, Infinity, world));
  const [shareRatio, fixedMw, shuntMw] = [
    Float64Array.from(network.buses, ({ loadShareRatio }) => loadShareRatio),
    Float64Array.from(network.buses, ({ fixedLoadMw }) => fixedLoadMw),
    Float64Array.from(network.buses, (bus) => bus.shuntMw),
  ];
  return (interval) => {
    const { loadFactor } = development.eraAt(interval.fromMs);
    const regionMw = Float64Array.from(loads, (load, region) => (loadFactor[region] ?? 1) * load.meanMw(interval, 0));
    const loadMw = new Float64Array(shareRatio.length);
    for (let bus = 0; bus < loadMw.length; bus++) {
      const ownMw = floatAt(shareRatio, bus) * floatAt(regionMw, grid.regionOfBus[bus] as number);
      loadMw[bus] = ownMw + floatAt(fixedMw, bus) + floatAt(shuntMw, bus);
    }
    return loadMw;
  };
}

function availabilities(units: readonly Unit[], profiles: Surroundings['profiles'], development: Development): Surroundings['availableMw'] {
  const moving = movingUnits(units, profiles);
  const wholeOf = new WeakMap<Uint8Array, Float64Array>();
  /** Capacity of what is in service. */
  const wholeMw = (isInService: Uint8Array): Float64Array => {
    const known = wholeOf.get(isInService);
    if (known !== undefined) return known;
    const made = Float64Array.from(units, ({ capacityMw }, place) => (at(isInService, place) === 0 ? 0 : capacityMw));
    wholeOf.set(isInService, made);
    return made;
  };
  return (interval, noise) => {
    const isInService = development.isInService(development.eraAt(interval.fromMs));
    const availableMw = wholeMw(isInService).slice();
    const middleMs = middleOf(interval);
    // Beyond the instant of the noise only what is left of it is known.
    const aheadMs = Math.max(0, interval.fromMs - (noise.atMs ?? interval.fromMs));
    for (const { steps, members } of moving) {
      const step = steps === null ? null : stepOf(steps, interval);
      const column = step === null || steps === null ? -1 : placeOfStep(step, steps.count);
      for (const { place, planned, profile, capacityMw, values } of members) {
        if (at(isInService, place) === 0) continue;
        if (planned.length > 0 && isWithin(planned, middleMs)) availableMw[place] = 0;
        else if (column >= 0) availableMw[place] = Math.min(capacityMw, values[column] as number);
        else if (profile !== null) availableMw[place] = profile.meanMw(interval, expectedNoise(noise.z[place] ?? 0, profile, aheadMs));
      }
    }
    return availableMw;
  };
}

interface MovingUnit {
  readonly place: number;
  readonly planned: readonly Interval[];
  readonly profile: PreparedProfile | null;
  readonly capacityMw: number;
  /** Of its series; empty where it follows none. */
  readonly values: readonly number[];
}

/** Units whose series have the same steps, so that the step of an interval is found once; null: they follow no series. */
interface MovingUnits {
  readonly steps: (Pick<StepSeries, 'startMs' | 'stepMs'> & { readonly count: number }) | null;
  readonly members: readonly MovingUnit[];
}

/** Units that have something else than their capacity in some interval. */
function movingUnits(units: readonly Unit[], profiles: Surroundings['profiles']): readonly MovingUnits[] {
  const groups = new Map<string, { readonly steps: MovingUnits['steps']; readonly members: MovingUnit[] }>();
  units.forEach(({ maintenance, capacityMw }, place) => {
    const planned = plannedOutages(maintenance);
    const profile = profiles[place] ?? null;
    if (profile === null && planned.length === 0) return;
    const series = profile?.series ?? null;
    const steps = series === null ? null : { startMs: series.startMs, stepMs: series.stepMs, count: series.values.length };
    const key = steps === null ? '' : `${steps.startMs}/${steps.stepMs}/${steps.count}`;
    const group = groups.get(key) ?? { steps, members: [] };
    groups.set(key, group);
    group.members.push({ place, planned, profile, capacityMw, values: series?.values ?? [] });
  });
  return [...groups.values()];
}

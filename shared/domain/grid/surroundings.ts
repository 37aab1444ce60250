import type { World } from '../../scenario/schema.js';
import { at, filled } from './dense.js';
import type { Development } from './development.js';
import { middleOf } from './failures.js';
import type { Grid } from './grid.js';
import { expectedNoise, type NoiseState } from './noise.js';
import { isWithin, plannedOutages } from './outages.js';
import { prepareProfile, type Interval, type PreparedProfile } from './profiles.js';

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
  const { network, regions } = grid.world;
  const profiles = network.units.map((unit) =>
    unit.availability === null ? null : prepareProfile(unit.availability, unit.capacityMw, world),
  );
  const loads = regions.map((region) => prepareProfile(region.load, Infinity, world));
  const planned = network.units.map(({ maintenance }) => plannedOutages(maintenance));
  return {
    profiles,
    nativeMw: (interval) => {
      const { loadFactor } = development.eraAt(interval.fromMs);
      const regionMw = loads.map((load, region) => (loadFactor[region] ?? 1) * load.meanMw(interval, 0));
      return filled(
        new Float64Array(network.buses.length),
        network.buses,
        (bus, place) => bus.loadShareRatio * at(regionMw, grid.regionOfBus[place] as number) + bus.fixedLoadMw + bus.shuntMw,
      );
    },
    availableMw: (interval, noise) => {
      const isInService = development.isInService(development.eraAt(interval.fromMs));
      return filled(new Float64Array(network.units.length), network.units, (unit, place) => {
        if (at(isInService, place) === 0 || isWithin(planned[place] ?? [], middleOf(interval))) return 0;
        const profile = profiles[place] ?? null;
        if (profile === null) return unit.capacityMw;
        // Beyond the instant of the noise only what is left of it is known.
        const aheadMs = Math.max(0, interval.fromMs - (noise.atMs ?? interval.fromMs));
        return profile.meanMw(interval, expectedNoise(noise.z[place] ?? 0, profile, aheadMs));
      });
    },
  };
}

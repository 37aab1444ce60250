import type { World } from '../../scenario/schema.js';
import { at } from './dense.js';
import type { Grid } from './grid.js';
import { expectedNoise, type NoiseState } from './noise.js';
import { prepareProfile, type Interval, type PreparedProfile } from './profiles.js';

/** Load and availability of a world at any interval: what the dispatch of now and every forecast share. */
export interface Surroundings {
  /** [units]: null where a unit is firm. */
  readonly profiles: readonly (PreparedProfile | null)[];
  /** [buses]: load without campuses, MW. */
  nativeMw(interval: Interval): Float64Array;
  /** [units]: what each could deliver with the noise given, before outages and budgets, MW. */
  availableMw(interval: Interval, noise: NoiseState): Float64Array;
}

/** Prepares the profiles of a world. */
export function surroundingsOf(world: Pick<World, 'series' | 'clock'>, grid: Grid): Surroundings {
  const { network, regions } = grid.world;
  const profiles = network.units.map((unit) =>
    unit.availability === null ? null : prepareProfile(unit.availability, unit.capacityMw, world),
  );
  const loads = regions.map((region) => prepareProfile(region.load, Infinity, world));
  return {
    profiles,
    nativeMw: (interval) => {
      const regionMw = loads.map((load) => load.meanMw(interval, 0));
      return Float64Array.from(
        network.buses,
        (bus, place) => bus.loadShareRatio * at(regionMw, grid.regionOfBus[place] as number) + bus.fixedLoadMw + bus.shuntMw,
      );
    },
    availableMw: (interval, noise) =>
      Float64Array.from(network.units, (unit, place) => {
        const profile = profiles[place] ?? null;
        if (profile === null) return unit.capacityMw;
        // Beyond the instant of the noise only what is left of it is known.
        const aheadMs = Math.max(0, interval.fromMs - (noise.atMs ?? interval.fromMs));
        return profile.meanMw(interval, expectedNoise(noise.z[place] ?? 0, profile, aheadMs));
      }),
  };
}

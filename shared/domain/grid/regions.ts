import type { Source } from '../../events/grid.js';
import { at } from './dense.js';
import type { Grid } from './grid.js';

/** A line or link that crosses the border of a region, and whether its first bus lies inside (1) or its second (-1). */
export interface Crossing {
  readonly place: number;
  readonly sign: 1 | -1;
}

/** What lies in a region of the grid of an era, by places in the world. */
export interface GridRegion {
  readonly id: string;
  readonly buses: readonly number[];
  /** Those that are part of the grid. */
  readonly units: readonly number[];
  /** Kinds of unit with their units, in the order in which the kinds first appear. */
  readonly sources: readonly { readonly source: Source; readonly units: readonly number[] }[];
  /** Units whose power is there or not, whatever they are asked for. */
  readonly curtailable: readonly number[];
  readonly storages: readonly number[];
  readonly campuses: readonly number[];
  readonly contracts: readonly number[];
  /** Lines that begin in it. */
  readonly lines: readonly number[];
  readonly interfaces: readonly number[];
  readonly lineCrossings: readonly Crossing[];
  readonly linkCrossings: readonly Crossing[];
}

/** The regions of a world in their order; `isInService` is [units], 1 while the unit is part of the grid. */
export function gridRegionsOf(grid: Grid, isInService: Uint8Array): readonly GridRegion[] {
  const { network, regions } = grid.world;
  return regions.map(({ id }, region) => {
    const isHere = (bus: number): boolean => grid.regionOfBus[bus] === region;
    const placesAt = (busOf: readonly number[]): number[] => busOf.flatMap((bus, place) => (isHere(bus) ? [place] : []));
    const units = placesAt(grid.busOfUnit).filter((unit) => at(isInService, unit) === 1);
    const crossings = (ends: Grid['lineEnds']): Crossing[] =>
      ends.flatMap(([from, to], place): Crossing[] => (isHere(from) === isHere(to) ? [] : [{ place, sign: isHere(from) ? 1 : -1 }]));
    return {
      id,
      buses: placesAt(network.buses.map((_, bus) => bus)),
      units,
      sources: bySource(grid, units),
      curtailable: units.filter((unit) => network.units[unit]?.availability !== null && network.units[unit]?.dailyEnergyMwh === null),
      storages: placesAt(grid.busOfStorage),
      campuses: placesAt(grid.busOfCampus),
      contracts: placesAt(grid.busOfContract),
      lines: placesAt(grid.lineEnds.map(([from]) => from)),
      interfaces: network.interfaces.flatMap((limit, place) => (limit.region === id ? [place] : [])),
      lineCrossings: crossings(grid.lineEnds),
      linkCrossings: crossings(grid.linkEnds),
    };
  });
}

function bySource({ world }: Grid, units: readonly number[]): GridRegion['sources'] {
  const sources = new Map<Source, number[]>();
  for (const place of units) {
    const source = world.network.units[place]?.source;
    if (source !== undefined) sources.set(source, [...(sources.get(source) ?? []), place]);
  }
  return [...sources].map(([source, of]) => ({ source, units: of }));
}

import type { World } from '../../scenario/schema.js';
import { assert } from '../assert.js';

/** Parts of a world that the dispatch needs. */
export type GridWorld = Pick<World, 'network' | 'regions' | 'campuses' | 'contracts' | 'reserve' | 'lostLoadUsdPerMwh'>;

/** Units at one bus with one cost: one column of the problem, shared pro rata to what each could deliver. */
export interface UnitGroup {
  readonly bus: number;
  readonly costUsdPerMwh: number;
  readonly providesReserve: boolean;
  /** Breaks ties between groups of equal cost, in order of the units, USD/MWh. */
  readonly tieUsdPerMwh: number;
  readonly units: readonly number[];
}

/** A network with places instead of names; made once, never changed. */
export interface Grid {
  readonly world: GridWorld;
  /** [buses]: place of its region. */
  readonly regionOfBus: readonly number[];
  /** [units], [storages], [campuses], [contracts]: place of its bus. */
  readonly busOfUnit: readonly number[];
  readonly busOfStorage: readonly number[];
  readonly busOfCampus: readonly number[];
  readonly busOfContract: readonly number[];
  /** [contracts]: place of its campus. */
  readonly campusOfContract: readonly number[];
  /** [lines] and [links]: places of their two buses. */
  readonly lineEnds: readonly (readonly [from: number, to: number])[];
  readonly linkEnds: readonly (readonly [from: number, to: number])[];
  /** [interfaces]: lines that count, with 1 for forward and -1 for reverse. */
  readonly interfaceLines: readonly (readonly (readonly [line: number, sign: number])[])[];
  readonly groups: readonly UnitGroup[];
  /** [units]: place of its group. */
  readonly groupOfUnit: readonly number[];
  /** [regions]: places of what is in it. */
  readonly inRegion: readonly {
    readonly buses: readonly number[];
    readonly units: readonly number[];
    readonly storages: readonly number[];
  }[];
}

/** Smallest cost that breaks a tie, USD/MWh: a thousand times the tolerance of the solver, and invisible in prices. */
export const tieStepUsdPerMwh = 1e-6;

/** Resolves the names of a world's network. Asserts that they exist: the scenario has been validated before. */
export function prepareGrid(world: GridWorld): Grid {
  const { network } = world;
  const placeOfBus = placesOf('bus', network.buses);
  const placeOfLine = placesOf('line', network.lines);
  const placeOfCampus = placesOf('campus', world.campuses);
  const placeOfRegion = placesOf('region', world.regions);
  const busOfCampus = world.campuses.map((campus) => placeOfBus(campus.bus));
  const campusOfContract = world.contracts.map((contract) => placeOfCampus(contract.campus));
  const busOfUnit = network.units.map((unit) => placeOfBus(unit.bus));
  const busOfStorage = network.storages.map((storage) => placeOfBus(storage.bus));
  const regionOfBus = network.buses.map((bus) => placeOfRegion(bus.region));
  const placesIn = (busOf: readonly number[], region: number): number[] =>
    busOf.flatMap((bus, place) => (regionOfBus[bus] === region ? [place] : []));
  return {
    world,
    regionOfBus,
    busOfUnit,
    busOfStorage,
    inRegion: world.regions.map((_, region) => ({
      buses: placesIn(
        network.buses.map((_bus, place) => place),
        region,
      ),
      units: placesIn(busOfUnit, region),
      storages: placesIn(busOfStorage, region),
    })),
    busOfCampus,
    busOfContract: campusOfContract.map((campus) => busOfCampus[campus] as number),
    campusOfContract,
    lineEnds: network.lines.map((line) => [placeOfBus(line.fromBus), placeOfBus(line.toBus)]),
    linkEnds: network.links.map((link) => [placeOfBus(link.fromBus), placeOfBus(link.toBus)]),
    interfaceLines: network.interfaces.map((limit) =>
      limit.lines.map(({ line, direction }) => [placeOfLine(line), direction === 'forward' ? 1 : -1]),
    ),
    ...groupUnits(network.units, busOfUnit),
  };
}

function placesOf(kind: string, things: readonly { readonly id: string }[]): (id: string) => number {
  const places = new Map(things.map((thing, place) => [thing.id, place]));
  return (id) => {
    const place = places.get(id);
    assert(place !== undefined, `${kind} ${id} is not in the world`);
    return place;
  };
}

/** A unit with a daily budget stands alone: its cost is the value of its water, which is its own. */
function groupUnits(units: World['network']['units'], busOfUnit: readonly number[]): Pick<Grid, 'groups' | 'groupOfUnit'> {
  const members = new Map<string, number[]>();
  const keys = units.map((unit, place) =>
    unit.dailyEnergyMwh === null ? `${busOfUnit[place]}/${unit.costUsdPerMwh}/${unit.providesReserve}` : `alone/${place}`,
  );
  keys.forEach((key, place) => members.set(key, [...(members.get(key) ?? []), place]));
  const rankOfCost = new Map<number, number>();
  const groups = [...members.values()].map((places): UnitGroup => {
    const first = places[0] as number;
    const unit = units[first];
    assert(unit !== undefined, 'a group of units has a first unit');
    const rank = rankOfCost.get(unit.costUsdPerMwh) ?? 0;
    rankOfCost.set(unit.costUsdPerMwh, rank + 1);
    return {
      bus: busOfUnit[first] as number,
      costUsdPerMwh: unit.costUsdPerMwh,
      providesReserve: unit.providesReserve,
      tieUsdPerMwh: rank * tieStepUsdPerMwh,
      units: places,
    };
  });
  const groupOfKey = new Map([...members.keys()].map((key, place) => [key, place]));
  return { groups, groupOfUnit: keys.map((key) => groupOfKey.get(key) as number) };
}

import type { CostCurve } from '../../scenario/networkSchema.js';
import type { World } from '../../scenario/schema.js';
import { assert } from '../assert.js';
import { piecesIn } from './curves.js';

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
  /** Cost by output of the one unit of the group; null: costUsdPerMwh throughout. */
  readonly curve: CostCurve | null;
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
  /** [groups]: place of its bus. */
  readonly busOfGroup: Int32Array;
  /** [units]: place of its group. */
  readonly groupOfUnit: Int32Array;
  /** [units]: what it must deliver in every problem, MW; 0 unless it always runs. */
  readonly leastMw: Float64Array;
  /** [units] */
  readonly costUsdPerMwh: Float64Array;
  /** [groups] */
  readonly costOfGroupUsdPerMwh: Float64Array;
  /** Places of units with a daily budget of energy. */
  readonly budgetedUnits: readonly number[];
  /** [units]: 1 where unused capacity counts as reserve. */
  readonly isReserve: Uint8Array;
  /** Places of buses that may have more power than can be put anywhere: units that always run, load that feeds in. */
  readonly surplusBuses: readonly number[];
  /** [groups]: columns for the pieces of its cost curve, 0 where its cost is one number. */
  readonly piecesOf: readonly number[];
  readonly hasCurves: boolean;
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
  return {
    world,
    regionOfBus,
    busOfUnit,
    busOfStorage,
    busOfCampus,
    busOfContract: campusOfContract.map((campus) => busOfCampus[campus] as number),
    campusOfContract,
    lineEnds: network.lines.map((line) => [placeOfBus(line.fromBus), placeOfBus(line.toBus)]),
    linkEnds: network.links.map((link) => [placeOfBus(link.fromBus), placeOfBus(link.toBus)]),
    interfaceLines: network.interfaces.map((limit) =>
      limit.lines.map(({ line, direction }) => [placeOfLine(line), direction === 'forward' ? 1 : -1]),
    ),
    surplusBuses: network.buses.flatMap((bus, place) => {
      const isForced = network.units.some((unit, index) => busOfUnit[index] === place && unit.isAlwaysOn && unit.minMw > 0);
      return isForced || bus.fixedLoadMw + bus.shuntMw < 0 ? [place] : [];
    }),
    budgetedUnits: network.units.flatMap(({ dailyEnergyMwh }, place) => (dailyEnergyMwh === null ? [] : [place])),
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

/**
 * A unit with a daily budget stands alone: its cost is the value of its water, which is its own. So do units that always run or whose
 * cost is a curve.
 */
function groupUnits(
  units: World['network']['units'],
  busOfUnit: readonly number[],
): Pick<
  Grid,
  'groups' | 'busOfGroup' | 'groupOfUnit' | 'piecesOf' | 'hasCurves' | 'leastMw' | 'costUsdPerMwh' | 'costOfGroupUsdPerMwh' | 'isReserve'
> {
  const members = new Map<string, number[]>();
  const keys = units.map((unit, place) =>
    unit.dailyEnergyMwh === null && unit.costCurve === null && !unit.isAlwaysOn
      ? `${busOfUnit[place]}/${unit.costUsdPerMwh}/${unit.providesReserve}`
      : `alone/${place}`,
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
      curve: unit.costCurve,
    };
  });
  const groupOfKey = new Map([...members.keys()].map((key, place) => [key, place]));
  return {
    groups,
    busOfGroup: Int32Array.from(groups, ({ bus }) => bus),
    groupOfUnit: Int32Array.from(keys, (key) => groupOfKey.get(key) as number),
    leastMw: Float64Array.from(units, (unit) => (unit.isAlwaysOn ? unit.minMw : 0)),
    costUsdPerMwh: Float64Array.from(units, (unit) => unit.costUsdPerMwh),
    costOfGroupUsdPerMwh: Float64Array.from(groups, (group) => group.costUsdPerMwh),
    isReserve: Uint8Array.from(units, (unit) => (unit.providesReserve ? 1 : 0)),
    hasCurves: groups.some(({ curve }) => curve !== null),
    piecesOf: groups.map((group) => piecesIn(group.curve)),
  };
}

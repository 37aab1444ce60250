import type { Network, Unit } from '../../scenario/networkSchema.js';
import { assert } from '../assert.js';
import { at } from '../grid/dense.js';
import { runningCostOf, type RunningCost } from './costs.js';
import { flowLimitsOf, islandsOf, type FlowFactors, type FlowLimit } from './limits.js';

/** Reserve that on-line units hold back together; which of them may, and what a missing MW costs. */
export interface ReserveProduct {
  readonly id: string;
  /** Places of the units that may provide it; those without a decision to be on are passed over. */
  readonly units: readonly number[];
  /** A unit provides at most what it ramps in this time. */
  readonly responseMinutes: number;
  readonly shortageUsdPerMwh: number;
}

/** A reserve for each region that has units which may provide it, in the order regions first appear among the buses. */
export function regionalReserves(network: Network, terms: Pick<ReserveProduct, 'responseMinutes' | 'shortageUsdPerMwh'>): ReserveProduct[] {
  const regionOfBus = new Map(network.buses.map(({ id, region }) => [id, region]));
  return [...new Set(network.buses.map(({ region }) => region))].flatMap((region) => {
    const units = network.units.flatMap((unit, place) => (unit.providesReserve && regionOfBus.get(unit.bus) === region ? [place] : []));
    return units.length === 0 ? [] : [{ id: region, units, ...terms }];
  });
}

export interface CommitmentOptions {
  readonly lostLoadUsdPerMwh: number;
  /** Hours optimised at once, and how many of them are kept before the next window begins. */
  readonly windowHours: number;
  readonly keptHours: number;
  /** Cost of a stop as a share of that of a start. */
  readonly stopCostRatio: number;
  readonly reserves: readonly ReserveProduct[];
  /** Whether storages of the network take part. */
  readonly withStorages: boolean;
  /** Null: lines and interfaces carry anything. */
  readonly flows: FlowFactors | null;
  /** Ends the search for better line limits once a window is known to be this close to its optimum. */
  readonly acceptedGapRatio: number;
}

/** Day-ahead practice: two days seen, the first kept, no reserve requirement, all that the network holds. */
export const plainOptions: Omit<CommitmentOptions, 'flows'> = {
  lostLoadUsdPerMwh: 10_000,
  windowHours: 48,
  keptHours: 24,
  stopCostRatio: 0,
  reserves: [],
  withStorages: true,
  acceptedGapRatio: 0.002,
};

/** A unit that is either off, or on between its least output and its capacity. */
export interface CommittedUnit {
  /** Place among the units of the network. */
  readonly unit: number;
  readonly bus: number;
  readonly minMw: number;
  readonly capacityMw: number;
  readonly cost: RunningCost;
  readonly startUsd: number;
  readonly stopUsd: number;
  /** Largest change of output in an hour while on; infinite: no limit. */
  readonly rampMwPerHour: number;
  /** Whole hours, at least 1. */
  readonly minUpHours: number;
  readonly minDownHours: number;
  readonly isAlwaysOn: boolean;
  /** Places of the reserves it may provide. */
  readonly reserves: readonly number[];
  readonly isOnAtStart: boolean;
  readonly outputAtStartMw: number;
}

/** Units at one bus that can give anything between nothing and what is available, at one cost. */
export interface FreeGroup {
  readonly bus: number;
  readonly units: readonly number[];
  readonly fromMw: number;
  readonly cost: RunningCost;
}

/** A network made ready for unit commitment; made once, never changed. */
export interface Commitment {
  readonly network: Network;
  readonly options: CommitmentOptions;
  readonly committed: readonly CommittedUnit[];
  readonly free: readonly FreeGroup[];
  readonly islandOfBus: Int32Array;
  readonly islandCount: number;
  readonly limits: readonly FlowLimit[];
  /** [links], [storages]: places of their buses. */
  readonly linkEnds: readonly (readonly [from: number, to: number])[];
  readonly busOfStorage: readonly number[];
}

/** Makes a network ready: units with a least output or commitment costs are decided on, all others run freely. */
export function createCommitment(network: Network, options: CommitmentOptions): Commitment {
  assert(
    options.keptHours >= 1 && options.keptHours <= options.windowHours,
    'a window keeps at least an hour and at most all of its hours',
  );
  const placeOfBus = new Map(network.buses.map((bus, place) => [bus.id, place]));
  const busOf = (id: string): number => {
    const place = placeOfBus.get(id);
    assert(place !== undefined, `the network has no bus ${id}`);
    return place;
  };
  const lineEnds = network.lines.map(({ fromBus, toBus }) => [busOf(fromBus), busOf(toBus)] as const);
  const { ofBus, count } = islandsOf(network.buses.length, lineEnds);
  const needsDecision = (unit: Unit): boolean => unit.commitment !== null || unit.minMw > 0;
  return {
    network,
    options,
    committed: network.units.flatMap((unit, place) =>
      needsDecision(unit) ? [committedUnit(unit, { place, bus: busOf(unit.bus), options })] : [],
    ),
    free: freeGroups(network.units.flatMap((unit, place) => (needsDecision(unit) ? [] : [{ unit, place, bus: busOf(unit.bus) }]))),
    islandOfBus: ofBus,
    islandCount: count,
    limits: options.flows === null ? [] : flowLimitsOf(network, options.flows),
    linkEnds: network.links.map(({ fromBus, toBus }) => [busOf(fromBus), busOf(toBus)] as const),
    busOfStorage: options.withStorages ? network.storages.map(({ bus }) => busOf(bus)) : [],
  };
}

function committedUnit(
  unit: Unit,
  { place, bus, options }: { readonly place: number; readonly bus: number; readonly options: CommitmentOptions },
): CommittedUnit {
  const minMw = Math.min(unit.minMw, unit.capacityMw);
  const startUsd = unit.commitment?.startUsd ?? 0;
  const isOnAtStart = unit.isAlwaysOn || (unit.commitment?.isOnAtStart ?? false);
  return {
    unit: place,
    bus,
    minMw,
    capacityMw: unit.capacityMw,
    cost: runningCostOf(unit, minMw),
    startUsd,
    stopUsd: startUsd * options.stopCostRatio,
    rampMwPerHour: unit.rampMwPerMinute === null ? Infinity : unit.rampMwPerMinute * 60,
    minUpHours: Math.max(1, Math.ceil(unit.minUpHours)),
    minDownHours: Math.max(1, Math.ceil(unit.minDownHours)),
    isAlwaysOn: unit.isAlwaysOn,
    reserves: options.reserves.flatMap((product, index) => (product.units.includes(place) ? [index] : [])),
    isOnAtStart,
    outputAtStartMw: isOnAtStart ? Math.min(unit.capacityMw, Math.max(minMw, unit.scheduledMw ?? minMw)) : 0,
  };
}

/** Units of one marginal cost at one bus become one; what cannot be told apart in a schedule is split by what is available. */
function freeGroups(units: readonly { readonly unit: Unit; readonly place: number; readonly bus: number }[]): FreeGroup[] {
  const groups = new Map<string, { bus: number; fromMw: number; cost: RunningCost; units: number[] }>();
  for (const { unit, place, bus } of units) {
    const isPlain = unit.costCurve === null && unit.minMw >= 0;
    const key = isPlain ? `${bus}/${unit.costUsdPerMwh}` : `alone/${place}`;
    const fromMw = Math.min(0, unit.minMw);
    const known = groups.get(key);
    const plainCost: RunningCost = { fromMw, usdPerHourAtFrom: 0, blocks: [{ widthMw: Infinity, usdPerMwh: unit.costUsdPerMwh }] };
    if (known === undefined) groups.set(key, { bus, fromMw, cost: isPlain ? plainCost : runningCostOf(unit, fromMw), units: [place] });
    else known.units.push(place);
  }
  return [...groups.values()];
}

/** Sum of what is available of the units of a group, MW. */
export function availableOf(group: FreeGroup, availableMw: Float64Array): number {
  return group.units.reduce((sumMw, unit) => sumMw + at(availableMw, unit), 0);
}

/** What is wrong with the commitment costs of units: blocks must end later and cost more from one to the next. */
export function* commitmentMisfits(
  units: readonly Unit[],
): Generator<{ readonly field: string; readonly found: string; readonly allowed: string }> {
  for (const [place, unit] of units.entries()) {
    const blocks = unit.commitment?.blocks ?? [];
    for (const [index, block] of blocks.entries()) {
      const before = blocks[index - 1];
      if (before === undefined) continue;
      const field = `network.units[${place}].commitment.blocks[${index}]`;
      if (block.upToMw <= before.upToMw)
        yield { field: `${field}.upToMw`, found: String(block.upToMw), allowed: `above ${before.upToMw}, the end of the block before` };
      if (block.usdPerMwh < before.usdPerMwh)
        yield {
          field: `${field}.usdPerMwh`,
          found: `${block.usdPerMwh} (${unit.id})`,
          allowed: `${before.usdPerMwh} or more, the cost of the block before: a convex cost`,
        };
    }
  }
}

import type { Storage, Unit } from '../../scenario/networkSchema.js';
import type { World } from '../../scenario/schema.js';
import { outageRatioOf } from '../grid/outages.js';
import { toWire } from '../ticks.js';
import type { BuildOption, Sizes } from './options.js';

/** What comes on top of a world. */
export interface Addition {
  /** Load that grows everywhere by the share of each bus, in every hour, MW; negative: capacity that never fails. */
  readonly spreadMw: number;
  /** Load at one bus, in every hour, MW. */
  readonly flatMw: number;
  readonly options: readonly BuildOption[];
  readonly sizesMw: Sizes;
  /** First of the hours that the output of wind, sun and water is known for. */
  readonly startMs: number;
  /** Where load and supply come; null: one copper plate, where it does not matter. */
  readonly bus: string | null;
}

/** Where additions come on one copper plate: the bus with the largest share of load, the first of equals. */
export function mainBusOf({ network }: Pick<World, 'network'>): string {
  const [first, ...rest] = network.buses;
  return rest.reduce((most, bus) => (bus.loadShareRatio > (most?.loadShareRatio ?? 0) ? bus : most), first)?.id ?? '';
}

/**
 * The world with an addition, to be dispatched over its recorded hours. Firm units, old and new, have their capacity less the share of
 * time they are out, so that energy comes out right in the mean; units of one option stand together at one bus.
 */
export function withAddition(world: World, addition: Addition): World {
  const { spreadMw, flatMw, options, sizesMw } = addition;
  const bus = addition.bus ?? mainBusOf(world);
  const network = addition.bus === null ? copperPlate(world.network) : world.network;
  const shares = network.buses.reduce((sum, { loadShareRatio }) => sum + loadShareRatio, 0);
  const equally = 1 / network.buses.length;
  const buses = network.buses.map((each) => ({
    ...each,
    fixedLoadMw: each.fixedLoadMw + spreadMw * (shares > 0 ? each.loadShareRatio / shares : equally) + (each.id === bus ? flatMw : 0),
  }));
  const built = options.map((option, place) => ({ option, mw: sizesMw[place] ?? 0 })).filter(({ mw }) => mw > 0);
  return {
    ...world,
    series: { ...world.series, ...Object.fromEntries(built.flatMap(({ option, mw }) => seriesOf(addition.startMs, option, mw))) },
    network: {
      ...network,
      buses,
      units: [...network.units.map(derated), ...built.flatMap(({ option, mw }) => unitOf(option, mw, bus))],
      storages: [...network.storages, ...built.flatMap(({ option, mw }) => storageOf(option, mw, bus))],
    },
  };
}

function copperPlate(network: World['network']): World['network'] {
  const free = { ratingMw: null, emergencyRatingMw: null, angleMinDegrees: -360, angleMaxDegrees: 360 };
  return {
    ...network,
    lines: network.lines.map((line) => ({ ...line, ...free })),
    links: network.links.map((link) => ({ ...link, capacityMw: 1e6, reverseCapacityMw: null })),
    interfaces: [],
  };
}

function derated(unit: Unit): Unit {
  if (unit.availability !== null || unit.forcedOutage === null) return unit;
  const ratio = 1 - outageRatioOf(unit.forcedOutage);
  return { ...unit, capacityMw: unit.capacityMw * ratio, minMw: unit.minMw * ratio };
}

function idOf({ name }: BuildOption): string {
  return `added-${name}`;
}

function seriesOf(startMs: number, option: BuildOption, mw: number): (readonly [string, World['series'][string]])[] {
  if (option.supply.kind !== 'weather') return [];
  const values = Array.from(option.supply.outputRatio, (ratio) => ratio * mw);
  return [[idOf(option), { startTime: toWire(startMs), stepMinutes: 60, values }]];
}

/** How a new unit runs but for its size, ramp and cost: anything between nothing and its capacity. */
const freely = {
  technology: '',
  minMw: 0,
  isAlwaysOn: false,
  costCurve: null,
  commitment: null,
  minUpHours: 0,
  minDownHours: 0,
  inertiaMws: 0,
  // Outages are in its capacity already.
  forcedOutage: null,
  maintenance: [],
  scheduledMw: null,
  rampMwPerMinute: null,
  dailyEnergyMwh: null,
} satisfies Partial<Unit>;

function unitOf(option: BuildOption, mw: number, bus: string): Unit[] {
  const { supply, name, costUsdPerMwh, carbonKgPerMwh } = option;
  if (supply.kind === 'storage' || name === 'battery') return [];
  const common = {
    ...freely,
    id: idOf(option),
    name: idOf(option),
    bus,
    source: name,
    costUsdPerMwh,
    carbonKgPerMwh,
  };
  switch (supply.kind) {
    case 'weather':
      return [{ ...common, capacityMw: mw, availability: { kind: 'series', series: idOf(option) }, providesReserve: false }];
    case 'two-state': {
      const { rampMwPerMinute, unitMw, twoState } = supply;
      return [
        {
          ...common,
          capacityMw: mw * (1 - outageRatioOf(twoState)),
          rampMwPerMinute: rampMwPerMinute === null ? null : (rampMwPerMinute * mw) / unitMw,
          availability: null,
          providesReserve: true,
        },
      ];
    }
  }
}

function storageOf(option: BuildOption, mw: number, bus: string): Storage[] {
  const { supply } = option;
  if (supply.kind !== 'storage') return [];
  const { storedHours, chargeEfficiencyRatio, dischargeEfficiencyRatio } = supply;
  const energyMwh = mw * storedHours;
  return [{ id: idOf(option), bus, powerMw: mw, energyMwh, initialMwh: energyMwh / 2, chargeEfficiencyRatio, dischargeEfficiencyRatio }];
}

import type { Unit, World } from '../../scenario/schema.js';
import { at } from '../grid/dense.js';
import { advanceNoise, noisyUnitsOf, type NoiseState } from '../grid/noise.js';
import { isWithin, merged, plannedOutages, type TwoState } from '../grid/outages.js';
import { prepareProfile, type Interval } from '../grid/profiles.js';
import { dayMs, fromWire, hourMs } from '../ticks.js';

/** What every kind of supply has. */
interface Supply {
  readonly id: string;
  readonly source: Unit['source'];
  /** Kind within its source; empty: not known. */
  readonly technology: string;
  /** Nameplate, MW. */
  readonly capacityMw: number;
}
/** Runs at its capacity unless it fails or is planned out. */
export interface FirmSupply extends Supply {
  readonly twoState: TwoState | null;
  /** Planned outages, and the time before it comes and after it goes; in order and apart. */
  readonly planned: readonly Interval[];
}
/** Delivers what weather and water give; a load below zero. */
export interface WeatherSupply extends Supply {
  /** [hours], MW. */
  readonly outputMw: Float64Array;
}

/** A system on one copper plate over whole days: what adequacy asks about. */
export interface AdequacySystem {
  readonly startMs: number;
  /** A whole number of days of 24 hours. */
  readonly hours: number;
  /** [hours], MW. */
  readonly loadMw: Float64Array;
  readonly firm: readonly FirmSupply[];
  readonly weather: readonly WeatherSupply[];
}

/** The world parts that adequacy depends on. */
export type AdequacyWorld = Pick<World, 'regions' | 'network' | 'series' | 'clock' | 'seed'>;
/** Whole days from an instant. */
export interface Period {
  readonly startMs: number;
  readonly days: number;
}

const plainYearDays = 365;

/** The whole days that all series cover, or a year from the start of the clock where there are none. */
export function periodOf({ series, clock }: Pick<World, 'series' | 'clock'>): Period {
  const all = Object.values(series);
  if (all.length === 0) return { startMs: fromWire(clock.startTime), days: plainYearDays };
  const startMs = Math.max(...all.map((each) => fromWire(each.startTime)));
  const endMs = Math.min(...all.map((each) => fromWire(each.startTime) + (each.values.length * each.stepMinutes * hourMs) / 60));
  return { startMs, days: Math.max(0, Math.floor((endMs - startMs) / dayMs)) };
}

/**
 * Loads, firm units and hours of weather of a world: mean MW of each hour. Units with an availability are negative load, without outages;
 * the noise of shapes is the first weather year of the world's seed. Storages, lines, links and daily energy limits take no part.
 */
export function adequacySystemOf(world: AdequacyWorld, { startMs, days }: Period): AdequacySystem {
  const hours = days * 24;
  const { network } = world;
  const away = new Map(network.units.map((unit) => [unit.id, awayOf(unit, network.changes)]));
  const supplyOf = ({ id, source, technology, capacityMw }: Unit): Supply => ({ id, source, technology, capacityMw });
  return {
    startMs,
    hours,
    loadMw: loadOf(world, { startMs, hours }),
    firm: network.units
      .filter(({ availability }) => availability === null)
      .map((unit) => ({ ...supplyOf(unit), twoState: unit.forcedOutage, planned: away.get(unit.id) ?? [] })),
    weather: network.units
      .filter(({ availability }) => availability !== null)
      .map((unit) => ({ ...supplyOf(unit), outputMw: outputOf(unit, { world, startMs, hours, away: away.get(unit.id) ?? [] }) })),
  };
}

/** Years a number of days makes: the nearest whole number where a leap day is all that differs. */
export function yearsOf(days: number): number {
  const years = days / 365.25;
  const whole = Math.round(years);
  return whole > 0 && Math.abs(days - whole * 365.25) < 1 ? whole : years;
}

interface Hours {
  readonly startMs: number;
  readonly hours: number;
}

function loadOf(world: AdequacyWorld, { startMs, hours }: Hours): Float64Array {
  const loadMw = new Float64Array(hours);
  const { buses, changes } = world.network;
  loadMw.fill(buses.reduce((sumMw, bus) => sumMw + bus.fixedLoadMw + bus.shuntMw, 0));
  for (const region of world.regions) {
    const shareRatio = buses.reduce((sum, bus) => (bus.region === region.id ? sum + bus.loadShareRatio : sum), 0);
    if (shareRatio === 0) continue;
    const profile = prepareProfile(region.load, Infinity, world);
    const steps = changes.flatMap((change) =>
      change.kind === 'scale-load' && change.region === region.id
        ? [{ fromMs: fromWire(change.atTime), factorRatio: change.factorRatio }]
        : [],
    );
    for (let hour = 0; hour < hours; hour++) {
      const fromMs = startMs + hour * hourMs;
      const grown = steps.reduce((factor, step) => (step.fromMs <= fromMs ? factor * step.factorRatio : factor), 1);
      loadMw[hour] = at(loadMw, hour) + grown * shareRatio * profile.meanMw({ fromMs, toMs: fromMs + hourMs }, 0);
    }
  }
  return loadMw;
}

function outputOf(unit: Unit, of: Hours & { readonly world: AdequacyWorld; readonly away: readonly Interval[] }): Float64Array {
  const outputMw = new Float64Array(of.hours);
  if (unit.availability === null) return outputMw;
  const profile = prepareProfile(unit.availability, unit.capacityMw, of.world);
  const noisy = noisyUnitsOf({ seed: of.world.seed, component: 'adequacy' }, [unit], [profile]);
  let noise: NoiseState = { atMs: null, z: [0] };
  for (let hour = 0; hour < of.hours; hour++) {
    const fromMs = of.startMs + hour * hourMs;
    if (profile.noise !== null) noise = advanceNoise(noise, { tick: hour, startMs: fromMs }, noisy);
    if (of.away.length === 0 || !isWithin(of.away, fromMs))
      outputMw[hour] = profile.meanMw({ fromMs, toMs: fromMs + hourMs }, noise.z[0] ?? 0);
  }
  return outputMw;
}

/** Planned outages of a unit with the time before it is added and after it is retired. */
function awayOf(unit: Unit, changes: World['network']['changes']): Interval[] {
  const absent = changes.flatMap((change): Interval[] => {
    if (change.kind === 'add-unit' && change.unit === unit.id) return [{ fromMs: -Infinity, toMs: fromWire(change.atTime) }];
    if (change.kind === 'retire-unit' && change.unit === unit.id) return [{ fromMs: fromWire(change.atTime), toMs: Infinity }];
    return [];
  });
  return merged([...plannedOutages(unit.maintenance), ...absent]);
}

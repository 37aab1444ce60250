import { prepareProfile } from '../../domain/grid/profiles.js';
import { hourMs } from '../../domain/ticks.js';
import { wrongInput } from '../../runtime/errors.js';
import { bareWorld, type NetworkFile } from '../networkFile.js';
import type { Change, Unit } from '../networkSchema.js';
import type { World } from '../schema.js';

/** A network at one hour: what a case can hold. */
export interface Snapshot {
  /** Hours since the start of the network. */
  readonly hour: number;
  readonly atTime: string;
  /** [buses]: load in MW, fixed and shared; negative: put in. */
  readonly loadMw: readonly number[];
  /** [units]: what it can deliver in that hour, MW; null: not in service. */
  readonly availableMw: readonly (number | null)[];
  /** [units]: factor on its cost. */
  readonly costRatio: readonly number[];
}

/** Hours looked at where only shapes repeat: a week. */
const shapeHours = 168;

/**
 * Loads, availability and costs of a network in one hour; without an hour in the first one in which its regions draw most. Noise of wind
 * and clouds is left at its mean.
 * @throws TWIN_WRONG_INPUT for an hour that the series do not cover.
 */
export function snapshotOf(file: NetworkFile, hour: number | null): Snapshot {
  const world = bareWorld(file);
  const { regions, network } = world;
  const startMs = Date.parse(world.clock.startTime);
  const count = hourCount(world);
  if (hour !== null && !(Number.isInteger(hour) && hour >= 0 && hour < count))
    throw wrongInput(`hour: found ${hour}, allowed: a whole number from 0 to ${count - 1}`);
  const intervalOf = (place: number) => ({ fromMs: startMs + place * hourMs, toMs: startMs + (place + 1) * hourMs });
  const profiles = regions.map(({ load }) => prepareProfile(load, Infinity, world));
  const regionMwAt = (place: number): number[] => {
    const interval = intervalOf(place);
    return regions.map(({ id }, region) => {
      const grown = factorAt(network.changes, interval.fromMs, (change) => change.kind === 'scale-load' && change.region === id);
      return (profiles[region]?.meanMw(interval, 0) ?? 0) * grown;
    });
  };
  const at = hour ?? peakOf(count, regionMwAt);
  const interval = intervalOf(at);
  const regionMw = new Map(regionMwAt(at).map((mw, region) => [regions[region]?.id ?? '', mw]));
  return {
    hour: at,
    atTime: new Date(interval.fromMs).toISOString(),
    loadMw: network.buses.map((bus) => bus.fixedLoadMw + bus.loadShareRatio * (regionMw.get(bus.region) ?? 0)),
    availableMw: network.units.map((unit) => {
      if (!isInService(unit, network.changes, interval.fromMs)) return null;
      const { availability, capacityMw } = unit;
      return availability === null ? capacityMw : prepareProfile(availability, capacityMw, world).meanMw(interval, 0);
    }),
    costRatio: network.units.map(({ source }) =>
      factorAt(network.changes, interval.fromMs, (change) => change.kind === 'scale-cost' && change.source === source),
    ),
  };
}

/** Hours that every series covers from the start; a week of shapes, or the one hour of a network in which nothing moves. */
function hourCount({ regions, network, series, clock }: World): number {
  const startMs = Date.parse(clock.startTime);
  const ends = Object.values(series).map((each) => Date.parse(each.startTime) + each.values.length * each.stepMinutes * 60_000);
  if (ends.length > 0) return Math.max(1, Math.floor((Math.min(...ends) - startMs) / hourMs));
  const profiles = [...regions.map(({ load }) => load), ...network.units.map(({ availability }) => availability)];
  return profiles.every((profile) => profile === null || profile.kind === 'constant') ? 1 : shapeHours;
}

function peakOf(count: number, regionMwAt: (hour: number) => readonly number[]): number {
  let [peak, peakMw] = [0, -Infinity];
  for (let hour = 0; hour < count; hour++) {
    const sumMw = regionMwAt(hour).reduce((sum, mw) => sum + mw, 0);
    if (sumMw > peakMw) [peak, peakMw] = [hour, sumMw];
  }
  return peak;
}

/** Product of the factors of the changes that hold by an instant. */
function factorAt(changes: readonly Change[], timeMs: number, isMeant: (change: Change) => boolean): number {
  return changes.reduce(
    (factor, change) =>
      'factorRatio' in change && isMeant(change) && Date.parse(change.atTime) <= timeMs ? factor * change.factorRatio : factor,
    1,
  );
}

function isInService(unit: Unit, changes: readonly Change[], timeMs: number): boolean {
  if (unit.maintenance.some(({ fromTime, toTime }) => Date.parse(fromTime) <= timeMs && timeMs < Date.parse(toTime))) return false;
  return changes.every((change) => {
    if (!('unit' in change) || change.unit !== unit.id) return true;
    const hasCome = Date.parse(change.atTime) <= timeMs;
    return change.kind === 'add-unit' ? hasCome : !hasCome;
  });
}

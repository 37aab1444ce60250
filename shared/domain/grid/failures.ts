import type { World } from '../../scenario/schema.js';
import type { Saying } from '../fact.js';
import { fromWire, type Instant } from '../ticks.js';
import { isWithin, outageCalendar, plannedOutages, twoStateOfLine, type TwoState } from './outages.js';
import type { Interval } from './profiles.js';
import type { Failure, GridState } from './state.js';

/** What fails or is taken out by plan over the years of a world; the same for whoever asks, and for any instant in any order. */
export interface Failures {
  /** Units out of service over an interval, in order of the world; none of those that are not built yet or retired. */
  unitsOut(interval: Interval, isInService: Uint8Array): readonly Failure[];
  linesOut(interval: Interval): readonly Failure[];
}

/**
 * Prepares the failures of a world: planned outages always, forced ones when the scenario has them drawn, with the same keys as studies.
 * What is out in the middle of an interval is out throughout it.
 */
export function failuresOf(world: Pick<World, 'network' | 'clock' | 'seed' | 'outages'>): Failures {
  const { network, seed } = world;
  const startMs = fromWire(world.clock.startTime);
  const isDrawn = world.outages === 'drawn';
  const forced = (entity: string, twoState: TwoState | null) =>
    isDrawn && twoState !== null ? outageCalendar({ seed, entity, startMs }, twoState, []) : null;
  const units = network.units.flatMap((unit, place) => {
    const planned = plannedOutages(unit.maintenance);
    const calendar = forced(unit.id, unit.forcedOutage);
    return planned.length > 0 || calendar !== null ? [{ id: unit.id, place, planned, calendar }] : [];
  });
  // A line may have the name of a unit, and must not fail with it.
  const lines = network.lines.flatMap((line) => {
    const calendar = forced(`line/${line.id}`, twoStateOfLine(line));
    return calendar === null ? [] : [{ id: line.id, calendar }];
  });
  return {
    unitsOut: (interval, isInService) => {
      const atMs = middleOf(interval);
      return units.flatMap(({ id, place, planned, calendar }): Failure[] => {
        if (isInService[place] !== 1) return [];
        if (isWithin(planned, atMs)) return [{ id, cause: 'maintenance' }];
        return calendar?.isOutAt(atMs) === true ? [{ id, cause: 'forced' }] : [];
      });
    },
    linesOut: (interval) =>
      lines.flatMap(({ id, calendar }): Failure[] => (calendar.isOutAt(middleOf(interval)) ? [{ id, cause: 'forced' }] : [])),
  };
}

/** The instant at which an interval is judged. */
export function middleOf({ fromMs, toMs }: Interval): number {
  return (fromMs + toMs) / 2;
}

/** The state with what is failed in a tick, and what was not so in the tick before; what is out for another reason stays out. */
export function applyFailures(
  failures: Failures,
  state: GridState,
  now: { readonly world: World; readonly isInService: Uint8Array; readonly instant: Instant },
): { readonly state: GridState; readonly sayings: readonly Saying[] } {
  const { world, instant, isInService } = now;
  const interval = { fromMs: instant.startMs, toMs: instant.startMs + instant.tickMs };
  const failed = { units: failures.unitsOut(interval, isInService), lines: failures.linesOut(interval) };
  const before = state.failed;
  if (areSame(failed.units, before.units) && areSame(failed.lines, before.lines)) return { state, sayings: [] };
  const regionOf = (bus: string): string => world.network.buses.find(({ id }) => id === bus)?.region ?? 'all';
  const sayings: Saying[] = [];
  const say = (equipment: 'unit' | 'line', said: Change, place: { readonly region: string; readonly capacityMw: number }): void => {
    const { id, change, reason } = said;
    sayings.push({
      type: 'grid.contingency.v1',
      region: place.region,
      entity: id,
      data: { equipment, change, capacityMw: place.capacityMw, reason },
    });
  };
  for (const change of changesOf(before.units, failed.units, state.unitsOut)) {
    const place = world.network.units.findIndex(({ id }) => id === change.id);
    const unit = world.network.units[place];
    if (unit === undefined) continue;
    // Said all the same, so that nobody waits for it any longer.
    const reason = isInService[place] === 1 ? change.reason : retiredWhileOut;
    say('unit', { ...change, reason }, { region: regionOf(unit.bus), capacityMw: unit.capacityMw });
  }
  for (const change of changesOf(before.lines, failed.lines, state.linesOut)) {
    const line = world.network.lines.find(({ id }) => id === change.id);
    if (line !== undefined) say('line', change, { region: regionOf(line.fromBus), capacityMw: line.ratingMw ?? 0 });
  }
  return { state: { ...state, failed }, sayings };
}

interface Change {
  readonly id: string;
  readonly change: 'trip' | 'return';
  readonly reason: string;
}

/** Reason of a return that is none: the unit is not part of the grid any longer. */
export const retiredWhileOut = 'retired while it was out';

const reasons = {
  forced: { trip: 'forced outage, drawn', return: 'repaired after a drawn outage' },
  maintenance: { trip: 'maintenance, planned', return: 'maintenance is over' },
} as const;

/** What went out and what came back; `otherwiseOut` is out whatever the failures say. */
function changesOf(before: readonly Failure[], after: readonly Failure[], otherwiseOut: readonly string[]): readonly Change[] {
  const isIn = (among: readonly Failure[], id: string): boolean => among.some((failure) => failure.id === id);
  const changed = (among: readonly Failure[], others: readonly Failure[], change: Change['change']): Change[] =>
    among.flatMap(({ id, cause }) =>
      isIn(others, id) || otherwiseOut.includes(id) ? [] : [{ id, change, reason: reasons[cause][change] }],
    );
  return [...changed(after, before, 'trip'), ...changed(before, after, 'return')];
}

function areSame(a: readonly Failure[], b: readonly Failure[]): boolean {
  return a.length === b.length && a.every(({ id, cause }, place) => b[place]?.id === id && b[place]?.cause === cause);
}

/** Units out of service that nobody planned, sorted by name; when maintenance ends is known ahead, so it is part of the surroundings. */
export function unitsOutOf({ unitsOut, failed }: Pick<GridState, 'unitsOut' | 'failed'>): readonly string[] {
  return joined(
    unitsOut,
    failed.units.filter(({ cause }) => cause === 'forced'),
  );
}

/** Lines out of service for any reason, sorted by name. */
export function linesOutOf({ linesOut, failed }: Pick<GridState, 'linesOut' | 'failed'>): readonly string[] {
  return joined(linesOut, failed.lines);
}

function joined(out: readonly string[], failed: readonly Failure[]): readonly string[] {
  if (failed.length === 0) return out;
  return [...new Set([...out, ...failed.map(({ id }) => id)])].sort();
}

import { dayMs, hourMs } from '../domain/ticks.js';
import { wrongInput } from '../runtime/errors.js';

/** The clock of a place. */
export interface ZoneClock {
  readonly zone: string;
  /** Reading of that clock at an instant, as if it were UTC. */
  readonly localMs: (atMs: number) => number;
  /** Instants at which it reads so: two in the hour that autumn repeats, none in the one that spring leaves out. */
  readonly instantsOf: (localMs: number) => readonly number[];
  /** Whether its days have 23, 24 and 25 hours. */
  readonly changes: boolean;
}

/**
 * The clock of a zone of the time zone database.
 * @throws TWIN_WRONG_INPUT for a name it does not have.
 */
export function zoneClock(option: string, zone: string): ZoneClock {
  if (zone === 'UTC') return { zone, localMs: (atMs) => atMs, instantsOf: (localMs) => [localMs], changes: false };
  const format = formatOf(option, zone);
  const offsetMs = (atMs: number): number => {
    const parts = new Map(format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour') % 24, part('minute')) - Math.floor(atMs / 60_000) * 60_000;
  };
  const offsetOfDay = new Map<number, number>();
  const atMidnight = (day: number): number => {
    const known = offsetOfDay.get(day) ?? offsetMs(day * dayMs);
    offsetOfDay.set(day, known);
    return known;
  };
  // Within a day that begins and ends with the same offset there is no change.
  const offsetAt = (atMs: number): number => {
    const day = Math.floor(atMs / dayMs);
    return atMidnight(day) === atMidnight(day + 1) ? atMidnight(day) : offsetMs(atMs);
  };
  return {
    zone,
    localMs: (atMs) => atMs + offsetAt(atMs),
    instantsOf: (localMs) => {
      const offsets = [...new Set([offsetAt(localMs - dayMs), offsetAt(localMs + dayMs)])];
      return offsets
        .map((offset) => localMs - offset)
        .filter((atMs) => atMs + offsetAt(atMs) === localMs)
        .sort((a, b) => a - b);
    },
    changes: new Set(Array.from({ length: 12 }, (_, month) => offsetMs(Date.UTC(2020, month, 15)) / hourMs)).size > 1,
  };
}

function formatOf(option: string, zone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    });
  } catch {
    throw wrongInput(`${option}: found ${JSON.stringify(zone)}, allowed: a name as America/Chicago, or UTC`);
  }
}

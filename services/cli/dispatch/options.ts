import { dcConventions, type DcConvention } from '../../../shared/domain/grid/convention.js';
import { fromWire, hourMs, minuteMs } from '../../../shared/domain/ticks.js';
import { decimalPattern } from '../../../shared/scenario/csv.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { readWorld } from '../../../shared/scenario/networkFile.js';
import type { World } from '../../../shared/scenario/schema.js';

/** Hours of a world, counted from its start; `toHour` is not included, and nothing is known from `endHour` on. */
export interface HoursAsked {
  readonly fromHour: number;
  readonly toHour: number;
  readonly endHour: number;
}

/** The help of the two options that every command on hours of a network has. */
export const hoursHelp =
  'hours from the start of its series, the last not included; default: all, a year of shapes without end, one of a single state';
export const dcHelp = 'matpower: b = 1/(x tap); series: b = x/(r^2+x^2), taps and shifts ignored';

/** The world in a file or folder: of a scenario all of it, else a network and nothing else. */
export function worldAt(place: string): Promise<World> {
  return readWorld(place);
}

/**
 * Hours asked for as FROM:TO, within what the series of the world cover; all of them when nothing is asked for.
 * @throws TWIN_WRONG_INPUT
 */
export function hoursIn(asked: string | undefined, world: World): HoursAsked {
  const startMs = fromWire(world.clock.startTime);
  const lengths = Object.values(world.series).map(({ startTime, stepMinutes, values }) =>
    Math.floor((fromWire(startTime) + values.length * stepMinutes * minuteMs - startMs) / hourMs),
  );
  const plainHours = lengths.length > 0 ? Math.min(...lengths) : hasShapes(world) ? yearHours : 1;
  const endHour = lengths.length > 0 ? plainHours : Math.max(plainHours, mostYears * yearHours);
  if (asked === undefined) return { fromHour: 0, toHour: plainHours, endHour };
  const match = /^(\d+):(\d+)$/.exec(asked);
  const [fromHour, toHour] = [Number(match?.[1]), Number(match?.[2])];
  if (match === null || fromHour >= toHour || toHour > endHour)
    throw wrongInput(`--hours: found ${asked}, allowed: FROM:TO within 0:${endHour}`);
  return { fromHour, toHour, endHour };
}

/** Whether load or availability changes by a shape that goes on for ever. */
function hasShapes({ regions, network }: World): boolean {
  const profiles = [...regions.map(({ load }) => load), ...network.units.map(({ availability }) => availability)];
  return profiles.some((profile) => profile !== null && profile.kind !== 'constant');
}

const yearHours = 8_760;
/** As long as any study looks ahead. */
const mostYears = 100;

/** @throws TWIN_WRONG_INPUT */
export function conventionIn(found: string): DcConvention {
  return wordIn<DcConvention>('--dc', found, dcConventions);
}

/**
 * One of some words.
 * @throws TWIN_WRONG_INPUT
 */
export function wordIn<Word extends string>(option: string, found: string, allowed: readonly Word[]): Word {
  const word = allowed.find((each) => each === found);
  if (word === undefined) throw wrongInput(`${option}: found ${found}, allowed: ${allowed.join(', ')}`);
  return word;
}

/**
 * A finite number that `is` right; `words` say which are.
 * @throws TWIN_WRONG_INPUT
 */
export function numberIn(
  option: string,
  found: string,
  allowed: { readonly is: (value: number) => boolean; readonly words: string },
): number {
  const value = decimalPattern.test(found.trim()) ? Number(found) : Number.NaN;
  if (!Number.isFinite(value) || !allowed.is(value))
    throw wrongInput(`${option}: found ${found === '' ? 'nothing' : found}, allowed: ${allowed.words}`);
  return value;
}

/** A number above 0. */
export const aboveZero = { is: (value: number) => value > 0, words: 'a number above 0' };
/** A number from 0. */
export const fromZero = { is: (value: number) => value >= 0, words: 'a number from 0' };
/** A whole number from 0, as seeds and counts of hours are. */
export const wholeFromZero = { is: (value: number) => Number.isSafeInteger(value) && value >= 0, words: 'a whole number from 0' };

import { contiguousUs, type Box } from '../../../shared/domain/siting/realSites.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { numberIn } from '../dispatch/options.js';
import type { PlaceOptions } from './place.js';

/** Options of `siting test`, as they were written. */
export interface TestOptions extends PlaceOptions {
  readonly built?: string;
  readonly sites?: string;
  readonly among?: string;
  readonly flex: string;
  readonly cheap: string;
  readonly moves?: string;
  readonly exact?: boolean;
  readonly surplus?: string;
  readonly box?: string;
  readonly reach: string;
  readonly draws: string;
  readonly seed: string;
  readonly json?: boolean;
}

/** Options that say nothing about one of the two kinds of input. */
const only = {
  scenario: ['built', 'sites', 'among', 'moves', 'exact', 'data', 'hours'],
  sites: ['surplus', 'box'],
} as const;

/**
 * Stops at an option that says nothing about what is tested.
 * @throws TWIN_WRONG_INPUT
 */
export function checkOptions(options: TestOptions, tested: keyof typeof only): void {
  const other = tested === 'scenario' ? 'sites' : 'scenario';
  const wrong = only[other].find((name) => options[name] !== undefined);
  if (wrong === undefined) return;
  const what = tested === 'scenario' ? 'a network' : 'a file of sites';
  throw wrongInput(`--${wrong}: found with ${what}, allowed: with ${tested === 'scenario' ? 'a file of sites (.csv)' : 'a network'}`);
}

/** Whether a place is a table of sites. */
export function isSiteTable(place: string): boolean {
  return /\.csv(\.gz)?$/i.test(place);
}

/**
 * A box written as SOUTH,WEST,NORTH,EAST, `us` for the contiguous United States, or null for `all`.
 * @throws TWIN_WRONG_INPUT
 */
export function boxIn(found: string): Box | null {
  if (found === 'all') return null;
  if (found === 'us') return contiguousUs;
  const parts = found.split(',');
  const allowed = 'us, all, or SOUTH,WEST,NORTH,EAST in degrees';
  if (parts.length !== 4) throw wrongInput(`--box: found ${found === '' ? 'nothing' : found}, allowed: ${allowed}`);
  const [south, west, north, east] = parts.map((part, place) => {
    const most = place % 2 === 0 ? 90 : 180;
    return numberIn('--box', part, { is: (value) => Math.abs(value) <= most, words: allowed });
  }) as [number, number, number, number];
  if (south >= north || west >= east) throw wrongInput(`--box: found ${found}, allowed: south below north and west below east`);
  return { south, west, north, east };
}

const mostDraws = 1_000_000;
/** Draws that a share of 5 % can be told from. */
export const drawsAllowed = {
  is: (value: number) => Number.isInteger(value) && value >= 100 && value <= mostDraws,
  words: `a whole number from 100 to ${mostDraws}`,
};

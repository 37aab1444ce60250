import { wrongInput } from '../../../shared/runtime/errors.js';
import type { Evidence } from '../../../shared/domain/fleet/moveTable.js';
import type { Run } from '../../../shared/scenario/schema.js';
import { aboveZero, fromZero, numberIn, wordIn } from '../dispatch/options.js';
import type { Energies, EnergyOptions } from './energy.js';
import type { WorldOptions } from './standing.js';

/** Options of `training move`, as they were written. */
export interface MoveOptions extends WorldOptions, EnergyOptions {
  readonly to?: string;
  readonly gbps: string;
  readonly spare?: string;
  readonly splitEvery?: string;
  readonly ringMs: string;
  readonly table?: boolean;
  readonly campuses?: string;
  readonly evidence: string;
  readonly dryRun?: boolean;
  readonly reason?: string;
  readonly json?: boolean;
}

const percent = { is: (value: number) => value >= 0 && value <= 100, words: 'percentages from 0 to 100, with commas between' };
const steps = { is: (value: number) => Number.isInteger(value) && value >= 1, words: 'whole numbers from 1, with commas between' };
const rates = { ...aboveZero, words: 'numbers above 0, with commas between' };

/** Links, Gbit/s. */
export function gbpsIn({ gbps }: MoveOptions): readonly number[] {
  return gbps.split(',').map((found) => numberIn('--gbps', found.trim(), rates));
}

/** Shares of a connection that stand free. */
export function spareIn(found: string): readonly number[] {
  return found.split(',').map((each) => numberIn('--spare', each.trim(), percent) / 100);
}

/** Steps between exchanges. */
export function everyIn(found: string): readonly number[] {
  return found.split(',').map((each) => numberIn('--split-every', each.trim(), steps));
}

/** Latency round the ring of campuses, seconds. */
export function ringSecondsIn({ ringMs }: MoveOptions): number {
  return numberIn('--ring-ms', ringMs, fromZero) / 1_000;
}

/**
 * How sure the inputs are: as the user says of what was given, assumed as soon as a size or a price was worked out here.
 * @throws TWIN_WRONG_INPUT when something is claimed of prices that were not given.
 */
export function evidenceIn({ evidence }: MoveOptions, energies: Energies, runs: readonly Pick<Run, 'checkpointBytes'>[]): Evidence {
  const word = wordIn<Evidence>('--evidence', evidence, ['measured', 'calibrated', 'assumed']);
  if (word === 'assumed') return word;
  if (energies.source !== 'given')
    throw wrongInput(`--evidence: found ${word} without --price and --carbon, allowed: with both; dispatched ones are assumed`);
  return runs.every(({ checkpointBytes }) => checkpointBytes !== undefined) ? word : 'assumed';
}

import type { PlaceEnergy } from '../../../shared/domain/fleet/place.js';
import { placeEnergyOf } from '../../../shared/domain/fleet/placeEnergy.js';
import { fromWire, hourMs } from '../../../shared/domain/ticks.js';
import { noCounts, solveByPivots } from '../../../shared/domain/grid/simplex/solve.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { loadHighsSolver } from '../../../shared/runtime/highs.js';
import type { Run, World } from '../../../shared/scenario/schema.js';
import { hoursIn, numberIn } from '../dispatch/options.js';

/** Options that say what energy costs and emits at each campus. */
export interface EnergyOptions {
  readonly price?: string;
  readonly carbon?: string;
  readonly days: string;
}

/** What energy costs and emits, and where that comes from. */
export interface Energies {
  readonly source: 'given' | 'dispatched';
  /** Of the dispatch; 0 when given. */
  readonly hours: number;
  /** By run and campus, in the order asked for. */
  of(run: string): readonly PlaceEnergy[];
}

const daysAllowed = { is: (value: number) => Number.isInteger(value) && value >= 1 && value <= 365, words: 'a whole number from 1 to 365' };
const anyNumber = { is: () => true, words: 'a number' };

/**
 * Energy for runs at campuses: as given by --price and --carbon, else from the world dispatched with each run at each place.
 * @throws TWIN_WRONG_INPUT
 */
export async function energiesFor(
  world: World,
  runs: readonly Run[],
  how: {
    readonly campuses: readonly string[];
    readonly fromMs: number;
    readonly options: EnergyOptions;
    readonly say: (line: string) => void;
  },
): Promise<Energies> {
  const { campuses, fromMs, options, say } = how;
  const days = numberIn('--days', options.days, daysAllowed);
  if (options.price !== undefined || options.carbon !== undefined) {
    if (options.price === undefined || options.carbon === undefined)
      throw wrongInput(`--price and --carbon: found one of them, allowed: both or none`);
    const prices = perCampus('--price', options.price, campuses);
    const carbon = perCampus('--carbon', options.carbon, campuses);
    const given = campuses.map((campus) => ({
      campus,
      priceUsdPerMwh: prices.get(campus) ?? 0,
      carbonKgPerMwh: carbon.get(campus) ?? 0,
    }));
    return { source: 'given', hours: 0, of: () => given };
  }
  const { toHour: lastHour, endHour } = hoursIn(undefined, world);
  const isEndless = endHour > lastHour;
  const fromHour = Math.floor((fromMs - fromWire(world.clock.startTime)) / hourMs);
  const toHour = Math.min(fromHour + 24 * days, isEndless ? endHour : lastHour);
  if (toHour <= fromHour) throw wrongInput(`--days: found ${days} after the end of the series, allowed: --price and --carbon instead`);
  const solver = await loadHighsSolver();
  const span = { fromHour, toHour, seesToHour: Math.min(toHour + 24, endHour) };
  const found = new Map<string, readonly PlaceEnergy[]>();
  for (const run of runs) {
    say(`${toHour - fromHour} hours dispatched with ${run.id} at ${campuses.join(', ')} and without it`);
    found.set(run.id, placeEnergyOf(world, run, campuses, { ...span, solver, solve: solveByPivots(solver, noCounts()) }));
  }
  solver.close();
  return { source: 'dispatched', hours: toHour - fromHour, of: (run) => found.get(run) ?? [] };
}

/** `riverbend=54.3,mesa=12`: a number for every campus asked about. */
function perCampus(option: string, found: string, campuses: readonly string[]): ReadonlyMap<string, number> {
  const pairs = found.split(',').map((pair) => {
    const [campus = '', value = '', ...rest] = pair.split('=').map((part) => part.trim());
    if (!campuses.includes(campus) || rest.length > 0)
      throw wrongInput(`${option}: found ${pair === '' ? 'nothing' : pair}, allowed: CAMPUS=NUMBER for each of ${campuses.join(', ')}`);
    return [campus, numberIn(`${option} of ${campus}`, value, anyNumber)] as const;
  });
  const missing = campuses.find((campus) => !pairs.some(([named]) => named === campus));
  if (missing !== undefined)
    throw wrongInput(`${option}: found nothing for ${missing}, allowed: CAMPUS=NUMBER for each of ${campuses.join(', ')}`);
  return new Map(pairs);
}

import type { Run, World } from '../../scenario/schema.js';
import { chronoHours, type ChronoRun } from '../chrono/run.js';
import { floatAt } from '../grid/dense.js';
import { createTally } from '../grid/hourly.js';
import type { PlaceEnergy } from './place.js';

/** Energy for a run at a place, with what it does to the rest of the system. */
export interface DispatchedPlace extends PlaceEnergy {
  /** What the system spends more with the run there than without it, by the energy of the run. */
  readonly systemUsdPerMwh: number;
  /** Load of anybody that is not served because of it. */
  readonly unservedMwh: number;
}

/** Hours to dispatch, counted from the start of the world, and the solvers for it. */
export type DispatchedHours = Pick<ChronoRun, 'solve' | 'solver' | 'fromHour' | 'toHour' | 'seesToHour'>;

/**
 * What a run pays and emits at each of some campuses: hours dispatched with it there and without it, everything else the same. The price
 * is the mean at the bus while it runs there; carbon is what the system emits more than without it. Contracts are left out.
 */
export function placeEnergyOf(world: World, run: Run, campuses: readonly string[], how: DispatchedHours): readonly DispatchedPlace[] {
  const bare = { ...world, contracts: [], runs: world.runs.filter(({ id }) => id !== run.id) };
  const without = dispatched(bare, null, how);
  const energyMwh = run.facilityMw * (how.toHour - how.fromHour);
  return campuses.map((campus) => {
    const bus = world.campuses.find(({ id }) => id === campus)?.bus ?? '';
    const withIt = dispatched(withLoad(bare, bus, run.facilityMw), bus, how);
    return {
      campus,
      priceUsdPerMwh: withIt.priceUsdPerMwh,
      carbonKgPerMwh: energyMwh > 0 ? (withIt.carbonKg - without.carbonKg) / energyMwh : 0,
      systemUsdPerMwh: energyMwh > 0 ? (withIt.costUsd - without.costUsd) / energyMwh : 0,
      unservedMwh: Math.max(0, withIt.unservedMwh - without.unservedMwh),
    };
  });
}

function withLoad(world: World, bus: string, mw: number): World {
  const buses = world.network.buses.map((each) => (each.id === bus ? { ...each, fixedLoadMw: each.fixedLoadMw + mw } : each));
  return { ...world, network: { ...world.network, buses } };
}

function dispatched(world: World, bus: string | null, how: DispatchedHours) {
  const tally = createTally();
  let priceSum = 0;
  const run: ChronoRun = { ...how, convention: 'matpower', security: 'none', outageSeed: null, foresight: 'perfect', start: null };
  for (const hour of chronoHours(world, run)) {
    tally.add(hour);
    const place = hour.grid.world.network.buses.findIndex(({ id }) => id === bus);
    if (place >= 0) priceSum += floatAt(hour.dispatch.busPriceUsdPerMwh, place);
  }
  const { hours, costUsd, carbonKg, unservedMwh } = tally.totals();
  return { costUsd, carbonKg, unservedMwh, priceUsdPerMwh: hours > 0 ? priceSum / hours : 0 };
}

import type { World } from '../../scenario/schema.js';
import { floatAt } from '../grid/dense.js';
import { branchesOf } from '../grid/branches.js';
import type { Grid } from '../grid/grid.js';
import { prepareHourly, type DispatchedHour } from '../grid/hourly.js';
import { outageFactorsOf, type OutageFactors } from '../security/outageFactors.js';
import { screenOutages } from '../security/screen.js';
import { gridReadersOf, holdingLimitsOf, limitWords, type GridReader } from './duals.js';
import type { SitingRun } from './eras.js';

/** Hours of a world with new load in it. */
export interface LoadedYear {
  readonly hours: number;
  /** Fuel, without what load that is not served is worth, USD. */
  readonly runningUsd: number;
  readonly carbonKg: number;
  readonly curtailedMwh: number;
  readonly unservedMwh: number;
  /** Hours in which load is not served. */
  readonly shortHours: number;
  /** What stands in the way in those hours, by the limit that matters most, most MWh first. */
  readonly shortBy: readonly { readonly limit: string; readonly hours: number; readonly mwh: number }[];
  /** Hours in which the loss of one line breaks an emergency rating; null where it was not asked for. */
  readonly insecureHours: number | null;
  /** The same by days of 24 hours from the first; what is left over at the end belongs to none. */
  readonly days: readonly LoadedDay[];
}

/** One day of such hours. */
export interface LoadedDay {
  readonly runningUsd: number;
  readonly carbonKg: number;
  readonly curtailedMwh: number;
  readonly unservedMwh: number;
}

/** Load below this is served, MW. */
const leastMw = 1e-6;

/** Dispatches the hours of a world, each on its own, and says what stands in the way where load is not served. */
export function loadedYearOf(
  world: World,
  run: SitingRun,
  asked: { readonly wantsScreening: boolean; readonly heard: (hours: number) => void },
): LoadedYear {
  const sum = { runningUsd: 0, carbonKg: 0, curtailedMwh: 0, unservedMwh: 0 };
  let [hours, shortHours, insecureHours] = [0, 0, 0];
  const shortBy = new Map<string, { hours: number; mwh: number }>();
  const days: LoadedDay[] = [];
  let atMidnight = { ...sum };
  const readerOf = gridReadersOf(run);
  const isSecure = createScreening();
  for (const hour of prepareHourly(world, { ...run, outageSeed: null })()) {
    const lostMwh = addHour(sum, hour, world.lostLoadUsdPerMwh);
    if (lostMwh > leastMw) {
      shortHours++;
      const limit = limitOf(readerOf(hour.grid), hour);
      const known = shortBy.get(limit) ?? { hours: 0, mwh: 0 };
      shortBy.set(limit, { hours: known.hours + 1, mwh: known.mwh + lostMwh });
    }
    if (asked.wantsScreening && !isSecure(readerOf(hour.grid), hour)) insecureHours++;
    asked.heard(++hours);
    if (hours % 24 !== 0) continue;
    days.push({
      runningUsd: sum.runningUsd - atMidnight.runningUsd,
      carbonKg: sum.carbonKg - atMidnight.carbonKg,
      curtailedMwh: sum.curtailedMwh - atMidnight.curtailedMwh,
      unservedMwh: sum.unservedMwh - atMidnight.unservedMwh,
    });
    atMidnight = { ...sum };
  }
  const listed = [...shortBy].map(([limit, by]) => ({ limit, ...by })).sort((a, b) => b.mwh - a.mwh);
  return { hours, ...sum, shortHours, shortBy: listed, insecureHours: asked.wantsScreening ? insecureHours : null, days };
}

/** Adds an hour to sums; the load it does not serve, MWh. */
function addHour(
  sum: { runningUsd: number; carbonKg: number; curtailedMwh: number; unservedMwh: number },
  { grid, input, dispatch }: DispatchedHour,
  lostLoadUsdPerMwh: number,
): number {
  let [lostMwh, leftMwh] = [0, 0];
  for (let bus = 0; bus < dispatch.shedMw.length; bus++) {
    lostMwh += floatAt(dispatch.shedMw, bus);
    leftMwh += floatAt(dispatch.surplusMw, bus);
  }
  grid.world.network.units.forEach((unit, place) => {
    const mw = floatAt(dispatch.generationMw, place);
    sum.carbonKg += mw * unit.carbonKgPerMwh;
    if (unit.availability !== null) sum.curtailedMwh += Math.max(0, floatAt(input.availableMw, place) - mw);
  });
  sum.runningUsd += dispatch.costUsd - (lostMwh + leftMwh) * lostLoadUsdPerMwh;
  sum.unservedMwh += lostMwh;
  return lostMwh;
}

/** In words, what keeps load from being served in an hour. */
function limitOf(reader: GridReader, { grid, input, dispatch }: DispatchedHour): string {
  return limitWords(holdingLimitsOf(grid, reader, { ...reader, input, warm: dispatch.warm })[0]);
}

/** Whether an hour stands the loss of any one line, on the emergency ratings of the others. */
function createScreening(): (reader: GridReader, hour: DispatchedHour) => boolean {
  const known = new WeakMap<Grid, OutageFactors>();
  return ({ topology }, { grid, input, dispatch }) => {
    const factors = known.get(grid) ?? outageFactorsOf(branchesOf(grid, topology));
    known.set(grid, factors);
    const emergencyRatingMw = grid.world.network.lines.map((line) => line.emergencyRatingMw);
    return screenOutages(factors, { netFlowMw: dispatch.netFlowMw, emergencyRatingMw, loadMw: input.loadMw }, 1).isSecure;
  };
}

/** What a flat new load changes in a year, per MWh of it that is served. */
export interface LoadEffect {
  readonly servedMwh: number;
  readonly unservedMwh: number;
  readonly shortHours: number;
  /** Curtailed energy it takes up, with what it brings about elsewhere; below 0: more is curtailed. */
  readonly netAbsorbedMwh: number;
  /** Null where nothing is served. */
  readonly usdPerMwh: number | null;
  readonly carbonKgPerMwh: number | null;
}

/** What loads change from one year to another of as many hours. */
export function effectOf(before: LoadedYear, after: LoadedYear, loadMw: number): LoadEffect {
  const unservedMwh = after.unservedMwh - before.unservedMwh;
  const servedMwh = loadMw * after.hours - unservedMwh;
  const each = (field: 'runningUsd' | 'carbonKg'): number | null => (servedMwh > 0 ? (after[field] - before[field]) / servedMwh : null);
  return {
    servedMwh,
    unservedMwh,
    shortHours: after.shortHours - before.shortHours,
    netAbsorbedMwh: before.curtailedMwh - after.curtailedMwh,
    usdPerMwh: each('runningUsd'),
    carbonKgPerMwh: each('carbonKg'),
  };
}

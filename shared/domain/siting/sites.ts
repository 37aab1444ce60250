import type { World } from '../../scenario/schema.js';
import { floatAt } from '../grid/dense.js';
import { prepareHourly } from '../grid/hourly.js';
import type { Security } from '../grid/limits.js';
import { baseYearOf, type BaseYear } from './baseYear.js';
import { limitWords } from './duals.js';
import { sitingErasOf, type SitingEra, type SitingRun } from './eras.js';
import { createSpareCurve, hostingMw, leastPlace } from './spare.js';
import { surplusAt, type Surplus } from './surplus.js';

/** What is asked about the sites of a world. */
export interface SitesAsked {
  /** Places of the buses looked at. */
  readonly buses: readonly number[];
  /** Shares of energy that may be curtailed. */
  readonly ratios: readonly number[];
  /** What counts as cheap, at most, USD/MWh. */
  readonly cheapUsdPerMwh: number;
  /** Beside the limits of lines as they are: also after the loss of any one. */
  readonly wantsSecure: boolean;
  /** One in so many hours is worked out at first; 1: all are. */
  readonly every: number;
  readonly wantsCarbon: boolean;
  /** Hears what is being done. */
  readonly say: (line: string) => void;
}

/** Flat load that fits at a bus, by the share of its energy that may be curtailed. */
export interface Hosting {
  /** [ratios asked for], MW. */
  readonly mw: readonly number[];
  /** In the hour of the highest load, MW. */
  readonly atPeakMw: number;
  /** What stands in the way in the hour of least room. */
  readonly limit: string;
  /** Hours of the curve that were worked out. */
  readonly solvedHours: number;
}

/** A bus as a site. */
export interface Site {
  readonly bus: number;
  readonly surplus: Surplus;
  readonly hosting: Hosting;
  /** After the loss of any one line; null where it was not asked for. */
  readonly secureHosting: Hosting | null;
}

/** The sites asked about, and the year without any new load. */
export interface Sites {
  readonly base: BaseYear;
  readonly sites: readonly Site[];
}

/** Surplus and hosting capacity of buses, each with nothing new at the others. */
export function sitesOf(world: World, run: SitingRun, asked: SitesAsked): Sites {
  const { cheapUsdPerMwh, wantsCarbon, say } = asked;
  const plain: SitingRun = { ...run, security: 'none' };
  const total = run.toHour - run.fromHour;
  const base = baseYearOf(world, plain, { cheapUsdPerMwh, wantsCarbon, heard: (hours) => say(`${hours} of ${total} hours`) });
  const eras = sitingErasOf(world, plain);
  const peak = peakPlaceOf(eras);
  const secureShort = asked.wantsSecure ? shortHoursOf(world, { ...run, security: 'n-1' }) : [];
  const hostingOf = (bus: number, security: Security, places: readonly number[]): Hosting => {
    const curve = createSpareCurve(eras, bus, { security, solve: run.solve, every: asked.every, places });
    const mw = asked.ratios.map((ratio) => hostingMw(curve, ratio));
    const limit = limitWords(curve.limitsAt(leastPlace(curve.boundMw))[0]);
    return { mw, atPeakMw: floatAt(curve.boundMw, peak), limit, solvedHours: curve.solvedHours() };
  };
  const sites = asked.buses.map((bus, done): Site => {
    say(`${done} of ${asked.buses.length} buses`);
    return {
      bus,
      surplus: surplusAt(eras, bus, { base, cheapUsdPerMwh, security: 'none', solve: run.solve }),
      hosting: hostingOf(bus, 'none', [peak, ...base.shortHours]),
      secureHosting: asked.wantsSecure ? hostingOf(bus, 'n-1', [peak, ...secureShort]) : null,
    };
  });
  return { base, sites };
}

/** Place of the hour with the highest load. */
function peakPlaceOf(eras: readonly SitingEra[]): number {
  let [peak, mostMw] = [0, -Infinity];
  for (const era of eras) {
    const loadMw = new Float64Array(era.grid.regionOfBus.length);
    for (let hour = era.hours.fromHour; hour < era.hours.toHour; hour++) {
      era.hours.loadMw(hour, loadMw);
      let mw = 0;
      for (let bus = 0; bus < loadMw.length; bus++) mw += floatAt(loadMw, bus);
      if (mw > mostMw) [peak, mostMw] = [era.firstPlace + hour - era.hours.fromHour, mw];
    }
  }
  return peak;
}

/** Load below this is served, MW. */
const leastMw = 1e-6;

/** Places of hours in which load is not served. */
function shortHoursOf(world: World, run: SitingRun): number[] {
  const places: number[] = [];
  for (const { hour, dispatch } of prepareHourly(world, { ...run, outageSeed: null })()) {
    let shedMw = 0;
    for (let bus = 0; bus < dispatch.shedMw.length; bus++) shedMw += floatAt(dispatch.shedMw, bus);
    if (shedMw > leastMw) places.push(hour - run.fromHour);
  }
  return places;
}

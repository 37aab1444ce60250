import type { World } from '../../scenario/schema.js';
import { floatAt } from '../grid/dense.js';
import { withFlatLoads, type FlatLoad, type SitingRun } from './eras.js';
import { percentilesOf, type BuiltSite, type PlaceChoice } from './placement.js';
import { sitesOf } from './sites.js';

/** What is built in a scenario, and how its places are judged. */
export interface ScenarioAsked {
  readonly built: readonly FlatLoad[];
  /** A place is feasible for a site if it hosts its MW with at most this share of energy curtailed. */
  readonly flexibleRatio: number;
  readonly cheapUsdPerMwh: number;
  /** Draws within the region of each site, or over the whole network. */
  readonly within: 'region' | 'network';
  /** Users at a bus where a file says so; load of the network stands in where it says nothing at all. */
  readonly populationOf: ((bus: string) => number | null) | null;
  readonly every: number;
  readonly say: (line: string) => void;
}

/** A place where the MW of a site do not fit, and what stands in the way in its hour of least room. */
export interface FailingPlace {
  readonly node: string;
  readonly hostingMw: number;
  readonly limit: string;
}

/** A built site of a scenario, and where in its region it could not be. */
export interface ScenarioSite extends BuiltSite {
  readonly failing: readonly FailingPlace[];
  /** Whether it fits where it is. */
  readonly isFeasible: boolean;
}

/** Loads at the same bus as one. */
export function mergedLoads(loads: readonly FlatLoad[]): FlatLoad[] {
  const mw = new Map<string, number>();
  for (const load of loads) if (load.mw > 0) mw.set(load.bus, (mw.get(load.bus) ?? 0) + load.mw);
  return [...mw].map(([bus, sum]) => ({ bus, mw: sum }));
}

/**
 * The built sites of a scenario among the feasible places of their regions. Surplus and room are those of the network with all other
 * sites at work and the site itself gone, so that it does not hide the surplus it takes. A site stays among the places even where it does
 * not fit.
 */
export function scenarioSitesOf(world: World, run: SitingRun, asked: ScenarioAsked): ScenarioSite[] {
  const merged = mergedLoads(asked.built);
  const { buses } = world.network;
  return merged.map(({ bus, mw }, site): ScenarioSite => {
    const others = withFlatLoads(
      world,
      merged.filter((other) => other.bus !== bus),
    );
    const region = buses.find(({ id }) => id === bus)?.region ?? '';
    const candidates = [...buses.keys()].filter((place) => asked.within === 'network' || buses[place]?.region === region);
    const { base, sites } = sitesOf(others, run, {
      buses: candidates,
      ratios: [asked.flexibleRatio],
      cheapUsdPerMwh: asked.cheapUsdPerMwh,
      wantsSecure: false,
      wantsCarbon: false,
      every: asked.every,
      say: (line) => asked.say(`site ${site + 1} of ${merged.length}, ${line}`),
    });
    const idOf = (place: number): string => buses[place]?.id ?? '';
    const fits = ({ hosting }: (typeof sites)[number]): boolean => (hosting.mw[0] ?? 0) >= mw - 1e-6;
    const standing = sites.filter((each) => fits(each) || idOf(each.bus) === bus);
    const percentiles = percentilesOf(standing.map(({ surplus }) => surplus.meanMw));
    const places = standing
      .map(
        (each, place): PlaceChoice => ({
          node: idOf(each.bus),
          percentile: percentiles[place] ?? 0,
          surplusMw: each.surplus.meanMw,
          population: asked.populationOf === null ? Math.max(0, floatAt(base.meanLoadMw, each.bus)) : asked.populationOf(idOf(each.bus)),
        }),
      )
      .sort((a, b) => a.percentile - b.percentile);
    return {
      id: bus,
      mw,
      region: asked.within === 'network' ? 'all' : region,
      places,
      at: places.findIndex(({ node }) => node === bus),
      failing: sites
        .filter((each) => !fits(each))
        .map((each) => ({ node: idOf(each.bus), hostingMw: each.hosting.mw[0] ?? 0, limit: each.hosting.limit })),
      isFeasible: sites.some((each) => idOf(each.bus) === bus && fits(each)),
    };
  });
}

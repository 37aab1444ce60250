import { floatAt } from '../grid/dense.js';
import { drawsOf } from '../random.js';

/** A place a site could stand at. */
export interface PlaceChoice {
  readonly node: string;
  /** Share of the feasible places of its region that have less surplus, equal ones as half; above 0 and below 1. */
  readonly percentile: number;
  readonly surplusMw: number;
  /** Any measure of users there; null: not known. */
  readonly population: number | null;
}

/** Built load at one node; sites at the same node are one, for they were one choice. */
export interface BuiltSite {
  readonly id: string;
  readonly mw: number;
  readonly region: string;
  /** Feasible places of its region by percentile, rising; none: nothing is known of them, and any percentile is as likely. */
  readonly places: readonly PlaceChoice[];
  /** Among them, the place it stands at; -1 where nothing is known. */
  readonly at: number;
}

/** Sites that weigh as much as so many of equal size: (sum of MW)^2 / sum of MW^2. Source: Kish, Survey Sampling, 1965. */
export function effectiveCount(sites: readonly Pick<BuiltSite, 'mw'>[]): number {
  const sum = sites.reduce((total, { mw }) => total + mw, 0);
  return sum === 0 ? 0 : sum ** 2 / sites.reduce((total, { mw }) => total + mw ** 2, 0);
}

/** Percentiles of values: the share of all that are below, equal ones and the value itself as half. */
export function percentilesOf(values: readonly number[]): number[] {
  return values.map((value) => {
    let [below, equal] = [0, 0];
    for (const other of values) {
      if (other < value) below++;
      else if (other === value) equal++;
    }
    return (below + equal / 2) / values.length;
  });
}

/** Mean percentile of the surplus of built sites, by MW; null where a place is not known. */
export function builtStatistic(sites: readonly BuiltSite[]): number | null {
  const known = sites.map(({ places, at }) => places[at]?.percentile ?? null);
  if (known.length === 0 || known.includes(null)) return null;
  return weightedMean(sites, (place) => known[place] ?? 0);
}

/** Share of built MW at places whose mean surplus is at least a share of the MW at them; null where a place is not known. */
export function suppliedRatio(sites: readonly BuiltSite[], chosen: readonly number[], leastRatio: number): number | null {
  if (sites.some(({ places }, site) => places[chosen[site] ?? -1] === undefined)) return null;
  return weightedMean(sites, (site) => {
    const { places, mw } = sites[site] as BuiltSite;
    return (places[chosen[site] ?? -1]?.surplusMw ?? 0) >= leastRatio * mw ? 1 : 0;
  });
}

function weightedMean(sites: readonly Pick<BuiltSite, 'mw'>[], valueOf: (site: number) => number): number {
  const total = sites.reduce((sum, { mw }) => sum + mw, 0);
  return sites.reduce((sum, { mw }, site) => sum + mw * valueOf(site), 0) / total;
}

/** Draws of places for all sites at once; the same uniform numbers stand behind every question, so that answers can be compared. */
export interface Placements {
  readonly draws: number;
  /** Place drawn for each site: any feasible one of its region is as likely, or by population where all of its places have one. */
  chosen(draw: number, by: 'any' | 'population'): number[];
  /**
   * Mean percentile by MW of every draw, when the percentile of a site is v = u^(1/a) for uniform u: 1 is no preference at all, more
   * leans to surplus, and a / (a + 1) is the mean of v (alternatives of Lehmann, Annals of Mathematical Statistics 24, 1953).
   */
  statistics(exponent: number): Float64Array;
  /** The same with places drawn by population; null where it is not known of every place. */
  statisticsByPopulation(): Float64Array | null;
}

/** Draws from a seed; the draw of a site depends on the seed, its id and the number of the draw alone. */
export function placementsOf(sites: readonly BuiltSite[], { seed, draws }: { readonly seed: number; readonly draws: number }): Placements {
  const uniforms = sites.map(({ id }) => {
    const of = drawsOf({ seed, component: 'siting', entity: id, purpose: 'place' });
    return Float64Array.from({ length: draws }, (_, n) => of(n));
  });
  const logarithms = uniforms.map((values) => values.map(Math.log));
  const totalMw = sites.reduce((sum, { mw }) => sum + mw, 0);
  const cumulated = sites.map(({ places }) => cumulatedPopulation(places));
  const anyPlace = (places: readonly PlaceChoice[], v: number): number => Math.min(places.length - 1, Math.floor(v * places.length));
  const sumOver = (percentileOf: (site: number, n: number) => number): Float64Array => {
    const sums = new Float64Array(draws);
    sites.forEach(({ mw }, site) => {
      for (let n = 0; n < draws; n++) sums[n] = floatAt(sums, n) + (mw / totalMw) * percentileOf(site, n);
    });
    return sums;
  };
  const uniformAt = (site: number, n: number): number => floatAt(uniforms[site] as Float64Array, n);
  const byPopulation = (site: number, u: number): number => (cumulated[site] ?? []).findIndex((upTo) => u < upTo);
  const placesOf = (site: number): readonly PlaceChoice[] => sites[site]?.places ?? [];
  return {
    draws,
    chosen: (draw, by) =>
      sites.map(({ places }, site) => {
        const u = uniformAt(site, draw);
        return by === 'population' ? byPopulation(site, u) : anyPlace(places, u);
      }),
    statistics: (exponent) =>
      sumOver((site, n) => {
        const v = exponent === 1 ? uniformAt(site, n) : Math.exp(floatAt(logarithms[site] as Float64Array, n) / exponent);
        const places = placesOf(site);
        return places.length === 0 ? v : (places[anyPlace(places, v)]?.percentile ?? v);
      }),
    statisticsByPopulation: () => {
      if (cumulated.some((each) => each === null)) return null;
      return sumOver((site, n) => placesOf(site)[byPopulation(site, uniformAt(site, n))]?.percentile ?? 0);
    },
  };
}

/** Shares of population up to and with each place; null where it is not known of all, or nobody lives there. */
function cumulatedPopulation(places: readonly PlaceChoice[]): readonly number[] | null {
  const total = places.reduce((sum, { population }) => sum + (population ?? Number.NaN), 0);
  if (!(total > 0)) return null;
  let sum = 0;
  const shares = places.map(({ population }) => (sum += (population ?? 0) / total));
  // Rounding must not leave a gap above the last place.
  return shares.map((share, place) => (place === shares.length - 1 ? Infinity : share));
}

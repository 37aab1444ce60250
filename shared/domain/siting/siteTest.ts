import type { Evidence } from '../ledger/evidence.js';
import { builtStatistic, effectiveCount, placementsOf, suppliedRatio, type BuiltSite, type Placements } from './placement.js';
import { meanOf, powerOf, pValueOf, resultOf, type TestPower, type TestResult } from './power.js';

/** A place supplies a site if its mean surplus is at least this share of the MW at it. */
export const suppliedFromRatio = 0.2;
/** Real sites below this number leave the question open. */
export const leastRealSites = 30;

/** Whether built load stands where surplus is, and what the answer could have been seen at all. */
export interface SiteTest {
  readonly draws: number;
  readonly seed: number;
  readonly effectiveSites: number;
  readonly power: TestPower;
  /** Null where the places of sites are not known. */
  readonly result: TestResult | null;
  /** Places drawn by population in place of at random; null where it is not known of every place. */
  readonly population: { readonly expected: number; readonly effect: number; readonly pValue: number } | null;
  /** Share of MW at places that supply it; expected: with places drawn at random. */
  readonly supplied: { readonly ratio: number; readonly expected: number; readonly pValue: number } | null;
  readonly placements: Placements;
}

/** Tests built sites against draws of feasible places of their regions. */
export function siteTestOf(sites: readonly BuiltSite[], { seed, draws }: { readonly seed: number; readonly draws: number }): SiteTest {
  const placements = placementsOf(sites, { seed, draws });
  const statistic = builtStatistic(sites);
  return {
    draws,
    seed,
    effectiveSites: effectiveCount(sites),
    power: powerOf(placements),
    result: statistic === null ? null : resultOf(placements, statistic),
    population: statistic === null ? null : againstPopulation(placements, statistic),
    supplied: suppliedTestOf(sites, placements),
    placements,
  };
}

function againstPopulation(placements: Placements, statistic: number): SiteTest['population'] {
  const drawn = placements.statisticsByPopulation();
  if (drawn === null) return null;
  const expected = meanOf(drawn);
  return { expected, effect: statistic - expected, pValue: pValueOf(drawn, statistic) };
}

function suppliedTestOf(sites: readonly BuiltSite[], placements: Placements): SiteTest['supplied'] {
  const ratio = suppliedRatio(
    sites,
    sites.map(({ at }) => at),
    suppliedFromRatio,
  );
  if (ratio === null) return null;
  const drawn = Float64Array.from(
    { length: placements.draws },
    (_, draw) => suppliedRatio(sites, placements.chosen(draw, 'any'), suppliedFromRatio) ?? 0,
  );
  return { ratio, expected: meanOf(drawn), pValue: pValueOf(drawn, ratio) };
}

/** What a test decides about claim 9, and why. */
export interface SiteVerdict {
  /** `follows` and `does-not-follow` are about the scenario alone; `supported` and `contradicted` about real sites. */
  readonly word: 'follows' | 'does-not-follow' | 'supported' | 'contradicted' | 'open';
  readonly evidence: Evidence;
  readonly reason: string;
}

/** What a verdict is about. */
export interface Judged {
  readonly about: 'scenario' | 'real-sites';
  /** How the surplus and population of places are known. */
  readonly evidence: Evidence;
  readonly siteCount: number;
}

/**
 * The verdict of a test. Sites follow surplus if they beat both random feasible places and places drawn by population at the level of the
 * test; they do not if a test that had the power to see the mean it is laid out for refuses that mean, or the interval ends below no
 * preference. Anything else is open, and so are few real sites, and real sites on assumed surplus, whatever they show.
 */
export function verdictOf(test: SiteTest, { about, evidence, siteCount }: Judged): SiteVerdict {
  const { result, power, population } = test;
  const open = (reason: string): SiteVerdict => ({ word: 'open', evidence, reason });
  if (result === null) return open('the surplus of places is not known');
  if (power.critical === null) return open('no placement would be an effect: too few feasible places');
  if (about === 'real-sites' && siteCount < leastRealSites)
    return open(`${siteCount} real ${siteCount === 1 ? 'site' : 'sites'}, ${leastRealSites} are needed`);
  const yes = about === 'scenario' ? 'follows' : 'supported';
  const no = about === 'scenario' ? 'does-not-follow' : 'contradicted';
  if (result.pValue <= power.levelRatio) {
    if (population === null) return open('above random places, but the population of places is not known');
    if (population.pValue > power.levelRatio) return open('above random places, but not above places drawn by population');
    if (about === 'real-sites' && evidence === 'assumed') return open('above both, on surplus that is assumed');
    return { word: yes, evidence, reason: 'above random places and above places drawn by population' };
  }
  if (result.interval.high < result.expected) return { word: no, evidence, reason: 'below random places' };
  if (power.detectableMean !== null && result.interval.high < power.detectableMean)
    return { word: no, evidence, reason: `a mean of ${power.detectableMean.toFixed(2)} would have been seen, and is refused` };
  return open('neither seen nor refused: the test has too little power');
}

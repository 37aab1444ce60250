import type { BuiltSite } from '../../../shared/domain/siting/placement.js';
import type { SiteTest, SiteVerdict } from '../../../shared/domain/siting/siteTest.js';
import type { SiteTestAnswer } from './testAnswer.js';

/** What a test says beside its figures. */
export interface Told
  extends Pick<SiteTestAnswer, 'about' | 'name' | 'among' | 'leftOut' | 'populationBasis' | 'failing' | 'moves' | 'notes'> {
  readonly sites: readonly (BuiltSite & { readonly isFeasible: boolean | null })[];
  readonly test: SiteTest;
  readonly verdict: SiteVerdict;
}

/** The answer of a test. */
export function testAnswerOf({ sites, test, verdict, ...told }: Told): SiteTestAnswer {
  return {
    about: told.about,
    name: told.name,
    among: told.among,
    seed: test.seed,
    draws: test.draws,
    sites: sites.map(({ id, mw, region, places, at, isFeasible }) => ({
      site: id,
      mw,
      region,
      node: places[at]?.node ?? null,
      surplusMw: places[at]?.surplusMw ?? null,
      percentile: places[at]?.percentile ?? null,
      places: places.length,
      isFeasible,
    })),
    leftOut: told.leftOut,
    effectiveSites: test.effectiveSites,
    power: test.power,
    result: test.result,
    population: test.population,
    populationBasis: told.populationBasis,
    supplied: test.supplied,
    failing: told.failing,
    moves: told.moves,
    verdict,
    notes: told.notes,
  };
}

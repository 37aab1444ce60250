import { describe, expect, it } from 'vitest';
import { draw } from '../../shared/domain/random.js';
import { effectiveCount, percentilesOf, placementsOf, type BuiltSite, type PlaceChoice } from '../../shared/domain/siting/placement.js';
import { contiguousUs, isInside, matchedSitesOf, unplacedSites, type RealNode } from '../../shared/domain/siting/realSites.js';
import { powerOf, resultOf } from '../../shared/domain/siting/power.js';
import { siteTestOf, verdictOf, type SiteTest } from '../../shared/domain/siting/siteTest.js';

/** MW at work of the eight sites in the United States in Epoch's table of December 2025. */
const epochMw = [341, 751, 543, 189, 691, 615, 295, 276];
const epochSites = unplacedSites(epochMw.map((mw, place) => ({ id: `site-${place}`, mw, place: null, node: null })));

/** A region of so many places with rising surplus; population falls as surplus rises. */
function placesOf(count: number): PlaceChoice[] {
  return Array.from({ length: count }, (_, place) => ({
    node: `n${place}`,
    percentile: (place + 0.5) / count,
    surplusMw: 10 * place,
    population: count - place,
  }));
}

/** Sites of 100 MW each in regions of 50 places, at the place that is asked for. */
function sitesAt(count: number, placeOf: (site: number) => number): BuiltSite[] {
  return Array.from({ length: count }, (_, site) => ({ id: `s${site}`, mw: 100, region: 'r', places: placesOf(50), at: placeOf(site) }));
}

describe('what a test of real sites could see', () => {
  it('is, for the eight of Epoch, an effect from 0.684 and with 80 % a mean of 0.75: as many as 6.7 equal sites', () => {
    expect(effectiveCount(epochSites)).toBeCloseTo(6.75, 2);
    const { power, result } = siteTestOf(epochSites, { seed: 1, draws: 20_000 });
    expect(power.critical).toBeCloseTo(0.684, 2);
    expect(power.detectableMean).toBeCloseTo(0.75, 2);
    expect(result).toBeNull();
  });

  it('has the level it is meant to have, and more power with more sites', () => {
    const of = (count: number) => siteTestOf(epochSites.slice(0, count), { seed: 2, draws: 20_000 });
    const [few, many] = [of(3), of(8)];
    expect(many.power.detectableMean ?? 1).toBeLessThan(few.power.detectableMean ?? 0);
    const drawn = few.placements.statistics(1);
    const beyond = drawn.filter((value) => value >= (few.power.critical ?? 1)).length / drawn.length;
    expect(beyond).toBeGreaterThan(0.045);
    expect(beyond).toBeLessThanOrEqual(0.05);
  });

  it('is, for one site, what can be written down: critical 0.95, mean a / (a + 1), and limits of the interval at 2.5 % a side', () => {
    const placements = placementsOf(epochSites.slice(0, 1), { seed: 4, draws: 50_000 });
    const meanOf = (exponent: number): number => exponent / (exponent + 1);
    const { critical, detectableMean } = powerOf(placements);
    expect(critical).toBeCloseTo(0.95, 2);
    // 1 - 0.95^a = 0.8
    expect(detectableMean).toBeCloseTo(meanOf(Math.log(0.2) / Math.log(0.95)), 2);
    const { interval, pValue, effect } = resultOf(placements, 0.6);
    // 1 - 0.6^a = 0.025 and 0.6^a = 0.025
    expect(interval.low).toBeCloseTo(meanOf(Math.log(0.975) / Math.log(0.6)), 2);
    expect(interval.high).toBeCloseTo(meanOf(Math.log(0.025) / Math.log(0.6)), 2);
    expect(pValue).toBeCloseTo(0.4, 2);
    expect(effect).toBeCloseTo(0.1, 2);
  });

  it('is nothing where a site has no other place', () => {
    const only: BuiltSite = { id: 'only', mw: 50, region: 'r', places: placesOf(1), at: 0 };
    const test = siteTestOf([only], { seed: 1, draws: 500 });
    expect(test.power.critical).toBeNull();
    expect(test.power.detectableMean).toBeNull();
    expect(verdictOf(test, { about: 'scenario', evidence: 'calibrated', siteCount: 1 }).word).toBe('open');
  });
});

describe('draws of places', () => {
  it('of a site do not depend on the other sites, and are as likely everywhere', () => {
    const one = placementsOf(
      sitesAt(1, () => 0),
      { seed: 3, draws: 20_000 },
    );
    const many = placementsOf(
      sitesAt(5, () => 0),
      { seed: 3, draws: 20_000 },
    );
    const counts = Array.from({ length: 50 }, () => 0);
    for (let n = 0; n < 20_000; n++) {
      expect(many.chosen(n, 'any')[0]).toBe(one.chosen(n, 'any')[0]);
      const place = one.chosen(n, 'any')[0] ?? -1;
      counts[place] = (counts[place] ?? 0) + 1;
    }
    // 400 of each expected, standard deviation 20.
    expect(Math.min(...counts)).toBeGreaterThan(320);
    expect(Math.max(...counts)).toBeLessThan(480);
  });

  it('by population go where people are', () => {
    const drawn = placementsOf(
      sitesAt(1, () => 0),
      { seed: 3, draws: 20_000 },
    );
    // Population falls evenly from 50 to 1 over the places: the mean place is a third of the way.
    const mean = (drawn.statisticsByPopulation() ?? new Float64Array()).reduce((sum, value) => sum + value, 0) / 20_000;
    expect(mean).toBeCloseTo(0.34, 2);
    const unknown = sitesAt(1, () => 0).map((site) => ({ ...site, places: site.places.map((place) => ({ ...place, population: null })) }));
    expect(placementsOf(unknown, { seed: 3, draws: 100 }).statisticsByPopulation()).toBeNull();
  });
});

describe('a test of sites', () => {
  it('finds a planted preference, says how large it is, and how sure', () => {
    const test = siteTestOf(
      sitesAt(40, (site) => 40 + (site % 10)),
      { seed: 1, draws: 2_000 },
    );
    expect(test.result?.statistic).toBeCloseTo(0.9, 9);
    expect(test.result?.effect).toBeCloseTo(0.4, 1);
    expect(test.result?.pValue).toBeLessThan(0.001);
    expect(test.result?.interval.low).toBeGreaterThan(0.8);
    expect(test.population?.effect).toBeGreaterThan(0.5);
    // 0.2 of 100 MW is the surplus of the third place: all of the sites are above it, and 48 of 50 places.
    expect(test.supplied?.ratio).toBe(1);
    expect(test.supplied?.expected).toBeCloseTo(0.96, 2);
    expect(verdictOf(test, { about: 'real-sites', evidence: 'measured', siteCount: 40 }).word).toBe('supported');
    expect(verdictOf(test, { about: 'scenario', evidence: 'assumed', siteCount: 40 }).word).toBe('follows');
  });

  it('sees one where there is none in about one case of twenty', () => {
    let seen = 0;
    for (let n = 0; n < 400; n++) {
      const sites = sitesAt(6, (site) => Math.floor(50 * draw({ seed: n, component: 'test', entity: `${site}`, purpose: 'place', n: 0 })));
      const drawn = placementsOf(sites, { seed: 9, draws: 400 }).statistics(1);
      const own = sites.reduce((sum, { places, at }) => sum + (places[at]?.percentile ?? 0) / 6, 0);
      if (drawn.filter((value) => value >= own).length / drawn.length <= 0.05) seen++;
    }
    expect(seen).toBeGreaterThan(8);
    expect(seen).toBeLessThan(36);
  });

  it('counts equal values as half', () => {
    expect(percentilesOf([0, 0, 5, 1])).toEqual([0.25, 0.25, 0.875, 0.625]);
  });
});

describe('a verdict', () => {
  const strong = siteTestOf(
    sitesAt(40, () => 45),
    { seed: 1, draws: 2_000 },
  );
  const weak = siteTestOf(
    sitesAt(40, () => 4),
    { seed: 1, draws: 2_000 },
  );
  const judged = { about: 'real-sites', evidence: 'measured', siteCount: 40 } as const;

  it.each<[string, SiteTest, Partial<Parameters<typeof verdictOf>[1]>, string]>([
    ['fewer than 30 real sites', strong, { siteCount: 29 }, 'open'],
    ['30 of them', strong, { siteCount: 30 }, 'supported'],
    ['surplus that is assumed', strong, { evidence: 'assumed' }, 'open'],
    ['unknown population', { ...strong, population: null }, {}, 'open'],
    ['population as good', { ...strong, population: { expected: 0.9, effect: 0, pValue: 0.4 } }, {}, 'open'],
    ['sites away from surplus', weak, {}, 'contradicted'],
    ['the same in a scenario', weak, { about: 'scenario', siteCount: 3 }, 'does-not-follow'],
    ['no result', { ...strong, result: null }, {}, 'open'],
  ])('with %s', (_what, test, rest, word) => {
    expect(verdictOf(test, { ...judged, ...rest }).word).toBe(word);
  });
});

describe('real sites at nodes', () => {
  const node = (id: string, longitudeDegrees: number, surplusMw: number, rest: Partial<RealNode> = {}): RealNode => ({
    id,
    region: 'r',
    place: { latitudeDegrees: 40, longitudeDegrees },
    surplusMw,
    hostingMw: null,
    population: 1,
    takenMw: null,
    ...rest,
  });
  const nodes = [
    node('west', -100, 90),
    node('middle', -95, 40, { takenMw: 60 }),
    node('east', -90, 5),
    node('small', -85, 99, { hostingMw: 10 }),
  ];
  const site = (id: string, mw: number, longitudeDegrees: number) => ({
    id,
    mw,
    place: { latitudeDegrees: 40, longitudeDegrees },
    node: null,
  });

  it('stand at the nearest, are one where they share it, and get back what they take', () => {
    const { sites, beyondReach } = matchedSitesOf([site('one', 50, -95.1), site('two', 30, -94.9), site('far', 20, -60)], nodes, 100);
    expect(beyondReach).toEqual(['far']);
    expect(sites.map(({ id, mw, node: at }) => [id, mw, at])).toEqual([['one + two', 80, 'middle']]);
    // 40 MW and the 60 taken are above the 90 of west; small does not host 80 MW.
    expect(sites[0]?.places.map((place) => [place.node, place.surplusMw])).toEqual([
      ['east', 5],
      ['west', 90],
      ['middle', 100],
    ]);
    expect(sites[0]?.at).toBe(2);
  });

  it('lie inside the United States or not', () => {
    expect(isInside({ latitudeDegrees: 32.5, longitudeDegrees: -99.8 }, contiguousUs)).toBe(true);
    expect(isInside({ latitudeDegrees: 41.2, longitudeDegrees: 114.7 }, contiguousUs)).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { distanceKm, latencyMs, roundTripMs } from '../../shared/domain/siting/distance.js';
import { beatenShares, criteria, rankSites, type Candidate, type Criterion } from '../../shared/domain/siting/ranking.js';

const nothing = Object.fromEntries(criteria.map((criterion) => [criterion, null])) as Record<Criterion, null>;
const site = (id: string, values: Partial<Record<Criterion, number>>): Candidate => ({ id, values: { ...nothing, ...values } });
const weightsOf = (weights: Partial<Record<Criterion, number>>): Record<Criterion, number> => ({
  ...(Object.fromEntries(criteria.map((criterion) => [criterion, 0])) as Record<Criterion, number>),
  ...weights,
});

describe('a ranking', () => {
  const sites = [site('a', { surplus: 9, price: 30 }), site('b', { surplus: 5, price: 20 }), site('c', { surplus: 1, price: 25 })];

  it('scores by the share of sites beaten, price the other way round, by weight', () => {
    const { sites: ranked } = rankSites(sites, weightsOf({ surplus: 1, price: 1 }));
    expect(ranked.map(({ id, rank, score }) => [id, rank, score])).toEqual([
      ['b', 1, 0.75],
      ['a', 2, 0.5],
      ['c', 3, 0.25],
    ]);
    expect(rankSites(sites, weightsOf({ surplus: 3, price: 1 })).sites.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });

  it('has in its Pareto set what nothing beats throughout, whatever the weights', () => {
    const isPareto = (weights: Partial<Record<Criterion, number>>) =>
      rankSites(sites, weightsOf(weights))
        .sites.filter((each) => each.isPareto)
        .map(({ id }) => id)
        .sort();
    expect(isPareto({ surplus: 1, price: 1 })).toEqual(['a', 'b']);
    expect(isPareto({ surplus: 100, price: 1 })).toEqual(['a', 'b']);
    expect(isPareto({ surplus: 1 })).toEqual(['a']);
  });

  it('leaves out and names what is not known of every site', () => {
    const some = [...sites, site('d', { surplus: 10 })];
    const { used, missing } = rankSites(some, weightsOf({ surplus: 1, price: 1, water: 2 }));
    expect(used).toEqual(['surplus']);
    expect(missing).toEqual([
      { criterion: 'price', known: 3 },
      { criterion: 'water', known: 0 },
    ]);
  });

  it('gives equal sites the same rank, and one site alone a half', () => {
    const equal = rankSites([site('a', { surplus: 1 }), site('b', { surplus: 1 }), site('c', { surplus: 0 })], weightsOf({ surplus: 1 }));
    expect(equal.sites.map(({ rank }) => rank)).toEqual([1, 1, 3]);
    expect(beatenShares([7])).toEqual([0.5]);
    expect(beatenShares([1, 2, 2, 3])).toEqual([0, 0.5, 0.5, 1]);
  });
});

describe('distance', () => {
  it('is a quarter of the way round from pole to equator, and 5,570 km from London to New York', () => {
    const quarter = distanceKm({ latitudeDegrees: 90, longitudeDegrees: 0 }, { latitudeDegrees: 0, longitudeDegrees: 77 });
    expect(quarter).toBeCloseTo((Math.PI / 2) * 6_371.0088, 6);
    const [london, newYork] = [
      { latitudeDegrees: 51.5074, longitudeDegrees: -0.1278 },
      { latitudeDegrees: 40.7128, longitudeDegrees: -74.006 },
    ];
    expect(distanceKm(london, newYork)).toBeCloseTo(5_570, -1);
  });

  it('takes light 9.8 ms there and back for 1,000 km of straight fibre, and users count by weight', () => {
    expect(roundTripMs(1_000, 1)).toBeCloseTo(9.795, 3);
    expect(roundTripMs(1_000, 1.5)).toBeCloseTo(14.692, 3);
    const here = { latitudeDegrees: 40, longitudeDegrees: -100 };
    const there = { latitudeDegrees: 40, longitudeDegrees: -90 };
    const far = roundTripMs(distanceKm(here, there), 1.5);
    expect(
      latencyMs(
        here,
        [
          { ...here, weight: 3 },
          { ...there, weight: 1 },
        ],
        1.5,
      ),
    ).toBeCloseTo(far / 4, 9);
    expect(latencyMs(here, [], 1.5)).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import { cellsOf, countCells } from '../../shared/domain/study/cells.js';
import { hypercube, valueAt } from '../../shared/domain/study/hypercube.js';
import { differencesOf } from '../../shared/domain/study/pairs.js';
import { studentPoint, summaryOf, weightedSummaryOf } from '../../shared/domain/study/statistics.js';
import type { Distribution, Study } from '../../shared/scenario/study/schema.js';

const study: Study = {
  schema: 'loadstone.study/1',
  name: 'small',
  title: 'Small',
  base: { scenario: 'three-areas' },
  horizon: { untilTime: '2027-07-14T17:00:00.000Z' },
  seeds: [7, 3],
  overrides: { 'reserve.requirementMw': 900 },
};
const uniform: Distribution = { kind: 'uniform', key: 'reserve.requirementMw', min: 10, max: 20 };

describe('the cells of a study', () => {
  it('are each variant with each value of each axis, each draw and each seed, seeds running fastest', () => {
    const cells = cellsOf({
      ...study,
      variants: [
        { id: 'plain', overrides: {} },
        { id: 'dear', overrides: { lostLoadUsdPerMwh: 1 } },
      ],
      axes: [
        { id: 'a', keys: ['x.y', 'x.z'], values: [1, { times: 2 }] },
        { id: 'b', keys: ['w'], values: ['on'] },
      ],
    });
    expect(cells.map(({ key }) => key)).toEqual([
      'plain/a=1/b=on/seed=7',
      'plain/a=1/b=on/seed=3',
      'plain/a=x2/b=on/seed=7',
      'plain/a=x2/b=on/seed=3',
      'dear/a=1/b=on/seed=7',
      'dear/a=1/b=on/seed=3',
      'dear/a=x2/b=on/seed=7',
      'dear/a=x2/b=on/seed=3',
    ]);
    expect(cells.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(cells[6]?.settings).toEqual([
      { key: 'reserve.requirementMw', value: 900 },
      { key: 'lostLoadUsdPerMwh', value: 1 },
      { key: 'x.y', value: { times: 2 } },
      { key: 'x.z', value: { times: 2 } },
      { key: 'w', value: 'on' },
    ]);
  });

  it('carry the same draws in every group, and are counted without being made', () => {
    const drawn: Study = {
      ...study,
      axes: [{ id: 'a', keys: ['w'], values: [1, 2, 3] }],
      draws: { count: 4, of: [uniform] },
    };
    const cells = cellsOf(drawn);
    expect(cells).toHaveLength(24);
    expect(countCells(drawn)).toBe(24);
    const drawsOf = (group: string): readonly number[] =>
      cells.filter((cell) => cell.group === group && cell.seed === 7).map((cell) => cell.drawn[0]?.value ?? NaN);
    expect(drawsOf('base/a=1')).toHaveLength(4);
    expect(drawsOf('base/a=3')).toEqual(drawsOf('base/a=1'));
    expect(cells[2]?.key).toBe('base/a=1/draw=1/seed=7');
  });
});

describe('a Latin hypercube', () => {
  it('puts one draw into each part of equal chance, in every dimension', () => {
    const of: Distribution[] = [uniform, { ...uniform, key: 'other' }, { kind: 'lognormal', key: 'third', median: 5, sigma: 0.5 }];
    const draws = hypercube({ count: 50, of });
    const partsOf = (dimension: number): number[] => draws.map((drawn) => Math.floor(((drawn[dimension]?.value ?? NaN) - 10) * 5));
    // Dimensions do not move together.
    expect(partsOf(0).filter((part, n) => part === partsOf(1)[n]).length).toBeLessThan(10);
    for (const dimension of [0, 1]) {
      const parts = partsOf(dimension);
      expect([...parts].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, part) => part));
      expect(parts).not.toEqual([...parts].sort((a, b) => a - b));
    }
    expect(draws.filter((drawn) => (drawn[2]?.value ?? 0) < 5)).toHaveLength(25);
  });

  it('gives a dimension the same whatever stands beside it, and other values for another seed', () => {
    const alone = hypercube({ count: 8, of: [uniform] }).map(([drawn]) => drawn?.value);
    const beside = hypercube({ count: 8, of: [{ ...uniform, key: 'new' }, uniform] }).map(([, drawn]) => drawn?.value);
    expect(beside).toEqual(alone);
    expect(hypercube({ count: 8, seed: 2, of: [uniform] }).map(([drawn]) => drawn?.value)).not.toEqual(alone);
  });

  it('inverts its distributions', () => {
    expect(valueAt(uniform, 0.25)).toBe(12.5);
    const triangle: Distribution = { kind: 'triangular', key: 'k', min: 0, mode: 2, max: 10 };
    expect(valueAt(triangle, 0.2)).toBeCloseTo(2, 12);
    expect(valueAt(triangle, 0.05)).toBeCloseTo(1, 12);
    expect(valueAt(triangle, 0.8)).toBeCloseTo(10 - Math.sqrt(0.2 * 80), 12);
    expect(valueAt({ kind: 'normal', key: 'k', mean: 100, deviation: 10 }, 0.975)).toBeCloseTo(119.59964, 4);
    expect(valueAt({ kind: 'lognormal', key: 'k', median: 7, sigma: 0.3 }, 0.5)).toBeCloseTo(7, 9);
    expect(valueAt({ ...uniform, whole: true }, 0.26)).toBe(13);
  });
});

describe('what cells of a group say together', () => {
  it('is a mean with its interval by Student, and quantiles', () => {
    const summary = summaryOf([4, 1, 3, 2]);
    expect(summary).toMatchObject({ count: 4, mean: 2.5, p50: 2.5 });
    // Deviation 1.29099, by two for the mean, times 3.182.
    expect(summary?.low).toBeCloseTo(2.5 - 2.05397, 4);
    expect(summary?.high).toBeCloseTo(2.5 + 2.05397, 4);
    expect(summary?.p10).toBeCloseTo(1.3, 12);
    expect(summary?.p90).toBeCloseTo(3.7, 12);
    expect(summaryOf([5])).toEqual({ count: 1, mean: 5, low: null, high: null, p10: 5, p50: 5, p90: 5 });
    expect(summaryOf([])).toBeNull();
  });

  it('goes on beyond the table of Student as published', () => {
    expect(studentPoint(1)).toBe(12.706);
    expect(studentPoint(30)).toBe(2.042);
    expect(studentPoint(40)).toBeCloseTo(2.021, 3);
    expect(studentPoint(60)).toBeCloseTo(2.0, 3);
    expect(studentPoint(120)).toBeCloseTo(1.98, 3);
  });

  it('is compared pair by pair, so that what seeds have in common falls out', () => {
    const cell = (seed: number, usd: number | null) => ({ key: `g/seed=${seed}`, group: 'g', figures: { usd, same: 1 } });
    const differences = differencesOf([cell(1, 100), cell(2, 200), cell(3, null), cell(9, 1)], [cell(2, 211), cell(1, 109), cell(3, 5)]);
    expect(differences.map(({ column, pairs }) => [column, pairs])).toEqual([
      ['usd', 2],
      ['same', 3],
    ]);
    expect(differences[0]).toMatchObject({ group: 'g', meanFirst: 150, meanSecond: 160 });
    expect(differences[0]?.difference.mean).toBe(10);
    expect(differences[0]?.difference.low).toBeCloseTo(10 - 12.706, 9);
    expect(differences[1]?.difference).toMatchObject({ mean: 0, low: 0, high: 0 });
  });
});

describe('weather years', () => {
  const study: Study = {
    schema: 'loadstone.study/1',
    name: 'years',
    title: 'Years',
    base: { scenario: 'three-areas' },
    horizon: { untilTime: '2027-07-15T17:00:00.000Z' },
    seeds: [1, 2],
    weather: [
      { id: 'calm', weight: 1, overrides: { 'network.units.west-wind-1.capacityMw': { times: 0.5 } } },
      { id: 'windy', weight: 3, overrides: {} },
    ],
  };

  it('are run with each cell, in one group, told apart by key, each with its weight', () => {
    const cells = cellsOf(study);
    expect(cells).toHaveLength(countCells(study));
    expect(new Set(cells.map(({ group }) => group))).toEqual(new Set(['base']));
    expect(cells.map(({ key, weight }) => `${key} ${weight}`)).toEqual([
      'base/weather=calm/seed=1 1',
      'base/weather=calm/seed=2 1',
      'base/weather=windy/seed=1 3',
      'base/weather=windy/seed=2 3',
    ]);
    expect(cells[0]?.settings).toEqual([{ key: 'network.units.west-wind-1.capacityMw', value: { times: 0.5 } }]);
  });

  it('count by their weight in means, quantiles and differences', () => {
    const of = (...pairs: readonly (readonly [number, number])[]) => weightedSummaryOf(pairs.map(([value, weight]) => ({ value, weight })));
    expect(of([4, 2], [1, 2], [3, 2], [2, 2])).toEqual(summaryOf([4, 1, 3, 2]));
    const summary = of([0, 1], [10, 3]);
    expect([summary?.mean, summary?.count]).toEqual([7.5, 2]);
    // A quarter of the weight lies at 0 and ends at its middle, an eighth; P50 is three quarters of the way to the middle of the rest.
    expect(summary?.p50).toBeCloseTo(7.5, 12);
    expect(summary?.p10).toBe(0);
    // Sixteen over ten is 1.6 values of one weight: too few for an interval.
    expect([summary?.low, summary?.high]).toEqual([null, null]);
    const twice = of([0, 1], [0, 1], [10, 1], [10, 1], [10, 3], [0, 3]);
    expect(twice?.mean).toBeCloseTo(5, 12);
    expect(twice?.low).toBeLessThan(0);
    const cell = (key: string, usd: number) => ({ key, group: 'g', figures: { usd } });
    const weightOf = (key: string): number => (key === 'a' ? 1 : 3);
    const [difference] = differencesOf([cell('a', 0), cell('b', 0)], [cell('a', 4), cell('b', 8)], weightOf);
    expect(difference?.difference.mean).toBe(7);
  });
});

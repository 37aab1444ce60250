import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareFacts, stamp, type Saying } from '../../shared/domain/fact.js';
import { draw, drawLognormal, drawNormal, drawTriangular } from '../../shared/domain/random.js';
import { fromWire, tickStartMs, toWire } from '../../shared/domain/ticks.js';

const saying = (entity: string, timeMs?: number): Saying =>
  ({ type: 'clock.tick.v1', region: 'all', entity, data: { tick: 1, missing: [] }, ...(timeMs === undefined ? {} : { timeMs }) }) as Saying;
const context = { component: 'clock', tick: 4, phase: 1 as const, startMs: 1_000 };

describe('stamping what a component says', () => {
  it('counts repeats of a type and entity at one instant, across turns', () => {
    const first = stamp([saying('a'), saying('a'), saying('b')], { ...context, counts: {} });
    const second = stamp([saying('a'), saying('a', 2_000)], { ...context, counts: first.counts });
    expect([...first.facts, ...second.facts].map(({ id }) => id)).toEqual([
      'clock.tick.v1/a/1000/0',
      'clock.tick.v1/a/1000/1',
      'clock.tick.v1/b/1000/0',
      'clock.tick.v1/a/1000/2',
      'clock.tick.v1/a/2000/0',
    ]);
  });

  it('takes the id for correlation where nobody gave another', () => {
    const { facts } = stamp([saying('a')], { ...context, counts: {} });
    expect(facts[0]?.correlationId).toBe(facts[0]?.id);
  });

  it('orders facts by tick, phase, type, entity and count, whatever order they came in', () => {
    const { facts } = stamp([saying('b'), saying('a'), saying('a')], { ...context, counts: {} });
    fc.assert(
      fc.property(fc.shuffledSubarray([...facts], { minLength: facts.length }), (shuffled) => {
        expect(shuffled.sort(compareFacts).map(({ entity, n }) => `${entity}${n}`)).toEqual(['a0', 'a1', 'b0']);
      }),
    );
  });
});

describe('keyed draws', () => {
  const key = { seed: 7, component: 'grid-supply', entity: 'west', purpose: 'wind', n: 0 };
  const many = (count: number, of: (n: number) => number): number[] => Array.from({ length: count }, (_, n) => of(n));
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

  it('give the same number for the same key and another for any other', () => {
    expect(draw(key)).toBe(draw({ ...key }));
    const others = [
      { ...key, seed: 8 },
      { ...key, component: 'x' },
      { ...key, entity: 'x' },
      { ...key, purpose: 'x' },
      { ...key, n: 1 },
    ];
    for (const other of others) expect(draw(other)).not.toBe(draw(key));
  });

  it('are uniform in [0, 1): mean 0.5 and variance 1/12 within four standard errors', () => {
    const values = many(20_000, (n) => draw({ ...key, n }));
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    expect(Math.abs(mean(values) - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / 20_000));
    expect(Math.abs(mean(values.map((value) => (value - 0.5) ** 2)) - 1 / 12)).toBeLessThan(0.003);
  });

  it('have neighbours that do not hang together', () => {
    const values = many(20_000, (n) => draw({ ...key, n }) - 0.5);
    const covariance = mean(values.slice(1).map((value, index) => value * (values[index] ?? 0)));
    expect(Math.abs(covariance * 12)).toBeLessThan(4 / Math.sqrt(20_000));
  });

  it('draws independently for keys that differ in their last letters only', () => {
    const column = (n: number): number[] =>
      Array.from({ length: 5_000 }, (_, entity) => draw({ seed: 1, component: 'test', entity: `e${entity}`, purpose: 'pair', n }) - 0.5);
    const columns = Array.from({ length: 21 }, (_, n) => column(n));
    for (let a = 0; a < columns.length; a++) {
      for (let b = 0; b < a; b++) {
        const correlation = (12 * (columns[a] ?? []).reduce((sum, value, k) => sum + value * (columns[b]?.[k] ?? 0), 0)) / 5_000;
        // 210 pairs: none beyond 4.5 standard deviations.
        expect(Math.abs(correlation) * Math.sqrt(5_000)).toBeLessThan(4.5);
      }
    }
  });

  it('follow the normal, lognormal and triangular form asked for', () => {
    expect(Math.abs(mean(many(20_000, (n) => drawNormal({ ...key, n }))))).toBeLessThan(0.03);
    const logs = many(20_001, (n) => drawLognormal({ ...key, n }, 100, 0.5)).sort((a, b) => a - b);
    expect(logs[10_000]).toBeGreaterThan(97);
    expect(logs[10_000]).toBeLessThan(103);
    expect(mean(many(20_000, (n) => drawTriangular({ ...key, n }, 9, 14, 24)))).toBeCloseTo(47 / 3, 0);
  });
});

describe('twin instants', () => {
  it('come back from the wire unchanged', () => {
    expect(toWire(tickStartMs({ startMs: fromWire('2027-07-13T17:00:00.000Z'), tickMinutes: 5 }, 12))).toBe('2027-07-13T18:00:00.000Z');
  });
});

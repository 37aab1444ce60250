import { describe, expect, it } from 'vitest';
import { inferenceOf } from '../../shared/domain/cluster/inference.js';
import { fromWire, minuteMs } from '../../shared/domain/ticks.js';
import { worldHash } from '../../shared/scenario/canonical.js';
import { threeAreas } from '../../shared/scenario/threeAreas/world.js';
import { checkedWorld } from '../../shared/scenario/validate.js';

/** The built-in world as a file would have it, with more about its first campus and more series. */
function file(about: object, series: object = {}): unknown {
  const [first, ...others] = threeAreas.campuses;
  const campuses = [{ ...first, ...about }, ...others];
  return JSON.parse(JSON.stringify({ ...threeAreas, campuses, series: { ...threeAreas.series, ...series } }));
}

const requests = (values: readonly number[], stepMinutes = 60) => {
  const count = Math.ceil((400 * 1440) / stepMinutes);
  const own = Array.from({ length: count }, (_, step) => values[step % values.length]);
  return { requests: { startTime: threeAreas.clock.startTime, stepMinutes, values: own } };
};
const inferenceProfile = { kind: 'series', series: 'requests' };

describe('inference of a campus in a scenario', () => {
  it('may give by fewer nodes and by another campus, which is part of the world', () => {
    const inferenceFlex = { consolidationRatio: 0.11, moveTo: 'mesa', moveRatio: 0.2 };
    const world = checkedWorld(file({ inferenceFlex }), 'world.json');
    expect(world.campuses[0]?.inferenceFlex).toEqual(inferenceFlex);
    expect('inferenceFlex' in (world.campuses[1] ?? {})).toBe(false);
    expect(worldHash(world)).not.toBe(worldHash(threeAreas));
    expect(worldHash(checkedWorld(file({}), 'world.json'))).toBe(worldHash(threeAreas));
  });

  it('counts in what contracts may promise', () => {
    const promised = (maxReductionMw: number, about: object) => {
      const world = file(about) as { contracts: { campus: string; maxReductionMw: number }[] };
      const contracts = world.contracts.map((contract, index) => (index === 0 ? { ...contract, maxReductionMw } : contract));
      return () => checkedWorld({ ...world, contracts }, 'world.json');
    };
    const inferenceFlex = { consolidationRatio: 0.1, moveTo: 'mesa', moveRatio: 0.2 };
    expect(promised(330, {})).toThrow(
      /contracts\[0\].maxReductionMw: found 330, allowed: up to 288.8 MW, what the runs of riverbend may give/,
    );
    expect(promised(330, { inferenceFlex })).not.toThrow();
    expect(promised(340, { inferenceFlex })).toThrow(/up to 336.8 MW, what the runs .*, and its inference/);
  });

  it('may follow a series in place of the wave', () => {
    const world = checkedWorld(file({ inferenceProfile }, requests([100, 140])), 'world.json');
    const [campus] = world.campuses;
    if (campus === undefined) throw new Error('no campus');
    const startMs = fromWire(world.clock.startTime);
    const loadMw = inferenceOf({ seed: 1, utcOffsetMinutes: 0, series: world.series }, campus);
    expect([0, 59, 60, 119, 120].map((minutes) => loadMw(startMs + minutes * minuteMs))).toEqual([100, 100, 140, 140, 100]);
  });

  it.each([
    [
      'an unknown campus',
      { consolidationRatio: 0, moveTo: 'x', moveRatio: 0.1 },
      /campuses\[0\].inferenceFlex.moveTo: found "x", an unknown campus, allowed: harbor, mesa, riverbend/,
    ],
    [
      'the campus itself',
      { consolidationRatio: 0, moveTo: 'riverbend' },
      /moveTo: found "riverbend", the campus itself, allowed: another campus/,
    ],
    ['a share above 1', { consolidationRatio: 1.1 }, /consolidationRatio: found 1.1, allowed: a number from 0 to 1/],
    [
      'shares above 1 together',
      { consolidationRatio: 0.5, moveTo: 'mesa', moveRatio: 0.6 },
      /moveRatio: found 0.6, allowed: up to 1 less consolidationRatio, 0.5/,
    ],
    ['a share for nowhere', { consolidationRatio: 0, moveRatio: 0.1 }, /moveRatio: found 0.1, allowed: 0, as moveTo names no campus/],
    ['no share', { moveTo: 'mesa' }, /consolidationRatio: /],
  ])('refuses %s in one line', (_, inferenceFlex, message) => {
    expect(() => checkedWorld(file({ inferenceFlex }), 'world.json')).toThrow(message);
  });

  it.each([
    ['is not there', {}, /campuses\[0\].inferenceProfile.series: found "requests", an unknown series/],
    [
      'goes beyond the bounds of the campus',
      requests([100, 161]),
      /series.requests.values\[1\]: found 161, allowed: MW from inferenceMinMw, 90, to inferenceMaxMw, 160, of riverbend/,
    ],
    ['has no step', requests([100], 60), null],
  ])('refuses a series that %s', (_, series, message) => {
    const broken = message === null ? { requests: { ...requests([100]).requests, stepMinutes: 0 } } : series;
    expect(() => checkedWorld(file({ inferenceProfile }, broken), 'world.json')).toThrow(message ?? /series.requests.stepMinutes: found 0/);
  });
});

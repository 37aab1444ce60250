import { describe, expect, test } from 'vitest';
import { toWire } from '../../shared/domain/ticks.js';
import { checkedWorld } from '../../shared/scenario/validate.js';
import { bendingDesk, powersOf } from '../support/bendingWorld.js';
import { minute, of, riverbend } from '../support/clusterWorld.js';

describe('the baseline method of a contract', () => {
  const day = 288;
  const asked = 8 * day + 100;
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  /** An event of 29 ticks on the ninth day. */
  function eventBy(baselineMethod: 'meter-before' | 'like-days') {
    const world = riverbend();
    const { run, ask, all } = bendingDesk({
      ...world,
      contracts: world.contracts.map((contract) => ({ ...contract, baselineMethod })),
      campuses: world.campuses.map((campus) => ({ ...campus, inferenceMinMw: 90, inferenceMaxMw: 160 })),
    });
    run(asked);
    ask({ amountMw: 80, request: 'peak', untilTime: toWire(minute(5 * (asked + 30))), rampMinutes: 15 });
    run(60);
    const report = of(all, 'control.compliance.v1')[0]?.data;
    const powers = powersOf(all, 'riverbend').map((power, tick) => ({ ...power, tick }));
    const during = powers.filter(({ tick }) => tick > asked && tick < asked + 30);
    return { report, powers, during };
  }

  test('by the meter before is the mean of the hour before notice, of training and of inference', () => {
    const { report, powers, during } = eventBy('meter-before');
    const before = powers.filter(({ tick }) => tick >= asked - 12 && tick < asked);
    const [training, inference] = [mean(before.map(({ trainingMw }) => trainingMw)), mean(before.map(({ inferenceMw }) => inferenceMw))];
    expect(report).toMatchObject({ baselineMethod: 'meter-before', likeDays: 0 });
    expect(report?.trainingBaselineMw).toBeCloseTo(training, 6);
    expect(report?.inferenceBaselineMw).toBeCloseTo(inference, 6);
    const delivered = during.reduce((sum, { meanMw }) => sum + (training + inference - meanMw) / 12, 0);
    expect(report?.deliveredMwh).toBeCloseTo(delivered, 6);
  });

  test('by like days is the mean of the same hours of those days, of training and of inference', () => {
    const { report, powers, during } = eventBy('like-days');
    expect(report).toMatchObject({ baselineMethod: 'like-days', likeDays: 5 });
    expect(report?.trainingBaselineMw).toBeCloseTo(361, 6);
    // Without an event in it, inference of like days is that of the day but for its noise, 4 % of the daily swing of 70 MW.
    expect(Math.abs((report?.inferenceBaselineMw ?? 0) - mean(during.map(({ inferenceMw }) => inferenceMw)))).toBeLessThan(3 * 0.04 * 70);
    expect(powers.length).toBe(asked + 60);
  });

  test('has to be the same in all contracts of a campus', () => {
    const world = riverbend();
    const [first, ...others] = world.contracts;
    const contracts = [first, ...others.map((contract) => ({ ...contract, baselineMethod: 'like-days' }))];
    expect(() => checkedWorld({ ...world, contracts }, 'test.json')).toThrow(
      'test.json: contracts[1].baselineMethod: found like-days, allowed: by-workload, as in contract riverbend-a of riverbend',
    );
  });
});

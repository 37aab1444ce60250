import { describe, expect, test } from 'vitest';
import type { Fact } from '../../shared/domain/fact.js';
import { minuteMs, toWire } from '../../shared/domain/ticks.js';
import type { World } from '../../shared/scenario/schema.js';
import { definitionOf } from '../../shared/events/registry.js';
import { bendingDesk } from '../support/bendingWorld.js';
import { minute, of, powerOf, riverbend, startMs } from '../support/clusterWorld.js';

/** Clusters and desk of Riverbend without a market; `ask` records an order in the tick that ran last. */
const desk = (world: World = riverbend()) => bendingDesk(world);

const targetOf = (facts: readonly Fact[]) => of(facts, 'control.loadtarget.v1').at(-1)?.data.targets[0];
const statesOf = (facts: readonly Fact[]) => of(facts, 'control.request.v1').map(({ data }) => `${data.request} ${data.state}`);

describe('a load target between two ticks', () => {
  test('is accepted with its set point at once, and acts from the next tick on', () => {
    const { run, ask, between } = desk();
    run(3);
    ask({ amountMw: 80, request: 'peak' });
    const facts = between(13);
    expect(facts.map(({ type }) => type)).toEqual([
      'control.audit.v1',
      'control.request.v1',
      'control.loadtarget.v1',
      'cluster.plan.v1',
      'control.outcome.v1',
    ]);
    const outcome = of(facts, 'control.outcome.v1')[0];
    expect(outcome).toMatchObject({ tick: 2, phase: 4, timeMs: minute(13) });
    expect(outcome?.data).toMatchObject({ order: 'loadtarget/1', result: 'accepted', reductionMw: 80, setPointMw: 281 });
    expect(targetOf(facts)).toMatchObject({ epoch: 1, reductionMw: 80, fromTime: toWire(minute(15)), rampMinutes: 15 });
    const means = of(run(4), 'cluster.power.v1').map(({ data }) => data.campuses[0]?.meanMw ?? 0);
    [361 - 80 / 6, 361 - 40, 361 - 200 / 3, 281].forEach((mw, tick) => expect(means[tick]).toBeCloseTo(mw, 6));
  });

  test('comes to the same power as one that was taken up in the tick', () => {
    const [at, inTick] = [desk(), desk()];
    for (const { run, ask } of [at, inTick]) {
      run(3);
      ask({ amountMw: 80, request: 'peak', fromTime: toWire(minute(25)) });
    }
    at.between(12);
    const [one, other] = [at.run(12), inTick.run(12)];
    expect(of(one, 'cluster.power.v1').map(({ data }) => data)).toEqual(of(other, 'cluster.power.v1').map(({ data }) => data));
  });
});

describe('load targets asked for', () => {
  test('are scheduled, begin, and end at their times', () => {
    const { run, ask, all } = desk();
    run(1);
    ask({ amountMw: 60, request: 'evening', fromTime: toWire(minute(60)), untilTime: toWire(minute(120)), rampMinutes: 5 });
    run(40);
    const requests = of(all, 'control.request.v1');
    expect(requests.map(({ data, timeMs }) => `${data.state} ${(timeMs - startMs) / minuteMs}`)).toEqual([
      'scheduled 5',
      'active 55',
      'ended 115',
    ]);
    const asked = of(all, 'cluster.power.v1').map(({ data }) => data.campuses[0]?.reductionTargetMw ?? 0);
    expect(asked.slice(11, 14)).toEqual([0, 30, 60]);
    expect(asked.slice(22, 26)).toEqual([60, 60, 0, 0]);
  });

  test('hold a limit at the top of inference and follow training upwards', () => {
    const world = riverbend();
    const busy = { ...world, campuses: world.campuses.map((campus) => ({ ...campus, inferenceMinMw: 90, inferenceMaxMw: 160 })) };
    const { run, ask, between } = desk(busy);
    run(3);
    ask({ amountMw: 450, targetKind: 'limit', request: 'cap', untilTime: toWire(minute(600)), rampMinutes: 5 });
    expect(targetOf(between(11))?.reductionMw).toBeCloseTo(361 + 160 - 450, 6);
    const after = of(run(115), 'cluster.power.v1').slice(1);
    expect(Math.max(...after.map(({ data }) => data.campuses[0]?.endMw ?? 0))).toBeLessThanOrEqual(450);
  });

  test('that overlap hold the stronger, then the other one', () => {
    const { run, ask, all } = desk();
    run(1);
    ask({ amountMw: 60, request: 'long', untilTime: toWire(minute(200)) });
    ask({ amountMw: 100, request: 'short', fromTime: toWire(minute(60)), untilTime: toWire(minute(120)) });
    run(50);
    const asked = of(all, 'cluster.power.v1').map(({ data }) => data.campuses[0]?.reductionTargetMw ?? 0);
    [6, 9, 18, 23].forEach((tick, index) => expect(asked[tick]).toBeCloseTo([60, 60, 100, 100][index] ?? 0, 6));
    expect(asked[25]).toBeCloseTo(60, 6);
    expect(asked[42]).toBe(0);
    expect(statesOf(all)).toEqual(['short scheduled', 'long active', 'short active', 'short ended', 'long ended']);
  });

  test('are extended and released early', () => {
    const { run, ask, all } = desk();
    run(1);
    ask({ amountMw: 60, request: 'one', untilTime: toWire(minute(60)) });
    run(5);
    ask({ action: 'extend-campus', request: 'one', untilTime: toWire(minute(180)) });
    expect(targetOf(run(1))).toMatchObject({ epoch: 2, reductionMw: 60, untilTime: toWire(minute(180)) });
    run(10);
    ask({ action: 'release-campus', request: 'one' });
    expect(targetOf(run(1))).toMatchObject({ epoch: 3, reductionMw: 0, reason: 'released by ada' });
    expect(statesOf(all)).toEqual(['one active', 'one extended', 'one released']);
    const outcomes = of(all, 'control.outcome.v1').map(({ data }) => `${data.order} ${data.result} ${data.reductionMw}`);
    expect(outcomes).toEqual(['loadtarget/1 accepted 60', 'loadtarget/2 accepted 60', 'loadtarget/3 accepted 0']);
  });

  test('with an id that stands already change nothing', () => {
    const { run, ask, all } = desk();
    run(1);
    ask({ amountMw: 60, request: 'one' });
    ask({ amountMw: 90, request: 'one' });
    run(3);
    expect(targetOf(all)).toMatchObject({ epoch: 1, reductionMw: 60 });
    expect(statesOf(all)).toEqual(['one active']);
  });

  test('beyond what can be given name what is missing and for how long', () => {
    const { run, ask, between } = desk();
    run(1);
    ask({ amountMw: 320, request: 'deep', untilTime: toWire(minute(125)) });
    const outcome = of(between(3), 'control.outcome.v1')[0]?.data;
    expect(outcome).toMatchObject({ result: 'partial', residualHours: 2 });
    expect(outcome?.residualMw).toBeCloseTo(320 - 0.8 * 361, 6);
  });
});

describe('a breach', () => {
  const breaches = (facts: readonly Fact[]) =>
    of(facts, 'control.breach.v1').map(
      ({ data, timeMs }) => `${(timeMs - startMs) / minuteMs} ${data.state} ${data.cause} ${Math.round(data.shortMw)}`,
    );

  test('becomes active when less is given than asked, is escalated after a quarter of an hour, and resolved at the release', () => {
    const { run, ask, all } = desk();
    run(1);
    ask({ amountMw: 320, request: 'deep', rampMinutes: 0 });
    run(10);
    ask({ action: 'release-campus' });
    run(4);
    expect(breaches(all)).toEqual(['15 active short 31', '25 escalated short 31', '60 resolved short 0']);
    expect(of(all, 'control.breach.v1')[0]?.data.reason).toBe('288.8 of 320 MW can be given');
  });

  test('is none where the best effort was asked for', () => {
    const { run, ask, all } = desk();
    run(1);
    ask({ amountMw: 320, request: 'deep', rampMinutes: 0, isBestEffort: true });
    run(10);
    expect(breaches(all)).toEqual([]);
  });

  test('is named after a campus that does not answer, and heals when it does', () => {
    const { run, ask, all } = desk();
    run(1);
    ask({ action: 'silence-campus' });
    ask({ amountMw: 80, request: 'peak', rampMinutes: 0 });
    run(6);
    expect(of(all, 'control.outcome.v1')).toEqual([]);
    expect(powerOf(all).meanMw).toBe(361);
    ask({ action: 'restore-campus' });
    run(4);
    expect(breaches(all)).toEqual(['15 active no-answer 80', '25 escalated no-answer 80', '40 resolved no-answer 0']);
    expect(powerOf(all).meanMw).toBeCloseTo(281, 6);
  });
});

test('an event of a campus is measured against training before notice and inference of like days', () => {
  const world = riverbend();
  const busy = { ...world, campuses: world.campuses.map((campus) => ({ ...campus, inferenceMinMw: 90, inferenceMaxMw: 160 })) };
  const { run, ask, all } = desk(busy);
  const day = 288;
  run(8 * day + 100);
  ask({ amountMw: 80, request: 'peak', untilTime: toWire(minute(5 * (8 * day + 100 + 30))), rampMinutes: 15 });
  run(60);
  const report = of(all, 'control.compliance.v1')[0]?.data;
  expect(report).toMatchObject({ requests: ['peak'], contracts: ['riverbend-a'], likeDays: 5, trainingBaselineMw: 361, shortMinutes: 0 });
  const hours = 29 / 12;
  expect(report?.askedMwh).toBeCloseTo(80 * (hours - 0.125), 6);
  expect(report?.promisedMwh).toBeCloseTo(report?.askedMwh ?? 0, 6);
  // Inference of the day differs from that of like days by its noise alone: 4 % of the daily swing of 70 MW.
  expect(Math.abs((report?.deliveredMwh ?? 0) - (report?.askedMwh ?? 0))).toBeLessThan(3 * 0.04 * 70 * hours);
  expect(report?.complianceRatio).toBeGreaterThan(0.9);
  for (const fact of all) expect(`${fact.type} ${definitionOf(fact.type)?.violation(fact.data) ?? 'fits'}`).toBe(`${fact.type} fits`);
});

describe('a failed checkpoint', () => {
  const story = (failures: number): readonly Fact[] => {
    const { run, ask, all } = desk();
    run(1);
    for (let count = 0; count < failures; count++) ask({ action: 'fail-checkpoint', target: 'delta' });
    ask({ amountMw: 126, request: 'peak', untilTime: toWire(minute(120)) });
    run(12);
    return all;
  };
  const failuresOf = (facts: readonly Fact[]) =>
    of(facts, 'cluster.savefailure.v1').map(({ data }) => `${data.attempt} ${data.next} ${data.lostSteps > 0 ? 'lost' : 'kept'}`);
  const pauseOf = (facts: readonly Fact[]) => of(facts, 'cluster.pause.v1').find(({ entity }) => entity === 'delta');

  test('is tried once more, and the pause waits for it', () => {
    const [calm, once] = [story(0), story(1)];
    expect(failuresOf(once)).toEqual(['1 retry kept']);
    expect(pauseOf(once)?.data.lostSteps).toBe(0);
    expect((pauseOf(once)?.timeMs ?? 0) - (pauseOf(calm)?.timeMs ?? 0)).toBe(5_000);
    expect(powerOf(once).meanMw).toBeCloseTo(powerOf(calm).meanMw, 9);
  });

  test('that fails again costs the work since the last one, and the load target is kept', () => {
    const [calm, twice] = [story(0), story(2)];
    expect(failuresOf(twice)).toEqual(['1 retry kept', '2 fall-back lost']);
    const lost = pauseOf(twice)?.data.lostSteps ?? 0;
    expect(lost).toBeGreaterThan(0);
    expect(pauseOf(twice)?.data.checkpointedSteps).toBe((pauseOf(calm)?.data.checkpointedSteps ?? 0) - lost);
    expect(powerOf(twice).meanMw).toBeCloseTo(powerOf(calm).meanMw, 9);
    expect(of(twice, 'control.breach.v1')).toEqual([]);
  });

  test('comes about by chance where the scenario says so, the same in every run of it', () => {
    const world = riverbend();
    const failing = { ...world, runs: world.runs.map((run) => ({ ...run, saveFailureRatio: 1 })) };
    const { run, ask, all } = desk(failing);
    run(1);
    ask({ amountMw: 126, request: 'peak' });
    run(6);
    expect(of(all, 'cluster.savefailure.v1').map(({ entity, data }) => `${entity} ${data.next}`)).toEqual([
      'cinder retry',
      'cinder fall-back',
      'delta retry',
      'delta fall-back',
    ]);
  });
});

test('a load target that is lowered before the way down begins is planned anew', () => {
  const { run, ask, between, all } = desk();
  run(1);
  ask({ amountMw: 280, request: 'deep' });
  ask({ amountMw: 60, request: 'mild' });
  between(3);
  ask({ action: 'release-campus', request: 'deep' });
  const plan = of(between(4), 'cluster.plan.v1').at(-1)?.data;
  expect(plan?.reductionMw).toBeCloseTo(60, 6);
  run(6);
  expect(powerOf(all).meanMw).toBeCloseTo(301, 6);
});

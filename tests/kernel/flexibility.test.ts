import { describe, expect, test } from 'vitest';
import { fittingMw } from '../../shared/domain/cluster/plan.js';
import { stamp, type Fact, type FactDataOf } from '../../shared/domain/fact.js';
import { createFlexibilityModel } from '../../shared/domain/flexibility/model.js';
import { toWire } from '../../shared/domain/ticks.js';
import { definitionOf } from '../../shared/events/registry.js';
import { audit, minute, of, riverbend, said, solo } from '../support/clusterWorld.js';
import type { World } from '../../shared/scenario/schema.js';

type Cleared = { contract?: string; mw: number; price?: number; notice?: number };

/** What the grid cleared in a tick, for the notice of the contract. */
function clearing(tick: number, cleared: readonly Cleared[]): Fact {
  const offers = cleared.map(({ contract = 'riverbend-a', mw, price = 640, notice = 15 }) => ({
    campus: 'riverbend',
    contract,
    clearedMw: mw,
    priceUsdPerMwh: price,
    fromTime: toWire(minute(5 * tick + notice)),
    toTime: toWire(minute(5 * tick + notice + 5)),
  }));
  return said('grid.clearing.v1', 'central', { tick, phase: 2 }, { offers });
}

/** The desk of a world with a campus that accepts everything; `play` clears the same in every tick of a span and answers the last tick's facts. */
function desk(world: World = riverbend(), isRestored = false) {
  const flexibility = solo(createFlexibilityModel(world), { isRestored });
  const all: Fact[] = [];
  let answered = 0;
  const tick = (cleared: readonly Cleared[] = [], heard: readonly Fact[] = []): readonly Fact[] => {
    const now = flexibility.tick;
    const facts = flexibility.run([...heard, clearing(now, cleared)]);
    const target = of(facts, 'control.loadtarget.v1')[0]?.data.targets[0];
    if (target !== undefined && target.epoch > answered) {
      answered = target.epoch;
      const data = {
        order: `loadtarget/${target.epoch}`,
        result: 'accepted' as const,
        reason: '',
        setPointMw: 200,
        reductionMw: target.reductionMw,
      };
      flexibility.hear([said('control.outcome.v1', 'riverbend', { tick: now, phase: 3 }, data)]);
    }
    all.push(...facts);
    return facts;
  };
  const play = (ticks: number, cleared: readonly Cleared[] = []): readonly Fact[] => {
    let last: readonly Fact[] = [];
    for (let count = 0; count < ticks; count++) last = tick(cleared);
    return last;
  };
  return { tick, play, all, flexibility };
}

const offersOf = (facts: readonly Fact[]) => of(facts, 'control.offer.v1')[0]?.data.offers ?? [];
const targetOf = (facts: readonly Fact[]) => {
  const target = of(facts, 'control.loadtarget.v1').at(-1)?.data.targets[0];
  if (target === undefined) throw new Error('no load target');
  return target;
};

describe('offers', () => {
  test('offers what the contracts allow and the runs can give, lowest strike first', () => {
    const offers = offersOf(desk().tick());
    expect(offers.map(({ contract, offerMw }) => [contract, offerMw])).toEqual([
      ['riverbend-a', 126.36],
      ['riverbend-b', 162.44],
    ]);
    expect(offers[0]).toMatchObject({ inForceMw: 0, hoursLeft: 120, eventsLeft: 40, strikeUsdPerMwh: 500 });
  });

  test('offers only what fits: no run more is paused for the last few MW', () => {
    const world = riverbend();
    const bounded = (maxReductionMw: number) => ({
      ...world,
      contracts: world.contracts.slice(0, 1).map((contract) => ({ ...contract, maxReductionMw })),
    });
    expect([60, 80, 126, 130, 400].map((mw) => offersOf(desk(bounded(mw)).tick())[0]?.offerMw)).toEqual([60, 80, 126, 126.36, 288.8]);
  });

  test('offers at most its share of the site', () => {
    const world = riverbend();
    const offers = offersOf(desk({ ...world, contracts: world.contracts.map((contract) => ({ ...contract, maxSiteRatio: 0.25 })) }).tick());
    expect(offers.map(({ offerMw }) => offerMw)).toEqual([90.25, 90.25]);
  });

  test('names the reduction in force along the ramp, in closed form', () => {
    const { tick } = desk();
    tick([{ mw: 90 }]);
    const inForce = [1, 2, 3, 4, 5, 6].map(() => offersOf(tick([{ mw: 90 }]))[0]?.inForceMw);
    [0, 0, 15, 45, 75, 90].forEach((mw, index) => expect(inForce[index]).toBeCloseTo(mw, 9));
  });
});

describe('load targets', () => {
  test('repeats the same epoch every tick as long as nothing changes', () => {
    const { tick, play, all } = desk();
    tick([{ mw: 100 }]);
    play(9, [{ mw: 100 }]);
    const targets = of(all, 'control.loadtarget.v1').map(({ data }) => data.targets[0]);
    expect(targets).toHaveLength(10);
    expect(new Set(targets.map((target) => JSON.stringify(target))).size).toBe(1);
    expect(targets[0]).toEqual({
      campus: 'riverbend',
      epoch: 1,
      reductionMw: 100,
      fromTime: toWire(minute(15)),
      untilTime: toWire(minute(255)),
      rampMinutes: 15,
      contracts: ['riverbend-a'],
      reason: 'price 640 USD/MWh above strike 500',
    });
  });

  test('raises at once and lowers only by steps of 5 MW after the hold', () => {
    const { tick, play } = desk();
    play(2, [{ mw: 60 }]);
    expect(targetOf(tick([{ mw: 90 }]))).toMatchObject({ epoch: 2, reductionMw: 90, fromTime: toWire(minute(25)) });
    expect(targetOf(play(10, [{ mw: 70 }]))).toMatchObject({ epoch: 2, reductionMw: 90 });
    expect(targetOf(play(3, [{ mw: 86 }]))).toMatchObject({ epoch: 2, reductionMw: 90 });
    expect(targetOf(tick([{ mw: 70 }]))).toMatchObject({ epoch: 3, reductionMw: 70 });
  });

  test('holds an event for an hour and releases it when nothing clears any more', () => {
    const { tick, play, all } = desk();
    tick([{ mw: 100 }]);
    play(16);
    const released = of(all, 'control.loadtarget.v1').find(({ data }) => data.targets[0]?.epoch === 2);
    expect(released?.timeMs).toBe(minute(70));
    expect(released?.data.targets[0]).toMatchObject({ reductionMw: 0, untilTime: null, fromTime: toWire(minute(75)), contracts: [] });
  });

  test('rests after an event and does not flap', () => {
    const { tick, play } = desk();
    tick([{ mw: 100 }]);
    play(15);
    const resting = play(5, [{ mw: 100 }]);
    expect(targetOf(resting)).toMatchObject({ epoch: 2, reductionMw: 0 });
    expect(offersOf(resting).map(({ offerMw }) => offerMw)).toEqual([0, 0]);
    expect(targetOf(play(2, [{ mw: 100 }]))).toMatchObject({ epoch: 3, reductionMw: 100 });
  });

  test('combines the contracts of a campus into one target, the later notice a tick later', () => {
    const { tick } = desk();
    const both = [{ mw: 120 }, { contract: 'riverbend-b', mw: 100, price: 1000, notice: 30 }];
    expect(targetOf(tick(both))).toMatchObject({ epoch: 1, reductionMw: 120, contracts: ['riverbend-a'] });
    expect(targetOf(tick(both))).toMatchObject({
      epoch: 2,
      reductionMw: 220,
      contracts: ['riverbend-a', 'riverbend-b'],
      fromTime: toWire(minute(35)),
      untilTime: toWire(minute(515)),
    });
  });

  test('ends an event at its longest length, and offers nothing beyond it', () => {
    const { tick, play } = desk();
    tick([{ mw: 100 }]);
    const near = play(49, [{ mw: 100 }]);
    expect(offersOf(near)[0]).toMatchObject({ offerMw: 100, inForceMw: 100 });
    const last = play(1, [{ mw: 100 }]);
    expect(targetOf(last)).toMatchObject({ epoch: 2, reductionMw: 0, fromTime: toWire(minute(255)) });
    expect(offersOf(play(1, [{ mw: 100 }]))[0]?.offerMw).toBe(0);
  });

  test('a campus that refuses is released', () => {
    const flexibility = solo(createFlexibilityModel(riverbend()));
    flexibility.run([clearing(0, [{ mw: 100 }])]);
    const data = { order: 'loadtarget/1', result: 'refused' as const, reason: 'nothing to give', setPointMw: 361, reductionMw: 0 };
    flexibility.hear([said('control.outcome.v1', 'riverbend', { tick: 0, phase: 3 }, data)]);
    expect(targetOf(flexibility.run())).toMatchObject({ epoch: 2, reductionMw: 0, reason: 'campus refused' });
  });
});

describe('budgets', () => {
  const tight = (change: Partial<World['contracts'][number]>): World => {
    const world = riverbend();
    return {
      ...world,
      contracts: world.contracts.filter(({ id }) => id === 'riverbend-a').map((contract) => ({ ...contract, ...change })),
    };
  };

  test('calls no event beyond the events of the year, and begins anew with the next year', () => {
    const world = tight({ eventsPerYear: 1 });
    const { tick, play, flexibility } = desk(world);
    tick([{ mw: 100 }]);
    play(23);
    expect(offersOf(tick())[0]).toMatchObject({ offerMw: 0, eventsLeft: 0 });
    expect(targetOf(play(2, [{ mw: 100 }]))).toMatchObject({ epoch: 2, reductionMw: 0 });
    const newYear = { tick: 50_000, phase: 1 as const, startMs: Date.parse('2028-01-01T06:00:00.000Z'), tickMs: 300_000 };
    const model = createFlexibilityModel(world);
    const turn = model.speak(flexibility.state, newYear);
    expect(offersOf(stamp(turn.sayings, { component: 'flexibility', ...newYear, counts: {} }).facts)[0]).toMatchObject({
      offerMw: 126.36,
      eventsLeft: 1,
    });
  });

  test('ends an event when the hours of the year are used up', () => {
    const { tick, play, all } = desk(tight({ hoursPerYear: 1.5 }));
    tick([{ mw: 100 }]);
    play(25, [{ mw: 100 }]);
    expect(targetOf(all.slice(0, 4))).toMatchObject({ untilTime: toWire(minute(105)) });
    const released = of(all, 'control.loadtarget.v1').find(({ data }) => data.targets[0]?.epoch === 2);
    expect(released?.data.targets[0]?.fromTime).toBe(toWire(minute(105)));
    expect(offersOf(tick())[0]).toMatchObject({ offerMw: 0, hoursLeft: 0, eventsLeft: 39 });
  });
});

describe('people', () => {
  test('a person curtails and releases a campus at the next tick, whatever clears', () => {
    const { tick, play } = desk();
    tick([], [audit('curtail-campus', 'riverbend', 0, 80)]);
    expect(targetOf(tick())).toMatchObject({
      epoch: 1,
      reductionMw: 80,
      fromTime: toWire(minute(10)),
      contracts: ['riverbend-a'],
      reason: 'ordered by operator',
    });
    expect(targetOf(play(20))).toMatchObject({ epoch: 1, reductionMw: 80 });
    tick([], [audit('release-campus', 'riverbend', 22)]);
    expect(targetOf(tick())).toMatchObject({ epoch: 2, reductionMw: 0, reason: 'released by operator' });
  });

  test('a trip of the campus ends what is asked of it', () => {
    const { tick, play } = desk();
    play(8, [{ mw: 100 }]);
    tick([{ mw: 100 }], [audit('trip-campus', 'riverbend', 8)]);
    const facts = tick([{ mw: 100 }]);
    expect(offersOf(facts).map(({ offerMw, inForceMw }) => [offerMw, inForceMw])).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect(targetOf(facts)).toMatchObject({ epoch: 2, reductionMw: 0, reason: 'campus is tripped' });
  });
});

test('flexibility says the same after its state went through JSON, and everything it says fits its declaration', () => {
  const story = (isRestored: boolean): readonly Fact[] => {
    const { play, all } = desk(riverbend(), isRestored);
    play(4, [{ mw: 60 }]);
    play(20, [{ mw: 100 }, { contract: 'riverbend-b', mw: 50, notice: 30 }]);
    play(20);
    return all;
  };
  const facts = story(false);
  expect(JSON.stringify(story(true))).toBe(JSON.stringify(facts));
  for (const fact of facts) expect(`${fact.type} ${definitionOf(fact.type)?.violation(fact.data) ?? 'fits'}`).toBe(`${fact.type} fits`);
});

describe('runs that leave and come', () => {
  const told = (runs: FactDataOf['cluster.progress.v1']['runs']): Fact =>
    said('cluster.progress.v1', 'central', { tick: 0, phase: 3 }, { runs });
  const atWork = riverbend().runs.map(({ id, facilityMw, totalSteps }) => ({
    run: id,
    campus: 'riverbend',
    state: 'running' as const,
    powerMw: facilityMw,
    capRatio: 1,
    completedSteps: 1,
    checkpointedSteps: 1,
    totalSteps,
  }));
  const move = (run: string, campus: string, tick: number): Fact =>
    said(
      'cluster.move.v1',
      run,
      { tick },
      {
        step: 'arrived',
        campus,
        fromCampus: 'riverbend',
        toCampus: campus,
        epoch: 0,
        orderMw: 0,
        orderUntilTime: null,
        checkpointBytes: 1,
        linkGbps: 100,
        arrivalTime: toWire(minute(0)),
        reason: 'test',
      },
    );
  const resume = (run: string, campus: string, tick: number): Fact =>
    said(
      'cluster.resume.v1',
      run,
      { tick },
      {
        campus,
        epoch: 0,
        capRatio: 1,
        fromSteps: 1,
        readyTime: toWire(minute(0)),
        curtailedFromTime: toWire(minute(0)),
        meanCurtailedMw: 0,
        missedSteps: 0,
      },
    );
  const offeredMw = (facts: readonly Fact[]): number =>
    offersOf(facts).find(({ contract }) => contract === 'riverbend-a')?.offerMw ?? Number.NaN;

  test('leave nothing to offer where all have gone', () => {
    const { tick } = desk();
    expect(offeredMw(tick([], [told(atWork)]))).toBeGreaterThan(100);
    tick([], [told([])]);
    expect(offersOf(tick()).map(({ offerMw }) => offerMw)).toEqual([0, 0]);
  });

  test('change what fits the contract: less once one has gone, the same again once it is back and goes on', () => {
    const world = riverbend();
    const without = world.runs.filter(({ id }) => id !== 'cinder');
    const { tick } = desk(world);
    const wholeMw = fittingMw(world.runs, 0.7, 130);
    const leftMw = fittingMw(without, 0.7, 130);
    expect(leftMw).toBeLessThan(wholeMw - 1);
    expect(offeredMw(tick([], [told(atWork)]))).toBeCloseTo(wholeMw, 9);
    tick([], [move('cinder', 'mesa', 1)]);
    expect(offeredMw(tick())).toBeCloseTo(leftMw, 9);
    tick([], [move('cinder', 'riverbend', 3)]);
    // It stands still, and what it cannot give must not be counted on.
    expect(offeredMw(tick())).toBeCloseTo(leftMw, 9);
    tick([], [resume('cinder', 'riverbend', 5)]);
    expect(offeredMw(tick())).toBeCloseTo(wholeMw, 9);
  });
});

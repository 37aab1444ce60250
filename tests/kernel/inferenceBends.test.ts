import { describe, expect, test } from 'vitest';
import { createClusterModel } from '../../shared/domain/cluster/model.js';
import type { Fact } from '../../shared/domain/fact.js';
import { toWire } from '../../shared/domain/ticks.js';
import { definitionOf } from '../../shared/events/registry.js';
import { loadTarget, minute, of, solo } from '../support/clusterWorld.js';
import { bendingDesk, bendingWorld, inForceOf, powersOf, wantsOf } from '../support/bendingWorld.js';

const planOf = (facts: readonly Fact[]) => of(facts, 'cluster.plan.v1').at(-1)?.data;
const waysOf = (facts: readonly Fact[]) => (planOf(facts)?.alternatives ?? []).map(({ way, isChosen, reason }) => [way, isChosen, reason]);
const outcomesOf = (facts: readonly Fact[]) =>
  of(facts, 'control.outcome.v1').map(({ data }) => `${data.order} ${data.result} ${data.reductionMw}`);
const column = <Row, Key extends keyof Row>(rows: readonly Row[], key: Key) => rows.map((row) => row[key]);

/** What the grid is told is what is drawn, in every tick: wants less what is in force. */
function expectBalance(all: readonly Fact[]): void {
  for (const id of ['riverbend', 'mesa']) {
    const [draws, forces] = [powersOf(all, id), inForceOf(all, id)];
    wantsOf(all, id).forEach(({ wantMw, trainingMw, inferenceMw }, tick) => {
      expect(wantMw - (forces[tick] ?? 0)).toBeCloseTo(draws[tick]?.meanMw ?? NaN, 6);
      expect(trainingMw + inferenceMw).toBeCloseTo(wantMw, 6);
    });
  }
}

const peak = { request: 'peak', untilTime: toWire(minute(130)), rampMinutes: 10 } as const;

describe('a load target that inference can meet', () => {
  test('takes fewer nodes first, then another campus, and touches no run', () => {
    const { run, ask, between, all } = bendingDesk(bendingWorld());
    run(2);
    ask({ ...peak, amountMw: 20 });
    const facts = between(8);
    expect(planOf(facts)).toMatchObject({
      reductionMw: 20,
      measures: [],
      inference: { consolidatedMw: 10, movedMw: 10, movedTo: 'mesa' },
    });
    expect(waysOf(facts)).toEqual([
      ['consolidate-inference', true, ''],
      ['move-inference', true, ''],
    ]);
    expect(of(facts, 'control.outcome.v1')[0]?.data).toMatchObject({ result: 'accepted', reductionMw: 20, setPointMw: 441 });
    run(10);
    const own = powersOf(all, 'riverbend');
    expect(column(own, 'meanMw').slice(1, 6)).toEqual([461, 456, 446, 441, 441]);
    expect(new Set(column(own, 'trainingMw'))).toEqual(new Set([361]));
    expect(own.every(({ imbalanceMw }) => imbalanceMw === 0)).toBe(true);
    const host = powersOf(all, 'mesa');
    expect(column(host, 'arrivedMw').slice(1, 6)).toEqual([0, 2.5, 7.5, 10, 10]);
    expect(column(host, 'meanMw').slice(1, 6)).toEqual([86, 88.5, 93.5, 96, 96]);
    expectBalance(all);
  });

  test('needs one campus alone where fewer nodes are enough', () => {
    const { run, ask, between } = bendingDesk(bendingWorld());
    run(2);
    ask({ ...peak, amountMw: 6 });
    const facts = between(8);
    expect(planOf(facts)?.inference).toEqual({ consolidatedMw: 6, movedMw: 0, movedTo: null });
    expect(waysOf(facts)[1]).toEqual(['move-inference', false, 'not needed']);
  });

  test('leaves the rest to training, and the sum is what was promised', () => {
    const { run, ask, between, all } = bendingDesk(bendingWorld());
    run(2);
    ask({ ...peak, amountMw: 80, rampMinutes: 20 });
    expect(planOf(between(8))?.inference).toEqual({ consolidatedMw: 10, movedMw: 20, movedTo: 'mesa' });
    run(10);
    expect(column(powersOf(all, 'riverbend'), 'meanMw').slice(1, 8)).toEqual([461, 451, 431, 411, 391, 381, 381]);
    expect(powersOf(all, 'riverbend').at(-1)).toMatchObject({ trainingMw: 311, inferenceMw: 70, consolidatedMw: 10, movedMw: 20 });
    expectBalance(all);
    for (const fact of all) expect(`${fact.type} ${definitionOf(fact.type)?.violation(fact.data) ?? 'fits'}`).toBe(`${fact.type} fits`);
  });

  test('begun within a tick is not met by another campus, which has told the grid what it draws', () => {
    const cluster = solo(createClusterModel(bendingWorld()));
    const facts = cluster.run([loadTarget({ epoch: 1, mw: 15, from: 1, until: 120 }, 0)]);
    expect(waysOf(facts)[1]).toEqual([
      'move-inference',
      false,
      `begins before ${toWire(minute(5))}, when mesa can announce it to the grid`,
    ]);
    expect(planOf(facts)?.inference).toEqual({ consolidatedMw: 10, movedMw: 0, movedTo: null });
    const later = solo(createClusterModel(bendingWorld()));
    expect(planOf(later.run([loadTarget({ epoch: 1, mw: 15, from: 5, until: 120 }, 0)]))?.inference).toMatchObject({ movedMw: 5 });
  });

  test('never takes inference below its floor while demand falls, and keeps its word', () => {
    const wave = { inferenceMinMw: 40, inferenceMaxMw: 160, inferencePeakHour: 11 };
    const [asked, calm] = [bendingDesk(bendingWorld(wave)), bendingDesk(bendingWorld(wave))];
    asked.run(12);
    asked.ask({ ...peak, amountMw: 60, untilTime: toWire(minute(300)), rampMinutes: 60 });
    asked.run(60);
    calm.run(72);
    const demand = column(powersOf(calm.all, 'riverbend'), 'inferenceMw');
    expect(Math.max(...demand) - Math.min(...demand)).toBeGreaterThan(30);
    const own = powersOf(asked.all, 'riverbend').slice(0, 60);
    own.forEach(({ inferenceMw, imbalanceMw, consolidatedMw = 0, movedMw = 0 }, tick) => {
      const demandMw = demand[tick] ?? NaN;
      expect(imbalanceMw).toBe(0);
      expect(inferenceMw + consolidatedMw + movedMw).toBeCloseTo(demandMw, 6);
      expect(consolidatedMw).toBeLessThanOrEqual(0.1 * demandMw + 1e-6);
      expect(inferenceMw).toBeGreaterThanOrEqual(0.7 * demandMw - 1e-6);
    });
    expect(own.at(-1)?.consolidatedMw).toBeGreaterThan(4);
    expectBalance(asked.all);
  });
});

describe('another campus', () => {
  const reasonWith = (world: ReturnType<typeof bendingWorld>, more: Parameters<ReturnType<typeof bendingDesk>['ask']>[0] = {}) => {
    const { run, ask, between } = bendingDesk(world);
    run(2);
    ask({ ...peak, amountMw: 60, ...more });
    return waysOf(between(8))[1];
  };

  test('serves no more than its room, and keeps full power for its own runs', () => {
    expect(reasonWith(bendingWorld({}, { limitMw: 91 }))).toEqual(['move-inference', true, '']);
    expect(reasonWith(bendingWorld({}, { limitMw: 86 }))).toEqual(['move-inference', false, 'mesa has room for 0 MW below its limit']);
    const { run, ask, between } = bendingDesk(bendingWorld({}, { limitMw: 91 }));
    run(2);
    ask({ ...peak, amountMw: 60 });
    expect(planOf(between(8))?.inference?.movedMw).toBeCloseTo(5, 6);
  });

  test('takes no load faster than its own ramp allows', () => {
    expect(reasonWith(bendingWorld(), { rampMinutes: 0 })).toEqual([
      'move-inference',
      false,
      '0 MW is what the ramp of mesa takes on that way down',
    ]);
  });

  test('serves nobody while it is asked to go down itself', () => {
    const contracts = bendingWorld().contracts.map((contract) => ({
      ...contract,
      id: `m-${contract.id}`,
      campus: 'mesa',
      maxReductionMw: 20,
    }));
    const { run, ask, between, all } = bendingDesk(bendingWorld({}, {}, { contracts: [...bendingWorld().contracts, ...contracts] }));
    run(2);
    ask({ ...peak, amountMw: 60 });
    ask({ ...peak, amountMw: 10, target: 'mesa', request: 'other' });
    const said = of(between(8), 'cluster.plan.v1').find(({ entity }) => entity === 'riverbend');
    expect(said?.data.alternatives?.[1]).toMatchObject({ isChosen: false, reason: 'mesa is under a load target itself' });
    run(6);
    expectBalance(all);
  });

  test('measures itself without what it serves for others', () => {
    const contracts = bendingWorld().contracts.map((contract) => ({
      ...contract,
      id: `m-${contract.id}`,
      campus: 'mesa',
      maxReductionMw: 20,
    }));
    const { run, ask, all } = bendingDesk(bendingWorld({}, {}, { contracts: [...bendingWorld().contracts, ...contracts] }));
    run(2);
    ask({ ...peak, amountMw: 20, untilTime: toWire(minute(240)) });
    run(6);
    ask({ ...peak, amountMw: 10, target: 'mesa', request: 'other' });
    run(60);
    const report = of(all, 'control.compliance.v1').find(({ entity }) => entity === 'mesa')?.data;
    expect(report).toMatchObject({ inferenceBaselineMw: 20, trainingBaselineMw: 66, reboundMw: 0 });
    expect(report?.complianceRatio).toBeCloseTo(1, 6);
    expectBalance(all);
  });
});

describe('inference that bent', () => {
  test('comes back by itself within the ramp when it is released, and no run goes up', () => {
    const { run, ask, all } = bendingDesk(bendingWorld({ rampUpRatio: 0.01 }));
    run(2);
    ask({ ...peak, amountMw: 80, rampMinutes: 20 });
    run(10);
    ask({ action: 'release-campus' });
    run(10);
    const own = powersOf(all, 'riverbend');
    const rampMw = 0.01 * 600;
    const trainingMw = own[11]?.trainingMw ?? 0;
    expect(column(own, 'endMw').slice(11, 20)).toEqual([381, 381, 387, 393, 399, 405, 411, 411, 411].map((mw) => mw + trainingMw - 311));
    own.slice(12).forEach(({ endMw }, at) => expect(endMw - (own[11 + at]?.endMw ?? 0)).toBeLessThanOrEqual(rampMw + 1e-6));
    expect(column(own, 'trainingMw').slice(11)).toEqual(own.slice(11).map(() => trainingMw));
    expect(own.at(-1)).toMatchObject({ inferenceMw: 100, consolidatedMw: 0, movedMw: 0 });
    expect(powersOf(all, 'mesa').at(-1)).toMatchObject({ arrivedMw: 0, inferenceMw: 20 });
    expectBalance(all);
  });

  test('comes back at the end of its order when the campus hears nothing', () => {
    const { run, ask, all } = bendingDesk(bendingWorld());
    run(2);
    ask({ ...peak, amountMw: 20, untilTime: toWire(minute(60)) });
    run(4);
    ask({ action: 'silence-campus' });
    run(12);
    expect(column(powersOf(all, 'riverbend'), 'inferenceMw').slice(10)).toEqual([
      80,
      80,
      expect.closeTo(96.666_667, 5),
      100,
      100,
      100,
      100,
      100,
    ]);
    expect(powersOf(all, 'mesa').at(-1)?.arrivedMw).toBe(0);
  });

  test('gives more and less as the order is raised, lowered and overlaps', () => {
    const { run, ask, all } = bendingDesk(bendingWorld());
    run(2);
    ask({ ...peak, amountMw: 8, untilTime: toWire(minute(300)) });
    ask({ amountMw: 18, request: 'short', fromTime: toWire(minute(60)), untilTime: toWire(minute(120)), rampMinutes: 10 });
    run(40);
    const own = powersOf(all, 'riverbend');
    expect([8, 16, 30].map((tick) => [own[tick]?.consolidatedMw, own[tick]?.movedMw, own[tick]?.meanMw])).toEqual([
      [8, 0, 453],
      [10, 8, 443],
      [8, 0, 453],
    ]);
    expect(outcomesOf(all)).toEqual(['loadtarget/1 accepted 8', 'loadtarget/2 accepted 18', 'loadtarget/3 accepted 8']);
    expect(new Set(column(own, 'trainingMw'))).toEqual(new Set([361]));
    expectBalance(all);
  });

  test('shortens the way down of training before it comes back itself', () => {
    const { run, ask, between, all } = bendingDesk(bendingWorld());
    run(2);
    ask({ ...peak, amountMw: 130, request: 'deep' });
    ask({ ...peak, amountMw: 25, request: 'mild' });
    between(8);
    ask({ action: 'release-campus', request: 'deep' });
    between(9);
    run(10);
    expect(powersOf(all, 'riverbend').at(-1)).toMatchObject({ meanMw: 436, consolidatedMw: 10, movedMw: 12 });
    expectBalance(all);
  });

  test('is partial beyond what inference and runs give, and names what is missing', () => {
    const { run, ask, between } = bendingDesk(bendingWorld());
    run(2);
    ask({ ...peak, amountMw: 400, rampMinutes: 20 });
    const outcome = of(between(8), 'control.outcome.v1')[0]?.data;
    expect(outcome).toMatchObject({ result: 'partial' });
    expect(outcome?.residualMw).toBeCloseTo(400 - 0.8 * 361 - 30, 6);
  });

  test('is counted in the offers, in what the contracts allow and in the settlement', () => {
    const world = bendingWorld({}, {}, { runs: bendingWorld().runs.filter(({ id }) => id === 'delta' || id === 'dune') });
    const { run, ask, all } = bendingDesk(world);
    run(2);
    const offered = of(all, 'control.offer.v1')
      .at(-1)
      ?.data.offers.reduce((sum, { offerMw }) => sum + offerMw, 0);
    // What delta gives by pausing, what fewer nodes free, and what Mesa takes on a way down of 15 minutes.
    expect(offered).toBeCloseTo(0.8 * 33 + 10 + 18, 6);
    ask({ ...peak, amountMw: 22 });
    run(50);
    const report = of(all, 'control.compliance.v1')[0]?.data;
    expect(report?.inferenceMwh).toBeCloseTo(22 * (115 / 60 - 5 / 60), 6);
    expect(report).toMatchObject({ complianceRatio: 1, inferenceBaselineMw: 100, reboundMw: 0 });
  });

  test('says the same when its state is written and read again in every phase', () => {
    const story = (isRestored: boolean): readonly Fact[] => {
      const { run, ask, all } = bendingDesk(bendingWorld({ inferenceMinMw: 90, inferenceMaxMw: 130 }), { isRestored });
      run(2);
      ask({ ...peak, amountMw: 60 });
      run(10);
      ask({ action: 'trip-campus', target: 'mesa' });
      run(30);
      return all;
    };
    expect(JSON.stringify(story(true))).toBe(JSON.stringify(story(false)));
  });
});

describe('a trip', () => {
  test('of the campus that serves brings requests home, and training takes over what was promised', () => {
    const { run, ask, all } = bendingDesk(bendingWorld());
    run(2);
    ask({ ...peak, amountMw: 22 });
    run(8);
    ask({ action: 'trip-campus', target: 'mesa' });
    run(10);
    const own = powersOf(all, 'riverbend');
    expect(column(own, 'unservedMw').slice(9, 14)).toEqual([0, 12, 9, 3, 0]);
    expect(column(own, 'meanMw').slice(9, 14)).toEqual([439, 439, 439, 439, 439]);
    expect(own.every(({ imbalanceMw }) => imbalanceMw === 0)).toBe(true);
    expect(own.at(-1)).toMatchObject({ trainingMw: 349, inferenceMw: 90, movedMw: 0 });
    expect(powersOf(all, 'mesa').at(-1)).toMatchObject({ meanMw: 0, arrivedMw: 0 });
    expect(outcomesOf(all)).toEqual(['loadtarget/1 accepted 22']);
    expectBalance(all);
  });

  test('of the campus that serves is a partial answer where training has nothing left to give', () => {
    const { run, ask, all } = bendingDesk(
      bendingWorld({}, {}, { runs: bendingWorld().runs.filter(({ id }) => id === 'delta' || id === 'dune') }),
    );
    run(2);
    ask({ ...peak, amountMw: 48.4 });
    run(8);
    ask({ action: 'trip-campus', target: 'mesa' });
    run(8);
    expect(outcomesOf(all)).toEqual(['loadtarget/1 accepted 48.4', 'loadtarget/1 partial 36.4']);
    expect(powersOf(all, 'riverbend').at(-1)?.imbalanceMw).toBeCloseTo(12, 6);
    expectBalance(all);
  });

  test('of the campus that moved its requests ends the cut at once, and its return begins without one', () => {
    const { run, ask, all } = bendingDesk(bendingWorld());
    run(2);
    ask({ ...peak, amountMw: 22 });
    run(8);
    ask({ action: 'trip-campus' });
    run(3);
    expect(powersOf(all, 'mesa').at(-1)).toMatchObject({ arrivedMw: 0, meanMw: 86 });
    expect(powersOf(all, 'riverbend').at(-1)).toMatchObject({ meanMw: 0, consolidatedMw: 0, movedMw: 0, inferenceGiveMw: 0 });
    ask({ action: 'return-campus' });
    run(20);
    expect(powersOf(all, 'riverbend').at(-1)?.inferenceMw).toBe(100);
    expectBalance(all);
  });
});

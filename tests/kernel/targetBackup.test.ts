import { describe, expect, test } from 'vitest';
import type { Fact } from '../../shared/domain/fact.js';
import { toWire } from '../../shared/domain/ticks.js';
import { definitionOf } from '../../shared/events/registry.js';
import { minute, of } from '../support/clusterWorld.js';
import { bendingDesk, inForceOf, powersOf, wantsOf } from '../support/bendingWorld.js';
import { facilityWorld, type FacilityParts } from '../support/facilityWorld.js';

const parts: FacilityParts = {
  battery: { powerMw: 50, energyMwh: 100, initialRatio: 1 },
  generators: { powerMw: 60, startSeconds: 10, fuelHours: 12, usdPerMwh: 300 },
};

/** Riverbend with a facility whose battery and generators may carry for load targets, or may not. */
function desk(more: FacilityParts = {}, { isAllowed = true, isRestored = false, inferenceMw = 50 } = {}) {
  const world = facilityWorld({ ...parts, ...more }, { inferenceMw });
  const campuses = world.campuses.map((campus) =>
    campus.facility === undefined || !isAllowed ? campus : { ...campus, facility: { ...campus.facility, backupForTargets: true } },
  );
  return bendingDesk({ ...world, campuses }, { isRestored });
}

const outcomeOf = (facts: readonly Fact[]) => of(facts, 'control.outcome.v1').at(-1)?.data;
/** What four runs give by pausing. */
const runsMw = 0.8 * 361;
const deep = { amountMw: 380, request: 'deep', untilTime: toWire(minute(135)), rampMinutes: 15 } as const;

function expectBalance(all: readonly Fact[]): void {
  const [draws, forces] = [powersOf(all, 'riverbend'), inForceOf(all, 'riverbend')];
  wantsOf(all, 'riverbend').forEach((want, tick) => {
    const { wantMw, trainingMw, inferenceMw, coolingMw = 0, chargeMw = 0, onSiteMw = 0 } = want;
    expect(wantMw - (forces[tick] ?? 0)).toBeCloseTo(draws[tick]?.meanMw ?? NaN, 6);
    expect(trainingMw + inferenceMw + coolingMw + chargeMw - onSiteMw).toBeCloseTo(wantMw, 6);
  });
}

describe('what a mandatory load target leaves over', () => {
  test('is carried by battery and generators where the facility allows it', () => {
    const { run, ask, between, all } = desk();
    run(2);
    ask(deep);
    const facts = between(8);
    expect(outcomeOf(facts)).toMatchObject({ result: 'accepted', reductionMw: 380 });
    expect(outcomeOf(facts)?.backupMw).toBeCloseTo(380 - runsMw, 6);
    run(12);
    const last = powersOf(all, 'riverbend').at(-1);
    expect(last?.backupMw).toBeCloseTo(380 - runsMw, 6);
    expect(last?.imbalanceMw).toBe(0);
    const { trainingMw = 0, inferenceMw = 0, coolingMw = 0 } = last ?? {};
    expect(last?.meanMw).toBeCloseTo(trainingMw + inferenceMw + coolingMw - (380 - runsMw), 6);
    expectBalance(all);
    for (const fact of all) expect(`${fact.type} ${definitionOf(fact.type)?.violation(fact.data) ?? 'fits'}`).toBe(`${fact.type} fits`);
  });

  test('takes from the stores what it gave, and gives the load back within the ramp', () => {
    const { run, ask, all } = desk();
    run(2);
    ask(deep);
    run(40);
    const own = powersOf(all, 'riverbend');
    const gaveMwh = own.reduce((sum, { backupMw = 0 }) => sum + backupMw / 12, 0);
    const [first, then] = [own[0], own.findLast(({ backupMw = 0 }) => backupMw > 0)];
    const tookMwh = (first?.batteryMwh ?? 0) + (first?.fuelMwh ?? 0) - (then?.batteryMwh ?? 0) - (then?.fuelMwh ?? 0);
    expect(gaveMwh).toBeGreaterThan(2 * (380 - runsMw) - 15);
    expect(tookMwh).toBeCloseTo(gaveMwh, 6);
    expect(own.every(({ imbalanceMw, unservedMw }) => imbalanceMw === 0 && unservedMw === 0)).toBe(true);
    own.slice(1).forEach(({ endMw }, tick) => expect(endMw - (own[tick]?.endMw ?? 0)).toBeLessThanOrEqual(60 + 1e-6));
    expect(of(all, 'cluster.backup.v1').map(({ data }) => data.carriers.join('+'))).toEqual([
      'grid+battery',
      'grid+battery+generators',
      'grid+generators',
      'grid',
    ]);
    expectBalance(all);
  });

  test('is named as far as stores and powers do not last', () => {
    const { run, ask, between } = desk({
      generators: { powerMw: 60, fuelHours: 1 },
      battery: { powerMw: 50, energyMwh: 20, initialRatio: 1 },
    });
    run(2);
    ask(deep);
    const outcome = outcomeOf(between(8));
    expect(outcome).toMatchObject({ result: 'partial' });
    const { backupMw = 0, residualMw = 0 } = outcome ?? {};
    // 80 MWh over a little more than two hours, the way back with it.
    expect(backupMw).toBeGreaterThan(80 / 2.3);
    expect(backupMw).toBeLessThan(80 / 2);
    expect(backupMw + residualMw).toBeCloseTo(380 - runsMw, 6);
  });

  test.each([
    ['little fuel and a small battery', 1, 60, 20, 70],
    ['generators that are not enough once the battery is empty', 12, 30, 60, 105],
  ])('is carried to the very end by %s', (_, fuelHours, powerMw, energyMwh, leastMwh) => {
    const { run, ask, all } = desk({ generators: { powerMw, fuelHours }, battery: { powerMw: 50, energyMwh, initialRatio: 1 } });
    run(2);
    ask(deep);
    run(32);
    const own = powersOf(all, 'riverbend');
    const promisedMw = outcomeOf(all)?.reductionMw ?? 0;
    expect(promisedMw).toBe(0);
    const standing = own.slice(6, 26);
    expect(new Set(standing.map(({ backupMw = 0 }) => backupMw.toFixed(6))).size).toBe(1);
    own.forEach(({ batteryMwh = 0, fuelMwh = 0 }) => expect(Math.min(batteryMwh, fuelMwh)).toBeGreaterThanOrEqual(0));
    const gaveMwh = own.reduce((sum, { backupMw = 0 }) => sum + backupMw / 12, 0);
    // Nothing is claimed that the stores did not hold.
    const [first, last] = [own[0], own.findLast(({ backupMw = 0 }) => backupMw > 0)];
    const tookMwh = (first?.batteryMwh ?? 0) + (first?.fuelMwh ?? 0) - (last?.batteryMwh ?? 0) - (last?.fuelMwh ?? 0);
    expect(tookMwh).toBeCloseTo(gaveMwh, 6);
    expect(gaveMwh).toBeGreaterThan(leastMwh);
  });

  test.each([
    ['the facility does not allow it', { isAllowed: false }, {}],
    ['the best effort was asked for', {}, { isBestEffort: true }],
  ])('stays where %s', (_, about, more) => {
    const { run, ask, between } = desk({}, about);
    run(2);
    ask({ ...deep, ...more });
    const outcome = outcomeOf(between(8));
    expect(outcome).toMatchObject({ result: 'partial' });
    expect(outcome?.backupMw).toBeUndefined();
    expect(outcome?.residualMw).toBeCloseTo(380 - runsMw, 6);
  });

  test('goes back first when less is asked, and stores fill again afterwards', () => {
    const { run, ask, all } = desk({ battery: { powerMw: 50, energyMwh: 150, initialRatio: 1 } });
    run(2);
    ask({ ...deep, untilTime: toWire(minute(100)) });
    ask({ ...deep, amountMw: 200, request: 'mild', untilTime: toWire(minute(200)) });
    run(26);
    const own = powersOf(all, 'riverbend');
    expect(own[12]?.backupMw).toBeCloseTo(380 - runsMw, 6);
    expect(own.at(-1)).toMatchObject({ backupMw: 0, imbalanceMw: 0 });
    const emptied = own.at(-1)?.batteryMwh ?? 0;
    run(60);
    expect(powersOf(all, 'riverbend').at(-1)?.batteryMwh).toBeGreaterThan(emptied);
    expectBalance(all);
  });

  test('ends when the campus leaves the grid, and says the same when its state is written and read again', () => {
    const story = (isRestored: boolean): readonly Fact[] => {
      const { run, ask, all } = desk({}, { isRestored });
      run(2);
      ask(deep);
      run(8);
      ask({ action: 'dip-campus', atSeconds: [10, 20, 30] });
      run(4);
      ask({ action: 'return-campus' });
      run(20);
      return all;
    };
    const all = story(false);
    const own = powersOf(all, 'riverbend');
    expect(own[9]?.backupMw).toBeGreaterThan(90);
    // It left the grid 30 s into the tick.
    expect(own[10]?.backupMw).toBeCloseTo((own[9]?.backupMw ?? 0) / 10, 6);
    expect(own.slice(11, 15).map(({ backupMw }) => backupMw)).toEqual([0, 0, 0, 0]);
    const emptied = own.slice(9, 15).map(({ batteryMwh = 0, fuelMwh = 0 }) => batteryMwh + fuelMwh);
    emptied.slice(1).forEach((mwh, tick) => expect(mwh).toBeLessThan(emptied[tick] ?? 0));
    expectBalance(all);
    expect(JSON.stringify(story(true))).toBe(JSON.stringify(all));
  });
});

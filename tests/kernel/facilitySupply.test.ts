import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { carry, fullyStored, recharge, type Backup, type CarryOrder } from '../../shared/domain/facility/backup.js';
import { countDips } from '../../shared/domain/facility/dips.js';
import { lastingMw, runFates, supplySegments, transferred, type SiteSupply } from '../../shared/domain/facility/onSite.js';
import { plainCooling } from '../../shared/domain/facility/cooling.js';

const backup: Backup = {
  battery: { powerMw: 40, energyMwh: 20, efficiencyRatio: 0.8 },
  generators: { powerMw: 60, startSeconds: 360, fuelHours: 2, usdPerMwh: 300 },
};
const full = fullyStored(backup);
const supply: SiteSupply = { cooling: plainCooling, ratedMw: 100, upsSeconds: 300, backup };

describe('dips counted in a window', () => {
  const rule = { dips: 3, windowSeconds: 60 };
  const seconds = (...list: readonly number[]): readonly number[] => list.map((second) => second * 1000);

  test('the third within a minute transfers, and no dip after it counts', () => {
    expect(countDips(rule, [], seconds(0, 17, 34, 50))).toEqual({ recentMs: [], inWindow: [1, 2, 3], transferAtMs: 34_000 });
  });

  test('a dip that is exactly a minute old does not count any more, one that is a millisecond younger does', () => {
    expect(countDips(rule, [], seconds(0, 30, 60)).transferAtMs).toBeNull();
    expect(countDips(rule, [], [1, 30_000, 60_000]).transferAtMs).toBe(60_000);
  });

  test('remembers dips of an earlier tick', () => {
    const before = countDips(rule, [], seconds(280, 295));
    expect(before).toEqual({ recentMs: seconds(280, 295), inWindow: [1, 2], transferAtMs: null });
    expect(countDips(rule, before.recentMs, seconds(310)).transferAtMs).toBe(310_000);
    expect(countDips(rule, before.recentMs, seconds(345))).toMatchObject({ recentMs: seconds(295, 345), transferAtMs: null });
  });
});

describe('a residual carried on the site', () => {
  test('the battery carries alone what it can, and nothing is burnt', () => {
    const carried = carry(backup, full, { residualMw: 30, hours: 0.5 });
    expect(carried).toMatchObject({ batteryMw: 30, generatorMw: 0, leftMw: 0, costUsd: 0, chargeRatio: 0.25 });
    expect(carried.stored).toEqual({ batteryMwh: 5, fuelMwh: 120 });
  });

  test('generators come up after their start and take over when the battery is empty', () => {
    const { pieces, stored, ...sums } = carry(backup, full, { residualMw: 50, hours: 1 });
    expect(pieces.map(({ batteryMw, generatorMw, leftMw }) => [batteryMw, generatorMw, leftMw])).toEqual([
      [40, 0, 10],
      [40, 10, 0],
      [0, 50, 0],
    ]);
    expect(pieces.map(({ toHours }) => toHours)).toEqual([0.1, 0.5, 1]);
    expect(stored).toEqual({ batteryMwh: 0, fuelMwh: 120 - 4 - 25 });
    expect(sums.generatorMwh).toBeCloseTo(29, 9);
    expect(sums.costUsd).toBeCloseTo(8_700, 6);
    expect(sums.leftMw).toBeCloseTo(1, 9);
  });

  test('generators first keep the battery for what is beyond them', () => {
    const carried = carry(backup, full, { residualMw: 80, hours: 1, order: 'generators-first', areRunning: true });
    expect(carried).toMatchObject({ generatorMw: 60, batteryMw: 20, leftMw: 0 });
    expect(carried.stored).toEqual({ batteryMwh: 0, fuelMwh: 60 });
    expect(carry(backup, full, { residualMw: 80, hours: 1, areRunning: true }).leftMw).toBeCloseTo(10, 9);
  });

  test('fuel and battery end, and the rest is left', () => {
    const carried = carry(backup, full, { residualMw: 100, hours: 10, areRunning: true });
    expect(carried.stored).toEqual({ batteryMwh: 0, fuelMwh: 0 });
    expect(carried.servedMw * 10).toBeCloseTo(140, 9);
    expect(carried.leftMw * 10).toBeCloseTo(860, 9);
  });

  test('nothing to carry, no time and no backup are no trouble', () => {
    expect(carry(backup, full, { residualMw: 0, hours: 3 })).toMatchObject({ servedMw: 0, leftMw: 0, stored: full });
    expect(carry(backup, full, { residualMw: 5, hours: 0 })).toMatchObject({ servedMw: 0, pieces: [], stored: full });
    const none = { battery: { ...backup.battery, powerMw: 0, energyMwh: 0 }, generators: { ...backup.generators, powerMw: 0 } };
    expect(carry(none, fullyStored(none), { residualMw: 5, hours: 2 })).toMatchObject({ servedMw: 0, leftMw: 5, chargeRatio: 0 });
  });

  test('what is served and left adds up to what was asked, never beyond powers and stores', () => {
    fc.assert(
      fc.property(
        fc.record({
          residualMw: fc.double({ min: 0, max: 300, noNaN: true }),
          hours: fc.double({ min: 0, max: 12, noNaN: true }),
          order: fc.constantFrom<CarryOrder>('battery-first', 'generators-first'),
          areRunning: fc.boolean(),
        }),
        fc.double({ min: 0, max: 20, noNaN: true }),
        fc.double({ min: 0, max: 120, noNaN: true }),
        (asked, batteryMwh, fuelMwh) => {
          const carried = carry(backup, { batteryMwh, fuelMwh }, asked);
          expect(carried.servedMw + carried.leftMw).toBeCloseTo(asked.residualMw, 6);
          expect(carried.batteryMw * asked.hours).toBeCloseTo(batteryMwh - carried.stored.batteryMwh, 6);
          expect(carried.generatorMwh).toBeCloseTo(fuelMwh - carried.stored.fuelMwh, 6);
          for (const piece of carried.pieces) {
            expect(piece.batteryMw).toBeLessThanOrEqual(40);
            expect(piece.generatorMw).toBeLessThanOrEqual(60);
            expect(piece.batteryMw + piece.generatorMw + piece.leftMw).toBeCloseTo(asked.residualMw, 6);
          }
        },
      ),
      { numRuns: 300, seed: 5 },
    );
  });

  test('charging draws its losses from the grid and stops when the battery is full', () => {
    expect(recharge(backup, { batteryMwh: 0, fuelMwh: 1 }, { powerMw: 10, hours: 1 })).toEqual({
      drawnMw: 10,
      stored: { batteryMwh: 8, fuelMwh: 1 },
    });
    const last = recharge(backup, { batteryMwh: 16, fuelMwh: 1 }, { powerMw: 100, hours: 0.5 });
    expect(last.drawnMw).toBeCloseTo(10, 9);
    expect(last.stored.batteryMwh).toBeCloseTo(20, 9);
  });
});

describe('a campus on its own supply', () => {
  const onSite = transferred(supply, 1_000);
  const minutes = (from: number, to: number) => ({ fromMs: 1_000 + from * 60_000, toMs: 1_000 + to * 60_000 });

  test('the UPS carries until its end where generators take longer, then the battery, then both', () => {
    expect(supplySegments(onSite, supply, full, minutes(0, 10))).toEqual([
      { by: 'ups', ...minutes(0, 5) },
      { by: 'battery', ...minutes(5, 6) },
      { by: 'battery-and-generators', ...minutes(6, 10) },
    ]);
    const quick = { ...supply, backup: { ...backup, generators: { ...backup.generators, startSeconds: 60 } } };
    expect(supplySegments(transferred(quick, 1_000), quick, full, minutes(0, 10)).map(({ by, toMs }) => [by, toMs])).toEqual([
      ['ups', 61_000],
      ['battery-and-generators', 601_000],
    ]);
    const dry = supplySegments(onSite, supply, { batteryMwh: 20, fuelMwh: 0 }, minutes(4, 10));
    expect(dry.map(({ by, fromMs }) => [by, fromMs])).toEqual([
      ['ups', 241_000],
      ['battery-and-generators', 301_000],
    ]);
  });

  test('what lasts is bound by power and by store', () => {
    expect(lastingMw(backup, full, { hours: 0.25, areGeneratorsUp: true })).toBe(100);
    expect(lastingMw(backup, full, { hours: 1, areGeneratorsUp: true })).toBe(80);
    expect(lastingMw(backup, full, { hours: 4, areGeneratorsUp: true })).toBe(35);
    expect(lastingMw(backup, full, { hours: 1, areGeneratorsUp: false })).toBe(20);
  });

  test('inference is carried first, then runs that could not be saved, then the others in their order', () => {
    const runs = [
      { index: 0, powerMw: 30, saveSeconds: 60 },
      { index: 1, powerMw: 25, saveSeconds: 301 },
      { index: 2, powerMw: 10, saveSeconds: 300 },
      { index: 3, powerMw: 200, saveSeconds: 400 },
    ];
    expect(runFates(runs, { carriedMw: 60, inferenceMw: 20, onSite })).toEqual([
      { index: 0, fate: 'saved', offAtMs: 61_000 },
      { index: 1, fate: 'carried', offAtMs: null },
      { index: 2, fate: 'carried', offAtMs: null },
      { index: 3, fate: 'cut', offAtMs: 1_000 },
    ]);
    expect(runFates(runs, { carriedMw: 10, inferenceMw: 20, onSite }).map(({ fate }) => fate)).toEqual(['saved', 'cut', 'saved', 'cut']);
  });
});

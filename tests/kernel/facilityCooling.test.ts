import { describe, expect, test } from 'vitest';
import { coolingPowerMw, heatWithinMw, plainCooling } from '../../shared/domain/facility/cooling.js';
import { outsideOf } from '../../shared/domain/facility/outside.js';
import { facilityYear } from '../../shared/domain/facility/year.js';
import { acceleratorsWithin, facilityPower, h100Facility } from '../../shared/domain/power/facility.js';
import { hourMs } from '../../shared/domain/ticks.js';

const at = (text: string): number => Date.parse(text);

describe('cooling of a campus', () => {
  test('is fans and pumps alone in the cold, and follows the cube of the flow down to its least', () => {
    const moving = (itMw: number): number => coolingPowerMw(plainCooling, { ratedMw: 100, itMw, heatMw: itMw }, 10);
    expect(moving(100)).toBeCloseTo(4, 9);
    expect(moving(80)).toBeCloseTo(4 * 0.512, 9);
    expect(moving(50)).toBeCloseTo(0.5, 9);
    expect(moving(10)).toBeCloseTo(0.5, 9);
  });

  test('takes chillers for all heat once outside air cools nothing', () => {
    // 0.55 of Carnot between 22 and 52 C: 5.411 units of heat for one of power.
    const hot = coolingPowerMw(plainCooling, { ratedMw: 100, itMw: 100, heatMw: 100 }, 40);
    expect(hot).toBeCloseTo(4 + 100 / ((0.55 * 295.15) / 30), 9);
  });

  test('the heat that fits fills the limit exactly, and is nothing where fans alone exceed it', () => {
    for (const [limitMw, outsideC] of [
      [100, 40],
      [600, 28],
      [2_000, -5],
    ] as const) {
      const heatMw = heatWithinMw(plainCooling, limitMw, limitMw, outsideC);
      expect(heatMw + coolingPowerMw(plainCooling, { ratedMw: limitMw, itMw: heatMw, heatMw }, outsideC)).toBeCloseTo(limitMw, 6);
    }
    expect(heatWithinMw(plainCooling, 1_000, 4, 10)).toBe(0);
  });
});

describe('outside temperature', () => {
  const swing = { kind: 'swing', meanC: 14, dailyC: 8, yearlyC: 24, hottestHour: 15, hottestDay: 200 } as const;

  test('tops at its hour in local time and at its day, and is as low half a day and half a year away', () => {
    const outside = outsideOf(swing, -5 * hourMs);
    const hourFrom = (text: string): number => outside.meanC({ fromMs: at(text) - hourMs / 2, toMs: at(text) + hourMs / 2 });
    // 19 July is day 200; 15 h local standard time is 20 h UTC.
    expect(hourFrom('2027-07-19T20:00:00.000Z')).toBeCloseTo(30, 2);
    expect(hourFrom('2027-07-19T08:00:00.000Z')).toBeCloseTo(22, 2);
    expect(hourFrom('2027-01-18T08:00:00.000Z')).toBeCloseTo(-2, 2);
    expect(outside.hottestC).toBe(30);
  });

  test('a series is averaged over the interval and begins again where it ends', () => {
    const series = { startTime: '2027-01-01T00:00:00.000Z', stepMinutes: 60, values: [-4, 6, 31] };
    const outside = outsideOf({ kind: 'series', series }, 0);
    const fromMs = at(series.startTime);
    expect(outside.meanC({ fromMs: fromMs + hourMs / 2, toMs: fromMs + 2 * hourMs })).toBeCloseTo((-2 + 6) / 1.5, 9);
    expect(outside.meanC({ fromMs: fromMs + 3 * hourMs, toMs: fromMs + 4 * hourMs })).toBe(-4);
    expect(outside.hottestC).toBe(31);
  });
});

describe('a year of weather', () => {
  const plan = { ...h100Facility, accelerators: acceleratorsWithin(h100Facility, 500, 20) };

  test('weighs PUE by energy and gives up accelerators in the hottest hour so that the connection holds', () => {
    const year = facilityYear(plan, 500, Float64Array.of(10, 38, 20, 38));
    const full = (outsideC: number) => facilityPower(plan, { kind: 'work', capRatio: 1 }, outsideC);
    expect(year.hottest.hour).toBe(1);
    expect(year.hottest.wantMw).toBeCloseTo(full(38).campusMw, 9);
    expect(year.hoursAboveLimit).toBe(2);
    expect(year.meanCampusMw).toBeCloseTo((full(10).campusMw + 500 + full(20).campusMw + 500) / 4, 4);
    expect(year.lostMwh).toBeCloseTo(2 * year.hottest.lostMw, 9);
    expect(year.hottest.lostMw).toBeGreaterThan(50);
    expect(year.hottest.lostMw).toBeLessThan(full(38).campusMw - 500);
    expect(year.meanPueRatio).toBeGreaterThan(full(20).pueRatio);
    expect(year.meanPueRatio).toBeLessThan(year.hottest.pueRatio);
  });

  test('gives up nothing where the connection suffices', () => {
    const year = facilityYear(plan, 650, Float64Array.of(-5, 38));
    expect(year).toMatchObject({ lostMwh: 0, hoursAboveLimit: 0 });
    expect(year.hottest.lostThroughputRatio).toBe(0);
  });
});

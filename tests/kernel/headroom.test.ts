import { describe, expect, it } from 'vitest';
import { curtailedRatio, eventHours, headroomAt, largestLoadMw, spareMw } from '../../shared/domain/headroom/headroom.js';
import { hourlyLoad, seasonOf, seasonPeaks, type HourlyLoad } from '../../shared/domain/headroom/load.js';
import { endOfRun, hourOf, plainTraining, trainingCost } from '../../shared/domain/headroom/training.js';
import { draw } from '../../shared/domain/random.js';

/** A year of load that swings by day and season, with noise of its own. */
function drawnLoad(n: number): HourlyLoad {
  const noise = (hour: number): number => draw({ seed: n, component: 'test', entity: 'headroom', purpose: 'noise', n: hour });
  const mw = (hour: number): number =>
    1_000 + 250 * Math.sin((2 * Math.PI * (hour % 24)) / 24) + 200 * Math.cos((4 * Math.PI * hour) / 8_760) + 100 * noise(hour);
  return hourlyLoad(
    2_021,
    Float64Array.from({ length: 8_760 + 8_760 }, (_, hour) => mw(hour)),
  );
}

describe('headroom of a load series', () => {
  it('is that of the published method on four hours', () => {
    const spare = Float64Array.from([6, 8, 10, 8], (mw) => 10 - mw);
    expect(curtailedRatio(spare, 2, 4)).toBe(0.25);
    expect(curtailedRatio(spare, 4, 4)).toBe(0.5);
    expect(largestLoadMw(spare, 0.25, 4)).toBeCloseTo(2, 9);
    expect(largestLoadMw(spare, 0.5, 4)).toBeCloseTo(4, 9);
  });

  it('is curtailed by just its limit, and a larger load by more', () => {
    for (let n = 0; n < 5; n++) {
      const load = drawnLoad(n);
      const spare = spareMw(load);
      for (const limit of [0.0025, 0.005, 0.01, 0.05]) {
        const { newLoadMw, yearRatio } = headroomAt(load, limit);
        expect(yearRatio.reduce((sum, ratio) => sum + ratio, 0) / 2).toBeCloseTo(limit, 9);
        expect(curtailedRatio(spare, 1.001 * newLoadMw, 2 * 8_760)).toBeGreaterThan(limit);
      }
    }
  });

  it('takes the peak of June to August from April to October, that of December to February otherwise', () => {
    const load = hourlyLoad(2_021, new Float64Array(8_760).fill(100));
    const at = (month: number, mw: number): void => void (load.mw[load.month.indexOf(month)] = mw);
    at(7, 200);
    at(1, 150);
    at(5, 300);
    expect(seasonPeaks(load, [])).toEqual({ summer: 200, winter: 150 });
    expect(seasonPeaks(load, ['summer'])).toEqual({ summer: 300, winter: 150 });
    expect([3, 4, 10, 11].map(seasonOf)).toEqual(['winter', 'summer', 'summer', 'winter']);
  });

  it('counts runs of hours as long as they are, over the end of a year too', () => {
    expect(eventHours(Float64Array.of(0, 1, 2, 0, 3, 0, 0, 1, 1, 1))).toEqual([2, 1, 3]);
    expect(eventHours(new Float64Array(5))).toEqual([]);
    const load = hourlyLoad(2_021, new Float64Array(2 * 8_760).fill(100));
    // Peaks of a winter night over New Year, 2 hours on both sides.
    for (const hour of [8_758, 8_759, 8_760, 8_761]) load.mw[hour] = 190;
    load.mw[10] = 200;
    load.mw[load.month.indexOf(7)] = 200;
    const { newLoadMw, eventsPerYear, longestEventHours } = headroomAt(load, 0.0002);
    // 6 L - 40 MWh curtailed of 17,520 L.
    expect(newLoadMw).toBeCloseTo(40 / (6 - 0.0002 * 17_520), 9);
    expect(longestEventHours).toBe(4);
    expect(eventsPerYear).toBe(1.5);
  });

  it('splits what is kept by depth', () => {
    for (let n = 0; n < 3; n++) {
      const { hoursPerYear, hoursHalfKept, hoursThreeQuartersKept, hoursNineTenthsKept } = headroomAt(drawnLoad(n), 0.01);
      expect(hoursPerYear).toBeGreaterThanOrEqual(hoursHalfKept);
      expect(hoursHalfKept).toBeGreaterThanOrEqual(hoursThreeQuartersKept);
      expect(hoursThreeQuartersKept).toBeGreaterThanOrEqual(hoursNineTenthsKept);
      expect(hoursNineTenthsKept).toBeGreaterThan(0);
    }
  });

  it('is none where load beyond the peak of its season takes all that may be curtailed', () => {
    const load = hourlyLoad(2_021, new Float64Array(8_760).fill(100));
    load.month.forEach((month, hour) => {
      if (month === 3) load.mw[hour] = 120;
    });
    expect(headroomAt(load, 0.0025).newLoadMw).toBe(0);
  });
});

describe('training under curtailment', () => {
  const hours = (...ratios: readonly number[]): Float64Array => Float64Array.from(ratios);

  it('pauses what it must and a fifth more, since paused accelerators still draw', () => {
    const how = { policy: 'pause', training: plainTraining } as const;
    expect(hourOf(0.4, 'pause', plainTraining)).toEqual({ speedRatio: 0.5, pausedRatio: 0.5 });
    // Half of one hour and a restart of ten minutes, in four hours.
    expect(trainingCost(hours(0, 0.4, 0, 0), 100, how).lostRatio).toBeCloseTo((0.5 + 1 / 6) / 4, 12);
    // 95 of 100 MW away, and paused accelerators draw 20: 15 MW are not met.
    expect(trainingCost(hours(0.95), 100, how)).toMatchObject({
      residualHours: 1,
      residualMwh: expect.closeTo(15, 9),
      residualMw: expect.closeTo(15, 9),
    });
  });

  it('caps all to one half, which frees 30 %, before it pauses any', () => {
    const half = ((0.5 - 0.39) / 0.61) ** 0.25;
    expect(hourOf(0.15, 'cap', plainTraining)).toEqual({ speedRatio: expect.closeTo(((0.75 - 0.39) / 0.61) ** 0.25, 12), pausedRatio: 0 });
    expect(hourOf(0.3, 'cap', plainTraining)).toEqual({ speedRatio: expect.closeTo(half, 12), pausedRatio: 0 });
    // 0.55 away: 0.25 of the 0.5 that capped accelerators and paused ones differ by.
    expect(hourOf(0.55, 'cap', plainTraining)).toEqual({ speedRatio: expect.closeTo(half / 2, 12), pausedRatio: expect.closeTo(0.5, 12) });
    expect(hourOf(0.9, 'cap', plainTraining).speedRatio).toBeCloseTo(0, 12);
  });

  it('ends a run later by what it loses', () => {
    const run = { fromHour: 1, workHours: 3, policy: 'pause', training: plainTraining } as const;
    expect(endOfRun(hours(0.8, 0, 0, 0, 0), run)).toBe(4);
    expect(endOfRun(hours(0, 0, 0.4, 0, 0, 0), run)).toBeCloseTo(4 + 0.5 + 1 / 6, 9);
    expect(endOfRun(hours(0, 0.8, 0.8, 0, 0), run)).toBeNull();
  });
});

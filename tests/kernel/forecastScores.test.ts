import { describe, expect, it } from 'vitest';
import { levels } from '../../shared/domain/forecast/bands.js';
import { chanceAbove, scoreOf } from '../../shared/domain/forecast/scores.js';
import { runsOf, surgeScore } from '../../shared/domain/forecast/surges.js';

/** Levels 0.01 to 0.99 of a uniform distribution. */
const uniform = (from: number, to: number): number[] => Array.from(levels, (level) => from + level * (to - from));

describe('scores of a forecast', () => {
  it('are those of the definitions, by hand', () => {
    const actualMw = Float64Array.of(100, 200, Number.NaN, 400);
    const pointMw = Float64Array.of(110, 190, 300, Number.NaN);
    const score = scoreOf({ rows: [0, 1, 2, 3], actualMw, pointMw, fanMw: null, naiveMaeMw: 40 });
    expect(score).toEqual({
      hours: 2,
      mapePercent: expect.closeTo(7.5, 9),
      maeMw: 10,
      maseRatio: 0.25,
      pinballMw: null,
      crpsMw: 10,
      coverage10to90Percent: null,
    });
    expect(scoreOf({ rows: [2, 3], actualMw, pointMw, fanMw: null, naiveMaeMw: 40 })).toBeNull();
    expect(scoreOf({ rows: [0], actualMw, pointMw, fanMw: null, naiveMaeMw: 0 })?.maseRatio).toBeNull();
  });

  it('have twice the pinball loss as the error of the distribution, near the integral of its definition', () => {
    // Uniform on 0 to 100, truth 30: the integral of (F - step)^2 is 100 (0.3^3 + 0.7^3) / 3 = 12.33.
    const of = (actual: number) =>
      scoreOf({
        rows: [0],
        actualMw: Float64Array.of(actual),
        pointMw: Float64Array.of(50),
        fanMw: Float64Array.from(uniform(0, 100)),
        naiveMaeMw: null,
      });
    expect(of(30)?.crpsMw).toBeCloseTo(12.33, 0);
    expect(of(30)?.crpsMw).toBeCloseTo(2 * (of(30)?.pinballMw ?? 0), 12);
    expect([9.9, 10, 50, 90, 90.1].map((actual) => of(actual)?.coverage10to90Percent)).toEqual([0, 100, 100, 100, 0]);
    // A step in place of a distribution: twice the pinball loss is the error.
    const step = scoreOf({
      rows: [0],
      actualMw: Float64Array.of(30),
      pointMw: Float64Array.of(50),
      fanMw: new Float64Array(99).fill(50),
      naiveMaeMw: null,
    });
    expect(step?.crpsMw).toBeCloseTo(20, 9);
  });

  it('read the chance to lie above a value off the levels', () => {
    const fan = Float64Array.from([...uniform(0, 100), ...uniform(Number.NaN, Number.NaN)]);
    expect([-1, 0.5, 25.5, 90, 99.5].map((value) => Number(chanceAbove(fan, 0, value).toFixed(6)))).toEqual([1, 1, 0.745, 0.1, 0]);
    expect(chanceAbove(fan, 1, 50)).toBeNaN();
    expect(chanceAbove(new Float64Array(99).fill(7), 0, 7)).toBe(1);
  });
});

describe('warnings of surges', () => {
  // 100 hours; surges: hours 20-21 and 60. Strength by hour, forecast at the full day before.
  const seenMw = new Float64Array(100).fill(10);
  for (const hour of [20, 21, 60]) seenMw[hour] = 100;
  const hour = Int32Array.from({ length: 100 }, (_, each) => each);
  const lead = hour.map((each) => (each % 24) + 1);
  const scoreWith = (strengths: Readonly<Record<number, number>>, mostFalse: number) =>
    surgeScore({ seenMw, topRatio: 0.03, hour, lead, strength: () => Float64Array.from(hour, (each) => strengths[each] ?? 0), mostFalse });

  it('count runs of hours, false ones, those that came and how long before', () => {
    // Alarm at 20 of the forecast 21 hours before; one at 40 for nothing; one at 61, an hour off, of the forecast 14 hours before.
    expect(scoreWith({ 20: 0.9, 40: 0.8, 61: 0.7 }, 1)).toEqual({
      thresholdMw: 100,
      alarmStrength: 0.7,
      surges: 2,
      alarms: 3,
      falseAlarms: 1,
      precisionRatio: expect.closeTo(2 / 3, 12),
      recallRatio: 1,
      medianLeadHours: (21 + (60 - (61 - 14))) / 2,
    });
  });

  it('stay within the false alarms that are allowed', () => {
    expect(scoreWith({ 20: 0.9, 40: 0.8, 61: 0.7 }, 0)).toMatchObject({ alarmStrength: 0.9, alarms: 1, falseAlarms: 0, recallRatio: 0.5 });
    expect(scoreWith({ 40: 0.8 }, 0)).toMatchObject({
      alarmStrength: null,
      alarms: 0,
      recallRatio: 0,
      precisionRatio: null,
      medianLeadHours: null,
    });
  });

  it('do not come once the surge is under way', () => {
    const late = surgeScore({
      seenMw,
      topRatio: 0.03,
      hour: Int32Array.of(22),
      lead: Int32Array.of(1),
      strength: () => Float64Array.of(1),
      mostFalse: 0,
    });
    // Issued at 21, within a surge that began at 20.
    expect(late).toMatchObject({ alarms: 1, falseAlarms: 0, recallRatio: 0 });
  });

  it('are runs of hours in a row', () => {
    expect(runsOf(6, (each) => [0, 2, 3, 5].includes(each))).toEqual([
      { from: 0, to: 0 },
      { from: 2, to: 3 },
      { from: 5, to: 5 },
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { backtest } from '../../shared/domain/forecast/backtest.js';
import type { WeatherUse } from '../../shared/domain/forecast/features.js';
import { newForecaster, seeHour, type IssuePlan } from '../../shared/domain/forecast/forecaster.js';
import { scoreOf } from '../../shared/domain/forecast/scores.js';
import { warmthOf } from '../../shared/domain/forecast/warmth.js';
import { drawNormal } from '../../shared/domain/random.js';
import { dayMs, hourMs } from '../../shared/domain/ticks.js';

const startMs = Date.UTC(2018, 0, 1) + hourMs;
const days = 300;

/** Temperature that swings by day and year with fronts of some days, C, and a load that heats below 15.6 and cools above 20. */
function drawnWeather(): { readonly celsius: Float64Array; readonly mw: Float64Array } {
  const celsius = new Float64Array(24 * days);
  const mw = new Float64Array(24 * days);
  let front = 0;
  for (let hour = 0; hour < mw.length; hour++) {
    front = 0.98 * front + 0.8 * drawNormal({ seed: 1, component: 'test', entity: 'weather', purpose: 'front', n: hour });
    const c = 14 - 10 * Math.cos((2 * Math.PI * hour) / 8_766) + 4 * Math.sin((2 * Math.PI * ((hour % 24) - 9)) / 24) + front;
    celsius[hour] = c;
    mw[hour] = 1_000 + 100 * Math.sin((2 * Math.PI * ((hour % 24) - 8)) / 24) + 25 * Math.max(0, c - 20) + 18 * Math.max(0, 15.6 - c);
  }
  return { celsius, mw };
}

const { celsius, mw } = drawnWeather();
const planWith = (weather: WeatherUse): IssuePlan => ({
  leadFrom: 1,
  leadTo: 24,
  isIssue: (endMs) => endMs % dayMs === 0,
  localMs: (atMs) => atMs,
  holidays: 'none',
  knownMw: () => 0,
  weather,
  temperatureC: (endMs) => celsius[(endMs - startMs) / hourMs] ?? Number.NaN,
});

describe('temperatures beside a load', () => {
  it('halve its error where the hours ahead are known', () => {
    const mapeOf = (weather: WeatherUse): number => {
      const test = backtest({ startMs, mw }, { plan: planWith(weather), fromHour: 24 * 240, toHour: 24 * days });
      const rows = Array.from(test.hour, (_, row) => row);
      const actualMw = Float64Array.from(test.hour, (hour) => mw[hour]!);
      return scoreOf({ rows, actualMw, pointMw: test.medianMw, fanMw: null, naiveMaeMw: null })?.mapePercent ?? Number.NaN;
    };
    const [none, observed, ahead] = [mapeOf('none'), mapeOf('observed'), mapeOf('ahead')];
    expect(ahead).toBeLessThan(0.5 * none);
    expect(observed).toBeLessThan(1.05 * none);
  });

  it('are asked for up to the issue only, unless those ahead are said to be known', () => {
    const latestLead = (weather: WeatherUse): number => {
      let latest = -Infinity;
      let nowMs = startMs - hourMs;
      const plan = planWith(weather);
      const temperatureC = (endMs: number): number => {
        latest = Math.max(latest, (endMs - nowMs) / hourMs);
        return plan.temperatureC(endMs);
      };
      const forecaster = newForecaster({ ...plan, temperatureC }, { startMs, mw: mw.subarray(0, 0) });
      latest = -Infinity;
      for (let hour = 0; hour < 24 * 20; hour++) {
        nowMs += hourMs;
        seeHour(forecaster, mw[hour]!);
      }
      return latest;
    };
    expect(latestLead('none')).toBe(-Infinity);
    expect(latestLead('observed')).toBe(0);
    expect(latestLead('ahead')).toBe(24);
  });

  it('are degrees of heating and cooling, by day and by sixth of the hours ahead', () => {
    const at = (endMs: number): number => {
      const lead = (endMs - startMs) / hourMs;
      return lead > 4 && lead <= 8 ? Number.NaN : lead > 8 ? 30 : lead > -24 ? 10.6 : 5.6;
    };
    const shape = { leadFrom: 1, leadTo: 24, temperatureC: at };
    const rounded = (weather: WeatherUse): number[] =>
      Array.from(warmthOf({ ...shape, weather }, startMs), (value) => Math.round(10 * value) / 10);
    expect(rounded('none')).toEqual([]);
    expect(rounded('observed')).toEqual([5, 0, 5, 10.6]);
    expect(rounded('ahead')).toEqual([5, 0, 5, 10.6, 5, 0, Number.NaN, Number.NaN, 0, 10, 0, 10, 0, 10, 0, 10]);
  });

  it('may be missing', () => {
    const test = backtest(
      { startMs, mw },
      { plan: { ...planWith('ahead'), temperatureC: () => Number.NaN }, fromHour: 24 * 60, toHour: 24 * 80 },
    );
    expect([...test.medianMw].every(Number.isFinite)).toBe(true);
  });
});

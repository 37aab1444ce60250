import { describe, expect, it } from 'vitest';
import { backtest, plausibleLoad, type HourlySeries } from '../../shared/domain/forecast/backtest.js';
import { copyForecaster, newForecaster, seeHour, stateBytes, type IssuePlan } from '../../shared/domain/forecast/forecaster.js';
import { reportOf } from '../../shared/domain/forecast/report.js';
import { newStepWatch, stepDays, watchStep } from '../../shared/domain/forecast/stepResponse.js';
import { draw } from '../../shared/domain/random.js';
import { dayMs } from '../../shared/domain/ticks.js';
import { drawnSeries } from '../support/drawnLoad.js';

const plan: IssuePlan = {
  leadFrom: 1,
  leadTo: 24,
  isIssue: (endMs) => endMs % dayMs === 0,
  localMs: (atMs) => atMs,
  holidays: 'none',
  knownMw: () => 0,
  weather: 'none',
  temperatureC: () => Number.NaN,
};

/** Hours of the last days of a series. */
const lastDays = (series: HourlySeries, days: number) => ({ fromHour: series.mw.length - 24 * days, toHour: series.mw.length });

function report(series: HourlySeries, days: number, other: IssuePlan = plan) {
  const hours = lastDays(series, days);
  const loadMw = plausibleLoad(series, { knownMw: other.knownMw, ...hours }).mw;
  return reportOf(backtest(series, { plan: other, ...hours }), {
    startMs: series.startMs,
    loadMw,
    publishedMw: null,
    ...hours,
    localMs: other.localMs,
  });
}

describe('forecasts of a made-up load', () => {
  const series = drawnSeries(240, 1);

  it('err by far less than the week before, less than smoothing, and hold four fifths in their bands', () => {
    const seen = report(drawnSeries(330, 1), 120);
    expect(seen?.own.hours).toBe(120 * 24);
    expect(seen?.own.mapePercent ?? 9).toBeLessThan(0.6 * (seen?.references.lag168?.mapePercent ?? 0));
    expect(seen?.own.mapePercent ?? 9).toBeLessThan(seen?.references.doubleSeasonal?.mapePercent ?? 0);
    expect(Math.abs((seen?.own.coverage10to90Percent ?? 0) - 80)).toBeLessThan(3);
    expect(seen?.byHour.map(({ hourOfDay }) => hourOfDay)).toEqual(Array.from({ length: 24 }, (_, hour) => hour + 1));
    expect(seen?.byHour.reduce((sum, { hours }) => sum + hours, 0)).toBe(120 * 24);
  });

  it('know nothing of what comes after them: they stay the same when the future is shuffled', () => {
    const hours = lastDays(series, 20);
    const cut = hours.fromHour + 8 * 24;
    const future = Array.from(series.mw.subarray(cut), (mw, n) => ({
      mw,
      key: draw({ seed: 1, component: 'test', entity: 'future', purpose: 'order', n }),
    }));
    const shuffled = Float64Array.from([...series.mw.subarray(0, cut), ...future.sort((a, b) => a.key - b.key).map(({ mw }) => mw)]);
    const [real, other] = [series, { ...series, mw: shuffled }].map((each) => backtest(each, { plan, ...hours }));
    // Forecasts issued up to the hour `cut - 1`, the last that both share, and those after it.
    const rowsUpTo = Array.from(real!.hour, (hour, row) => row).filter((row) => real!.hour[row]! - real!.lead[row]! <= cut - 1);
    expect(rowsUpTo.length).toBe(9 * 24);
    const rows = rowsUpTo.length;
    expect(rowsUpTo).toEqual(Array.from({ length: rows }, (_, row) => row));
    for (const { name, wide } of [
      { name: 'medianMw', wide: 1 },
      { name: 'smoothedMw', wide: 1 },
      { name: 'fanMw', wide: 99 },
      { name: 'riseFanMw', wide: 99 },
    ] as const)
      expect(
        Buffer.from(other![name].slice(0, rows * wide).buffer).equals(Buffer.from(real![name].slice(0, rows * wide).buffer)),
        name,
      ).toBe(true);
    expect(other!.medianMw[rowsUpTo.length]).not.toBe(real!.medianMw[rowsUpTo.length]);
  });

  it('are the same live, hour by hour, as in a backtest', () => {
    const hours = lastDays(series, 5);
    const tested = backtest(series, { plan, ...hours });
    const begin = hours.fromHour - plan.leadTo - 24;
    const live = newForecaster(plan, { startMs: series.startMs, mw: series.mw.subarray(0, begin) });
    const medians: number[] = [];
    for (let hour = begin; hour < series.mw.length; hour++) {
      const { forecast } = seeHour(live, series.mw[hour]!);
      forecast?.medianMw.forEach(
        (mw, lead) => void (hour + 1 + lead >= hours.fromHour && hour + 1 + lead < hours.toHour && medians.push(mw)),
      );
    }
    expect(medians).toEqual([...tested.medianMw]);
  });

  it('take little time and memory an hour', () => {
    const forecaster = newForecaster(plan, series);
    expect(stateBytes(forecaster)).toBeLessThan(1_048_576);
    // A copy goes its own way.
    const copy = copyForecaster(forecaster, plan);
    const before = seeHour(copyForecaster(forecaster, plan), 1_000);
    for (let hour = 0; hour < 30; hour++) seeHour(copy, 500);
    expect(seeHour(forecaster, 1_000)).toEqual(before);
  });

  it('look a day further ahead with more error and as honest bands', () => {
    const [near, far] = [report(series, 60), report(series, 60, { ...plan, leadFrom: 25, leadTo: 48 })];
    expect(far?.own.hours).toBe(60 * 24);
    expect(far?.own.mapePercent ?? 0).toBeGreaterThan(near?.own.mapePercent ?? 9);
    expect(Math.abs((far?.own.coverage10to90Percent ?? 0) - 80)).toBeLessThan(5);
    // What was known then: two days before.
    expect(far?.references.lag24?.mapePercent).not.toBe(near?.references.lag24?.mapePercent);
  });
});

describe('new load that comes at once and stays', () => {
  it('is in the forecast of its first day when it is known, and followed within three days when not', () => {
    const series = drawnSeries(240, 2);
    const hours = lastDays(series, 70);
    const isStart = (endMs: number): boolean => Math.floor(endMs / dayMs) % 10 === 0;
    const watch = newStepWatch({ series, plan, stepMw: 12, days: 6, isStart });
    backtest(series, { plan, ...hours, onHour: (hour, seen, forecaster) => watchStep(watch, hour, seen, forecaster) });
    const days = stepDays(watch);
    expect(days.map(({ day }) => day)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(days[0]).toMatchObject({ residualRatio: 1, residualRatioMost: 1 });
    for (const { runs, knownResidualRatioMost } of days) {
      expect(runs).toBeGreaterThan(5);
      expect(knownResidualRatioMost).toBeLessThan(1e-6);
    }
    // Without its lessons on added load the forecaster lacks 0.083 of it.
    expect(days[3]?.residualRatio ?? 1).toBeLessThan(0.075);
    for (const { residualRatio } of days.slice(4)) expect(residualRatio).toBeLessThan(0.05);
  });
});

describe('a load that is not as it should be', () => {
  const series = drawnSeries(200, 3);
  const spoil = (change: (mw: Float64Array) => void): HourlySeries => {
    const mw = series.mw.slice();
    change(mw);
    return { ...series, mw };
  };
  const clean = report(series, 60)?.own.mapePercent ?? 0;

  it.each<[string, (mw: Float64Array) => void]>([
    ['a day is missing every fortnight', (mw) => mw.forEach((_, hour) => hour % 336 < 24 && (mw[hour] = Number.NaN))],
    [
      'an hour in fifty is 1.5e9, 0 or negative',
      (mw) => mw.forEach((_, hour) => hour % 50 === 0 && (mw[hour] = [1.5e9, 0, -400][(hour / 50) % 3]!)),
    ],
  ])('is forecast nearly as well when %s', (_what, change) => {
    const seen = report(spoil(change), 60);
    expect(seen?.own.mapePercent ?? 9).toBeLessThan(1.3 * clean);
    expect(seen?.own.hours ?? 0).toBeGreaterThan(54 * 24);
    expect(Math.abs((seen?.own.coverage10to90Percent ?? 0) - 80)).toBeLessThan(7);
  });

  it('is forecast with wider bands after a day without values', () => {
    const width = (missing: number): number => {
      const hour = series.mw.length - 26;
      const mw = spoil((each) => each.fill(Number.NaN, hour - missing + 1, hour + 1)).mw;
      const rows = backtest({ ...series, mw }, { plan, ...lastDays(series, 1) });
      return (rows.fanMw[12 * 99 + 89]! - rows.fanMw[12 * 99 + 9]!) / rows.medianMw[12]!;
    };
    expect(width(24)).toBeGreaterThan(1.5 * width(0));
  });

  it('is forecast from two weeks alone with wider bands, which come to hold what they say', () => {
    const short = { ...series, mw: series.mw.subarray(0, 24 * 60) };
    const seen = report(short, 45);
    expect(seen?.own.hours).toBe(45 * 24);
    expect(seen?.own.mapePercent ?? 9).toBeLessThan(1.2 * (seen?.references.lag24?.mapePercent ?? 0));
    expect(seen?.own.coverage10to90Percent ?? 0).toBeGreaterThan(75);
    const rows = backtest(short, { plan, ...lastDays(short, 45) });
    const long = backtest(series, { plan, ...lastDays(series, 1) });
    const width = ({ fanMw, medianMw }: typeof rows, row: number): number =>
      (fanMw[row * 99 + 94]! - fanMw[row * 99 + 4]!) / medianMw[row]!;
    expect(width(rows, 12)).toBeGreaterThan(1.3 * width(long, 12));
  });

  it('is forecast as itself when it never changes', () => {
    const seen = report({ ...series, mw: new Float64Array(24 * 60).fill(742) }, 20);
    expect(seen?.own.mapePercent).toBeLessThan(1e-6);
    expect(seen?.own.coverage10to90Percent).toBe(100);
    expect(seen?.own.maseRatio).toBeNull();
  });

  it('is followed when it doubles and stays there', () => {
    const seen = report(
      spoil((mw) => mw.forEach((value, hour) => hour >= mw.length - 24 * 60 && (mw[hour] = 2 * value))),
      50,
    );
    expect(seen?.own.mapePercent ?? 9).toBeLessThan(2 * clean);
  });

  it('has no report when nothing of it is load', () => {
    expect(
      report(
        spoil((mw) => mw.fill(Number.NaN, mw.length - 24 * 20)),
        15,
      ),
    ).toBeNull();
  });
});

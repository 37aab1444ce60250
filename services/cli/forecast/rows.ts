import type { Backtest } from '../../../shared/domain/forecast/backtest.js';
import { levels } from '../../../shared/domain/forecast/bands.js';
import type { ForecastRows } from '../../../shared/domain/forecast/report.js';
import { intAt } from '../../../shared/domain/grid/dense.js';

/** The rows asked for of several backtests, one after the other. */
export function mergedRows(
  tests: readonly Backtest[],
  isAsked: (row: { readonly issuedHour: number; readonly hour: number }) => boolean,
): ForecastRows {
  const kept = tests.flatMap((test) =>
    Array.from(test.hour, (hour, row) => ({ test, row, hour, issuedHour: hour - intAt(test.lead, row) })).filter(isAsked),
  );
  const wide = (of: (test: Backtest) => Float64Array): Float64Array => {
    const merged = new Float64Array(kept.length * levels.length);
    kept.forEach(({ test, row }, place) =>
      merged.set(of(test).subarray(row * levels.length, (row + 1) * levels.length), place * levels.length),
    );
    return merged;
  };
  const narrow = (of: (test: Backtest) => Float64Array): Float64Array =>
    Float64Array.from(kept, ({ test, row }) => of(test)[row] ?? Number.NaN);
  return {
    hour: Int32Array.from(kept, ({ hour }) => hour),
    lead: Int32Array.from(kept, ({ hour, issuedHour }) => hour - issuedHour),
    medianMw: narrow((test) => test.medianMw),
    smoothedMw: narrow((test) => test.smoothedMw),
    fanMw: wide((test) => test.fanMw),
    riseFanMw: wide((test) => test.riseFanMw),
  };
}

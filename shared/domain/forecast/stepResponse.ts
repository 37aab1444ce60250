import { floatAt } from '../grid/dense.js';
import { hourMs } from '../ticks.js';
import type { HourlySeries } from './backtest.js';
import { copyForecaster, seeHour, type Forecaster, type HourSeen, type IssuePlan } from './forecaster.js';

/** New load that comes at once and stays, put on top of a series in runs beside the one without it. */
export interface StepAsked {
  readonly series: HourlySeries;
  readonly plan: IssuePlan;
  readonly stepMw: number;
  /** Days that each run is followed for. */
  readonly days: number;
  /** Whether new load comes with the hour after the one that ends then; asked of hours at which forecasts are issued. */
  readonly isStart: (endMs: number) => boolean;
}

/** How much of the new load forecasts of a day lacked or had too much of, as share of it, each the mean of the day's hours. */
export interface StepDay {
  /** Days since the load came; 0: forecast issued before any of it was seen. */
  readonly day: number;
  readonly runs: number;
  /** Without its being known to the forecaster: mean over the runs, and the worst of them. */
  readonly residualRatio: number;
  readonly residualRatioMost: number;
  /** With the load known from the build-out. */
  readonly knownResidualRatio: number;
  readonly knownResidualRatioMost: number;
}

interface StepRun {
  /** Hour after which the load is there. */
  readonly hour: number;
  readonly unaware: Forecaster;
  readonly aware: Forecaster;
}

/** Follows a backtest and runs the new load beside it. */
export interface StepWatch {
  readonly asked: StepAsked;
  runs: readonly StepRun[];
  /** [days]: residuals of all runs. */
  readonly unaware: readonly number[][];
  readonly aware: readonly number[][];
}

export function newStepWatch(asked: StepAsked): StepWatch {
  const empty = (): number[][] => Array.from({ length: asked.days + 1 }, () => []);
  return { asked, runs: [], unaware: empty(), aware: empty() };
}

/** Takes in what an hour of the backtest brought; forks the forecaster when new load is about to come. */
export function watchStep(watch: StepWatch, hour: number, seen: HourSeen, forecaster: Forecaster): void {
  const { series, plan, stepMw, days, isStart } = watch.asked;
  for (const run of watch.runs) {
    const mw = floatAt(series.mw, hour) + (hour > run.hour ? stepMw : 0);
    const [unaware, aware] = [seeHour(run.unaware, mw), seeHour(run.aware, mw)];
    if (seen.forecast === null || unaware.forecast === null || aware.forecast === null) continue;
    const { medianMw } = seen.forecast;
    const residual = (other: Float64Array): number =>
      Math.abs(1 - medianMw.reduce((sum, without, lead) => sum + floatAt(other, lead) - without, 0) / (medianMw.length * stepMw));
    const day = Math.round((hour - run.hour) / 24);
    watch.unaware[day]?.push(residual(unaware.forecast.medianMw));
    watch.aware[day]?.push(residual(aware.forecast.medianMw));
  }
  watch.runs = watch.runs.filter((run) => hour < run.hour + 24 * days);
  const nextMs = forecaster.endMs + hourMs;
  if (!plan.isIssue(nextMs) || !isStart(nextMs)) return;
  const knownMw = (endMs: number): number => plan.knownMw(endMs) + (endMs > nextMs ? stepMw : 0);
  const aware = copyForecaster(forecaster, { ...plan, knownMw });
  watch.runs = [...watch.runs, { hour: hour + 1, unaware: copyForecaster(forecaster, plan), aware }];
}

/** What the runs showed, day by day. */
export function stepDays({ unaware, aware }: StepWatch): StepDay[] {
  return unaware.map((residuals, day) => {
    const known = aware[day] ?? [];
    return {
      day,
      runs: residuals.length,
      residualRatio: meanOf(residuals),
      residualRatioMost: Math.max(0, ...residuals),
      knownResidualRatio: meanOf(known),
      knownResidualRatioMost: Math.max(0, ...known),
    };
  });
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

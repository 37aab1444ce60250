import { writeFile } from 'node:fs/promises';
import { backtest, pastHours, type Backtest } from '../../../shared/domain/forecast/backtest.js';
import type { ForecastRows } from '../../../shared/domain/forecast/report.js';
import { stateBytes } from '../../../shared/domain/forecast/forecaster.js';
import { newStepWatch, stepDays, watchStep, type StepDay } from '../../../shared/domain/forecast/stepResponse.js';
import { hourMs } from '../../../shared/domain/ticks.js';
import { stopwatchMs } from '../../../shared/runtime/clock.js';
import { readDemand, type DemandFile } from '../../../shared/scenario/demandSeries.js';
import { zoneClock } from '../../../shared/scenario/zone.js';
import { aboveZero, numberIn } from '../dispatch/options.js';
import { printJson } from '../output.js';
import { answerOf } from './answerOf.js';
import { issuesOf, testHours, type BacktestOptions, type Issues, type TestHours } from './asked.js';
import { readBuildout } from './buildout.js';
import { readTemperature } from './temperature.js';
import { weekPlot } from './plot.js';
import { mergedRows } from './rows.js';
import { showBacktest } from './show.js';

/** Days that new load is followed for. */
const stepDaysAhead = 7;

/** What the runs of a backtest brought. */
export interface BacktestRun {
  readonly rows: ForecastRows;
  readonly step: { readonly stepMw: number; readonly days: readonly StepDay[] } | null;
  readonly pastHours: number;
  readonly stateBytes: number;
  readonly seconds: number;
}

/** `forecast backtest`: reads, runs, prints. */
export async function runBacktest(file: string, options: BacktestOptions): Promise<void> {
  const knownMw = options.buildout === undefined ? () => 0 : await readBuildout(options.buildout);
  const stepMw = options.step === undefined ? null : numberIn('--step', options.step, aboveZero);
  const issues = issuesOf(options, { knownMw, temperature: await readTemperature(options) });
  const clock = options.local === true ? issues.clock : zoneClock('--zone', 'UTC');
  const demand = await readDemand(file, { clock, isBegin: options.hoursBegin === true, loadColumn: options.loadColumn ?? null });
  const hours = testHours(file, options, { series: demand.series, issues });
  const run = runAll(demand, { issues, hours, stepMw });
  const answer = answerOf(file, { demand, issues, hours, run });
  if (options.plot !== undefined) await writeFile(options.plot, weekPlot(run.rows, { demand, hours, clock: issues.clock }));
  if (options.json === true) printJson(answer);
  else showBacktest(answer, options.plot ?? null);
}

/** Runs each day ahead by itself; new load is tried on the first of them. */
export function runAll(
  { series }: DemandFile,
  asked: { readonly issues: Issues; readonly hours: TestHours; readonly stepMw: number | null; readonly isQuiet?: boolean },
): BacktestRun {
  const { issues, hours, stepMw } = asked;
  const say = (line: string): void => void (asked.isQuiet === true || process.stderr.write(`forecast: ${line}\n`));
  const beganMs = stopwatchMs();
  const tests: Backtest[] = [];
  let step: BacktestRun['step'] = null;
  for (const [ahead, plan] of issues.plans.entries()) {
    const past = pastHours({ plan, fromHour: hours.fromHour });
    const part = issues.plans.length > 1 ? `day ${ahead + 1} of ${issues.plans.length} ahead, ` : '';
    say(`${part}learns from ${past} hours`);
    const isStart = (endMs: number): boolean => new Date(issues.clock.localMs(endMs + hourMs)).getUTCDate() === 1;
    const watch = stepMw === null || ahead > 0 ? null : newStepWatch({ series, plan, stepMw, days: stepDaysAhead, isStart });
    let month = '';
    const result = backtest(series, {
      plan,
      ...hours,
      onHour: (hour, seen, forecaster) => {
        const now = new Date(forecaster.endMs).toISOString().slice(0, 7);
        if (now !== month) say(`${part}${now}`);
        month = now;
        if (watch !== null && hour >= hours.fromHour - plan.leadFrom - 1) watchStep(watch, hour, seen, forecaster);
      },
    });
    tests.push(result);
    if (watch !== null && stepMw !== null) step = { stepMw, days: stepDays(watch) };
  }
  const seconds = (stopwatchMs() - beganMs) / 1_000;
  const rows = mergedRows(tests, ({ issuedHour, hour }) =>
    issues.isAsked(series.startMs + issuedHour * hourMs, series.startMs + hour * hourMs),
  );
  const last = tests.reduce((most, { forecaster }) => Math.max(most, stateBytes(forecaster)), 0);
  return { rows, step, pastHours: hours.fromHour, stateBytes: last, seconds };
}

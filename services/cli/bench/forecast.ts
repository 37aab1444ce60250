import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { newForecaster, seeHour, stateBytes } from '../../../shared/domain/forecast/forecaster.js';
import { stopwatchMs } from '../../../shared/runtime/clock.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { readDemand } from '../../../shared/scenario/demandSeries.js';
import { zoneClock } from '../../../shared/scenario/zone.js';
import { answerOf } from '../forecast/answerOf.js';
import { issuesOf, testHours, type BacktestOptions } from '../forecast/asked.js';
import { runAll } from '../forecast/run.js';
import type { BenchOptions, Figure } from './figure.js';

/** Authorities of EIA-930 whose published forecast is in the files, with their clocks. */
const authorities = [
  { code: 'ERCO', zone: 'America/Chicago' },
  { code: 'PJM', zone: 'America/New_York' },
] as const;
const test = '2019';

/** A year of two authorities a day ahead from midnight UTC, and the next day from ten in the morning as they publish; time and memory. */
export async function benchForecast({ data }: BenchOptions, say: (line: string) => void): Promise<readonly Figure[]> {
  if (data === undefined) throw wrongInput('--data: found nothing, allowed: the folder that holds eia930-demand, or that folder itself');
  const dir = existsSync(join(data, 'eia930-demand')) ? join(data, 'eia930-demand') : data;
  const figures: Figure[] = [];
  for (const { code, zone } of authorities) {
    const file = join(dir, '2015-2020-with-forecast', `${code}.csv.gz`);
    say(`${code}, 1 to 24 hours ahead`);
    figures.push(
      ...(await scoresOf(`${code} ${test}, 1-24 h from 00 UTC`, file, { issue: '00:00', horizon: '24', zone: 'UTC', step: 500 })),
    );
    say(`${code}, the next day`);
    figures.push(
      ...(await scoresOf(`${code} ${test}, next day from 10:00`, file, { issue: '10:00', horizon: 'next-day', zone, step: null })),
    );
    say(`${code}, hour by hour`);
    figures.push(...(await hourly(code, file)));
  }
  return figures;
}

async function scoresOf(
  name: string,
  file: string,
  how: Pick<BacktestOptions, 'issue' | 'horizon' | 'zone'> & { readonly step: number | null },
): Promise<Figure[]> {
  const options: BacktestOptions = { test, holidays: 'us', issue: how.issue, horizon: how.horizon, zone: how.zone };
  const issues = issuesOf(options, { knownMw: () => 0, temperature: { weather: 'none', temperatureC: () => Number.NaN } });
  const demand = await readDemand(file, { clock: zoneClock('--zone', 'UTC'), isBegin: false, loadColumn: null });
  const hours = testHours(file, options, { series: demand.series, issues });
  const plain = runAll(demand, { issues, hours, stepMw: null, isQuiet: true });
  const { mapePercent, crpsBelowLag168Percent, coverage10to90Percent, references, surges } = answerOf(file, {
    demand,
    issues,
    hours,
    run: plain,
  });
  const step = how.step === null ? [] : (runAll(demand, { issues, hours, stepMw: how.step, isQuiet: true }).step?.days ?? []);
  const { own, published } = { own: surges.peaks?.own ?? null, published: references.published };
  return [
    {
      name: `forecast ${name}, MAPE`,
      value: mapePercent,
      unit: '%',
      ...(published === null ? {} : { peer: 'published', ratio: published.mapePercent / mapePercent }),
    },
    { name: `forecast ${name}, CRPS below lag-168`, value: crpsBelowLag168Percent ?? 0, unit: '%' },
    { name: `forecast ${name}, P10-P90`, value: coverage10to90Percent ?? 0, unit: '%' },
    { name: `forecast ${name}, recall of peaks`, value: own?.recallRatio ?? 0, unit: '1' },
    ...step
      .filter(({ day }) => day === 3)
      .map(({ residualRatio }) => ({
        name: `forecast ${name}, new load of ${how.step} MW lacking after 3 days`,
        value: residualRatio,
        unit: '1',
      })),
    { name: `forecast ${name}, learning and the year`, value: plain.seconds, unit: 's' },
  ];
}

/** What an hour costs a forecaster that has learned from all before the test. */
async function hourly(code: string, file: string): Promise<Figure[]> {
  const { series } = await readDemand(file, { clock: zoneClock('--zone', 'UTC'), isBegin: false, loadColumn: null });
  const options: BacktestOptions = { test, holidays: 'us', issue: '00:00', horizon: '24', zone: 'UTC' };
  const issues = issuesOf(options, { knownMw: () => 0, temperature: { weather: 'none', temperatureC: () => Number.NaN } });
  const { fromHour, toHour } = testHours(file, options, { series, issues });
  const [plan] = issues.plans;
  if (plan === undefined) return [];
  const forecaster = newForecaster(plan, { startMs: series.startMs, mw: series.mw.subarray(0, fromHour) });
  const [plain, issuing]: [number[], number[]] = [[], []];
  for (const mw of series.mw.subarray(fromHour, toHour)) {
    const beganMs = stopwatchMs();
    const { forecast } = seeHour(forecaster, mw);
    (forecast === null ? plain : issuing).push(stopwatchMs() - beganMs);
  }
  const median = (times: readonly number[]): number => [...times].sort((a, b) => a - b)[times.length >> 1] ?? Number.NaN;
  const all = [...plain, ...issuing];
  return [
    { name: `forecast ${code}, an hour, mean`, value: all.reduce((sum, ms) => sum + ms, 0) / all.length, unit: 'ms' },
    { name: `forecast ${code}, an hour that learns a day and issues, median`, value: median(issuing), unit: 'ms' },
    { name: `forecast ${code}, state`, value: stateBytes(forecaster) / 1_024, unit: 'kB' },
  ];
}

import { floatAt, intAt } from '../grid/dense.js';
import { dayMs, hourMs } from '../ticks.js';
import type { Backtest } from './backtest.js';
import { yearSeasonOf, yearSeasons, type YearSeason } from './calendar.js';
import { chanceAbove, scoreOf, type Score } from './scores.js';
import { surgeScore, type SurgeScore } from './surges.js';

/** Forecasts by row, whoever made them. */
export type ForecastRows = Omit<Backtest, 'forecaster'>;

/** What a backtest is judged by. */
export interface ReportAsked {
  readonly startMs: number;
  /** [hours of the series], MW: what counts as load; NaN elsewhere. */
  readonly loadMw: Float64Array;
  readonly publishedMw: Float64Array | null;
  readonly fromHour: number;
  readonly toHour: number;
  readonly localMs: (atMs: number) => number;
}

/** Forecasts to compare with. `lag24`: the newest same hour of a day that was known; `lag168`: of a week. */
export const referenceNames = ['lag24', 'lag168', 'doubleSeasonal', 'published'] as const;
export type ReferenceName = (typeof referenceNames)[number];

/** A reference, and ours over the hours that it has. */
export interface Reference extends Score {
  readonly own: Score;
}

export interface HourScore extends Score {
  /** Hour of the day on the clock asked for, by its end: 1 to 24. */
  readonly hourOfDay: number;
  readonly publishedMapePercent: number | null;
}

export interface SeasonScore extends Score {
  readonly season: YearSeason;
  readonly publishedMapePercent: number | null;
}

/** Coverage of every hour of the day in every season. */
export interface CellCoverage {
  readonly cells: number;
  readonly leastPercent: number;
  readonly mostPercent: number;
  readonly within73to87: number;
}

/** Surges of a kind by our forecast, and by references that give a value for each hour. */
export interface SurgeReport {
  readonly own: SurgeScore;
  readonly lag168: SurgeScore | null;
  readonly published: SurgeScore | null;
}

export interface BacktestReport {
  readonly own: Score;
  /** By how much the error of the distribution lies below that of the week before, over the same hours. */
  readonly crpsBelowLag168Percent: number | null;
  readonly references: Readonly<Record<ReferenceName, Reference | null>>;
  readonly byHour: readonly HourScore[];
  readonly bySeason: readonly SeasonScore[];
  readonly cells: CellCoverage | null;
  readonly surges: { readonly rises: SurgeReport | null; readonly peaks: SurgeReport | null };
}

/** Share of the hours of a test that are surges, and hours that a false alarm is allowed for. */
const topRatio = 0.01;
const hoursPerFalseAlarm = 730;

/** Scores of a backtest; null when no hour of it has load. */
export function reportOf(backtest: ForecastRows, asked: ReportAsked): BacktestReport | null {
  const { hour, fanMw } = backtest;
  const all = Array.from(hour, (_, row) => row);
  const rowsMw = (of: (row: number) => number): Float64Array => Float64Array.from(all, of);
  const actualMw = rowsMw((row) => floatAt(asked.loadMw, intAt(hour, row)));
  const naiveMaeMw = naiveError(asked);
  const points = referencePoints(backtest, asked);
  const ownOver = (rows: readonly number[]): Score | null => scoreOf({ rows, actualMw, pointMw: backtest.medianMw, fanMw, naiveMaeMw });
  const pointOver = (rows: readonly number[], pointMw: Float64Array | null): Score | null =>
    pointMw === null ? null : scoreOf({ rows, actualMw, pointMw, fanMw: null, naiveMaeMw });
  const own = ownOver(all);
  if (own === null) return null;
  const reference = (name: ReferenceName): Reference | null => {
    const pointMw = points[name];
    const score = pointOver(all, pointMw);
    const same = pointMw === null ? null : ownOver(all.filter((row) => !Number.isNaN(floatAt(pointMw, row))));
    return score === null || same === null ? null : { ...score, own: same };
  };
  const grouped = <Key extends string | number>(keys: readonly Key[], keyOf: (row: number) => Key) =>
    keys.flatMap((key) => {
      const rows = all.filter((row) => keyOf(row) === key);
      const score = ownOver(rows);
      return score === null ? [] : [{ key, score, publishedMapePercent: pointOver(rows, points.published)?.mapePercent ?? null }];
    });
  const localEndMs = all.map((row) => asked.localMs(asked.startMs + intAt(hour, row) * hourMs));
  const hourOfDay = (row: number): number => Math.ceil((((localEndMs[row] ?? 0) + dayMs - 1) % dayMs) / hourMs) || 24;
  const seasonOf = (row: number): YearSeason => yearSeasonOf(localEndMs[row] ?? 0);
  const hours = Array.from({ length: 24 }, (_, each) => each + 1);
  const cells = grouped(
    hours.flatMap((each) => yearSeasons.map((season) => `${season} ${each}`)),
    (row) => `${seasonOf(row)} ${hourOfDay(row)}`,
  );
  const references = {
    lag24: reference('lag24'),
    lag168: reference('lag168'),
    doubleSeasonal: reference('doubleSeasonal'),
    published: reference('published'),
  };
  const { lag168 } = references;
  return {
    own,
    crpsBelowLag168Percent: lag168 === null || lag168.maeMw === 0 ? null : 100 * (1 - lag168.own.crpsMw / lag168.maeMw),
    references,
    byHour: grouped(hours, hourOfDay).map(({ key, score, ...rest }) => ({ hourOfDay: key, ...score, ...rest })),
    bySeason: grouped(yearSeasons, seasonOf).map(({ key, score, ...rest }) => ({ season: key, ...score, ...rest })),
    cells: cellCoverage(cells.map(({ score }) => score.coverage10to90Percent ?? 0)),
    surges: { rises: surgeReport(backtest, asked, 'rises', points), peaks: surgeReport(backtest, asked, 'peaks', points) },
  };
}

/** Values of each reference by row, MW; NaN where it has none. */
function referencePoints(
  { hour, lead, smoothedMw }: ForecastRows,
  { loadMw, publishedMw }: ReportAsked,
): Readonly<Record<ReferenceName, Float64Array | null>> {
  const lagged = (hours: number): Float64Array =>
    Float64Array.from(hour, (each, row) => loadMw[each - hours * Math.ceil(intAt(lead, row) / hours)] ?? Number.NaN);
  return {
    lag24: lagged(24),
    lag168: lagged(168),
    doubleSeasonal: smoothedMw,
    published: publishedMw === null ? null : Float64Array.from(hour, (each) => floatAt(publishedMw, each)),
  };
}

/** Mean error of the same hour a week before over the hours before the test, MW; null without any. */
function naiveError({ loadMw, fromHour }: ReportAsked): number | null {
  let [sum, hours] = [0, 0];
  for (let hour = 168; hour < fromHour; hour++) {
    const error = Math.abs(floatAt(loadMw, hour) - floatAt(loadMw, hour - 168));
    if (Number.isNaN(error)) continue;
    sum += error;
    hours += 1;
  }
  return hours === 0 ? null : sum / hours;
}

function cellCoverage(percents: readonly number[]): CellCoverage | null {
  if (percents.length === 0) return null;
  return {
    cells: percents.length,
    leastPercent: Math.min(...percents),
    mostPercent: Math.max(...percents),
    within73to87: percents.filter((percent) => percent >= 73 && percent <= 87).length,
  };
}

function surgeReport(
  backtest: ForecastRows,
  { loadMw, fromHour, toHour }: ReportAsked,
  kind: 'rises' | 'peaks',
  points: Readonly<Record<ReferenceName, Float64Array | null>>,
): SurgeReport | null {
  const { hour, lead } = backtest;
  const before = (row: number): number => (row > 0 && intAt(hour, row - 1) === intAt(hour, row) - 1 ? row - 1 : -1);
  const seenMw = Float64Array.from({ length: toHour - fromHour }, (_, each) => {
    const mw = floatAt(loadMw, fromHour + each);
    return kind === 'peaks' ? mw : mw - (loadMw[fromHour + each - 1] ?? Number.NaN);
  });
  const asked = {
    seenMw,
    topRatio,
    hour: hour.map((each) => each - fromHour),
    lead,
    mostFalse: Math.round(seenMw.length / hoursPerFalseAlarm),
  };
  const fanMw = kind === 'peaks' ? backtest.fanMw : backtest.riseFanMw;
  const own = surgeScore({
    ...asked,
    strength: (thresholdMw) => Float64Array.from(hour, (_, row) => chanceAbove(fanMw, row, thresholdMw)),
  });
  const byPoint = (pointMw: Float64Array | null): SurgeScore | null => {
    if (pointMw === null || !pointMw.some((mw) => !Number.isNaN(mw))) return null;
    const valueOf = (row: number): number => {
      if (kind === 'peaks') return floatAt(pointMw, row);
      return before(row) < 0 ? Number.NaN : floatAt(pointMw, row) - floatAt(pointMw, before(row));
    };
    return surgeScore({ ...asked, strength: () => Float64Array.from(hour, (_, row) => valueOf(row)) });
  };
  return own === null ? null : { own, lag168: byPoint(points.lag168), published: byPoint(points.published) };
}

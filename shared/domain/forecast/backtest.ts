import { floatAt } from '../grid/dense.js';
import { hourMs } from '../ticks.js';
import { levels } from './bands.js';
import { leadCount } from './features.js';
import { newForecaster, seeHour, type Forecaster, type HourSeen, type IssuePlan, type LoadForecast } from './forecaster.js';
import { lookbackHours } from './lookback.js';
import { newWatch, reasonAgainst, type Refusal } from './plausible.js';

/** A series hour by hour; an hour is named by the instant it ends at. */
export interface HourlySeries {
  /** End of the first hour, UTC ms. */
  readonly startMs: number;
  /** [hours], MW; NaN where there is no value. */
  readonly mw: Float64Array;
}

/** What is tested: forecasts of the hours `fromHour` to `toHour`, the last not included, counted from the start of the series. */
export interface BacktestAsked {
  readonly plan: IssuePlan;
  readonly fromHour: number;
  readonly toHour: number;
  /** Called after each hour with what it brought and the forecaster as it stands then. */
  readonly onHour?: (hour: number, seen: HourSeen, forecaster: Forecaster) => void;
}

/** Forecasts of the hours of a test, a row for each forecast of an hour. */
export interface Backtest {
  /** [rows]: hour from the start of the series, and how many hours ahead it was forecast. */
  readonly hour: Int32Array;
  readonly lead: Int32Array;
  /** [rows], MW. */
  readonly medianMw: Float64Array;
  readonly smoothedMw: Float64Array;
  /** [rows][levels], MW: the load, and its rise from the hour before. */
  readonly fanMw: Float64Array;
  readonly riseFanMw: Float64Array;
  /** What the forecaster holds at the end. */
  readonly forecaster: Forecaster;
}

/** Hours that must be known before the first forecast of a test is issued. */
export const leastPastHours = lookbackHours + 24;
/** A forecaster that knows little is made anew when it knows this many times as much, until it knows two years. */
const growth = 1.5;
const enoughHours = 17_520;

/** Hours known when a test begins: every forecast of its first hour is issued within it. */
export function pastHours({ plan, fromHour }: Pick<BacktestAsked, 'plan' | 'fromHour'>): number {
  return fromHour - plan.leadTo - 24;
}

/** Forecasts every hour asked for from what was known when each forecast was issued, hour after hour. */
export function backtest(series: HourlySeries, asked: BacktestAsked): Backtest {
  const { plan, toHour, onHour } = asked;
  const begin = pastHours(asked);
  const known = (hours: number): HourlySeries => ({ startMs: series.startMs, mw: series.mw.subarray(0, hours) });
  const issued: { readonly hour: number; readonly forecast: LoadForecast }[] = [];
  let forecaster = newForecaster(plan, known(begin));
  let madeAt = begin;
  for (let hour = begin; hour < toHour; hour++) {
    if (madeAt < enoughHours && hour >= growth * madeAt) {
      madeAt = hour;
      forecaster = newForecaster(plan, known(hour));
    }
    const seen = seeHour(forecaster, floatAt(series.mw, hour));
    if (seen.forecast !== null) issued.push({ hour, forecast: seen.forecast });
    onHour?.(hour, seen, forecaster);
  }
  return { ...rowsOf(issued, asked), forecaster };
}

function rowsOf(
  issued: readonly { readonly hour: number; readonly forecast: LoadForecast }[],
  { plan, fromHour, toHour }: BacktestAsked,
): Omit<Backtest, 'forecaster'> {
  const count = levels.length;
  const rows = issued.flatMap(({ hour, forecast }) =>
    Array.from({ length: leadCount(plan) }, (_, place) => ({ hour: hour + plan.leadFrom + place, place, forecast })).filter(
      (row) => row.hour >= fromHour && row.hour < toHour,
    ),
  );
  const fanMw = new Float64Array(rows.length * count);
  const riseFanMw = new Float64Array(rows.length * count);
  rows.forEach(({ place, forecast }, row) => {
    fanMw.set(forecast.fanMw.subarray(place * count, (place + 1) * count), row * count);
    riseFanMw.set(forecast.riseFanMw.subarray(place * count, (place + 1) * count), row * count);
  });
  return {
    hour: Int32Array.from(rows, ({ hour }) => hour),
    lead: Int32Array.from(rows, ({ place }) => plan.leadFrom + place),
    medianMw: Float64Array.from(rows, ({ place, forecast }) => floatAt(forecast.medianMw, place)),
    smoothedMw: Float64Array.from(rows, ({ place, forecast }) => floatAt(forecast.smoothedMw, place)),
    fanMw,
    riseFanMw,
  };
}

/** The hours of a series that are load as a forecaster sees them, [hours], MW, NaN for the others; and how many were not, by reason. */
export function plausibleLoad(
  { startMs, mw }: HourlySeries,
  within: Pick<IssuePlan, 'knownMw'> & Pick<BacktestAsked, 'fromHour' | 'toHour'>,
): { readonly mw: Float64Array; readonly refused: Readonly<Record<Refusal, number>> } {
  const refused: Record<Refusal, number> = { missing: 0, 'not above zero': 0, 'too high': 0, 'too low': 0 };
  const watch = newWatch();
  const plausible = mw.map((value, hour) => {
    const reason = reasonAgainst(watch, value - within.knownMw(startMs + hour * hourMs));
    if (reason !== null && hour >= within.fromHour && hour < within.toHour) refused[reason] += 1;
    return reason === null ? value : Number.NaN;
  });
  return { mw: plausible, refused };
}

import { pastHours, leastPastHours, type HourlySeries } from '../../../shared/domain/forecast/backtest.js';
import { holidayCalendars, type HolidayCalendar } from '../../../shared/domain/forecast/calendar.js';
import type { IssuePlan } from '../../../shared/domain/forecast/forecaster.js';
import { dayMs, hourMs } from '../../../shared/domain/ticks.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { zoneClock, type ZoneClock } from '../../../shared/scenario/zone.js';
import { wordIn } from '../dispatch/options.js';

/** What a person asks of a backtest. */
export interface BacktestOptions {
  readonly test: string;
  readonly issue: string;
  readonly horizon: string;
  readonly zone: string;
  readonly local?: boolean;
  readonly hoursBegin?: boolean;
  readonly loadColumn?: string;
  readonly holidays: string;
  readonly buildout?: string;
  readonly temperature?: string;
  readonly temperatureAhead?: boolean;
  readonly step?: string;
  readonly plot?: string;
  readonly json?: boolean;
}

/** When forecasts are issued, on which clock, and for which hours: one plan for each day ahead. */
export interface Issues {
  readonly clock: ZoneClock;
  readonly issueHour: number;
  readonly plans: readonly IssuePlan[];
  /** Whether an hour is among those that a forecast is asked for. */
  readonly isAsked: (issuedMs: number, endMs: number) => boolean;
}

/** What forecasts know beside the load itself. */
export interface Known {
  /** New load from the build-out, MW in the hour that ends then. */
  readonly knownMw: (endMs: number) => number;
  readonly temperature: Pick<IssuePlan, 'weather' | 'temperatureC'>;
}

const mostHorizonHours = 168;

/** @throws TWIN_WRONG_INPUT */
export function issuesOf(options: BacktestOptions, { knownMw, temperature }: Known): Issues {
  const clock = zoneClock('--zone', options.zone);
  const holidays = wordIn<HolidayCalendar>('--holidays', options.holidays, holidayCalendars);
  const issueHour = Number(/^([01]?\d|2[0-3]):00$/.exec(options.issue)?.[1] ?? Number.NaN);
  if (Number.isNaN(issueHour)) throw wrongInput(`--issue: found ${options.issue}, allowed: a whole hour, 00:00 to 23:00`);
  // On clocks that are half an hour off, the first end of an hour after it.
  const isIssue = (endMs: number): boolean => Math.floor(modulo(clock.localMs(endMs), dayMs) / hourMs) === issueHour;
  const plan = (leadFrom: number, leadTo: number): IssuePlan => ({
    leadFrom,
    leadTo,
    isIssue,
    localMs: clock.localMs,
    holidays,
    knownMw,
    weather: temperature.weather,
    temperatureC: temperature.temperatureC,
  });
  if (options.horizon === 'next-day') {
    const leadFrom = 24 - issueHour + 1;
    // A day of 25 hours has one more.
    const plans = [plan(leadFrom, leadFrom + (clock.changes ? 24 : 23))];
    const dayOf = (endMs: number): number => Math.floor((clock.localMs(endMs) - 1) / dayMs);
    return { clock, issueHour, plans, isAsked: (issuedMs, endMs) => dayOf(endMs) === dayOf(issuedMs + 1) + 1 };
  }
  const horizon = /^\d+$/.test(options.horizon) ? Number(options.horizon) : Number.NaN;
  if (!(horizon >= 1 && horizon <= mostHorizonHours))
    throw wrongInput(`--horizon: found ${options.horizon}, allowed: hours from 1 to ${mostHorizonHours}, or next-day`);
  const plans = Array.from({ length: Math.ceil(horizon / 24) }, (_, day) => plan(24 * day + 1, Math.min(horizon, 24 * day + 24)));
  return { clock, issueHour, plans, isAsked: () => true };
}

/** Hours of the test counted from the start of the series, the last not included. */
export interface TestHours {
  readonly fromHour: number;
  readonly toHour: number;
}

/**
 * The hours from the first to the last day named, both whole: FROM:TO of days, months or years, or one of them alone.
 * @throws TWIN_WRONG_INPUT
 */
export function testHours(
  file: string,
  options: BacktestOptions,
  { series, issues }: { readonly series: HourlySeries; readonly issues: Issues },
): TestHours {
  const { clock, plans } = issues;
  const [first, last, ...rest] = options.test.split(':');
  const [from, to] = [daySpan(first ?? ''), daySpan(last ?? first ?? '')];
  if (from === null || to === null || rest.length > 0 || to.endMs <= from.startMs)
    throw wrongInput(`--test: found ${options.test}, allowed: FROM:TO as 2019-01-01:2019-12-31, 2019-01:2019-06 or 2019`);
  const instant = (localMs: number): number => clock.instantsOf(localMs)[0] ?? localMs - (clock.localMs(localMs) - localMs);
  const hourAt = (localMs: number): number => Math.round((instant(localMs) - series.startMs) / hourMs) + 1;
  const fromHour = hourAt(from.startMs);
  const toHour = Math.min(series.mw.length, hourAt(to.endMs));
  const [startsAt, endsAt] = [series.startMs, series.startMs + (series.mw.length - 1) * hourMs].map((ms) => new Date(ms).toISOString());
  if (toHour <= fromHour)
    throw wrongInput(`--test: found ${options.test}, allowed: days of ${file}, hours ending ${startsAt} to ${endsAt}`);
  const past = Math.min(...plans.map((plan) => pastHours({ plan, fromHour })));
  if (past < leastPastHours) {
    const needed = Math.ceil((leastPastHours + fromHour - past) / 24);
    const known = Math.max(0, Math.floor(fromHour / 24));
    throw wrongInput(
      `--test: found ${known} days of ${file} before ${first}, allowed: at least ${needed} days to learn from (hours begin ${startsAt})`,
    );
  }
  return { fromHour, toHour };
}

/** First and last instant of a day, month or year on its clock; null when it is none. */
function daySpan(text: string): { readonly startMs: number; readonly endMs: number } | null {
  const match = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(text);
  if (match === null) return null;
  const [year, month, day] = [Number(match[1]), Number(match[2] ?? 1), Number(match[3] ?? 1)];
  const startMs = Date.UTC(year, month - 1, day);
  const date = new Date(startMs);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  if (match[2] === undefined) return { startMs, endMs: Date.UTC(year + 1, 0, 1) };
  return { startMs, endMs: match[3] === undefined ? Date.UTC(year, month, 1) : startMs + dayMs };
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}

import type { World } from '../../scenario/schema.js';
import { resampledYears, usualWindowDays } from '../adequacy/days.js';
import { intAt } from '../grid/dense.js';
import { annuityRatio } from '../mix/annuity.js';
import { drawLognormal, drawTriangular, type DrawKey } from '../random.js';
import { withFlatLoads, type SitingRun } from './eras.js';
import { effectOf, loadedYearOf, type LoadedDay, type LoadedYear, type LoadEffect } from './loadedYear.js';

/** How long something takes, months. */
export type Months =
  | { readonly kind: 'triangular'; readonly min: number; readonly mode: number; readonly max: number }
  | { readonly kind: 'lognormal'; readonly median: number; readonly sigma: number }
  | { readonly kind: 'fixed'; readonly months: number };

/** A new line from the surplus to the load. */
export interface NewLine {
  /** Straight from bus to bus. */
  readonly miles: number;
  /** Of its way, all in. */
  readonly usdPerMile: number;
  /** Its way over the straight line. */
  readonly detourFactor: number;
  readonly lifeYears: number;
  readonly discountRatio: number;
  /** Permits first, then work. */
  readonly permits: Months;
  readonly construction: Months;
}

/** What is compared: a campus where surplus is, and the same campus where load is, with a new line and without. */
export interface LineQuestion {
  readonly mw: number;
  readonly surplusBus: string;
  readonly loadBus: string;
  readonly line: NewLine;
  /** Of the campus, at both ends: study of its connection, and building it, side by side. */
  readonly study: Months;
  readonly building: Months;
  readonly years: number;
  readonly seed: number;
  readonly say: (line: string) => void;
}

export type LineWay = 'at-surplus' | 'at-load' | 'at-load-with-line';

/** One of the ways, over the hours of the run. */
export interface WayFigures extends LoadEffect {
  readonly way: LineWay;
  /** The line by MWh served; 0 without one. */
  readonly lineUsdPerMwh: number;
  /** Running and line, USD/MWh, in each resampled year. */
  readonly yearUsdPerMwh: readonly number[];
  /** Until the first MWh, in each resampled year. */
  readonly yearMonths: readonly number[];
}

/** What taking compute to the surplus is worth against moving the energy. */
export interface LineStudy {
  readonly ways: readonly WayFigures[];
  readonly lineUsd: number;
  readonly lineUsdPerYear: number;
  /** Shares of the resampled years in which the campus at the surplus is cheaper and earlier than the line, each and both. */
  readonly cheaperRatio: number;
  readonly earlierRatio: number;
  readonly bothRatio: number;
  /** Cost of a mile at which both cost the same, median of the years; below 0: the surplus is dearer even with the line for nothing. */
  readonly evenUsdPerMile: number;
}

/** Hours a year, for what is paid by year. */
const yearHours = 8_766;

/** Dispatches the year in all ways, and puts resampled years together from its days. */
export function lineStudyOf(world: World, run: SitingRun, question: LineQuestion): LineStudy {
  const { mw, surplusBus, loadBus, line, say } = question;
  const yearOf = (of: World, name: string): LoadedYear =>
    loadedYearOf(of, run, { wantsScreening: false, heard: (hours) => say(`${name}: ${hours} hours`) });
  const before = yearOf(world, 'without the campus');
  const atLoad = withFlatLoads(world, [{ bus: loadBus, mw }]);
  const withLine: World = {
    ...atLoad,
    network: {
      ...atLoad.network,
      links: [
        ...atLoad.network.links,
        { id: 'new-line', fromBus: surplusBus, toBus: loadBus, capacityMw: mw, reverseCapacityMw: null, scheduledMw: null },
      ],
    },
  };
  const years = {
    'at-surplus': yearOf(withFlatLoads(world, [{ bus: surplusBus, mw }]), 'at the surplus'),
    'at-load': yearOf(atLoad, 'at the load'),
    'at-load-with-line': yearOf(withLine, 'at the load with a line'),
  };
  const lineUsd = line.miles * line.detourFactor * line.usdPerMile;
  const lineUsdPerYear = lineUsd * annuityRatio(line);
  const days = resampledDaysOf(before.days.length, question);
  const months = monthsOf(question, days.length);
  const ways = (Object.keys(years) as LineWay[]).map((way): WayFigures => {
    const perYear = way === 'at-load-with-line' ? lineUsdPerYear : 0;
    const effect = effectOf(before, years[way], mw);
    return {
      way,
      ...effect,
      lineUsdPerMwh: effect.servedMwh > 0 ? (perYear * before.hours) / yearHours / effect.servedMwh : 0,
      yearUsdPerMwh: days.map((each) => usdPerMwhOf(each, { before: before.days, after: years[way].days, mw, perYear })),
      yearMonths: way === 'at-load-with-line' ? months.withLine : months.campus,
    };
  });
  return { ways, lineUsd, lineUsdPerYear, ...comparisonOf(ways, question) };
}

function resampledDaysOf(days: number, { seed, years }: LineQuestion): Int32Array[] {
  if (days === 0) return [];
  return resampledYears(days, { seed, years, windowDays: usualWindowDays }).map(({ weatherDay }) => weatherDay);
}

/** Running cost with a campus less that without it, and the line, by what is served, over the days of a year. */
function usdPerMwhOf(
  days: Int32Array,
  of: { readonly before: readonly LoadedDay[]; readonly after: readonly LoadedDay[]; readonly mw: number; readonly perYear: number },
): number {
  let [usd, mwh] = [(of.perYear * days.length * 24) / yearHours, 0];
  for (let place = 0; place < days.length; place++) {
    const day = intAt(days, place);
    const [before, after] = [of.before[day], of.after[day]];
    if (before === undefined || after === undefined) continue;
    usd += after.runningUsd - before.runningUsd;
    mwh += 24 * of.mw - (after.unservedMwh - before.unservedMwh);
  }
  return mwh > 0 ? usd / mwh : Infinity;
}

/** Months until the campus runs, and until campus and line do: the line is begun with the campus. */
function monthsOf(
  { line, study, building, seed }: LineQuestion,
  years: number,
): { readonly campus: number[]; readonly withLine: number[] } {
  const draw = (months: Months, purpose: string, n: number): number =>
    drawMonths(months, { seed, component: 'siting', entity: 'line-study', purpose, n });
  const campus = Array.from({ length: years }, (_, n) => Math.max(draw(study, 'study', n), draw(building, 'building', n)));
  const withLine = campus.map((months, n) =>
    Math.max(months, draw(line.permits, 'permits', n) + draw(line.construction, 'construction', n)),
  );
  return { campus, withLine };
}

function drawMonths(months: Months, key: DrawKey): number {
  switch (months.kind) {
    case 'fixed':
      return months.months;
    case 'lognormal':
      return drawLognormal(key, months.median, months.sigma);
    case 'triangular':
      return drawTriangular(key, months.min, months.mode, months.max);
  }
}

function comparisonOf(
  ways: readonly WayFigures[],
  { line, mw }: LineQuestion,
): Pick<LineStudy, 'cheaperRatio' | 'earlierRatio' | 'bothRatio' | 'evenUsdPerMile'> {
  const figures = (way: LineWay): WayFigures => ways.find((each) => each.way === way) as WayFigures;
  const [surplus, withLine] = [figures('at-surplus'), figures('at-load-with-line')];
  const years = surplus.yearUsdPerMwh.length;
  const isCheaper = surplus.yearUsdPerMwh.map((usd, year) => usd < (withLine.yearUsdPerMwh[year] ?? Infinity));
  const isEarlier = surplus.yearMonths.map((months, year) => months < (withLine.yearMonths[year] ?? Infinity));
  const share = (holds: readonly boolean[]): number => holds.filter(Boolean).length / Math.max(1, years);
  const usdPerYearOfMile = line.miles * line.detourFactor * annuityRatio(line);
  const gaps = surplus.yearUsdPerMwh
    .map((usd, year) => {
      const lineless = (withLine.yearUsdPerMwh[year] ?? Infinity) - withLine.lineUsdPerMwh;
      return ((usd - lineless) * mw * yearHours) / usdPerYearOfMile;
    })
    .sort((a, b) => a - b);
  return {
    cheaperRatio: share(isCheaper),
    earlierRatio: share(isEarlier),
    bothRatio: share(isCheaper.map((cheaper, year) => cheaper && isEarlier[year] === true)),
    evenUsdPerMile: gaps[Math.floor(gaps.length / 2)] ?? Number.NaN,
  };
}

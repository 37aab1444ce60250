import { dayText } from '../../../shared/domain/days.js';
import { studyGrowth } from '../../../shared/domain/growth/backtest.js';
import { recordsOf, type Dated } from '../../../shared/domain/growth/records.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { columnOf, numberIn, placeOf, readTable } from '../../../shared/scenario/csv.js';
import { dateIn, dateWords, dayIn } from '../../../shared/scenario/dates.js';
import type { GrowthAnswer } from './answer.js';

/** What of a table is looked at. */
export interface GrowthOptions {
  readonly value: string;
  readonly per?: string;
  readonly date: string;
  readonly who: string;
  readonly until?: string;
}

const daysPerYear = 365.25;

/**
 * How the largest value of a table has grown.
 * @throws TWIN_WRONG_INPUT
 */
export async function growthOf(file: string, options: GrowthOptions): Promise<GrowthAnswer> {
  const { dated, leftOut } = await datedOf(file, options);
  const latest = dated.reduce((last, { day }) => Math.max(last, day), -Infinity);
  const untilDay = options.until === undefined ? latest : dayIn('--until', options.until);
  const records = recordsOf(dated, untilDay);
  const [first, last] = [records[0], records.at(-1)];
  if (first === undefined || last === undefined)
    throw wrongInput(`${file}: found no ${options.value} above 0 up to ${dayText(untilDay)}, allowed: at least one`);
  const before = records.findLast(({ day }) => day <= untilDay - 10 * daysPerYear);
  const study = studyGrowth(records, untilDay);
  return {
    file,
    of: options.per === undefined ? options.value : `${options.value} per ${options.per}`,
    until: dayText(untilDay),
    leftOut,
    records: records.map(({ day, who, value }) => ({ day: dayText(day), who, value })),
    years: (untilDay - first.day) / daysPerYear,
    ratio: last.value / first.value,
    tenYearRatio: before === undefined ? null : last.value / before.value,
    study: study === null ? null : studyAnswer(study),
  };
}

function studyAnswer(study: NonNullable<ReturnType<typeof studyGrowth>>): NonNullable<GrowthAnswer['study']> {
  const { exponential, logistic, ceilings, cuts, exponentialWins, isExponentialSoFar } = study;
  return {
    ratePerYear: Math.expm1(exponential.rate),
    doublingYears: Math.LN2 / exponential.rate,
    exponentialAic: exponential.aic,
    logisticAic: logistic.aic,
    ceilingLeast: ceilings.least,
    ceilingMost: ceilings.most,
    isUnbounded: ceilings.isUnbounded,
    cuts: cuts.map((cut) => ({ ...cut, day: dayText(Math.round(cut.day)) })),
    exponentialWins,
    isExponentialSoFar,
  };
}

async function datedOf(file: string, options: GrowthOptions): Promise<{ readonly dated: readonly Dated[]; readonly leftOut: number }> {
  const table = await readTable(file);
  const place = (column: string): number => columnOf(table, column);
  const [value, date, who] = [place(options.value), place(options.date), place(options.who)];
  const per = options.per === undefined ? null : place(options.per);
  const dated = table.rows.flatMap((cells, row): Dated[] => {
    const numberAt = (column: string, at: number): number => numberIn(table, row, column, cells[at] ?? '', Number.NaN);
    const day = dateIn(cells[date] ?? '');
    if (day.kind === 'other')
      throw wrongInput(`${placeOf(table, row, options.date)}: found ${JSON.stringify(cells[date])}, allowed: ${dateWords}`);
    const amount = numberAt(options.value, value) / (per === null ? 1 : numberAt(options.per ?? '', per));
    return day.kind === 'day' && Number.isFinite(amount) && amount > 0 ? [{ day: day.day, who: cells[who] ?? '', value: amount }] : [];
  });
  return { dated, leftOut: table.rows.length - dated.length };
}

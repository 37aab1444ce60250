import { Type, type Static, type TProperties } from 'typebox';
import { record } from '../../../shared/events/define.js';
import { count, hours, instant, megawatts, netMegawatts, oneOf, text } from '../../../shared/events/fields.js';

const percent = (description: string) => Type.Number({ minimum: 0, unit: '%', description });
const orNull = (description: string, unit: string) => Type.Union([Type.Number({ unit }), Type.Null()], { description });

const scoreFields = {
  hours: count('Hours with a forecast and a load.'),
  mapePercent: percent('Mean of |load - forecast| / load.'),
  maeMw: megawatts('Mean of |load - forecast|.'),
  maseRatio: orNull('Mean error by that of the same hour a week before, over the hours before the test; null when that is 0.', '1'),
  pinballMw: orNull('Mean pinball loss of P1 to P99; null: no bands.', 'MW'),
  crpsMw: megawatts('Error of the distribution: twice the pinball loss; of a forecast without bands its mean error.'),
  coverage10to90Percent: orNull('Share of hours from P10 to P90; null: no bands.', '%'),
} satisfies TProperties;

const reference = Type.Union([record({ ...scoreFields, own: record(scoreFields) }), Type.Null()], {
  description: 'And ours over the same hours; null: the file has none.',
});

const surge = record({
  thresholdMw: netMegawatts('From which an hour is a surge: known after the test only.'),
  alarmStrength: orNull('From which a warning is given: probability; of references, MW; null: no warning.', '1'),
  surges: count('Runs of hours in a row.'),
  alarms: count('Runs of hours warned of.'),
  falseAlarms: count('Of them with no surge within an hour.'),
  precisionRatio: orNull('Alarms that were right; null: no alarm.', '1'),
  recallRatio: orNull('Surges that were warned of.', '1'),
  medianLeadHours: orNull('From the forecast that warned to the start of the surge.', 'h'),
});
const surges = Type.Union([
  record({ own: surge, lag168: Type.Union([surge, Type.Null()]), published: Type.Union([surge, Type.Null()]) }),
  Type.Null(),
]);

const share = (description: string) => Type.Number({ minimum: 0, description });

/** What `forecast backtest --json` prints. */
export const backtestAnswer = record({
  file: text('Load series.'),
  loadColumn: text('Column it was taken from.'),
  evidence: oneOf(
    ['measured', 'assumed'],
    'Measured on the loads of the file; assumed: with temperatures ahead, as if a weather forecast had been right.',
  ),
  weather: oneOf(['none', 'observed', 'ahead'], 'Temperatures that forecasts knew.'),
  test: record({ from: instant('Begin of the first hour.'), to: instant('End of the last.'), hours: count('Between them.') }),
  issue: record({
    at: text('Hour of the day at which forecasts are issued.'),
    zone: text('On the clock of.'),
    leadHours: record({ from: count('First hour ahead.'), to: count('Last hour ahead.') }),
    forecasts: count('Issued.'),
  }),
  pastHours: count('Of the file before the test.'),
  ...scoreFields,
  crpsBelowLag168Percent: orNull('By how much crpsMw lies below the mean error of the same hour a week before, over the same hours.', '%'),
  references: record({ lag24: reference, lag168: reference, doubleSeasonal: reference, published: reference }),
  byHour: Type.Array(
    record({
      hourOfDay: Type.Integer({ minimum: 1, maximum: 24, description: 'Hour of the day by its end.' }),
      ...scoreFields,
      publishedMapePercent: orNull('Of the published forecast.', '%'),
    }),
  ),
  bySeason: Type.Array(
    record({
      season: oneOf(['winter', 'spring', 'summer', 'autumn'], 'Winter: December to February.'),
      ...scoreFields,
      publishedMapePercent: orNull('Of the published forecast.', '%'),
    }),
  ),
  seasonHours: Type.Union([
    record({
      cells: count('Hours of the day in each season.'),
      leastPercent: percent('Least coverage from P10 to P90 of a cell.'),
      mostPercent: percent('Most.'),
      within73to87: count('Cells with 73 to 87 %.'),
    }),
    Type.Null(),
  ]),
  surges: record({ rises: surges, peaks: surges }),
  step: Type.Union([
    record({
      stepMw: megawatts('New load that comes at once and stays.'),
      days: Type.Array(
        record({
          day: count('Days since it came; 0: none of it was seen.'),
          runs: count('Runs with it beside runs without, one for each month.'),
          residualRatio: share('Share of it that the forecast of a day lacked or had too much of, mean of the runs.'),
          residualRatioMost: share('The worst run.'),
          knownResidualRatio: share('With the load known from the build-out.'),
          knownResidualRatioMost: share('The worst run.'),
        }),
      ),
    }),
    Type.Null(),
  ]),
  data: record({
    missingHours: count('Without a value.'),
    imputedHours: count('Made up by the publisher: taken as missing.'),
    repeatedRows: count('That say again what one before said.'),
    unorderedRows: count('Out of order.'),
    noSuchHourRows: count('At an hour that a clock change leaves out.'),
    refused: record({
      missing: hours('Of the test: without a value.'),
      notAboveZero: hours('At or below 0.'),
      tooHigh: hours('Beyond 5 times what is usual.'),
      tooLow: hours('Below a twentieth of what is usual.'),
    }),
  }),
  stateBytes: count('Memory of the forecaster at the end.'),
  seconds: Type.Number({ minimum: 0, unit: 's', description: 'Of the backtest.' }),
});

export type BacktestAnswer = Static<typeof backtestAnswer>;

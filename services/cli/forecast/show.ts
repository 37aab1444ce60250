import { printTable, shortTime } from '../output.js';
import type { BacktestAnswer } from './answer.js';

type ScoreFields = Pick<BacktestAnswer, 'hours' | 'mapePercent' | 'maeMw' | 'maseRatio' | 'crpsMw' | 'coverage10to90Percent'>;

const references = [
  { name: 'published', words: 'published' },
  { name: 'doubleSeasonal', words: 'double-seasonal smoothing' },
  { name: 'lag24', words: 'same hour of the day before' },
  { name: 'lag168', words: 'same hour of the week before' },
] as const;

const fixed = (value: number, digits: number): number => Number(value.toFixed(digits));
const orNull = (value: number | null, digits: number): number | null => (value === null ? null : fixed(value, digits));

function scoreCells({ hours, mapePercent, maeMw, maseRatio, crpsMw, coverage10to90Percent }: ScoreFields) {
  return {
    'MAPE %': fixed(mapePercent, 2),
    'MAE MW': fixed(maeMw, 1),
    MASE: orNull(maseRatio, 3),
    'CRPS MW': fixed(crpsMw, 1),
    'P10-P90 %': orNull(coverage10to90Percent, 1),
    hours,
  };
}

/** Prints a backtest for people. */
export function showBacktest(answer: BacktestAnswer, plot: string | null): void {
  const rows = [
    { forecast: 'Loadstone', score: answer, own: null },
    ...references.flatMap(({ name, words }) => {
      const score = answer.references[name];
      return score === null ? [] : [{ forecast: words, score, own: fixed(score.own.mapePercent, 2) }];
    }),
  ];
  printTable(
    rows.map(({ forecast, score, own }) => ({ forecast, ...scoreCells(score), 'ours, same hours %': own })),
    'no forecast',
  );
  process.stdout.write('\n');
  printTable(
    answer.bySeason.map(({ season, ...score }) => ({ season, ...groupCells(score) })),
    'no season',
  );
  process.stdout.write('\n');
  printTable(
    answer.byHour.map(({ hourOfDay, ...score }) => ({ 'hour ending': hourOfDay, ...groupCells(score) })),
    'no hour',
  );
  showSurges(answer);
  showStep(answer);
  const lines = [...linesOf(answer), ...(plot === null ? [] : [`drawn: ${plot}`])];
  process.stdout.write(`\n${lines.join('\n')}\n`);
}

/** What the figures rest on, line by line. */
function linesOf({ issue, test, data, crpsBelowLag168Percent: below, seasonHours: cells, ...answer }: BacktestAnswer): string[] {
  const refused = data.refused.notAboveZero + data.refused.tooHigh + data.refused.tooLow;
  const oddRows = data.repeatedRows + data.unorderedRows + data.noSuchHourRows;
  const lead = `${issue.leadHours.from} to ${issue.leadHours.to} hours ahead`;
  return [
    `${answer.evidence} on ${answer.loadColumn} of ${answer.file}` +
      (answer.evidence === 'assumed' ? ': temperatures ahead as if a weather forecast had been right' : ''),
    `${issue.forecasts} forecasts at ${issue.at} ${issue.zone}, ${lead}, from ${shortTime(test.from)} to ${shortTime(test.to)}`,
    `hours of the file before the test: ${answer.pastHours}`,
    ...(below === null ? [] : [`CRPS lies ${fixed(below, 1)} % below the error of the same hour of the week before`]),
    ...(cells === null
      ? []
      : [
          `P10-P90 of the hours of each season: ${fixed(cells.leastPercent, 1)} to ${fixed(cells.mostPercent, 1)} %, ` +
            `${cells.within73to87} of ${cells.cells} within 73 to 87 %`,
        ]),
    ...(data.imputedHours + data.missingHours === 0
      ? []
      : [`missing in the file: ${data.missingHours} hours, and ${data.imputedHours} made up by the publisher`]),
    ...(refused === 0 ? [] : [`not taken as load in the test: ${refused} hours`]),
    ...(oddRows === 0
      ? []
      : [
          `rows repeated ${data.repeatedRows}, out of order ${data.unorderedRows}, at hours that the clock leaves out ${data.noSuchHourRows}`,
        ]),
    `${fixed(answer.seconds, 1)} s, ${Math.round(answer.stateBytes / 1_024)} kB of state`,
  ];
}

function groupCells({ publishedMapePercent, ...score }: ScoreFields & { readonly publishedMapePercent: number | null }) {
  return { ...scoreCells(score), 'published %': orNull(publishedMapePercent, 2) };
}

function showStep({ step }: BacktestAnswer): void {
  if (step === null) return;
  process.stdout.write(
    `\n${step.stepMw} MW of new load that stays: share of it that the forecast of a day was off, by days since it came\n`,
  );
  printTable(
    step.days.map((day) => ({
      day: day.day,
      'not known': fixed(day.residualRatio, 3),
      worst: fixed(day.residualRatioMost, 3),
      'known from the build-out': fixed(day.knownResidualRatio, 3),
      'worst known': fixed(day.knownResidualRatioMost, 3),
      runs: day.runs,
    })),
    'no run',
  );
}

function showSurges({ surges, test }: BacktestAnswer): void {
  const kinds = [
    ['rises', surges.rises],
    ['peaks', surges.peaks],
  ] as const;
  const rows = kinds.flatMap(([kind, report]) =>
    (['own', 'published', 'lag168'] as const).flatMap((by) => {
      const score = report?.[by] ?? null;
      if (score === null) return [];
      return [
        {
          surges: `top 1 % of ${kind}`,
          by: by === 'own' ? 'Loadstone' : by === 'lag168' ? 'same hour of the week before' : by,
          'from MW': fixed(score.thresholdMw, 0),
          runs: score.surges,
          alarms: score.alarms,
          false: score.falseAlarms,
          precision: orNull(score.precisionRatio, 2),
          recall: orNull(score.recallRatio, 2),
          'median lead h': orNull(score.medianLeadHours, 1),
        },
      ];
    }),
  );
  process.stdout.write(`\nwarnings at one false alarm a month (${Math.round(test.hours / 730)} in the test)\n`);
  printTable(rows, 'no surge');
}

import { printTable } from '../output.js';
import type { GrowthAnswer } from './answer.js';

/** Prints how something has grown, for people. */
export function showGrowth({ of, until, leftOut, records, years, ratio, tenYearRatio, study }: GrowthAnswer): void {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  printTable(
    records.map(({ day, who, value }) => ({ from: day, [of]: short(value), who })),
    'no record',
  );
  const ten = tenYearRatio === null ? 'ten years are not known' : `${short(tenYearRatio)} times in ten years`;
  say(`\n${short(ratio)} times in ${years.toFixed(1)} years up to ${until}; ${ten}${leftOut > 0 ? `; ${leftOut} rows left out` : ''}`);
  if (study === null) return say('too little is known to fit anything');
  const { ratePerYear, doublingYears, ceilingLeast, ceilingMost, isUnbounded, cuts, exponentialWins, isExponentialSoFar } = study;
  say(`exponential: ${(100 * ratePerYear).toFixed(0)} % a year, twice as much every ${doublingYears.toFixed(1)} years`);
  say(`logistic: a ceiling from ${short(ceilingLeast)} ${isUnbounded ? 'up, no end seen' : `to ${short(ceilingMost)}`}`);
  printTable(
    cuts.map((cut) => ({
      'known until': cut.day,
      quarters: cut.quartersBefore,
      'score of exponential': cut.exponentialScore.toFixed(2),
      'of logistic': cut.logisticScore.toFixed(2),
    })),
    '',
  );
  const verdict = isExponentialSoFar ? 'exponential so far' : 'not shown to be exponential';
  say(`the exponential tells the next two years better in ${exponentialWins} of ${cuts.length}: ${verdict}; how long it lasts: open`);
}

function short(value: number): string {
  return Number(value.toPrecision(3)).toString();
}

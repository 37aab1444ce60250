import { Type, type Static } from 'typebox';
import { record } from '../../../shared/events/define.js';
import { count, flag, text } from '../../../shared/events/fields.js';

const orNull = <Schema extends Parameters<typeof Type.Union>[0][number]>(schema: Schema) => Type.Union([schema, Type.Null()]);
const number = (description: string) => Type.Number({ description });

/** What `growth --json` prints. */
export const growthAnswer = record({
  file: text('Table.'),
  of: text('What grows.'),
  until: text('Last day that counts, YYYY-MM-DD.'),
  leftOut: count('Rows without a day or a value above 0.'),
  records: Type.Array(record({ day: text('YYYY-MM-DD.'), who: text('Whose it is.'), value: number('Largest of all from then on.') })),
  years: number('From the first record to the last day.'),
  ratio: number('Largest on the last day by the first record.'),
  tenYearRatio: orNull(number('Largest on the last day by the largest ten years before; null: not known so far back.')),
  study: orNull(
    record({
      ratePerYear: number('Of the exponential: the factor of a year, less 1.'),
      doublingYears: number('Of the exponential.'),
      exponentialAic: number("Akaike's criterion over all quarters."),
      logisticAic: number('The same of the best logistic.'),
      ceilingLeast: number('Least ceiling whose fit is as good as the best, within 2 of the criterion.'),
      ceilingMost: number('Largest such ceiling that was tried.'),
      isUnbounded: flag('No ceiling is too high for the record.'),
      cuts: Type.Array(
        record({
          day: text('YYYY-MM-DD: what was known then tells the two years after.'),
          quartersBefore: count('Quarters known then.'),
          exponentialScore: number('Mean logarithm of the density it gave to them.'),
          logisticScore: number('The same of the logistic.'),
        }),
      ),
      exponentialWins: count('Cuts in which the exponential tells better.'),
      isExponentialSoFar: flag('Three of four cuts at least, and unbounded: claim 11; how long it lasts is always open.'),
    }),
  ),
});

export type GrowthAnswer = Static<typeof growthAnswer>;

import { Type, type Static } from 'typebox';
import { record } from '../../../shared/events/define.js';
import { count, days, flag, oneOf, ratio, text } from '../../../shared/events/fields.js';

const orNull = <Schema extends ReturnType<typeof days> | ReturnType<typeof ratio> | ReturnType<typeof text>>(schema: Schema) =>
  Type.Union([schema, Type.Null()]);

/** What `quarantine` holds in every answer. */
export const quarantineField = Type.Array(
  record({
    line: Type.Union([count('Line of the file.'), Type.Null()]),
    field: text('Column.'),
    found: text('What stands there.'),
    allowed: text('What may stand there.'),
    reason: text('Kind of mistake.'),
  }),
);

/** Number of a kind of mistake. */
export const reasonsField = Type.Array(record({ reason: text('Kind of mistake.'), count: count('Of them.') }));

const durationField = Type.Union([
  record({ kind: Type.Literal('lognormal'), medianDays: days('Median.'), sigma: Type.Number({ minimum: 0 }) }),
  record({ kind: Type.Literal('quantiles'), days: Type.Array(days('Evenly spaced, the first at 0, the last at 1.')) }),
  Type.Null(),
]);

/** What `permits fit --json` prints. */
export const fitAnswer = record({
  file: text('Records.'),
  given: text('What the durations presuppose.'),
  by: text('Column that the groups are made by; none.'),
  start: text('Column, or event, that a duration begins with.'),
  end: text('That it ends with.'),
  censoredAt: text('Where a case without an end was last seen.'),
  evidence: oneOf(['measured'], 'What the durations stand on.'),
  rows: count('Rows of the file.'),
  used: count('Of them in the groups.'),
  quarantined: count('Left out.'),
  outOfOrder: count('Used rows whose decision stands before the final statement.'),
  quarantinedBy: reasonsField,
  quarantine: quarantineField,
  groups: Type.Array(
    record({
      agency: text('Agency, or the value of the column asked for; all: every row used.'),
      count: count('Cases.'),
      censored: count('Of them open when last seen.'),
      medianDays: orNull(days('Kaplan-Meier; null: fewer than half have ended.')),
      medianLowDays: orNull(days('Lower end of its interval of 95 %.')),
      medianHighDays: orNull(days('Upper end; null: not reached.')),
      lognormalMedianDays: orNull(days('Of greatest likelihood, open cases counted; null: fewer than two durations that differ.')),
      sigma: Type.Union([Type.Number({ minimum: 0, description: 'Deviation of the logarithm.' }), Type.Null()]),
      ksDistance: orNull(ratio('Largest distance of the lognormal from the cases that ended.')),
      ksDistanceFromCurve: orNull(ratio('From the Kaplan-Meier curve, in which open cases count.')),
      sample: oneOf(
        ['lognormal', 'quantiles', 'nothing'],
        'What a model draws from: the lognormal up to a distance of 0.10, from the curve where more than half are open.',
      ),
      duration: durationField,
      quantilesDays: record({
        p10: orNull(days('Kaplan-Meier.')),
        p25: orNull(days('Kaplan-Meier.')),
        p50: orNull(days('Kaplan-Meier.')),
        p75: orNull(days('Kaplan-Meier.')),
        p90: orNull(days('Kaplan-Meier.')),
      }),
      open: Type.Array(
        record({
          years: Type.Number({ minimum: 0, unit: 'a' }),
          openRatio: orNull(ratio('Share open after so long; null: nobody was seen so long.')),
          low: orNull(ratio('Lower end, by Greenwood.')),
          high: orNull(ratio('Upper end.')),
        }),
      ),
      holdOut: Type.Union([
        record({
          count: count('Cases of the half that was not fitted.'),
          ksDistance: ratio('Of what is sampled after one half from the curve of the other.'),
          acceptedDistance: Type.Number({ minimum: 0, description: '1.36 sqrt(2 / count).' }),
          predicts: flag('Whether it stays below.'),
          divisions: count('Divisions by chance.'),
          acceptedRatio: ratio('Share of them that stay below.'),
        }),
        Type.Null(),
      ]),
    }),
  ),
});

export type FitAnswer = Static<typeof fitAnswer>;

import { Type, type Static } from 'typebox';
import { record } from '../../../shared/events/define.js';
import { count, megawatts, oneOf, ratio, text } from '../../../shared/events/fields.js';

const signedMw = (description: string) => Type.Number({ unit: 'MW', description });
const band = (description: string) =>
  Type.Object(
    { value: Type.Number(), p5: Type.Number(), p95: Type.Number() },
    { additionalProperties: false, description: `${description}; 5th and 95th percentile over resamples of the projects.` },
  );
const orNull = <Schema extends Parameters<typeof Type.Union>[0][number]>(schema: Schema) => Type.Union([schema, Type.Null()]);

const gapFields = {
  claimedMw: megawatts('Announced by then for a day up to then.'),
  deliveredMw: megawatts('There by then.'),
  gapMw: band('Claimed less delivered, MW'),
  gapRatio: orNull(band('1 - delivered / claimed; null: nothing was claimed')),
  behindMonths: orNull(
    Type.Number({
      minimum: 0,
      unit: 'months',
      description: 'Since the last day for which no more had been claimed than there is; null: censored.',
    }),
  ),
};

/** What `queue gap --json` prints. */
export const gapAnswer = record({
  file: text('Queue file.'),
  asOf: text('Last day of which it tells, YYYY-MM-DD.'),
  claims: count('Projects with a day of request, a day as filed and a capacity.'),
  withoutClaim: count('Projects without one of them.'),
  undated: count('Built on a day that the file does not tell: left out.'),
  days: Type.Array(record({ day: text('YYYY-MM-DD.'), ...gapFields })),
  vintages: Type.Array(record({ year: Type.Integer({ description: 'Of the request.' }), claims: count('Made then.'), ...gapFields })),
  verdict: oneOf(
    ['supported', 'mixed', 'not supported', 'open'],
    'Whether the 5th percentile of the gap is above 0: claim 10, this set alone.',
  ),
  evidence: oneOf(['measured'], 'What the figures above stand on.'),
  ahead: orNull(
    record({
      set: oneOf(['generators', 'large-loads'], 'Set of parameters; the two are never mixed.'),
      builtRatio: ratio('Chance to be built.'),
      source: text('Where they are from.'),
      evidence: oneOf(['calibrated', 'assumed'], 'What they stand on.'),
      days: Type.Array(
        record({
          day: text('YYYY-MM-DD.'),
          claimedMw: megawatts('Announced so far for a day up to then.'),
          deliveredMwP5: megawatts('Delivered, 5th percentile.'),
          deliveredMwP50: megawatts('Median.'),
          deliveredMwP95: megawatts('95th percentile.'),
          gapMwP50: signedMw('Gap, median.'),
        }),
      ),
    }),
  ),
});

export type GapAnswer = Static<typeof gapAnswer>;

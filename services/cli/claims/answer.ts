import { Type, type Static } from 'typebox';
import { record } from '../../../shared/events/define.js';
import { count, oneOf, text } from '../../../shared/events/fields.js';
import { verdicts } from './claim.js';

/** What `claims --json` prints. */
export const claimsAnswer = record({
  rows: Type.Array(
    record({
      claim: count('Number of the claim, 1 to 11.'),
      says: text('The claim.'),
      experiment: text('What was done.'),
      command: text('The command that does it.'),
      figure: text('What came out, with its interval.'),
      verdict: oneOf(verdicts, 'What assumed inputs hold up supports nothing.'),
      evidence: oneOf(['measured', 'calibrated', 'assumed'], 'What the figure stands on.'),
      flips: text('What would turn the verdict.'),
      failure: Type.Union([text('Why it could not be done.'), Type.Null()]),
      seconds: Type.Number({ minimum: 0, unit: 's', description: 'Wall time.' }),
    }),
  ),
  seconds: Type.Number({ minimum: 0, unit: 's', description: 'Wall time of all.' }),
});

export type ClaimsAnswer = Static<typeof claimsAnswer>;
export type ClaimRow = ClaimsAnswer['rows'][number];

import { Type, type Static } from 'typebox';
import { record } from '../events/define.js';
import { ratio, slug } from '../events/fields.js';

/** What the inference of a campus may give on a load target without touching training; shares are of what it would draw at the moment. */
export const inferenceFlexSchema = record({
  consolidationRatio: ratio('Share that fewer nodes free at the same quality: 0.11 with the others idle, 0.28 off; docs/inference.md.'),
  moveTo: Type.Optional(slug('Campus that serves requests in its place; absent: none.')),
  moveRatio: Type.Optional(ratio('Share that may be served there; absent: 0.')),
});

/** Inference of a campus over time, in place of the daily wave. */
export const inferenceProfileSchema = record({
  kind: Type.Literal('series'),
  series: slug('Name in `series`; values in MW, straight between the ends of ticks.'),
});

export type InferenceFlex = Static<typeof inferenceFlexSchema>;

import { Type, type Static } from 'typebox';
import { record } from '../../events/define.js';
import { flag, instant, oneOf, slug, text } from '../../events/fields.js';
import { scriptEntrySchema } from '../schema.js';

const seed = (description: string) => Type.Integer({ minimum: 0, maximum: 4_294_967_295, description });
const number = (description: string) => Type.Number({ description });
const overridesSchema = Type.Record(Type.String(), Type.Unknown(), {
  description:
    'By dotted key, entries of lists by id, `*` for all of them: `contracts.riverbend-a.strikeUsdPerMwh`. A value, or { "times": 2 } for a multiple.',
});
const drawnKey = {
  key: text('Dotted key of a number.'),
  whole: Type.Optional(flag('Rounded to a whole number; absent: no.')),
};

const distributionSchema = Type.Union([
  record({ kind: Type.Literal('uniform'), ...drawnKey, min: number('Least.'), max: number('Most.') }),
  record({
    kind: Type.Literal('triangular'),
    ...drawnKey,
    min: number('Least.'),
    mode: number('Most likely.'),
    max: number('Most.'),
  }),
  record({
    kind: Type.Literal('lognormal'),
    ...drawnKey,
    median: Type.Number({ exclusiveMinimum: 0, description: 'Median.' }),
    sigma: Type.Number({ minimum: 0, description: 'Deviation of the logarithm.' }),
  }),
  record({
    kind: Type.Literal('normal'),
    ...drawnKey,
    mean: number('Mean.'),
    deviation: Type.Number({ minimum: 0, description: 'Standard deviation.' }),
  }),
]);

const drawsSchema = record({
  count: Type.Integer({ minimum: 1, maximum: 10_000, description: 'Draws; every cell is run with each of them.' }),
  seed: Type.Optional(seed('Of the draws, apart from those of the worlds; absent: 1.')),
  of: Type.Array(distributionSchema, { minItems: 1, description: 'Inputs that are drawn together, as a Latin hypercube.' }),
});

/** A file that says what to simulate: which world, what is changed, how often, how long, and what is measured. */
export const studySchema = record({
  schema: Type.Literal('loadstone.study/1'),
  name: slug('Study.'),
  title: text('For people.'),
  base: record({
    scenario: text('Name of a built-in scenario, or path of a scenario file from the folder of the study.'),
    data: Type.Optional(text('Folder of the data it reads, from the folder of the study; --data goes before it.')),
    state: Type.Optional(text('File with the scenario as it stood at an instant, from `study branch`: every cell goes on from there.')),
  }),
  horizon: record({
    fromTime: Type.Optional(instant('Where the world starts; absent: where the scenario does.')),
    untilTime: instant('Where it ends.'),
  }),
  tickMinutes: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 60, unit: 'min', description: 'Length of a tick; absent: as the scenario says.' }),
  ),
  seeds: Type.Array(seed('Seed of a world.'), { minItems: 1, description: 'Every cell is run with each of them.' }),
  overrides: Type.Optional(overridesSchema),
  variants: Type.Optional(
    Type.Array(
      record({
        id: slug('Variant.'),
        overrides: overridesSchema,
        acts: Type.Optional(
          Type.Array(scriptEntrySchema, {
            description: 'What is done on the way, as if a person had asked for it just before that instant.',
          }),
        ),
      }),
      { minItems: 1, description: 'Named sets of changes.' },
    ),
  ),
  axes: Type.Optional(
    Type.Array(
      record({
        id: slug('Axis.'),
        keys: Type.Array(text('Dotted key.'), { minItems: 1, description: 'Places that take the value together.' }),
        values: Type.Array(Type.Unknown(), { minItems: 1, description: 'Values, as in overrides.' }),
      }),
      { description: 'Each value of each axis with each of the others.' },
    ),
  ),
  draws: Type.Optional(drawsSchema),
  weather: Type.Optional(
    Type.Array(
      record({
        id: slug('Weather year, such as 2012.'),
        weight: Type.Number({ exclusiveMinimum: 0, description: 'How much it counts beside the others in every mean and quantile.' }),
        overrides: overridesSchema,
      }),
      { minItems: 1, description: 'Every cell is run with each of them; they are no groups of their own, since weather is chance.' },
    ),
  ),
  metrics: Type.Optional(Type.Array(text('Metric.'), { minItems: 1, description: 'Absent: all.' })),
  stop: Type.Optional(
    Type.Array(
      record({
        column: text('Column of the results.'),
        above: Type.Optional(number('A cell ends on the day on which the column is above this.')),
        below: Type.Optional(number('Or below this.')),
      }),
      { description: 'Rules that end a cell before the horizon, looked at once a day of the twin.' },
    ),
  ),
  samples: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 1_000,
      description: 'Instants, evenly over the horizon, at which figures are kept for the charts; absent: 24.',
    }),
  ),
  keep: Type.Optional(
    record({
      hourly: Type.Optional(
        flag('Hourly means of load, prices, output, curtailed power, reserve and campuses, as hourly.parquet; absent: no.'),
      ),
      events: Type.Optional(flag('Every milestone of every cell, as events.ndjson; absent: no.')),
    }),
  ),
  evidence: Type.Optional(
    record({
      word: oneOf(['calibrated', 'assumed'], 'What the world rests on; absent: assumed.'),
      because: text('Why.'),
    }),
  ),
});

export type Study = Static<typeof studySchema>;
export type Draws = Static<typeof drawsSchema>;
export type Distribution = Static<typeof distributionSchema>;

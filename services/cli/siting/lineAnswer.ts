import { Type, type Static } from 'typebox';
import { record } from '../../../shared/events/define.js';
import { count, megawattHours, megawatts, oneOf, ratio, text, usd, usdPerMwh } from '../../../shared/events/fields.js';
import { effectFields } from './rankAnswer.js';

const miles = (description: string) => Type.Number({ minimum: 0, unit: 'mi', description });
const spread = (unit: string, description: string) =>
  Type.Object(
    {
      percentile5: Type.Number({ unit }),
      median: Type.Number({ unit }),
      percentile95: Type.Number({ unit }),
    },
    { additionalProperties: false, description },
  );
const evidence = oneOf(['measured', 'calibrated', 'assumed'], 'How it is known.');

/** What `siting line --json` prints. */
export const lineAnswer = record({
  network: text('Its name.'),
  hours: Type.Number({ minimum: 0, unit: 'h', description: 'Dispatched.' }),
  campusMw: megawatts('In every hour.'),
  surplusBus: text('Where surplus is.'),
  loadBus: text('Where load is.'),
  surplusMwh: record({ atSurplus: megawattHours('That a load there could have for next to nothing.'), atLoad: megawattHours('The same.') }),
  miles: miles('Straight from bus to bus.'),
  lineKind: oneOf(['state', 'interstate', 'given'], 'What its months are drawn from.'),
  lineUsd: usd('Of the line.'),
  lineUsdPerYear: usd('The same by year of its life.'),
  years: count('Resampled.'),
  seed: count('Of everything drawn.'),
  ways: Type.Array(
    record({
      way: oneOf(['at-surplus', 'at-load', 'at-load-with-line'], 'Where the campus stands.'),
      ...effectFields,
      lineUsdPerMwh: usdPerMwh('The line, by MWh served.'),
      yearUsdPerMwh: spread('USD/MWh', 'Running and line, over the resampled years.'),
      yearMonths: spread('months', 'Until the campus, and the line if there is one, are at work.'),
    }),
  ),
  cheaperRatio: ratio('Years in which the campus at the surplus is cheaper than the one with the line.'),
  earlierRatio: ratio('And earlier.'),
  bothRatio: ratio('Both.'),
  evenUsdPerMile: Type.Number({ unit: 'USD/mi', description: 'Cost of a mile at which both cost the same; below 0: never.' }),
  inputs: Type.Array(record({ input: text('Name.'), value: text('Used.'), evidence, source: text('Where from.') })),
  verdict: record({
    word: oneOf(['supported', 'contradicted', 'open'], 'On claim 5, for these two buses.'),
    evidence,
    reason: text('Why.'),
  }),
});

export type LineAnswer = Static<typeof lineAnswer>;

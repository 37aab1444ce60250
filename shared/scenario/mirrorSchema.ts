import { Type, type Static } from 'typebox';
import { record } from '../events/define.js';
import { slug, text } from '../events/fields.js';

const region = slug('Region whose load is measured.');
const pollSeconds = Type.Optional(
  Type.Number({
    minimum: 1,
    maximum: 86_400,
    unit: 's',
    description: 'Wall seconds between two looks; absent: 2 for a file, 300 for an address.',
  }),
);

/** Where measured load comes from; regions without a source are simulated. */
export const mirrorSchema = Type.Array(
  Type.Union([
    record({
      kind: Type.Literal('file'),
      region,
      path: text('CSV of hourly load, from the folder of the scenario; it may grow while it is read.'),
      area: Type.Optional(text('Rows whose `area` is this; absent: all rows.')),
      pollSeconds,
    }),
    record({
      kind: Type.Literal('http'),
      region,
      url: text('Address that answers in the form of the EIA open data API, version 2, for hourly regional demand.'),
      respondent: text('Balancing authority, as `respondent` names it.'),
      keyVariable: Type.Optional(text('Name of the environment variable that holds the key of the API; absent: none is sent.')),
      pollSeconds,
    }),
  ]),
  { description: 'Regions whose load is that of a real place.' },
);

export type MirrorSource = Static<typeof mirrorSchema>[number];

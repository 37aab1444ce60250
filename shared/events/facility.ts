import { Type } from 'typebox';
import { defineEvent, record } from './define.js';
import { count, instant, megawattHours, megawatts, minutes, oneOf, seconds, slug, text } from './fields.js';

/** Who carries the load of a campus that is not, or not wholly, on the grid. */
export const carriers = ['grid', 'ups', 'battery', 'generators'] as const;
export type Carrier = (typeof carriers)[number];

export const clusterDip = defineEvent({
  type: 'cluster.dip.v1',
  kind: 'milestone',
  summary: 'The voltage at a campus dipped; enough of these within the window of its ride-through rule transfer it to its UPS.',
  data: record({
    dips: count('Dips in the window up to this one.'),
    transferDips: count('As many transfer the campus.'),
    windowSeconds: seconds('Length of the window.'),
  }),
  example: { dips: 2, transferDips: 3, windowSeconds: 60 },
});

export const clusterTransfer = defineEvent({
  type: 'cluster.transfer.v1',
  kind: 'milestone',
  summary:
    'A campus left the grid at once and lives on its own supply until a person returns it; its training runs are carried, saved or cut.',
  data: record({
    cause: oneOf(['dips', 'connection'], 'Voltage dips, or the loss of the connection.'),
    lostMw: megawatts('What it drew from the grid just before.'),
    trainingMw: megawatts('Training just before.'),
    inferenceMw: megawatts('Inference just before.'),
    coolingMw: megawatts('Cooling just before.'),
    upsMinutes: minutes('How long the UPS can carry all computing.'),
    handoverTime: instant('When battery and generators take over from the UPS.'),
    carriedRuns: Type.Array(slug('Training run.'), { description: 'Go on, on battery and generators.' }),
    savedRuns: Type.Array(slug('Training run.'), { description: 'Save a checkpoint on the UPS and stop.' }),
    cutRuns: Type.Array(slug('Training run.'), { description: 'Stop at once and lose what they did since their last checkpoint.' }),
    reason: text('Why, in the words of the script or of who asked.'),
  }),
  example: {
    cause: 'dips',
    lostMw: 498,
    trainingMw: 361,
    inferenceMw: 120,
    coolingMw: 17,
    upsMinutes: 5,
    handoverTime: '2027-07-13T17:01:04.000Z',
    carriedRuns: [],
    savedRuns: ['atlas', 'boreas'],
    cutRuns: ['cinder'],
    reason: 'third dip within 60 s',
  },
});

export const clusterBackup = defineEvent({
  type: 'cluster.backup.v1',
  kind: 'milestone',
  summary: 'Something else carries the load of a campus from now on.',
  data: record({
    carriers: Type.Array(oneOf(carriers, 'Carrier.'), { description: 'Who carries; none: the campus is dark.' }),
    servedMw: megawatts('Carried on the site.'),
    unservedMw: megawatts('Inference and cooling that nothing carries.'),
    batteryMwh: megawattHours('What the battery can still deliver.'),
    fuelMwh: megawattHours('What the fuel of the generators can still give.'),
  }),
  example: { carriers: ['battery', 'generators'], servedMw: 152, unservedMw: 0, batteryMwh: 38.5, fuelMwh: 1200 },
});

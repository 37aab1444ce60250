import { Type } from 'typebox';
import { defineEvent, record } from './define.js';
import { count, flag, instant, megawatts, minutes, netMegawatts, oneOf, text } from './fields.js';

/** What became of a reading: used, nothing was there, below zero, or more than the region could ever draw. Falls are never a fault. */
export const verdicts = ['usable', 'missing', 'negative', 'implausible'] as const;

export const telemetryDemand = defineEvent({
  type: 'telemetry.demand.v1',
  kind: 'state',
  summary: 'Load of a region as somebody has measured it, as it came and as it is used.',
  data: record({
    source: text('Where it comes from: the file or address, and what of it.'),
    fromTime: instant('Start of the interval.'),
    toTime: instant('End of the interval.'),
    rawText: text('As it stood there, up to 40 characters.'),
    demandMw: Type.Union([megawatts('Mean load.'), Type.Null()], { description: 'What is used of it; null: nothing is.' }),
    verdict: oneOf(verdicts, 'What became of it.'),
    revision: count('0: the first value of the interval; then how often it has been corrected.'),
    delayMinutes: minutes('From the end of the interval until the twin heard of it.'),
  }),
  example: {
    source: 'ercot.csv, ERCO-COAS',
    fromTime: '2027-08-01T05:00:00.000Z',
    toTime: '2027-08-01T06:00:00.000Z',
    rawText: '10262',
    demandMw: 10_262,
    verdict: 'usable',
    revision: 0,
    delayMinutes: 5,
  },
});

export const gridDivergence = defineEvent({
  type: 'grid.divergence.v1',
  kind: 'state',
  summary: 'How far a measured load was from what the twin expected of that interval, and how the twin follows it.',
  data: record({
    fromTime: instant('Start of the interval.'),
    toTime: instant('End of the interval.'),
    measuredMw: megawatts('Mean load as measured.'),
    expectedMw: megawatts('What the twin expected of it before.'),
    errorMw: netMegawatts('Measured less expected.'),
    usualErrorMw: megawatts('Mean absolute error of the three days before; 0 while fewer than twelve intervals are known.'),
    gainRatio: Type.Number({ minimum: 0, description: 'Measured to modelled load over three days, newer ones counting more.' }),
    biasMw: netMegawatts('What the newest interval was above the modelled load by that gain; it fades.'),
    isDivergent: flag('More than four times the usual error, and more than a tenth of what was expected.'),
  }),
  example: {
    fromTime: '2027-08-01T05:00:00.000Z',
    toTime: '2027-08-01T06:00:00.000Z',
    measuredMw: 10_262,
    expectedMw: 10_310,
    errorMw: -48,
    usualErrorMw: 95,
    gainRatio: 1.04,
    biasMw: -60,
    isDivergent: false,
  },
});

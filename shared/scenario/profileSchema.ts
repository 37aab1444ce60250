import { Type, type Static } from 'typebox';
import { record } from '../events/define.js';
import { hours, instant, megawatts, minutes, netMegawatts, ratio, slug } from '../events/fields.js';

const positive = (unit: string, description: string) => Type.Number({ exclusiveMinimum: 0, unit, description });

/** Values of a step function: `values[i]` holds from startTime + i * stepMinutes, in the unit its user names. */
export const seriesSchema = record({
  startTime: instant('Begin of the first value.'),
  stepMinutes: minutes('Length of a step.'),
  values: Type.Array(Type.Number()),
});

/** How a quantity moves over time: a named series, or a daily shape with seeded noise. */
export const profileSchema = Type.Union([
  record({ kind: Type.Literal('series'), series: slug('Name in `series`; values in MW.') }),
  record({ kind: Type.Literal('constant'), mw: netMegawatts('The same at all times.') }),
  record({
    kind: Type.Literal('load'),
    peakMw: megawatts('Peak of the shape.'),
    baseRatio: ratio('Share of the peak that never falls away.'),
    bumps: Type.Array(record({ heightRatio: ratio('Height.'), centreHour: hours('Local hour of the top.'), widthHours: hours('Width.') })),
    dayFactors: Type.Array(ratio('Factor of each day of the cycle from the start.'), { minItems: 1 }),
  }),
  record({
    kind: Type.Literal('wind'),
    meanRatio: ratio('Mean capacity factor.'),
    diurnalRatio: ratio('Daily swing around it.'),
    peakHour: hours('Local hour of the daily top.'),
    sigmaRatio: ratio('Standard deviation of the noise.'),
    memoryHours: hours('Correlation time of the noise.'),
    boost: Type.Array(record({ fromTime: instant('Begin.'), toTime: instant('End.'), addRatio: ratio('Added in between.') })),
    minRatio: ratio('Lower clip.'),
    maxRatio: ratio('Upper clip.'),
  }),
  record({
    kind: Type.Literal('solar'),
    peakRatio: ratio('Capacity factor at noon.'),
    sunriseHour: hours('Local hour.'),
    daylightHours: hours('Length of the day.'),
    exponent: positive('1', 'Shape of the bell.'),
    cloudRatio: ratio('Standard deviation of the cloud noise.'),
  }),
]);

export type Profile = Static<typeof profileSchema>;
export type Series = Static<typeof seriesSchema>;

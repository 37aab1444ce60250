import { Type, type Static } from 'typebox';
import { record } from '../../../shared/events/define.js';
import { count, hours, megawattHours, megawatts, ratio, text } from '../../../shared/events/fields.js';

/** What `headroom --json` prints. */
export const headroomAnswer = record({
  file: text('Load series.'),
  years: Type.Array(Type.Integer(), { description: 'Whole calendar years in it.' }),
  peakMw: record({ summer: megawatts('Governs April to October.'), winter: megawatts('Governs November to March.') }),
  widened: Type.Array(text('Season whose peak was looked for a month before and after as well.')),
  runDays: Type.Number({ minimum: 0, unit: 'd', description: 'Length of that run at full speed.' }),
  droppedHours: count('Of years that are not whole.'),
  imputedHours: count('Whose value the publisher has filled in.'),
  limits: Type.Array(
    record({
      limitRatio: ratio('Share of the energy of the new load that may be curtailed, mean of the years.'),
      newLoadMw: megawatts('Flat load that meets it.'),
      yearRatio: Type.Array(Type.Number({ minimum: 0 }), { description: 'Share curtailed in each year.' }),
      worstYear: Type.Integer({ description: 'Year with the largest share.' }),
      hoursPerYear: hours('With some curtailment.'),
      hoursHalfKept: hours('Of them with at least half of the load kept.'),
      hoursThreeQuartersKept: hours('With at least three quarters.'),
      hoursNineTenthsKept: hours('With at least nine tenths.'),
      eventsPerYear: Type.Number({ minimum: 0, description: 'Runs of such hours in a row.' }),
      meanEventHours: hours('Length of a run.'),
      medianEventHours: hours('Length of the middle one.'),
      longestEventHours: hours('Length of the longest.'),
      seasonRatio: record({ summer: ratio('Share of the curtailed energy.'), winter: ratio('The rest.') }),
      training: Type.Array(
        record({
          policy: text('pause: as many accelerators as needed stand still; cap: all are capped to one half at least, then some pause.'),
          lostRatio: ratio('Of the work of full speed, restarts included.'),
          residualHours: hours('In which pausing all is not enough, over all years.'),
          residualMwh: megawattHours('Missing then: on-site backup, or all off.'),
          residualMw: megawatts('Most of it at once.'),
          runHoursLater: Type.Union([Type.Number({ minimum: 0, unit: 'h' }), Type.Null()], {
            description: 'By how much a run that begins with the worst year ends later; null: not within the series.',
          }),
        }),
        { description: 'With the new load all training; paused draws 0.20 of it (assumed).' },
      ),
    }),
  ),
});

export type HeadroomAnswer = Static<typeof headroomAnswer>;

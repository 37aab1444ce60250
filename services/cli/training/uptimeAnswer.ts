import { Type, type Static } from 'typebox';
import { record } from '../../../shared/events/define.js';
import { count, instant, oneOf, ratio, seconds, slug, text } from '../../../shared/events/fields.js';

/** What `training uptime --json` prints. */
export const uptimeAnswer = record({
  startTime: instant('Start of the world.'),
  workloads: Type.Array(
    record({
      name: slug('Training run, or campus for its inference.'),
      kind: oneOf(['training', 'inference'], 'Which.'),
      campus: slug('Where.'),
      fromTime: instant('Observed from; later than the start of the world when it began later or the stream no longer holds it.'),
      toTime: instant('Observed to.'),
      uptimeClass: text('Class it is held to.'),
      observedSeconds: seconds('In between.'),
      interruptions: count('Times without work.'),
      lostSeconds: seconds('Without work.'),
      longestSeconds: seconds('Of one interruption.'),
      cappedSeconds: seconds('Working under a cap.'),
      availabilityRatio: ratio('Share of the time observed in which it worked.'),
      lostRatioLow: ratio('Share lost in the long run lies above this with 95 %.'),
      lostRatioHigh: ratio('It lies below this with 95 %.'),
      unit: oneOf(['second', 'interruption'], 'What the bounds count as independent.'),
      units: count('Of them.'),
      interruptionsPerYearHigh: Type.Number({ minimum: 0, description: '95 % bound from their count alone (Poisson).' }),
      allowedRatio: ratio('Share that the class allows to be lost.'),
      verdict: oneOf(['kept', 'broken', 'cannot be shown'], 'Of the class, from the bounds.'),
      secondsToShow: seconds('Time without any loss that would show the class.'),
    }),
  ),
  evidence: oneOf(['measured', 'calibrated', 'assumed'], 'Of lengths of time: those of a simulated twin are assumed.'),
});

export type UptimeAnswer = Static<typeof uptimeAnswer>;

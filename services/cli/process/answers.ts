import { Type } from 'typebox';
import { record } from '../../../shared/events/define.js';
import { count, days, oneOf, ratio, slug, text } from '../../../shared/events/fields.js';

const evidence = oneOf(['measured', 'calibrated', 'assumed'], 'How the figure came about.');
const signedDays = (description: string) => Type.Number({ unit: 'd', description });

const armAnswer = record({
  agency: Type.Union([slug('Agency whose reviewers were changed.'), Type.Null()], { description: 'null: the world as it is.' }),
  reviewers: Type.Union([count('Reviewers it then has.'), Type.Null()]),
  meanWaitDaysBefore: Type.Union([days('Mean wait of our permits there for a reviewer, in the world as it is.'), Type.Null()]),
  meanWaitDays: Type.Union([days('The same with the reviewers changed.'), Type.Null()]),
  medianDays: days('Median from the start to power of the block; what is not delivered counts as the horizon.'),
  deliveredRatio: ratio('Share of seeds with power by the horizon.'),
  differenceDays: signedDays('Median less that of the world as it is; negative is sooner.'),
  differenceDaysInterval: Type.Array(signedDays('Edge of what 95 of 100 resamples of the seeds give.'), { minItems: 2, maxItems: 2 }),
  firstAheadDays: signedDays('Median of the first changed arm less that of this one: negative, reviewers there bring power sooner.'),
  firstAheadDaysInterval: Type.Array(signedDays('Edge of what 95 of 100 resamples of the seeds give.'), { minItems: 2, maxItems: 2 }),
});

/** What `permit experiment --json` prints. */
export const experimentAnswer = record({
  scenario: text('Scenario.'),
  project: slug('Project.'),
  block: count('Block whose power counts.'),
  seeds: count('Seeds.'),
  horizonDays: days('How far each is followed.'),
  evidence,
  arms: Type.Array(armAnswer, {
    description: 'The world as it is, the agency asked for, then each other agency with its reviewers doubled.',
  }),
  stages: Type.Array(
    record({
      permit: slug('Permit.'),
      workingDays: days('A reviewer works on it.'),
      reviewerDays: days('It waits for a reviewer.'),
      applicantDays: days('It waits for its applicant.'),
      noticeDays: days('Public notice.'),
      courtDays: days('In court.'),
    }),
    { description: 'Mean time of each permit in the world as it is.' },
  ),
  seconds: Type.Number({ minimum: 0, unit: 's', description: 'Wall time.' }),
});

/** What `permit calibrate --json` prints. */
export const calibrationAnswer = record({
  permit: slug('Permit.'),
  agency: slug('Agency.'),
  recordedMedianDays: days('Median of the record, from filing to decision.'),
  result: oneOf(['fits', 'too-short', 'too-long'], 'Whether some load gives it.'),
  otherApplicationsPerYear: Type.Number({ minimum: 0, unit: '1/a', description: 'Applications of others at which it does.' }),
  utilisationRatio: Type.Number({ minimum: 0, description: 'Load of the agency by others at that.' }),
  simulatedMedianDays: days('Median of the simulation.'),
  errorRatio: Type.Number({ description: 'Simulated over recorded median, less 1.' }),
  samples: count('Applications tried.'),
  meanDays: record({
    working: days('A reviewer works on it.'),
    reviewer: days('It waits for a reviewer.'),
    applicant: days('It waits for its applicant.'),
    notice: days('Public notice.'),
  }),
  evidence,
});

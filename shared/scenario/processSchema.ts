import { Type } from 'typebox';
import { record } from '../events/define.js';
import { count, days, flag, hours, instant, megawatts, minutes, oneOf, ratio, slug, text, usd } from '../events/fields.js';

const positive = (unit: string, description: string) => Type.Number({ exclusiveMinimum: 0, unit, description });

/** A stretch of calendar days, drawn anew each time. */
export const durationSchema = Type.Union([
  record({ kind: Type.Literal('fixed'), days: days('Duration.') }),
  record({ kind: Type.Literal('triangular'), minDays: days('Least.'), modeDays: days('Most likely.'), maxDays: days('Most.') }),
  record({ kind: Type.Literal('lognormal'), medianDays: positive('d', 'Median.'), sigma: Type.Number({ minimum: 0 }) }),
  record({
    kind: Type.Literal('quantiles'),
    days: Type.Array(days('Evenly spaced quantiles, rising, the first at 0, the last at 1.'), { minItems: 2 }),
  }),
]);

/** What a project offers to be connected sooner: power it does without when asked. */
const flexibleOfferSchema = record({
  offerMw: megawatts('Part of the block that is not firm.'),
  noticeMinutes: minutes('Notice it needs.'),
  hoursPerYear: hours('Hours a year it can be without.'),
});

/** How one application goes at its agency, beside what the agency does with all; each may be left out. */
export const termFields = {
  effort: Type.Optional(durationSchema),
  noticeDays: Type.Optional(days('Public notice after the review; absent: that of the agency.')),
  deadlineDays: Type.Optional(
    days('Statutory days to a decision from a complete application; they stand still while the applicant answers.'),
  ),
  onDeadline: Type.Optional(oneOf(['first-in-line', 'grant'], 'What a missed deadline does; absent: it goes to the head of the queue.')),
  incompleteRatio: Type.Optional(
    ratio('Chance that something is missing when it is filed; absent: a fifth of the requests for information.'),
  ),
  informationRequestRatio: Type.Optional(ratio('Chance of a request for information; absent: that of the agency.')),
  denialRatio: Type.Optional(ratio('Chance of a denial; absent: that of the agency.')),
  appealSuccessRatio: Type.Optional(ratio('Chance that an appeal succeeds; absent: as for a first decision.')),
  litigation: Type.Optional(
    record({
      ratio: ratio('Chance that a grant is taken to court; it then waits for the court.'),
      duration: durationSchema,
      lossRatio: ratio('Chance that the court sends it back to the agency.'),
    }),
  ),
  restudy: Type.Optional(
    record({
      ratio: ratio('Chance, after each study, that others withdrew and it is studied again.'),
      effortRatio: ratio('Effort of that, as a share of the first.'),
    }),
  ),
  onAppealLost: Type.Optional(oneOf(['redesign', 'move-site', 'abandon'], 'What a lost appeal leads to; absent: the next site.')),
  redesignDays: Type.Optional(days('Work on another design before it is filed again; absent: the days of the first filing.')),
  escalateAfterDays: Type.Optional(days('Days without a word after which the applicant asks to be taken first; absent: never.')),
  flexible: Type.Optional(flexibleOfferSchema),
};

/** Kinds of stage of a process. */
export const stageKinds = ['site-control', 'permit', 'study', 'equipment', 'construction', 'gate', 'energization'] as const;

/** One stage of a process: what it needs, who works on it and how long, what can go wrong, and what it costs. */
export const stageSchema = record({
  id: slug('Stage; for one with an agency also the permit.'),
  kind: oneOf(stageKinds, 'What it is.'),
  name: Type.Optional(text('For people.')),
  block: Type.Optional(Type.Integer({ minimum: 1, description: 'Block it belongs to; absent: all blocks need it, once.' })),
  needs: Type.Array(slug('Stage that must be done first.')),
  agency: Type.Optional(slug('Agency whose reviewers work on it; a permit needs one.')),
  duration: Type.Optional(durationSchema),
  applicantDays: Type.Optional(days('Work of the applicant before filing; absent: 0.')),
  answerDays: Type.Optional(days('Time the applicant takes to answer; absent: 21.')),
  onDenial: Type.Optional(oneOf(['appeal', 'redesign', 'move-site', 'abandon'], 'What a denial leads to; absent: an appeal.')),
  ...termFields,
  appliesRatio: Type.Optional(ratio('Chance that it is needed at all; absent: 1.')),
  initialPhase: Type.Optional(oneOf(['drafting', 'queued', 'under-review', 'granted'], 'Where a permit stands at the start.')),
  initialPosition: Type.Optional(count('Place in the queue at the start; 0: under review.')),
  isDone: Type.Optional(flag('Behind the project at the start; absent: false.')),
  orderedDaysAgo: Type.Optional(days('Equipment: ordered before the start.')),
  feeUsd: Type.Optional(usd('Spent when it begins; absent: 0.')),
  atRiskUsd: Type.Optional(usd('Committed when it begins, lost when the site or the project is given up; absent: 0.')),
  refundRatio: Type.Optional(ratio('Share of what is at risk that comes back when it is given up; absent: 0.')),
  expectedDays: Type.Optional(
    days('What the plan allows for a permit or a study; absent: its work, notice and answers without any waiting.'),
  ),
  source: Type.Optional(text('Where its numbers come from, or `assumed`.')),
});

/** What changes at an agency from a date on. */
const reformSchema = record({
  fromTime: instant('From when.'),
  reviewers: Type.Optional(Type.Integer({ minimum: 1, description: 'Reviewers; absent: as before.' })),
  effortRatio: Type.Optional(
    positive('1', 'Effort of applications taken in from then on, as a share of the usual one; absent: as before.'),
  ),
  otherApplicationsPerYear: Type.Optional(positive('1/a', 'Applications of others, after the next one; absent: as before.')),
});

/** Steps that a recorded file of a permit may hold, in the words of the facts. */
export const recordedSteps = [
  'received',
  'incomplete',
  'started',
  'information-requested',
  'comment-opened',
  'comment-closed',
  'court-opened',
  'court-closed',
  'restudied',
  'granted',
  'denied',
  'revoked',
] as const;

/** Fields an agency may leave out. */
export const agencyProcessFields = {
  reforms: Type.Optional(Type.Array(reformSchema, { description: 'Changes by date, in order.' })),
  flexibleTrack: Type.Optional(
    record({
      offerRatioMin: ratio('Share of the block that must not be firm.'),
      noticeMinutesMax: minutes('Longest notice it accepts.'),
      hoursPerYearMin: hours('Fewest hours a year.'),
      effort: durationSchema,
    }),
  ),
  recorded: Type.Optional(
    Type.Array(
      record({
        permit: slug('Permit.'),
        atTime: instant('When it happened.'),
        step: oneOf(recordedSteps, 'What happened.'),
        reason: text('From the record.'),
      }),
      { description: 'What the agency really did: said at its time, in place of everything simulated for these permits.' },
    ),
  ),
};

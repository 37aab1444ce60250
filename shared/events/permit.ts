import { Type } from 'typebox';
import { defineEvent, record } from './define.js';
import { count, days, flag, instant, oneOf, optionalInstant, slug, text } from './fields.js';

/** Where a permit stands, seen from the applicant. */
export const permitPhases = [
  'drafting',
  'filed',
  'incomplete',
  'queued',
  'under-review',
  'information-requested',
  'public-comment',
  'in-court',
  'granted',
  'denied',
  'appealed',
  'withdrawn',
] as const;
export type PermitPhase = (typeof permitPhases)[number];

export const permitQueue = defineEvent({
  type: 'permit.queue.v1',
  kind: 'state',
  summary: 'Who an agency is reviewing and who waits, in order; published on change and once a day.',
  data: record({
    reviewers: count('Reviewers the agency has.'),
    busyReviewers: count('Reviewers at work on an application.'),
    waitingApplications: count('All that wait, those of others included.'),
    positions: Type.Array(record({ permit: slug('Permit of a project here.'), position: count('1 is next; 0 is under review.') })),
  }),
  example: { reviewers: 3, busyReviewers: 3, waitingApplications: 11, positions: [{ permit: 'mesa-block-3-air', position: 8 }] },
});

/** Steps between a filing and its decision. */
export const reviewSteps = [
  'received',
  'incomplete',
  'started',
  'information-requested',
  'comment-opened',
  'comment-closed',
  'restudied',
  'overdue',
  'court-opened',
  'court-closed',
] as const;
export type ReviewStep = (typeof reviewSteps)[number];

export const permitReview = defineEvent({
  type: 'permit.review.v1',
  kind: 'milestone',
  summary:
    'What became of an application at its agency: complete or not, in review, asked about, in public comment, studied again, overdue by law, in court.',
  data: record({
    agency: slug('Agency.'),
    step: oneOf(reviewSteps, 'What the agency did, or what happened to its work.'),
    effortDays: days('Reviewer-days this step is drawn to take; 0 where none.'),
    dueTime: optionalInstant('When an answer is due, or the step ends.'),
  }),
  example: { agency: 'state-air-board', step: 'started', effortDays: 41.2, dueTime: null },
});

export const permitDecision = defineEvent({
  type: 'permit.decision.v1',
  kind: 'milestone',
  summary: 'An agency granted or denied a permit, or a grant was taken back.',
  data: record({
    agency: slug('Agency.'),
    outcome: oneOf(['granted', 'denied', 'revoked'], 'Decision; revoked: a grant no longer counts, and the application is reviewed again.'),
    reason: text('Scripted, drawn, recorded or injected, and why.'),
    effectiveTime: instant('From when it counts.'),
    isRenewed: Type.Optional(flag('True: decided again after it was revoked; absent: false.')),
  }),
  example: { agency: 'state-air-board', outcome: 'granted', reason: 'drawn', effectiveTime: '2027-07-14T20:00:00.000Z' },
});

export const permitFiling = defineEvent({
  type: 'permit.filing.v1',
  kind: 'milestone',
  summary: 'An applicant filed, answered, asked to be taken first, appealed or withdrew an application.',
  data: record({
    project: slug('Project it belongs to.'),
    agency: slug('Agency it goes to.'),
    step: oneOf(['filed', 'answered', 'escalated', 'appealed', 'withdrawn'], 'What the applicant did.'),
    attempt: count('1 for the first filing; rises with appeal and refiling.'),
  }),
  example: { project: 'mesa', agency: 'state-air-board', step: 'filed', attempt: 1 },
});

export const permitPhase = defineEvent({
  type: 'permit.phase.v1',
  kind: 'milestone',
  summary: 'Where a permit stands from now on, seen from the applicant.',
  data: record({
    project: slug('Project it belongs to.'),
    agency: slug('Agency it goes to.'),
    phase: oneOf(permitPhases, 'From now on.'),
    previousPhase: oneOf(permitPhases, 'Until now.'),
    deadlineTime: optionalInstant('When the applicant acts by itself if nothing comes.'),
  }),
  example: { project: 'mesa', agency: 'state-air-board', phase: 'under-review', previousPhase: 'queued', deadlineTime: null },
});

import { Type } from 'typebox';
import { defineEvent, record } from './define.js';
import { count, days, instant, oneOf, optionalInstant, slug, text } from './fields.js';

/** Where a permit stands, seen from the applicant. */
export const permitPhases = [
  'drafting',
  'filed',
  'incomplete',
  'queued',
  'under-review',
  'information-requested',
  'public-comment',
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

export const permitReview = defineEvent({
  type: 'permit.review.v1',
  kind: 'milestone',
  summary: 'An agency took an application up: complete or not, in review, asking for information, or in public comment.',
  data: record({
    agency: slug('Agency.'),
    step: oneOf(['received', 'incomplete', 'started', 'information-requested', 'comment-opened', 'comment-closed'], 'What the agency did.'),
    effortDays: days('Reviewer-days this step is drawn to take; 0 where none.'),
    dueTime: optionalInstant('When an answer is due, or the step ends.'),
  }),
  example: { agency: 'state-air-board', step: 'started', effortDays: 41.2, dueTime: null },
});

export const permitDecision = defineEvent({
  type: 'permit.decision.v1',
  kind: 'milestone',
  summary: 'An agency granted or denied a permit.',
  data: record({
    agency: slug('Agency.'),
    outcome: oneOf(['granted', 'denied'], 'Decision.'),
    reason: text('Scripted, drawn or injected, and why.'),
    effectiveTime: instant('From when it counts.'),
  }),
  example: { agency: 'state-air-board', outcome: 'granted', reason: 'drawn', effectiveTime: '2027-07-14T20:00:00.000Z' },
});

export const permitFiling = defineEvent({
  type: 'permit.filing.v1',
  kind: 'milestone',
  summary: 'An applicant filed, answered, appealed or withdrew an application.',
  data: record({
    project: slug('Project it belongs to.'),
    agency: slug('Agency it goes to.'),
    step: oneOf(['filed', 'answered', 'appealed', 'withdrawn'], 'What the applicant did.'),
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

import { defineEvent, record } from './define.js';
import { count, oneOf, optionalInstant, seconds, slug } from './fields.js';

/** What a run was doing when it failed. */
export const failureMoments = ['work', 'save', 'restart'] as const;

export const clusterFailure = defineEvent({
  type: 'cluster.failure.v1',
  kind: 'milestone',
  summary: 'A training run failed: it falls back to its last checkpoint and restarts, or pauses where a pause was due.',
  data: record({
    campus: slug('Where it runs.'),
    number: count('Failures of the run so far, this one included.'),
    during: oneOf(failureMoments, 'At work, in a save, or in a restart, which begins anew.'),
    checkpointedSteps: count('Steps it falls back to.'),
    lostSteps: count('Steps done after the checkpoint and lost.'),
    lostSeconds: seconds('Time since the checkpoint, of which nothing is left; 0 in a restart.'),
    readyTime: optionalInstant('When it computes again unless it fails before; null: it pauses and restarts when it is resumed.'),
  }),
  example: {
    campus: 'riverbend',
    number: 3,
    during: 'work',
    checkpointedSteps: 15_288,
    lostSteps: 32,
    lostSeconds: 197.4,
    readyTime: '2027-07-13T23:45:00.000Z',
  },
});

import { Type } from 'typebox';
import { defineEvent, record } from './define.js';
import { count, hours, instant, megawattHours, megawatts, oneOf, optionalInstant, ratio, slug, usd } from './fields.js';

/** Where the sequence around a training run stands: the upward half and what comes after a curtailment. */
export const trainingPhases = ['running', 'curtailed', 'holding', 'resuming', 'verifying', 'settled', 'finished'] as const;
export type TrainingPhase = (typeof trainingPhases)[number];

export const trainingPhase = defineEvent({
  type: 'training.phase.v1',
  kind: 'milestone',
  summary: 'Where the sequence of a training run stands from now on.',
  data: record({
    campus: slug('Where it runs.'),
    phase: oneOf(trainingPhases, 'From now on.'),
    previousPhase: oneOf(trainingPhases, 'Until now.'),
    epoch: count('Epoch of the load target it is about; 0 when none.'),
    untilTime: optionalInstant('When it looks again by itself.'),
  }),
  example: { campus: 'riverbend', phase: 'holding', previousPhase: 'curtailed', epoch: 4, untilTime: '2027-07-14T03:45:00.000Z' },
});

export const trainingVerification = defineEvent({
  type: 'training.verification.v1',
  kind: 'milestone',
  summary: 'What a run really gave during a curtailment, against its baseline of the hour before notice.',
  data: record({
    campus: slug('Where it runs.'),
    epoch: count('Epoch of the load target.'),
    baselineMw: megawatts('Mean power in the 60 minutes before notice.'),
    meanMw: megawatts('Mean power while curtailed.'),
    deliveredMwh: megawattHours('Baseline minus mean, times duration.'),
    fromTime: instant('Start of the curtailment.'),
    toTime: instant('End of the curtailment.'),
  }),
  example: {
    campus: 'riverbend',
    epoch: 4,
    baselineMw: 66,
    meanMw: 13.2,
    deliveredMwh: 184.8,
    fromTime: '2027-07-13T23:45:00.000Z',
    toTime: '2027-07-14T03:15:00.000Z',
  },
});

export const trainingSettlement = defineEvent({
  type: 'training.settlement.v1',
  kind: 'milestone',
  summary: 'What a curtailment cost and earned one run; lines are rounded to cents and the net is their sum.',
  data: record({
    campus: slug('Where it runs.'),
    contract: slug('Contract that pays.'),
    epoch: count('Epoch of the load target.'),
    lostSteps: count('Steps not made that the run would have made.'),
    lostAcceleratorHours: hours('Accelerator-hours of those steps.'),
    progressLostRatio: ratio('Share of the event in which no progress was made.'),
    lines: Type.Array(
      record({
        line: oneOf(['progress-lost', 'energy-saved', 'payment', 'penalty'], 'What for.'),
        amountUsd: usd('Positive: to the campus.'),
      }),
    ),
    netUsd: usd('Sum of the lines.'),
  }),
  example: {
    campus: 'riverbend',
    contract: 'riverbend-a',
    epoch: 4,
    lostSteps: 820,
    lostAcceleratorHours: 114_688,
    progressLostRatio: 1,
    lines: [
      { line: 'progress-lost', amountUsd: -122_337.6 },
      { line: 'payment', amountUsd: 92_400 },
    ],
    netUsd: -29_937.6,
  },
});

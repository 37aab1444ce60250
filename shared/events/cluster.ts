import { Type } from 'typebox';
import { defineEvent, record } from './define.js';
import { count, instant, megawattHours, megawatts, oneOf, ratio, seconds, slug, text } from './fields.js';

/** What a training run is doing, seen from the cluster. */
export const runStates = ['waiting', 'running', 'throttled', 'checkpointing', 'paused', 'restoring', 'finished', 'tripped'] as const;
export type RunState = (typeof runStates)[number];

/** Ways to free power of training: cap every run, pause whole runs, both, or pause each run after its next regular checkpoint. */
export const trainingWays = ['cap', 'pause', 'pause-and-cap', 'pause-by-checkpoint-age'] as const;
export type TrainingWay = (typeof trainingWays)[number];
/** Ways to free power: inference on fewer nodes, inference served elsewhere, and those of training. */
export const reductionWays = ['consolidate-inference', 'move-inference', ...trainingWays] as const;
export type ReductionWay = (typeof reductionWays)[number];

/** What a campus gives of its inference on load targets, and what it serves for others. */
const inferencePowers = {
  consolidatedMw: Type.Optional(megawatts('Inference power that fewer nodes free; not drawn.')),
  movedMw: Type.Optional(megawatts('Inference power that another campus draws in its place.')),
  arrivedMw: Type.Optional(megawatts('Part of its inference that it serves for other campuses.')),
  inferenceGiveMw: Type.Optional(megawatts('What inference could give beyond that through the longest event of the contracts.')),
};

/** What a campus with a facility draws beside its computers, and does not draw from the grid. */
const facilityPowers = {
  coolingMw: Type.Optional(megawatts('Part of it for cooling, by outside temperature; absent where it is within training and inference.')),
  chargeMw: Type.Optional(megawatts('Part of it that recharges the battery.')),
  onSiteMw: Type.Optional(
    megawatts('Part of training, inference and cooling that UPS, battery and generators carry: not drawn from the grid.'),
  ),
};

export const clusterDemand = defineEvent({
  type: 'cluster.demand.v1',
  kind: 'state',
  summary: 'What each campus of a region would draw in this tick if nothing were asked of it.',
  data: record({
    campuses: Type.Array(
      record({
        campus: slug('Campus.'),
        wantMw: megawatts('Training plus inference, within limit and ramp, mean over the tick.'),
        trainingMw: megawatts('Part of it for training.'),
        inferenceMw: megawatts('Part of it for inference, must-serve.'),
        ...facilityPowers,
        limitMw: megawatts('Largest power the connection allows.'),
      }),
    ),
  }),
  example: { campuses: [{ campus: 'riverbend', wantMw: 486, trainingMw: 361, inferenceMw: 125, limitMw: 600 }] },
});

export const clusterPower = defineEvent({
  type: 'cluster.power.v1',
  kind: 'state',
  summary: 'What each campus of a region drew in this tick.',
  data: record({
    campuses: Type.Array(
      record({
        campus: slug('Campus.'),
        meanMw: megawatts('Mean over the tick.'),
        endMw: megawatts('At the end of the tick.'),
        trainingMw: megawatts('Mean for training.'),
        inferenceMw: megawatts('Mean for inference.'),
        ...facilityPowers,
        ...inferencePowers,
        unservedMw: Type.Optional(
          megawatts('Inference and cooling that nothing carries, and inference on its way home from a campus that tripped.'),
        ),
        backupMw: Type.Optional(megawatts('Part of `onSiteMw` that is carried for a load target.')),
        batteryMwh: Type.Optional(megawattHours('What the battery can still deliver, at the end of the tick.')),
        fuelMwh: Type.Optional(megawattHours('What the fuel of the generators can still give.')),
        limitMw: megawatts('Largest power the connection allows.'),
        reductionTargetMw: megawatts('Reduction asked of it; 0 when none.'),
        imbalanceMw: megawatts('Reduction asked for and not delivered, covered by reserve.'),
      }),
    ),
  }),
  example: {
    campuses: [
      {
        campus: 'riverbend',
        meanMw: 480,
        endMw: 474,
        trainingMw: 355,
        inferenceMw: 125,
        limitMw: 600,
        reductionTargetMw: 0,
        imbalanceMw: 0,
      },
    ],
  },
});

export const clusterProgress = defineEvent({
  type: 'cluster.progress.v1',
  kind: 'state',
  summary: 'How far the training runs of a region are at the end of the tick.',
  data: record({
    runs: Type.Array(
      record({
        run: slug('Training run.'),
        campus: slug('Where it runs.'),
        state: oneOf(runStates, 'What it is doing.'),
        powerMw: megawatts('Mean facility power over the tick.'),
        capRatio: ratio('Power cap as a share of uncapped draw.'),
        completedSteps: count('Steps done; never falls below the checkpoint.'),
        checkpointedSteps: count('Steps in the last durable checkpoint.'),
        totalSteps: count('Steps of the whole run.'),
        movingTo: Type.Optional(slug('Campus it is on its way to; absent: none.')),
      }),
    ),
  }),
  example: {
    runs: [
      {
        run: 'atlas',
        campus: 'riverbend',
        state: 'running',
        powerMw: 131,
        capRatio: 1,
        completedSteps: 15_320,
        checkpointedSteps: 15_288,
        totalSteps: 900_000,
      },
    ],
  },
});

export const clusterPlan = defineEvent({
  type: 'cluster.plan.v1',
  kind: 'milestone',
  summary: 'How a campus will meet a load target: which runs are capped and which pause, cheapest first.',
  data: record({
    epoch: count('Epoch of the load target.'),
    reductionMw: megawatts('Reduction the plan delivers.'),
    measures: Type.Array(
      record({
        run: slug('Training run.'),
        measure: oneOf(['cap', 'pause'], 'What is done to it.'),
        capRatio: ratio('Power cap while the measure holds; 0 for a pause.'),
        reductionMw: megawatts('What it frees.'),
        baselineMw: megawatts('Mean facility power of the run in the 60 minutes before notice.'),
      }),
    ),
    inference: Type.Optional(
      record({
        consolidatedMw: megawatts('Freed by serving on fewer nodes, in all.'),
        movedMw: megawatts('Freed by serving elsewhere, in all.'),
        movedTo: Type.Union([slug('Campus.'), Type.Null()], { description: 'Where; null: nowhere.' }),
      }),
    ),
    alternatives: Type.Optional(
      Type.Array(
        record({
          way: oneOf(
            reductionWays,
            'Inference on fewer nodes, or served elsewhere; cap every run, pause whole runs, both, or pause each after its next checkpoint.',
          ),
          freedMw: megawatts('What it frees of the reduction that was still wanted.'),
          lostAcceleratorHours: Type.Number({ minimum: 0, unit: 'h', description: 'Work not done over the event, at full speed.' }),
          isChosen: Type.Boolean({ description: 'Whether the plan follows it.' }),
          reason: Type.String({ description: 'Why not; empty for the one chosen.' }),
        }),
        { description: 'Ways that were weighed.' },
      ),
    ),
  }),
  example: { epoch: 4, reductionMw: 126, measures: [{ run: 'cinder', measure: 'pause', capRatio: 0, reductionMw: 52.8, baselineMw: 66 }] },
});

export const clusterThrottle = defineEvent({
  type: 'cluster.throttle.v1',
  kind: 'milestone',
  summary: 'A training run was capped.',
  data: record({
    campus: slug('Where it runs.'),
    epoch: count('Epoch of the load target or command behind it.'),
    capRatio: ratio('Power cap from now on.'),
    powerMw: megawatts('Facility power under the cap.'),
  }),
  example: { campus: 'riverbend', epoch: 4, capRatio: 0.7, powerMw: 107 },
});

export const clusterCheckpoint = defineEvent({
  type: 'cluster.checkpoint.v1',
  kind: 'milestone',
  summary: 'A training run saved a checkpoint ahead of a pause.',
  data: record({
    campus: slug('Where it runs.'),
    epoch: count('Epoch of the load target or command behind it.'),
    checkpointedSteps: count('Steps in the checkpoint.'),
    saveSeconds: seconds('Time the run stood still for it.'),
  }),
  example: { campus: 'riverbend', epoch: 4, checkpointedSteps: 15_320, saveSeconds: 5 },
});

export const clusterSavefailure = defineEvent({
  type: 'cluster.savefailure.v1',
  kind: 'milestone',
  summary: 'A training run could not save its checkpoint ahead of a pause: it tries again, or falls back to the last one it has.',
  data: record({
    campus: slug('Where it runs.'),
    epoch: count('Epoch of the load target behind it.'),
    attempt: count('From 1.'),
    next: oneOf(['retry', 'fall-back'], 'Save once more, or pause with the work since the last checkpoint lost.'),
    lostSteps: count('Steps lost by falling back; 0 on a retry.'),
  }),
  example: { campus: 'riverbend', epoch: 4, attempt: 1, next: 'retry', lostSteps: 0 },
});

export const clusterPause = defineEvent({
  type: 'cluster.pause.v1',
  kind: 'milestone',
  summary: 'A training run stands still after its checkpoint; its accelerators draw idle power.',
  data: record({
    campus: slug('Where it runs.'),
    epoch: count('Epoch of the load target or command behind it.'),
    checkpointedSteps: count('Steps it will resume from.'),
    lostSteps: count('Steps done after the checkpoint and lost; 0 with notice.'),
  }),
  example: { campus: 'riverbend', epoch: 4, checkpointedSteps: 15_320, lostSteps: 0 },
});

export const clusterResume = defineEvent({
  type: 'cluster.resume.v1',
  kind: 'milestone',
  summary: 'A training run runs again, or runs at a higher cap, on a command of its sequence.',
  data: record({
    campus: slug('Where it runs.'),
    epoch: count('Epoch of the command.'),
    capRatio: ratio('Power cap from now on.'),
    fromSteps: count('Steps it goes on from.'),
    readyTime: instant('When the restored run computes its first step.'),
    curtailedFromTime: instant('When the curtailment that ends here began for this run.'),
    meanCurtailedMw: megawatts('Mean facility power of the run since then.'),
    missedSteps: count('Steps it would have made since then and did not; for a run that fails, against its expected rate.'),
  }),
  example: {
    campus: 'riverbend',
    epoch: 4,
    capRatio: 0.5,
    fromSteps: 15_320,
    readyTime: '2027-07-14T03:04:00.000Z',
    curtailedFromTime: '2027-07-13T23:45:00.000Z',
    meanCurtailedMw: 13.2,
    missedSteps: 820,
  },
});

export const clusterLimit = defineEvent({
  type: 'cluster.limit.v1',
  kind: 'milestone',
  summary: 'The power limit of a campus changed because a block was energized, or its connection tripped or came back.',
  data: record({
    limitMw: megawatts('From this tick on.'),
    previousLimitMw: megawatts('Until now.'),
    reason: text('Block or contingency behind it.'),
  }),
  example: { limitMw: 300, previousLimitMw: 100, reason: 'block 2 energized' },
});

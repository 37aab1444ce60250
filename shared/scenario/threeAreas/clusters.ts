import type { Campus, Contract, Run } from '../schema.js';

/**
 * What every synchronous training run here has in common. Idle share 0.20, cap curve s 0.39 and a 4.0: fits to published
 * measurements of capped accelerators. Save stall 5 s and restart 240 s: assumed. A step of 6 s: a 405-billion-parameter
 * model with 16 million tokens a step on 16,384 accelerators takes about that.
 */
export const runDefaults = {
  idleRatio: 0.2,
  stepSeconds: 6,
  saveSeconds: 5,
  restartSeconds: 240,
  staticRatio: 0.39,
  capExponent: 4,
} as const;

type RunSize = Pick<Run, 'id' | 'campus' | 'accelerators' | 'facilityMw' | 'totalSteps' | 'initialSteps'>;

/**
 * A run that is at work from the start. `checkpointMinutes` is the interval that keeps most of the work at 50,677 accelerator-hours
 * per failure (419 failures of 16,384 accelerators in 54 days), rounded to whole minutes.
 */
export function trainingRun(size: RunSize): Run {
  const failureSeconds = (50_677 / size.accelerators) * 3_600;
  const { saveSeconds, restartSeconds } = runDefaults;
  const bestSeconds = saveSeconds + Math.sqrt(2 * (failureSeconds + restartSeconds) * saveSeconds + saveSeconds ** 2);
  return { ...size, ...runDefaults, checkpointMinutes: Math.max(1, Math.round(bestSeconds / 60)), startWithBlock: null, rampUpHours: 0 };
}

/** The campuses: `harbor` has no connection until a project moves there. */
export const campuses: Campus[] = [
  {
    id: 'riverbend',
    name: 'Riverbend',
    bus: 'central',
    limitMw: 600,
    inferenceMinMw: 90,
    inferenceMaxMw: 160,
    inferencePeakHour: 17,
    rampUpRatio: 0.1,
  },
  { id: 'mesa', name: 'Mesa', bus: 'west', limitMw: 100, inferenceMinMw: 12, inferenceMaxMw: 20, inferencePeakHour: 17, rampUpRatio: 0.1 },
  { id: 'harbor', name: 'Harbor', bus: 'south', limitMw: 0, inferenceMinMw: 0, inferenceMaxMw: 0, inferencePeakHour: 17, rampUpRatio: 0.1 },
];

/** The training runs; ember waits for the second block of Mesa. Step counts are made up: runs of two to four months, part done. */
export const runs: Run[] = [
  trainingRun({ id: 'atlas', campus: 'riverbend', accelerators: 65_536, facilityMw: 131, totalSteps: 1_200_000, initialSteps: 412_000 }),
  trainingRun({ id: 'boreas', campus: 'riverbend', accelerators: 65_536, facilityMw: 131, totalSteps: 1_000_000, initialSteps: 730_000 }),
  trainingRun({ id: 'cinder', campus: 'riverbend', accelerators: 32_768, facilityMw: 66, totalSteps: 800_000, initialSteps: 95_000 }),
  trainingRun({ id: 'delta', campus: 'riverbend', accelerators: 16_384, facilityMw: 33, totalSteps: 600_000, initialSteps: 260_000 }),
  trainingRun({ id: 'dune', campus: 'mesa', accelerators: 32_768, facilityMw: 66, totalSteps: 900_000, initialSteps: 310_000 }),
  {
    ...trainingRun({ id: 'ember', campus: 'mesa', accelerators: 82_000, facilityMw: 164, totalSteps: 1_400_000, initialSteps: 0 }),
    startWithBlock: { project: 'mesa', block: 2 },
    rampUpHours: 6,
  },
];

const terms = { campus: 'riverbend', rampMinutes: 15, penaltyUsdPerMwh: 2_000, capRatio: 0.7, resumeDelayMinutesMax: 10 } as const;

/** The two contracts of Riverbend: A caps and pauses at 500 $/MWh, B pauses at 900 $/MWh (0.8 of 60 % of the training power). */
export const contracts: Contract[] = [
  {
    id: 'riverbend-a',
    ...terms,
    tranche: 'cap-and-pause',
    maxReductionMw: 130,
    maxSiteRatio: 0.25,
    strikeUsdPerMwh: 500,
    noticeMinutes: 15,
    maxEventHours: 4,
    eventsPerYear: 40,
    hoursPerYear: 120,
  },
  {
    id: 'riverbend-b',
    ...terms,
    tranche: 'pause',
    maxReductionMw: 173,
    maxSiteRatio: 1,
    strikeUsdPerMwh: 900,
    noticeMinutes: 30,
    maxEventHours: 8,
    eventsPerYear: 20,
    hoursPerYear: 160,
  },
];

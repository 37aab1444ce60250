import type { Campus, Contract, Run } from '../schema.js';
import { trainingRun } from '../threeAreas/clusters.js';

/**
 * The campuses laid over the test system. `north` (1,000 MW) and `south` (600 MW) make its evenings of late July tight; `east` is
 * small and grows during the week; `prairie` is the place a denied block of `north` moves to. Inference peaks at 18 h, with the load.
 */
export const campuses: Campus[] = [
  {
    id: 'north',
    name: 'North',
    bus: '323',
    limitMw: 1_000,
    inferenceMinMw: 140,
    inferenceMaxMw: 200,
    inferencePeakHour: 18,
    rampUpRatio: 0.1,
  },
  {
    id: 'south',
    name: 'South',
    bus: '123',
    limitMw: 600,
    inferenceMinMw: 80,
    inferenceMaxMw: 120,
    inferencePeakHour: 18,
    rampUpRatio: 0.1,
  },
  { id: 'east', name: 'East', bus: '221', limitMw: 20, inferenceMinMw: 6, inferenceMaxMw: 10, inferencePeakHour: 18, rampUpRatio: 0.1 },
  { id: 'prairie', name: 'Prairie', bus: '303', limitMw: 0, inferenceMinMw: 0, inferenceMaxMw: 0, inferencePeakHour: 18, rampUpRatio: 0.1 },
];

/** Training runs at 2.0 kW an accelerator; with inference at its top, `north` and `south` draw their whole limit. Sizes are made up. */
export const runs: Run[] = [
  trainingRun({ id: 'alder', campus: 'north', accelerators: 200_000, facilityMw: 400, totalSteps: 1_500_000, initialSteps: 380_000 }),
  trainingRun({ id: 'birch', campus: 'north', accelerators: 130_000, facilityMw: 260, totalSteps: 1_200_000, initialSteps: 640_000 }),
  trainingRun({ id: 'cedar', campus: 'north', accelerators: 70_000, facilityMw: 140, totalSteps: 900_000, initialSteps: 150_000 }),
  trainingRun({ id: 'fir', campus: 'south', accelerators: 150_000, facilityMw: 300, totalSteps: 1_300_000, initialSteps: 905_000 }),
  trainingRun({ id: 'hazel', campus: 'south', accelerators: 90_000, facilityMw: 180, totalSteps: 800_000, initialSteps: 210_000 }),
  {
    ...trainingRun({ id: 'juniper', campus: 'east', accelerators: 20_000, facilityMw: 40, totalSteps: 600_000, initialSteps: 0 }),
    startWithBlock: { project: 'east', block: 2 },
    rampUpHours: 1,
  },
  {
    ...trainingRun({ id: 'linden', campus: 'prairie', accelerators: 10_000, facilityMw: 20, totalSteps: 500_000, initialSteps: 0 }),
    startWithBlock: { project: 'north', block: 2 },
    rampUpHours: 1,
  },
];

const capAndPause = {
  tranche: 'cap-and-pause',
  maxSiteRatio: 0.25,
  strikeUsdPerMwh: 500,
  noticeMinutes: 15,
  rampMinutes: 15,
  maxEventHours: 4,
  eventsPerYear: 40,
  hoursPerYear: 120,
  penaltyUsdPerMwh: 2_000,
  capRatio: 0.7,
  resumeDelayMinutesMax: 10,
} as const;
const pause = {
  ...capAndPause,
  tranche: 'pause',
  maxSiteRatio: 1,
  strikeUsdPerMwh: 900,
  noticeMinutes: 30,
  maxEventHours: 8,
  eventsPerYear: 20,
  hoursPerYear: 160,
} as const;

/** Per campus a quarter of the site at 500 $/MWh, and 0.8 of 60 % of its training power at 900 $/MWh. */
export const contracts: Contract[] = [
  { id: 'north-a', campus: 'north', ...capAndPause, maxReductionMw: 250 },
  { id: 'north-b', campus: 'north', ...pause, maxReductionMw: 384 },
  { id: 'south-a', campus: 'south', ...capAndPause, maxReductionMw: 150 },
  { id: 'south-b', campus: 'south', ...pause, maxReductionMw: 230 },
];

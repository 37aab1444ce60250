import { plainBus, plainOperations, plainUnit } from '../plain.js';
import type { Run, World } from '../schema.js';
import { trainingRun } from '../threeAreas/clusters.js';

/**
 * The cluster of the field trial of 3 May 2025 in Phoenix (Colangelo et al., arXiv 2507.00909) a thousand times over: 256,000 accelerators of
 * 400 W with servers, network and cooling, 100 MW. Published: 25 % less for three hours, reached in 15 minutes, each job within its tier of
 * 0, 10, 25 or 50 % slowdown. Assumed: how the power is shared over the tiers (10 % not to be slowed, served as inference; 20, 30, 20 %), and
 * that the last 20 % are jobs that may be paused; the hour of the event; the ramp of the return.
 */
const siteMw = 100;
const accelerators = 256_000;
const inferenceMw = 10;

const tier = (id: string, shareRatio: number, slowdownClass: Run['slowdownClass']): Run => ({
  ...trainingRun({
    id,
    campus: 'phoenix',
    accelerators: shareRatio * accelerators,
    facilityMw: shareRatio * siteMw,
    totalSteps: 2_000_000,
    initialSteps: 400_000,
  }),
  ...(slowdownClass === undefined ? {} : { slowdownClass }),
});

/** The field trial in Phoenix as a world: minute by minute through one peak of the evening. */
export const phoenix: World = {
  schema: 'loadstone.scenario/1',
  name: 'phoenix',
  title: 'The Phoenix field trial: a quarter less for three hours',
  seed: 1,
  // Saturday 3 May 2025, 15:00 local time (UTC-7 all year).
  clock: {
    startTime: '2025-05-03T22:00:00.000Z',
    tickMinutes: 1,
    marketMinutes: 60,
    utcOffsetMinutes: -420,
    rate: 300,
    holdAtTime: '2025-05-04T06:00:00.000Z',
  },
  regions: [
    {
      id: 'valley',
      name: 'Salt River valley',
      load: {
        kind: 'load',
        peakMw: 4_000,
        baseRatio: 0.6,
        bumps: [{ heightRatio: 0.4, centreHour: 18, widthHours: 4.2 }],
        dayFactors: [1],
      },
    },
  ],
  series: {},
  network: {
    buses: [{ ...plainBus, id: 'valley', name: 'valley', region: 'valley', loadShareRatio: 1 }],
    lines: [],
    links: [],
    interfaces: [],
    units: [
      unit('nuclear-1', 'nuclear', 1_000, 9),
      ...Array.from({ length: 6 }, (_, index) => unit(`cc-${index + 1}`, 'gas-cc', 450, 29 + index / 2)),
      ...Array.from({ length: 12 }, (_, index) => unit(`ct-${index + 1}`, 'gas-ct', 100, 52)),
    ],
    changes: [],
    storages: [],
  },
  reserve: {
    requirementMw: 600,
    shortageSteps: [{ widthMw: 600, priceUsdPerMwh: 1_000 }],
    watchBelowMw: 600,
    warningBelowMw: 400,
    emergencyBelowMw: 200,
  },
  ...plainOperations,
  lostLoadUsdPerMwh: 9_000,
  valueOfComputeUsdPerMwh: 662,
  campuses: [
    {
      id: 'phoenix',
      name: 'Phoenix',
      bus: 'valley',
      limitMw: siteMw,
      inferenceMinMw: inferenceMw,
      inferenceMaxMw: inferenceMw,
      inferencePeakHour: 18,
      // 2 % of the site a minute.
      rampUpRatio: 0.1,
    },
  ],
  runs: [tier('flex-1', 0.2, 'slow-10'), tier('flex-2', 0.3, 'slow-25'), tier('flex-3', 0.2, 'slow-50'), tier('batch', 0.2, 'pause')],
  contracts: [
    {
      id: 'phoenix-trial',
      campus: 'phoenix',
      tranche: 'cap-and-pause',
      maxReductionMw: 25,
      maxSiteRatio: 0.25,
      strikeUsdPerMwh: 2_000,
      noticeMinutes: 15,
      rampMinutes: 15,
      maxEventHours: 4,
      eventsPerYear: 20,
      hoursPerYear: 60,
      penaltyUsdPerMwh: 2_000,
      capRatio: 0.4,
      resumeDelayMinutesMax: 10,
    },
  ],
  agencies: [],
  projects: [],
  script: [
    {
      atTime: '2025-05-03T23:59:00.000Z',
      action: 'curtail-campus',
      target: 'phoenix',
      reason: 'peak of the utility',
      request: 'utility-peak',
      amountMw: 0.25 * siteMw,
      rampMinutes: 15,
      untilTime: '2025-05-04T03:15:00.000Z',
    },
  ],
};

function unit(
  id: string,
  source: 'nuclear' | 'gas-cc' | 'gas-ct',
  capacityMw: number,
  costUsdPerMwh: number,
): World['network']['units'][number] {
  return {
    ...plainUnit,
    id,
    name: id,
    bus: 'valley',
    source,
    capacityMw,
    costUsdPerMwh,
    availability: null,
    dailyEnergyMwh: null,
    providesReserve: source !== 'nuclear',
    inertiaMws: 5 * capacityMw,
    carbonKgPerMwh: source === 'nuclear' ? 0 : source === 'gas-cc' ? 370 : 540,
  };
}

import { plainOperations } from '../plain.js';
import type { World } from '../schema.js';
import { campuses, contracts, runs } from './clusters.js';
import { network } from './network.js';
import { agencies, projects } from './permits.js';

const region = (id: string, name: string, peakMw: number): World['regions'][number] => ({
  id,
  name,
  load: {
    kind: 'load',
    peakMw,
    baseRatio: 0.6,
    bumps: [
      { heightRatio: 0.4, centreHour: 18, widthHours: 4.2 },
      { heightRatio: 0.028, centreHour: 9.5, widthHours: 3 },
    ],
    dayFactors: [1, 0.965, 0.93],
  },
});

/** The built-in world that needs no files: three made-up areas, two campuses, and a first day with something to see every few seconds. */
export const threeAreas: World = {
  schema: 'loadstone.scenario/1',
  name: 'three-areas',
  title: 'Three areas: a windy west, a large centre, a sunny south',
  seed: 1,
  // Tuesday 13 July 2027, 11:00 local time (UTC-6, the same all year).
  clock: {
    startTime: '2027-07-13T17:00:00.000Z',
    tickMinutes: 5,
    marketMinutes: 60,
    utcOffsetMinutes: -360,
    rate: 1_800,
    holdAtTime: null,
  },
  regions: [region('west', 'West', 700), region('central', 'Central', 3_750), region('south', 'South', 1_700)],
  series: {},
  network,
  reserve: {
    requirementMw: 950,
    shortageSteps: [
      { widthMw: 200, priceUsdPerMwh: 100 },
      { widthMw: 250, priceUsdPerMwh: 600 },
      { widthMw: 250, priceUsdPerMwh: 1_200 },
      { widthMw: 250, priceUsdPerMwh: 3_500 },
    ],
    watchBelowMw: 950,
    warningBelowMw: 750,
    emergencyBelowMw: 400,
  },
  ...plainOperations,
  // A region has one unit of wind and one of sun, each the sum of many plants.
  security: { ...plainOperations.security, spreadSources: ['wind', 'solar'] },
  forecast: { holidays: 'us' },
  lostLoadUsdPerMwh: 9_000,
  // A plant of 29 billion USD a GW, written off over five years.
  valueOfComputeUsdPerMwh: 662,
  campuses,
  runs,
  contracts,
  agencies,
  projects,
  script: [
    { atTime: '2027-07-13T22:20:00.000Z', action: 'trip-unit', target: 'central-cc-3', reason: 'boiler feed pump' },
    {
      atTime: '2027-07-14T20:00:00.000Z',
      action: 'grant-permit',
      target: 'mesa-block-2-energization',
      reason: 'the utility signs the energization',
    },
    { atTime: '2027-07-16T04:00:00.000Z', action: 'return-unit', target: 'central-cc-3', reason: 'repaired' },
  ],
};

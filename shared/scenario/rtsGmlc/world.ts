import { plainOperations } from '../plain.js';
import type { World } from '../schema.js';
import { campuses, contracts, runs } from './clusters.js';
import { importRtsGmlc } from './import.js';
import { agencies, projects, projectScript } from './projects.js';

/** Name and title of the overlays on the test system. */
export const overlays = {
  'rts-gmlc': 'RTS-GMLC, 22 to 28 July 2020, with 1.6 GW of campuses: tight evenings',
  'rts-gmlc-tight': 'RTS-GMLC, the same week with its nuclear unit out from 25 to 27 July: short evenings',
} as const;

/** Requirement of the overlay, MW, and its shortage curve: shares of it and their prices, $/MWh. */
const requirementMw = 650;
const shortageShares = [
  [0.21, 100],
  [0.26, 600],
  [0.26, 1_200],
  [0.27, 3_500],
] as const;

const outage: World['script'] = [
  { atTime: '2020-07-25T00:00:00.000Z', action: 'trip-unit', target: '121-nuclear-1', reason: 'scripted outage' },
  { atTime: '2020-07-28T00:00:00.000Z', action: 'return-unit', target: '121-nuclear-1', reason: 'repaired' },
];

/**
 * A week of the test system with campuses, contracts, agencies and projects that are not in the data. All hours of 2020 are kept, so
 * that the clock may run past the week. Reading it again gives the same world.
 * @throws TWIN_WRONG_INPUT when the data is not there or does not fit.
 */
export async function rtsGmlcWorld(name: keyof typeof overlays, dataDir: string): Promise<World> {
  const { regions, network, series } = await importRtsGmlc(dataDir);
  const script = [...projectScript, ...(name === 'rts-gmlc-tight' ? outage : [])];
  return {
    schema: 'loadstone.scenario/1',
    name,
    title: overlays[name],
    seed: 1,
    clock: {
      startTime: '2020-07-22T00:00:00.000Z',
      tickMinutes: 5,
      marketMinutes: 60,
      utcOffsetMinutes: 0,
      rate: 3_600,
      holdAtTime: '2020-07-29T00:00:00.000Z',
    },
    regions: [...regions],
    series,
    network,
    reserve: {
      requirementMw,
      shortageSteps: shortageShares.map(([share, priceUsdPerMwh]) => ({ widthMw: share * requirementMw, priceUsdPerMwh })),
      // The state words change where the shortage price does: any shortage, more than the first step, the last step.
      watchBelowMw: requirementMw,
      warningBelowMw: 513.5,
      emergencyBelowMw: 175.5,
    },
    ...plainOperations,
    lostLoadUsdPerMwh: 10_000,
    valueOfComputeUsdPerMwh: 662,
    campuses,
    runs,
    contracts,
    agencies,
    projects,
    script: script.sort((a, b) => Date.parse(a.atTime) - Date.parse(b.atTime)),
  };
}

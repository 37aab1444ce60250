import { plainBus, plainLink, plainOperations } from '../../shared/scenario/plain.js';
import type { World } from '../../shared/scenario/schema.js';
import { smallUnit, smallWorld } from './worlds.js';

/** Eight zones of Texas: load the twin would model without telemetry, and thermal capacity; round figures, not fitted to anything. */
const zones = [
  { id: 'coas', area: 'ERCO-COAS', peakMw: 11_000, thermalMw: 19_000 },
  { id: 'east', area: 'ERCO-EAST', peakMw: 1_900, thermalMw: 4_000 },
  { id: 'fwes', area: 'ERCO-FWES', peakMw: 3_200, thermalMw: 4_000 },
  { id: 'ncen', area: 'ERCO-NCEN', peakMw: 14_000, thermalMw: 25_000 },
  { id: 'nrth', area: 'ERCO-NRTH', peakMw: 1_000, thermalMw: 2_000 },
  { id: 'scen', area: 'ERCO-SCEN', peakMw: 7_500, thermalMw: 12_000 },
  { id: 'sout', area: 'ERCO-SOUT', peakMw: 3_600, thermalMw: 6_000 },
  { id: 'west', area: 'ERCO-WEST', peakMw: 1_300, thermalMw: 3_000 },
] as const;

/** Zones with the areas of the file they mirror. */
export const ercotZones: readonly { readonly id: string; readonly area: string }[] = zones;

/** Two fifths of the thermal capacity of a zone is lost in the night of 15 February (assumed: outages are not in the file). */
const lostFromTime = '2021-02-15T07:00:00.000Z';

/** Texas in February 2021 with a campus of 600 MW at the largest zone, its load read from a file as it is written. */
export function ercotWorld(about: {
  readonly path: string;
  readonly startTime: string;
  readonly tickMinutes: number;
  readonly rate: number;
}): World {
  const { path, startTime, tickMinutes, rate } = about;
  const small = smallWorld();
  return smallWorld({
    name: 'ercot-2021',
    title: 'Texas, February 2021, its load as measured',
    clock: { startTime, tickMinutes, marketMinutes: 60, utcOffsetMinutes: -360, rate, holdAtTime: null },
    regions: zones.map(({ id, peakMw }) => ({
      id,
      name: id,
      load: {
        kind: 'load',
        peakMw,
        baseRatio: 0.75,
        bumps: [{ heightRatio: 0.25, centreHour: 19, widthHours: 3 }],
        dayFactors: [1],
      },
    })),
    series: {},
    mirror: zones.map(({ id, area }) => ({ kind: 'file', region: id, path, area, pollSeconds: 1 })),
    network: {
      changes: [],
      buses: zones.map(({ id }) => ({ ...plainBus, id, name: id, region: id, loadShareRatio: 1 })),
      lines: [],
      links: zones.flatMap(({ id }) =>
        id === 'ncen' ? [] : [{ ...plainLink, id: `${id}-ncen`, fromBus: id, toBus: 'ncen', capacityMw: 20_000 }],
      ),
      interfaces: [],
      storages: [],
      units: zones.flatMap(({ id, thermalMw }) => [
        smallUnit(`${id}-gas-1`, id, 0.6 * thermalMw, 30),
        smallUnit(`${id}-gas-2`, id, 0.4 * thermalMw, 45),
      ]),
    },
    reserve: {
      requirementMw: 2_500,
      shortageSteps: [{ widthMw: 2_500, priceUsdPerMwh: 2_000 }],
      watchBelowMw: 2_500,
      warningBelowMw: 1_750,
      emergencyBelowMw: 1_000,
    },
    ...plainOperations,
    campuses: small.campuses.map((campus) => ({ ...campus, bus: 'ncen', limitMw: 600, inferenceMinMw: 60, inferenceMaxMw: 100 })),
    runs: small.runs.map((run) => ({ ...run, facilityMw: 450, accelerators: 262_144 })),
    contracts: small.contracts.map((contract) => ({ ...contract, maxReductionMw: 150, maxSiteRatio: 0.3 })),
    script: zones.map(({ id }) => ({
      atTime: lostFromTime,
      action: 'trip-unit',
      target: `${id}-gas-2`,
      reason: 'frozen',
    })),
  });
}

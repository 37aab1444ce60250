import { plainBus, plainInterface, plainLine, plainUnit } from '../plain.js';
import type { World } from '../schema.js';

type Network = World['network'];
type Unit = Network['units'][number];

/** Carbon dioxide of a MWh by source, kg; rounded means of the US fleet (assumed). */
const carbonKgPerMwh = { coal: 1_000, 'gas-cc': 370, 'gas-ct': 540, oil: 800 } as const;

/**
 * Kinetic energy of a running unit over its capacity, MW s per MW: inertia times base MVA over capacity in the RTS-GMLC data set; wind,
 * sun and battery none. It moves frequency after a sudden loss and nothing else.
 */
const inertiaSeconds = { nuclear: 5.9, coal: 3.5, 'gas-cc': 5.9, 'gas-ct': 3.2, oil: 3.3, hydro: 3.7 } as const;

function inertiaMwsOf(source: Unit['source'], capacityMw: number): number {
  return source in inertiaSeconds ? Math.round(capacityMw * inertiaSeconds[source as keyof typeof inertiaSeconds]) : 0;
}

/** One per-unit reactance for all lines; flows depend only on the ratios between lines. */
const unitReactancePu = 0.02;

/** Firm units of one kind in a region: `costs` has one entry per unit, $/MWh. */
function firm(region: string, source: Unit['source'], capacityMw: number, costs: readonly number[]): Unit[] {
  const short = source.replace('gas-', '');
  return costs.map((costUsdPerMwh, index) => ({
    ...plainUnit,
    id: `${region}-${short}-${index + 1}`,
    name: `${region} ${short} ${index + 1}`,
    bus: region,
    source,
    capacityMw,
    costUsdPerMwh,
    availability: null,
    dailyEnergyMwh: null,
    providesReserve: source !== 'nuclear',
    inertiaMws: inertiaMwsOf(source, capacityMw),
    carbonKgPerMwh: source in carbonKgPerMwh ? carbonKgPerMwh[source as keyof typeof carbonKgPerMwh] : 0,
  }));
}

/** A unit that costs nothing to run. */
function free(region: string, source: 'wind' | 'solar' | 'hydro', capacityMw: number, rest: Partial<Unit>): Unit {
  return {
    ...plainUnit,
    id: `${region}-${source}-1`,
    name: `${region} ${source}`,
    bus: region,
    source,
    capacityMw,
    costUsdPerMwh: 0,
    availability: null,
    dailyEnergyMwh: null,
    providesReserve: source === 'hydro',
    inertiaMws: inertiaMwsOf(source, capacityMw),
    carbonKgPerMwh: 0,
    ...rest,
  };
}

const solar = (peakRatio: number, cloudRatio: number): Unit['availability'] => ({
  kind: 'solar',
  peakRatio,
  sunriseHour: 5.6,
  daylightHours: 14.5,
  exponent: 1.25,
  cloudRatio,
});

const wind: Unit['availability'] = {
  kind: 'wind',
  meanRatio: 0.34,
  diurnalRatio: 0.65,
  peakHour: 3,
  sigmaRatio: 0.03,
  memoryHours: 10,
  // The first night blows harder: 23:30 to 09:00 local, so that there is a surplus to see.
  boost: [{ fromTime: '2027-07-14T05:30:00.000Z', toTime: '2027-07-14T15:00:00.000Z', addRatio: 0.2 }],
  minRatio: 0.02,
  maxRatio: 0.95,
};

const line = (id: string, fromBus: string, toBus: string, ratingMw: number, relative: number): Network['lines'][number] => ({
  ...plainLine,
  id,
  fromBus,
  toBus,
  reactancePu: relative * unitReactancePu,
  ratingMw,
  emergencyRatingMw: 1.2 * ratingMw,
});

/** Units, lines, battery and interface of the three areas, made up so that the evening is tight and the night is not. */
export const network: Network = {
  buses: ['west', 'central', 'south'].map((id) => ({ ...plainBus, id, name: id, region: id, loadShareRatio: 1 })),
  lines: [
    line('west-central-1', 'west', 'central', 700, 1),
    line('west-central-2', 'west', 'central', 700, 1),
    line('central-south-1', 'central', 'south', 600, 1),
    line('central-south-2', 'central', 'south', 600, 1),
    line('west-south-1', 'west', 'south', 500, 1.5),
  ],
  links: [],
  interfaces: [
    {
      ...plainInterface,
      id: 'west-export',
      region: 'west',
      limitMw: 1_250,
      lines: ['west-central-1', 'west-central-2', 'west-south-1'].map((id) => ({ line: id, direction: 'forward' as const })),
    },
  ],
  units: [
    free('west', 'wind', 3_000, { availability: wind }),
    ...firm('west', 'gas-ct', 75, [56, 56]),
    ...firm('central', 'nuclear', 800, [9]),
    ...firm('central', 'coal', 300, [26, 26.5]),
    ...firm('central', 'gas-cc', 450, [29, 29.4, 29.8, 30.2, 30.6]),
    ...firm('central', 'gas-ct', 75, [52, 52, 52, 52, 52, 52, 52, 52]),
    ...firm('central', 'oil', 100, [165]),
    free('central', 'hydro', 300, { dailyEnergyMwh: 2_400 }),
    free('central', 'solar', 400, { availability: solar(0.8, 0.05) }),
    ...firm('south', 'gas-cc', 450, [31, 31.4]),
    ...firm('south', 'gas-ct', 75, [54, 54, 54, 54, 54, 54]),
    free('south', 'solar', 1_800, { availability: solar(0.9, 0.03) }),
  ],
  changes: [],
  storages: [
    {
      id: 'south-battery-1',
      bus: 'south',
      powerMw: 300,
      energyMwh: 1_200,
      initialMwh: 600,
      chargeEfficiencyRatio: 0.93,
      dischargeEfficiencyRatio: 0.93,
    },
  ],
};

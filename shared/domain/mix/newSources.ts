import type { Source } from '../../events/grid.js';
import type { TwoState } from '../grid/outages.js';

/** What can be built: a source, or a battery. */
export type BuiltName = Exclude<Source, 'oil' | 'other'> | 'battery';

/** What building and keeping a source costs, USD of 2025. */
export interface NewSource {
  readonly name: BuiltName;
  readonly capitalUsdPerKw: number;
  readonly fixedUsdPerKwYear: number;
  readonly lifeYears: number;
  /** Whether a mix may hold it; new water power is limited by its sites. */
  readonly isInMixes: boolean;
  /** How a unit runs where the network has none of its source; null: it has no output of its own, or weather decides. */
  readonly plain: PlainUnit | null;
  /** Where its figures are from. */
  readonly basis: string;
}

/** How a unit runs. */
export interface PlainUnit {
  readonly unitMw: number;
  readonly costUsdPerMwh: number;
  readonly carbonKgPerMwh: number;
  readonly rampMwPerMinute: number | null;
  readonly twoState: TwoState;
}

/** A battery: hours at full power, and efficiency each way (85 % there and back: from general knowledge). */
export const battery = { storedHours: 4, oneWayEfficiencyRatio: Math.sqrt(0.85) };

const atb =
  'NREL Annual Technology Baseline 2024 (Market, Moderate, 2030; 2025 USD), as in PyPSA technology-data 634cdc1, outputs/US/costs_2030.csv';

/** What new sources cost by default. Units: those of RTS-GMLC. */
export const newSources: readonly NewSource[] = [
  {
    name: 'nuclear',
    capitalUsdPerKw: 8_198,
    fixedUsdPerKwYear: 188.5,
    lifeYears: 40,
    isInMixes: true,
    plain: {
      unitMw: 400,
      costUsdPerMwh: 8.1,
      carbonKgPerMwh: 0,
      rampMwPerMinute: 20,
      twoState: { meanHoursToFailure: 1_100, meanHoursToRepair: 150 },
    },
    basis: `${atb}; life: Lazard 2023, as there`,
  },
  {
    name: 'coal',
    capitalUsdPerKw: 4_204,
    fixedUsdPerKwYear: 89.5,
    lifeYears: 40,
    isInMixes: true,
    plain: {
      unitMw: 350,
      costUsdPerMwh: 25.6,
      carbonKgPerMwh: 1_153,
      rampMwPerMinute: 4,
      twoState: { meanHoursToFailure: 1_150, meanHoursToRepair: 100 },
    },
    basis: `${atb}; life: Lazard 2023, as there`,
  },
  {
    name: 'gas-cc',
    capitalUsdPerKw: 1_367,
    fixedUsdPerKwYear: 26.9,
    lifeYears: 25,
    isInMixes: true,
    plain: {
      unitMw: 355,
      costUsdPerMwh: 28.1,
      carbonKgPerMwh: 386.5,
      rampMwPerMinute: 4.14,
      twoState: { meanHoursToFailure: 967, meanHoursToRepair: 33 },
    },
    basis: `${atb}; life: Danish Energy Agency, as there`,
  },
  {
    name: 'gas-ct',
    capitalUsdPerKw: 1_000,
    fixedUsdPerKwYear: 20,
    lifeYears: 25,
    isInMixes: true,
    plain: {
      unitMw: 55,
      costUsdPerMwh: 51,
      carbonKgPerMwh: 702.5,
      rampMwPerMinute: 3.7,
      twoState: { meanHoursToFailure: 969, meanHoursToRepair: 31 },
    },
    basis: 'from general knowledge; life: Danish Energy Agency, as in PyPSA technology-data 634cdc1',
  },
  {
    name: 'hydro',
    capitalUsdPerKw: 5_272,
    fixedUsdPerKwYear: 36.4,
    lifeYears: 80,
    isInMixes: false,
    plain: null,
    basis: `${atb}, cheapest class (NPD 5); life as there`,
  },
  {
    name: 'wind',
    capitalUsdPerKw: 1_515,
    fixedUsdPerKwYear: 31.5,
    lifeYears: 30,
    isInMixes: true,
    plain: null,
    basis: `${atb}; life: Danish Energy Agency, as there`,
  },
  {
    name: 'solar',
    capitalUsdPerKw: 1_285,
    fixedUsdPerKwYear: 19.4,
    lifeYears: 40,
    isInMixes: true,
    plain: null,
    basis: `${atb}; life: Danish Energy Agency, as there`,
  },
  {
    name: 'battery',
    capitalUsdPerKw: 1_562,
    fixedUsdPerKwYear: 35,
    lifeYears: 15,
    isInMixes: true,
    plain: null,
    basis: `${atb}, 4 hours; life: from general knowledge (15 years there)`,
  },
];

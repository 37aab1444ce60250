import type { Source } from '../../events/grid.js';

/** How a prime mover answers frequency. */
export type GovernorKind = 'steam' | 'gas' | 'hydro' | 'inverter' | 'none';

/**
 * Speed governor and turbine: steady output rises by all that the unit can deliver when frequency falls by the droop, counted from the
 * edge of the dead band; it follows through a fast lag, and what is not the fast share through a slow lag behind it.
 */
export interface Governor {
  readonly droopRatio: number;
  readonly deadBandHz: number;
  readonly fastSeconds: number;
  readonly fastShareRatio: number;
  readonly slowSeconds: number;
}

/** A relay that acts once when frequency has stayed beyond a threshold for a while. */
export interface RelayStep {
  readonly atHz: number;
  readonly delaySeconds: number;
  /** Share of the load before shedding, or of the output before tripping, that it takes off. */
  readonly shareRatio: number;
}

/** What happens by itself when frequency moves: settings that differ from system to system. */
export interface FrequencyPractice {
  readonly nominalHz: number;
  readonly governors: Readonly<Record<Exclude<GovernorKind, 'none'>, Governor>>;
  /** Change of load over change of frequency, both relative. */
  readonly loadDampingRatio: number;
  /** Lag of the response of the outside system. */
  readonly outsideSeconds: number;
  /** Load shed at low frequency, highest threshold first. */
  readonly loadSteps: readonly RelayStep[];
  /** Generation tripped at high frequency, lowest threshold first. */
  readonly generationSteps: readonly RelayStep[];
  /** Below it generators may disconnect at once: the end of what a model of this kind can say. */
  readonly collapseBelowHz: number;
}

const fullShare = { fastShareRatio: 1, slowSeconds: 1 };

/**
 * A 60 Hz system as in Texas. Load shedding: five steps of 5 %, 0.1 s (ERCOT NOGRR247, in force from October 2026; thresholds from the
 * survey notice of April 2026). Dead bands and 5 % droop: NERC BAL-001-TRE-2. Generation: thresholds at and above the edge of the no-trip
 * curve of NERC PRC-024-3 for ERCOT, the shares assumed. Turbine lags: steam with reheat as in Anderson and Mirheydar 1990; gas, water
 * and inverters assumed. Load damping 1 and outside lag 5 s assumed. What was read and what was not: docs/security.md.
 */
export const texasPractice: FrequencyPractice = {
  nominalHz: 60,
  governors: {
    steam: { droopRatio: 0.05, deadBandHz: 0.034, fastSeconds: 0.3, fastShareRatio: 0.3, slowSeconds: 8 },
    gas: { droopRatio: 0.05, deadBandHz: 0.017, fastSeconds: 0.5, ...fullShare },
    hydro: { droopRatio: 0.05, deadBandHz: 0.034, fastSeconds: 2, ...fullShare },
    inverter: { droopRatio: 0.05, deadBandHz: 0.017, fastSeconds: 0.3, ...fullShare },
  },
  loadDampingRatio: 1,
  outsideSeconds: 5,
  loadSteps: [59.3, 59.1, 58.9, 58.7, 58.5].map((atHz) => ({ atHz, delaySeconds: 0.1, shareRatio: 0.05 })),
  generationSteps: [
    { atHz: 60.6, delaySeconds: 540, shareRatio: 0.1 },
    { atHz: 61.6, delaySeconds: 30, shareRatio: 0.1 },
    { atHz: 61.8, delaySeconds: 0.1, shareRatio: 0.1 },
    { atHz: 62, delaySeconds: 0.1, shareRatio: 0.1 },
    { atHz: 62.2, delaySeconds: 0.1, shareRatio: 0.1 },
  ],
  collapseBelowHz: 57.5,
};

/** How units of a source answer by default: nuclear units, imports and unknown ones do not (assumed). */
export function governorOf(source: Source): GovernorKind {
  switch (source) {
    case 'coal':
    case 'csp':
    case 'oil':
      return 'steam';
    case 'gas-cc':
    case 'gas-ct':
      return 'gas';
    case 'hydro':
      return 'hydro';
    case 'wind':
    case 'solar':
    case 'storage':
      return 'inverter';
    case 'nuclear':
    case 'import':
    case 'other':
      return 'none';
  }
}

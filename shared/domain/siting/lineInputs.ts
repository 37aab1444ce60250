import type { Evidence } from '../ledger/evidence.js';
import type { Months } from './lineStudy.js';

/** One input of the line study that is not in the network. */
export interface LineInput<Value> {
  readonly value: Value;
  readonly evidence: Evidence;
  readonly source: string;
}

/** What the line study takes where nothing else is said. */
export const lineInputs = {
  usdPerMile: {
    value: 4.1e6,
    evidence: 'calibrated',
    source: 'TransWest Express: 3 billion USD for 732 miles and 3 GW, all in (NAM and E&E News, 2023); one line, and a large one',
  },
  detourFactor: {
    value: 1.3,
    evidence: 'calibrated',
    source: 'MISO transmission cost estimation guide: straight line and 30 % (RTO Insider, 2018)',
  },
  lifeYears: { value: 40, evidence: 'assumed', source: 'usual book life of a line' },
  discountRatio: { value: 0.055, evidence: 'assumed', source: 'as in adequacy mix' },
} as const satisfies Record<string, LineInput<number>>;

/** How long things take where nothing else is said. */
export const monthInputs = {
  statePermits: {
    value: { kind: 'triangular', min: 9, mode: 14, max: 24 },
    evidence: 'assumed',
    source: 'state certificate for a line, from general knowledge',
  },
  construction: {
    value: { kind: 'triangular', min: 12, mode: 16, max: 24 },
    evidence: 'calibrated',
    source: 'most likely value: Dominion, 7 miles for 900 MW, February 2027 to June 2028 (DCD, 2025); spread assumed',
  },
  interstate: {
    value: { kind: 'lognormal', median: 120, sigma: 0.4 },
    evidence: 'assumed',
    source: 'idea to service: TransWest 2005 to ground break in 2023, SunZia 14.6 years of review; median and spread assumed',
  },
  study: {
    value: { kind: 'triangular', min: 9, mode: 15, max: 30 },
    evidence: 'assumed',
    source: 'firm large-load study, from general knowledge; tracks for flexible load: 60 to 90 days',
  },
  building: {
    value: { kind: 'triangular', min: 12, mode: 24, max: 43 },
    evidence: 'calibrated',
    source: 'start to 1 GW: 1.0 to 3.6 years, several within 2 (Epoch AI, 2025); most likely value assumed',
  },
} as const satisfies Record<string, LineInput<Months>>;

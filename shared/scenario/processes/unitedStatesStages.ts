import type { Duration, Stage } from '../schema.js';
import { monthDays, recordedMedians, yearDays } from './unitedStatesAgencies.js';

/** A triangle given in months: least, mode, most. */
function months(least: number, mode: number, most: number): Duration {
  const days = (each: number): number => Math.round(each * monthDays);
  return { kind: 'triangular', minDays: days(least), modeDays: days(mode), maxDays: days(most) };
}

/** Lead time of a power transformer: 128 weeks in the second quarter of 2025 (Wood Mackenzie); spread assumed. */
const transformerLead: Duration = { kind: 'triangular', minDays: 770, modeDays: 896, maxDays: 1_008 };

/** Stages every campus goes through once, whatever its blocks. `prefix` begins every id. */
export function campusStages(prefix: string, flexible?: Stage['flexible']): Stage[] {
  const id = (name: string): string => `${prefix}-${name}`;
  return [
    {
      id: id('site-control'),
      kind: 'site-control',
      needs: [],
      duration: months(2, 4, 8),
      feeUsd: 2_000_000,
      atRiskUsd: 8_000_000,
      refundRatio: 0.25,
      source: 'assumed; interconnection rules ask for 50 to 100 % of the site under control',
    },
    {
      id: id('zoning'),
      kind: 'permit',
      agency: 'county-zoning',
      needs: [id('site-control')],
      applicantDays: 60,
      answerDays: 30,
      denialRatio: 0.12,
      appealSuccessRatio: 0.3,
      onDenial: 'appeal',
      onAppealLost: 'move-site',
      expectedDays: recordedMedians.zoning.days,
      feeUsd: 150_000,
      source: `${recordedMedians.zoning.source}; denial and appeal assumed`,
    },
    {
      id: id('environmental-review'),
      kind: 'permit',
      agency: 'federal-lead-agency',
      needs: [id('site-control')],
      appliesRatio: 0.15,
      applicantDays: 90,
      answerDays: 60,
      onDenial: 'redesign',
      redesignDays: 180,
      litigation: { ratio: 0.28, duration: { kind: 'lognormal', medianDays: 3.8 * yearDays, sigma: 0.45 }, lossRatio: 0.2 },
      expectedDays: recordedMedians.environmental.days,
      feeUsd: 3_000_000,
      source:
        `federal nexus of a campus on private land 0.15, assumed; ${recordedMedians.environmental.source}; ` +
        'suits 0.28 of statements (Bennon and Wilson 2023), agencies win 0.8 of appeals 2013-2022',
    },
    {
      id: id('air'),
      kind: 'permit',
      agency: 'state-air-board',
      needs: [id('site-control')],
      applicantDays: 90,
      answerDays: 30,
      deadlineDays: 365,
      incompleteRatio: 0.3,
      informationRequestRatio: 0.5,
      onDenial: 'redesign',
      redesignDays: 120,
      escalateAfterDays: 270,
      expectedDays: recordedMedians.air.days,
      feeUsd: 250_000,
      source: `${recordedMedians.air.source}; chances assumed`,
    },
    {
      id: id('water'),
      kind: 'permit',
      agency: 'water-board',
      needs: [id('site-control')],
      applicantDays: 60,
      answerDays: 30,
      onDenial: 'redesign',
      redesignDays: 90,
      expectedDays: recordedMedians.water.days,
      feeUsd: 100_000,
      source: recordedMedians.water.source,
    },
    {
      id: id('interconnection'),
      kind: 'study',
      agency: 'utility-study-desk',
      needs: [id('site-control')],
      applicantDays: 45,
      answerDays: 30,
      restudy: { ratio: 0.3, effortRatio: 0.5 },
      ...(flexible === undefined ? {} : { flexible }),
      expectedDays: (flexible === undefined ? recordedMedians.firmStudy : recordedMedians.flexibleStudy).days,
      feeUsd: 250_000,
      atRiskUsd: 500_000,
      source:
        `${recordedMedians.firmStudy.source}, ${recordedMedians.flexibleStudy.source}; deposits by the pro forma rules of FERC Order 2023; ` +
        'restudy assumed: a third of withdrawals come at the facility study or the agreement',
    },
    {
      id: id('investment'),
      kind: 'gate',
      needs: [id('zoning'), id('interconnection')],
      duration: { kind: 'fixed', days: 30 },
      source: 'a person decides; where nobody does, go after 30 days (assumed)',
    },
  ];
}

/** What one block adds, and what it needs beside the stages of its campus. */
export interface BlockKind {
  readonly block: number;
  /** Beyond the grid at hand: a new line, gas turbines on the site, or a reactor. */
  readonly power: 'grid' | 'line' | 'turbines' | 'reactor';
}

/** Stages of one block of a campus. */
export function blockStages(prefix: string, { block, power }: BlockKind): Stage[] {
  const id = (name: string): string => `${prefix}-${block}-${name}`;
  const campus = (name: string): string => `${prefix}-${name}`;
  const permits = ['zoning', 'environmental-review', 'air', 'water', 'investment'].map(campus);
  const extra = extraStages(prefix, block, power);
  return [
    ...extra,
    {
      id: id('transformer'),
      kind: 'equipment',
      block,
      needs: [campus('site-control')],
      duration: transformerLead,
      feeUsd: 1_000_000,
      atRiskUsd: 3_000_000,
      refundRatio: 0.5,
      source: '128 weeks for power transformers, 144 for step-up units, second quarter of 2025; price and spread assumed',
    },
    {
      id: id('construction'),
      kind: 'construction',
      block,
      needs: [...permits, ...extra.filter((stage) => stage.kind === 'permit').map((stage) => stage.id)],
      duration: months(8, 12, 18),
      source: 'assumed per block, from 12, 24, 43 months to 1 GW (observed campuses 1.0 to 3.6 years)',
    },
    {
      id: id('energization'),
      kind: 'energization',
      block,
      needs: [id('construction'), id('transformer'), ...extra.filter((stage) => stage.kind !== 'permit').map((stage) => stage.id)],
      duration: { kind: 'fixed', days: 14 },
      source: 'assumed',
    },
  ];
}

/**
 * Stages of a next site: those of any campus, then one construction and one energization for the blocks that come there together. A federal
 * review is taken to be left behind with the old site.
 */
export function nextSiteStages(prefix: string): Stage[] {
  const id = (name: string): string => `${prefix}-${name}`;
  const campus = campusStages(prefix).filter((stage) => stage.id !== id('environmental-review'));
  return [
    ...campus,
    {
      id: id('construction'),
      kind: 'construction',
      needs: ['zoning', 'air', 'water', 'investment'].map(id),
      duration: months(8, 12, 18),
      source: 'as at the first site',
    },
    { id: id('energization'), kind: 'energization', needs: [id('construction')], duration: { kind: 'fixed', days: 14 }, source: 'assumed' },
  ];
}

function extraStages(prefix: string, block: number, power: BlockKind['power']): Stage[] {
  const id = (name: string): string => `${prefix}-${block}-${name}`;
  const campus = (name: string): string => `${prefix}-${name}`;
  switch (power) {
    case 'grid':
      return [];
    case 'line':
      return [
        {
          id: id('line-certificate'),
          kind: 'permit',
          agency: 'state-utility-commission',
          block,
          needs: [campus('interconnection')],
          applicantDays: 120,
          answerDays: 30,
          onDenial: 'appeal',
          appealSuccessRatio: 0.3,
          onAppealLost: 'redesign',
          redesignDays: 180,
          expectedDays: recordedMedians.line.days,
          feeUsd: 500_000,
          source: recordedMedians.line.source,
        },
      ];
    case 'turbines':
      return [
        {
          id: id('turbine'),
          kind: 'equipment',
          block,
          needs: [campus('investment')],
          duration: months(48, 60, 84),
          feeUsd: 20_000_000,
          atRiskUsd: 60_000_000,
          refundRatio: 0.4,
          source: '48 to 84 months quoted in 2025 for large gas turbines; price assumed',
        },
      ];
    case 'reactor':
      return [
        {
          id: id('nuclear-permit'),
          kind: 'permit',
          agency: 'nuclear-regulator',
          block,
          needs: [campus('site-control')],
          applicantDays: 36 * monthDays,
          answerDays: 45,
          deadlineDays: 18 * monthDays,
          expectedDays: 36 * monthDays + recordedMedians.nuclear.days,
          onDenial: 'redesign',
          redesignDays: 365,
          feeUsd: 30_000_000,
          source: `${recordedMedians.nuclear.source}; limit of 18 months by Executive Order 14300; 24 to 48 months before filing, assumed`,
        },
        {
          id: id('reactor'),
          kind: 'construction',
          block,
          needs: [id('nuclear-permit'), campus('investment')],
          duration: months(48, 62, 96),
          feeUsd: 200_000_000,
          atRiskUsd: 400_000_000,
          refundRatio: 0.1,
          source: 'assumed: permit March 2026 and operation about 2031 as planned at Kemmerer 1',
        },
      ];
  }
}

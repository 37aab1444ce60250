import type { Agency } from '../schema.js';

/** Days of a month and of a year. */
export const monthDays = 365 / 12;
export const yearDays = 365;

/**
 * Medians of recorded totals, from filing to decision in days, and where they come from. The load of each agency below is calibrated on
 * them (`permit calibrate`), so that the waiting they hold is counted once.
 */
export const recordedMedians = {
  // Triangle of 3, 6, 14 months: assumed from practice.
  zoning: { days: 222, source: 'assumed: 3, 6, 14 months (least, mode, most)' },
  // Clean Air Act 165(c): 12 months from a complete application; the EPA's goal is 10. Spread assumed.
  air: { days: 384, source: '8, 12, 18 months: 12 by statute (42 USC 7475(c)), goal of the EPA 10; spread assumed' },
  water: { days: 349, source: 'assumed: 3, 9, 24 months' },
  // 39 % within 2 years, about a quarter above 5: environmental impact statements after June 2023.
  environmental: { days: 949, source: 'lognormal median 2.6 years, derived from 39 % within 2 years after the reform of June 2023' },
  firmStudy: { days: 529, source: 'assumed: 9, 15, 30 months for a firm connection of a large load' },
  flexibleStudy: { days: 75, source: '60 and 90 day tracks for curtailable loads (DOE proposal of October 2025; SPP HILL, January 2026)' },
  line: { days: 465, source: 'assumed: 9, 14, 24 months for a state certificate of a line' },
  nuclear: { days: 680, source: '18, 22, 27 months: Kemmerer 1, docketed May 2024, permit 4 March 2026' },
} as const;

/** Agencies of a United States campus in a region. Reviewers and shapes of effort are assumed; arrivals of others are calibrated. */
export function unitedStatesAgencies(region: string): Agency[] {
  const agency = (id: string, name: string, rest: Omit<Agency, 'id' | 'name' | 'region'>): Agency => ({ id, name, region, ...rest });
  return [
    agency('county-zoning', 'County Zoning', {
      reviewers: 4,
      otherApplicationsPerYear: 12.1,
      effort: { kind: 'lognormal', medianDays: 85, sigma: 0.6 },
      noticeDays: 60,
      denialRatio: 0.12,
      informationRequestRatio: 0.3,
    }),
    agency('state-air-board', 'State Air Board', {
      reviewers: 3,
      otherApplicationsPerYear: 5.1,
      effort: { kind: 'lognormal', medianDays: 160, sigma: 0.5 },
      noticeDays: 30,
      denialRatio: 0.05,
      informationRequestRatio: 0.5,
    }),
    agency('water-board', 'Water Board', {
      reviewers: 2,
      otherApplicationsPerYear: 2.9,
      effort: { kind: 'lognormal', medianDays: 150, sigma: 0.7 },
      noticeDays: 30,
      denialRatio: 0.03,
      informationRequestRatio: 0.3,
    }),
    agency('federal-lead-agency', 'Federal lead agency', {
      reviewers: 5,
      otherApplicationsPerYear: 2,
      effort: { kind: 'lognormal', medianDays: 560, sigma: 0.7 },
      noticeDays: 75,
      denialRatio: 0.02,
      informationRequestRatio: 0.4,
    }),
    agency('utility-study-desk', 'Utility Study Desk', {
      reviewers: 6,
      otherApplicationsPerYear: 6.35,
      effort: { kind: 'lognormal', medianDays: 290, sigma: 0.35 },
      noticeDays: 0,
      denialRatio: 0,
      informationRequestRatio: 0.3,
      // Curtailable loads are studied in 60 to 90 days; how much must bend, and how often, is assumed.
      flexibleTrack: {
        offerRatioMin: 0.25,
        noticeMinutesMax: 60,
        hoursPerYearMin: 100,
        effort: { kind: 'triangular', minDays: 50, modeDays: 65, maxDays: 85 },
      },
    }),
    agency('state-utility-commission', 'State Utility Commission', {
      reviewers: 3,
      otherApplicationsPerYear: 2.8,
      effort: { kind: 'lognormal', medianDays: 290, sigma: 0.3 },
      noticeDays: 45,
      denialRatio: 0.04,
      informationRequestRatio: 0.4,
    }),
    agency('nuclear-regulator', 'Nuclear Regulatory Commission', {
      reviewers: 4,
      otherApplicationsPerYear: 2.2,
      effort: { kind: 'lognormal', medianDays: 480, sigma: 0.2 },
      noticeDays: 60,
      denialRatio: 0.02,
      informationRequestRatio: 0.8,
    }),
  ];
}

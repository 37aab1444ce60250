import type { Agency, Block, Permit, Project } from '../schema.js';

/** Calendar days of a reviewer-day: 260 working days a year. */
const calendarDays = 365 / 260;

/** Effort with mean `meanReviewerDays` and squared coefficient of variation `cv2`, as a lognormal in calendar days. */
export function effort(meanReviewerDays: number, cv2: number): Agency['effort'] {
  const sigma = Math.sqrt(Math.log(1 + cv2));
  const medianDays = (meanReviewerDays * calendarDays) / Math.sqrt(1 + cv2);
  return { kind: 'lognormal', medianDays: Math.round(medianDays * 100) / 100, sigma: Math.round(sigma * 10_000) / 10_000 };
}

/**
 * The agencies. The air board's 16 applications of 45 reviewer-days for 3 reviewers make it busy 92 % of the time and waits of about
 * 25 weeks; the others' applications are chosen so that they are busy 60, 75, 70 and 65 %. Chances of denial and of requests: assumed.
 */
export const agencies: Agency[] = [
  {
    id: 'state-air-board',
    name: 'State Air Board',
    region: 'west',
    reviewers: 3,
    otherApplicationsPerYear: 16,
    effort: effort(45, 0.5),
    noticeDays: 30,
    denialRatio: 0.08,
    informationRequestRatio: 0.35,
  },
  {
    id: 'county-zoning',
    name: 'County Zoning',
    region: 'west',
    reviewers: 4,
    otherApplicationsPerYear: 31.2,
    effort: effort(20, 0.5),
    noticeDays: 30,
    denialRatio: 0.05,
    informationRequestRatio: 0.2,
  },
  {
    id: 'utility-study-desk',
    name: 'Utility Study Desk',
    region: 'west',
    reviewers: 6,
    otherApplicationsPerYear: 26,
    effort: effort(45, 0.3),
    noticeDays: 0,
    denialRatio: 0,
    informationRequestRatio: 0.2,
  },
  {
    // A line certificate takes 9, 14, 24 months (least, mode, most).
    id: 'state-utility-commission',
    name: 'State Utility Commission',
    region: 'west',
    reviewers: 3,
    otherApplicationsPerYear: 1.6,
    effort: { kind: 'triangular', minDays: 274, modeDays: 426, maxDays: 730 },
    noticeDays: 30,
    denialRatio: 0.04,
    informationRequestRatio: 0.3,
  },
  {
    id: 'water-board',
    name: 'Water Board',
    region: 'west',
    reviewers: 2,
    otherApplicationsPerYear: 8.45,
    effort: effort(40, 0.5),
    noticeDays: 30,
    denialRatio: 0.03,
    informationRequestRatio: 0.2,
  },
];

/** A permit that was there before the world began. */
export function grantedPermit(id: string, agency: string): Permit {
  return { id, agency, after: [], initialPhase: 'granted', initialPosition: null, draftingDays: 0, answerDays: 0, onDenial: 'abandon' };
}

const transformer = (block: number, orderedDaysAgo: number | null): Block['equipment'][number] => ({
  // 128 weeks is the lead time of power transformers quoted for the second quarter of 2025; the price is assumed.
  id: `mesa-block-${block}-transformer`,
  leadDays: 896,
  orderedDaysAgo,
  costUsd: 4_000_000,
});

/** The project at Mesa: one block runs, the second waits for a signature, the third for air, the fourth for a line. */
export const projects: Project[] = [
  {
    id: 'mesa',
    name: 'Mesa',
    campus: 'mesa',
    blocks: [
      {
        block: 1,
        capacityMw: 100,
        initialStage: 'energized',
        equipment: [],
        constructionDays: 0,
        permits: [grantedPermit('mesa-zoning', 'county-zoning'), grantedPermit('mesa-flexible-study', 'utility-study-desk')],
      },
      {
        // One hour of switching lies between the approval and power.
        block: 2,
        capacityMw: 200,
        initialStage: 'energization',
        equipment: [],
        constructionDays: 1 / 24,
        permits: [
          {
            id: 'mesa-block-2-energization',
            agency: 'utility-study-desk',
            after: [],
            initialPhase: 'under-review',
            initialPosition: 0,
            draftingDays: 0,
            answerDays: 5,
            onDenial: 'appeal',
          },
        ],
      },
      {
        block: 3,
        capacityMw: 300,
        initialStage: 'permitting',
        equipment: [transformer(3, 630)],
        constructionDays: 240,
        permits: [
          {
            id: 'mesa-block-3-air',
            agency: 'state-air-board',
            after: [],
            initialPhase: 'queued',
            initialPosition: 8,
            draftingDays: 0,
            answerDays: 21,
            onDenial: 'move-site',
          },
        ],
      },
      {
        block: 4,
        capacityMw: 400,
        initialStage: 'permitting',
        equipment: [transformer(4, null)],
        constructionDays: 300,
        permits: [
          {
            id: 'mesa-block-4-line',
            agency: 'state-utility-commission',
            after: [],
            initialPhase: 'under-review',
            initialPosition: 0,
            draftingDays: 0,
            answerDays: 30,
            onDenial: 'appeal',
          },
          {
            id: 'mesa-block-4-water',
            agency: 'water-board',
            after: [],
            initialPhase: 'drafting',
            initialPosition: null,
            draftingDays: 45,
            answerDays: 14,
            onDenial: 'appeal',
          },
        ],
      },
    ],
    nextSites: [{ site: 'harbor', campus: 'harbor', permitDays: 365, constructionDays: 300 }],
  },
];

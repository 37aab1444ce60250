import type { Agency, Project, ScriptEntry } from '../schema.js';
import { effort, grantedPermit } from '../threeAreas/permits.js';

/** Two agencies with few reviewers; loads of 88 and 75 % (260 working days a year), chances assumed. */
export const agencies: Agency[] = [
  {
    id: 'state-air-board',
    name: 'State Air Board',
    region: 'area-3',
    reviewers: 2,
    otherApplicationsPerYear: 10.2,
    effort: effort(45, 0.5),
    noticeDays: 30,
    denialRatio: 0.08,
    informationRequestRatio: 0.35,
  },
  {
    id: 'utility-study-desk',
    name: 'Utility Study Desk',
    region: 'area-2',
    reviewers: 4,
    otherApplicationsPerYear: 17.3,
    effort: effort(45, 0.3),
    noticeDays: 0,
    denialRatio: 0,
    informationRequestRatio: 0.2,
  },
];

const waiting = { after: [], draftingDays: 0, answerDays: 14 } as const;

/**
 * Two projects whose turns fall into the one week the overlay is about. Construction of hours and permits of half a day are far shorter
 * than real ones, so that permit, construction, power and the move to another site are seen within it.
 */
export const projects: Project[] = [
  {
    id: 'east',
    name: 'East',
    campus: 'east',
    nextSites: [],
    blocks: [
      {
        block: 1,
        capacityMw: 20,
        initialStage: 'energized',
        equipment: [],
        constructionDays: 0,
        permits: [grantedPermit('east-block-1-connection', 'utility-study-desk')],
      },
      {
        block: 2,
        capacityMw: 40,
        initialStage: 'permitting',
        equipment: [],
        constructionDays: 0.25,
        permits: [
          {
            id: 'east-block-2-connection',
            agency: 'utility-study-desk',
            ...waiting,
            after: [],
            initialPhase: 'under-review',
            initialPosition: 0,
            onDenial: 'appeal',
          },
        ],
      },
    ],
  },
  {
    id: 'north',
    name: 'North',
    campus: 'north',
    blocks: [
      {
        block: 1,
        capacityMw: 1_000,
        initialStage: 'energized',
        equipment: [],
        constructionDays: 0,
        permits: [grantedPermit('north-block-1-connection', 'utility-study-desk')],
      },
      {
        block: 2,
        capacityMw: 100,
        initialStage: 'permitting',
        constructionDays: 180,
        equipment: [{ id: 'north-block-2-transformer', leadDays: 896, orderedDaysAgo: 896, costUsd: 4_000_000 }],
        permits: [
          {
            id: 'north-block-2-air',
            agency: 'state-air-board',
            ...waiting,
            after: [],
            initialPhase: 'queued',
            initialPosition: 3,
            onDenial: 'move-site',
          },
        ],
      },
    ],
    nextSites: [{ site: 'prairie', campus: 'prairie', permitDays: 0.5, constructionDays: 0.5 }],
  },
];

/** What happens to the projects at fixed times. */
export const projectScript: ScriptEntry[] = [
  { atTime: '2020-07-24T06:00:00.000Z', action: 'grant-permit', target: 'east-block-2-connection', reason: 'the study finds room for it' },
  {
    atTime: '2020-07-25T10:00:00.000Z',
    action: 'deny-permit',
    target: 'north-block-2-air',
    reason: 'backup engines too close to a school',
  },
];

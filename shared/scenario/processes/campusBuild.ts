import type { Project, World } from '../schema.js';
import { threeAreas } from '../threeAreas/world.js';
import { unitedStatesAgencies } from './unitedStatesAgencies.js';
import { blockStages, campusStages, nextSiteStages, type BlockKind } from './unitedStatesStages.js';

const kinds: readonly BlockKind[] = [
  { block: 2, power: 'grid' },
  { block: 3, power: 'line' },
  { block: 4, power: 'turbines' },
  { block: 5, power: 'reactor' },
];
const capacitiesMw = [100, 200, 300, 400, 400];

/** The campus at Mesa as a process: one block runs, four are to come, each by another way to power. */
const mesa: Project = {
  id: 'mesa',
  name: 'Mesa',
  campus: 'mesa',
  blocks: capacitiesMw.map((capacityMw, index) => ({
    block: index + 1,
    capacityMw,
    initialStage: index === 0 ? 'energized' : 'permitting',
    permits: [],
    equipment: [],
    constructionDays: 0,
  })),
  nextSites: [{ site: 'harbor', campus: 'harbor', hostingMw: 900, stages: nextSiteStages('harbor') }],
  stages: [...campusStages('mesa'), ...kinds.flatMap((kind) => blockStages('mesa', kind))],
};

/** The grid of `three-areas` with a campus that goes through the whole of a United States process, in hours. */
export const campusBuild: World = {
  ...threeAreas,
  name: 'campus-build',
  title: 'Three areas, and a campus that goes from site control to power through every agency',
  clock: { ...threeAreas.clock, tickMinutes: 60, rate: 'max' },
  agencies: unitedStatesAgencies('west'),
  projects: [mesa],
  script: [],
};

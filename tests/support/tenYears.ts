import { runProjectsFast } from '../../shared/domain/buildout/fastProjects.js';
import type { Fact } from '../../shared/domain/fact.js';
import { fromWire, tickStartMs } from '../../shared/domain/ticks.js';
import { campusBuild } from '../../shared/scenario/processes/campusBuild.js';
import type { World } from '../../shared/scenario/schema.js';

/** Ten years in hours. */
export const tenYearTicks = 10 * 365 * 24;

/**
 * Ten years of the built-in process without grid and clusters in it: the line certificate of block 3 is denied and its appeal lost, so that
 * the block moves; the air permit is taken back while block 2 is being built; a transformer slips; a gate is decided by the script.
 */
export const tenYearWorld: World = {
  ...campusBuild,
  runs: [],
  contracts: [],
  projects: campusBuild.projects.map((project) => ({
    ...project,
    stages: (project.stages ?? []).map((stage) => {
      if (stage.id === 'mesa-3-line-certificate') {
        return { ...stage, denialRatio: 1, appealSuccessRatio: 0, onAppealLost: 'move-site' as const };
      }
      return stage;
    }),
  })),
  script: [
    { atTime: '2029-03-01T00:00:00.000Z', action: 'slip-equipment', target: 'mesa-2-transformer', days: 120, reason: 'port strike' },
    { atTime: '2029-09-01T00:00:00.000Z', action: 'revoke-permit', target: 'mesa-air', reason: 'vacated on review' },
  ],
};

/** What the fast clock says in each tick of the ten years. */
export function tenYearFacts(): readonly (readonly Fact[])[] {
  const { startTime, tickMinutes } = tenYearWorld.clock;
  const untilMs = tickStartMs({ startMs: fromWire(startTime), tickMinutes }, tenYearTicks);
  const byTick: Fact[][] = Array.from({ length: tenYearTicks }, () => []);
  for (const fact of runProjectsFast(tenYearWorld, { untilMs })) byTick[fact.tick]?.push(fact);
  return byTick;
}

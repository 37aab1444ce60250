import type { World } from '../../scenario/schema.js';
import { rulesVersion, type SequenceStart } from '../sequence.js';
import { fromWire } from '../ticks.js';
import type { BuildoutConfig } from './state.js';

/** The start of the sequence of a project of the world, or null when there is no such project. */
export function buildoutStart(world: World, projectId: string): SequenceStart<BuildoutConfig> | null {
  const project = world.projects.find((candidate) => candidate.id === projectId);
  if (project === undefined) return null;
  const bus = world.campuses.find((campus) => campus.id === project.campus)?.bus;
  const region = world.network.buses.find((candidate) => candidate.id === bus)?.region ?? 'all';
  const agencyRegions = world.agencies.map((agency) => ({ agency: agency.id, region: agency.region }));
  const startMs = fromWire(world.clock.startTime);
  return {
    kind: 'buildout',
    id: `buildout-${project.id}`,
    rulesVersion,
    startMs,
    parent: null,
    config: { project, region, agencyRegions },
  };
}

import type { Project, World } from '../../scenario/schema.js';
import { meanDays } from '../permit/duration.js';
import { permitsOfProject, stagesOfProject } from '../permit/ofProject.js';
import { capacityOf, effortOf, isOnFlexibleTrack } from '../permit/terms.js';
import { rulesVersion, type SequenceStart } from '../sequence.js';
import { fromWire } from '../ticks.js';
import { equipmentOf, gatesToDecide } from './stages.js';
import type { BuildoutConfig, ScriptedInput } from './state.js';

/** The start of the sequence of a project of the world, or null when there is no such project. */
export function buildoutStart(world: World, projectId: string): SequenceStart<BuildoutConfig> | null {
  const project = world.projects.find((candidate) => candidate.id === projectId);
  if (project === undefined) return null;
  const bus = world.campuses.find((campus) => campus.id === project.campus)?.bus;
  const region = world.network.buses.find((candidate) => candidate.id === bus)?.region ?? 'all';
  const agencyRegions = world.agencies.map((agency) => ({ agency: agency.id, region: agency.region }));
  const startMs = fromWire(world.clock.startTime);
  const script = scriptOf(world, project);
  return {
    kind: 'buildout',
    id: `buildout-${project.id}`,
    rulesVersion,
    startMs,
    parent: null,
    config: {
      project,
      region,
      agencyRegions,
      planned: plannedOf(world, project),
      ...(stagesOfProject(project).length === 0 ? {} : { seed: world.seed }),
      ...(script.length === 0 ? {} : { script }),
    },
  };
}

/** What the plan allows for each permit: drafting, mean effort, notice and likely answers; nothing for waiting. */
function plannedOf(world: World, project: Project): NonNullable<BuildoutConfig['planned']> {
  return permitsOfProject(project).map((permit) => {
    const agency = world.agencies.find((candidate) => candidate.id === permit.agency);
    if (agency === undefined) return { permit: permit.id, days: permit.draftingDays, flexibleMw: 0 };
    const capacityMw = capacityOf(world, permit.id);
    const asksRatio = permit.informationRequestRatio ?? agency.informationRequestRatio;
    const workDays = meanDays(effortOf(agency, permit, capacityMw)) + (permit.noticeDays ?? agency.noticeDays);
    const stage = stagesOfProject(project).find((candidate) => candidate.id === permit.id);
    const days = stage?.expectedDays ?? permit.draftingDays + workDays + asksRatio * permit.answerDays;
    const isFlexible = isOnFlexibleTrack(agency, permit.flexible, capacityMw);
    return { permit: permit.id, days, flexibleMw: isFlexible ? (permit.flexible?.offerMw ?? 0) : 0 };
  });
}

/** What the script does to the equipment and gates of a project, in order of time. */
function scriptOf(world: World, project: Project): readonly ScriptedInput[] {
  const targets = new Set([...equipmentOf(project), ...gatesToDecide(project)]);
  return world.script
    .flatMap(({ action, atTime, target, days = 0, reason }): ScriptedInput[] => {
      if (action !== 'slip-equipment' && action !== 'go-gate' && action !== 'no-go-gate') return [];
      return targets.has(target) ? [{ atMs: fromWire(atTime), action, target, days, reason }] : [];
    })
    .sort((a, b) => a.atMs - b.atMs);
}

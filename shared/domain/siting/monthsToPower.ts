import type { Project, World } from '../../scenario/schema.js';
import { runProjectsFast } from '../buildout/fastProjects.js';
import { permitsOfProject } from '../permit/ofProject.js';
import { dayMs, fromWire } from '../ticks.js';

/** Mean month of the Gregorian calendar, days. */
const monthDays = 365.2425 / 12;

/** How long a place takes from the start of a project to power, medians over seeds; null: less than half of them came that far. */
export interface SiteMonths {
  readonly project: string;
  readonly campus: string;
  readonly bus: string;
  /** Until the last permit or study of the first block is granted. */
  readonly permitMonths: number | null;
  /** Until its first block has power. */
  readonly powerMonths: number | null;
}

/**
 * Follows every process of a scenario at the place it belongs to, once for each seed: that of a project at its campus, and that of each next
 * site as if the project had begun there. Waiting for reviewers is part of it. Months of the scenario's own agencies; a place whose process
 * is given as days alone has no months here.
 */
export function monthsToPower(
  world: World,
  { seeds, horizonDays }: { readonly seeds: number; readonly horizonDays: number },
): readonly SiteMonths[] {
  return world.projects.flatMap((project) =>
    placesOf(project).map((place): SiteMonths => {
      const runs = Array.from({ length: seeds }, (_, n) =>
        followed({ ...world, seed: world.seed + n, projects: [place] }, place, horizonDays),
      );
      return {
        project: project.id,
        campus: place.campus,
        bus: world.campuses.find(({ id }) => id === place.campus)?.bus ?? '',
        permitMonths: medianMonths(runs.map(({ permitDays }) => permitDays)),
        powerMonths: medianMonths(runs.map(({ powerDays }) => powerDays)),
      };
    }),
  );
}

/** The project as it would be at each place with stages, with nowhere else to go. */
function placesOf(project: Project): readonly Project[] {
  const here = project.stages === undefined ? [] : [{ ...project, nextSites: [] }];
  const blocks = project.blocks.filter(({ initialStage }) => initialStage !== 'energized').map(begun);
  const next = project.nextSites.flatMap(({ campus, stages }): Project[] =>
    stages === undefined ? [] : [{ ...project, campus, blocks, stages, nextSites: [] }],
  );
  return [...here, ...next];
}

function begun(block: Project['blocks'][number]): Project['blocks'][number] {
  return { ...block, permits: [], equipment: [], initialStage: 'permitting' };
}

function followed(
  world: World,
  project: Project,
  horizonDays: number,
): { readonly permitDays: number | null; readonly powerDays: number | null } {
  const startMs = fromWire(world.clock.startTime);
  const first = project.blocks.find(({ initialStage }) => initialStage !== 'energized')?.block ?? -1;
  const facts = runProjectsFast(world, { untilMs: startMs + horizonDays * dayMs, tellsQueues: false, endsWithBlock: first });
  const powered = facts.find((fact) => fact.type === 'buildout.block.v1' && fact.data.block === first);
  if (powered === undefined) return { permitDays: null, powerDays: null };
  const own = new Set(permitsOfProject(project).map(({ id }) => id));
  const granted = facts.filter((fact) => fact.type === 'permit.decision.v1' && fact.data.outcome === 'granted' && own.has(fact.entity));
  const stagesOfFirst = granted.filter(({ entity }) => isOf(project, entity, first));
  const daysOf = (atMs: number): number => (atMs - startMs) / dayMs;
  return { permitDays: daysOf(Math.max(startMs, ...stagesOfFirst.map(({ timeMs }) => timeMs))), powerDays: daysOf(powered.timeMs) };
}

function isOf({ stages = [] }: Project, permit: string, block: number): boolean {
  const own = stages.find(({ id }) => id === permit)?.block;
  return own === undefined || own === block;
}

/** Median in months; what did not come counts as longer than all that did. */
function medianMonths(days: readonly (number | null)[]): number | null {
  const sorted = days.map((each) => each ?? Infinity).sort((a, b) => a - b);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)] ?? Infinity;
  return middle === Infinity ? null : middle / monthDays;
}

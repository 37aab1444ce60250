import { stagesOfBlock } from '../domain/buildout/stages.js';
import { stagesOfProject } from '../domain/permit/ofProject.js';
import { cycleOf } from './cycle.js';
import type { Block, Duration, Project, Stage, World } from './schema.js';
import { shown, type Misfit } from './shape.js';
import { idsOf, repeated, unknownName } from './validateIds.js';

/** Processes of projects: stages, what they need, who works on them and how long. */
export function* stageMisfits(world: World): Generator<Misfit> {
  const agencies = idsOf(world.agencies);
  const blocks = world.projects.flatMap((project) => project.blocks);
  const stages = world.projects.flatMap(stagesOfProject);
  if (stages.length > 0) {
    yield* repeated('projects.stages', [...stages, ...blocks.flatMap((block) => [...block.permits, ...block.equipment])]);
  }
  for (const [index, project] of world.projects.entries()) {
    const at = `projects[${index}]`;
    for (const [site, next] of project.nextSites.entries()) yield* nextSiteMisfits(`${at}.nextSites[${site}]`, project, next, agencies);
    if (project.stages === undefined) continue;
    for (const [number, stage] of project.stages.entries()) yield* oneStageMisfits(`${at}.stages[${number}]`, stage, project, agencies);
    yield* graphMisfits(at, project.stages);
    for (const [number, block] of project.blocks.entries()) yield* blockMisfits(`${at}.blocks[${number}]`, project, block);
  }
}

/** A next site has its permits and construction in days or a process of its own, with one energization for each block that may come. */
function* nextSiteMisfits(
  at: string,
  project: Project,
  next: Project['nextSites'][number],
  agencies: ReadonlySet<string>,
): Generator<Misfit> {
  for (const field of ['permitDays', 'constructionDays'] as const) {
    const value = next[field];
    if (next.stages === undefined && value === undefined) yield { field: `${at}.${field}`, found: 'nothing', allowed: 'days, or `stages`' };
    if (next.stages !== undefined && value !== undefined)
      yield { field: `${at}.${field}`, found: `${value} days`, allowed: 'nothing, where the site has `stages`' };
  }
  if (next.stages === undefined) return;
  for (const [number, stage] of next.stages.entries()) yield* oneStageMisfits(`${at}.stages[${number}]`, stage, project, agencies);
  yield* graphMisfits(at, next.stages);
  for (const { block, initialStage } of project.blocks) {
    if (initialStage === 'energized') continue;
    const own = next.stages.filter((stage) => stage.block === undefined || stage.block === block);
    const last = own.filter((stage) => stage.kind === 'energization');
    if (last.length !== 1) yield { field: `${at}.stages`, found: `${last.length} energizations for block ${block}`, allowed: 'one' };
    else if (!hasConstruction(own, last)) {
      yield { field: `${at}.stages`, found: `no construction before the energization of block ${block}`, allowed: 'at least one' };
    }
  }
}

/** A duration whose corners are not in order. */
export function* durationMisfits(field: string, duration: Duration | undefined): Generator<Misfit> {
  if (duration?.kind === 'quantiles') {
    const fall = duration.days.findIndex((days, place) => days < (duration.days[place - 1] ?? 0));
    if (fall > 0) yield { field: `${field}.days[${fall}]`, found: `${duration.days[fall]} days`, allowed: 'at least the quantile before' };
  }
  if (duration?.kind !== 'triangular') return;
  const { minDays, modeDays, maxDays } = duration;
  if (minDays > modeDays || modeDays > maxDays || minDays === maxDays) {
    yield { field, found: `${minDays}, ${modeDays}, ${maxDays} days`, allowed: 'minDays <= modeDays <= maxDays, not all equal' };
  }
}

/** Fields that mean something only where an agency works on the stage. */
const agencyOnly = [
  'effort',
  'noticeDays',
  'deadlineDays',
  'incompleteRatio',
  'informationRequestRatio',
  'denialRatio',
  'appealSuccessRatio',
  'litigation',
  'restudy',
  'onDenial',
  'flexible',
  'initialPosition',
] as const;

function* oneStageMisfits(at: string, stage: Stage, project: Project, agencies: ReadonlySet<string>): Generator<Misfit> {
  const { kind, agency, duration, block } = stage;
  if (agency !== undefined) yield* unknownName(`${at}.agency`, agency, 'agency', agencies);
  else if (kind === 'permit') yield { field: `${at}.agency`, found: 'nothing', allowed: `an agency for the permit ${shown(stage.id)}` };
  if (agency !== undefined && kind !== 'permit' && kind !== 'study') {
    yield { field: `${at}.agency`, found: shown(agency), allowed: 'none for a stage of this kind; permits and studies have one' };
  }
  const odd = agency === undefined ? agencyOnly.find((field) => stage[field] !== undefined) : undefined;
  if (odd !== undefined) yield { field: `${at}.${odd}`, found: shown(stage[odd]), allowed: 'only for a stage with an agency' };
  const needsDuration = agency === undefined && kind !== 'gate' && kind !== 'energization' && stage.isDone !== true;
  if (needsDuration && duration === undefined) {
    yield { field: `${at}.duration`, found: 'nothing', allowed: 'a duration, where no agency works on the stage' };
  }
  if (stage.orderedDaysAgo !== undefined && kind !== 'equipment') {
    yield { field: `${at}.orderedDaysAgo`, found: shown(stage.orderedDaysAgo), allowed: 'only for equipment' };
  }
  if (block !== undefined) {
    yield* unknownName(`${at}.block`, String(block), 'block', new Set(project.blocks.map((each) => String(each.block))));
  }
  yield* durationMisfits(`${at}.duration`, duration);
  yield* durationMisfits(`${at}.effort`, stage.effort);
  yield* durationMisfits(`${at}.litigation.duration`, stage.litigation?.duration);
}

/** What stages need: known, of the same block or of all, without a cycle, and each of them leading to power. */
function* graphMisfits(at: string, stages: readonly Stage[]): Generator<Misfit> {
  for (const [index, stage] of stages.entries()) {
    const reachable = stages.filter((other) => other.block === undefined || other.block === stage.block);
    for (const [number, id] of stage.needs.entries()) {
      const kind = stage.block === undefined ? 'stage that all blocks share' : `stage of block ${stage.block}`;
      yield* unknownName(`${at}.stages[${index}].needs[${number}]`, id, kind, idsOf(reachable));
    }
  }
  const cycle = cycleOf(new Map(stages.map((stage) => [stage.id, stage.needs])));
  if (cycle !== null) {
    yield { field: `${at}.stages.needs`, found: `the cycle ${cycle.join(' -> ')}`, allowed: 'stages that need each other without a cycle' };
    return;
  }
  const leading = leadingTo(
    stages,
    stages.filter((stage) => stage.kind === 'energization'),
  );
  const loose = stages.findIndex((stage) => !leading.has(stage.id));
  if (loose >= 0) {
    yield {
      field: `${at}.stages[${loose}]`,
      found: `${shown(stages[loose]?.id)}, which no energization needs, directly or through others`,
      allowed: 'stages that lead to an energization',
    };
  }
}

/** A block of a project with stages has one energization behind its construction, and names nothing of its own. */
function* blockMisfits(at: string, project: Project, block: Block): Generator<Misfit> {
  for (const field of ['permits', 'equipment'] as const) {
    if (block[field].length > 0) {
      yield { field: `${at}.${field}`, found: `${block[field].length} entries`, allowed: 'none, where the project has stages' };
    }
  }
  if (block.initialStage === 'energized') return;
  if (block.initialStage !== 'planned' && block.initialStage !== 'permitting') {
    const allowed = '"planned", "permitting", "energized", where the project has stages; isDone says what is behind it';
    yield { field: `${at}.initialStage`, found: shown(block.initialStage), allowed };
  }
  const stages = stagesOfBlock(project, block.block);
  const last = stages.filter((stage) => stage.kind === 'energization');
  if (last.length !== 1 || last[0]?.block === undefined) {
    yield { field: `${at}.block`, found: `${last.length} energizations of its own for block ${block.block}`, allowed: 'one' };
    return;
  }
  if (!hasConstruction(stages, last)) {
    yield { field: `${at}.block`, found: `no construction before the energization of block ${block.block}`, allowed: 'at least one' };
  }
}

function hasConstruction(stages: readonly Stage[], last: readonly Stage[]): boolean {
  const leading = leadingTo(stages, last);
  return stages.some((stage) => stage.kind === 'construction' && leading.has(stage.id));
}

/** Ids of some stages and of all they need, directly or through others. */
function leadingTo(stages: readonly Stage[], last: readonly Stage[]): ReadonlySet<string> {
  const found = new Set(last.map((stage) => stage.id));
  const queue = [...last];
  for (let stage = queue.pop(); stage !== undefined; stage = queue.pop()) {
    for (const need of stages.filter((other) => stage?.needs.includes(other.id) === true && !found.has(other.id))) {
      found.add(need.id);
      queue.push(need);
    }
  }
  return found;
}

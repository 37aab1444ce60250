import { equipmentOf, gatesToDecide } from '../domain/buildout/stages.js';
import { permitsOfProject } from '../domain/permit/ofProject.js';
import { cycleOf } from './cycle.js';
import type { Block, ScriptEntry, World } from './schema.js';
import { idsOf, repeated, unknownName } from './validateIds.js';
import { shown, type Misfit } from './shape.js';
import { agencyMisfits } from './validateAgencies.js';
import { stageMisfits } from './validateStages.js';

/** Agencies, projects, their permits and the script: references, cycles, dates. */
export function* projectMisfits(world: World): Generator<Misfit> {
  const agencies = idsOf(world.agencies);
  const campuses = idsOf(world.campuses);
  yield* agencyMisfits(world);
  yield* repeated(
    'projects.blocks.permits',
    world.projects.flatMap((project) => project.blocks.flatMap((block) => block.permits)),
  );
  for (const [index, project] of world.projects.entries()) {
    const at = `projects[${index}]`;
    yield* unknownName(`${at}.campus`, project.campus, 'campus', campuses);
    yield* repeated(
      `${at}.blocks`,
      project.blocks.map(({ block }) => ({ id: String(block) })),
    );
    yield* repeated(
      `${at}.blocks.equipment`,
      project.blocks.flatMap((block) => block.equipment),
    );
    for (const [number, block] of project.blocks.entries()) yield* blockMisfits(`${at}.blocks[${number}]`, block, agencies);
    for (const [site, next] of project.nextSites.entries())
      yield* unknownName(`${at}.nextSites[${site}].campus`, next.campus, 'campus', campuses);
  }
  yield* stageMisfits(world);
  yield* runStartMisfits(world);
  for (const [index, entry] of world.script.entries()) yield* scriptMisfits(world, `script[${index}]`, entry);
}

function* blockMisfits(at: string, block: Block, agencies: ReadonlySet<string>): Generator<Misfit> {
  const ids = idsOf(block.permits);
  for (const [index, permit] of block.permits.entries()) {
    yield* unknownName(`${at}.permits[${index}].agency`, permit.agency, 'agency', agencies);
    for (const [after, id] of permit.after.entries())
      yield* unknownName(`${at}.permits[${index}].after[${after}]`, id, 'permit of this block', ids);
  }
  const cycle = cycleOf(new Map(block.permits.map((permit) => [permit.id, permit.after])));
  if (cycle !== null)
    yield {
      field: `${at}.permits.after`,
      found: `the cycle ${cycle.join(' -> ')}`,
      allowed: 'permits that wait for each other without a cycle',
    };
}

function* runStartMisfits(world: World): Generator<Misfit> {
  for (const [index, { startWithBlock }] of world.runs.entries()) {
    if (startWithBlock === null) continue;
    const field = `runs[${index}].startWithBlock`;
    yield* unknownName(`${field}.project`, startWithBlock.project, 'project', idsOf(world.projects));
    const project = world.projects.find(({ id }) => id === startWithBlock.project);
    if (project === undefined) continue;
    const blocks = new Set(project.blocks.map(({ block }) => String(block)));
    yield* unknownName(`${field}.block`, String(startWithBlock.block), 'block', blocks);
  }
}

function* scriptMisfits(world: World, at: string, entry: ScriptEntry): Generator<Misfit> {
  if (Date.parse(entry.atTime) < Date.parse(world.clock.startTime)) {
    yield { field: `${at}.atTime`, found: shown(entry.atTime), allowed: `from the start of the world, ${world.clock.startTime}` };
  }
  if (entry.destination !== undefined && entry.action !== 'move-run')
    yield { field: `${at}.destination`, found: shown(entry.destination), allowed: 'nothing, but with move-run' };
  const { network } = world;
  switch (entry.action) {
    case 'trip-unit':
    case 'return-unit':
      return yield* unknownName(`${at}.target`, entry.target, 'unit', idsOf(network.units));
    case 'trip-line':
    case 'return-line':
      return yield* unknownName(`${at}.target`, entry.target, 'line', idsOf([...network.lines, ...network.links]));
    case 'trip-campus':
    case 'return-campus':
    case 'curtail-campus':
    case 'release-campus':
    case 'silence-campus':
    case 'restore-campus':
      return yield* unknownName(`${at}.target`, entry.target, 'campus', idsOf(world.campuses));
    case 'dip-campus':
      return yield* dipMisfits(world, `${at}.target`, entry);
    case 'grant-permit':
    case 'deny-permit':
    case 'revoke-permit':
      return yield* unknownName(`${at}.target`, entry.target, 'permit', idsOf(world.projects.flatMap(permitsOfProject)));
    case 'slip-equipment':
      if ((entry.days ?? 0) <= 0) yield { field: `${at}.days`, found: shown(entry.days), allowed: 'a number of days above 0' };
      return yield* unknownName(`${at}.target`, entry.target, 'equipment', new Set(world.projects.flatMap(equipmentOf)));
    case 'go-gate':
    case 'no-go-gate':
      return yield* unknownName(`${at}.target`, entry.target, 'gate', new Set(world.projects.flatMap(gatesToDecide)));
    case 'pause-run':
    case 'resume-run':
    case 'fail-checkpoint':
      return yield* unknownName(`${at}.target`, entry.target, 'run', idsOf(world.runs));
    case 'move-run':
      yield* unknownName(`${at}.target`, entry.target, 'run', idsOf(world.runs));
      return yield* unknownName(`${at}.destination`, entry.destination ?? '', 'campus', idsOf(world.campuses));
    case 'acknowledge-alarm':
    case 'shelve-alarm':
    case 'unshelve-alarm':
    case 'out-of-service-alarm':
    case 'in-service-alarm':
      return;
    case 'curtail-fleet':
    case 'release-fleet':
      return yield* unknownName(`${at}.target`, entry.target, 'word', new Set(['fleet']));
    case 'extend-campus':
      yield { field: `${at}.action`, found: shown(entry.action), allowed: 'an action of a script; give `untilTime` to curtail-campus' };
  }
}

/** A dip is felt where there is something to ride it through. */
function* dipMisfits({ campuses }: World, field: string, { target }: ScriptEntry): Generator<Misfit> {
  const able = campuses.filter(({ facility }) => facility !== undefined);
  if (campuses.some(({ id }) => id === target) && !able.some(({ id }) => id === target))
    yield { field, found: `${shown(target)}, a campus without a facility`, allowed: 'a campus with one' };
  else yield* unknownName(field, target, 'campus', idsOf(able));
}

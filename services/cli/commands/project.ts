import type { Command } from 'commander';
import { loadWorld } from '../../../shared/bus/world.js';
import type { Bus } from '../../../shared/bus/connect.js';
import { equipmentOf, gatesToDecide } from '../../../shared/domain/buildout/stages.js';
import { standingFacts, standingOf, type BlockStanding } from '../../../shared/domain/buildout/standing.js';
import type { FactOf } from '../../../shared/domain/fact.js';
import { permitsOfProject } from '../../../shared/domain/permit/ofProject.js';
import { TwinError, wrongInput } from '../../../shared/runtime/errors.js';
import type { Project, World } from '../../../shared/scenario/schema.js';
import { newestOf, recordOf } from '../facts.js';
import { submit, type Intent } from '../intent.js';
import { factLine } from '../line.js';
import { printJson, printTable, shortTime } from '../output.js';
import { positiveNumber } from '../process/options.js';
import { withBus } from '../session.js';

const projectTypes = [
  'buildout.stage.v1',
  'buildout.order.v1',
  'buildout.block.v1',
  'buildout.site.v1',
  'buildout.gate.v1',
  'buildout.plan.v1',
] as const;

function projectOf(world: World, id: string, command: string): Project {
  const found = world.projects.find((entry) => entry.id === id);
  if (found !== undefined) return found;
  throw wrongInput(`${command}: found ${JSON.stringify(id)}, allowed: ${world.projects.map((entry) => entry.id).join(', ')}`);
}

async function list(options: { readonly json?: boolean }): Promise<void> {
  await withBus(async (bus) => {
    const world = await loadWorld(bus);
    const stages = (await recordOf(bus, ['buildout.stage.v1'])) as readonly FactOf<'buildout.stage.v1'>[];
    const rows = world.projects.flatMap((project) =>
      project.blocks.map((block) => {
        const newest = stages.findLast((fact) => fact.entity === project.id && fact.data.block === block.block);
        return {
          project: project.id,
          block: block.block,
          capacityMw: block.capacityMw,
          stage: newest?.data.stage ?? block.initialStage,
          site: newest?.data.site ?? project.campus,
          waitingFor: (newest?.data.waitingFor ?? []).join(' '),
          expected: newest?.data.expectedTime ?? null,
        };
      }),
    );
    if (options.json === true) printJson(rows);
    else printTable(rows, 'this world has no projects');
  });
}

async function show(project: string, options: { readonly json?: boolean }): Promise<void> {
  await withBus(async (bus) => {
    const world = await loadWorld(bus);
    const found = projectOf(world, project, 'project show');
    const permits = new Set(permitsOfProject(found).map((permit) => permit.id));
    const recorded = await recordOf(bus, [...projectTypes, 'permit.phase.v1', 'permit.decision.v1']);
    const facts = recorded.filter((fact) => fact.entity === project || permits.has(fact.entity));
    const blocks = standingOf(found, standingFacts([...facts, ...(await newestOf(bus, 'permit.queue.v1'))]));
    const history = facts.filter((fact) => fact.type !== 'permit.phase.v1');
    if (options.json === true) return printJson({ project: found, blocks, facts: history });
    for (const fact of history) process.stdout.write(`${factLine(fact)}\n`);
    for (const block of blocks) process.stdout.write(`\n${standingLines(block).join('\n')}\n`);
  });
}

/** A block in lines: its stage, each thing it waits for, and the chain that sets the date of power. */
function standingLines({ block, stage, site, waitsFor, energizationTime, chain, cause }: BlockStanding): readonly string[] {
  const power = energizationTime === null ? '' : `, power expected ${shortTime(energizationTime)}`;
  return [
    `block ${block} at ${site}: ${stage}${power}`,
    ...waitsFor.map(
      ({ stage: id, sinceTime, expectedTime, standing, wouldHelp }) =>
        `  waits for ${id} since ${shortTime(sinceTime)}: ${standing}; expected ${expectedTime === null ? 'open' : shortTime(expectedTime)}; ` +
        `would help: ${wouldHelp}`,
    ),
    ...(chain.length === 0 ? [] : [`  chain: ${chain.map((each) => `${each.stage} ${each.expectedTime.slice(0, 10)}`).join(' -> ')}`]),
    ...(cause === null ? [] : [`  last moved by: ${cause}`]),
  ];
}

interface AdvanceOptions {
  readonly go?: boolean;
  readonly stop?: boolean;
  readonly reason: string;
  readonly json?: boolean;
}

/** Decides a gate that waits, as the person who asks; recorded with the reason before it takes effect. */
async function advance(project: string, gate: string, options: AdvanceOptions): Promise<void> {
  if ((options.go === true) === (options.stop === true))
    throw wrongInput('project advance: found neither or both, allowed: --go or --stop');
  await withBus(async (bus) => {
    const known = gatesToDecide(projectOf(await loadWorld(bus), project, 'project advance'));
    if (!known.includes(gate)) {
      throw wrongInput(
        `project advance: found gate ${JSON.stringify(gate)}, allowed: ${known.join(', ') || 'none, this project has no gates'}`,
      );
    }
    const told = (await recordOf(bus, ['buildout.gate.v1'])).filter((fact) => fact.type === 'buildout.gate.v1' && fact.data.gate === gate);
    const newest = told.at(-1);
    const state = newest?.type === 'buildout.gate.v1' ? newest.data.state : 'not reached';
    if (state !== 'waiting') throw new TwinError('TWIN_REFUSED', `${gate}: is ${state}, and does not wait for a decision`);
    await carryOut(bus, { action: options.go === true ? 'go-gate' : 'no-go-gate', target: gate, reason: options.reason }, options.json);
  });
}

/** Records that equipment comes later than promised. */
async function slip(
  project: string,
  equipment: string,
  options: { readonly days: string; readonly reason: string; readonly json?: boolean },
): Promise<void> {
  const days = positiveNumber('--days', options.days);
  await withBus(async (bus) => {
    const known = equipmentOf(projectOf(await loadWorld(bus), project, 'project slip'));
    if (!known.includes(equipment)) {
      throw wrongInput(
        `project slip: found equipment ${JSON.stringify(equipment)}, allowed: ${known.join(', ') || 'none, this project orders nothing'}`,
      );
    }
    await carryOut(bus, { action: 'slip-equipment', target: equipment, days, reason: options.reason }, options.json);
  });
}

async function carryOut(bus: Bus, intent: Intent, isJson: boolean | undefined): Promise<void> {
  const answer = await submit(bus, intent);
  if (isJson === true) printJson({ ...intent, ...answer });
  else process.stdout.write(`${intent.action} ${intent.target}: recorded in tick ${answer.tick}, takes effect in the next one\n`);
}

export function register(program: Command): void {
  const project = program.command('project').description('Campus projects, from permit to power.');
  project
    .command('list')
    .description('every block of every project')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  $ npx loadstone project list')
    .action(list);
  project
    .command('show <project>')
    .description('what happened to one project, what each block waits for, since when, and what would help')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  $ npx loadstone project show mesa')
    .action(show);
  project
    .command('advance <project> <gate>')
    .description('say go or no-go at a gate that waits for a person; recorded with the reason')
    .option('--go', 'go on')
    .option('--stop', 'give up the blocks that wait for it: no-go')
    .requiredOption('--reason <text>', 'why, for the record')
    .option('--json', 'print the answer as JSON')
    .addHelpText('after', '\nExample:\n  $ npx loadstone project advance mesa mesa-investment --go --reason "study and zoning done"')
    .action(advance);
  project
    .command('slip <project> <equipment>')
    .description('equipment comes later than promised: every date behind it moves with the next tick')
    .requiredOption('--days <n>', 'by how many days')
    .requiredOption('--reason <text>', 'why, for the record')
    .option('--json', 'print the answer as JSON')
    .addHelpText('after', '\nExample:\n  $ npx loadstone project slip mesa mesa-block-3-transformer --days 90 --reason "port strike"')
    .action(slip);
}

import type { Command } from 'commander';
import { loadWorld } from '../../../shared/bus/world.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import type { FactOf } from '../../../shared/domain/fact.js';
import { recordOf } from '../facts.js';
import { factLine } from '../line.js';
import { printJson, printTable } from '../output.js';
import { withBus } from '../session.js';

const projectTypes = ['buildout.stage.v1', 'buildout.order.v1', 'buildout.block.v1', 'buildout.site.v1'] as const;

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
    const found = world.projects.find((entry) => entry.id === project);
    if (found === undefined) {
      throw wrongInput(`project show: found ${JSON.stringify(project)}, allowed: ${world.projects.map((entry) => entry.id).join(', ')}`);
    }
    const permits = new Set(found.blocks.flatMap((block) => block.permits.map((permit) => permit.id)));
    const facts = (await recordOf(bus, [...projectTypes, 'permit.decision.v1'])).filter(
      (fact) => fact.entity === project || permits.has(fact.entity),
    );
    if (options.json === true) printJson({ project: found, facts });
    else for (const fact of facts) process.stdout.write(`${factLine(fact)}\n`);
  });
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
    .description('what happened to one project')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  $ npx loadstone project show mesa')
    .action(show);
}

import type { Command } from 'commander';
import { loadWorld } from '../../../shared/bus/world.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import type { FactOf } from '../../../shared/domain/fact.js';
import type { World } from '../../../shared/scenario/schema.js';
import { newestOf, recordOf } from '../facts.js';
import { factLine } from '../line.js';
import { printJson, printTable } from '../output.js';
import { withBus } from '../session.js';

function permitsOf(world: World) {
  return world.projects.flatMap((project) =>
    project.blocks.flatMap((block) => block.permits.map((permit) => ({ ...permit, project: project.id, block: block.block }))),
  );
}

async function list(options: { readonly json?: boolean }): Promise<void> {
  await withBus(async (bus) => {
    const world = await loadWorld(bus);
    const phases = (await recordOf(bus, ['permit.phase.v1'])) as readonly FactOf<'permit.phase.v1'>[];
    const positions = new Map(
      (await newestOf(bus, 'permit.queue.v1')).flatMap((fact) => fact.data.positions.map((entry) => [entry.permit, entry.position])),
    );
    const rows = permitsOf(world).map((permit) => {
      const newest = phases.findLast((fact) => fact.entity === permit.id);
      return {
        permit: permit.id,
        project: permit.project,
        block: permit.block,
        agency: permit.agency,
        phase: newest?.data.phase ?? permit.initialPhase,
        position: positions.get(permit.id) ?? null,
        deadline: newest?.data.deadlineTime ?? null,
      };
    });
    if (options.json === true) printJson(rows);
    else printTable(rows, 'this world has no permits');
  });
}

async function show(permit: string, options: { readonly json?: boolean }): Promise<void> {
  await withBus(async (bus) => {
    const world = await loadWorld(bus);
    const found = permitsOf(world).find((entry) => entry.id === permit);
    if (found === undefined) {
      const allowed = permitsOf(world)
        .map((entry) => entry.id)
        .join(', ');
      throw wrongInput(`permit show: found ${JSON.stringify(permit)}, allowed: ${allowed}`);
    }
    const types = ['permit.filing.v1', 'permit.review.v1', 'permit.phase.v1', 'permit.decision.v1'] as const;
    const facts = (await recordOf(bus, types)).filter((fact) => fact.entity === permit);
    if (options.json === true) printJson({ permit: found, facts });
    else for (const fact of facts) process.stdout.write(`${factLine(fact)}\n`);
  });
}

export function register(program: Command): void {
  const permit = program.command('permit').description('Permits: where each stands and what happened to it.');
  permit
    .command('list')
    .description('every permit of every project')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  $ npx loadstone permit list')
    .action(list);
  permit
    .command('show <permit>')
    .description('what happened to one permit')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  $ npx loadstone permit show mesa-block-3-air')
    .action(show);
}

import type { Command } from 'commander';
import { loadWorld } from '../../../shared/bus/world.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import type { FactOf } from '../../../shared/domain/fact.js';
import { reviewTypes } from '../../../shared/scenario/permitRecord.js';
import type { World } from '../../../shared/scenario/schema.js';
import { blockOfPermit, permitsOfProject } from '../../../shared/domain/permit/ofProject.js';
import { newestOf, recordOf } from '../facts.js';
import { factLine } from '../line.js';
import { printJson, printTable } from '../output.js';
import { calibration, type CalibrationOptions } from '../process/calibration.js';
import { record } from '../process/record.js';
import { experiment, type ExperimentOptions } from '../process/experiment.js';
import { withBus } from '../session.js';

function permitsOf(world: World) {
  return world.projects.flatMap((project) =>
    permitsOfProject(project).map((permit) => ({ ...permit, project: project.id, block: blockOfPermit(project, permit.id) })),
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
  permit
    .command('experiment [scenario]')
    .description('what more reviewers at one agency do to the date of power, against twice as many at each other agency')
    .option('--agency <id>', 'agency to change first; the others follow')
    .option('--reviewers <n>', 'reviewers it then has; twice its own when absent')
    .option('--seeds <n>', 'seeds of each arm', '1000')
    .option('--years <n>', 'how far each is followed', '15')
    .option('--project <id>', 'project; the first when absent')
    .option('--block <n>', 'block whose power counts; the last when absent')
    .option('--data <dir>', 'folder of the data the scenario reads')
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  $ npx loadstone permit experiment three-areas --agency state-air-board --reviewers 6 --block 3 --seeds 1000',
    )
    .action((scenario: string | undefined, options: ExperimentOptions) => experiment(scenario ?? 'three-areas', options));
  permit
    .command('calibrate [scenario]')
    .description('the load of an agency at which a permit takes as long as a record says, waiting counted once')
    .requiredOption('--permit <id>', 'permit whose agency is calibrated')
    .requiredOption('--median-days <days>', 'recorded median from filing to decision')
    .option('--samples <n>', 'applications tried at each load', '1500')
    .option('--seed <n>', 'seed of the draws', '1')
    .option('--data <dir>', 'folder of the data the scenario reads')
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  $ npx loadstone permit calibrate campus-build --permit mesa-air --median-days 384')
    .action((scenario: string | undefined, options: CalibrationOptions) => calibration(scenario ?? 'campus-build', options));
  permit
    .command('record <file>')
    .description('a scenario in which the events of a real permit file stand in place of a simulated review')
    .requiredOption('--of <project>', 'project in the file whose events are taken')
    .requiredOption('--permit <id>', 'permit of the scenario that they stand for')
    .requiredOption('--out <file>', 'where to write the scenario')
    .option('--scenario <scenario>', 'scenario to begin from', 'campus-build')
    .option('--types <list>', 'types of event to take', reviewTypes.join(','))
    .option('--data <dir>', 'folder of the data the scenario reads')
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  $ npx loadstone permit record events.csv --of sunzia-transmission --permit mesa-environmental-review --out recorded.json',
    )
    .action(record);
}

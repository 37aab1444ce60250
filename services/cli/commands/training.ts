import type { Command } from 'commander';
import { wrongInput } from '../../../shared/runtime/errors.js';
import type { AuditAction } from '../../../shared/events/control.js';
import { newestOf, recordOf } from '../facts.js';
import { submit } from '../intent.js';
import { factLine } from '../line.js';
import { printJson, printTable, round } from '../output.js';
import { withBus } from '../session.js';
import { showDryRun, type DryRunOptions } from '../training/dryRun.js';
import { showFleetDryRun, wholeFleet, type FleetOptions } from '../training/fleet.js';
import { registerGoodput } from '../training/goodput.js';
import { registerMove } from '../training/move.js';
import { addOrderOptions, extendLoadTarget, orderLoadTarget, releaseLoadTarget, type OrderOptions } from '../training/order.js';
import { registerTargets } from '../training/targets.js';
import { registerUptime } from '../training/uptime.js';

type Options = DryRunOptions & FleetOptions & OrderOptions & { readonly dryRun?: boolean };

async function list(options: Options): Promise<void> {
  await withBus(async (bus) => {
    const phases = new Map((await newestOf(bus, 'training.phase.v1')).map((fact) => [fact.entity, fact.data.phase]));
    const runs = (await newestOf(bus, 'cluster.progress.v1')).flatMap((fact) => fact.data.runs);
    const rows = runs.map((run) => ({
      run: run.run,
      campus: run.campus,
      state: run.state,
      sequence: phases.get(run.run) ?? 'running',
      powerMw: round(run.powerMw),
      capRatio: round(run.capRatio),
      completedSteps: run.completedSteps,
      checkpointedSteps: run.checkpointedSteps,
      totalSteps: run.totalSteps,
    }));
    if (options.json === true) printJson(rows);
    else printTable(rows, 'no training run has been heard of yet');
  });
}

async function show(run: string, options: Options): Promise<void> {
  await withBus(async (bus) => {
    const progress = (await newestOf(bus, 'cluster.progress.v1')).flatMap((fact) => fact.data.runs).find((entry) => entry.run === run);
    if (progress === undefined) throw wrongInput(`training show: found run ${JSON.stringify(run)}, allowed: one of \`training list\``);
    const types = ['training.phase.v1', 'training.verification.v1', 'training.settlement.v1', 'control.command.v1'] as const;
    const facts = (await recordOf(bus, types)).filter((fact) => fact.entity === run);
    if (options.json === true) return printJson({ progress, facts });
    printTable([{ ...progress, powerMw: round(progress.powerMw) }], '');
    for (const fact of facts) process.stdout.write(`${factLine(fact)}\n`);
  });
}

async function order(action: AuditAction, target: string, options: Options): Promise<void> {
  const intent = { action, target, reason: options.reason ?? 'operator' };
  const answer = await withBus((bus) => submit(bus, intent));
  if (options.json === true) printJson({ ...intent, ...answer });
  else process.stdout.write(`${action} ${target}: recorded in tick ${answer.tick}, takes effect in the next one\n`);
}

async function dryRun(target: string, options: Options): Promise<void> {
  if (target === wholeFleet) return showFleetDryRun(options);
  const only = { '--scenario': options.scenario, '--data': options.data, '--beyond-contracts': options.beyondContracts };
  const [name] = Object.entries(only).find(([, value]) => value !== undefined) ?? [];
  if (name !== undefined) throw wrongInput(`${name}: found with campus ${target}, allowed: with \`${wholeFleet}\``);
  return showDryRun(target, options);
}

export function register(program: Command): void {
  const training = program.command('training').description('Training runs: how far they are, and what is asked of them.');
  training
    .command('list')
    .description('every run')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  $ npx loadstone training list')
    .action(list);
  training
    .command('show <run>')
    .description('one run with its curtailments and settlements')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  $ npx loadstone training show atlas')
    .action(show);
  const verbs: readonly (readonly [string, AuditAction, string, string])[] = [
    ['pause <run>', 'pause-run', 'checkpoint a run and pause it', 'pause cinder'],
    ['resume <run>', 'resume-run', 'let its sequence resume it within the ramp limit', 'resume cinder'],
  ];
  for (const [usage, action, description, example] of verbs)
    withReason(training.command(usage).description(description), example).action((target: string, options: Options) =>
      order(action, target, options),
    );
  registerLoadTargets(training);
  registerTargets(training);
  registerGoodput(training);
  registerMove(training);
  registerUptime(training);
}

function withReason(command: Command, example: string): Command {
  return command
    .option('--reason <text>', 'why, for the record')
    .option('--json', 'as JSON')
    .addHelpText('after', `\nExample:\n  $ npx loadstone training ${example}`);
}

function registerLoadTargets(training: Command): void {
  const curtail = training.command('curtail <campus>').description('ask a campus, or the `fleet`, for less power; the answer is shown');
  withReason(addOrderOptions(curtail), 'curtail riverbend --mw 80 --minutes 120 --id peak')
    .option('--dry-run', 'show the plan, what else was weighed and the accelerator-hours at risk; ask nothing of anybody')
    .option('--scenario <name>', 'fleet, with --dry-run: a scenario at its start, in place of the running twin')
    .option('--data <dir>', 'folder of the data the scenario reads')
    .option('--beyond-contracts <cap>', 'fleet, with --dry-run: ask campuses without or beyond contracts too, with caps no lower than this')
    .action((campus: string, options: Options) => (options.dryRun === true ? dryRun(campus, options) : orderLoadTarget(campus, options)));
  withReason(
    training.command('extend <campus>').description('give a load target another end'),
    'extend riverbend --id peak --until 2027-07-14T03:00:00Z',
  )
    .option('--id <id>', 'load target')
    .option('--until <time>', 'new end, RFC 3339 in UTC')
    .action((campus: string, options: Options) => extendLoadTarget(campus, options));
  withReason(
    training.command('release <campus>').description('end one load target, or all that is asked of a campus or the `fleet`'),
    'release riverbend',
  )
    .option('--id <id>', 'load target; default all')
    .action((campus: string, options: Options) => releaseLoadTarget(campus, options));
}

import type { Command } from 'commander';
import { wrongInput } from '../../../shared/runtime/errors.js';
import type { AuditAction } from '../../../shared/events/control.js';
import { newestOf, recordOf } from '../facts.js';
import { submit } from '../intent.js';
import { factLine } from '../line.js';
import { printJson, printTable, round } from '../output.js';
import { withBus } from '../session.js';
import { registerGoodput } from '../training/goodput.js';
import { showDryRun, type DryRunOptions } from '../training/dryRun.js';
import { registerUptime } from '../training/uptime.js';

interface Options extends DryRunOptions {
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly mw?: string;
  readonly reason?: string;
}

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
  const amountMw = options.mw === undefined ? undefined : Number(options.mw);
  if (amountMw !== undefined && !(amountMw > 0)) throw wrongInput(`--mw: found ${options.mw}, allowed: MW above 0`);
  const intent = { action, target, reason: options.reason ?? 'operator', ...(amountMw === undefined ? {} : { amountMw }) };
  const answer = await withBus((bus) => submit(bus, intent));
  if (options.json === true) printJson({ ...intent, ...answer });
  else process.stdout.write(`${action} ${target}: recorded in tick ${answer.tick}, takes effect in the next one\n`);
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
    ['curtail <campus>', 'curtail-campus', 'ask a campus for a reduction (--mw)', 'curtail riverbend --mw 80 --dry-run'],
    ['release <campus>', 'release-campus', 'end a reduction asked for by a person', 'release riverbend'],
  ];
  for (const [usage, action, description, example] of verbs) {
    const verb = training
      .command(usage)
      .description(description)
      .option('--mw <mw>', 'reduction, MW')
      .option('--reason <text>', 'why, for the record')
      .option('--json', 'as JSON')
      .addHelpText('after', `\nExample:\n  $ npx loadstone training ${example}`)
      .action((target: string, options: Options) =>
        options.dryRun === true ? showDryRun(target, options) : order(action, target, options),
      );
    if (action !== 'curtail-campus') continue;
    verb
      .option('--dry-run', 'show the plan, what else was weighed and the accelerator-hours at risk; ask nothing of anybody')
      .option('--minutes <n>', 'with --dry-run: length of the event; default 60')
      .option('--ramp <minutes>', 'with --dry-run: way down; default 15');
  }
  registerGoodput(training);
  registerUptime(training);
}

import type { Command } from 'commander';
import { loadWorld } from '../../../shared/bus/world.js';
import { weakest, type Evidence } from '../../../shared/domain/ledger/evidence.js';
import { ledgerRow, overallVerdict } from '../../../shared/domain/ledger/ledger.js';
import { emptyEnergyLedger, energyFacts, hearEnergy, type EnergyAccount } from '../../../shared/domain/ledger/twinEnergy.js';
import { withGiven, workloads, type Given } from '../../../shared/domain/ledger/workloads.js';
import { minuteMs } from '../../../shared/domain/ticks.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { fromZero, numberIn, wordIn } from '../dispatch/options.js';
import { foldFacts } from '../facts.js';
import { printJson, printTable, round, shortTime } from '../output.js';
import { withBus } from '../session.js';
import type { LedgerAnswer } from './ledgerAnswer.js';

interface Options {
  readonly workload?: string;
  readonly trainMwh?: string;
  readonly inferWh?: string;
  readonly replacedWh?: string;
  readonly run?: string;
  readonly evidence: string;
  readonly json?: boolean;
}

/** Figures given by options; null when there is none. */
function givenBy(options: Options, run: EnergyAccount | null): Given | null {
  const number = (name: string, text: string | undefined): number | undefined =>
    text === undefined ? undefined : numberIn(name, text, fromZero);
  const trainingMwh = run === null ? number('--train-mwh', options.trainMwh) : run.mwh;
  const inferenceWh = number('--infer-wh', options.inferWh);
  const replacedWh = number('--replaced-wh', options.replacedWh);
  const evidence = wordIn<Evidence>('--evidence', options.evidence, ['measured', 'calibrated', 'assumed']);
  if (trainingMwh === undefined && inferenceWh === undefined && replacedWh === undefined) return null;
  if (options.workload === undefined) throw wrongInput(`--workload: found none, allowed with a figure: ${namesOf().join(', ')}`);
  return {
    ...(trainingMwh === undefined ? {} : { trainingMwh }),
    ...(inferenceWh === undefined ? {} : { inferenceWh }),
    ...(replacedWh === undefined ? {} : { replacedWh }),
    evidence,
    source: run === null ? 'given' : `run ${run.name} of the twin from ${shortTime(run.fromMs)} to ${shortTime(run.toMs)}`,
  };
}

function namesOf(): readonly string[] {
  return workloads.map(({ name }) => name);
}

async function energyOf(run: string): Promise<EnergyAccount> {
  const ledger = await withBus(async (bus) => {
    const tickMs = (await loadWorld(bus)).clock.tickMinutes * minuteMs;
    return foldFacts(bus, { types: energyFacts, from: emptyEnergyLedger, hear: (before, fact) => hearEnergy(before, fact, tickMs) });
  });
  const accounts = [...ledger.accounts.values()].filter(({ kind }) => kind === 'training');
  const account = accounts.find(({ name }) => name === run);
  if (account === undefined)
    throw wrongInput(`--run: found ${run}, allowed: ${accounts.map(({ name }) => name).join(', ') || 'none has run'}`);
  return account;
}

async function ledger(options: Options): Promise<void> {
  if (options.run !== undefined && options.trainMwh !== undefined)
    throw wrongInput('--run: found beside --train-mwh, allowed: one of them');
  const name = options.workload === undefined ? null : wordIn('--workload', options.workload, namesOf());
  const given = givenBy(options, options.run === undefined ? null : await energyOf(options.run));
  const rows = workloads
    .filter((workload) => name === null || workload.name === name)
    .map((workload) => ledgerRow(given === null ? workload : withGiven(workload, given)));
  const answer: LedgerAnswer = {
    rows: rows.map((row) => ({ ...row, sensitivity: row.sensitivity.map((one) => ({ ...one, sides: [...one.sides] })) })),
    verdict: overallVerdict(rows),
    evidence: weakest(rows.map(({ evidence }) => evidence)),
  };
  if (options.json === true) printJson(answer);
  else show(answer);
}

function digits(value: number): string {
  const rounded = Number(value.toPrecision(3));
  return rounded !== 0 && (Math.abs(rounded) >= 1e6 || Math.abs(rounded) < 1e-3) ? rounded.toExponential(2) : String(rounded);
}

function countText(tasks: number | null): string {
  return tasks === null ? 'never' : digits(tasks);
}

/** Both ends, or one when they are the same. */
function span(least: string, most: string): string {
  return least === most ? least : `${least} to ${most}`;
}

function show({ rows, verdict, evidence }: LedgerAnswer): void {
  printTable(
    rows.map((row) => ({
      workload: row.name,
      'training MWh': digits(row.trainingMwh),
      'Wh a task': digits(row.inferenceWh),
      'replaced Wh': digits(row.replacedWh),
      'saved Wh': digits(row.netSavedWh),
      'paid back after': countText(row.breakEvenTasks),
      evidence: row.evidence,
      verdict: row.verdict,
    })),
    'no workload',
  );
  for (const row of rows) {
    process.stdout.write(`\n${row.name}: ${row.task}, in place of ${row.replaced}\n`);
    printTable(
      row.sensitivity.map((one) => ({
        input: one.input,
        value: `${digits(one.value)}${one.unit === '1' ? '' : ` ${one.unit}`}`,
        range: span(digits(one.least), digits(one.most)),
        'paid back after': span(countText(one.tasksAtLeast), countText(one.tasksAtMost)),
        'turns at': one.turnsAt === null ? '-' : digits(one.turnsAt),
        evidence: one.evidence,
        decides: one.isDecisive ? 'yes' : '',
      })),
      '',
    );
    process.stdout.write(`not counted: ${row.limits}\n`);
  }
  const common = rows.length > 1 ? ' over all of them' : '';
  process.stdout.write(
    `\ntrained inference uses less than what it replaces${common}: ${verdict} (evidence: ${evidence}); sources: --json\n`,
  );
  const against = rows
    .filter(({ netSavedWh }) => netSavedWh <= 0)
    .map(({ name, netSavedWh }) => (netSavedWh === 0 ? `${name} saves nothing` : `${name} takes ${round(-netSavedWh)} Wh more a task`));
  if (against.length > 0 && rows.length > 1) process.stdout.write(`against it: ${against.join('; ')}\n`);
}

/** Adds `power ledger`: energy of training and inference against what they replace. */
export function registerLedger(power: Command): void {
  power
    .command('ledger')
    .description('energy of training, of inference, and of the computation it replaces: after how many tasks training is paid back')
    .option('--workload <name>', `one of ${namesOf().join(', ')} (default: all)`)
    .option('--train-mwh <MWh>', 'with --workload: energy of training')
    .option('--infer-wh <Wh>', 'with --workload: energy of a task')
    .option('--replaced-wh <Wh>', 'with --workload: energy of what it replaces')
    .option('--run <run>', 'with --workload: energy of training so far of a run of the running twin')
    .option('--evidence <word>', 'of the figures given: measured, calibrated or assumed', 'assumed')
    .option('--json', 'as JSON; its schema: npx loadstone schema power-ledger')
    .addHelpText('after', '\nExamples:\n  $ npx loadstone power ledger\n  $ npx loadstone power ledger --workload chat --infer-wh 0.24')
    .action(ledger);
}

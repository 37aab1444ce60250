import type { Command } from 'commander';
import {
  acceleratorHoursPerFailure,
  availabilitySeconds,
  dalyEfficiency,
  failureSecondsOf,
  firstOrderEfficiency,
  simulateGoodput,
  spareRestartEfficiency,
  youngSeconds,
} from '../../../shared/domain/training/goodput.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { printJson, printTable, round } from '../output.js';

interface Options {
  readonly accelerators: string;
  readonly saveSeconds: string;
  readonly restartSeconds: string;
  readonly hoursPerFailure: string;
  readonly interval: string;
  readonly segments: string;
  readonly seed: string;
  readonly json?: boolean;
}

/** An option's number within its bounds. */
interface Asked {
  readonly name: string;
  readonly text: string;
  readonly least: number;
  readonly most: number;
  readonly isWhole?: boolean;
}

function numberOf({ name, text, least, most, isWhole = false }: Asked): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= least && value <= most) || (isWhole && !Number.isInteger(value)))
    throw wrongInput(
      `${name}: found ${JSON.stringify(text)}, allowed: ${isWhole ? 'a whole number' : 'a number'} from ${least} to ${most}`,
    );
  return value;
}

/** Every interval is played with draws of its own size: one size more changes no other. */
function rowOf(accelerators: number, options: Options) {
  const saveSeconds = numberOf({ name: '--save-seconds', text: options.saveSeconds, least: 0.001, most: 86_400 });
  const restartSeconds = numberOf({ name: '--restart-seconds', text: options.restartSeconds, least: 0, most: 86_400 });
  const hours = numberOf({ name: '--hours-per-failure', text: options.hoursPerFailure, least: 0.01, most: 1e9 });
  const segments = numberOf({ name: '--segments', text: options.segments, least: 1_000, most: 10_000_000, isWhole: true });
  const seed = numberOf({ name: '--seed', text: options.seed, least: 0, most: Number.MAX_SAFE_INTEGER, isWhole: true });
  const times = { failureSeconds: failureSecondsOf(accelerators, hours), saveSeconds, restartSeconds };
  const intervals = { youngSeconds: youngSeconds(times), availabilitySeconds: availabilitySeconds(times) };
  const isNamed = options.interval === 'young' || options.interval === 'availability';
  const workSeconds = isNamed
    ? intervals[options.interval === 'young' ? 'youngSeconds' : 'availabilitySeconds']
    : numberOf({ name: '--interval, also young or availability,', text: options.interval, least: 0.001, most: 1e9 });
  const run = { ...times, workSeconds };
  // A restart that never ends, or a segment that never does: played, neither would.
  if ((workSeconds + saveSeconds) / times.failureSeconds > 8 || restartSeconds / times.failureSeconds > 8)
    throw wrongInput(
      `--accelerators: found ${accelerators}, with a failure every ${round(times.failureSeconds)} s, ` +
        'allowed: work and save, and restart, of at most 8 times that',
    );
  const simulated = simulateGoodput(run, { seed, entity: `goodput-${accelerators}`, segments, failsInRestart: true });
  return {
    accelerators,
    ...run,
    interval: isNamed ? options.interval : 'given',
    ...intervals,
    efficiency: simulated.efficiency,
    dalyEfficiency: dalyEfficiency(run),
    simulatedByDaly: simulated.efficiency / dalyEfficiency(run) - 1,
    spareRestartEfficiency: spareRestartEfficiency(run),
    firstOrderEfficiency: firstOrderEfficiency(run),
    simulated,
  };
}

function goodput(options: Options): void {
  const sizes = options.accelerators
    .split(',')
    .map((text) => numberOf({ name: '--accelerators', text, least: 1, most: 10_000_000, isWhole: true }));
  const rows = sizes.map((accelerators) => rowOf(accelerators, options));
  // Stall and restart times are chosen, and the published share of time is what they were chosen for.
  if (options.json === true) return printJson({ evidence: 'calibrated', seed: Number(options.seed), runs: rows });
  printTable(
    rows.map((row) => ({
      accelerators: row.accelerators,
      'failure every h': Number((row.failureSeconds / 3_600).toPrecision(3)),
      'save every s': Math.round(row.workSeconds),
      efficiency: row.efficiency.toFixed(4),
      '+-': row.simulated.standardError.toFixed(4),
      Daly: row.dalyEfficiency.toFixed(4),
      'no failure in restart': row.spareRestartEfficiency.toFixed(4),
      'first order': row.firstOrderEfficiency.toFixed(4),
    })),
    'no size',
  );
  process.stdout.write(
    '\nevidence: calibrated (save and restart times are chosen to meet published runs; failures per accelerator-hour are theirs)\n',
  );
}

/** Adds `training goodput`: how much of its time a run of each size works, under failures. */
export function registerGoodput(training: Command): void {
  training
    .command('goodput')
    .description('share of its time that a run works while accelerators fail, simulated and by formula')
    .requiredOption('--accelerators <N,...>', 'sizes of the run')
    .option('--save-seconds <s>', 'how long a save stops the work', '10')
    .option('--restart-seconds <s>', 'from a failure to work again', '600')
    .option('--hours-per-failure <h>', 'accelerator-hours per failure', String(acceleratorHoursPerFailure))
    .option('--interval <which>', 'work between saves: young, availability, or seconds', 'young')
    .option('--segments <n>', 'simulated segments of each size', '1000000')
    .option('--seed <n>', 'of the failures', '1')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  $ npx loadstone training goodput --accelerators 1024,16384,100000')
    .action(goodput);
}

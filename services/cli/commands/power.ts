import { join } from 'node:path';
import type { Command } from 'commander';
import { acceleratorsWithin, facilityPower, h100Facility, type Duty } from '../../../shared/domain/power/facility.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { fitsOf, type Fits } from '../power/fits.js';
import { registerInference } from '../power/inference.js';
import { registerLedger } from '../power/ledger.js';
import { readMeasured } from '../power/read.js';
import { printJson, printTable } from '../output.js';

interface FitOptions {
  readonly json?: boolean;
}

interface FacilityOptions {
  readonly mw: string;
  readonly outside: string;
  readonly cap: string;
  readonly json?: boolean;
}

function digits(value: number | null | undefined, places = 3): string {
  return value === null || value === undefined ? '-' : value.toFixed(places);
}

function section(title: string, rows: readonly Readonly<Record<string, string | number | null>>[]): void {
  if (rows.length === 0) return;
  process.stdout.write(`${title}\n`);
  printTable(rows, '');
  process.stdout.write('\n');
}

function show({ caps, inference, writing, idleActive, training, dips, swings }: Fits): void {
  section(
    'Throughput under a cap, ((p - s)/(1 - s))^(1/a); errors in shares of full speed',
    caps.map((fit) => ({
      gpu: fit.gpu,
      jobs: fit.jobs,
      'left out': fit.jobsLeftOut,
      points: fit.points,
      s: digits(fit.staticRatio),
      a: digits(fit.capExponent, 2),
      RMSE: digits(fit.rmse, 4),
      'held out': digits(fit.heldOutRmse, 4),
      largest: digits(fit.largestError),
      's 0.39 a 4.0': digits(fit.plainCurveRmse, 4),
    })),
  );
  section(
    'Node power of inference, W',
    inference.map((fit) => ({
      load: fit.load,
      form: fit.form ?? '-',
      floor: digits(fit.floorW, 0),
      rise: digits(fit.riseW, 0),
      scale: digits(fit.scale, 1),
      RMSE: digits(fit.rmseW, 1),
      points: fit.points ?? 0,
    })),
  );
  section(
    'Steps of writing, ms, against the requests in them',
    writing.map((fit) => ({
      tokens: fit.tokens,
      'up to requests': fit.requestsMost,
      runs: fit.runs,
      step: digits(1e3 * fit.stepSeconds, 2),
      'a request': digits(1e3 * fit.stepSecondsPerRequest, 4),
      RMSE: digits(1e3 * fit.rmseSeconds, 2),
      'most tokens/s, at most': digits(fit.mostTokensPerSecond, 0),
    })),
  );
  section(
    'Idle and active, W; error: largest distance between the distributions',
    idleActive.map((fit) => ({
      series: fit.series,
      'idle share': digits(fit.idleShare),
      idle: digits(fit.idleW, 0),
      active: digits(fit.activeW, 0),
      mean: digits(fit.meanW, 0),
      split: digits(fit.thresholdW, 0),
      KS: digits(fit.ksDistance),
    })),
  );
  section(
    'Power of training with its servers, kW an accelerator',
    training.flatMap(({ all, bySize }) =>
      [{ accelerators: 'all', ...all }, ...bySize].map((fit) => ({
        accelerators: String(fit.accelerators),
        runs: fit.runs,
        kW: digits(fit.kwPerAccelerator),
        RMSE: digits(fit.rmseKw),
      })),
    ),
  );
  section(
    'Dips',
    dips.flatMap(({ rhythm }) =>
      rhythm === null
        ? []
        : [
            {
              dips: rhythm.dips,
              'start or end': rhythm.startOrEnd,
              'every s': digits(rhythm.periodSeconds, 1),
              RMSE: digits(rhythm.periodRmseSeconds, 2),
              'for s': digits(rhythm.dipSeconds, 1),
              drop: digits(rhythm.dropRatio),
              'RMSE of drop': digits(rhythm.dropRmse),
              are: rhythm.areSteps ? 'steps, not checkpoints' : 'possibly checkpoints',
              'long stops': rhythm.longStops,
              'these every s': digits(rhythm.longStopPeriodSeconds, 1),
            },
          ],
    ),
  );
  section(
    'Synchronous swings, standard deviation in W by time scale',
    swings.map((fit) => ({
      workload: fit.workload,
      ...Object.fromEntries(fit.bands.map((band) => [`${band.fromSeconds}-${band.toSeconds} s`, digits(band.deviationW, 0)])),
      slower: digits(fit.slowerW, 0),
      'correlated s': digits(fit.correlationSeconds, 1),
      RMSE: digits(fit.rmseW, 1),
    })),
  );
}

async function fit(place: string | undefined, options: FitOptions): Promise<void> {
  const from = place ?? join('..', 'shared', 'data', 'gpu-power');
  const { measured, leftOut } = await readMeasured(from);
  const fits = fitsOf(measured);
  if (options.json === true) return printJson({ from, evidence: 'measured', ...fits, leftOut });
  for (const file of leftOut) process.stderr.write(`note: ${file}: no measured power in a form that is fitted\n`);
  show(fits);
}

function numberOf(name: string, text: string, [least, most]: readonly [number, number]): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= least && value <= most))
    throw wrongInput(`${name}: found ${JSON.stringify(text)}, allowed: a number from ${least} to ${most}`);
  return value;
}

function facility(options: FacilityOptions): void {
  const outsideC = numberOf('--outside', options.outside, [-50, 60]);
  const capRatio = numberOf('--cap', options.cap, [0, 1]);
  const accelerators = acceleratorsWithin(h100Facility, numberOf('--mw', options.mw, [0.1, 10_000]), outsideC);
  const duties: readonly (readonly [string, Duty])[] = [
    ['full', { kind: 'work', capRatio: 1 }],
    ['capped', { kind: 'work', capRatio }],
    ['paused', { kind: 'idle' }],
  ];
  const rows = duties.map(([duty, what]) => ({ duty, ...facilityPower({ ...h100Facility, accelerators }, what, outsideC) }));
  if (options.json === true) return printJson({ evidence: 'assumed', accelerators, outsideC, capRatio, states: rows });
  process.stdout.write(`${accelerators} accelerators, ${outsideC} C outside\n`);
  printTable(
    rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [name, typeof value === 'number' ? digits(value) : value])),
    ),
    '',
  );
}

/** `power`: fits of measured accelerator power, and the power of a facility. */
export function register(program: Command): void {
  const power = program.command('power').description('Power of accelerators and of the facility around them.');
  power
    .command('fit [place]')
    .description('fits of measured power, each with its error; a CSV file or a folder of them (default: ../shared/data/gpu-power)')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  $ npx loadstone power fit ../shared/data/gpu-power')
    .action(fit);
  power
    .command('facility')
    .description('accelerators, servers, network, losses and cooling of a campus: full, capped and paused')
    .option('--mw <MW>', 'of the campus at full work', '100')
    .option('--outside <C>', 'temperature', '20')
    .option('--cap <ratio>', 'of the accelerators, as a share of their draw', '0.7')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  $ npx loadstone power facility --mw 1000 --outside 35')
    .action(facility);
  registerInference(power);
  registerLedger(power);
}

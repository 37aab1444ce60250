import { join } from 'node:path';
import type { Command } from 'commander';
import { measuredSteps } from '../../../shared/domain/power/stepSwings.js';
import { facility } from '../power/facility.js';
import { fitsOf, type Fits } from '../power/fits.js';
import { registerInference } from '../power/inference.js';
import { registerLedger } from '../power/ledger.js';
import { readMeasured } from '../power/read.js';
import { swings } from '../power/swings.js';
import { printJson, printTable } from '../output.js';

interface FitOptions {
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
    .description('accelerators, servers, network, losses and cooling of a campus; PUE by outside temperature, over a year of weather')
    .option('--campus-mw <MW>', 'of the campus at full work: a size, several with commas, or 100..2000 for the usual blocks (100)')
    .option('--mw <MW>', 'the same')
    .option('--outside <C>', 'temperature the campus is filled at', '20')
    .option('--weather <FILE.epw>', 'a year of hourly weather, EnergyPlus format; .gz as it is')
    .option('--cap <ratio>', 'of the accelerators, as a share of their draw', '0.7')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  $ npx loadstone power facility --campus-mw 1000 --outside 20 --weather site.epw.gz')
    .action(facility);
  registerInference(power);
  registerLedger(power);
  power
    .command('swings')
    .description('how far synchronous steps move the power of a campus within a tick, without and with storage in the racks')
    .requiredOption('--accelerators <N,N>', 'of each training run')
    .option('--smoothing <J>', 'storage, J an accelerator; 0: none', '65')
    .option('--limit <MW/s>', 'ramp to be held')
    .option('--drop <ratio>', `share of its power an accelerator gives up in a dip (${measuredSteps.dropRatio}, measured)`)
    .option('--period <s>', `from dip to dip (${measuredSteps.periodSeconds}, measured)`)
    .option('--dip <s>', `length of a dip (${measuredSteps.dipSeconds}, measured)`)
    .option('--edge <s>', `from one level to the other (${measuredSteps.edgeSeconds}, measured: one sample)`)
    .option('--watts <W>', `of an accelerator beside dips (${measuredSteps.baselineW}, measured)`)
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  $ npx loadstone power swings --accelerators 16384,100000 --smoothing 65 --limit 10')
    .action(swings);
}

import {
  flatteningJoules,
  joulesForRamp,
  measuredSteps,
  siteSwing,
  type Smoothing,
  type StepRhythm,
} from '../../../shared/domain/power/stepSwings.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { printJson, printTable } from '../output.js';
import { numberOf } from './facility.js';

/** What `power swings` is asked. */
export interface SwingsOptions {
  readonly accelerators: string;
  readonly smoothing: string;
  readonly limit?: string;
  readonly drop?: string;
  readonly period?: string;
  readonly dip?: string;
  readonly edge?: string;
  readonly watts?: string;
  readonly json?: boolean;
}

/** Prints how far the power of a campus swings around its mean by the steps of its runs, without and with storage in its racks. */
export function swings(options: SwingsOptions): void {
  const runs = options.accelerators.split(',').map((part) => wholeOf('--accelerators', part));
  const joules = numberOf('--smoothing', options.smoothing, [0, 1e6]);
  const limitMwPerSecond = options.limit === undefined ? null : numberOf('--limit', options.limit, [1e-6, 1e6]);
  const rhythm = rhythmOf(options);
  const ways: readonly Smoothing[] =
    joules > 0 ? [{ kind: 'none' }, { kind: 'filter', joules }, { kind: 'levelling', joules }] : [{ kind: 'none' }];
  const rows = ways.map((smoothing) => {
    const swing = siteSwing(runs, rhythm, smoothing);
    const isWithin = limitMwPerSecond === null ? {} : { isWithinLimit: swing.rampMwPerSecond <= limitMwPerSecond * (1 + 1e-9) };
    return { smoothing: smoothing.kind, joules: smoothing.kind === 'none' ? 0 : smoothing.joules, ...swing, ...isWithin };
  });
  const needed = limitMwPerSecond === null ? {} : { limitMwPerSecond, neededJoules: joulesForRamp(runs, rhythm, limitMwPerSecond) };
  // One accelerator is measured; that a run of any size steps as one is not.
  const isOwn = [options.drop, options.period, options.dip, options.edge, options.watts].some((option) => option !== undefined);
  const evidence = isOwn ? 'assumed' : 'calibrated';
  const flattening = flatteningJoules(rhythm);
  if (options.json === true)
    return printJson({ evidence, accelerators: runs, rhythm, flatteningJoules: flattening, ...needed, site: rows });
  const { baselineW, periodSeconds, dropRatio, dipSeconds } = rhythm;
  const [all, percent] = [runs.reduce((sum, count) => sum + count, 0), Math.round(1000 * dropRatio) / 10];
  process.stdout.write(`${all} accelerators in ${runs.length} ${runs.length === 1 ? 'run' : 'runs'}; `);
  process.stdout.write(`each ${baselineW} W, every ${periodSeconds} s down by ${percent} % for ${dipSeconds} s (${evidence})\n`);
  printTable(
    rows.map(({ peakToPeakMw, rampMwPerSecond, deviationMw, isWithinLimit, ...row }) => ({
      smoothing: row.smoothing,
      'J an accelerator': row.joules,
      'MW peak to peak': peakToPeakMw.toFixed(2),
      'MW/s': rampMwPerSecond.toFixed(1),
      'MW deviation, runs apart': deviationMw.toFixed(2),
      ...(isWithinLimit === undefined ? {} : { 'within limit': isWithinLimit ? 'yes' : 'no' }),
    })),
    '',
  );
  if (needed.neededJoules === undefined) return;
  process.stdout.write(`${limitMwPerSecond} MW/s needs ${needed.neededJoules.toFixed(0)} J an accelerator as a filter; `);
  process.stdout.write(`${flattening.toFixed(0)} J flatten the steps\n`);
}

function rhythmOf(options: SwingsOptions): StepRhythm {
  const of = (name: string, text: string | undefined, bounds: readonly [number, number], plain: number): number =>
    text === undefined ? plain : numberOf(name, text, bounds);
  const rhythm = {
    baselineW: of('--watts', options.watts, [1, 10_000], measuredSteps.baselineW),
    dropRatio: of('--drop', options.drop, [0, 1], measuredSteps.dropRatio),
    periodSeconds: of('--period', options.period, [0.01, 3_600], measuredSteps.periodSeconds),
    dipSeconds: of('--dip', options.dip, [0.001, 3_600], measuredSteps.dipSeconds),
    edgeSeconds: of('--edge', options.edge, [0.001, 3_600], measuredSteps.edgeSeconds),
  };
  const { periodSeconds, dipSeconds, edgeSeconds } = rhythm;
  if (dipSeconds >= periodSeconds) throw wrongInput(`--dip: found ${dipSeconds} s, allowed: below --period, ${periodSeconds} s`);
  const shorterSeconds = Math.min(dipSeconds, periodSeconds - dipSeconds);
  if (edgeSeconds > shorterSeconds)
    throw wrongInput(`--edge: found ${edgeSeconds} s, allowed: up to ${shorterSeconds} s, the dip or what is beside it`);
  return rhythm;
}

function wholeOf(name: string, text: string): number {
  const value = numberOf(name, text, [1, 1e8]);
  if (!Number.isInteger(value))
    throw wrongInput(`${name}: found ${JSON.stringify(text)}, allowed: whole numbers from 1, as in 16384,100000`);
  return value;
}

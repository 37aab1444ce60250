import type { Command } from 'commander';
import type { CapacityCredit } from '../../../shared/domain/adequacy/credits.js';
import type { Estimate, SampledRisk } from '../../../shared/domain/adequacy/monteCarlo.js';
import { adequacyNotesOf, adequacyReportOf, type AdequacyReport, type ResampledRisk } from '../../../shared/domain/adequacy/report.js';
import { adequacySystemOf, periodOf } from '../../../shared/domain/adequacy/system.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { bareWorld, readNetwork } from '../../../shared/scenario/networkFile.js';
import { registerMix } from '../adequacy/mix.js';
import { printJson, printTable, round, shortTime } from '../output.js';

interface Options {
  readonly flat?: string;
  readonly targetDays: string;
  readonly monteCarlo: string;
  readonly resample: string;
  readonly seed: string;
  readonly json?: boolean;
}

/** Values that an option may have. */
interface Allowed {
  readonly name: string;
  readonly text: string;
  readonly is: (value: number) => boolean;
  readonly words: string;
}

const yearsMost = 1_000_000;

function numberOf({ name, text, is, words }: Allowed): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || !is(value))
    throw wrongInput(`${name}: found ${JSON.stringify(text)}, allowed: ${words}`);
  return value;
}

/** Years to draw: none, or at least `least`. */
function yearsOf(name: string, text: string, least: number): number {
  const is = (value: number): boolean => value === 0 || (Number.isInteger(value) && value >= least && value <= yearsMost);
  return numberOf({ name, text, is, words: `0, or a whole number of years from ${least} to ${yearsMost}` });
}

/** Three significant digits: risks span many orders of magnitude. */
function digits(value: number): number {
  return Number(value.toPrecision(3));
}

function showCredits(credits: readonly CapacityCredit[]): void {
  printTable(
    credits.map(({ source, technology, units, nameplateMw, lastInRatio, firstInRatio }) => ({
      source,
      technology: technology ?? 'all',
      units,
      nameplateMw: round(nameplateMw),
      'last-in %': round(100 * lastInRatio),
      'first-in %': round(100 * firstInRatio),
    })),
    'no units',
  );
}

function showSampled(sampled: NonNullable<AdequacyReport['monteCarlo']>): void {
  const interval = ({ mean, low, high }: Estimate): string => `${digits(mean)} [${digits(low)}, ${digits(high)}]`;
  const row = (what: string, field: keyof Pick<SampledRisk, 'lossDays' | 'lossHours' | 'unservedMwh'>) => ({
    'per year': what,
    'sampled, 95 % interval': interval(sampled[field]),
    table: digits(sampled.analytic[field]),
  });
  process.stdout.write(
    `\nMonte Carlo, ${sampled.years} sampled years, seed ${sampled.seed}, at ${round(sampled.flatMw)} MW of flat load:\n`,
  );
  printTable(
    [
      row('hours short', 'lossHours'),
      row('unserved MWh', 'unservedMwh'),
      row('days short (sampled: any hour; table: worst hour)', 'lossDays'),
    ],
    '',
  );
}

function showResampled({ label, years, windowDays, seed, flatMw, ...spreads }: ResampledRisk): void {
  process.stdout.write(
    `\n${years} weather years (${label}; days within ${windowDays} of the date, seed ${seed}), at ${round(flatMw)} MW of flat load:\n`,
  );
  const names = { lossDays: 'LOLE, days', lossHours: 'LOLH, hours', unservedMwh: 'EUE, MWh' } as const;
  printTable(
    (['lossDays', 'lossHours', 'unservedMwh'] as const).map((field) => {
      const { mean, percentile5, median, percentile95, highest } = spreads[field];
      const shown = { mean, p5: percentile5, median, p95: percentile95, highest };
      return { 'per year': names[field], ...Object.fromEntries(Object.entries(shown).map(([name, value]) => [name, digits(value)])) };
    }),
    '',
  );
}

function show(name: string, report: AdequacyReport): void {
  const { risk, flatMwToTarget, targetDays } = report;
  const carried = flatMwToTarget >= 0 ? 'flat load' : 'perfect capacity';
  const lines = [
    `${name}: ${shortTime(report.fromTime)} to ${shortTime(report.toTime)}`,
    `load at most ${round(report.peakLoadMw)} MW${report.flatMw === 0 ? '' : ` and ${round(report.flatMw)} MW flat`}, firm units ${round(report.firmMw)} MW`,
    '',
    `LOLE  ${digits(risk.lossDays)} days a year`,
    `LOLH  ${digits(risk.lossHours)} hours a year`,
    `EUE   ${digits(risk.unservedMwh)} MWh a year`,
    `${round(Math.abs(flatMwToTarget))} MW of ${carried} brings it to ${targetDays} days a year; capacity credit there:`,
    '',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  showCredits(report.credits);
  if (report.monteCarlo !== null) showSampled(report.monteCarlo);
  if (report.resampled !== null) showResampled(report.resampled);
}

async function answer(place: string, options: Options): Promise<void> {
  const seedIs = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
  const seed = numberOf({ name: '--seed', text: options.seed, is: seedIs, words: 'a whole number from 0' });
  const flatMw =
    options.flat === undefined ? null : numberOf({ name: '--flat', text: options.flat, is: () => true, words: 'a number in MW' });
  const targetIs = (value: number): boolean => value > 0 && value < 365;
  const targetDays = numberOf({
    name: '--target-days',
    text: options.targetDays,
    is: targetIs,
    words: 'days a year above 0 and below 365',
  });
  const monteCarloYears = yearsOf('--monte-carlo', options.monteCarlo, 2);
  const resampleYears = yearsOf('--resample', options.resample, 1);
  const network = await readNetwork(place);
  const world = { ...bareWorld(network), seed };
  const period = periodOf(world);
  if (period.days < 1) throw wrongInput(`${place}: series: found no whole day that all of them cover, allowed: one day or more`);
  const onSampledYear = (done: number): void => {
    if (done % 1_000 === 0 && done < monteCarloYears) process.stderr.write(`sampled ${done} of ${monteCarloYears} years\n`);
  };
  const report = adequacyReportOf(adequacySystemOf(world, period), {
    flatMw,
    targetDays,
    monteCarloYears,
    resampleYears,
    seed,
    onSampledYear,
  });
  const notes = adequacyNotesOf(world, report);
  if (options.json === true) return printJson({ network: network.name, ...report, notes });
  for (const note of notes) process.stderr.write(`note: ${note}\n`);
  show(network.name, report);
}

/** `adequacy`: how often a network falls short, and what each source adds; `adequacy mix`: what more load needs. */
export function register(program: Command): void {
  // What stands behind `mix` is its own, also where `adequacy` knows an option of that name.
  const adequacy = program
    .enablePositionalOptions()
    .command('adequacy')
    .argument('<network>')
    .enablePositionalOptions()
    .description(
      'how often load exceeds what is available, and the capacity credit of each source; network file, scenario or RTS-GMLC folder',
    )
    .option('--flat <MW>', 'load in every hour beside that of the network')
    .option('--target-days <days>', 'loss-of-load expectation that credits are taken at, days a year', '0.1')
    .option('--monte-carlo <years>', 'also sample years of outages, at --flat or else at the target', '0')
    .option('--resample <years>', 'also resample years of weather, at --flat or else at the target', '0')
    .option('--seed <number>', 'of everything drawn', '1')
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  $ npx loadstone adequacy ../shared/data/rts-gmlc --monte-carlo 2000 --resample 200')
    .action(answer);
  registerMix(adequacy);
}

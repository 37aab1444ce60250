import type { Command } from 'commander';
import { periodOf } from '../../../shared/domain/adequacy/system.js';
import { noCounts, solveByPivots } from '../../../shared/domain/grid/simplex/solve.js';
import { dispatchedYear, type DispatchedYear } from '../../../shared/domain/mix/dispatchedYear.js';
import type { NewSource } from '../../../shared/domain/mix/newSources.js';
import { mixStudyOf } from '../../../shared/domain/mix/report.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { loadHighsSolver } from '../../../shared/runtime/highs.js';
import { bareWorld, readNetwork } from '../../../shared/scenario/networkFile.js';
import { aboveZero, fromZero, numberIn, wholeFromZero } from '../dispatch/options.js';
import { printJson } from '../output.js';
import { costsIn } from './costs.js';
import { showMix } from './showMix.js';

interface Options {
  readonly add: string;
  readonly targetDays: string;
  readonly most: string;
  readonly resample: string;
  readonly draws: string;
  readonly seed: string;
  readonly discount: string;
  readonly carbonPrice: string;
  readonly sources?: string;
  readonly costs?: string;
  readonly bus?: string;
  readonly json?: boolean;
}

const notes = `
Before and after, the network is held at the target: flat load is added to it (or perfect capacity) until it is there.
Minutes for a year of a hundred units; the same input gives the same answer. A costs file: docs/adequacy.md.

Example:
  $ npx loadstone adequacy mix ../shared/data/rts-gmlc --add 2000 --resample 200`;

const yearsMost = 10_000;
const years = {
  is: (value: number) => Number.isInteger(value) && value >= 2 && value <= yearsMost,
  words: `a whole number from 2 to ${yearsMost}`,
};
const draws = { is: (value: number) => Number.isInteger(value) && value >= 1 && value <= 100, words: 'a whole number from 1 to 100' };
const target = { is: (value: number) => value > 0 && value < 365, words: 'days a year above 0 and below 365' };

/** `adequacy mix`: what supply more load needs, source by source and mixed. */
export function registerMix(adequacy: Command): void {
  adequacy
    .command('mix <network>')
    .description(
      'what supply a new flat load needs at the same loss-of-load expectation: each source alone and the best mixes, with cost and CO2',
    )
    .option('--add <MW>', 'new load in every hour', '2000')
    .option('--target-days <days>', 'loss-of-load expectation before and after, days a year', '0.1')
    .option('--most <MW>', 'nameplate of each source at most', '30000')
    .option('--resample <years>', 'resampled weather years', '200')
    .option('--draws <number>', 'draws of outages over each weather year, where storage takes part', '5')
    .option('--discount <ratio>', 'real interest a year', '0.055')
    .option('--carbon-price <usd>', 'what old and new units pay for carbon dioxide, $/t; part of all costs', '0')
    .option('--sources <names>', 'only these, with commas between; default: all')
    .option('--costs <file>', 'costs of sources in place of the built-in ones')
    .option('--bus <id>', 'where load and supply come, with line limits as they are; default: one copper plate')
    .option('--seed <number>', 'of everything drawn', '1')
    .option('--json', 'print as JSON')
    .addHelpText('after', notes)
    .action(answer);
}

async function answer(place: string, options: Options): Promise<void> {
  const question = {
    flatMw: numberIn('--add', options.add, aboveZero),
    targetDays: numberIn('--target-days', options.targetDays, target),
    maxMw: numberIn('--most', options.most, aboveZero),
    years: numberIn('--resample', options.resample, years),
    drawsPerYear: numberIn('--draws', options.draws, draws),
    discountRatio: numberIn('--discount', options.discount, fromZero),
    carbonUsdPerTonne: numberIn('--carbon-price', options.carbonPrice, fromZero),
    seed: numberIn('--seed', options.seed, wholeFromZero),
    sources: onlyThese(await costsIn(options.costs), options.sources),
    bus: options.bus ?? null,
  };
  const world = { ...bareWorld(await readNetwork(place)), seed: question.seed };
  if (question.bus !== null && !world.network.buses.some(({ id }) => id === question.bus))
    throw wrongInput(`--bus: found ${question.bus}, allowed: a bus of ${place}, such as ${world.network.buses[0]?.id ?? 'none'}`);
  const period = periodOf(world);
  if (period.days < 1) throw wrongInput(`${place}: series: found no whole day that all of them cover, allowed: one day or more`);
  const say = (line: string): void => void process.stderr.write(`adequacy mix: ${line}\n`);
  const study = mixStudyOf(world, period, { ...question, say });
  const dispatched: DispatchedYear[] = [];
  for (const { name, world: asked } of study.toDispatch) {
    say(`dispatch of ${name}`);
    const solver = await loadHighsSolver();
    dispatched.push(dispatchedYear(asked, { solve: solveByPivots(solver, noCounts()), solver }, period));
    solver.close();
  }
  const report = study.reportOf(dispatched);
  if (options.json === true) return printJson({ network: world.name, ...report });
  showMix(world.name, report);
}

function onlyThese(sources: readonly NewSource[], names: string | undefined): readonly NewSource[] {
  if (names === undefined) return sources;
  const wanted = names.split(',').map((name) => name.trim());
  const unknown = wanted.find((name) => !sources.some((source) => source.name === name));
  if (unknown !== undefined)
    throw wrongInput(`--sources: found ${unknown === '' ? 'nothing' : unknown}, allowed: ${sources.map(({ name }) => name).join(', ')}`);
  return sources.filter(({ name }) => wanted.includes(name));
}

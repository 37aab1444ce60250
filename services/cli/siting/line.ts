import type { Command } from 'commander';
import { floatAt } from '../../../shared/domain/grid/dense.js';
import { weakest } from '../../../shared/domain/ledger/evidence.js';
import { baseYearOf } from '../../../shared/domain/siting/baseYear.js';
import { distanceKm, milesPerKm } from '../../../shared/domain/siting/distance.js';
import { sitingErasOf, type SitingRun } from '../../../shared/domain/siting/eras.js';
import { lineStudyOf, type LineStudy, type WayFigures } from '../../../shared/domain/siting/lineStudy.js';
import { surplusAt, type Surplus } from '../../../shared/domain/siting/surplus.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { rtsPlaces } from '../../../shared/scenario/siting/factsFile.js';
import type { World } from '../../../shared/scenario/schema.js';
import { aboveZero, dcHelp, fromZero, hoursHelp, numberIn, wholeFromZero } from '../dispatch/options.js';
import { printJson } from '../output.js';
import type { LineAnswer } from './lineAnswer.js';
import { lineInputsIn, milesIn, valueWords, type LineInputs, type LineOptions } from './lineOptions.js';
import { busPlace, sitingRunOf, sitingWorldAt, speakerOf } from './place.js';
import { showLine } from './showLine.js';

const notes = `
Three ways are dispatched for every hour: the campus where surplus is, where load is, and where load is with a new line from the surplus
that can be steered (a DC link without losses: the best case for a line). Years are put together from the days of the record.

Example:
  $ npx loadstone siting line ../shared/data/rts-gmlc --mw 300 --at 303 --for 309`;

/** `siting line`: taking compute to the surplus against taking the energy to the load. */
export function registerLine(siting: Command): void {
  siting
    .command('line <scenario>')
    .description('a campus at the surplus against one at the load, with a new line and without: energy taken up, cost a MWh, months')
    .option('--mw <MW>', 'size of the campus, and of the line', '300')
    .option('--at <bus>', 'where surplus is; default: where the campus would take most')
    .option('--for <bus>', 'where load is; default: the bus with the highest mean load')
    .option('--miles <number>', 'straight from bus to bus; default: from coordinates, where the network has them')
    .option('--line-cost <usd>', 'USD a mile of the line, all in; default: 4.1e6')
    .option('--line-kind <word>', 'state: certificate, then work; interstate: idea to service; default: interstate between regions')
    .option('--line-months <months>', 'one number, or LEAST,MODE,MOST, in place of those of its kind')
    .option('--campus-months <months>', 'the same for the campus, at both ends')
    .option('--source <text>', 'where what is given by hand is from; without it that counts as assumed')
    .option('--cheap <usd>', 'power at most this dear is surplus, $/MWh', '1')
    .option('--years <number>', 'resampled years', '200')
    .option('--seed <number>', 'of everything drawn', '1')
    .option('--hours <from:to>', hoursHelp)
    .option('--dc <convention>', dcHelp, 'matpower')
    .option('--data <dir>', 'folder of the data a built-in scenario reads')
    .option('--json', 'print as JSON; its schema: npx loadstone schema siting-line')
    .addHelpText('after', notes)
    .action(answer);
}

const yearsAllowed = {
  is: (value: number) => Number.isInteger(value) && value >= 1 && value <= 10_000,
  words: 'a whole number from 1 to 10000',
};

async function answer(place: string, options: LineOptions): Promise<void> {
  const mw = numberIn('--mw', options.mw, aboveZero);
  const cheapUsdPerMwh = numberIn('--cheap', options.cheap, fromZero);
  const years = numberIn('--years', options.years, yearsAllowed);
  const seed = numberIn('--seed', options.seed, wholeFromZero);
  const asked = milesIn(options);
  lineInputsIn(options, false);
  const world = await sitingWorldAt(place, options.data);
  for (const [name, bus] of [
    ['--at', options.at],
    ['--for', options.for],
  ] as const)
    if (bus !== undefined) busPlace(world, name, bus);
  const run = await sitingRunOf(world, options);
  if (run.toHour - run.fromHour < 24) throw wrongInput(`--hours: found ${run.toHour - run.fromHour} hours, allowed: a day or more`);
  const say = speakerOf('siting line');
  const ends = endsOf(world, run, { ...options, mw, cheapUsdPerMwh, say });
  if (ends.surplusBus === ends.loadBus)
    throw wrongInput(`--for: found ${ends.loadBus}, where surplus is too, allowed: another bus than --at`);
  const miles = asked ?? (await milesBetween(place, world, ends));
  const regionOf = (id: string): string | undefined => world.network.buses.find((bus) => bus.id === id)?.region;
  const inputs = lineInputsIn(options, regionOf(ends.surplusBus) !== regionOf(ends.loadBus));
  const line = { ...inputs.line, miles };
  const { surplusBus, loadBus } = ends;
  const study = lineStudyOf(world, run, { mw, surplusBus, loadBus, line, ...inputs.campus, years, seed, say });
  const said: LineAnswer = {
    network: world.name,
    hours: run.toHour - run.fromHour,
    campusMw: mw,
    surplusBus,
    loadBus,
    surplusMwh: { atSurplus: ends.surplus.totalMwh, atLoad: ends.atLoad.totalMwh },
    miles,
    lineKind: inputs.lineKind,
    lineUsd: study.lineUsd,
    lineUsdPerYear: study.lineUsdPerYear,
    years,
    seed,
    ways: study.ways.map(wayOf),
    cheaperRatio: study.cheaperRatio,
    earlierRatio: study.earlierRatio,
    bothRatio: study.bothRatio,
    evenUsdPerMile: study.evenUsdPerMile,
    inputs: inputs.listed.map(({ name, input }) => ({
      input: name,
      value: valueWords(input.value),
      evidence: input.evidence,
      source: input.source,
    })),
    verdict: verdictOf(study, inputs),
  };
  if (options.json === true) printJson(said);
  else showLine(said);
}

interface Ends {
  readonly surplusBus: string;
  readonly loadBus: string;
  readonly surplus: Surplus;
  readonly atLoad: Surplus;
}

/** Both ends, chosen where they are not asked for, and the surplus at each. */
function endsOf(
  world: World,
  run: SitingRun,
  asked: Pick<LineOptions, 'at' | 'for'> & { readonly mw: number; readonly cheapUsdPerMwh: number; readonly say: (line: string) => void },
): Ends {
  const { buses } = world.network;
  const { cheapUsdPerMwh, mw, say } = asked;
  const base = baseYearOf(world, run, { cheapUsdPerMwh, wantsCarbon: false, heard: (hours) => say(`${hours} hours`) });
  const eras = sitingErasOf(world, run);
  const surplusOf = (bus: number): Surplus => surplusAt(eras, bus, { base, cheapUsdPerMwh, security: 'none', solve: run.solve });
  const places = asked.at === undefined ? [...buses.keys()] : [busPlace(world, '--at', asked.at)];
  const found = places.map((bus) => ({ bus, surplus: surplusOf(bus) }));
  const best = found.reduce((most, each) => (each.surplus.takenMwh(mw) > most.surplus.takenMwh(mw) ? each : most));
  const load =
    asked.for === undefined
      ? [...buses.keys()].reduce((most, bus) => (floatAt(base.meanLoadMw, bus) > floatAt(base.meanLoadMw, most) ? bus : most))
      : busPlace(world, '--for', asked.for);
  return { surplusBus: buses[best.bus]?.id ?? '', loadBus: buses[load]?.id ?? '', surplus: best.surplus, atLoad: surplusOf(load) };
}

/** @throws TWIN_WRONG_INPUT where the network has no coordinates. */
async function milesBetween(place: string, world: World, { surplusBus, loadBus }: Ends): Promise<number> {
  const facts = await rtsPlaces(
    place,
    world.network.buses.map(({ id }) => id),
  );
  const [from, to] = [surplusBus, loadBus].map((bus) => facts?.byBus.get(bus)?.place ?? null);
  if (!from || !to)
    throw wrongInput(
      `--miles: found nothing, and ${place} has no coordinates, allowed: the straight line from ${surplusBus} to ${loadBus}`,
    );
  const miles = distanceKm(from, to) * milesPerKm;
  if (miles > 0) return miles;
  throw wrongInput(`--miles: found nothing, and ${surplusBus} and ${loadBus} stand at one place, allowed: a number above 0`);
}

function wayOf({ yearUsdPerMwh, yearMonths, ...way }: WayFigures): LineAnswer['ways'][number] {
  return { ...way, yearUsdPerMwh: spreadOf(yearUsdPerMwh), yearMonths: spreadOf(yearMonths) };
}

/** Percentiles, the nearest rank taken. */
function spreadOf(values: readonly number[]): LineAnswer['ways'][number]['yearMonths'] {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return { percentile5: rank(0.05), median: rank(0.5), percentile95: rank(0.95) };
}

/** Claim 5 for two buses; what is assumed can never support it. */
function verdictOf(study: LineStudy, { listed }: LineInputs): LineAnswer['verdict'] {
  const evidence = weakest(listed.map(({ input }) => input.evidence));
  const share = `${Math.round(100 * study.bothRatio)} % of the years`;
  const turns =
    study.evenUsdPerMile > 0
      ? `a line below ${(study.evenUsdPerMile / 1e6).toFixed(2)} M$ a mile turns the cost`
      : 'no line is cheap enough to be cheaper';
  if (study.bothRatio > 0.5) {
    const holds = `cheaper and earlier at the surplus in ${share}; ${turns}`;
    return evidence === 'assumed'
      ? { word: 'open', evidence, reason: `${holds}, and months are assumed` }
      : { word: 'supported', evidence, reason: holds };
  }
  return {
    word: evidence === 'assumed' ? 'open' : 'contradicted',
    evidence,
    reason: `cheaper and earlier at the surplus in ${share} only`,
  };
}

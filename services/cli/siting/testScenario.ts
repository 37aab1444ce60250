import { mergedLoads, scenarioSitesOf } from '../../../shared/domain/siting/scenarioSites.js';
import { moveTestOf, type MovedYear } from '../../../shared/domain/siting/moved.js';
import type { FlatLoad } from '../../../shared/domain/siting/eras.js';
import { siteTestOf, verdictOf } from '../../../shared/domain/siting/siteTest.js';
import { sampledEvery } from '../../../shared/domain/siting/spare.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { readFactsFile } from '../../../shared/scenario/siting/factsFile.js';
import { readBuiltFile } from '../../../shared/scenario/siting/siteFile.js';
import type { World } from '../../../shared/scenario/schema.js';
import { fromZero, numberIn, wholeFromZero, wordIn } from '../dispatch/options.js';
import { processMonthsOf } from './processMonths.js';
import { percent, sitingRunOf, sitingWorldAt, speakerOf } from './place.js';
import type { SiteTestAnswer } from './testAnswer.js';
import { testAnswerOf } from './testAnswerOf.js';
import { checkOptions, drawsAllowed, type TestOptions } from './testOptions.js';

const amongWords = ['region', 'network'] as const;

/** Tests the campuses of a scenario, or load that a file puts into a network, and moves them to random feasible places. */
export async function testOfScenario(place: string, options: TestOptions): Promise<SiteTestAnswer> {
  checkOptions(options, 'scenario');
  const asked = { seed: numberIn('--seed', options.seed, wholeFromZero), draws: numberIn('--draws', options.draws, drawsAllowed) };
  const flexibleRatio = numberIn('--flex', options.flex, percent) / 100;
  const cheapUsdPerMwh = numberIn('--cheap', options.cheap, fromZero);
  const moves = numberIn('--moves', options.moves ?? '10', wholeFromZero);
  const within = wordIn<(typeof amongWords)[number]>('--among', options.among ?? 'region', amongWords);
  const world = await sitingWorldAt(place, options.data);
  const built = await builtIn(world, place, options.built);
  const busIds = world.network.buses.map(({ id }) => id);
  const facts = options.sites === undefined ? null : await readFactsFile(options.sites, busIds);
  const run = await sitingRunOf(world, options);
  const say = speakerOf('siting test');
  const populationOf = facts === null ? null : (bus: string) => facts.byBus.get(bus)?.population ?? null;
  const every = options.exact === true ? 1 : sampledEvery;
  const sites = scenarioSitesOf(world, run, { built, flexibleRatio, cheapUsdPerMwh, within, populationOf, every, say });
  const test = siteTestOf(sites, asked);
  const process = processMonthsOf(world);
  const monthsOf = (bus: string): number | null => facts?.byBus.get(bus)?.powerMonths ?? process.byBus.get(bus)?.powerMonths ?? null;
  const yearOf = (year: MovedYear): SaidYear => saidYear(year, monthsOf);
  const moved = moveTestOf(world, run, { sites, placements: test.placements, moves, say });
  const isShort = ({ effect }: MovedYear): boolean => effect.unservedMwh > flexibleRatio * (effect.servedMwh + effect.unservedMwh) + 1e-6;
  return testAnswerOf({
    about: 'scenario',
    name: world.name,
    among: within === 'region' ? 'feasible buses of the same region' : 'feasible buses of the whole network',
    leftOut: { withoutMw: built.filter(({ mw }) => mw === 0).length, outside: [], beyondReach: [] },
    populationBasis: facts === null ? 'load of the network stands in for it (assumed)' : `population of ${options.sites ?? ''}`,
    failing: sites.map(({ id, mw, places, failing, isFeasible }) => ({
      site: id,
      mw,
      places: places.length + failing.length - (isFeasible ? 0 : 1),
      failing: [...failing],
    })),
    moves: {
      beforeInsecureHours: moved.before.insecureHours ?? 0,
      built: yearOf(moved.built),
      moved: moved.moved.map(yearOf),
      failed: moved.moved.filter(isShort).length,
      flexibleRatio,
    },
    notes: [
      'every site draws its MW in every hour',
      ...sites
        .filter(({ isFeasible }) => !isFeasible)
        .map(({ id }) => `the site at ${id} does not fit where it is; it stays among the places`),
      ...sites
        .filter(({ places }) => places.length < 2)
        .map(({ id }) => `the site at ${id} has no other feasible place: it says nothing (--among network looks further)`),
    ],
    sites,
    test,
    verdict: verdictOf(test, { about: 'scenario', evidence: facts === null ? 'assumed' : 'calibrated', siteCount: sites.length }),
  });
}

type SaidYear = NonNullable<SiteTestAnswer['moves']>['built'];

function saidYear({ loads, effect, insecureHours, shortBy }: MovedYear, monthsOf: (bus: string) => number | null): SaidYear {
  const months = loads.map(({ bus }) => monthsOf(bus));
  const powerMonths = months.includes(null) ? null : Math.max(0, ...months.flatMap((each) => each ?? []));
  return { loads: [...loads], effect, powerMonths, insecureHours, shortBy: [...shortBy] };
}

/** Load that is built: that of a file, else the connection limits of the campuses at the start. */
async function builtIn(world: World, place: string, file: string | undefined): Promise<FlatLoad[]> {
  const busIds = world.network.buses.map(({ id }) => id);
  if (file !== undefined) return readBuiltFile(file, busIds);
  const loads = world.campuses.map(({ bus, limitMw }) => ({ bus, mw: limitMw }));
  if (mergedLoads(loads).length === 0)
    throw wrongInput(`${place}: campuses: found none above 0 MW, allowed: a scenario with campuses, or --built FILE with bus and mw`);
  return loads;
}

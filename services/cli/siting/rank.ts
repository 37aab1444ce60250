import type { Command } from 'commander';
import { floatAt } from '../../../shared/domain/grid/dense.js';
import type { Security } from '../../../shared/domain/grid/limits.js';
import { withFlatLoads, type SitingRun } from '../../../shared/domain/siting/eras.js';
import { effectOf, loadedYearOf, type LoadedYear } from '../../../shared/domain/siting/loadedYear.js';
import { rankSites, type Candidate, type Criterion, type Ranking } from '../../../shared/domain/siting/ranking.js';
import { sitesOf, type Hosting, type Site, type Sites } from '../../../shared/domain/siting/sites.js';
import { sampledEvery } from '../../../shared/domain/siting/spare.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { writeText } from '../../../shared/scenario/networkFile.js';
import type { World } from '../../../shared/scenario/schema.js';
import { aboveZero, dcHelp, fromZero, hoursHelp, numberIn, wholeFromZero, wordIn } from '../dispatch/options.js';
import { printJson } from '../output.js';
import { knownFactsOf, type KnownFacts } from './facts.js';
import { nodesText } from './nodesText.js';
import { busPlace, percent, sitingRunOf, sitingWorldAt, speakerOf, type PlaceOptions } from './place.js';
import type { RankAnswer, RankedRow } from './rankAnswer.js';
import { showRank } from './showRank.js';
import { weightsIn } from './weights.js';

interface Options extends PlaceOptions {
  readonly mw: string;
  readonly flex: string;
  readonly security: string;
  readonly weights?: string;
  readonly sites?: string;
  readonly users?: string;
  readonly fibreFactor: string;
  readonly buses?: string;
  readonly cheap: string;
  readonly exact?: boolean;
  readonly top: string;
  readonly redispatch: string;
  readonly out?: string;
  readonly json?: boolean;
}

const notes = `
Each site is looked at alone, with the load of the network and none of its campuses; hours stand by themselves, without storage and
reserve. What a file does not say is not made up: a criterion that is not known of every feasible site is named and left out.
Minutes for a year of hundreds of buses; --buses looks at some. A sites file: docs/siting.md.

Example:
  $ npx loadstone siting rank ../shared/data/rts-gmlc --mw 300 --weights surplus=2,hosting=1,price=1,carbon=1`;

/** `siting rank`: where a campus of some size would stand best. */
export function registerRank(siting: Command): void {
  siting
    .command('rank <scenario>')
    .description(
      'sites of a network for a campus: surplus, room with some of its energy curtailed, price, carbon, latency; rank and Pareto set',
    )
    .option('--mw <MW>', 'size of the campus, in every hour', '300')
    .option('--flex <percent>', 'share of its energy that may be curtailed; a site is feasible if it hosts the campus with it', '0.5')
    .option('--security <level>', 'none, or n-1: room also after the loss of any one line, and that decides', 'none')
    .option('--weights <list>', 'criteria by weight, such as surplus=2,price=1; what is not named does not count; default: all 1')
    .option('--sites <file>', 'what is known of buses: coordinates, waterStress, permitMonths, networkUsd, with sources')
    .option('--users <file>', 'where users are: place, latitude, longitude, weight; default: where load is')
    .option('--fibre-factor <number>', 'length of fibre over the great circle (assumed)', '1.5')
    .option('--buses <ids>', 'only these, with commas between')
    .option('--cheap <usd>', 'power at most this dear is surplus, $/MWh', '1')
    .option('--exact', 'work every hour out; default: bounds that are within 0.03 MW on RTS-GMLC, at half the time')
    .option('--top <number>', 'sites shown; --json has them all', '15')
    .option('--redispatch <number>', 'of the best so many, the year is dispatched with the campus', '5')
    .option('--out <file>', 'write the sites as nodes for siting test --surplus')
    .option('--hours <from:to>', hoursHelp)
    .option('--dc <convention>', dcHelp, 'matpower')
    .option('--data <dir>', 'folder of the data a built-in scenario reads')
    .option('--json', 'print as JSON; its schema: npx loadstone schema siting-rank')
    .addHelpText('after', notes)
    .action(answer);
}

async function answer(place: string, options: Options): Promise<void> {
  const campusMw = numberIn('--mw', options.mw, aboveZero);
  const flexibleRatio = numberIn('--flex', options.flex, percent) / 100;
  const security = wordIn<Security>('--security', options.security, ['none', 'n-1']);
  const weights = weightsIn(options.weights);
  const top = numberIn('--top', options.top, wholeFromZero);
  const redispatch = numberIn('--redispatch', options.redispatch, wholeFromZero);
  const cheapUsdPerMwh = numberIn('--cheap', options.cheap, fromZero);
  const fibreFactor = numberIn('--fibre-factor', options.fibreFactor, fibreAllowed);
  const world = await sitingWorldAt(place, options.data);
  const buses = busesIn(world, options.buses);
  const factsOf = await knownFactsOf(world, { place, sitesFile: options.sites, usersFile: options.users, fibreFactor });
  const run = await sitingRunOf(world, options);
  const say = speakerOf('siting rank');
  const ratios = [...new Set([0, 0.005, 0.02, 0.05, flexibleRatio])].sort((a, b) => a - b);
  const wantsSecure = security === 'n-1';
  const every = options.exact === true ? 1 : sampledEvery;
  const found = sitesOf(world, run, { buses, ratios, cheapUsdPerMwh, wantsSecure, wantsCarbon: true, every, say });
  const facts = factsOf(found.base);
  const hostingOf = (site: Site): number => (site.secureHosting ?? site.hosting).mw[ratios.indexOf(flexibleRatio)] ?? 0;
  const feasible = found.sites.filter((site) => hostingOf(site) >= campusMw - 1e-6);
  const candidates = feasible.map((site) => candidateOf(world, { site, base: found.base, facts, campusMw, hostingMw: hostingOf(site) }));
  const ranking = rankSites(candidates, weights);
  const best = ranking.sites.slice(0, redispatch).map(({ id }) => id);
  const years = campusYears(world, run, { buses: best, mw: campusMw, say });
  const said: RankAnswer = {
    network: world.name,
    hours: found.base.hours,
    dc: run.convention,
    campusMw,
    flexibleRatio,
    security,
    cheapUsdPerMwh,
    ratios,
    isExact: options.exact === true,
    base: {
      curtailedMwh: found.base.totals.curtailedMwh,
      unservedMwh: found.base.totals.unservedMwh,
      carbonTonnes: found.base.totals.carbonKg / 1_000,
    },
    feasible: feasible.length,
    infeasible: found.sites.length - feasible.length,
    ratiosHosted: ratios.map((ratio, k) => ({ ratio, ...spreadOver(world, found.sites, ({ mw }) => mw[k] ?? 0) })),
    peakHosted: spreadOver(world, found.sites, ({ atPeakMw }) => atPeakMw),
    weights,
    used: [...ranking.used],
    missing: ranking.missing.map(({ criterion, known }) => ({ criterion, knownSites: known })),
    facts: facts.told,
    sites: rowsOf(world, { found, facts, ranking, campusMw, years }),
  };
  if (options.out !== undefined) await writeText(options.out, nodesText(world, found, facts, ratios.indexOf(flexibleRatio)), 'w');
  if (options.json === true) printJson(said);
  else showRank(said, top);
}

const fibreAllowed = { is: (value: number) => value >= 1 && value <= 10, words: 'a number from 1 to 10' };

function busesIn(world: World, found: string | undefined): number[] {
  if (found === undefined) return [...world.network.buses.keys()];
  return [...new Set(found.split(',').map((id) => busPlace(world, '--buses', id.trim())))];
}

interface Known {
  readonly site: Site;
  readonly base: Sites['base'];
  readonly facts: KnownFacts;
  readonly campusMw: number;
  readonly hostingMw: number;
}

function candidateOf(world: World, { site, base, facts, campusMw, hostingMw }: Known): Candidate {
  const id = world.network.buses[site.bus]?.id ?? '';
  const { waterStress, permitMonths, networkUsd } = facts.of(id);
  const values: Readonly<Record<Criterion, number | null>> = {
    surplus: site.surplus.takenMwh(campusMw),
    hosting: hostingMw,
    price: floatAt(base.meanPriceUsdPerMwh, site.bus),
    carbon: floatAt(base.meanCarbonKgPerMwh, site.bus),
    latency: facts.latencyMs(id),
    water: waterStress,
    permits: permitMonths,
    network: networkUsd,
  };
  return { id, values };
}

/** The year with the campus at each of some buses, against the year without. */
function campusYears(
  world: World,
  run: SitingRun,
  { buses, mw, say }: { readonly buses: readonly string[]; readonly mw: number; readonly say: (line: string) => void },
): ReadonlyMap<string, RankedRow['campusYear']> {
  if (buses.length === 0) return new Map();
  const yearOf = (bus: string | null): LoadedYear =>
    loadedYearOf(withFlatLoads(world, bus === null ? [] : [{ bus, mw }]), run, {
      wantsScreening: false,
      heard: (hours) => say(`${bus === null ? 'without the campus' : `with the campus at ${bus}`}: ${hours} hours`),
    });
  const before = yearOf(null);
  return new Map(buses.map((bus) => [bus, effectOf(before, yearOf(bus), mw)]));
}

function rowsOf(
  world: World,
  known: {
    readonly found: Sites;
    readonly facts: KnownFacts;
    readonly ranking: Ranking;
    readonly campusMw: number;
    readonly years: ReadonlyMap<string, RankedRow['campusYear']>;
  },
): RankedRow[] {
  const { found, facts, ranking, campusMw, years } = known;
  const placeOf = new Map(ranking.sites.map((each, place) => [each.id, place]));
  const rows = found.sites.map(({ bus, surplus, hosting, secureHosting }): RankedRow => {
    const { id = '', name = '', region = '' } = world.network.buses[bus] ?? {};
    const ranked = ranking.sites[placeOf.get(id) ?? -1];
    const { waterStress, permitMonths, powerMonths, networkUsd } = facts.of(id);
    return {
      bus: id,
      name,
      region,
      rank: ranked?.rank ?? null,
      score: ranked?.score ?? null,
      isPareto: ranked?.isPareto ?? false,
      surplusMwh: surplus.totalMwh,
      surplusHours: surplus.hours,
      surplusMeanMw: surplus.meanMw,
      takenMwh: surplus.takenMwh(campusMw),
      curtailedMwh: floatAt(found.base.curtailedMwh, bus),
      hosting: plain(hosting),
      secureHosting: secureHosting === null ? null : plain(secureHosting),
      meanPriceUsdPerMwh: floatAt(found.base.meanPriceUsdPerMwh, bus),
      marginalCarbonKgPerMwh: floatAt(found.base.meanCarbonKgPerMwh, bus),
      latencyMs: facts.latencyMs(id),
      waterStress,
      permitMonths,
      powerMonths,
      networkUsd,
      campusYear: years.get(id) ?? null,
    };
  });
  return rows.sort((a, b) => (placeOf.get(a.bus) ?? Infinity) - (placeOf.get(b.bus) ?? Infinity) || 0);
}

function plain({ mw, ...rest }: Hosting): RankedRow['hosting'] {
  return { mw: [...mw], ...rest };
}

/** Middle and largest of a figure over the sites, without N-1; the upper middle one of an even number. */
function spreadOver(world: World, sites: readonly Site[], mwOf: (hosting: Hosting) => number): RankAnswer['peakHosted'] {
  const sorted = [...sites].sort((a, b) => mwOf(a.hosting) - mwOf(b.hosting));
  const middle = sorted[Math.floor(sorted.length / 2)];
  const mostMw = sites.reduce((mw, { hosting }) => Math.max(mw, mwOf(hosting)), 0);
  const most = sites.find(({ hosting }) => mwOf(hosting) === mostMw);
  if (middle === undefined || most === undefined) throw wrongInput('--buses: found none, allowed: at least one bus');
  return { medianMw: mwOf(middle.hosting), mostMw: mwOf(most.hosting), mostAt: world.network.buses[most.bus]?.id ?? '' };
}

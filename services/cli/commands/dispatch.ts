import type { Command } from 'commander';
import { dcConventions, type DcConvention } from '../../../shared/domain/grid/convention.js';
import { createTally, prepareHourly, type DispatchedHour, type Totals } from '../../../shared/domain/grid/hourly.js';
import type { Security } from '../../../shared/domain/grid/limits.js';
import { noCounts, solveByPivots, type SolveCounts } from '../../../shared/domain/grid/simplex/solve.js';
import { stopwatchMs } from '../../../shared/runtime/clock.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { loadHighsSolver } from '../../../shared/runtime/highs.js';
import { bareWorld, readNetwork } from '../../../shared/scenario/networkFile.js';
import type { World } from '../../../shared/scenario/schema.js';
import { printJson, printTable, round } from '../output.js';

interface Options {
  readonly hours?: string;
  readonly problem: string;
  readonly dc: string;
  readonly security: string;
  readonly outages?: string;
  readonly lostLoad: string;
  readonly detail?: boolean;
  readonly json?: boolean;
}

/** What `dispatch` answers, as its `--json` prints it. */
interface Answer {
  readonly network: string;
  readonly problem: string;
  readonly dc: string;
  readonly security: string;
  readonly hours: number;
  readonly costUsd: number;
  readonly kernelMs: number;
  readonly msPerHour: number;
  readonly unservedMwh: number;
  readonly surplusMwh: number;
  readonly curtailedMwh: number;
  readonly carbonTonnes: number;
  readonly meanPriceUsdPerMwh: number;
  readonly fallbackHours: number;
  readonly pivots: number;
  readonly energyMwhBySource: Readonly<Record<string, number>>;
  readonly unservedMwhByBus: Readonly<Record<string, number>>;
  readonly curtailedMwhByUnit: Readonly<Record<string, number>>;
  readonly congestedLines: readonly { readonly line: string; readonly hours: number }[];
  readonly detail?: readonly HourDetail[];
}

interface HourDetail {
  readonly hour: number;
  readonly costUsd: number;
  readonly busPriceUsdPerMwh: Readonly<Record<string, number>>;
  readonly generationMw: Readonly<Record<string, number>>;
  readonly netFlowMw: Readonly<Record<string, number>>;
  readonly unservedMw: Readonly<Record<string, number>>;
}

/** `dispatch`: least cost of a network, hour by hour. */
export function register(program: Command): void {
  program
    .command('dispatch <network>')
    .description('least-cost dispatch of a network under its line limits: cost, prices, flows, curtailment, unserved energy')
    .option('--hours <from:to>', 'hours from the start of its series, the last not included; default: all, or one without series')
    .option('--problem <name>', 'hourly: each hour on its own', 'hourly')
    .option('--dc <convention>', 'matpower: b = 1/(x tap); series: b = x/(r^2+x^2), taps and shifts ignored', 'matpower')
    .option('--security <level>', 'none, or n-1: flows also hold on emergency ratings after the loss of any one line', 'none')
    .option('--outages <seed>', 'units fail and are repaired by chance, drawn from this seed')
    .option('--lost-load <usd>', 'value of load that is not served, $/MWh', '10000')
    .option('--detail', 'with --json: prices, output, flows and unserved load of every hour')
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  $ npx loadstone dispatch ../shared/data/rts-gmlc --hours 0:168')
    .action(async (place: string, options: Options) => {
      const convention = oneOf<DcConvention>('--dc', options.dc, dcConventions);
      const security = oneOf<Security>('--security', options.security, ['none', 'n-1']);
      oneOf('--problem', options.problem, ['hourly']);
      const network = await readNetwork(place);
      const world = { ...bareWorld(network), lostLoadUsdPerMwh: above('--lost-load', options.lostLoad, 0) };
      const { fromHour, toHour } = hoursFrom(options.hours, world);
      const counts = noCounts();
      const run = {
        fromHour,
        toHour,
        convention,
        security,
        outageSeed: options.outages === undefined ? null : above('--outages', options.outages, -1),
        solve: solveByPivots(await loadHighsSolver(), counts),
      };
      const detail: HourDetail[] | null = options.json === true && options.detail === true ? [] : null;
      const { totals, kernelMs } = runHours(prepareHourly(world, run), detail, toHour - fromHour);
      const answer = answerOf({ network: network.name, options, totals, kernelMs, counts });
      if (options.json === true) printJson(detail === null ? answer : { ...answer, detail });
      else show(answer);
    });
}

/** Runs all hours; only the kernel's share of the time counts, and progress shows when there is much to do. */
function runHours(
  hours: () => Generator<DispatchedHour>,
  detail: HourDetail[] | null,
  count: number,
): { readonly totals: Totals; readonly kernelMs: number } {
  const tally = createTally();
  const iterator = hours();
  let kernelMs = 0;
  let saidMs = stopwatchMs();
  for (;;) {
    const beginMs = stopwatchMs();
    const next = iterator.next();
    const endMs = stopwatchMs();
    kernelMs += endMs - beginMs;
    if (next.done === true) return { totals: tally.totals(), kernelMs };
    tally.add(next.value);
    detail?.push(detailOf(next.value));
    if (endMs - saidMs > 2_000) {
      saidMs = endMs;
      process.stderr.write(`dispatch: ${tally.totals().hours} of ${count} hours\n`);
    }
  }
}

function detailOf({ hour, grid, dispatch }: DispatchedHour): HourDetail {
  const { buses, units, lines } = grid.world.network;
  const named = (things: readonly { readonly id: string }[], values: Float64Array) =>
    Object.fromEntries(things.map(({ id }, place) => [id, values[place] ?? 0]));
  return {
    hour,
    costUsd: dispatch.costUsd,
    busPriceUsdPerMwh: named(buses, dispatch.busPriceUsdPerMwh),
    generationMw: named(units, dispatch.generationMw),
    netFlowMw: named(lines, dispatch.netFlowMw),
    unservedMw: named(buses, dispatch.shedMw),
  };
}

function answerOf(run: {
  readonly network: string;
  readonly options: Options;
  readonly totals: Totals;
  readonly kernelMs: number;
  readonly counts: SolveCounts;
}): Answer {
  const { totals, options, kernelMs } = run;
  const { hours, costUsd, unservedMwh, surplusMwh, curtailedMwh, fallbackHours } = totals;
  return {
    network: run.network,
    problem: options.problem,
    dc: options.dc,
    security: options.security,
    hours,
    costUsd,
    kernelMs,
    msPerHour: kernelMs / Math.max(1, hours),
    unservedMwh,
    surplusMwh,
    curtailedMwh,
    carbonTonnes: totals.carbonKg / 1_000,
    meanPriceUsdPerMwh: totals.loadMwh === 0 ? 0 : totals.loadCostUsd / totals.loadMwh,
    fallbackHours,
    pivots: run.counts.pivots,
    energyMwhBySource: Object.fromEntries(totals.energyMwh),
    unservedMwhByBus: Object.fromEntries(totals.unservedByBusMwh),
    curtailedMwhByUnit: Object.fromEntries(totals.curtailedByUnitMwh),
    congestedLines: [...totals.congestion].map(([line, { hours: count }]) => ({ line, hours: count })).sort((a, b) => b.hours - a.hours),
  };
}

function show(answer: Answer): void {
  const energy = Object.entries(answer.energyMwhBySource).map(([source, mwh]) => ({ source, energyMwh: round(mwh) }));
  printTable(energy, 'no units');
  const lines = [
    `${answer.network}: ${answer.hours} hours for ${round(answer.costUsd)} $, in ${round(answer.kernelMs)} ms (${answer.msPerHour.toFixed(4)} ms an hour)`,
    `mean price by load: ${answer.meanPriceUsdPerMwh.toFixed(2)} $/MWh; carbon: ${round(answer.carbonTonnes)} t`,
    `unserved: ${round(answer.unservedMwh)} MWh; curtailed: ${round(answer.curtailedMwh)} MWh`,
    `lines at their limit: ${
      answer.congestedLines.length === 0
        ? 'none'
        : answer.congestedLines
            .slice(0, 8)
            .map(({ line, hours }) => `${line} (${hours} h)`)
            .join(', ')
    }`,
    ...(answer.surplusMwh > 0 ? [`could not be put anywhere: ${round(answer.surplusMwh)} MWh`] : []),
    ...(answer.fallbackHours > 0 ? [`hours handed to the other solver: ${answer.fallbackHours}`] : []),
  ];
  process.stdout.write(`\n${lines.join('\n')}\n`);
}

/** Hours asked for, within what the series of the network cover. */
function hoursFrom(asked: string | undefined, world: World): { readonly fromHour: number; readonly toHour: number } {
  const lengths = Object.values(world.series).map((series) => Math.floor((series.values.length * series.stepMinutes) / 60));
  const most = lengths.length === 0 ? 1 : Math.min(...lengths);
  if (asked === undefined) return { fromHour: 0, toHour: most };
  const match = /^(\d+):(\d+)$/.exec(asked);
  const [fromHour, toHour] = [Number(match?.[1]), Number(match?.[2])];
  if (match === null || fromHour >= toHour || toHour > most) throw wrongInput(`--hours: found ${asked}, allowed: FROM:TO within 0:${most}`);
  return { fromHour, toHour };
}

function oneOf<Word extends string>(option: string, found: string, allowed: readonly Word[]): Word {
  const word = allowed.find((each) => each === found);
  if (word === undefined) throw wrongInput(`${option}: found ${found}, allowed: ${allowed.join(', ')}`);
  return word;
}

function above(option: string, found: string, least: number): number {
  const value = Number(found);
  if (found.trim() === '' || !(value > least)) throw wrongInput(`${option}: found ${found}, allowed: a number above ${least}`);
  return value;
}

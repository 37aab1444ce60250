import type { Command } from 'commander';
import { fullNodeW, plainSurroundings, pooled } from '../../../shared/domain/inference/campus.js';
import { campusAt, demandRatioAt, type DemandPoint } from '../../../shared/domain/inference/demand.js';
import { leastNodes, workNodes, type QualityTarget } from '../../../shared/domain/inference/fleet.js';
import { levelOf, powerOf, type Level, type Site } from '../../../shared/domain/inference/levels.js';
import { h100Node, tableOf, type ServingNode } from '../../../shared/domain/inference/node.js';
import { burstinessOf, copiesOf, drawRequests, tokensOf, type Requests } from '../../../shared/domain/inference/requests.js';
import { hourMs } from '../../../shared/domain/ticks.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { readRequestTrace } from '../../../shared/scenario/requestTrace.js';
import { aboveZero, fromZero, numberIn, wholeFromZero } from '../dispatch/options.js';
import { printJson } from '../output.js';
import type { InferenceAnswer } from './inferenceAnswer.js';
import { daySeries, seriesStartIn } from './inferenceSeries.js';
import { inputsOf } from './inferenceInputs.js';
import { showInference } from './inferenceShow.js';
import { freedAt, qualityOf, waysOf } from './inferenceWays.js';

interface Options {
  readonly rate?: string;
  readonly context: string;
  readonly generated: string;
  readonly copies?: string;
  readonly nodes?: string;
  readonly campusMw?: string;
  readonly within: string;
  readonly share: string;
  readonly levels: string;
  readonly dayLeast?: string;
  readonly dayPeak: string;
  readonly seriesFrom?: string;
  readonly promptSpeed: string;
  readonly idleW: string;
  readonly pue: string;
  readonly seed: string;
  readonly json?: boolean;
}

interface Asked {
  readonly source: InferenceAnswer['source'];
  readonly service: Requests;
  readonly copies: number;
  readonly target: QualityTarget;
  readonly node: ServingNode;
  readonly levels: readonly number[];
}

const percent = { is: (value: number) => value > 0 && value < 100, words: 'a percentage above 0 and below 100' };
const shareOfOne = { is: (value: number) => value > 0 && value <= 1, words: 'shares above 0 and up to 1, with commas between' };
const hourOfDay = { is: (value: number) => value >= 0 && value < 24, words: 'an hour from 0 to below 24' };
const countFrom1 = {
  is: (value: number) => Number.isSafeInteger(value) && value >= 1 && value <= 4_096,
  words: 'a whole number from 1 to 4096',
};
const factor = { is: (value: number) => value >= 1 && value <= 3, words: 'a number from 1 to 3' };
/** More nodes in a pool than this are not looked for. */
const mostNodes = 4_096;

async function read(trace: string | undefined, options: Options): Promise<Asked> {
  const seed = numberIn('--seed', options.seed, wholeFromZero);
  const node = {
    ...h100Node,
    promptTokensPerSecond: numberIn('--prompt-speed', options.promptSpeed, aboveZero),
    idleW: numberIn('--idle-w', options.idleW, fromZero),
  };
  const target = {
    withinSeconds: numberIn('--within', options.within, fromZero),
    shareRatio: numberIn('--share', options.share, percent) / 100,
  };
  const levels = options.levels.split(',').map((found) => numberIn('--levels', found, shareOfOne));
  const copies = numberIn('--copies', options.copies ?? (options.campusMw === undefined ? '1' : '32'), countFrom1);
  const rest = { copies, target, node, levels: [...new Set([1, ...levels])].sort((a, b) => a - b) };
  if ((trace === undefined) === (options.rate === undefined))
    throw wrongInput(`power inference: found ${trace === undefined ? 'neither' : 'both'} a trace and --rate, allowed: one of them`);
  if (trace !== undefined) {
    const { requests, firstTime, rowsOutOfOrder } = await readRequestTrace(trace, node.memoryTokens);
    return { source: { trace, firstTime, rowsOutOfOrder, seed }, service: requests, ...rest };
  }
  const service = drawRequests({
    seed,
    seconds: 3_600,
    requestsPerSecond: numberIn('--rate', options.rate ?? '', aboveZero),
    contextTokens: numberIn('--context', options.context, aboveZero),
    generatedTokens: numberIn('--generated', options.generated, aboveZero),
    sigma: 1,
  });
  if (service.atSeconds.length < 2) throw wrongInput(`--rate: found ${options.rate}, allowed: two requests an hour or more`);
  return { source: { trace: null, firstTime: null, rowsOutOfOrder: 0, seed }, service, ...rest };
}

function sized(
  requests: Requests,
  asked: Asked,
  options: Options,
): { readonly site: Site; readonly isSized: boolean; readonly spareNodes: number } {
  const { node, target, source } = asked;
  const surroundings = { ...plainSurroundings, pueRatio: numberIn('--pue', options.pue, factor) };
  const given = options.nodes === undefined ? null : numberIn('--nodes', options.nodes, countFrom1);
  const installedNodes = given ?? leastNodes(requests, tableOf(node), { target, most: mostNodes })?.nodes ?? null;
  if (installedNodes === null)
    throw wrongInput(`--within: found ${target.withinSeconds} s, which ${mostNodes} nodes do not keep, allowed: more, or fewer --copies`);
  const site = { node, surroundings, installedNodes, pools: 1, seed: source.seed };
  if (options.campusMw === undefined) return { site, isSized: given === null, spareNodes: 0 };
  const held = Math.floor((numberIn('--campus-mw', options.campusMw, aboveZero) * 1e6) / fullNodeW(node, surroundings));
  const pools = Math.floor(held / installedNodes);
  if (pools < 1 || pools > 100_000) {
    const mw = (installedNodes * fullNodeW(node, surroundings)) / 1e6;
    throw wrongInput(
      `--campus-mw: found ${options.campusMw}, allowed: from ${mw.toPrecision(3)} MW, one pool of ${installedNodes} nodes, to 100000 pools`,
    );
  }
  return { site: { ...site, pools }, isSized: given === null, spareNodes: held - pools * installedNodes };
}

function dayOf(points: readonly DemandPoint[], options: Options): InferenceAnswer['day'] {
  if (options.dayLeast === undefined) return null;
  const leastRatio = numberIn('--day-least', options.dayLeast, shareOfOne);
  const peakHour = numberIn('--day-peak', options.dayPeak, hourOfDay);
  const shape = { leastRatio, peakHour, utcOffsetMinutes: 0, noiseRatio: 0 };
  const hours = Array.from({ length: 24 }, (_, hour) => ({
    hour,
    ...campusAt(points, demandRatioAt(shape, { seed: 0, entity: 'day' }, (hour + 0.5) * hourMs)),
  }));
  const sum = (of: (point: DemandPoint) => number): number => hours.reduce((total, point) => total + of(point), 0);
  return {
    leastRatio,
    peakHour,
    hours,
    allOnMwh: sum((point) => point.allOnMw),
    mustServeMwh: sum((point) => point.mustServeMw),
    othersOffMwh: sum((point) => point.othersOffMw),
  };
}

function answerOf(asked: Asked, requests: Requests, of: ReturnType<typeof sized>, options: Options): InferenceAnswer {
  const { site } = of;
  const { service, target, source } = asked;
  const say = (line: string): void => void process.stderr.write(`power inference: ${line}\n`);
  const levels = asked.levels.map((demandRatio): Level => {
    say(`demand ${demandRatio} of ${requests.atSeconds.length} requests on up to ${site.installedNodes} nodes`);
    return levelOf(requests, site, { demandRatio, target });
  });
  const middle = levels[Math.floor((levels.length - 1) / 2)];
  const top = levels.at(-1);
  if (middle === undefined || top === undefined) throw wrongInput('--levels: found none, allowed: one or more');
  say('fewer nodes and caps');
  const tokens = tokensOf(service);
  const power = powerOf(top.allOn, site);
  const whPerRequest = (power.meanMw * 1e6) / 3_600 / top.requestsPerSecond;
  const perThousand = (1_000 * service.atSeconds.length) / (tokens.context + tokens.generated);
  const busy = pooled(top.allOn.busyNodeSeconds, site.pools, site.seed);
  return {
    source,
    service: {
      requests: service.atSeconds.length,
      periodSeconds: service.periodSeconds,
      contextTokens: tokens.context,
      generatedTokens: tokens.generated,
      burstiness: [...burstinessOf(service, [1, 10, 60, 300])],
    },
    target: { ...target },
    site: {
      copies: asked.copies,
      pools: site.pools,
      installedNodes: site.installedNodes * site.pools,
      isSized: of.isSized,
      fullMw: (site.installedNodes * site.pools * fullNodeW(site.node, site.surroundings)) / 1e6,
      spareNodes: of.spareNodes,
    },
    full: {
      ...qualityOf(top.allOn),
      targetKept: top.consolidated !== null,
      requestsPerSecond: top.requestsPerSecond,
      power,
      busyNodesMean: ((top.allOn.readingNodeSeconds + top.allOn.writingNodeSeconds) / top.allOn.periodSeconds) * site.pools,
      busyNodesPeak: busy.reduce((most, value) => Math.max(most, value), 0),
      workNodes: workNodes(requests, tableOf(site.node)) * site.pools,
      whPerRequest,
      whPerThousandTokens: whPerRequest * perThousand,
    },
    levels: levels.map(({ point, requestsPerSecond, consolidated }) => ({
      ...point,
      requestsPerSecond,
      targetKept: consolidated !== null,
      freedMw: Math.max(0, point.allOnMw - point.mustServeMw),
    })),
    ways: waysOf(requests, site, { level: middle, target }),
    day: dayOf(
      levels.map(({ point }) => point),
      options,
    ),
    idleSensitivity: [375, site.node.idleW, 1_275].map((idleW) => ({ idleW, netFreedMw: freedAt(idleW, middle, site) })),
    evidence: 'assumed',
    inputs: inputsOf(site.node, site.surroundings, {
      isTrace: source.trace !== null,
      isOneService: asked.copies === 1 && site.pools === 1,
      hasDay: options.dayLeast !== undefined,
    }),
  };
}

async function inference(trace: string | undefined, options: Options): Promise<void> {
  const seriesFromMs = options.seriesFrom === undefined ? null : seriesStartIn(options.seriesFrom);
  if (seriesFromMs !== null && options.dayLeast === undefined)
    throw wrongInput('--series-from: found no --day-least, allowed: with one, as the trace has no day of its own');
  const asked = await read(trace, options);
  const requests = copiesOf(asked.service, asked.copies, asked.source.seed);
  const answer = answerOf(asked, requests, sized(requests, asked, options), options);
  if (seriesFromMs !== null && answer.day !== null) printJson(daySeries(answer.levels, seriesFromMs, answer.day));
  else if (options.json === true) printJson(answer);
  else showInference(answer);
}

const notes = `
Columns of a trace: TIMESTAMP, ContextTokens, GeneratedTokens; .gz too. A node is four H100 with a model of 70 billion parameters.

Examples:
  $ npx loadstone power inference ../shared/data/azure-llm-2023/AzureLLMInferenceTrace_code.csv
  $ npx loadstone power inference ../shared/data/azure-llm-2023/AzureLLMInferenceTrace_code.csv --campus-mw 100 --day-least 0.4
  $ npx loadstone power inference --rate 40 --context 1000 --generated 200`;

/** Adds `power inference`: from requests to busy nodes and megawatts, and what fewer nodes free at which quality. */
export function registerInference(power: Command): void {
  power
    .command('inference [trace]')
    .description('requests of a trace, or drawn: nodes they need, MW, Wh a request, and what fewer nodes or caps free at which quality')
    .option('--rate <1/s>', 'draw an hour of requests in place of a trace')
    .option('--context <tokens>', 'with --rate: read for a request, mean', '1000')
    .option('--generated <tokens>', 'with --rate: written for a request, mean', '200')
    .option('--copies <n>', 'services like this one that share a pool of nodes (default: 1; 32 with --campus-mw)')
    .option('--nodes <n>', 'nodes in a pool (default: the fewest that keep the quality at full demand)')
    .option('--campus-mw <MW>', 'as many equal pools as this holds at full work')
    .option('--within <s>', 'longest wait before a prompt is read that is in time', '1')
    .option('--share <percent>', 'of requests that must be in time', '99')
    .option('--levels <shares>', 'levels of demand that are served', '0.2,0.4,0.6,0.8,1')
    .option('--day-least <share>', 'demand at the trough of a day whose peak is full demand')
    .option('--day-peak <hour>', 'of that day', '20')
    .option('--series-from <time>', 'print that day as a series of a scenario instead: MW by hour from this instant on, its peak hour UTC')
    .option('--prompt-speed <tokens/s>', 'at which a node reads', String(h100Node.promptTokensPerSecond))
    .option('--idle-w <W>', 'of a node without a request', String(h100Node.idleW))
    .option('--pue <factor>', 'power of the site over that of its nodes', String(plainSurroundings.pueRatio))
    .option('--seed <n>', 'of everything drawn', '1')
    .option('--json', 'as JSON; its schema: npx loadstone schema power-inference')
    .addHelpText('after', notes)
    .action(inference);
}

import type { Command } from 'commander';
import type { DcConvention } from '../../../shared/domain/grid/convention.js';
import { prepareGrid, type Grid } from '../../../shared/domain/grid/grid.js';
import { powerFlowAt, powerFlowOf, type PowerFlow } from '../../../shared/domain/grid/powerFlow.js';
import { topologyOf, type Topology } from '../../../shared/domain/grid/topology.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import type { World } from '../../../shared/scenario/schema.js';
import { conventionIn, dcHelp, hoursIn, numberIn, wholeFromZero, worldAt } from '../dispatch/options.js';
import { printJson, printTable, round } from '../output.js';
import type { FlowAnswer } from './answers.js';
import { dispatchedHours } from './dispatched.js';

interface Options {
  readonly hour?: string;
  readonly dc: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

const notes = `
Without --hour: scheduled output of units and DC links, fixed load; the reference of each island takes up the rest.
A network whose load moves has no such point: give the hour.

Examples:
  $ npx loadstone network flow ../shared/data/rts-gmlc/MATPOWER/RTS_GMLC.m
  $ npx loadstone network flow ../shared/data/rts-gmlc --hour 4900`;

/** Rows that people get without --all. */
const shownRows = 20;

/** `network flow`: angles, flows and loading of one instant. */
export function registerFlow(network: Command): void {
  network
    .command('flow <place>')
    .description('linear ("DC") power flow of the operating point a network describes, or of an hour dispatched at least cost')
    .option('--hour <n>', 'hour from the start of its series, dispatched at least cost')
    .option('--dc <convention>', dcHelp, 'matpower')
    .option('--all', `all buses and lines, not the ${shownRows} that stand out`)
    .option('--json', 'print as JSON; its schema: npx loadstone schema network-flow')
    .addHelpText('after', notes)
    .action(async (place: string, options: Options) => {
      const convention = conventionIn(options.dc);
      const world = await worldAt(place);
      const answer = options.hour === undefined ? described(world, convention) : await atHour(world, convention, options.hour);
      if (options.json === true) printJson(answer);
      else show(answer, options.all === true);
    });
}

function described(world: World, convention: DcConvention): FlowAnswer {
  const { endHour } = hoursIn(undefined, world);
  const moves = world.network.buses.some(({ loadShareRatio }) => loadShareRatio > 0);
  if (moves)
    throw wrongInput(`--hour: found none, though the load of ${world.name} moves, allowed: a whole number from 0 to ${endHour - 1}`);
  const grid = prepareGrid(world);
  const topology = topologyOf(grid, [], convention);
  const { links } = world.network;
  return answerOf(
    { grid, topology, hour: null, name: world.name, netLinkMw: links.map(({ scheduledMw }) => scheduledMw ?? 0) },
    powerFlowOf(grid, topology),
  );
}

async function atHour(world: World, convention: DcConvention, asked: string): Promise<FlowAnswer> {
  const { endHour } = hoursIn(undefined, world);
  const words = `a whole number from 0 to ${endHour - 1}`;
  const hour = numberIn('--hour', asked, { is: (value) => wholeFromZero.is(value) && value < endHour, words });
  for (const { grid, input, dispatch } of await dispatchedHours(world, {
    command: 'network flow',
    fromHour: hour,
    toHour: hour + 1,
    convention,
  })) {
    const topology = topologyOf(grid, [], convention);
    const loadMw = input.loadMw.map((mw, bus) => mw - (dispatch.shedMw[bus] ?? 0) + (dispatch.surplusMw[bus] ?? 0));
    const { generationMw, netLinkMw } = dispatch;
    return answerOf(
      { grid, topology, hour, name: world.name, netLinkMw },
      powerFlowAt(grid, topology, { generationMw, loadMw, netLinkMw }),
    );
  }
  throw wrongInput(`--hour: found ${asked}, allowed: ${words}`);
}

function answerOf(
  at: {
    readonly grid: Grid;
    readonly topology: Topology;
    readonly hour: number | null;
    readonly name: string;
    readonly netLinkMw: ArrayLike<number>;
  },
  flow: PowerFlow,
): FlowAnswer {
  const { buses, lines, links } = at.grid.world.network;
  const { islandOfBus, islandCount, convention } = at.topology;
  return {
    network: at.name,
    dc: convention,
    hour: at.hour,
    buses: buses.map(({ id }, bus) => ({
      bus: id,
      angleDegrees: flow.angleDegrees[bus] ?? 0,
      netInjectionMw: flow.netInjectionMw[bus] ?? 0,
    })),
    lines: lines.map(({ id, fromBus, toBus, ratingMw }, line) => {
      const netFlowMw = flow.netFlowMw[line] ?? 0;
      return { line: id, fromBus, toBus, netFlowMw, ratingMw, loadingRatio: ratingMw === null ? null : Math.abs(netFlowMw) / ratingMw };
    }),
    links: links.map(({ id, fromBus, toBus }, link) => ({ link: id, fromBus, toBus, netFlowMw: at.netLinkMw[link] ?? 0 })),
    balances: Array.from({ length: islandCount }, (_, island) => {
      const members = buses.filter((_bus, bus) => islandOfBus[bus] === island);
      const reference = members.find(({ isReference }) => isReference) ?? members[0];
      return { bus: reference?.id ?? '', buses: members.length, netBalancingMw: flow.netBalancingMw[island] ?? 0 };
    }),
  };
}

function show(answer: FlowAnswer, all: boolean): void {
  const angleOf = new Map(answer.buses.map(({ bus, angleDegrees }) => [bus, angleDegrees]));
  const cut = <Row>(rows: readonly Row[]): readonly Row[] => (all ? rows : rows.slice(0, shownRows));
  const degrees = (value: number): number => Math.round(value * 1_000) / 1_000;
  const byLoading = [...answer.lines].sort(
    (a, b) => (b.loadingRatio ?? -1) - (a.loadingRatio ?? -1) || Math.abs(b.netFlowMw) - Math.abs(a.netFlowMw),
  );
  printTable(
    cut(byLoading).map(({ line, fromBus, toBus, netFlowMw, ratingMw, loadingRatio }) => ({
      line,
      from: fromBus,
      to: toBus,
      flowMw: round(netFlowMw),
      ratingMw: ratingMw === null ? null : round(ratingMw),
      'loading %': loadingRatio === null ? null : round(100 * loadingRatio),
      'angle deg': degrees((angleOf.get(fromBus) ?? 0) - (angleOf.get(toBus) ?? 0)),
    })),
    'no lines',
  );
  process.stdout.write('\n');
  const byAngle = [...answer.buses].sort((a, b) => Math.abs(b.angleDegrees) - Math.abs(a.angleDegrees));
  printTable(
    cut(all ? answer.buses : byAngle).map(({ bus, angleDegrees, netInjectionMw }) => ({
      bus,
      'angle deg': degrees(angleDegrees),
      injectionMw: round(netInjectionMw),
    })),
    'no buses',
  );
  const over = answer.lines.filter(({ loadingRatio }) => (loadingRatio ?? 0) > 1 + 1e-6).length;
  const hidden = all
    ? ''
    : ` (the most loaded lines and the largest angles above; --all for ${answer.lines.length} lines and ${answer.buses.length} buses)`;
  const lines = [
    `${answer.network}, ${answer.hour === null ? 'operating point as described' : `hour ${answer.hour} at least cost`}, --dc ${answer.dc}${hidden}`,
    `lines above their rating: ${over}`,
    ...answer.links.map(({ link, fromBus, toBus, netFlowMw }) => `DC link ${link}: ${round(netFlowMw)} MW from ${fromBus} to ${toBus}`),
    ...answer.balances.map(({ bus, buses, netBalancingMw }) => `reference ${bus} of ${buses} buses adds ${round(netBalancingMw)} MW`),
  ];
  process.stdout.write(`\n${lines.join('\n')}\n`);
}

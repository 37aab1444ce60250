import type { Command } from 'commander';
import type { DcConvention } from '../../../shared/domain/grid/convention.js';
import type { DispatchedHour } from '../../../shared/domain/grid/hourly.js';
import { branchesOf } from '../../../shared/domain/grid/branches.js';
import { topologyOf } from '../../../shared/domain/grid/topology.js';
import { outageFactorsOf, type OutageFactors } from '../../../shared/domain/security/outageFactors.js';
import { conventionIn, dcHelp, hoursHelp, hoursIn, worldAt } from '../dispatch/options.js';
import { printJson, printTable, round } from '../output.js';
import type { ScreenAnswer } from './answers.js';
import { dispatchedHours } from './dispatched.js';
import { screenTally } from './screenTally.js';

interface Options {
  readonly hours?: string;
  readonly dc: string;
  readonly json?: boolean;
}

const notes = `
Each hour is dispatched at least cost on its own; then every line is lost, one at a time, and what flows on the others is held against
their long-term emergency ratings. A line without a rating is never loaded. Radial lines have no way round: what they cut off is listed.

Example:
  $ npx loadstone network screen ../shared/data/rts-gmlc --hours 0:168`;

/** `network screen`: which lines are too full after the loss of another one. */
export function registerScreen(network: Command): void {
  network
    .command('screen <place>')
    .description(
      'N-1 of the hours dispatched at least cost: share of hours in which a loss breaks an emergency rating, worst pairs, MW islanded',
    )
    .option('--hours <from:to>', hoursHelp)
    .option('--dc <convention>', dcHelp, 'matpower')
    .option('--json', 'print as JSON; its schema: npx loadstone schema network-screen')
    .addHelpText('after', notes)
    .action(async (place: string, options: Options) => {
      const convention = conventionIn(options.dc);
      const world = await worldAt(place);
      const asked = { command: 'network screen', ...hoursIn(options.hours, world), convention };
      const tally = screenTally(world.network);
      let factors: OutageFactors | null = null;
      for (const hour of await dispatchedHours(world, asked)) {
        // Lines are the same in all hours, whatever changes among the units.
        factors ??= factorsOf(hour, convention);
        tally.add(factors, hour);
      }
      const answer: ScreenAnswer = { network: world.name, dc: convention, ...tally.answer() };
      if (answer.ratedLines === 0) process.stderr.write('note: no line has a long-term emergency rating, so nothing can be broken\n');
      if (options.json === true) printJson(answer);
      else show(answer);
    });
}

function factorsOf({ grid }: DispatchedHour, convention: DcConvention): OutageFactors {
  return outageFactorsOf(branchesOf(grid, topologyOf(grid, [], convention)));
}

const percent = (ratio: number): string => `${(100 * ratio).toFixed(1)} %`;

function show(answer: ScreenAnswer): void {
  const { hours, insecureHours, insecureRatio, worst, worstLoadingRatio, violatedPairs, worstLoss, largestInterruptedMw } = answer;
  printTable(
    answer.worstPairs.slice(0, 10).map((pair) => ({
      line: pair.line,
      'after the loss of': pair.outage,
      'worst in hours': pair.hours,
      '% of hours': round((100 * pair.hours) / Math.max(1, hours)),
      'largest %': round(100 * pair.largestLoadingRatio),
    })),
    'no loss breaks an emergency rating',
  );
  const lines = [
    `${answer.network}: ${hours} hours, ${answer.outages} outages each, on ${answer.ratedLines} rated lines`,
    `hours in which a loss breaks an emergency rating: ${insecureHours} (${percent(insecureRatio)})`,
    `worst loading of an hour: median ${percent(worstLoadingRatio.median)}, largest ${percent(worstLoadingRatio.most)}${
      worst === null ? '' : ` (${worst.line} after ${worst.outage}, hour ${worst.hour})`
    }`,
    `broken pairs in such an hour: median ${violatedPairs.median}, most ${violatedPairs.most}`,
    `hours in which the loss of a unit or a DC link breaks one: ${answer.lossInsecureHours} (${percent(answer.lossInsecureRatio)})${
      worstLoss === null
        ? ''
        : `; largest ${percent(worstLoss.loadingRatio)} (${worstLoss.line} after ${worstLoss.lost}, hour ${worstLoss.hour})`
    }`,
    ...answer.islanding.slice(0, 12).map(({ line, buses, interruptedMw }) => {
      const named = buses.slice(0, 6).join(', ') + (buses.length > 6 ? ` and ${buses.length - 6} more` : '');
      return `radial line ${line} cuts off ${named}: median ${round(interruptedMw.median)} MW, most ${round(interruptedMw.most)} MW`;
    }),
    ...(answer.islanding.length > 12 ? [`radial lines: ${answer.islanding.length} in all`] : []),
    ...(answer.islanding.length > 1
      ? [
          `largest MW that one radial line interrupts: median ${round(largestInterruptedMw.median)}, most ${round(largestInterruptedMw.most)}`,
        ]
      : []),
  ];
  process.stdout.write(`\n${lines.join('\n')}\n`);
}

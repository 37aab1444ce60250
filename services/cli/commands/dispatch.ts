import type { Command } from 'commander';
import { stopwatchMs } from '../../../shared/runtime/clock.js';
import { aboveZero, conventionIn, dcHelp, hoursHelp, hoursIn, numberIn, wholeFromZero, worldAt } from '../dispatch/options.js';
import { problemOf, problemsText } from '../dispatch/problems.js';
import type { DispatchOptions } from '../dispatch/request.js';
import { showDispatch } from '../dispatch/show.js';
import { printJson } from '../output.js';

const notes = `
A network file, a scenario, an RTS-GMLC folder, or a MATPOWER case (.m); files may be packed (.gz).
A scenario is taken with its campuses, reserve and contracts in \`chrono\`, without them in the other problems.
Prices are duals: of each hour on its own, or in \`full\` of the outputs while what runs is held; they hold no starts and no reserve.
\`full\` is a search: minutes for a week of a network of 100 units, its gap is printed; the same input gives the same schedule.

Examples:
  $ npx loadstone dispatch ../shared/data/rts-gmlc --hours 0:168
  $ npx loadstone dispatch three-areas --problem chrono --hours 0:168
  $ npx loadstone dispatch ../shared/data/rts-gmlc --problem full --hours 4464:4512 --without-storage --json`;

/** `dispatch`: least cost of a network, hour by hour. */
export function register(program: Command): void {
  program
    .command('dispatch <network>')
    .description('least-cost dispatch of a network under its line limits: cost, prices, flows, curtailment, unserved energy')
    .option('--hours <from:to>', hoursHelp)
    .option('--problem <name>', problemsText(), 'hourly')
    .option('--dc <convention>', dcHelp, 'matpower')
    .option(
      '--security <level>',
      'hourly, chrono: none, or n-1: flows also hold on emergency ratings after the loss of any one line; default none',
    )
    .option('--outages <seed>', 'units fail and are repaired by chance, drawn from this seed')
    .option('--lost-load <usd>', 'value of load that is not served, $/MWh; default: that of the scenario, else 10000')
    .option(
      '--foresight <words>',
      'chrono: storages are planned on perfect foresight, or on the hours of the day before (day-before); default perfect',
    )
    .option(
      '--reserve <MW>',
      'held in every hour; full: by units that run, within what they ramp in 10 minutes; default 0, chrono: that of the scenario',
    )
    .option('--reserve-price <usd>', 'chrono, full: what a missing MW of reserve costs for an hour, $/MWh; default 1000')
    .option('--stop-cost-ratio <ratio>', 'full: cost of a stop as a share of that of a start; 1 as published RTS-GMLC solutions; default 0')
    .option('--run-in <hours>', 'full: operate so many hours before the first, and leave them out of the answer; default 0')
    .option('--without-storage', 'chrono, full: storages take no part')
    .option('--detail', 'with --json: prices, output, flows and unserved load of every hour')
    .option('--json', 'print as JSON; its schema: npx loadstone schema dispatch')
    .addHelpText('after', notes)
    .action(async (place: string, options: DispatchOptions) => {
      const problem = problemOf(options.problem, options);
      const convention = conventionIn(options.dc);
      const lostLoad = options.lostLoad === undefined ? {} : { lostLoadUsdPerMwh: numberIn('--lost-load', options.lostLoad, aboveZero) };
      const outageSeed = options.outages === undefined ? null : numberIn('--outages', options.outages, wholeFromZero);
      const world = { ...(await worldAt(place)), ...lostLoad };
      const answer = await problem.run({
        world,
        ...hoursIn(options.hours, world),
        convention,
        outageSeed,
        wantsDetail: options.json === true && options.detail === true,
        special: options,
        say: speaker('dispatch'),
      });
      if (options.json === true) printJson(answer);
      else showDispatch(answer);
    });
}

/** Says lines on standard error, at most one in two seconds. */
function speaker(command: string): (line: string) => void {
  let saidMs = stopwatchMs();
  return (line) => {
    const nowMs = stopwatchMs();
    if (nowMs - saidMs < 2_000) return;
    saidMs = nowMs;
    process.stderr.write(`${command}: ${line}\n`);
  };
}

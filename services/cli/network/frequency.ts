import type { Command } from 'commander';
import { outsideOf } from '../../../shared/domain/security/frequency.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import type { World } from '../../../shared/scenario/schema.js';
import { aboveZero, conventionIn, dcHelp, hoursHelp, hoursIn, numberIn, wholeFromZero, worldAt } from '../dispatch/options.js';
import { printJson, printTable, round } from '../output.js';
import type { FrequencyAnswer, LossAnswer } from './answers.js';
import { dispatchedHours } from './dispatched.js';
import { frequencyTally, type Campus } from './frequencyTally.js';

interface Options {
  readonly hours?: string;
  readonly every: string;
  readonly campus?: string;
  readonly loss?: string;
  readonly island?: boolean;
  readonly dc: string;
  readonly json?: boolean;
}

const notes = `
Each hour is dispatched at least cost on its own; units above 1 MW run. The largest of them is lost with its inertia and governor.
--campus 1000@323 adds 1,000 MW of load at bus 323 before the dispatch and loses it; without a bus it is lost out of the load there is.
One machine for all that hangs together by AC lines: of several such parts, the one with the bus of the campus, else with the most load.
Tied to an outside system of 180 GW s and 650 MW per 0.1 Hz unless --island. A course takes 5 ms: --every 31 is enough for a year.

Example:
  $ npx loadstone network frequency ../shared/data/rts-gmlc --island --campus 1000 --loss 400 --every 31`;

/** `network frequency`: what frequency does after a sudden loss. */
export function registerFrequency(network: Command): void {
  network
    .command('frequency <place>')
    .description('frequency after the sudden loss of the largest unit, and of a campus, over the hours dispatched at least cost')
    .option('--hours <from:to>', hoursHelp)
    .option('--every <n>', 'look at one hour of so many', '1')
    .option('--campus <MW[@bus]>', 'also lose a campus of so many MW: load')
    .option('--loss <MW>', 'also lose so many MW of generation without inertia')
    .option('--island', 'nothing outside helps')
    .option('--dc <convention>', dcHelp, 'matpower')
    .option('--json', 'print as JSON; its schema: npx loadstone schema network-frequency')
    .addHelpText('after', notes)
    .action(async (place: string, options: Options) => {
      const convention = conventionIn(options.dc);
      const bare = await worldAt(place);
      const everyHours = numberIn('--every', options.every, { is: (n) => wholeFromZero.is(n) && n > 0, words: 'a whole number from 1' });
      const campus = options.campus === undefined ? null : campusIn(options.campus, bare);
      const lossMw = options.loss === undefined ? null : numberIn('--loss', options.loss, aboveZero);
      const frequency = { ...bare.frequency, island: options.island === true };
      const outside = outsideOf(frequency);
      const asked = { command: 'network frequency', ...hoursIn(options.hours, bare), convention };
      const tally = frequencyTally({ campus, lossMw, outside });
      for (const hour of await dispatchedHours(withCampus(bare, campus), asked)) {
        if ((hour.hour - asked.fromHour) % everyHours === 0) tally.add(hour);
      }
      const answer: FrequencyAnswer = {
        network: bare.name,
        dc: convention,
        everyHours,
        island: frequency.island,
        outsideInertiaMws: outside?.inertiaMws ?? 0,
        outsideResponseMwPerTenthHz: outside?.responseMwPerTenthHz ?? 0,
        ...tally.answer(),
      };
      if (answer.hoursWithoutInertia > 0)
        process.stderr.write(`note: in ${answer.hoursWithoutInertia} of ${answer.hours} hours no unit that runs has inertia in the data\n`);
      if (options.json === true) printJson(answer);
      else show(answer);
    });
}

function campusIn(asked: string, { network }: World): Campus {
  const [mwText = '', busId] = asked.split('@');
  const mw = numberIn('--campus', mwText, { is: aboveZero.is, words: 'MW above 0, or MW@BUS' });
  if (busId === undefined) return { mw, bus: null };
  const bus = network.buses.findIndex(({ id }) => id === busId);
  if (bus < 0) throw wrongInput(`--campus: found ${asked}, an unknown bus, allowed: MW@BUS with one of the ${network.buses.length} buses`);
  return { mw, bus };
}

/** The world with the load of a campus at its bus; one without a bus is part of the load already. */
function withCampus(world: World, campus: Campus | null): World {
  if (campus === null || campus.bus === null) return world;
  const buses = world.network.buses.map((bus, place) =>
    place === campus.bus ? { ...bus, fixedLoadMw: bus.fixedLoadMw + campus.mw } : bus,
  );
  return { ...world, network: { ...world.network, buses } };
}

const lossNames: Readonly<Record<LossAnswer['loss'], string>> = {
  'largest-unit': 'largest unit',
  campus: 'campus',
  generation: 'generation without inertia',
};

function show(answer: FrequencyAnswer): void {
  const { hours, everyHours, inertiaMws, island, losses } = answer;
  const two = (value: number): number => Math.round(value * 100) / 100;
  const share = (count: number, loss: LossAnswer): number => round((100 * count) / Math.max(1, loss.hours));
  printTable(
    losses.map((loss) => ({
      'loss, medians': lossNames[loss.loss],
      MW: round(loss.lostMw.median),
      'Hz/s': two(loss.rateHzPerSecond.median),
      'lowest Hz': two(loss.lowestHz.median),
      'highest Hz': two(loss.highestHz.median),
      'after s': round(loss.extremeAtSeconds.median),
      'shed in % of hours': share(loss.shedHours, loss),
      'MW shed then': round(loss.shedMw.median),
      'tripped in %': share(loss.trippedHours, loss),
      'MW tripped then': round(loss.trippedMw.median),
    })),
    'no losses',
  );
  const outside = `tied to ${round(answer.outsideInertiaMws / 1_000)} GW s and ${round(answer.outsideResponseMwPerTenthHz)} MW per 0.1 Hz`;
  const gws = (mws: number): number => round(mws / 1_000);
  const lines = [
    `${answer.network}: ${hours} hours${everyHours === 1 ? '' : `, one of ${everyHours}`}, ${island ? 'an island' : outside}`,
    `inertia of running units: ${gws(inertiaMws.least)} to ${gws(inertiaMws.most)} GW s, median ${gws(inertiaMws.median)}`,
    ...losses.flatMap(({ loss, worst, collapsedHours }) => [
      ...(worst === null
        ? []
        : [
            `${lossNames[loss]}: furthest in hour ${worst.hour}, ${worst.lost} with ${round(worst.lostMw)} MW: ` +
              `${two(worst.extremeHz)} Hz after ${round(worst.extremeAtSeconds)} s`,
          ]),
      ...(collapsedHours === 0 ? [] : [`${lossNames[loss]}: beyond what generators stay connected in: ${collapsedHours} hours`]),
    ]),
  ];
  process.stdout.write(`\n${lines.join('\n')}\n`);
}

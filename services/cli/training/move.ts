import type { Command } from 'commander';
import { estimateMove } from '../../../shared/domain/fleet/move.js';
import { checkpointBytesOf } from '../../../shared/domain/fleet/checkpoint.js';
import type { PlaceEnergy, Room } from '../../../shared/domain/fleet/place.js';
import { estimateSplit } from '../../../shared/domain/fleet/split.js';
import { roomFor, sharedRoom } from '../../../shared/domain/fleet/standing.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { printJson } from '../output.js';
import { energiesFor } from './energy.js';
import type { MoveAnswer } from './moveAnswer.js';
import { evidenceIn, everyIn, gbpsIn, ringSecondsIn, spareIn, type MoveOptions } from './moveOptions.js';
import { showMove } from './showMove.js';
import { printMoveTable } from './moveTable.js';
import { askedWorld, campusIn, runIn } from './standing.js';

const notes = `
A move saves a checkpoint, sends it, restores it and rises again; nothing is asked of anybody here. Sizes of checkpoints that a scenario does
not give, and prices that are not given, are assumed: docs/moving.md. --table judges claim 7 over all runs of a scenario.

Examples:
  $ npx loadstone training move dune --to riverbend --dry-run
  $ npx loadstone training move dune --to riverbend --scenario three-areas --gbps 10,100 --split-every 100,500 --dry-run
  $ npx loadstone training move --table --scenario three-areas --built`;

/** Adds `training move`: what it takes, costs and saves to run somewhere else. */
export function registerMove(training: Command): void {
  training
    .command('move [run]')
    .description('what moving a run to another campus, or splitting it over both, takes, costs and saves')
    .option('--to <campus>', 'destination')
    .option('--dry-run', 'say what it would take; ask nothing of anybody')
    .option('--gbps <N,...>', 'link between the campuses, Gbit/s', '1,10,100,400')
    .option('--spare <percent,...>', 'share of the connection of the destination that stands free; default: as it stands, --table: 0,5,20')
    .option('--split-every <N,...>', 'split half and half as well, exchanging every so many steps; --table: 1,100,500')
    .option('--ring-ms <ms>', 'latency of an exchange round the campuses', '50')
    .option('--price <campus=usd,...>', 'energy at each campus, $/MWh; default: the world dispatched with the run there')
    .option('--carbon <campus=kg,...>', 'carbon dioxide of energy at each campus, kg/MWh; with --price')
    .option('--evidence <word>', 'of the prices given: measured, calibrated or assumed', 'assumed')
    .option('--days <n>', 'days to dispatch for the prices', '28')
    .option('--scenario <name>', 'a scenario at its start, in place of the running twin')
    .option('--data <dir>', 'folder of the data the scenario reads')
    .option('--built', 'with --scenario: limits with all blocks of its projects energized')
    .option('--table', 'every run of a scenario to every other campus: bandwidths, spare, splits, and the verdict on claim 7')
    .option('--campuses <id,...>', 'with --table: only between these; default: those with runs under way')
    .option('--json', 'print as JSON; its schema: npx loadstone schema training-move, with --table training-move-table')
    .addHelpText('after', notes)
    .action(move);
}

async function move(run: string | undefined, options: MoveOptions): Promise<void> {
  if (options.table === true) {
    if (run !== undefined) throw wrongInput(`training move: found run ${run} with --table, allowed: --table for all runs, or a run`);
    return printMoveTable(options);
  }
  if (run === undefined) throw wrongInput('training move: found no run, allowed: a run, or --table');
  if (options.to === undefined) throw wrongInput('--to: found nothing, allowed: a campus');
  const answer = await answerFor(run, options.to, options);
  if (options.json === true) printJson(answer);
  else showMove(answer);
}

async function answerFor(id: string, to: string, options: MoveOptions): Promise<MoveAnswer> {
  const [gbps, ringLatencySeconds] = [gbpsIn(options), ringSecondsIn(options)];
  const spares = options.spare === undefined ? [null] : spareIn(options.spare);
  const every = options.splitEvery === undefined ? [] : everyIn(options.splitEvery);
  const { world, standing, at } = await askedWorld(options);
  const run = runIn(world, id);
  const destination = campusIn(world, to, '--to');
  const own = standing.runs.find((other) => other.run === id);
  const [steps, source] = [own?.steps ?? run.initialSteps, own?.campus ?? run.campus];
  const campuses = [...new Set([source, to])];
  const say = (line: string): void => void process.stderr.write(`training move: ${line}\n`);
  const energies = await energiesFor(world, [run], { campuses, fromMs: standing.atMs, options, say });
  const energyAt = (campus: string): PlaceEnergy =>
    energies.of(id).find((energy) => energy.campus === campus) ?? { campus, priceUsdPerMwh: 0, carbonKgPerMwh: 0 };
  const [fromEnergy, toEnergy] = [energyAt(source), energyAt(to)];
  const limitMw = standing.limitMw.get(to) ?? destination.limitMw;
  const roomOf = (ratio: number | null): Room =>
    ratio === null ? roomFor(world, destination, run, standing) : sharedRoom(destination, run, { ratio, limitMw });
  const common = { steps, valueOfComputeUsdPerMwh: world.valueOfComputeUsdPerMwh };
  const parts = (room: Room) => [
    { energy: fromEnergy, shareRatio: 0.5, room: null },
    { energy: toEnergy, shareRatio: 0.5, room },
  ];
  return {
    run: id,
    from: plain(fromEnergy),
    to: plain(toEnergy),
    at,
    evidence: evidenceIn(options, energies, [run]),
    energies: { source: energies.source, hours: energies.hours },
    checkpointBytes: checkpointBytesOf(run),
    isSizeAssumed: run.checkpointBytes === undefined,
    moves: gbps.flatMap((rate) =>
      spares.map((spareRatio) => {
        const room = roomOf(spareRatio);
        const found = estimateMove(run, { ...common, gbps: rate, from: fromEnergy, to: toEnergy, room });
        const { checkpointBytes: _, obstacles, ...estimate } = found;
        const free = { spareRatio, spareAccelerators: room.accelerators, spareMw: room.mw };
        return { gbps: rate, ...free, isPossible: obstacles.length === 0, obstacles: [...obstacles], ...estimate };
      }),
    ),
    splits: gbps.flatMap((rate) =>
      spares.flatMap((spareRatio) =>
        every.map((everySteps) => {
          const terms = { ...common, everySteps, gbps: rate, ringLatencySeconds, parts: parts(roomOf(spareRatio)) };
          const { obstacles, campuses: places, ...estimate } = estimateSplit(run, terms);
          const isPossible = obstacles.length === 0;
          return { gbps: rate, spareRatio, everySteps, isPossible, obstacles: [...obstacles], ...estimate, campuses: [...places] };
        }),
      ),
    ),
  };
}

/** A place without what else a dispatch says about it. */
export function plain({ campus, priceUsdPerMwh, carbonKgPerMwh }: PlaceEnergy): {
  campus: string;
  priceUsdPerMwh: number;
  carbonKgPerMwh: number;
} {
  return { campus, priceUsdPerMwh, carbonKgPerMwh };
}

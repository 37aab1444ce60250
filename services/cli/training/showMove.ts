import { printTable, round } from '../output.js';
import type { MoveAnswer } from './moveAnswer.js';

const words: Readonly<Record<MoveAnswer['moves'][number]['obstacles'][number], string>> = {
  accelerators: 'too few accelerators free',
  power: 'too little power free',
  finished: 'the run is finished',
  'same-campus': 'it is there already',
  'sync-longer-than-work': 'exchanges take longer than work',
};

/** What stands in the way, in words. */
export function obstacleWords(obstacles: MoveAnswer['moves'][number]['obstacles']): string {
  return obstacles.length === 0 ? 'yes' : `no: ${obstacles.map((obstacle) => words[obstacle]).join(', ')}`;
}

/** A length of time for people. */
export function span(seconds: number): string {
  if (seconds < 120) return `${round(seconds)} s`;
  return seconds < 7_200 ? `${round(seconds / 60)} min` : `${round(seconds / 3_600)} h`;
}

/** A share with two decimals of a percent. */
export function percent(value: number): string {
  return `${(100 * value).toFixed(2)} %`;
}

/** Prints a move and its splits for people. */
export function showMove(answer: MoveAnswer): void {
  const { run, from, to, moves, splits } = answer;
  const left = moves[0]?.hoursLeft ?? 0;
  const size = `${(answer.checkpointBytes / 1e12).toPrecision(3)} TB${answer.isSizeAssumed ? ' (assumed from its work)' : ''}`;
  process.stdout.write(`${run} from ${from.campus} to ${to.campus}, ${answer.at}: checkpoint ${size}, ${round(left / 24)} days left\n`);
  const sources = answer.energies.source === 'given' ? 'as given' : `dispatched over ${answer.energies.hours} h`;
  for (const { campus, priceUsdPerMwh, carbonKgPerMwh } of [from, to])
    process.stdout.write(`  ${campus}: ${priceUsdPerMwh.toFixed(2)} $/MWh, ${Math.round(carbonKgPerMwh)} kg CO2/MWh (${sources})\n`);
  process.stdout.write('\n');
  printTable(
    moves.map((move) => ({
      'Gbit/s': move.gbps,
      spare: move.spareRatio === null ? `${move.spareAccelerators}` : percent(move.spareRatio),
      'spare MW': round(move.spareMw),
      possible: obstacleWords(move.obstacles),
      transfer: span(move.transferSeconds),
      'steps missed': move.stepsNotMade,
      'accelerator-hours': Math.round(move.lostAcceleratorHours),
      'ends later': `${span(3_600 * move.endMovedHours)}, ${percent(move.endMovedRatio)}`,
      'saves $': Math.round(move.netSavedUsd),
      'saves t CO2': round(move.netSavedCarbonTonnes),
      'pays after h': move.breakEvenHours === null ? null : Math.round(move.breakEvenHours),
    })),
    'no link',
  );
  if (splits.length > 0) {
    process.stdout.write('\nsplit half and half:\n');
    printTable(
      splits.map((split) => ({
        'Gbit/s': split.gbps,
        spare: split.spareRatio === null ? 'as it stands' : percent(split.spareRatio),
        'every steps': split.everySteps,
        possible: obstacleWords(split.obstacles),
        exchange: span(split.syncSeconds),
        work: span(split.workSeconds),
        slowdown: Number(split.slowdownRatio.toFixed(3)),
        goodput: Number(split.goodputRatio.toFixed(3)),
        MW: split.campuses.map(({ campus, meanMw }) => `${campus} ${round(meanMw)}`).join(', '),
        'ends later': percent(split.endMovedRatio),
        'saves $': Math.round(split.netSavedUsd),
        'saves t CO2': round(split.netSavedCarbonTonnes),
      })),
      'no split',
    );
  }
  process.stdout.write(`\nevidence: ${answer.evidence}; nothing was asked of anybody\n`);
}

import type { Command } from 'commander';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { numberIn, wholeFromZero } from '../dispatch/options.js';
import { printJson } from '../output.js';
import { tellQuarantine } from '../permits/show.js';
import { gapOfFile } from '../queue/gap.js';
import { showGap } from '../queue/gapShow.js';
import { replayFile } from '../queue/run.js';
import { showReplay } from '../queue/show.js';
import type { SourceAsked } from '../queue/source.js';

interface Options extends SourceAsked {
  readonly against?: string;
  readonly cohort: string;
  readonly seed: string;
  readonly resamples: string;
  readonly json?: boolean;
}

const notes = `
Steps may stand in any order and be taken back; both are followed and told. A step that cannot be is left out, and so is a row whose
completion stands before its request. Files: ERCOT, ISO-NE, NYISO and CAISO as normalised by gridstatus, CAISO's own report, MISO's list,
LBNL's list; others with --columns ROLE=COLUMN,... (id, status, filed, planned, mw, snapshot and the steps requested, study-approved, ...).

Examples:
  $ npx loadstone queue replay ../shared/data/iso-queues/ERCOT_Queue.csv.gz
  $ npx loadstone queue replay SNAPSHOT.csv --changes CHANGES.csv --against NEXT.csv --cohort 2005:2017`;

const wholeIn = (from: number, to: number) => ({
  is: (value: number) => Number.isSafeInteger(value) && value >= from && value <= to,
  words: `a whole number from ${from} to ${to}`,
});

function sampling({ cohort, seed, resamples }: Pick<Options, 'cohort' | 'seed' | 'resamples'>) {
  const years = /^(\d{4}):(\d{4})$/.exec(cohort);
  const [fromYear, toYear] = [Number(years?.[1]), Number(years?.[2])];
  if (years === null || fromYear > toYear) throw wrongInput(`--cohort: found ${cohort}, allowed: FROM:TO, two years`);
  return {
    fromYear,
    toYear,
    seed: numberIn('--seed', seed, wholeFromZero),
    resamples: numberIn('--resamples', resamples, wholeIn(100, 100_000)),
  };
}

async function replay(file: string, options: Options): Promise<void> {
  const answer = await replayFile(file, { ...options, ...sampling(options) });
  tellQuarantine(file, answer.quarantine);
  tellQuarantine(file, answer.leftOut, 'date left out');
  if (options.json === true) printJson(answer);
  else showReplay(answer);
  if (answer.next?.isSame === false) process.exitCode = 1;
}

interface GapOptions extends SourceAsked, Pick<Options, 'cohort' | 'seed' | 'resamples' | 'json'> {
  readonly set?: string;
  readonly aheadYears: string;
}

async function gap(file: string, options: GapOptions): Promise<void> {
  const { set } = options;
  if (set !== undefined && set !== 'generators' && set !== 'large-loads')
    throw wrongInput(`--set: found ${set}, allowed: generators or large-loads`);
  const aheadYears = numberIn('--ahead-years', options.aheadYears, wholeIn(1, 30));
  const answer = await gapOfFile(file, { ...options, ...sampling(options), set, aheadYears });
  if (options.json === true) printJson(answer);
  else showGap(answer);
}

/** `queue`: what became of the projects of an interconnection queue. */
export function register(program: Command): void {
  const queue = program.command('queue').description('Interconnection queues from real records.');
  queue
    .command('replay <file>')
    .description('drives the milestones of a queue file through the permit machine: ends, order, times of the stages, promises kept')
    .option('--changes <file>', 'changes after the snapshot: columns snapshot, queue_position, field, old, new')
    .option('--against <file>', 'the snapshot that the changes should lead to; exit 1 when they do not')
    .option('--as-of <date>', 'last day of which the file tells (default: its own, or its latest date that is not far from the others)')
    .option('--cohort <from:to>', 'years of the requests of which the share built is told', '2005:2017')
    .option('--columns <role=column,...>', 'what the columns of another file hold')
    .option('--resamples <count>', 'by which the intervals of shares are found', '2000')
    .option('--seed <number>', 'of the resamples', '1')
    .option('--json', 'print as JSON; its schema: npx loadstone schema queue-replay')
    .addHelpText('after', notes)
    .action(replay);
  queue
    .command('gap <file>')
    .description('what projects announced against what is there: year by year, by vintage, and ahead')
    .option('--set <generators or large-loads>', 'parameters by which what is open is played ahead; the two are never mixed')
    .option('--ahead-years <count>', 'years ahead', '5')
    .option('--as-of <date>', 'last day of which the file tells')
    .option('--cohort <from:to>', 'years of the requests to which generators are fitted; the table begins with the first', '2005:2017')
    .option('--columns <role=column,...>', 'what the columns of another file hold: id, requested, filed, mw, in-operation, ...')
    .option('--resamples <count>', 'by which the bands are found', '1000')
    .option('--seed <number>', 'of the resamples', '1')
    .option('--json', 'print as JSON; its schema: npx loadstone schema queue-gap')
    .addHelpText(
      'after',
      '\nExample:\n  $ npx loadstone queue gap ../shared/data/iso-queues/caiso_snapshot_2025-08-11.csv.gz --set generators',
    )
    .action(gap);
}

import type { Command } from 'commander';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { numberIn, wholeFromZero } from '../dispatch/options.js';
import { printJson } from '../output.js';
import { tellQuarantine } from '../permits/show.js';
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

async function replay(file: string, options: Options): Promise<void> {
  const years = /^(\d{4}):(\d{4})$/.exec(options.cohort);
  const [fromYear, toYear] = [Number(years?.[1]), Number(years?.[2])];
  if (years === null || fromYear > toYear) throw wrongInput(`--cohort: found ${options.cohort}, allowed: FROM:TO, two years`);
  const resamples = {
    is: (value: number) => Number.isSafeInteger(value) && value >= 100 && value <= 100_000,
    words: 'a whole number from 100 to 100000',
  };
  const answer = await replayFile(file, {
    ...options,
    fromYear,
    toYear,
    seed: numberIn('--seed', options.seed, wholeFromZero),
    resamples: numberIn('--resamples', options.resamples, resamples),
  });
  tellQuarantine(file, answer.quarantine);
  tellQuarantine(file, answer.leftOut, 'date left out');
  if (options.json === true) printJson(answer);
  else showReplay(answer);
  if (answer.next?.isSame === false) process.exitCode = 1;
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
}

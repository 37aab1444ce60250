import type { Command } from 'commander';
import { stopwatchMs, wallNow } from '../../../shared/runtime/clock.js';
import { dayMs } from '../../../shared/domain/ticks.js';
import { dayIn } from '../../../shared/scenario/dates.js';
import type { ColumnsAsked } from '../../../shared/scenario/permits/columns.js';
import { readPermitRecords } from '../../../shared/scenario/permits/records.js';
import { readStandardRecords } from '../../../shared/scenario/permits/standardRecords.js';
import { countByReason } from '../../../shared/scenario/quarantine.js';
import { numberIn, wholeFromZero } from '../dispatch/options.js';
import { printJson } from '../output.js';
import type { FitAnswer } from '../permits/answer.js';
import { groupsOf } from '../permits/groups.js';
import { showChecked, showFit, tellQuarantine } from '../permits/show.js';
import { checked, exported, isJson } from '../permits/standard.js';

interface FitOptions extends ColumnsAsked {
  readonly asOf?: string;
  readonly least: string;
  readonly seed: string;
  readonly divisions: string;
  readonly json?: boolean;
}

const fitNotes = `
Columns: noi_date, rod_date, final_eis_date and agency of federal impact statements; --start, --end and the others name those of any CSV.
A file named .json is one of the NEPA and Permitting Data Standard: its reviews by lead agency.
A case without an end counts as open until the day in --censor, or until --as-of. Dates: YYYY-MM-DD, with a time and an offset, M/D/YYYY.

Examples:
  $ npx loadstone permits fit ../shared/data/nepa-eis/completed_feis_2010_2020.csv.gz --by agency
  $ npx loadstone permits fit ../shared/data/iso-queues/ERCOT_Queue.csv.gz --start FIS_Requested --end FIS_Approved --as-of 2025-06-27 --by Fuel`;

/** Longest that a fit is silent, in milliseconds. */
const silentMs = 2_000;

/** Tells on standard error, now and then, how many groups are done. */
function teller(): (done: number, of: number) => void {
  let toldMs = stopwatchMs();
  return (done, of) => {
    if (stopwatchMs() - toldMs < silentMs) return;
    toldMs = stopwatchMs();
    process.stderr.write(`${done} of ${of} groups fitted\n`);
  };
}

const exportNotes = `
Examples:
  $ npx loadstone permits export ../shared/data/nepa-eis/completed_feis_2010_2020.csv.gz > records.json
  $ npx loadstone permits export mesa-block-3-air.json --type EA`;

async function fit(file: string, options: FitOptions): Promise<void> {
  const seed = numberIn('--seed', options.seed, wholeFromZero);
  const divisions = numberIn('--divisions', options.divisions, {
    is: (value) => Number.isSafeInteger(value) && value >= 1 && value <= 10_000,
    words: 'a whole number from 1 to 10000',
  });
  const least = numberIn('--least', options.least, wholeFromZero);
  const asOfDay = options.asOf === undefined ? Math.floor(wallNow() / dayMs) : dayIn('--as-of', options.asOf);
  const until = { asOfDay, isOpenThen: options.asOf !== undefined };
  const read = await (isJson(file) ? readStandardRecords(file, options, until) : readPermitRecords(file, options, until));
  const { columns, quarantined } = read;
  const answer: FitAnswer = {
    file,
    given: read.given,
    by: columns.group ?? 'none',
    start: columns.start,
    end: columns.end,
    censoredAt: columns.lastSeen ?? (options.asOf === undefined ? 'none' : options.asOf),
    evidence: 'measured',
    rows: read.rows,
    used: read.records.length,
    quarantined: quarantined.length,
    outOfOrder: read.records.filter(({ isEarly }) => isEarly).length,
    quarantinedBy: [...countByReason(quarantined)],
    quarantine: [...quarantined],
    groups: groupsOf(read.records, { isGrouped: columns.group !== null, seed, divisions, tell: teller() }),
  };
  tellQuarantine(file, quarantined);
  if (options.json === true) printJson(answer);
  else showFit(answer, least);
}

interface ExportOptions {
  readonly type?: string;
}

async function exportRecords(files: readonly string[], { type }: ExportOptions): Promise<void> {
  printJson(await exported(files, type, Math.floor(wallNow() / dayMs)));
}

interface CheckOptions {
  readonly schema?: string;
  readonly json?: boolean;
}

async function check(file: string, options: CheckOptions): Promise<void> {
  const found = await checked(file, options.schema);
  if (options.json === true) printJson(found);
  else showChecked(found);
  if (!found.isValid) process.exitCode = 1;
}

/** `permits`: durations of permits from real records. */
export function register(program: Command): void {
  const permits = program
    .command('permits')
    .description('Durations of permits from real records, and the public standard for such records.');
  permits
    .command('fit <file>')
    .description('how long cases took, open ones counted: Kaplan-Meier, a lognormal, how far the two are apart, and what to sample')
    .option('--by <column>', 'group by it; none: all in one (default: agency where there is one)')
    .option('--start <column>', 'day a case began')
    .option('--end <column>', 'day it ended; empty: open')
    .option('--censor <column>', 'day on which a case without an end was last seen')
    .option(
      '--as-of <date>',
      'day on which cases were seen that say nothing else; later dates are refused (default: today, and such cases are left out)',
    )
    .option('--status <column>', 'word that tells whether the end is one; another word: last seen then')
    .option('--ended <word,...>', 'words that say so (default: completed, granted, denied and the like)')
    .option('--id <column>', 'name of a case; a second one of a name is left out')
    .option('--least <count>', 'smallest group in the table; --json has all', '10')
    .option('--divisions <count>', 'random halves by which each fit is tested', '200')
    .option('--seed <number>', 'of the halves', '1')
    .option('--json', 'print as JSON; its schema: npx loadstone schema permits-fit')
    .addHelpText('after', fitNotes)
    .action(fit);
  permits
    .command('export <file...>')
    .description('impact statements, or facts of permits, as records of the NEPA and Permitting Data Standard 1.0; JSON on standard output')
    .option('--type <level>', 'CE, EA or EIS: as which level of review permits are told; the standard knows no other')
    .option('--json', 'it always is')
    .addHelpText('after', exportNotes)
    .action(exportRecords);
  permits
    .command('check <file>')
    .description('whether a file is of that standard, what its words mean here; exit 1 when it is not')
    .option('--schema <file>', 'the published JSON Schema, to be met as well')
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  $ npx loadstone permits check records.json --schema ../shared/data/nepa-data-standard/nepa.schema.json',
    )
    .action(check);
}

import { cpus } from 'node:os';
import type { Command } from 'commander';
import { wrongInput } from '../../../shared/runtime/errors.js';
import type { ClaimRow } from '../claims/answer.js';
import { claims } from '../claims/claim.js';
import { experiments, runClaims } from '../claims/run.js';
import { numberIn } from '../dispatch/options.js';
import { printJson } from '../output.js';

interface Options {
  readonly claim?: string;
  readonly data: string;
  readonly threads: string;
  readonly json?: boolean;
}

const notes = `
Every experiment is a command of this program at small size; what it prints, anyone can have again. What rests on an assumed input supports
nothing. Rules and limits: docs/claims.md.

Example:
  $ npx loadstone claims --claim 8,10`;

function asked({ claim }: Options): typeof experiments {
  if (claim === undefined) return experiments;
  const numbers = claim.split(',').map((word) => Number(word));
  const wrong = numbers.find((number) => !(number in claims));
  if (wrong !== undefined)
    throw wrongInput(`--claim: found ${claim}, allowed: numbers from 1 to ${Object.keys(claims).length}, with commas`);
  return experiments.filter((experiment) => numbers.includes(experiment.claim));
}

function show(rows: readonly ClaimRow[]): void {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  let last = 0;
  for (const row of rows) {
    if (row.claim !== last) say(`${last === 0 ? '' : '\n'}${row.claim}. ${row.says}`);
    last = row.claim;
    say(`   ${row.experiment}: ${row.verdict}, ${row.evidence}`);
    say(`     ${row.failure ?? row.figure}`);
    say(`     would turn with: ${row.flips}`);
  }
}

/** `claims`: the eleven claims of the source, each with its experiments and a verdict. */
export function register(program: Command): void {
  program
    .command('claims')
    .description('the eleven claims, each with experiment, figure, evidence, what would turn it, and verdict')
    .option('--claim <numbers>', 'only these, with commas between')
    .option('--data <folder>', 'folder of the data sets', '../shared/data')
    .option('--threads <count>', 'experiments side by side', String(Math.min(2, cpus().length)))
    .option('--json', 'print as JSON; its schema: npx loadstone schema claims')
    .addHelpText('after', notes)
    .action(async (options: Options) => {
      const lanes = numberIn('--threads', options.threads, {
        is: (value) => Number.isSafeInteger(value) && value >= 1 && value <= 64,
        words: 'a whole number from 1 to 64',
      });
      const chosen = asked(options);
      let count = 0;
      const answer = await runClaims({
        experiments: chosen,
        dataDir: options.data,
        lanes,
        say: ({ claim, experiment, verdict, seconds, failure }) => {
          count += 1;
          const end = failure === null ? verdict : 'FAILED';
          process.stderr.write(`claims: ${count} of ${chosen.length}: ${claim}, ${experiment}: ${end} (${seconds.toFixed(1)} s)\n`);
        },
      });
      if (options.json === true) printJson(answer);
      else show(answer.rows);
      if (answer.rows.some(({ failure }) => failure !== null)) process.exitCode = 1;
    });
}

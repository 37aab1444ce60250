import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { repoDir } from '../../../infra/stack/paths.js';
import { loadConfig } from '../../../shared/runtime/config.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import type { Study } from '../../../shared/scenario/study/schema.js';
import { readDocument, readStudy } from '../../../shared/scenario/study/read.js';
import { aboveZero, numberIn } from '../dispatch/options.js';
import { printJson, printTable } from '../output.js';
import { compareStudies } from '../study/compare.js';
import { controlStudy, studyStatus, watchStudy } from '../study/manage.js';
import { inviteOf } from '../study/invite.js';
import { dryRun } from '../study/dryRun.js';
import { runStudy, threadsIn } from '../study/run.js';
import { runHosted } from '../study/runHosted.js';
import { registerBranch } from '../study/branchCommand.js';

interface RunFlags {
  readonly local?: boolean;
  readonly dryRun?: boolean;
  readonly resume?: boolean;
  readonly out?: string;
  readonly data?: string;
  readonly threads: string;
  readonly keepSeconds: string;
  readonly json?: boolean;
}

/** Where the studies that come with the program lie. */
const shippedDir = join(repoDir(), 'shared', 'scenario', 'studies');

function shippedNames(): readonly string[] {
  return readdirSync(shippedDir)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.slice(0, -'.yaml'.length))
    .sort();
}

/** Path of a study file: one that comes with the program by its name, else as it is given. */
function fileOf(found: string): string {
  if (shippedNames().includes(found)) return join(shippedDir, `${found}.yaml`);
  if (!/[./\\]/.test(found))
    throw wrongInput(`study: found ${JSON.stringify(found)}, allowed: ${shippedNames().join(', ')}, or the path of a study file`);
  return found;
}

const runNotes = `
Finished cells are kept at once: after an end of any kind --resume runs the others. Ctrl-C finishes the cells under way, twice stops now.
Exit 1 when a cell failed or the run was stopped. The file: docs/studies.md, and \`npx loadstone schema loadstone.study/1\`.

Examples:
  $ npx loadstone study run flex-for-speed --dry-run
  $ npx loadstone study run flex-for-speed --out results/flex
  $ npx loadstone study run flex-for-speed --local --threads 2 --out results/flex`;

async function run(found: string, flags: RunFlags): Promise<void> {
  const json = flags.json === true;
  // On the servers others may do all the work.
  const threads = threadsIn(flags.threads, flags.local === true || flags.dryRun === true ? 1 : 0);
  const keepEveryMs = numberIn('--keep-seconds', flags.keepSeconds, aboveZero) * 1_000;
  const read = await readStudy(fileOf(found), flags.data);
  if (flags.dryRun === true) return dryRun(read, { threads, json });
  const folder = flags.out ?? join('results', read.study.name);
  const options = { folder, threads, keepEveryMs, resume: flags.resume === true, json };
  if (flags.local === true) await runStudy(read, options);
  else await runHosted(loadConfig('study'), read, options);
}

const controls = [
  ['pause', 'begin no further cell of a study on the servers'],
  ['resume', 'go on with a study that is paused'],
  ['cancel', 'end a study on the servers; what is finished is kept'],
] as const;

/** Everything under `study`. */
export function register(program: Command): void {
  const study = program.command('study').description('Studies: many worlds from one file, run as fast as they go.');
  study
    .command('run <file>')
    .description('run a study file, or a study that comes with the program, into a result folder')
    .option('--local', 'in this process, without a running twin; else on its servers, where others may help and nothing that dies is lost')
    .option('--dry-run', 'say what would run, how long it would take and how much memory; write nothing')
    .option('--out <dir>', 'result folder; default: results/NAME')
    .option('--resume', 'go on in a folder of the same study; finished cells are not repeated')
    .option('--threads <n>', 'threads; 0 on the servers: watch while others work', String(availableParallelism()))
    .option('--data <dir>', 'folder of the data the scenario reads')
    .option('--keep-seconds <s>', 'how often a cell under way is kept, to go on from after a stop', '10')
    .option('--json', 'print as JSON')
    .addHelpText('after', runNotes)
    .action(run);
  registerBranch(study);
  study
    .command('compare <first> <second>')
    .description('two result folders, paired by variant, axes, draw and seed: differences with intervals, and which inputs differ')
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  $ npx loadstone study compare results/flex results/flex-cheap')
    .action((first: string, second: string, flags: { readonly json?: boolean }) =>
      compareStudies(first, second, { json: flags.json === true }),
    );
  study
    .command('status [id]')
    .description('how the studies on the servers of the running twin stand')
    .option('--json', 'print as JSON; its schema: npx loadstone schema study-status')
    .addHelpText('after', '\nExample:\n  $ npx loadstone study status')
    .action((id: string | undefined, flags: { readonly json?: boolean }) =>
      studyStatus(loadConfig('study'), id, { json: flags.json === true }),
    );
  study
    .command('watch <id>')
    .description('a line whenever a study on the servers has come further, until it ends')
    .option('--json', 'one JSON object a line')
    .addHelpText('after', '\nExample:\n  $ npx loadstone study watch flex-for-speed-1a2b3c4d')
    .action((id: string, flags: { readonly json?: boolean }) => watchStudy(loadConfig('study'), id, { json: flags.json === true }));
  for (const [what, description] of controls) {
    study
      .command(`${what} <id>`)
      .description(description)
      .addHelpText('after', `\nExample:\n  $ npx loadstone study ${what} flex-for-speed-1a2b3c4d`)
      .action((id: string) => controlStudy(loadConfig('study'), id, what));
  }
  study
    .command('invite')
    .description('one line with which a worker on another machine joins; it may read and write studies and nothing else')
    .addHelpText('after', '\nExample:\n  $ npx loadstone study invite')
    .action(() => void process.stdout.write(`${inviteOf(loadConfig('study'))}\n`));
  study
    .command('list')
    .description('studies that come with the program')
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  $ npx loadstone study list')
    .action(async (flags: { readonly json?: boolean }) => {
      const studies = await Promise.all(shippedNames().map(async (name) => (await readDocument(fileOf(name))).value as Study));
      const rows = studies.map(({ name, title, base }) => ({ name, scenario: base.scenario, title }));
      if (flags.json === true) printJson(rows);
      else printTable(rows, 'none');
    });
}

import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { repoDir } from '../../../infra/stack/paths.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { readJson } from '../../../shared/scenario/files.js';
import type { Study } from '../../../shared/scenario/study/schema.js';
import { readStudy } from '../../../shared/scenario/study/read.js';
import { aboveZero, numberIn } from '../dispatch/options.js';
import { printJson, printTable } from '../output.js';
import { compareStudies } from '../study/compare.js';
import { dryRun } from '../study/dryRun.js';
import { runStudy, threadsIn } from '../study/run.js';

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
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
    .sort();
}

/** Path of a study file: one that comes with the program by its name, else as it is given. */
function fileOf(found: string): string {
  if (shippedNames().includes(found)) return join(shippedDir, `${found}.json`);
  if (!/[./\\]/.test(found))
    throw wrongInput(`study: found ${JSON.stringify(found)}, allowed: ${shippedNames().join(', ')}, or the path of a study file`);
  return found;
}

const runNotes = `
Finished cells are kept at once: after an end of any kind --resume runs the others. Ctrl-C finishes the cells under way, twice stops now.
Exit 1 when a cell failed or the run was stopped. The file: docs/studies.md, and \`npx loadstone schema loadstone.study/1\`.

Examples:
  $ npx loadstone study run flex-for-speed --dry-run
  $ npx loadstone study run flex-for-speed --local --threads 2 --out results/flex`;

async function run(found: string, flags: RunFlags): Promise<void> {
  const json = flags.json === true;
  const threads = threadsIn(flags.threads);
  const keepEveryMs = numberIn('--keep-seconds', flags.keepSeconds, aboveZero) * 1_000;
  const read = await readStudy(fileOf(found), flags.data);
  if (flags.dryRun === true) return dryRun(read, { threads, json });
  if (flags.local !== true) throw wrongInput('--local: found nothing, allowed: --local, the study runs in this process, or --dry-run');
  const folder = flags.out ?? join('results', read.study.name);
  await runStudy(read, { folder, threads, keepEveryMs, resume: flags.resume === true, json });
}

/** `study run`, `compare` and `list`. */
export function register(program: Command): void {
  const study = program.command('study').description('Studies: many worlds from one file, run as fast as they go.');
  study
    .command('run <file>')
    .description('run a study file, or a study that comes with the program, into a result folder')
    .option('--local', 'in this process, without a running twin')
    .option('--dry-run', 'say what would run, how long it would take and how much memory; write nothing')
    .option('--out <dir>', 'result folder; default: results/NAME')
    .option('--resume', 'go on in a folder of the same study; finished cells are not repeated')
    .option('--threads <n>', 'threads', String(availableParallelism()))
    .option('--data <dir>', 'folder of the data the scenario reads')
    .option('--keep-seconds <s>', 'how often a cell under way is kept, to go on from after a stop', '10')
    .option('--json', 'print as JSON')
    .addHelpText('after', runNotes)
    .action(run);
  study
    .command('compare <first> <second>')
    .description('two result folders, paired by variant, axes, draw and seed: differences with intervals, and which inputs differ')
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  $ npx loadstone study compare results/flex results/flex-cheap')
    .action((first: string, second: string, flags: { readonly json?: boolean }) =>
      compareStudies(first, second, { json: flags.json === true }),
    );
  study
    .command('list')
    .description('studies that come with the program')
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  $ npx loadstone study list')
    .action(async (flags: { readonly json?: boolean }) => {
      const studies = await Promise.all(shippedNames().map(async (name) => (await readJson(fileOf(name))) as Study));
      const rows = studies.map(({ name, title, base }) => ({ name, scenario: base.scenario, title }));
      if (flags.json === true) printJson(rows);
      else printTable(rows, 'none');
    });
}

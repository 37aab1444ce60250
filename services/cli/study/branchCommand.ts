import { join } from 'node:path';
import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { fromWire, toWire } from '../../../shared/domain/ticks.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { scriptEntrySchema, type ScriptEntry } from '../../../shared/scenario/schema.js';
import { misfitOf, refuse, shapeOf } from '../../../shared/scenario/shape.js';
import { readStudy } from '../../../shared/scenario/study/read.js';
import { printJson } from '../output.js';
import { withBus } from '../session.js';
import { writeBranch, type Branch } from './branch.js';
import { runStudy } from './run.js';

interface BranchFlags {
  readonly at: string;
  readonly until?: string;
  readonly set: readonly string[];
  readonly act: readonly string[];
  readonly out?: string;
  readonly run: boolean;
  readonly json?: boolean;
}

const notes = `
The world is run again from its start with everything that came from outside, and compared with what the twin said. ACTION and TARGET are
those of \`inject\`; other fields of a script entry follow as FIELD=VALUE, atTime among them; without it the act is done at once.
Settings change what models read; what sequences under way were started with stays.

Examples:
  $ npx loadstone study branch --act "trip-unit central-cc-3" --out results/without-cc-3
  $ npx loadstone study branch --at 2027-07-14T00:00:00Z --until 2027-07-21T00:00:00Z --set contracts.riverbend-a.strikeUsdPerMwh=90
  $ npx loadstone study branch --act "slip-equipment mesa-2-transformer days=60" --no-run`;

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** `study branch`: the twin as it stands, gone on with in a study. */
export function registerBranch(study: Command): void {
  study
    .command('branch')
    .description('go on from the running twin, now or at an instant it has passed, as it is and with something changed, and compare')
    .option('--at <time>', 'instant to branch at; now: the newest tick that is over', 'now')
    .option('--until <time>', 'where the branch ends; default: a day later')
    .option('--set <key=value>', 'a setting of the changed branch, by dotted key; may be repeated', collect, [])
    .option('--act <act>', 'something that is done in the changed branch: "ACTION TARGET FIELD=VALUE ..."; may be repeated', collect, [])
    .option('--out <dir>', 'folder for scenario, state, study and results; default: results/branch')
    .option('--no-run', 'write them and do not run them')
    .option('--json', 'print as JSON')
    .addHelpText('after', notes)
    .action(branch);
}

async function branch(flags: BranchFlags): Promise<void> {
  const folder = flags.out ?? join('results', 'branch');
  const json = flags.json === true;
  const asked = {
    atMs: flags.at === 'now' ? null : instantIn('--at', flags.at),
    untilMs: flags.until === undefined ? null : instantIn('--until', flags.until),
    overrides: Object.fromEntries(flags.set.map(settingIn)),
    acts: flags.act.map(actIn),
    folder,
  };
  const written = await withBus((bus) => writeBranch(bus, asked));
  if (!flags.run && json) printJson(written);
  else (json ? process.stderr : process.stdout).write(`${linesOf(written).join('\n')}\n`);
  if (!flags.run) return;
  const read = await readStudy(written.studyFile, undefined);
  const threads = Math.min(2, availableParallelism());
  await runStudy(read, { folder: join(folder, 'results'), threads, keepEveryMs: 10_000, resume: false, json });
}

function linesOf({ atTime, untilTime, studyFile, inputs, milestones, firstDifference, seconds }: Branch): readonly string[] {
  const judged =
    firstDifference === null
      ? `it says all ${milestones} milestones of the twin until then`
      : `it differs from the twin, first in ${firstDifference}: late or missing services of a twin at a finite rate are not in the branch`;
  return [
    `branch at ${atTime} until ${untilTime}: ${studyFile}`,
    `run again from the start with ${inputs} inputs from outside in ${seconds.toFixed(1)} s; ${judged}`,
  ];
}

function instantIn(option: string, text: string): number {
  const atMs = fromWire(text);
  if (Number.isNaN(atMs)) throw wrongInput(`${option}: found ${text}, allowed: an instant such as 2027-07-14T00:00:00Z`);
  return atMs;
}

/** A setting as it stands on the command line; a value that is no JSON is a text. */
function settingIn(text: string): readonly [string, unknown] {
  const at = text.indexOf('=');
  if (at < 1) throw wrongInput(`--set: found ${text}, allowed: KEY=VALUE, such as contracts.riverbend-a.strikeUsdPerMwh=90`);
  return [text.slice(0, at), valueOf(text.slice(at + 1))];
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const actShape = shapeOf(scriptEntrySchema);

function actIn(text: string): Omit<ScriptEntry, 'atTime'> & { readonly atTime?: string } {
  const [action = '', target = '', ...fields] = text.trim().split(/\s+/);
  const given = Object.fromEntries(
    fields.map((field) => {
      const at = field.indexOf('=');
      if (at < 1) throw wrongInput(`--act: found ${field} in "${text}", allowed: FIELD=VALUE after action and target`);
      return [field.slice(0, at), valueOf(field.slice(at + 1))];
    }),
  );
  const { atTime, ...others } = given;
  const when = atTime === undefined ? {} : { atTime: toWire(instantIn(`--act "${text}" atTime`, String(atTime))) };
  const entry = { action, target, reason: 'branch', ...others, ...when };
  const misfit = misfitOf(actShape, { atTime: '2000-01-01T00:00:00.000Z', ...entry });
  if (misfit !== null) refuse(`--act "${text}"`, misfit);
  return entry as Omit<ScriptEntry, 'atTime'>;
}

import type { Static } from 'typebox';
import {
  busyAgencies,
  compareArms,
  deliver,
  meanSpent,
  meanWaitDays,
  type Arm,
  type Delivered,
  type Delivery,
  worldOfArm,
} from '../../../shared/domain/buildout/reviewerExperiment.js';
import { wallNow } from '../../../shared/runtime/clock.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { resolveWorld } from '../../../shared/scenario/load.js';
import type { Project, World } from '../../../shared/scenario/schema.js';
import { printJson, printTable, round } from '../output.js';
import type { experimentAnswer } from './answers.js';
import { wholeNumber } from './options.js';

type Answer = Static<typeof experimentAnswer>;

/** What `permit experiment` is asked. */
export interface ExperimentOptions {
  readonly agency?: string;
  readonly reviewers?: string;
  readonly seeds: string;
  readonly years: string;
  readonly project?: string;
  readonly block?: string;
  readonly data?: string;
  readonly json?: boolean;
}

/** Doubles, or sets, the reviewers of one agency against each of the others, and prints what it does to the date of power. */
export async function experiment(scenario: string, options: ExperimentOptions): Promise<void> {
  const { world } = await resolveWorld({ scenario, dataDir: options.data });
  const seeds = wholeNumber('--seeds', options.seeds, 1, 100_000);
  const horizonDays = 365 * wholeNumber('--years', options.years, 1, 100);
  const project = projectOf(world, options.project);
  const wanted: Delivered = { project: project.id, block: blockOf(project, options.block), horizonDays };
  const arms = armsOf(world, wanted, options);
  const begin = wallNow();
  const runs = runArms(
    arms.map((arm) => worldOfArm(world, arm, wanted)),
    wanted,
    seeds,
  );
  const base = runs[0] ?? [];
  const answer: Answer = {
    scenario: world.name,
    project: wanted.project,
    block: wanted.block,
    seeds,
    horizonDays,
    evidence: 'assumed',
    arms: arms.map((arm, index) => {
      const own = runs[index] ?? [];
      const result = compareArms(arm, { base, first: runs[1] ?? [], own });
      return {
        ...result,
        differenceDaysInterval: [...result.differenceDaysInterval],
        firstAheadDaysInterval: [...result.firstAheadDaysInterval],
        meanWaitDaysBefore: arm.agency === null ? null : meanWaitDays(world, base, arm.agency),
        meanWaitDays: arm.agency === null ? null : meanWaitDays(world, own, arm.agency),
      };
    }),
    stages: [...meanSpent(base)],
    seconds: (wallNow() - begin) / 1_000,
  };
  if (options.json === true) printJson(answer);
  else show(answer);
}

/** The world as it is, then the agency asked for, then every other agency with twice its reviewers. */
function armsOf(world: World, wanted: Delivered, { agency, reviewers }: ExperimentOptions): readonly Arm[] {
  const busy = busyAgencies(world, wanted);
  if (busy.length === 0)
    throw wrongInput(
      `permit experiment: found no agency that block ${wanted.block} of ${wanted.project} waits for, allowed: a block that waits for one`,
    );
  const asked = busy.find((candidate) => candidate.id === agency);
  if (agency !== undefined && asked === undefined) {
    throw wrongInput(`--agency: found ${JSON.stringify(agency)}, allowed: ${busy.map(({ id }) => id).join(', ')}`);
  }
  const first = asked === undefined ? busy : [asked, ...busy.filter((other) => other !== asked)];
  const set = reviewers === undefined ? null : wholeNumber('--reviewers', reviewers, 1, 1_000);
  return [
    { agency: null, reviewers: null },
    ...first.map((each, index) => ({ agency: each.id, reviewers: index === 0 && set !== null ? set : 2 * each.reviewers })),
  ];
}

/** Every arm with every seed; seeds on the outside, so that agencies nobody changed are made ready once. */
function runArms(worlds: readonly World[], wanted: Delivered, seeds: number): readonly (readonly Delivery[])[] {
  const runs: Delivery[][] = worlds.map(() => []);
  for (let seed = 1; seed <= seeds; seed += 1) {
    worlds.forEach((world, index) => runs[index]?.push(deliver(world, seed, wanted)));
    if (seed % 100 === 0 || seed === seeds) process.stderr.write(`${seed} of ${seeds} seeds, ${worlds.length} arms\n`);
  }
  return runs;
}

function projectOf(world: World, id: string | undefined): Project {
  const project = id === undefined ? world.projects[0] : world.projects.find((candidate) => candidate.id === id);
  if (project !== undefined) return project;
  const allowed = world.projects.length === 0 ? 'a scenario with projects' : world.projects.map((each) => each.id).join(', ');
  throw wrongInput(`--project: found ${id === undefined ? 'no project' : JSON.stringify(id)}, allowed: ${allowed}`);
}

/** The block asked for; else the last that is still to come. */
function blockOf(project: Project, text: string | undefined): number {
  const open = project.blocks.filter((block) => block.initialStage !== 'energized').map(({ block }) => block);
  const block = text === undefined ? open.at(-1) : open.find((candidate) => String(candidate) === text);
  if (block !== undefined) return block;
  throw wrongInput(`--block: found ${text === undefined ? 'none to come' : JSON.stringify(text)}, allowed: ${open.join(', ') || 'none'}`);
}

function show(answer: Answer): void {
  process.stdout.write(
    `Power of block ${answer.block} of ${answer.project} in ${answer.scenario}, ${answer.seeds} seeds, evidence ${answer.evidence}: ` +
      "efforts, chances and loads are the scenario's.\n\n",
  );
  printTable(
    answer.arms.map((arm) => ({
      agency: arm.agency ?? 'as it is',
      reviewers: arm.reviewers,
      'wait before': roundOrNull(arm.meanWaitDaysBefore),
      'wait after': roundOrNull(arm.meanWaitDays),
      'median days': round(arm.medianDays),
      'delivered %': round(100 * arm.deliveredRatio),
      'difference days': round(arm.differenceDays),
      '95 % from': round(arm.differenceDaysInterval[0] ?? 0),
      to: round(arm.differenceDaysInterval[1] ?? 0),
      'first ahead': round(arm.firstAheadDays),
      'from ': round(arm.firstAheadDaysInterval[0] ?? 0),
      'to ': round(arm.firstAheadDaysInterval[1] ?? 0),
    })),
    'no agencies',
  );
  process.stdout.write('\nMean days of each permit, as it is:\n');
  printTable(
    answer.stages.map(({ permit, workingDays, reviewerDays, applicantDays, noticeDays, courtDays }) => ({
      permit,
      working: round(workingDays),
      'waits for reviewer': round(reviewerDays),
      'waits for applicant': round(applicantDays),
      'public notice': round(noticeDays),
      'in court': round(courtDays),
    })),
    'no permits',
  );
}

function roundOrNull(value: number | null): number | null {
  return value === null ? null : round(value);
}

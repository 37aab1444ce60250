import { dayText } from '../../../shared/domain/days.js';
import { outcomeShares, outcomesAreDated } from '../../../shared/domain/queue/outcomes.js';
import { cohortOf, latenessOf } from '../../../shared/domain/queue/pledges.js';
import { replayProject, tallyOf, type ProjectOutcome } from '../../../shared/domain/queue/replay.js';
import { timeShares } from '../../../shared/domain/queue/shares.js';
import { stageDurations, stages } from '../../../shared/domain/queue/stages.js';
import type { End, Step } from '../../../shared/domain/queue/steps.js';
import { medianOf } from '../../../shared/domain/power/leastSquares.js';
import { endedDays } from '../../../shared/domain/survival/durations.js';
import { kaplanMeier, quantile } from '../../../shared/domain/survival/kaplanMeier.js';
import { stopwatchMs } from '../../../shared/runtime/clock.js';
import { readTable } from '../../../shared/scenario/csv.js';
import { compared } from '../../../shared/scenario/queue/compare.js';
import type { QueueProject } from '../../../shared/scenario/queue/projects.js';
import { countByReason, type Quarantined } from '../../../shared/scenario/quarantine.js';
import type { ReplayAnswer } from './answer.js';
import { readSource, type QueueSource, type SourceAsked } from './source.js';

/** What is asked of a replay. */
export interface ReplayAsked extends SourceAsked {
  readonly against?: string;
  readonly fromYear: number;
  readonly toYear: number;
  readonly seed: number;
  readonly resamples: number;
}

const builtSteps: readonly Step[] = ['energization-approved', 'synchronization-approved', 'in-operation'];
const outcomeYears = [2, 4, 6, 8, 10, 15];

/**
 * Replays a queue file through the machine and tells what became of its projects.
 * @throws TWIN_WRONG_INPUT
 */
export async function replayFile(file: string, asked: ReplayAsked): Promise<ReplayAnswer> {
  const openedAtMs = stopwatchMs();
  const source = await readSource(file, asked);
  const { projects, asOfDay, quarantined } = source;
  const outcomes = projects.map((project) => replayProject(project, asOfDay));
  const replaySeconds = (stopwatchMs() - source.readAtMs) / 1_000;
  const tally = tallyOf(projects, outcomes);
  const states = outcomes.map(({ state }) => state);
  const leftOut = [...source.unreadable, ...impossibleOf(source, outcomes)];
  const hasWithdrawn = outcomes.some(({ end }) => end === 'withdrawn');
  const areDated = outcomesAreDated(states, builtSteps);
  const lateness = latenessOf(source.pledges, asOfDay);
  const shares = timeShares(states, asked);
  const cohort = hasWithdrawn ? cohortOf(source.pledges, asked) : null;
  return {
    file,
    form: source.form.form,
    asOf: dayText(asOfDay),
    asOfFrom: source.asOfFrom,
    rows: source.rows,
    milestones: tally.milestones,
    quarantined: quarantined.length,
    quarantinedBy: [...countByReason(quarantined)],
    quarantine: [...quarantined],
    milestonesLeftOut: leftOut.length,
    leftOutBy: [...countByReason(leftOut)],
    leftOut,
    reversed: tally.reversed,
    outOfOrder: tally.outOfOrder,
    outOfOrderProjects: tally.outOfOrderProjects,
    redated: tally.redated,
    order: [...tally.pairs],
    ended: countEnds(outcomes),
    statusWords: statusWords(projects, outcomes),
    agreements: states.filter(({ reached }) => 'agreement-signed' in reached).length,
    stages: stages.flatMap((stage) => stageOf(states, stage, asOfDay)),
    shareOfTime: shares === null ? null : { ...shares, evidence: 'measured' },
    lateness: lateness === null ? null : { ...lateness, evidence: 'measured' },
    cohort: cohort === null ? null : { ...cohort, evidence: 'measured' },
    outcomes: hasWithdrawn && areDated ? [...outcomeShares(states, { built: builtSteps, asOfDay, years: outcomeYears })] : [],
    rescheduled: {
      count: tally.laterDays.length,
      laterCount: tally.laterDays.filter((days) => days > 0).length,
      medianLaterDays: tally.laterDays.length === 0 ? null : medianOf(tally.laterDays),
    },
    changes: asked.changes === undefined ? null : changesOf(asked.changes, source),
    next: asked.against === undefined ? null : await nextOf(asked.against, source),
    notes: notesOf({ hasWithdrawn, areDated, lateness, shares, cohort, asked, isSnapshot: asked.changes === undefined }),
    readSeconds: (source.readAtMs - openedAtMs) / 1_000,
    replaySeconds,
    milestonesPerSecond: tally.milestones / replaySeconds,
  };
}

function countEnds(outcomes: readonly ProjectOutcome[]): Record<End, number> {
  const counts = { agreementSigned: 0, energized: 0, completed: 0, withdrawn: 0, active: 0 };
  for (const { end } of outcomes) counts[end] += 1;
  return counts;
}

/** The file's own words, and where their projects stand. */
function statusWords(projects: readonly QueueProject[], outcomes: readonly ProjectOutcome[]): ReplayAnswer['statusWords'] {
  const words = [...new Set(projects.map(({ word }) => word))].sort();
  return words.map((word) => {
    const own = outcomes.filter((_, place) => projects[place]?.word === word);
    return { word, rows: own.length, ended: countEnds(own) };
  });
}

function stageOf(states: readonly ProjectOutcome['state'][], stage: (typeof stages)[number], asOfDay: number): ReplayAnswer['stages'] {
  const { durations, ...counts } = stageDurations(states, stage, asOfDay);
  const finished = endedDays(durations);
  // Where most ends have no day, the few that have one are not like the others.
  if (finished.length <= counts.undated) return [];
  const curve = kaplanMeier(durations);
  const { value, low, high } = quantile(curve, 0.5);
  return [
    {
      ...stage,
      entered: curve.count,
      finished: finished.length,
      open: curve.count - finished.length,
      ...counts,
      medianFinishedDays: medianOf(finished),
      medianDays: value,
      medianLowDays: low,
      medianHighDays: high,
      p25Days: quantile(curve, 0.25).value,
      p75Days: quantile(curve, 0.75).value,
      evidence: 'measured',
    },
  ];
}

/** Milestones that the machine refused, as mistakes of their cells. */
function impossibleOf({ projects, table }: QueueSource, outcomes: readonly ProjectOutcome[]): Quarantined[] {
  return outcomes.flatMap(({ remarks }, place) =>
    remarks.flatMap(({ milestone, remark }) => {
      const project = projects[place];
      const heard = project?.milestones[milestone];
      if (remark.kind !== 'impossible' || project === undefined || heard === undefined) return [];
      const found = heard.day === null ? remark.step : dayText(heard.day);
      const allowed = { 'in the future': 'a day up to that of the file', 'before the request': 'a day from the request on' };
      const others = { 'after the withdrawal': 'a day up to the withdrawal', 'not reached': 'a step that was reached' };
      return [
        {
          line: table.lines[project.row] ?? null,
          field: project.fields[milestone] ?? remark.step,
          found: `${found} (${project.id})`,
          allowed: { ...allowed, ...others }[remark.reason],
          reason: remark.reason,
        },
      ];
    }),
  );
}

function changesOf(file: string, { carried, form }: QueueSource): ReplayAnswer['changes'] {
  if (carried === null) return null;
  const moves = new Map<string, { from: string; to: string; projects: number }>();
  for (const { cells } of carried.groups) {
    const cell = cells.get(form.status ?? '');
    if (cell === undefined) continue;
    const key = `${cell.from}/${cell.to}`;
    moves.set(key, { ...cell, projects: (moves.get(key)?.projects ?? 0) + 1 });
  }
  const { changes, quarantined } = carried;
  return { file, count: changes, leftOut: quarantined.length, leftOutBy: [...countByReason(quarantined)], moves: [...moves.values()] };
}

async function nextOf(file: string, { table, form }: QueueSource): Promise<ReplayAnswer['next']> {
  const { projects, cells, different, onlyHere, onlyThere } = compared(table, await readTable(file), {
    id: form.id,
    besides: [form.snapshot],
  });
  return {
    file,
    isSame: different.length === 0 && onlyHere.length === 0 && onlyThere.length === 0,
    projects,
    cells,
    differentCells: different.length,
    onlyHere: [...onlyHere],
    onlyThere: [...onlyThere],
    different: [...different],
  };
}

/** What a file cannot tell, so that nobody takes silence for a figure. */
function notesOf(of: {
  readonly hasWithdrawn: boolean;
  readonly areDated: boolean;
  readonly lateness: unknown;
  readonly shares: unknown;
  readonly cohort: unknown;
  readonly asked: ReplayAsked;
  readonly isSnapshot: boolean;
}): string[] {
  const years = `${of.asked.fromYear} to ${of.asked.toYear}`;
  return [
    ...(of.hasWithdrawn ? [] : ['no withdrawn project in the file: shares built are not told, those that gave up are missing']),
    ...(of.hasWithdrawn && of.cohort === null ? [`no project asked in ${years}: --cohort`] : []),
    ...(of.hasWithdrawn && !of.areDated ? ['too many ends without a day: what becomes of projects over the years is not told'] : []),
    ...(of.lateness === null ? ['no on-line day beside one as filed: lateness is not told; planned dates are revised ones'] : []),
    ...(of.shares === null ? ['no project with the days of request, study, agreement and energization: shares of time are not told'] : []),
    ...(of.isSnapshot ? ['a snapshot has the last day of each step: what was taken back shows in --changes only'] : []),
  ];
}

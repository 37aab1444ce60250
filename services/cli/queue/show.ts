import { printTable, round } from '../output.js';
import type { ReplayAnswer } from './answer.js';

const percent = (value: number, places = 0): string => `${(100 * value).toFixed(places)} %`;
const whole = (value: number | null): string => (value === null ? '-' : String(Math.round(value)));

interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

function share({ value, low, high }: Interval, places = 0): string {
  return `${percent(value, places)} [${(100 * low).toFixed(places)}, ${(100 * high).toFixed(places)}]`;
}

/** Prints a replay for people. */
export function showReplay(answer: ReplayAnswer): void {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const counted = (reasons: readonly { readonly reason: string; readonly count: number }[]): string =>
    reasons.map(({ reason, count }) => `${count} ${reason}`).join(', ');
  say(`${answer.form}, ${answer.rows} projects up to ${answer.asOf} (${answer.asOfFrom}); intervals of 95 %; evidence: measured\n`);
  printTable(
    [{ word: 'all', rows: answer.rows - answer.quarantined, ended: answer.ended }, ...answer.statusWords].map(({ word, rows, ended }) => ({
      "file's word": word === '' ? 'none' : word,
      projects: rows,
      'agreement signed': ended.agreementSigned,
      energized: ended.energized,
      completed: ended.completed,
      withdrawn: ended.withdrawn,
      active: ended.active,
    })),
    '',
  );
  say('');
  if (answer.quarantined > 0) say(`rows left out: ${answer.quarantined} (${counted(answer.quarantinedBy)})`);
  if (answer.milestonesLeftOut > 0) say(`dates left out: ${answer.milestonesLeftOut} (${counted(answer.leftOutBy)})`);
  say(
    `${answer.milestones} milestones; out of order: ${answer.outOfOrder} in ${answer.outOfOrderProjects} projects; taken back: ${answer.reversed}`,
  );
  for (const { step, before, projects, of } of answer.order) say(`  ${step} before ${before}: ${projects} of ${of}`);
  say('');
  printTable(
    answer.stages.map((stage) => ({
      stage: stage.stage,
      entered: stage.entered,
      finished: stage.finished,
      open: stage.open,
      withdrawn: stage.withdrawn,
      reversed: stage.reversed,
      'median d of finished': whole(stage.medianFinishedDays),
      'median d': whole(stage.medianDays),
      '95 %': `${whole(stage.medianLowDays)} to ${whole(stage.medianHighDays)}`,
    })),
    'no stage with both its days',
  );
  showFigures(answer, say);
  for (const note of answer.notes) say(`note: ${note}`);
  say(`${Math.round(answer.milestonesPerSecond)} milestones/s, and ${answer.readSeconds.toFixed(2)} s to read`);
}

function showFigures(answer: ReplayAnswer, say: (line: string) => void): void {
  const { shareOfTime, lateness, cohort, changes, next, rescheduled } = answer;
  say('');
  if (shareOfTime !== null) {
    const { projects, preparation, studyAndAgreement, build } = shareOfTime;
    say(`share of time, ${projects} energized projects: before the study ${share(preparation)},`);
    say(`  study and agreement ${share(studyAndAgreement)}, build ${share(build)}`);
  }
  if (lateness !== null) {
    const { projects, lateRatio, days10, days50, days90, openProjects, openPastProjects } = lateness;
    const days = [days10, days50, days90].map(({ value, low, high }) => `${whole(value)} [${whole(low)}, ${whole(high)}]`);
    say(`on line against the date as filed, ${projects} projects: late ${share(lateRatio)}, days at 10/50/90 %: ${days.join(', ')}`);
    say(`  open with that date passed: ${openPastProjects} of ${openProjects}`);
  }
  if (cohort !== null) {
    const mw = cohort.builtMwRatio === null ? '' : `, ${share(cohort.builtMwRatio, 1)} of ${round(cohort.capacityMw / 1_000)} GW`;
    say(`asked ${cohort.fromYear} to ${cohort.toYear}: built ${share(cohort.builtRatio, 1)} of ${cohort.projects} projects${mw}`);
  }
  if (answer.outcomes.length > 0) {
    const told = answer.outcomes.map(
      ({ years, builtRatio, withdrawnRatio }) => `${years} a: ${percent(builtRatio)}/${percent(withdrawnRatio)}`,
    );
    say(`built/withdrawn after the request: ${told.join(', ')}`);
  }
  if (changes !== null) {
    const moves = changes.moves.map(({ from, to, projects }) => `${from} to ${to} ${projects}`);
    say(`changes: ${changes.count}, left out ${changes.leftOut}; ${moves.join(', ')}`);
    if (rescheduled.medianLaterDays !== null)
      say(
        `  planned date moved ${rescheduled.count} times, ${rescheduled.laterCount} later, median ${whole(rescheduled.medianLaterDays)} d`,
      );
  }
  if (next === null) return;
  say(
    `next snapshot: ${next.isSame ? 'the same' : 'not the same'}; ${next.cells} cells of ${next.projects} projects, ${next.differentCells} differ`,
  );
  for (const { id, column, found, wanted } of next.different.slice(0, 10)) say(`  ${id}, ${column}: ${found}, there ${wanted}`);
  if (next.onlyHere.length + next.onlyThere.length > 0)
    say(`  only here: ${next.onlyHere.join(' ')}; only there: ${next.onlyThere.join(' ')}`);
}

import { quarantineLine, type Quarantined } from '../../../shared/scenario/quarantine.js';
import { printTable } from '../output.js';
import type { FitAnswer } from './answer.js';
import type { Checked } from './standard.js';

/** Mistakes told one by one; all of them stand in --json. */
const mostLines = 20;

/** Tells on standard error what was left out of a file, one line each. */
export function tellQuarantine(file: string, quarantined: readonly Quarantined[], what = 'left out'): void {
  for (const each of quarantined.slice(0, mostLines)) process.stderr.write(`${what}: ${quarantineLine(file, each)}\n`);
  const more = quarantined.length - mostLines;
  if (more > 0) process.stderr.write(`${what}: ${more} more, see --json\n`);
}

/** The groups of at least `least` cases as a table, and what they stand on. */
export function showFit(answer: FitAnswer, least: number): void {
  const shown = answer.groups.filter((group) => group.agency === 'all' || group.count >= least);
  const digits = (value: number | null, places: number): string => (value === null ? '-' : value.toFixed(places));
  printTable(
    shown.map((group) => ({
      [answer.by === 'none' ? 'group' : answer.by]: group.agency,
      cases: group.count,
      open: group.censored,
      'median d': digits(group.medianDays, 0),
      '95 %': `${digits(group.medianLowDays, 0)} to ${digits(group.medianHighDays, 0)}`,
      '10 %': digits(group.quantilesDays.p10, 0),
      '90 %': digits(group.quantilesDays.p90, 0),
      lognormal: digits(group.lognormalMedianDays, 0),
      sigma: digits(group.sigma, 2),
      KS: digits(group.ksDistance, 3),
      'KS with open': digits(group.ksDistanceFromCurve, 3),
      sample: group.sample,
      'other half': group.holdOut === null ? '-' : `${digits(group.holdOut.ksDistance, 3)} of ${digits(group.holdOut.acceptedDistance, 3)}`,
      'halves that pass': group.holdOut === null ? '-' : `${digits(100 * group.holdOut.acceptedRatio, 0)} %`,
    })),
    'no cases',
  );
  const few = answer.groups.length - shown.length;
  const lines = [
    `${answer.start} to ${answer.end}, given ${answer.given}; ${answer.used} of ${answer.rows} rows; evidence: ${answer.evidence}`,
    ...(answer.quarantined === 0 ? [] : [`left out: ${answer.quarantinedBy.map(({ reason, count }) => `${count} ${reason}`).join(', ')}`]),
    ...(answer.outOfOrder === 0 ? [] : [`decided before the final statement: ${answer.outOfOrder}`]),
    ...(few === 0 ? [] : [`${few} groups of fewer than ${least} cases: --least 1, --json`]),
    'median: Kaplan-Meier, open cases counted; sample: quantiles where the lognormal is further than KS 0.100 (with open, where most are open)',
  ];
  process.stdout.write(`\n${lines.join('\n')}\n`);
}

/** What a file of the standard holds, and what in it is not of the standard. */
export function showChecked({ file, isValid, problems, projects, statuses, events }: Checked): void {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  for (const { field, found, allowed } of problems.slice(0, mostLines)) say(`${file}: ${field}: found ${found}, allowed: ${allowed}`);
  if (problems.length > mostLines) say(`${problems.length - mostLines} more, see --json`);
  if (statuses.length > 0) {
    printTable(
      statuses.map(({ status, outcome, phase, processes }) => ({
        status,
        outcome: outcome || '-',
        'means here': phase ?? 'not said',
        processes,
      })),
      '',
    );
    say('');
  }
  if (events.length > 0) {
    printTable(
      events.map(({ type, role, events: count }) => ({ 'case event': type, 'for durations': role ?? '-', events: count })),
      '',
    );
    say('');
  }
  say(`${projects} projects; ${isValid ? 'of the standard' : `not of the standard: ${problems.length} places`}`);
}

import type { FrequencyCourse } from './frequency.js';
import type { StateReason } from './stateWord.js';

const mw = (value: number): string => `${Math.round(value)} MW`;
const percent = (value: number): string => `${Math.round(100 * value)} %`;

/** What a sentence about the state word speaks of: names instead of places. */
export interface StateNames {
  readonly availableMw: number;
  readonly requirementMw: number;
  /** Unit whose loss is covered worst, with its MW. */
  readonly upward: { readonly id: string; readonly lostMw: number } | null;
  /** Bus of the campuses whose loss is covered worst, with their MW. */
  readonly downward: { readonly id: string; readonly lostMw: number } | null;
}

/** The state word in one or a few sentences: reserve against its requirement, then each reason with its MW, gravest first. */
export function stateSentence(reasons: readonly StateReason[], names: StateNames): string {
  const { availableMw, requirementMw } = names;
  const isBelow = reasons.some(({ kind }) => kind === 'reserve-below');
  const missingMw = requirementMw - availableMw;
  const said = reasons.map((reason) => reasonSentence(reason, names));
  if (isBelow) return said.join(' ');
  const first =
    missingMw > 1e-6
      ? `Reserve of ${mw(availableMw)} is ${mw(missingMw)} short of the requirement of ${mw(requirementMw)}.`
      : `Reserve of ${mw(availableMw)} meets the requirement of ${mw(requirementMw)}.`;
  return [
    ...said.filter((_, place) => reasons[place]?.word !== 'normal'),
    first,
    ...said.filter((_, place) => reasons[place]?.word === 'normal'),
  ].join(' ');
}

function reasonSentence(reason: StateReason, { availableMw, upward, downward }: StateNames): string {
  switch (reason.kind) {
    case 'unserved':
      return `${mw(reason.mw)} of load are not served.`;
    case 'reserve-below':
      return `Reserve of ${mw(availableMw)} is ${mw(reason.mw)} below the ${mw(reason.thresholdMw)} where ${reason.word} begins.`;
    case 'upward-shortfall':
      return `Running units cover the loss of ${upward?.id ?? 'a unit'} (${mw(upward?.lostMw ?? 0)}) but for ${mw(reason.mw)}.`;
    case 'downward-shortfall':
      return `Running units cover the loss of the campuses at ${downward?.id ?? 'a bus'} (${mw(downward?.lostMw ?? 0)}) but for ${mw(reason.mw)}.`;
  }
}

/** A line after a loss, by name. */
export interface NamedPair {
  readonly line: string;
  readonly lost: string;
  readonly loadingRatio: number;
}

/** The N-1 badge in words: what breaks, or what comes nearest to it, and what radial lines interrupt. */
export function securitySentence(badge: {
  readonly violatedPairs: number;
  readonly worst: NamedPair | null;
  readonly lossViolatedPairs: number;
  readonly worstLoss: NamedPair | null;
  /** Radial line whose loss interrupts most. */
  readonly islanding: { readonly line: string; readonly interruptedMw: number } | null;
}): string {
  const { worst, worstLoss, islanding } = badge;
  const pairs = (count: number): string => (count === 1 ? '1 pair' : `${count} pairs`);
  const first =
    worst === null
      ? 'N-1 holds: no line with a long-term emergency rating takes over from another one.'
      : badge.violatedPairs === 0
        ? `N-1 holds: most loaded ${pairWords(worst)}.`
        : `N-1: ${pairs(badge.violatedPairs)} above the long-term emergency rating, worst ${pairWords(worst)}.`;
  const second =
    worstLoss === null || badge.lossViolatedPairs === 0
      ? []
      : [`After the loss of a unit or DC link: ${pairs(badge.lossViolatedPairs)}, worst ${pairWords(worstLoss)}.`];
  const third =
    islanding === null || islanding.interruptedMw < 0.5
      ? []
      : [`The loss of ${islanding.line}, which has no way round, interrupts ${mw(islanding.interruptedMw)}.`];
  return [first, ...second, ...third].join(' ');
}

function pairWords({ line, lost, loadingRatio }: NamedPair): string {
  return `${line} at ${percent(loadingRatio)} after the loss of ${lost}`;
}

/** What frequency would do after a loss, in words. */
export function frequencySentence(what: string, course: FrequencyCourse): string {
  const hz = (value: number): string => `${value.toFixed(2)} Hz`;
  const rate = `${course.rateHzPerSecond.toFixed(2)} Hz/s`;
  const end = course.isCollapsed ? ', then collapse' : '';
  const acts = [
    ...(course.shedMw > 0 ? [`${mw(course.shedMw)} of load shed`] : []),
    ...(course.trippedMw > 0 ? [`${mw(course.trippedMw)} of generation tripped`] : []),
  ];
  const extreme = course.direction === 'falling' ? `lowest ${hz(course.lowestHz)}` : `highest ${hz(course.highestHz)}`;
  const done = acts.length > 0 ? acts.join(', ') : course.direction === 'falling' ? 'no load shed' : 'no generation tripped';
  return `Loss of ${what} (${mw(course.lostMw)}): ${rate}, ${extreme}, ${done}${end}.`;
}

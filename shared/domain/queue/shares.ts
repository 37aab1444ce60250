import { ratioIntervals, type Interval } from '../survival/intervals.js';
import type { ProjectState } from './machine.js';

/** Where the time from request to energization went, over projects that are energized: shares of the days of all of them together. */
export interface TimeShares {
  readonly projects: number;
  readonly days: number;
  /** Request to the request for the full study; below 0 for a project that asked for its study first. */
  readonly preparation: Interval;
  /** From there to the approval of the study and the signed agreement, whichever is later. */
  readonly studyAndAgreement: Interval;
  /** From there to the approval to energize. */
  readonly build: Interval;
}

/** Shares of the time with their intervals over resamples of the projects; null without a project that has all of these days. */
export function timeShares(states: readonly ProjectState[], how: { readonly seed: number; readonly resamples: number }): TimeShares | null {
  const parts = states.flatMap(({ reached }) => {
    const [requested, study, approved] = [reached.requested, reached['study-requested'], reached['study-approved']];
    const [signed, energized] = [reached['agreement-signed'], reached['energization-approved']];
    if (!isDay(requested) || !isDay(study) || !isDay(signed) || !isDay(energized)) return [];
    const agreed = isDay(approved) ? Math.max(approved, signed) : signed;
    return [{ preparation: study - requested, studyAndAgreement: agreed - study, build: energized - agreed, whole: energized - requested }];
  });
  if (parts.length === 0) return null;
  const daysOf = (name: 'preparation' | 'studyAndAgreement' | 'build' | 'whole'): Float64Array =>
    Float64Array.from(parts, (part) => part[name]);
  const whole = daysOf('whole');
  const named = [daysOf('preparation'), daysOf('studyAndAgreement'), daysOf('build')];
  const [preparation, studyAndAgreement, build] = ratioIntervals(named, whole, { ...how, name: 'share-of-time' });
  if (preparation === undefined || studyAndAgreement === undefined || build === undefined) return null;
  const days = whole.reduce((sum, each) => sum + each, 0);
  return { projects: parts.length, days, preparation, studyAndAgreement, build };
}

function isDay(day: number | null | undefined): day is number {
  return typeof day === 'number';
}

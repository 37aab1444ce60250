import type { Cohort, Lateness } from '../queue/pledges.js';

/** What usually becomes of announced power. Two sets exist, for generators and for large loads; they are never mixed. */
export interface ExpectationSet {
  readonly name: 'generators' | 'large-loads';
  /** Chance that a project is built at all. */
  readonly builtRatio: number;
  /** Part of the announced MW of a project that is built: its mean, and how much it spreads (Beta; null: always all of it). */
  readonly builtMwRatio: number;
  readonly concentration: number | null;
  /** Days after the promised day: a lognormal, or rising quantiles at equal steps of chance. */
  readonly late: LateDays;
  readonly evidence: 'calibrated' | 'assumed';
  readonly source: string;
}

export type LateDays =
  | { readonly kind: 'lognormal'; readonly medianDays: number; readonly sigma: number }
  | { readonly kind: 'quantiles'; readonly days: readonly number[] };

/**
 * Data centers and other large loads. ERCOT counts 49.8 % of announced data-center MW, some 220 days late, and 55.4 % of officer letters
 * energized (its forecast testimony and working-group summary of 2025); the spread of delay and share are assumed.
 */
export const largeLoads: ExpectationSet = {
  name: 'large-loads',
  builtRatio: 0.55,
  builtMwRatio: 0.5,
  concentration: 4,
  late: { kind: 'lognormal', medianDays: 190, sigma: 0.6 },
  evidence: 'assumed',
  source: 'ERCOT, large-load forecast of 2025: 49.8 % of MW, 55.4 % of letters energized, some 220 days late; spread assumed',
};

/** Steps of chance between the quantiles of a fitted set. */
const quantileSteps = 20;

/**
 * Generators as a queue file tells them: the share built is that of the capacity of a cohort, so that large projects that fail more often
 * count as what they are; delays are those of projects that were built, and say nothing of those still open.
 */
export function generatorsOf(cohort: Cohort, lateDays: readonly number[], lateness: Lateness, file: string): ExpectationSet {
  const sorted = Float64Array.from(lateDays).sort();
  const at = (ratio: number): number => sorted[Math.round(ratio * (sorted.length - 1))] ?? 0;
  return {
    name: 'generators',
    builtRatio: cohort.builtMwRatio?.value ?? cohort.builtRatio.value,
    builtMwRatio: 1,
    concentration: null,
    late: { kind: 'quantiles', days: Array.from({ length: quantileSteps + 1 }, (_, step) => at(step / quantileSteps)) },
    evidence: 'calibrated',
    source: `${file}: ${cohort.projects} projects of ${cohort.fromYear} to ${cohort.toYear}, ${lateness.projects} days on line against the day as filed`,
  };
}

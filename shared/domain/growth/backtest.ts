import { bestLogistic, fitExponential, logScore, type GrowthFit } from './fits.js';
import { quarterly, type Dated } from './records.js';

const daysPerYear = 365.25;

/** How two ways to go on from the past told the two years after a day. */
export interface Cut {
  readonly day: number;
  readonly quartersBefore: number;
  readonly exponentialScore: number;
  readonly logisticScore: number;
}

/** What growth has been, and how long it may go on. */
export interface GrowthStudy {
  readonly exponential: GrowthFit;
  readonly logistic: GrowthFit;
  /** Ceilings whose fit is as good as the best, within 2 of Akaike's criterion; `isUnbounded`: the largest one tried is one of them. */
  readonly ceilings: { readonly least: number; readonly most: number; readonly isUnbounded: boolean };
  readonly cuts: readonly Cut[];
  readonly exponentialWins: number;
  /** Told better by the exponential in three of four cuts at least, and no ceiling is too high for the record. */
  readonly isExponentialSoFar: boolean;
}

/** Years after a cut that are told, and how far before the end the cuts lie. */
const toldYears = 2;
const cutYearsBack = [5, 4, 3, 2];
/** Cuts that the exponential has to tell better. */
const leastWins = 3;
/** Quarters that a fit needs. */
const leastQuarters = 6;

/** Fits all of the past, and the past as it was known on four days against the two years after each; null: too little is known. */
export function studyGrowth(records: readonly Dated[], untilDay: number): GrowthStudy | null {
  const all = quarterly(records, -Infinity, untilDay);
  if (all.logs.length < leastQuarters) return null;
  const { fit: logistic, ceilings } = bestLogistic(all);
  const cuts = cutYearsBack.flatMap((back): Cut[] => {
    const day = untilDay - back * daysPerYear;
    const before = quarterly(records, -Infinity, day);
    if (before.logs.length < leastQuarters) return [];
    const later = quarterly(records, day + 1, day + toldYears * daysPerYear);
    const exponentialScore = logScore(fitExponential(before), later);
    return [{ day, quartersBefore: before.logs.length, exponentialScore, logisticScore: logScore(bestLogistic(before).fit, later) }];
  });
  const largest = Math.exp(all.logs.at(-1) ?? 0);
  const [least = Infinity, most = Infinity] = [ceilings[0], ceilings.at(-1)];
  const exponentialWins = cuts.filter(({ exponentialScore, logisticScore }) => exponentialScore > logisticScore).length;
  const isUnbounded = most > 1_000 * largest;
  return {
    exponential: fitExponential(all),
    logistic,
    ceilings: { least, most, isUnbounded },
    cuts,
    exponentialWins,
    isExponentialSoFar: cuts.length === cutYearsBack.length && exponentialWins >= leastWins && isUnbounded,
  };
}

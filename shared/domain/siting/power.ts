import { floatAt } from '../grid/dense.js';
import type { Placements } from './placement.js';

/** What the test can see at all, whatever was built. */
export interface TestPower {
  /** Chance of an effect being seen that is not there: one-sided. */
  readonly levelRatio: number;
  /** Least value of the statistic that is an effect at this level; null where no value is. */
  readonly critical: number | null;
  /** Mean percentile of sites at which such an effect is seen with the chance `powerRatio`; null where none is large enough. */
  readonly powerRatio: number;
  readonly detectableMean: number | null;
}

/** What built sites show. */
export interface TestResult {
  readonly statistic: number;
  /** Mean of the statistic when places are drawn without preference, and what is built above it. */
  readonly expected: number;
  readonly effect: number;
  /** The effect by the standard deviation of the statistic; null where it is 0. */
  readonly effectSd: number | null;
  /** Chance of at least this statistic without preference. */
  readonly pValue: number;
  /** Mean percentiles of sites that both sides of the test, 2.5 % each, do not refuse. */
  readonly interval: { readonly low: number; readonly high: number };
}

const levelRatio = 0.05;
const powerRatio = 0.8;
const sideRatio = 0.025;
/** Preference looked at, from none of one side to none of the other: means of 0.005 to 0.995. */
const mostExponent = 200;
const halvings = 25;
/** Sums of the same percentiles in another order differ by less. */
const tolerance = 1e-9;

/** Critical value and power of the mean percentile, from draws. */
export function powerOf(placements: Placements): TestPower {
  const critical = criticalOf(placements.statistics(1));
  const seen = (exponent: number): number => (critical === null ? 0 : shareAtLeast(placements.statistics(exponent), critical));
  const isReached = seen(mostExponent) >= powerRatio;
  const exponent = isReached ? crossing((each) => seen(each) >= powerRatio) : null;
  return { levelRatio, critical, powerRatio, detectableMean: exponent === null ? null : meanOf(placements.statistics(exponent)) };
}

/** What a statistic says against draws without preference. */
export function resultOf(placements: Placements, statistic: number): TestResult {
  const drawn = placements.statistics(1);
  const expected = meanOf(drawn);
  const sd = Math.sqrt(drawn.reduce((sum, value) => sum + (value - expected) ** 2, 0) / Math.max(1, drawn.length - 1));
  // The least preference that makes as much as this likely enough, and the most that makes as little.
  const low = crossing((exponent) => shareAtLeast(placements.statistics(exponent), statistic) >= sideRatio);
  const high = crossing((exponent) => shareAtMost(placements.statistics(exponent), statistic) < sideRatio);
  return {
    statistic,
    expected,
    effect: statistic - expected,
    effectSd: sd > tolerance ? (statistic - expected) / sd : null,
    pValue: pValueOf(drawn, statistic),
    interval: { low: meanOf(placements.statistics(low)), high: meanOf(placements.statistics(high)) },
  };
}

/** Chance of at least a value among draws, the value itself counted as one of them. */
export function pValueOf(drawn: Float64Array, value: number): number {
  return (1 + drawn.length * shareAtLeast(drawn, value)) / (1 + drawn.length);
}

/** Mean of draws. */
export function meanOf(drawn: Float64Array): number {
  return drawn.reduce((sum, value) => sum + value, 0) / Math.max(1, drawn.length);
}

/** Least drawn value that at most the level of all draws reach; null where even the largest is more common. */
function criticalOf(drawn: Float64Array): number | null {
  const sorted = drawn.toSorted();
  for (let place = Math.floor((1 - levelRatio) * sorted.length); place < sorted.length; place++) {
    const value = floatAt(sorted, place);
    if (shareAtLeast(drawn, value) <= levelRatio) return value;
  }
  return null;
}

function shareAtLeast(drawn: Float64Array, value: number): number {
  return drawn.reduce((count, each) => count + (each >= value - tolerance ? 1 : 0), 0) / drawn.length;
}

function shareAtMost(drawn: Float64Array, value: number): number {
  return drawn.reduce((count, each) => count + (each <= value + tolerance ? 1 : 0), 0) / drawn.length;
}

/** Exponent from which a condition holds, by halving on a logarithmic scale; an end of the scale where it holds nowhere or everywhere. */
function crossing(holds: (exponent: number) => boolean): number {
  let [low, high] = [Math.log(1 / mostExponent), Math.log(mostExponent)];
  if (holds(Math.exp(low))) return Math.exp(low);
  if (!holds(Math.exp(high))) return Math.exp(high);
  for (let halving = 0; halving < halvings; halving++) {
    const middle = (low + high) / 2;
    if (holds(Math.exp(middle))) high = middle;
    else low = middle;
  }
  return Math.exp(high);
}

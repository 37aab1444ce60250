import { at } from '../grid/dense.js';
import { inverseRatings, loadingToleranceRatio, rankingOf, sumAt, type LineLoading } from './loading.js';
import type { OutageFactors } from './outageFactors.js';

/**
 * A line and the outage that loads it. As a limit for a dispatch: flow of `line` + factorRatio * flow of `outage`, both before the
 * outage, lies within -ratingMw and +ratingMw.
 */
export interface OutagePair extends LineLoading {
  readonly outage: number;
  readonly factorRatio: number;
}

/** What the outage of a radial line cuts off. */
export interface Islanding {
  readonly outage: number;
  readonly buses: readonly number[];
  /** Flow over the line: what the part cut off loses, or what the rest loses. */
  readonly interruptedMw: number;
  /** What the part cut off has to live with from then on: its load, and who feeds whom before. */
  readonly cutOffLoadMw: number;
  readonly direction: 'fed' | 'feeding';
}

/** N-1 of AC lines at one instant: a badge of its own, never part of the state word. */
export interface Screening {
  readonly isSecure: boolean;
  /** The most loaded line after any outage, broken or not; null when no line has a rating. */
  readonly worst: OutagePair | null;
  /** Pairs of line and outage beyond the rating: how many, over how many outages, and the worst of them, worst first. */
  readonly violatedPairs: number;
  readonly violatedOutages: number;
  readonly pairs: readonly OutagePair[];
  /** Outages that split an island, most MW first. */
  readonly islanding: readonly Islanding[];
}

/** One instant as plain arrays. */
export interface Flows {
  /** [lines]: from the first to the second bus; negative the other way. */
  readonly netFlowMw: Float64Array;
  /** [lines]: long-term emergency ratings; null or infinite: none. */
  readonly emergencyRatingMw: ArrayLike<number | null>;
  /** [buses] */
  readonly loadMw: Float64Array;
}

/**
 * Takes every line in service out, one at a time, and compares the flows that follow with the long-term emergency ratings; `keep` limits
 * the list of pairs (Infinity: all, as rows for a dispatch). Where a line is radial, nothing else carries its flow: it is listed
 * under `islanding`, and how the two parts balance is not part of this screening.
 */
export function screenOutages(factors: OutageFactors, flows: Flows, keep = 10): Screening {
  const { netFlowMw } = flows;
  const inverse = inverseRatings(flows.emergencyRatingMw);
  const lineCount = netFlowMw.length;
  const ranking = rankingOf<OutagePair>(keep);
  let violatedPairs = 0;
  let violatedOutages = 0;
  let [worstLine, worstOutage, worstRatio] = [-1, -1, 0];
  const pairOf = (line: number, outage: number): OutagePair => {
    const factorRatio = at(factors.columnOf(outage), line);
    const after = at(netFlowMw, line) + factorRatio * at(netFlowMw, outage);
    const ratio = Math.abs(after) * at(inverse, line);
    return { line, outage, factorRatio, netFlowMw: after, ratingMw: 1 / at(inverse, line), loadingRatio: ratio };
  };
  for (let outage = 0; outage < lineCount; outage++) {
    if (at(factors.network.susceptance, outage) === 0 || at(factors.isRadial, outage) === 1) continue;
    const after = { netFlowMw, column: factors.columnOf(outage), lostMw: at(netFlowMw, outage), inverse };
    const largestRatio = largestLoading(after);
    if (largestRatio <= Math.min(worstRatio, 1 + loadingToleranceRatio)) continue;
    const violatedBefore = violatedPairs;
    for (let line = 0; line < lineCount; line++) {
      const ratio = loadingOf(line, after);
      if (ratio > worstRatio) [worstRatio, worstLine, worstOutage] = [ratio, line, outage];
      if (ratio <= 1 + loadingToleranceRatio) continue;
      violatedPairs++;
      if (ratio > ranking.floorRatio()) ranking.take(pairOf(line, outage));
    }
    if (violatedPairs > violatedBefore) violatedOutages++;
  }
  return {
    isSecure: violatedPairs === 0,
    worst: worstLine < 0 ? null : pairOf(worstLine, worstOutage),
    violatedPairs,
    violatedOutages,
    pairs: ranking.entries,
    islanding: islandingOf(factors, flows),
  };
}

interface AfterOutage {
  readonly netFlowMw: Float64Array;
  readonly column: Float64Array;
  readonly lostMw: number;
  readonly inverse: Float64Array;
}

function loadingOf(line: number, { netFlowMw, column, lostMw, inverse }: AfterOutage): number {
  return Math.abs(at(netFlowMw, line) + at(column, line) * lostMw) * at(inverse, line);
}

/** The loop that all the time goes into: kept free of anything but arithmetic. */
function largestLoading({ netFlowMw, column, lostMw, inverse }: AfterOutage): number {
  let largest = 0;
  for (let line = 0; line < column.length; line++) {
    const ratio = Math.abs((netFlowMw[line] as number) + (column[line] as number) * lostMw) * (inverse[line] as number);
    if (ratio > largest) largest = ratio;
  }
  return largest;
}

function islandingOf(factors: OutageFactors, { netFlowMw, loadMw }: Flows): readonly Islanding[] {
  const found: Islanding[] = [];
  for (let outage = 0; outage < netFlowMw.length; outage++) {
    if (at(factors.isRadial, outage) === 0) continue;
    const buses = factors.cutOffBuses(outage);
    const flowMw = at(netFlowMw, outage);
    const isFirstCutOff = buses.includes(at(factors.network.firstBus, outage));
    found.push({
      outage,
      buses,
      interruptedMw: Math.abs(flowMw),
      cutOffLoadMw: sumAt(loadMw, buses),
      direction: flowMw > 0 === isFirstCutOff && flowMw !== 0 ? 'feeding' : 'fed',
    });
  }
  return found.sort((a, b) => b.interruptedMw - a.interruptedMw || a.outage - b.outage);
}

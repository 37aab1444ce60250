import { at } from '../grid/dense.js';
import { inverseRatings, loadingToleranceRatio, rankingOf, type LineLoading } from './loading.js';
import type { OutageFactors } from './outageFactors.js';
import type { Flows } from './screen.js';

/** What stands where power goes in and out, besides lines. */
export interface Sources extends Flows {
  /** [units]: bus, output, and how much more each can deliver now (0 for units that are not online). */
  readonly unitBus: Int32Array;
  readonly outputMw: Float64Array;
  readonly headroomMw: Float64Array;
  /** [units]: 1 where a unit stands for many plants, which no single event takes out together; absent: none does. */
  readonly isSpread?: Uint8Array;
  /** [links]: buses, and flow from the first to the second; negative the other way. */
  readonly linkFirstBus: Int32Array;
  readonly linkSecondBus: Int32Array;
  readonly netLinkMw: Float64Array;
}

/** A line after a unit or a DC link has gone. */
export interface LossLoading extends LineLoading {
  readonly loss: { readonly kind: 'unit' | 'link'; readonly place: number };
}

/** N-1 of units and DC links at one instant. */
export interface LossScreening {
  readonly worst: LossLoading | null;
  readonly violatedPairs: number;
  /** Worst first. */
  readonly pairs: readonly LossLoading[];
  /** Losses that the headroom of their island does not cover, and the MW taken off its load instead. */
  readonly short: readonly { readonly loss: LossLoading['loss']; readonly shortMw: number }[];
}

/** Losses below this move nothing worth a check, MW. */
const smallestLossMw = 1;

/** Flows that follow when each of some MW at the buses of an island is taken up by others there. */
interface Sharing {
  /** [islands][lines] for all MW of the island, and [islands] those MW. */
  readonly flows: readonly Float64Array[];
  readonly totalMw: Float64Array;
}

/**
 * Takes every online unit that is one plant and every DC link out, one at a time. What is missing in an island comes from the others there in proportion
 * to their headroom, and beyond it off all load in proportion; what is left over comes off all units there in proportion to output.
 */
export function screenLosses(factors: OutageFactors, sources: Sources, keep = 10): LossScreening {
  const inverse = inverseRatings(sources.emergencyRatingMw);
  const { after, add, balance } = rebalancing(factors, sources);
  const ranking = rankingOf<LossLoading>(keep);
  const worstOnly = rankingOf<LossLoading>(1);
  const short: { loss: LossLoading['loss']; shortMw: number }[] = [];
  let violatedPairs = 0;
  const judge = (loss: LossLoading['loss'], shortMw: number): void => {
    if (shortMw > loadingToleranceRatio) short.push({ loss, shortMw });
    if (largestLoading(after, inverse) <= Math.min(1 + loadingToleranceRatio, worstOnly.floorRatio())) return;
    for (let line = 0; line < after.length; line++) {
      const loadingRatio = Math.abs(at(after, line)) * at(inverse, line);
      if (loadingRatio === 0) continue;
      const isViolated = loadingRatio > 1 + loadingToleranceRatio;
      if (isViolated) violatedPairs++;
      const isListed = isViolated && loadingRatio > ranking.floorRatio();
      if (!isListed && loadingRatio <= worstOnly.floorRatio()) continue;
      const entry: LossLoading = { loss, line, netFlowMw: at(after, line), ratingMw: 1 / at(inverse, line), loadingRatio };
      if (isListed) ranking.take(entry);
      if (loadingRatio > worstOnly.floorRatio()) worstOnly.take(entry);
    }
  };
  sources.outputMw.forEach((mw, unit) => {
    if (mw <= smallestLossMw || sources.isSpread?.[unit] === 1) return;
    after.set(sources.netFlowMw);
    judge({ kind: 'unit', place: unit }, balance(at(sources.unitBus, unit), -mw, unit));
  });
  sources.netLinkMw.forEach((mw, link) => {
    if (Math.abs(mw) <= smallestLossMw) return;
    after.set(sources.netFlowMw);
    const first = at(sources.linkFirstBus, link);
    const second = at(sources.linkSecondBus, link);
    let shortMw = 0;
    if (at(factors.islandOfBus, first) === at(factors.islandOfBus, second)) {
      add(factors.shiftOf(first), mw);
      add(factors.shiftOf(second), -mw);
    } else shortMw = balance(first, mw, null) + balance(second, -mw, null);
    judge({ kind: 'link', place: link }, shortMw);
  });
  return { worst: worstOnly.entries[0] ?? null, violatedPairs, pairs: ranking.entries, short };
}

/** The loop that all the time goes into: kept free of anything but arithmetic. */
function largestLoading(netFlowMw: Float64Array, inverse: Float64Array): number {
  let largest = 0;
  for (let line = 0; line < netFlowMw.length; line++) {
    const ratio = Math.abs(netFlowMw[line] as number) * (inverse[line] as number);
    if (ratio > largest) largest = ratio;
  }
  return largest;
}

/** Adds a multiple of some flows to others. */
function addTo(sum: Float64Array, flows: Float64Array, mw: number): void {
  for (let line = 0; line < sum.length; line++) sum[line] = (sum[line] as number) + mw * (flows[line] as number);
}

/** Flows that are worked on, and the two ways to change them. */
interface Rebalancing {
  /** [lines] */
  readonly after: Float64Array;
  add(flows: Float64Array | undefined, mw: number): void;
  /** Puts `mw` more in at a bus and takes it up elsewhere in the island, `unit` not helping; gives the MW that headroom did not cover. */
  balance(bus: number, mw: number, unit: number | null): number;
}

function rebalancing(factors: OutageFactors, sources: Sources): Rebalancing {
  const { outputMw, headroomMw, loadMw, unitBus } = sources;
  const everyBus = loadMw.map((_, bus) => bus);
  const headroom = sharingOf(factors, unitBus, headroomMw);
  const output = sharingOf(factors, unitBus, outputMw);
  const load = sharingOf(factors, everyBus, loadMw);
  const after = new Float64Array(sources.netFlowMw.length);
  const add = (flows: Float64Array | undefined, mw: number): void => {
    if (flows !== undefined && mw !== 0) addTo(after, flows, mw);
  };
  const balance = (bus: number, mw: number, unit: number | null): number => {
    const island = at(factors.islandOfBus, bus);
    const shift = factors.shiftOf(bus);
    add(shift, mw);
    if (mw >= 0) {
      add(output.flows[island], -mw / Math.max(mw, at(output.totalMw, island)));
      return 0;
    }
    const ownMw = unit === null ? 0 : at(headroomMw, unit);
    const othersMw = at(headroom.totalMw, island) - ownMw;
    const coveredMw = Math.min(-mw, Math.max(0, othersMw));
    if (coveredMw > 0) {
      add(headroom.flows[island], coveredMw / othersMw);
      add(shift, (-coveredMw * ownMw) / othersMw);
    }
    const shortMw = -mw - coveredMw;
    if (shortMw > 0 && at(load.totalMw, island) > 0) add(load.flows[island], shortMw / at(load.totalMw, island));
    return shortMw;
  };
  return { after, add, balance };
}

function sharingOf(factors: OutageFactors, busOf: ArrayLike<number>, mwOf: Float64Array): Sharing {
  const flows = Array.from({ length: factors.islandCount }, () => new Float64Array(factors.network.firstBus.length));
  const totalMw = new Float64Array(factors.islandCount);
  mwOf.forEach((mw, place) => {
    if (mw === 0) return;
    const bus = busOf[place] as number;
    const island = at(factors.islandOfBus, bus);
    const sum = flows[island] as Float64Array;
    totalMw[island] = at(totalMw, island) + mw;
    addTo(sum, factors.shiftOf(bus), mw);
  });
  return { flows, totalMw };
}

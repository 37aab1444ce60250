import { outageFactorsOf, type OutageFactors } from '../security/outageFactors.js';
import { branchesOf } from './branches.js';
import { floatAt } from './dense.js';
import type { Grid } from './grid.js';
import type { Topology } from './topology.js';

/** Whether flows must also hold after the loss of any one line. */
export type Security = 'none' | 'n-1';

/** MW by which a flow may exceed its limit. */
const toleranceMw = 1e-6;

/**
 * The limits of flows that may enter a dispatch, by number: below the count of lines, the line as it is; from there on, in blocks of as
 * many, the lines after the loss of the first line, of the second, and so on, on their long-term emergency rating.
 */
export interface Limits {
  /** [buses]: what 1 MW put in at a bus adds to the flow that the limit is about. */
  factorsOf(limit: number): Float64Array;
  /** Flow that no injection changes, MW. */
  baseMw(limit: number): number;
  lowestMw(limit: number): number;
  highestMw(limit: number): number;
  /** The flow the limit is about, for flows on the lines as they are, MW. */
  flowMw(limit: number, netFlowMw: Float64Array): number;
  /** Limits that flows break and that are not among those given. */
  brokenBy(netFlowMw: Float64Array, known: readonly number[]): number[];
}

/** The limits of a topology. */
export function limitsOf(grid: Grid, topology: Topology, security: Security): Limits {
  const { lines } = grid.world.network;
  const count = lines.length;
  const emergencyMw = Float64Array.from(lines, (line) => line.emergencyRatingMw ?? Infinity);
  // What phase shifters drive round the loops flows in any case: a limit below it is taken to be that flow, so that no hour is impossible.
  const lowestMw = topology.lowestMw.map((mw, line) => Math.min(mw, floatAt(topology.baseFlowMw, line)));
  const highestMw = topology.highestMw.map((mw, line) => Math.max(mw, floatAt(topology.baseFlowMw, line)));
  let factors: OutageFactors | null = null;
  const shiftFactors = (outage: number): Float64Array => (factors ??= outageFactorsOf(branchesOf(grid, topology))).columnOf(outage);
  const share = (limit: number): number => floatAt(shiftFactors(Math.floor(limit / count) - 1), limit % count);
  const baseMw = (limit: number): number => flowOf(limit, topology.baseFlowMw, { count, share });
  const pairFactors = new Map<number, Float64Array>();
  return {
    factorsOf: (limit) => {
      if (limit < count) return topology.factorsOf(limit);
      const known = pairFactors.get(limit);
      if (known !== undefined) return known;
      const lost = topology.factorsOf(Math.floor(limit / count) - 1);
      const factors = topology.factorsOf(limit % count).map((factor, bus) => factor + share(limit) * floatAt(lost, bus));
      pairFactors.set(limit, factors);
      return factors;
    },
    baseMw,
    lowestMw: (limit) => (limit < count ? floatAt(lowestMw, limit) : Math.min(-floatAt(emergencyMw, limit % count), baseMw(limit))),
    highestMw: (limit) => (limit < count ? floatAt(highestMw, limit) : Math.max(floatAt(emergencyMw, limit % count), baseMw(limit))),
    flowMw: (limit, netFlowMw) => flowOf(limit, netFlowMw, { count, share }),
    brokenBy: (netFlowMw, known) => {
      const broken: number[] = [];
      for (let line = 0; line < count; line++) {
        const mw = floatAt(netFlowMw, line);
        const isBroken = mw > floatAt(highestMw, line) + toleranceMw || mw < floatAt(lowestMw, line) - toleranceMw;
        if (isBroken && !known.includes(line)) broken.push(line);
      }
      if (security === 'none' || broken.length > 0) return broken;
      for (let outage = 0; outage < count; outage++) {
        const factors = shiftFactors(outage);
        for (let line = 0; line < count; line++) {
          const limit = (outage + 1) * count + line;
          const beyondMw =
            Math.abs(floatAt(netFlowMw, line) + floatAt(factors, line) * floatAt(netFlowMw, outage)) - floatAt(emergencyMw, line);
          if (
            beyondMw > toleranceMw &&
            beyondMw > Math.abs(baseMw(limit)) - floatAt(emergencyMw, line) + toleranceMw &&
            line !== outage &&
            !known.includes(limit)
          )
            broken.push(limit);
        }
      }
      return broken;
    },
  };
}

function flowOf(
  limit: number,
  netFlowMw: Float64Array,
  pair: { readonly count: number; readonly share: (limit: number) => number },
): number {
  const { count, share } = pair;
  if (limit < count) return floatAt(netFlowMw, limit);
  return floatAt(netFlowMw, limit % count) + share(limit) * floatAt(netFlowMw, Math.floor(limit / count) - 1);
}

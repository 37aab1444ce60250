import { assert } from '../assert.js';
import { at } from '../grid/dense.js';

/** A unit that has all its capacity or none of it. */
export interface TwoStateUnit {
  /** MW, at least 0. */
  readonly capacityMw: number;
  /** Share of the time it is out, 0 to 1. */
  readonly outageRatio: number;
}

/** How much of some two-state units is out, and how likely: the capacity outage probability table. */
export interface OutageTable {
  readonly stepMw: number;
  /** All units together, MW. */
  readonly capacityMw: number;
  /** [steps + 1]: probability that k * stepMw is out. */
  readonly probability: Float64Array;
  /** [steps + 2]: probability that k * stepMw or more is out; ends with 0. */
  readonly atLeast: Float64Array;
  /** [steps + 2]: expected MW out beyond k * stepMw; ends with 0. */
  readonly beyondMw: Float64Array;
}

/** The table of no units. */
export function emptyTable(stepMw: number): OutageTable {
  assert(stepMw > 0, 'step of an outage table above 0');
  return accumulated({ stepMw, capacityMw: 0, probability: Float64Array.of(1) });
}

/**
 * A table with more units: convolution unit by unit on steps of `table.stepMw`. A capacity between two steps is shared between them so that
 * its mean stays. Exact where every capacity is a whole number of steps.
 * Source: Billinton and Allan, Reliability Evaluation of Power Systems, 2nd ed. 1996, ch. 2 (recursive table).
 */
export function withUnits(table: OutageTable, units: readonly TwoStateUnit[]): OutageTable {
  const { stepMw } = table;
  const failing = units.filter(({ capacityMw, outageRatio }) => capacityMw > 0 && outageRatio > 0);
  const addedSteps = failing.reduce((sum, { capacityMw }) => sum + Math.ceil(stepsOf(capacityMw, stepMw)), 0);
  const probability = new Float64Array(table.probability.length + addedSteps);
  probability.set(table.probability);
  let last = table.probability.length - 1;
  for (const unit of failing) last = addUnit(probability, last, { steps: stepsOf(unit.capacityMw, stepMw), outageRatio: unit.outageRatio });
  const capacityMw = units.reduce((sum, unit) => sum + unit.capacityMw, table.capacityMw);
  return accumulated({ stepMw, capacityMw, probability });
}

/** Probability that what is left of the units is below a net load, MW. */
export function lossProbability(table: OutageTable, netMw: number): number {
  // Just above a step counts as on it: loads are sums of thousands of numbers.
  const first = Math.floor((table.capacityMw - netMw) / table.stepMw + 1e-9) + 1;
  if (first <= 0) return 1;
  return first < table.atLeast.length ? at(table.atLeast, first) : 0;
}

/** Expected MW by which a net load exceeds what is left of the units. */
export function expectedUnservedMw(table: OutageTable, netMw: number): number {
  const marginMw = table.capacityMw - netMw;
  const first = Math.ceil(marginMw / table.stepMw);
  if (first <= 0) return at(table.beyondMw, 0) - marginMw;
  if (first >= table.atLeast.length) return 0;
  return at(table.beyondMw, first) + (first * table.stepMw - marginMw) * at(table.atLeast, first);
}

/** Capacity in steps; a whole number where rounding is all that is missing. */
function stepsOf(capacityMw: number, stepMw: number): number {
  const steps = capacityMw / stepMw;
  return Math.abs(steps - Math.round(steps)) < 1e-9 ? Math.round(steps) : steps;
}

/** Adds a unit in place, from the top down, so that no second array is needed; answers the last step that is now used. */
function addUnit(probability: Float64Array, last: number, { steps, outageRatio }: { steps: number; outageRatio: number }): number {
  const low = Math.floor(steps);
  const shareHigh = steps - low;
  const top = last + Math.ceil(steps);
  const inService = 1 - outageRatio;
  const outLow = outageRatio * (1 - shareHigh);
  const outHigh = outageRatio * shareHigh;
  for (let k = top; k >= 0; k--) {
    let sum = at(probability, k) * inService;
    if (k >= low) sum += at(probability, k - low) * outLow;
    if (shareHigh > 0 && k > low) sum += at(probability, k - low - 1) * outHigh;
    probability[k] = sum;
  }
  return top;
}

function accumulated(table: Pick<OutageTable, 'stepMw' | 'capacityMw' | 'probability'>): OutageTable {
  const { stepMw, probability } = table;
  const atLeast = new Float64Array(probability.length + 1);
  const beyondMw = new Float64Array(probability.length + 1);
  for (let k = probability.length - 1; k >= 0; k--) {
    atLeast[k] = at(atLeast, k + 1) + at(probability, k);
    // Every state above k lies one step further beyond k than beyond k + 1.
    beyondMw[k] = at(beyondMw, k + 1) + stepMw * at(atLeast, k + 1);
  }
  return { ...table, atLeast, beyondMw };
}

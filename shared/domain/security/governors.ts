import { at } from '../grid/dense.js';
import type { Governor } from './practice.js';

/** What of a unit matters to frequency; only units that run. */
export interface OnlineUnit {
  readonly outputMw: number;
  /** At most, at this instant; what droop refers to. */
  readonly availableMw: number;
  /** At least, while it runs. */
  readonly minMw: number;
  readonly inertiaMws: number;
}

/** Output above which a unit counts as running where nothing says which units are committed, MW. */
const runningAboveMw = 1;

/** Whether a unit runs: as committed, or, where the problem does not decide that (null), when it delivers more than 1 MW. */
export function isOnline(outputMw: number, isCommitted: boolean | null): boolean {
  return isCommitted ?? outputMw > runningAboveMw;
}

/**
 * Steady response, MW, to `belowHz` that frequency lies below nominal (negative: above), of all units with one kind of governor: upward as
 * far as their headroom, downward as far as their minimum. The sum of their curves, so that thousands of units cost what one does.
 */
export function responseCurve(
  units: readonly OnlineUnit[],
  governor: Pick<Governor, 'droopRatio' | 'deadBandHz'>,
  nominalHz: number,
): (belowHz: number) => number {
  const spanHz = governor.droopRatio * nominalHz - governor.deadBandHz;
  const gains = units.map(({ availableMw }) => Math.max(0, availableMw) / spanHz);
  const up = saturatingSum(
    gains,
    units.map(({ availableMw, outputMw }) => Math.max(0, availableMw - outputMw)),
  );
  const down = saturatingSum(
    gains,
    units.map(({ minMw, outputMw }) => Math.max(0, outputMw - minMw)),
  );
  return (belowHz) => {
    const beyondHz = Math.abs(belowHz) - governor.deadBandHz;
    if (beyondHz <= 0) return 0;
    return belowHz > 0 ? up(beyondHz) : -down(beyondHz);
  };
}

/** x -> sum of min(gain x, limit) for x >= 0. */
function saturatingSum(gains: readonly number[], limits: readonly number[]): (x: number) => number {
  const order = gains.map((_, place) => place).filter((place) => at(gains, place) > 0);
  const cornerOf = (place: number): number => at(limits, place) / at(gains, place);
  order.sort((a, b) => cornerOf(a) - cornerOf(b) || a - b);
  const corner = Float64Array.from(order, cornerOf);
  /** Beyond so many corners: what has saturated, and the gain of the rest. */
  const saturated = new Float64Array(order.length + 1);
  const gain = new Float64Array(order.length + 1);
  for (let k = order.length - 1; k >= 0; k--) gain[k] = at(gain, k + 1) + at(gains, at(order, k));
  for (let k = 0; k < order.length; k++) saturated[k + 1] = at(saturated, k) + at(limits, at(order, k));
  return (x) => {
    let low = 0;
    let high = order.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (at(corner, middle) <= x) low = middle + 1;
      else high = middle;
    }
    return at(saturated, low) + at(gain, low) * x;
  };
}

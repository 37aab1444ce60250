import type { Dispatch } from '../grid/dispatch.js';
import { floatAt } from '../grid/dense.js';
import type { Convex } from './convex.js';

/** An hour dispatched for one choice of what its reservoirs do. */
export interface Point {
  /** [reservoirs]: what each takes from the grid; below 0 what it gives, MW. */
  readonly netMw: Float64Array;
  /** Fuel, load not served, reserve not held and reductions paid for, USD. */
  readonly costUsd: number;
  /** [reservoirs]: what one MW more would cost, USD/MWh. */
  readonly slopeUsdPerMwh: Float64Array;
  readonly dispatch: Dispatch;
}

/** What an hour costs at least, as far as its points tell: each is a plane below the true cost, which is convex. */
export function leastCostUsd(points: readonly Point[], netMw: Float64Array): number {
  return points.reduce((least, point) => Math.max(least, planeUsd(point, netMw, -1)), -Infinity);
}

/** The same as a function of what one reservoir does while the others do as in `netMw`. */
export function leastCostAlong(
  points: readonly Point[],
  along: { readonly reservoir: number; readonly netMw: Float64Array; readonly fromMw: number; readonly toMw: number },
): Convex {
  const { reservoir, fromMw, toMw } = along;
  const lines = points
    .map((point) => {
      const slope = floatAt(point.slopeUsdPerMwh, reservoir);
      return { slope, usdAtFrom: planeUsd(point, along.netMw, reservoir) + slope * (fromMw - floatAt(point.netMw, reservoir)) };
    })
    .sort((a, b) => a.slope - b.slope || a.usdAtFrom - b.usdAtFrom);
  // Upper envelope from the left: the line that is highest there, then each steeper one from where it overtakes.
  let [now] = lines;
  for (const line of lines) if (now === undefined || line.usdAtFrom >= now.usdAtFrom) now = line;
  const widths: number[] = [];
  const slopes: number[] = [];
  let placeMw = fromMw;
  const valueAtFrom = now?.usdAtFrom ?? 0;
  while (now !== undefined && placeMw < toMw) {
    let [nextMw, next] = [toMw, undefined as typeof now | undefined];
    for (const line of lines) {
      if (line.slope <= now.slope) continue;
      const meetMw = fromMw + (now.usdAtFrom - line.usdAtFrom) / (line.slope - now.slope);
      if (meetMw < nextMw || (meetMw === nextMw && next !== undefined && line.slope > next.slope))
        [nextMw, next] = [Math.max(placeMw, meetMw), line];
    }
    if (nextMw > placeMw) {
      widths.push(nextMw - placeMw);
      slopes.push(now.slope);
    }
    [placeMw, now] = [nextMw, next];
  }
  return { from: fromMw, valueAtFrom, widths: Float64Array.from(widths), slopes: Float64Array.from(slopes) };
}

/** The plane of a point at another choice, one reservoir left as in the point. */
function planeUsd(point: Point, netMw: Float64Array, without: number): number {
  let usd = point.costUsd;
  for (let place = 0; place < netMw.length; place++)
    if (place !== without) usd += floatAt(point.slopeUsdPerMwh, place) * (floatAt(netMw, place) - floatAt(point.netMw, place));
  return usd;
}

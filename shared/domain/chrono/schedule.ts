import { floatAt } from '../grid/dense.js';
import { bestBefore, bestNext, within, type Convex } from './convex.js';
import { changeMwhOf, netMwOf, type Reservoir } from './reservoir.js';

/** Energy a plan begins with, and the least it may end with, MWh. */
export interface Ends {
  readonly startMwh: number;
  readonly endAtLeastMwh: number;
}

/**
 * What a reservoir does in each hour at least cost, exactly, [hours], MW: what it takes from the grid, below 0 what it gives.
 * `costs`: what each hour costs by that, from -dischargeMw to chargeMw. Backward recursion of the cost to come as a convex function of the
 * energy in store, then forward along it; where several ways cost the same it keeps still.
 */
export function scheduleOf(reservoir: Reservoir, costs: readonly Convex[], ends: Ends): Float64Array {
  const { energyMwh } = reservoir;
  const steps = costs.map((cost) => perStoredMwh(reservoir, cost));
  const later: Convex[] = [];
  let toCome = levelFrom(ends.endAtLeastMwh, energyMwh);
  for (let hour = costs.length - 1; hour >= 0; hour--) {
    later[hour] = toCome;
    toCome = within(bestBefore(toCome, steps[hour] as Convex), 0, energyMwh);
  }
  const netMw = new Float64Array(costs.length);
  let storedMwh = ends.startMwh;
  for (let hour = 0; hour < costs.length; hour++) {
    const next = bestNext(later[hour] as Convex, steps[hour] as Convex, storedMwh);
    netMw[hour] = netMwOf(reservoir, next - storedMwh);
    storedMwh = next;
  }
  return netMw;
}

/** The end of a plan: any energy from the least on is as good. */
function levelFrom(from: number, to: number): Convex {
  return { from, valueAtFrom: 0, widths: Float64Array.of(to - from), slopes: Float64Array.of(0) };
}

/**
 * Cost of an hour by how much the energy in store changes. Where power has a negative price, charging is taken to earn no more than
 * keeping still saves, so that a reservoir never wants to charge and discharge at once.
 */
function perStoredMwh(reservoir: Reservoir, cost: Convex): Convex {
  const widths: number[] = [];
  const slopes: number[] = [];
  const put = (width: number, slope: number): void => {
    if (width <= 0) return;
    widths.push(width);
    slopes.push(Math.max(slope, slopes.at(-1) ?? -Infinity));
  };
  let place = cost.from;
  for (let piece = 0; piece < cost.widths.length; piece++) {
    const next = place + floatAt(cost.widths, piece);
    const slope = floatAt(cost.slopes, piece);
    const outMw = Math.min(next, 0) - place;
    put(outMw / reservoir.dischargeEfficiencyRatio, slope * reservoir.dischargeEfficiencyRatio);
    const inMw = next - Math.max(place, 0);
    put(inMw * reservoir.chargeEfficiencyRatio, slope / reservoir.chargeEfficiencyRatio);
    place = next;
  }
  return {
    from: changeMwhOf(reservoir, cost.from),
    valueAtFrom: cost.valueAtFrom,
    widths: Float64Array.from(widths),
    slopes: Float64Array.from(slopes),
  };
}

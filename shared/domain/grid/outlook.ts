import { dayMs, minuteMs } from '../ticks.js';
import { floatAt, intAt, total } from './dense.js';
import type { Grid } from './grid.js';
import { followMeasured, type Followings } from './mirrored.js';
import type { Surroundings } from './surroundings.js';

/** What energy is expected to cost over the next day, step by step. */
export interface Outlook {
  readonly stepMs: number;
  /** [steps]: cost of the unit that would meet the load, without lines and without reserve, USD/MWh. */
  readonly priceUsdPerMwh: Float64Array;
}

/** What is known now and assumed to last. */
export interface Standing {
  readonly campusMw: number;
  /** Names of units that nobody planned to be out. */
  readonly unitsOut: readonly string[];
  /** Measured loads; absent: none. */
  readonly followings?: Followings | undefined;
}

export const outlookStepMs = 30 * minuteMs;
/** Steps remembered; each depends on the world alone, so remembering changes speed and nothing else. */
const most = 400;
/** Spreads the price a little over a unit, so that hours of the same unit still differ by how much of it they need, USD/MWh. */
const slopeUsdPerMwh = 0.01;

/** Supply of a step in merit order: unit k is needed for loads above `reachedMw[k - 1]` and up to `reachedMw[k]`. */
interface Merit {
  /** [buses] */
  readonly nativeMw: Float64Array;
  readonly loadMw: number;
  readonly reachedMw: Float64Array;
}

/**
 * Gives the outlook from an instant on: merit order against expected load, wind and sun; units with a daily budget are left out, since
 * they live on it.
 */
export function createOutlook(grid: Grid, surroundings: Surroundings): (nowMs: number, standing: Standing) => Outlook {
  const { units } = grid.world.network;
  const order = Int32Array.from(
    units
      .map((_, place) => place)
      .filter((place) => units[place]?.dailyEnergyMwh === null)
      .sort((a, b) => (units[a]?.costUsdPerMwh ?? 0) - (units[b]?.costUsdPerMwh ?? 0) || a - b),
  );
  const costUsdPerMwh = Float64Array.from(order, (unit) => units[unit]?.costUsdPerMwh ?? 0);
  const noNoise = { atMs: null, z: [] };
  const meritOf = (step: number, unitsOut: readonly string[]): Merit => {
    const interval = { fromMs: step * outlookStepMs, toMs: (step + 1) * outlookStepMs };
    const availableMw = surroundings.availableMw(interval, noNoise);
    if (unitsOut.length > 0) units.forEach(({ id }, unit) => unitsOut.includes(id) && (availableMw[unit] = 0));
    const reachedMw = new Float64Array(order.length);
    let sumMw = 0;
    for (let rank = 0; rank < reachedMw.length; rank++) reachedMw[rank] = sumMw += floatAt(availableMw, intAt(order, rank));
    const nativeMw = surroundings.nativeMw(interval);
    return { nativeMw, loadMw: total(nativeMw), reachedMw };
  };
  const loadOf = (merit: Merit, step: number, followings: Followings): number => {
    const interval = { fromMs: step * outlookStepMs, toMs: (step + 1) * outlookStepMs };
    return total(followMeasured(grid, merit.nativeMw.slice(), followings, interval));
  };
  const priceAt = (merit: Merit, neededMw: number): number => {
    const { reachedMw } = merit;
    if (neededMw <= 0 || order.length === 0) return 0;
    let [low, high] = [0, order.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (floatAt(reachedMw, middle) < neededMw) low = middle + 1;
      else high = middle;
    }
    const beforeMw = low === 0 ? 0 : floatAt(reachedMw, low - 1);
    const ownMw = floatAt(reachedMw, low) - beforeMw;
    return floatAt(costUsdPerMwh, low) + slopeUsdPerMwh * (ownMw > 0 ? Math.min(1, (neededMw - beforeMw) / ownMw) : 1);
  };
  let known = new Map<number, Merit>();
  let knownOutages = '';
  return (nowMs, standing) => {
    const outages = standing.unitsOut.join(' ');
    if (outages !== knownOutages || known.size >= most) known = new Map();
    knownOutages = outages;
    const first = Math.floor(nowMs / outlookStepMs);
    const priceUsdPerMwh = new Float64Array(dayMs / outlookStepMs);
    for (let place = 0; place < priceUsdPerMwh.length; place++) {
      const merit = known.get(first + place) ?? meritOf(first + place, standing.unitsOut);
      known.set(first + place, merit);
      const loadMw = standing.followings === undefined ? merit.loadMw : loadOf(merit, first + place, standing.followings);
      priceUsdPerMwh[place] = priceAt(merit, loadMw + standing.campusMw);
    }
    return { stepMs: outlookStepMs, priceUsdPerMwh };
  };
}

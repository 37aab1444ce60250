import { dayMs, minuteMs } from '../ticks.js';
import { at } from './dense.js';
import type { Grid } from './grid.js';
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
  /** [units] */
  readonly isUnitOut: readonly boolean[];
}

export const outlookStepMs = 30 * minuteMs;
/** Steps remembered; each depends on the world alone, so remembering changes speed and nothing else. */
const most = 400;
/** Spreads the price a little over a unit, so that hours of the same unit still differ by how much of it they need, USD/MWh. */
const slopeUsdPerMwh = 0.01;

/** Gives the outlook from an instant on: merit order against expected load, wind and sun; units with a daily budget are left out, since they live on it. */
export function createOutlook(grid: Grid, surroundings: Surroundings): (nowMs: number, standing: Standing) => Outlook {
  const { units } = grid.world.network;
  const order = units.map((_, place) => place).filter((place) => units[place]?.dailyEnergyMwh === null)
    .sort((a, b) => (units[a]?.costUsdPerMwh ?? 0) - (units[b]?.costUsdPerMwh ?? 0) || a - b);
  const noNoise = { atMs: null, z: [] };
  let known = new Map<number, { readonly loadMw: number; readonly availableMw: Float64Array }>();
  const expected = (step: number): { readonly loadMw: number; readonly availableMw: Float64Array } => {
    const remembered = known.get(step);
    if (remembered !== undefined) return remembered;
    const interval = { fromMs: step * outlookStepMs, toMs: (step + 1) * outlookStepMs };
    const loadMw = surroundings.nativeMw(interval).reduce((sum, mw) => sum + mw, 0);
    const fresh = { loadMw, availableMw: surroundings.availableMw(interval, noNoise) };
    if (known.size >= most) known = new Map();
    known.set(step, fresh);
    return fresh;
  };
  return (nowMs, standing) => {
    const first = Math.floor(nowMs / outlookStepMs);
    const priceUsdPerMwh = Float64Array.from({ length: dayMs / outlookStepMs }, (_, place) => {
      const { loadMw, availableMw } = expected(first + place);
      let leftMw = loadMw + standing.campusMw;
      let price = 0;
      for (const unit of order) {
        if (leftMw <= 0) break;
        const mw = standing.isUnitOut[unit] === true ? 0 : at(availableMw, unit);
        if (mw > 0) price = (units[unit]?.costUsdPerMwh ?? 0) + slopeUsdPerMwh * Math.min(1, leftMw / mw);
        leftMw -= mw;
      }
      return price;
    });
    return { stepMs: outlookStepMs, priceUsdPerMwh };
  };
}

import type { World } from '../../scenario/schema.js';
import { fromWire, hourMs } from '../ticks.js';
import { newPast, type Past } from './past.js';

/** What a region showed in the hour under way: sums over ticks. */
export interface HourSums {
  readonly ticks: number;
  readonly demandMw: number;
  readonly windMw: number;
  readonly solarMw: number;
  readonly unitsMw: number;
  readonly priceUsdPerMwh: number;
}

/** Hours of what stands against load, newest last, means. */
export interface SupplyPast {
  readonly windMw: readonly number[];
  readonly solarMw: readonly number[];
  /** What all other units could deliver. */
  readonly unitsMw: readonly number[];
  readonly priceUsdPerMwh: readonly number[];
}

/** New load of a block that has power, MW once all its runs are under way. */
export interface KnownLoad {
  /** `<project>/<block>`. */
  readonly block: string;
  readonly fromMs: number;
  readonly mw: number;
}

/** A region as the forecast sees it. */
export interface RegionSeen {
  readonly region: string;
  readonly sums: HourSums;
  /** Newest tick that counts, by what was said of it: a fact that comes again counts once. */
  readonly counted: Readonly<Record<'demand' | 'supply' | 'price', number>>;
  readonly demand: Past;
  readonly supply: SupplyPast;
  readonly known: readonly KnownLoad[];
}

/** Everything the forecast remembers; plain JSON. */
export interface ForecastState {
  readonly regions: readonly RegionSeen[];
  /** Start of the hour under way. */
  readonly hourMs: number;
}

/** Supply is remembered this long: four weeks. */
export const supplyHours = 672;
export const noSums: HourSums = { ticks: 0, demandMw: 0, windMw: 0, solarMw: 0, unitsMw: 0, priceUsdPerMwh: 0 };

export const nothingCounted: RegionSeen['counted'] = { demand: -1, supply: -1, price: -1 };

/** Nothing seen yet. */
export function initialForecast(world: World): ForecastState {
  const startMs = Math.floor(fromWire(world.clock.startTime) / hourMs) * hourMs;
  const nothing: SupplyPast = { windMw: [], solarMw: [], unitsMw: [], priceUsdPerMwh: [] };
  return {
    hourMs: startMs,
    regions: world.regions.map(({ id }) => ({
      region: id,
      sums: noSums,
      counted: nothingCounted,
      demand: newPast(startMs + hourMs),
      supply: nothing,
      known: [],
    })),
  };
}

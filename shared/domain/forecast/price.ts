import { summarySorted } from './quantiles.js';
import type { Ahead, Band } from './ahead.js';
import { hourAgo } from './past.js';
import { supplyHours, type RegionSeen } from './state.js';

/** Prices ahead by hours that were alike; no hours where the method is none. */
export interface PriceAhead {
  readonly method: 'alike-hours' | 'none';
  /** USD/MWh. */
  readonly hours: readonly Band[];
}

/** Hours that speak for a net demand: a choice of this model. */
const alike = 24;
/** Known hours below which nothing is said of prices: three days. */
const leastHours = 72;
const percents = ['p5', 'p10', 'p50', 'p90', 'p95'] as const;
/** Share of chances each forecast level of net demand stands for. */
const weightOf = { p5: 1, p10: 3, p50: 8, p90: 3, p95: 1 } as const;

/**
 * Prices of the regions ahead: of the last four weeks, the hours whose need of other units was nearest to what is forecast, at each level of
 * the forecast of net demand. Need: net demand of all regions over what units other than wind and sun could deliver; lines are not looked at.
 */
export function pricesAhead(regions: readonly { readonly seen: RegionSeen; readonly net: Ahead }[]): readonly PriceAhead[] {
  const none = regions.map((): PriceAhead => ({ method: 'none', hours: [] }));
  if (regions.some(({ net }) => net.method === 'none')) return none;
  const known = knownNeeds(regions.map(({ seen }) => seen));
  if (known.length < leastHours) return none;
  const unitsMw = sum(regions, ({ seen }) => seen.supply.unitsMw.at(-1) ?? 0);
  const wanted = (regions[0]?.net.hours ?? []).map((_, hour) =>
    percents.map((level) =>
      needOf(
        sum(regions, ({ net }) => net.hours[hour]?.[level] ?? 0),
        unitsMw,
      ),
    ),
  );
  const chosen = wanted.map((needs) => needs.map((need) => nearest(known, need)));
  return regions.map(({ seen: { supply } }): PriceAhead => {
    const { priceUsdPerMwh } = supply;
    const priceAgo = (ago: number): number => priceUsdPerMwh[priceUsdPerMwh.length - 1 - ago] ?? 0;
    const pooled = (ofHour: readonly (readonly number[])[]): readonly number[] =>
      ofHour.flatMap((agos, place) => {
        const level = percents[place];
        return level === undefined ? [] : agos.flatMap((ago) => Array.from({ length: weightOf[level] }, () => priceAgo(ago)));
      });
    return { method: 'alike-hours', hours: chosen.map((ofHour) => summarySorted(pooled(ofHour))) };
  });
}

interface KnownNeed {
  readonly ago: number;
  readonly need: number;
}

/** Needs of the hours that are remembered of every region, lowest first. */
function knownNeeds(seen: readonly RegionSeen[]): readonly KnownNeed[] {
  const found: KnownNeed[] = [];
  const hours = Math.min(supplyHours, ...seen.map(({ supply }) => supply.priceUsdPerMwh.length));
  for (let ago = 0; ago < hours; ago++) {
    const loads = seen.map(({ demand }) => hourAgo(demand, ago));
    if (loads.includes(null)) continue;
    const at = (values: readonly number[]): number => values[values.length - 1 - ago] ?? 0;
    const netMw = sum(seen, ({ supply }, place) => (loads[place] ?? 0) - at(supply.windMw) - at(supply.solarMw));
    found.push({
      ago,
      need: needOf(
        netMw,
        sum(seen, ({ supply }) => at(supply.unitsMw)),
      ),
    });
  }
  return found.sort((a, b) => a.need - b.need || a.ago - b.ago);
}

function needOf(netMw: number, unitsMw: number): number {
  return unitsMw <= 0 ? Math.sign(netMw) * Number.MAX_SAFE_INTEGER : netMw / unitsMw;
}

/** How long ago the hours nearest to a need were: the window of them that is nearest at both ends. */
function nearest(known: readonly KnownNeed[], need: number): readonly number[] {
  let [low, high] = [0, Math.max(0, known.length - alike)];
  while (low < high) {
    const middle = (low + high) >> 1;
    const isBelow = need - (known[middle]?.need ?? 0) > (known[middle + alike]?.need ?? 0) - need;
    if (isBelow) low = middle + 1;
    else high = middle;
  }
  return known.slice(low, low + alike).map(({ ago }) => ago);
}

function sum<Each>(items: readonly Each[], of: (item: Each, place: number) => number): number {
  return items.reduce((total, item, place) => total + of(item, place), 0);
}

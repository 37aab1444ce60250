import type { FactDataOf } from '../fact.js';
import { normalBelow } from '../survival/normal.js';
import { hourMs, toWire } from '../ticks.js';
import type { Ahead } from './ahead.js';
import type { RegionSeen } from './state.js';
import type { SupplyAhead } from './supply.js';

type Surge = FactDataOf['forecast.surge.v1'];
type Driver = NonNullable<Surge['driver']>;

/** An hour counts as one in which a surge may be when its chance is at least this: one in ten. */
const mayBeRatio = 0.1;
/** And as one in which it is likely from this. */
const likelyRatio = 0.5;
/** P90 of a normal error in units of its deviation. */
const p90Deviations = 1.2816;
const weekHours = 168;
/** Less than this is no difference, MW. */
const leastMw = 1;

/** A region with what is forecast of it. */
export interface RegionAhead {
  readonly seen: RegionSeen;
  readonly demand: Ahead;
  readonly supply: SupplyAhead;
  readonly net: Ahead;
}

/**
 * Whether the whole system runs into its reserve: net demand of all regions, errors taken to go together, against what units other than wind
 * and sun, and storages for an hour, can deliver now, less the reserve requirement. Lines are not looked at. Null: some region is not forecast.
 */
export function surgeOf(
  regions: readonly RegionAhead[],
  { issuedMs, requirementMw }: { readonly issuedMs: number; readonly requirementMw: number },
): Surge | null {
  if (regions.some(({ net }) => net.method === 'none')) return null;
  const unitsMw = sumOf(regions, ({ seen }) => seen.supply.unitsMw.at(-1) ?? 0);
  const thresholdMw = Math.max(0, unitsMw - requirementMw);
  const hours = (regions[0]?.net.hours ?? []).map((_, hour) => {
    const p50 = sumOf(regions, ({ net }) => net.hours[hour]?.p50 ?? 0);
    const p90 = sumOf(regions, ({ net }) => net.hours[hour]?.p90 ?? 0);
    return { p50, p90, chance: chanceAbove(thresholdMw, p50, p90) };
  });
  const chances = hours.map(({ chance }) => chance);
  const peak = chances.indexOf(Math.max(...chances));
  const timeOf = (hour: number): string => toWire(issuedMs + hour * hourMs);
  const first = chances.findIndex((chance) => chance >= mayBeRatio);
  const window = (ratio: number): { readonly from: string | null; readonly until: string | null } => {
    const from = chances.findIndex((chance) => chance >= ratio);
    return from < 0
      ? { from: null, until: null }
      : { from: timeOf(from), until: timeOf(1 + chances.findLastIndex((chance) => chance >= ratio)) };
  };
  const [may, likely] = [window(mayBeRatio), window(likelyRatio)];
  const expectedMw = Math.max(0, ...hours.map(({ p90 }) => p90 - thresholdMw));
  const likelyMw = Math.max(0, ...hours.map(({ p50 }) => p50 - thresholdMw));
  const driver = driverOf(regions, peak);
  const probabilityRatio = rounded(chances[peak] ?? 0);
  return {
    issuedTime: toWire(issuedMs),
    thresholdMw: rounded(thresholdMw),
    probabilityRatio,
    peakTime: timeOf(peak),
    fromTime: may.from,
    untilTime: may.until,
    leadHours: first < 0 ? null : first,
    likelyFromTime: likely.from,
    likelyUntilTime: likely.until,
    likelyMw: rounded(likelyMw),
    expectedMw: rounded(expectedMw),
    driver,
    sentence:
      may.from === null || may.until === null
        ? `no hour ahead has a chance of ${mayBeRatio * 100} % to run into the reserve`
        : `reserve may fall short by ${Math.round(expectedMw)} MW from ${may.from.slice(11, 16)} to ${may.until.slice(11, 16)} UTC, ` +
          `chance ${Math.round(probabilityRatio * 100)} %, ${driver === null ? 'as in the week before' : driverWords[driver]}`,
  };
}

const driverWords: Readonly<Record<Driver, string>> = {
  demand: 'more load than in the week before',
  wind: 'less wind than in the week before',
  solar: 'less sun than in the week before',
  units: 'units out',
};

/** Chance that a normal error brings a value above a threshold. */
function chanceAbove(thresholdMw: number, p50: number, p90: number): number {
  const deviation = (p90 - p50) / p90Deviations;
  if (deviation <= 0) return p50 > thresholdMw ? 1 : 0;
  return 1 - normalBelow((thresholdMw - p50) / deviation);
}

/** What differs most, towards a shortage, from the mean of the week before at the same hour of the day; units from their mean of it. */
function driverOf(regions: readonly RegionAhead[], hour: number): Driver | null {
  const more = new Map<Driver, number>([
    ['demand', sumOf(regions, ({ demand, seen }) => (demand.hours[hour]?.p50 ?? 0) - meanAt(seen.demand.days.flat(), hour))],
    ['wind', sumOf(regions, ({ supply, seen }) => meanAt(seen.supply.windMw, hour) - (supply.windMw[hour] ?? 0))],
    ['solar', sumOf(regions, ({ supply, seen }) => meanAt(seen.supply.solarMw, hour) - (supply.solarMw[hour] ?? 0))],
    ['units', sumOf(regions, ({ seen }) => meanOf(seen.supply.unitsMw.slice(-weekHours)) - (seen.supply.unitsMw.at(-1) ?? 0))],
  ]);
  const [driver, mw] = [...more].reduce((most, each) => (each[1] > most[1] ? each : most));
  return mw >= leastMw ? driver : null;
}

/** Mean of the last week at the hour of the day that comes so many hours after the newest. */
function meanAt(values: readonly (number | null)[], hour: number): number {
  const found: number[] = [];
  for (let place = values.length - 24 + (hour % 24); place >= 0 && found.length < 7; place -= 24) found.push(values[place] ?? 0);
  return meanOf(found);
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function sumOf(regions: readonly RegionAhead[], valueOf: (region: RegionAhead) => number): number {
  return regions.reduce((sum, region) => sum + valueOf(region), 0);
}

function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6 + 0;
}

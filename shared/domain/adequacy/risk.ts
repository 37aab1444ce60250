import { assert } from '../assert.js';
import { at } from '../grid/dense.js';
import { isWithin, outageRatioOf } from '../grid/outages.js';
import { hourMs } from '../ticks.js';
import type { DaySet } from './days.js';
import { emptyTable, expectedUnservedMw, lossProbability, withUnits, type OutageTable } from './outageTable.js';
import type { AdequacySystem, FirmSupply } from './system.js';

/** A system made ready to be asked often: net load by hour, and the outage table of the units that are there. */
export interface RiskModel {
  /** [hours]: load minus weather-driven output, MW. */
  readonly netMw: Float64Array;
  readonly tables: readonly OutageTable[];
  /** [hours]: table that holds; null: the first one throughout. */
  readonly tableOfHour: Int32Array | null;
}

/** How often and how much a system falls short, per year. */
export interface Risk {
  /** Days: sum over the days of the largest hourly loss-of-load probability. */
  readonly lossDays: number;
  /** Hours: sum of the hourly loss-of-load probabilities. */
  readonly lossHours: number;
  readonly unservedMwh: number;
}

/** Days and flat load a risk is asked for. */
export interface RiskQuestion {
  readonly days: DaySet;
  /** Load in every hour beside that of the model, MW; negative: perfect capacity. */
  readonly flatMw: number;
}

/** Prepares a system; `stepMw` is the step of its outage tables. */
export function riskModelOf(system: AdequacySystem, stepMw = 1): RiskModel {
  return { netMw: netLoadOf(system), ...tablesOf(system, stepMw) };
}

/** Loss-of-load expectation, hours and unserved energy over some days. Source: as for the table; days as the sum of daily maxima. */
export function riskOf(model: RiskModel, { days, flatMw }: RiskQuestion): Risk {
  let [lossDays, lossHours, unservedMwh] = [0, 0, 0];
  for (let i = 0; i < days.weatherDay.length; i++) {
    const weight = at(days.weight, i);
    const weatherHour = at(days.weatherDay, i) * 24;
    const dateHour = at(days.dateDay, i) * 24;
    let highest = 0;
    for (let hour = 0; hour < 24; hour++) {
      const netMw = at(model.netMw, weatherHour + hour) + flatMw;
      const table = tableAt(model, dateHour + hour);
      const probability = lossProbability(table, netMw);
      if (probability > highest) highest = probability;
      if (probability === 0) continue;
      lossHours += weight * probability;
      unservedMwh += weight * expectedUnservedMw(table, netMw);
    }
    lossDays += weight * highest;
  }
  return { lossDays, lossHours, unservedMwh };
}

/** Only the loss-of-load expectation of `riskOf`, days per year: what searches ask for. */
export function lossDaysOf(model: RiskModel, { days, flatMw }: RiskQuestion): number {
  let lossDays = 0;
  for (let i = 0; i < days.weatherDay.length; i++) {
    const weatherHour = at(days.weatherDay, i) * 24;
    const dateHour = at(days.dateDay, i) * 24;
    let highest = 0;
    for (let hour = 0; hour < 24; hour++) {
      const probability = lossProbability(tableAt(model, dateHour + hour), at(model.netMw, weatherHour + hour) + flatMw);
      if (probability > highest) highest = probability;
    }
    lossDays += at(days.weight, i) * highest;
  }
  return lossDays;
}

/**
 * Largest flat load, MW, with which the loss-of-load expectation stays at or below a target; negative where the system needs perfect
 * capacity to reach it. Bisection to 1e-3 MW; the expectation never falls with load. Asserts a target above 0 and below every day.
 */
export function flatLoadToTarget(model: RiskModel, days: DaySet, targetDays: number): number {
  const allDays = days.weight.reduce((sum, weight) => sum + weight, 0);
  assert(targetDays > 0 && targetDays < allDays, `target ${targetDays} between 0 and ${allDays} days`);
  const { largestMw, smallestMw } = model.netMw.reduce(
    (range, netMw) => ({ largestMw: Math.max(range.largestMw, netMw), smallestMw: Math.min(range.smallestMw, netMw) }),
    { largestMw: -Infinity, smallestMw: Infinity },
  );
  // Rounding to steps can put a little more than the capacity out.
  const outMw = Math.max(...model.tables.map((table) => (table.probability.length + 1) * table.stepMw));
  const capacityMw = Math.max(...model.tables.map((table) => table.capacityMw));
  let low = -largestMw - outMw;
  let high = capacityMw - smallestMw + 1;
  while (high - low > 1e-3) {
    const middle = (low + high) / 2;
    if (lossDaysOf(model, { days, flatMw: middle }) <= targetDays) low = middle;
    else high = middle;
  }
  return low;
}

function tableAt({ tables, tableOfHour }: RiskModel, hour: number): OutageTable {
  return tables[tableOfHour === null ? 0 : at(tableOfHour, hour)] as OutageTable;
}

function netLoadOf({ loadMw, weather }: AdequacySystem): Float64Array {
  const netMw = Float64Array.from(loadMw);
  for (const { outputMw } of weather) for (let hour = 0; hour < netMw.length; hour++) netMw[hour] = at(netMw, hour) - at(outputMw, hour);
  return netMw;
}

/** One table per set of firm units that are there together. */
function tablesOf(system: AdequacySystem, stepMw: number): Pick<RiskModel, 'tables' | 'tableOfHour'> {
  const always = system.firm.filter(({ planned }) => planned.length === 0);
  const sometimes = system.firm.filter(({ planned }) => planned.length > 0);
  const base = withUnits(emptyTable(stepMw), always.map(twoStateUnitOf));
  if (sometimes.length === 0) return { tables: [base], tableOfHour: null };
  const tables: OutageTable[] = [];
  const places = new Map<string, number>();
  const tableOfHour = Int32Array.from({ length: system.hours }, (_, hour) => {
    const present = sometimes.filter(({ planned }) => !isWithin(planned, system.startMs + hour * hourMs));
    const key = present.map(({ id }) => id).join(' ');
    const known = places.get(key);
    if (known !== undefined) return known;
    places.set(key, tables.length);
    return tables.push(withUnits(base, present.map(twoStateUnitOf))) - 1;
  });
  return { tables, tableOfHour };
}

function twoStateUnitOf({ capacityMw, twoState }: FirmSupply) {
  return { capacityMw, outageRatio: outageRatioOf(twoState) };
}

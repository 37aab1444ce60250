import { at } from '../grid/dense.js';
import { forcedOutages, isWithin } from '../grid/outages.js';
import { hourMs } from '../ticks.js';
import type { AdequacySystem, FirmSupply } from './system.js';
import { yearsOf } from './system.js';

/** Mean over sampled years with its 95 % interval. */
export interface Estimate {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** What sampled years show, per year. */
export interface SampledRisk {
  readonly years: number;
  readonly lossHours: Estimate;
  readonly unservedMwh: Estimate;
  /** Days with any hour short; at least the analytic expectation, which takes only the worst hour of each day. */
  readonly lossDays: Estimate;
}

/** Years to sample. */
export interface Sampling {
  readonly seed: number;
  readonly years: number;
  /** Load in every hour beside that of the system, MW. */
  readonly flatMw: number;
  /** Called after each sampled year with how many are done. */
  readonly onYear?: (done: number) => void;
}

/**
 * Sequential Monte Carlo: every firm unit fails and is repaired through every sampled year by keyed draws, over the recorded weather.
 * A year depends on seed and number alone.
 * Source: Billinton and Li, Reliability Assessment of Electric Power Systems Using Monte Carlo Methods, 1994, ch. 3.
 */
export function sampleRisk(system: AdequacySystem, { seed, years, flatMw, onYear }: Sampling): SampledRisk {
  const neededMw = Float64Array.from(system.loadMw, (loadMw) => loadMw + flatMw);
  for (const { outputMw } of system.weather)
    for (let hour = 0; hour < system.hours; hour++) neededMw[hour] = at(neededMw, hour) - at(outputMw, hour);
  const totals = { lossHours: tally(), unservedMwh: tally(), lossDays: tally() };
  const perYear = 1 / yearsOf(system.hours / 24);
  for (let year = 0; year < years; year++) {
    const seen = shortfallOf(availableIn(system, seed, year), neededMw);
    totals.lossHours.add(seen.lossHours * perYear);
    totals.unservedMwh.add(seen.unservedMwh * perYear);
    totals.lossDays.add(seen.lossDays * perYear);
    onYear?.(year + 1);
  }
  const { lossHours, unservedMwh, lossDays } = totals;
  return { years, lossHours: lossHours.estimate(), unservedMwh: unservedMwh.estimate(), lossDays: lossDays.estimate() };
}

/** MW of the firm units in service at the start of each hour of a sampled year, [hours + 1]; the last one means nothing. */
export function availableIn(system: AdequacySystem, seed: number, year: number): Float64Array {
  // Changes from hour to hour first, so that an outage costs two additions however long it lasts.
  const availableMw = new Float64Array(system.hours + 1);
  for (const unit of system.firm) addUnit(availableMw, { system, unit, seed, year });
  for (let hour = 1; hour < system.hours; hour++) availableMw[hour] = at(availableMw, hour) + at(availableMw, hour - 1);
  return availableMw;
}

interface Sampled {
  readonly system: AdequacySystem;
  readonly unit: FirmSupply;
  readonly seed: number;
  readonly year: number;
}

function addUnit(changeMw: Float64Array, { system, unit, seed, year }: Sampled): void {
  const { startMs, hours } = system;
  const add = (hour: number, mw: number): void => {
    changeMw[hour] = at(changeMw, hour) + mw;
  };
  const key = { seed, entity: `${unit.id}/year-${year}`, startMs };
  const outages = unit.twoState === null ? [] : forcedOutages(key, unit.twoState, startMs + hours * hourMs);
  if (unit.planned.length === 0) {
    add(0, unit.capacityMw);
    for (const { fromMs, toMs } of outages) {
      const first = Math.ceil((fromMs - startMs) / hourMs);
      const end = Math.min(hours, Math.ceil((toMs - startMs) / hourMs));
      if (first >= end) continue;
      add(first, -unit.capacityMw);
      add(end, unit.capacityMw);
    }
    return;
  }
  let wasIn = false;
  for (let hour = 0; hour < hours; hour++) {
    const atMs = startMs + hour * hourMs;
    const isIn = !isWithin(unit.planned, atMs) && !isWithin(outages, atMs);
    if (isIn !== wasIn) add(hour, isIn ? unit.capacityMw : -unit.capacityMw);
    wasIn = isIn;
  }
}

function shortfallOf(availableMw: Float64Array, neededMw: Float64Array) {
  let [lossHours, unservedMwh, lossDays] = [0, 0, 0];
  let shortDay = -1;
  for (let hour = 0; hour < neededMw.length; hour++) {
    const shortMw = at(neededMw, hour) - at(availableMw, hour);
    // Sums of capacities carry rounding errors of 1e-9 MW.
    if (shortMw <= 1e-6) continue;
    lossHours += 1;
    unservedMwh += shortMw;
    const day = Math.floor(hour / 24);
    if (day !== shortDay) lossDays += 1;
    shortDay = day;
  }
  return { lossHours, unservedMwh, lossDays };
}

/** Mean of sampled values with its 95 % interval, in one pass (Welford); infinite bounds below two values. */
export function tally() {
  let [count, mean, squares, cubes] = [0, 0, 0, 0];
  return {
    add(value: number): void {
      count += 1;
      const step = (value - mean) / count;
      const term = (value - mean) * step * (count - 1);
      mean += step;
      cubes += term * step * (count - 2) - 3 * step * squares;
      squares += term;
    },
    estimate(): Estimate {
      if (count < 2) return { mean, low: -Infinity, high: Infinity };
      const deviation = Math.sqrt(squares / (count - 1));
      const skewness = deviation > 0 ? cubes / count / deviation ** 3 : 0;
      const bound = (z: number): number => mean - deviation * unskewed(z / Math.sqrt(count), { skewness, count });
      return { mean, low: bound(1.96), high: bound(-1.96) };
    },
  };
}

/**
 * Bound of a standardised mean whose values are skewed: most years are without shortfall and few have much, so that the plain normal
 * bound is too low. Source: Hall, J. Royal Statistical Society B 54(1), 1992, cubic transformation.
 */
function unskewed(bound: number, { skewness, count }: { readonly skewness: number; readonly count: number }): number {
  if (Math.abs(skewness) < 1e-6) return bound;
  return (3 / skewness) * (Math.cbrt(1 + skewness * (bound - skewness / (6 * count))) - 1);
}

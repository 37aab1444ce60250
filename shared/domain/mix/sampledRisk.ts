import type { DaySet } from '../adequacy/days.js';
import { availableIn } from '../adequacy/monteCarlo.js';
import type { Risk } from '../adequacy/risk.js';
import { yearsOf, type AdequacySystem } from '../adequacy/system.js';
import { floatAt, intAt } from '../grid/dense.js';
import { forcedOutages } from '../grid/outages.js';
import { hourMs } from '../ticks.js';
import type { BuildOption, Sizes } from './options.js';
import { lessWeather } from './tabledRisk.js';

/** Years of chance: weather years, and how often outages are drawn over each. */
export interface SampledYears {
  readonly seed: number;
  /** Sampled year n has the weather of year n modulo these. */
  readonly years: readonly DaySet[];
  readonly flatMw: number;
}

/** Risk of builds with storage: outages and energy in store are followed hour by hour. */
export interface SampledRisk {
  /** Each of the first `count` sampled years by itself. */
  yearly(sizesMw: Sizes, count: number): readonly Risk[];
}

/**
 * Sequential Monte Carlo with storage: full at the start, filled from whatever is spare, and emptied only where load would not be served.
 * A year depends on seed and number alone, and a unit's outages on its own number, so that builds are compared on the same chances.
 * Source: the greedy storage dispatch of NREL's Probabilistic Resource Adequacy Suite (PRAS), from general knowledge.
 */
export function sampledRisk(system: AdequacySystem, options: readonly BuildOption[], sampled: SampledYears): SampledRisk {
  const { seed, years, flatMw } = sampled;
  const { hours, startMs } = system;
  const noNet = new Float64Array(hours);
  const neededMw = Float64Array.from(system.loadMw, (loadMw) => loadMw + flatMw);
  for (const { outputMw } of system.weather)
    for (let hour = 0; hour < hours; hour++) neededMw[hour] = floatAt(neededMw, hour) - floatAt(outputMw, hour);
  const marginOfYear = remembered((year: number) => {
    const marginMw = availableIn(system, seed, year).slice(0, hours);
    const { weatherDay } = years[year % years.length] as DaySet;
    for (let hour = 0; hour < hours; hour++) {
      const weatherHour = intAt(weatherDay, Math.floor(hour / 24)) * 24 + (hour % 24);
      marginMw[hour] = floatAt(marginMw, hour) - floatAt(neededMw, weatherHour);
    }
    return marginMw;
  });
  const changesOf = changesOfNew(options, { seed, startMs, hours });
  const marginMw = new Float64Array(hours);
  return {
    yearly: (sizesMw, count) => {
      const addedMw = lessWeather(noNet, options, sizesMw);
      const stores = storesOf(options, sizesMw);
      const perYear = 1 / yearsOf(hours / 24);
      return Array.from({ length: count }, (_, year) => {
        const { weatherDay } = years[year % years.length] as DaySet;
        const changes = changesOf(sizesMw, year);
        const oldMw = marginOfYear(year);
        fillMargin(marginMw, { oldMw, changes, addedMw, weatherDay });
        return shortfallOf(marginMw, stores, perYear);
      });
    },
  };
}

/** Changes from hour to hour of what new units can deliver in a sampled year, [hours + 1], MW. */
function changesOfNew(
  options: readonly BuildOption[],
  { seed, startMs, hours }: { readonly seed: number; readonly startMs: number; readonly hours: number },
): (sizesMw: Sizes, year: number) => Float64Array {
  const outagesOf = remembered((key: string) => {
    const [name, unit, year] = key.split('/');
    const option = options.find((each) => each.name === name);
    if (option?.supply.kind !== 'two-state' || option.supply.twoState === null) return new Int32Array();
    const from = { seed, entity: `new-${name}-${unit}/year-${year}`, startMs };
    const outages = forcedOutages(from, option.supply.twoState, startMs + hours * hourMs);
    const hourOf = (ms: number): number => Math.min(hours, Math.ceil((ms - startMs) / hourMs));
    return Int32Array.from(outages.flatMap(({ fromMs, toMs }) => [hourOf(fromMs), hourOf(toMs)]));
  });
  return (sizesMw, year) => {
    const changeMw = new Float64Array(hours + 1);
    const add = (hour: number, mw: number): void => void (changeMw[hour] = floatAt(changeMw, hour) + mw);
    options.forEach(({ supply, name }, place) => {
      if (supply.kind !== 'two-state') return;
      for (let unit = 0; unit < Math.round((sizesMw[place] ?? 0) / supply.unitMw); unit++) {
        add(0, supply.unitMw);
        const ends = outagesOf(`${name}/${unit}/${year}`);
        for (let k = 0; k < ends.length; k++) add(intAt(ends, k), k % 2 === 0 ? -supply.unitMw : supply.unitMw);
      }
    });
    return changeMw;
  };
}

/** Margin of a sampled year: of what was there, of new units, and of what weather brings, [hours], MW. */
function fillMargin(
  marginMw: Float64Array,
  from: { readonly oldMw: Float64Array; readonly changes: Float64Array; readonly addedMw: Float64Array; readonly weatherDay: Int32Array },
): void {
  const { oldMw, changes, addedMw, weatherDay } = from;
  let newMw = 0;
  for (let day = 0, hour = 0; day < weatherDay.length; day++) {
    const first = intAt(weatherDay, day) * 24;
    for (let k = 0; k < 24; k++, hour++) {
      newMw += floatAt(changes, hour);
      marginMw[hour] = floatAt(oldMw, hour) + newMw - floatAt(addedMw, first + k);
    }
  }
}

/** A store of energy. */
export interface Store {
  readonly powerMw: number;
  readonly energyMwh: number;
  readonly chargeEfficiencyRatio: number;
  readonly dischargeEfficiencyRatio: number;
}

function storesOf(options: readonly BuildOption[], sizesMw: Sizes): Store[] {
  return options.flatMap(({ supply }, place) => {
    const powerMw = sizesMw[place] ?? 0;
    return supply.kind === 'storage' && powerMw > 0 ? [{ ...supply, powerMw, energyMwh: powerMw * supply.storedHours }] : [];
  });
}

/** What is short in a year when stores give what is missing and take what is spare; margin [hours], MW, below 0 where it is short. */
export function shortfallOf(marginMw: Float64Array, stores: readonly Store[], perYear: number): Risk {
  const levels = Float64Array.from(stores, ({ energyMwh }) => energyMwh);
  let [lossHours, unservedMwh, lossDays, shortDay] = [0, 0, 0, -1];
  let isFull = true;
  for (let hour = 0; hour < marginMw.length; hour++) {
    let leftMw = floatAt(marginMw, hour);
    if (leftMw >= 0) {
      if (!isFull) isFull = charge(stores, levels, leftMw);
      continue;
    }
    for (let k = 0; k < stores.length && leftMw < 0; k++) {
      const { powerMw, dischargeEfficiencyRatio } = stores[k] as Store;
      const givesMw = Math.min(powerMw, -leftMw, floatAt(levels, k) * dischargeEfficiencyRatio);
      levels[k] = floatAt(levels, k) - givesMw / dischargeEfficiencyRatio;
      leftMw += givesMw;
      isFull = false;
    }
    // Sums of capacities carry rounding errors of 1e-9 MW.
    if (leftMw >= -1e-6) continue;
    lossHours += perYear;
    unservedMwh -= leftMw * perYear;
    const day = Math.floor(hour / 24);
    if (day !== shortDay) lossDays += perYear;
    shortDay = day;
  }
  return { lossDays, lossHours, unservedMwh };
}

/** Fills stores from what is spare in an hour, in their order; answers whether all are full. */
function charge(stores: readonly Store[], levels: Float64Array, spareMw: number): boolean {
  let [leftMw, isFull] = [spareMw, true];
  for (let k = 0; k < stores.length; k++) {
    const { powerMw, energyMwh, chargeEfficiencyRatio } = stores[k] as Store;
    const takesMw = Math.min(powerMw, leftMw, (energyMwh - floatAt(levels, k)) / chargeEfficiencyRatio);
    levels[k] = floatAt(levels, k) + takesMw * chargeEfficiencyRatio;
    leftMw -= takesMw;
    if (energyMwh - floatAt(levels, k) > 1e-9) isFull = false;
  }
  return isFull;
}

function remembered<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const made = make(key);
    known.set(key, made);
    return made;
  };
}

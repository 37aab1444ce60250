import { byteAt, floatAt, intAt } from '../grid/dense.js';
import { limitsOf, type Security } from '../grid/limits.js';
import type { Solve } from '../grid/solver.js';
import { basisReaderOf, holdingLimitsOf, type HoldingLimit } from './duals.js';
import type { SitingEra } from './eras.js';
import { createProbe, type Probe } from './probe.js';

/** MW that fit at a bus in each hour: exact where they have been worked out, bounded from above elsewhere. */
export interface SpareCurve {
  /** [hours of the run] */
  readonly boundMw: Float64Array;
  /** Works out every hour whose bound lies below a level, and that of the least bound; the level is asked for again as bounds fall. */
  refineBelow(levelMw: () => number): void;
  /** The limits that keep more from fitting in an hour, the one that matters most first; none: there is no more supply. */
  limitsAt(place: number): HoldingLimit[];
  /** Hours worked out so far. */
  solvedHours(): number;
}

/** How the hours of a curve are worked out. */
export interface SpareMethod {
  readonly security: Security;
  readonly solve: Solve;
  /** Places of hours that are worked out in any case: those in which load is not served even without a campus are among them. */
  readonly places: readonly number[];
  /** One in so many hours is worked out at first; 1: all are. */
  readonly every: number;
}

/** One hour in so many: no part of a day or a week, so that all their hours come round. */
export const sampledEvery = 11;

/** A bound that is off by less than this in the hour it is tried in gives no new one, MW. */
const goodMw = 0.01;
/** Bounds kept of an era at most: far more than any bus has needed. */
const mostCuts = 1_000;
/** Hours worked out before the level is asked for again. */
const askAgainAfter = 256;

/**
 * The curve of a bus. In linear power flow the MW that fit are the least of a number of linear functions of loads and of what units could
 * deliver; prices of one hour give such a function that holds in all hours of an era (linear programming duality). A sample of the hours
 * finds nearly all of them, and the hours that matter are then worked out; with `every` of 1 nothing is left to bounds.
 */
export function createSpareCurve(eras: readonly SitingEra[], bus: number, method: SpareMethod): SpareCurve {
  const count = eras.reduce((sum, { hours }) => sum + hours.toHour - hours.fromHour, 0);
  const boundMw = new Float64Array(count).fill(Infinity);
  const isExact = new Uint8Array(count);
  let solved = 0;
  const question = { kind: 'spare' } as const;
  const parts = eras.map((era) => partOf(era, createProbe(era, bus, { question, ...method }), { boundMw, isExact }));
  const partAt = (place: number): Part | undefined => parts.find(({ fromPlace, toPlace }) => place >= fromPlace && place < toPlace);
  const workOut = (place: number): void => {
    if (byteAt(isExact, place) === 1) return;
    partAt(place)?.workOut(place);
    solved++;
  };
  for (let place = 0; place < count; place += method.every) workOut(place);
  for (const { fromPlace } of parts) workOut(fromPlace);
  for (const place of method.places) workOut(place);
  return {
    boundMw,
    limitsAt: (place) => partAt(place)?.limitsAt(place, method.security) ?? [],
    solvedHours: () => solved,
    refineBelow: (levelMw) => {
      for (let before = -1; before !== solved; ) {
        before = solved;
        workOut(leastPlace(boundMw));
        let level = levelMw();
        for (let place = 0; place < count; place++) {
          const bound = floatAt(boundMw, place);
          if (byteAt(isExact, place) === 1 || (bound >= level && bound < Infinity)) continue;
          workOut(place);
          if ((solved - before) % askAgainAfter === 0) level = levelMw();
        }
      }
    },
  };
}

/** Place of the least value, the first of equals. */
export function leastPlace(values: Float64Array): number {
  let least = 0;
  for (let place = 1; place < values.length; place++) if (floatAt(values, place) < floatAt(values, least)) least = place;
  return least;
}

interface Part {
  readonly fromPlace: number;
  readonly toPlace: number;
  workOut(place: number): void;
  limitsAt(place: number, security: Security): HoldingLimit[];
}

function partOf(era: SitingEra, probe: Probe, curve: { readonly boundMw: Float64Array; readonly isExact: Uint8Array }): Part {
  const { boundMw, isExact } = curve;
  const { fromHour, toHour } = era.hours;
  const fromPlace = era.firstPlace;
  const toPlace = fromPlace + toHour - fromHour;
  let cuts = 0;
  const lower = (from: number, mw: number, priceOfBus: Float64Array): void => {
    const value = valueOf(era, priceOfBus);
    const here = floatAt(value, from - fromPlace);
    for (let place = fromPlace; place < toPlace; place++) {
      if (byteAt(isExact, place) === 1) continue;
      const bound = Math.max(0, mw + floatAt(value, place - fromPlace) - here);
      if (bound < floatAt(boundMw, place)) boundMw[place] = bound;
    }
  };
  return {
    fromPlace,
    toPlace,
    workOut: (place) => {
      const { mw, shedMw, dispatch } = probe.at(fromHour + place - fromPlace);
      const isNews = floatAt(boundMw, place) - mw > goodMw;
      boundMw[place] = mw;
      isExact[place] = 1;
      // Where load that is there goes short, prices speak of that load and not of the campus.
      if (!isNews || shedMw > goodMw || cuts++ >= mostCuts) return;
      lower(place, mw, dispatch.busPriceUsdPerMwh);
    },
    limitsAt: (place, security) => {
      const { input, dispatch } = probe.at(fromHour + place - fromPlace);
      const { topology } = era;
      const limits = limitsOf(probe.grid, topology, security);
      return holdingLimitsOf(probe.grid, basisReaderOf(probe.grid), { topology, limits, input, warm: dispatch.warm });
    },
  };
}

/** [hours of the era]: what loads and units are worth to the campus at the prices of an hour, up to a constant, MW. */
function valueOf(era: SitingEra, priceOfBus: Float64Array): Float64Array {
  const { loadMw, mostMw, leastMw, busCount, hourCount } = tableOf(era);
  const value = new Float64Array(hourCount);
  const buses = Int32Array.from(priceOfBus.keys()).filter((bus) => Math.abs(floatAt(priceOfBus, bus)) > 1e-9);
  for (let hour = 0; hour < hourCount; hour++) {
    const row = hour * busCount;
    let sum = 0;
    for (let k = 0; k < buses.length; k++) {
      const bus = intAt(buses, k);
      const price = floatAt(priceOfBus, bus);
      const unitsMw = price > 0 ? (mostMw[row + bus] as number) : (leastMw[row + bus] as number);
      sum += price * (unitsMw - (loadMw[row + bus] as number));
    }
    value[hour] = sum;
  }
  return value;
}

/** Hours of an era by bus, row after row of [buses], MW: load, what units there could deliver, and what they must. */
interface Table {
  readonly busCount: number;
  readonly hourCount: number;
  readonly loadMw: Float32Array;
  readonly mostMw: Float32Array;
  readonly leastMw: Float32Array;
}

const knownTables = new WeakMap<SitingEra, Table>();

function tableOf(era: SitingEra): Table {
  const known = knownTables.get(era);
  if (known !== undefined) return known;
  const { grid, hours } = era;
  const busCount = grid.regionOfBus.length;
  const hourCount = hours.toHour - hours.fromHour;
  const [load, available] = [new Float64Array(busCount), new Float64Array(grid.busOfUnit.length)];
  const table: Table = {
    busCount,
    hourCount,
    loadMw: new Float32Array(hourCount * busCount),
    mostMw: new Float32Array(hourCount * busCount),
    leastMw: new Float32Array(hourCount * busCount),
  };
  for (let hour = 0; hour < hourCount; hour++) {
    hours.loadMw(hours.fromHour + hour, load);
    hours.availableMw(hours.fromHour + hour, available);
    const row = hour * busCount;
    table.loadMw.set(load, row);
    grid.busOfUnit.forEach((bus, unit) => {
      const mw = floatAt(available, unit);
      table.mostMw[row + bus] = (table.mostMw[row + bus] as number) + mw;
      table.leastMw[row + bus] = (table.leastMw[row + bus] as number) + Math.min(mw, floatAt(grid.leastMw, unit));
    });
  }
  knownTables.set(era, table);
  return table;
}

/**
 * The largest flat load of which at most a share of energy finds no room in the given spare MW: closed form on the sorted hours, where the
 * k hours of least room are short and k load - sum of their room = ratio * hours * load.
 */
export function flatLoadMw(spareMw: Float64Array, ratio: number): number {
  const sorted = spareMw.toSorted();
  const allowance = ratio * sorted.length;
  let sumMw = 0;
  for (let k = 1; k <= sorted.length; k++) {
    sumMw += floatAt(sorted, k - 1);
    if (k <= allowance) continue;
    const mw = sumMw / (k - allowance);
    if (k === sorted.length || mw <= floatAt(sorted, k)) return Math.max(0, mw);
  }
  return 0;
}

/** The hours that are short at this share are all worked out: those of a smaller one are among them, those of a larger one too many. */
const workedOutRatio = 0.005;

/** The largest flat load at the bus of a curve of which at most a share of energy is curtailed, MW. */
export function hostingMw(curve: SpareCurve, ratio: number): number {
  curve.refineBelow(() => flatLoadMw(curve.boundMw, workedOutRatio));
  return flatLoadMw(curve.boundMw, ratio);
}

import type { World } from '../../scenario/schema.js';
import type { AdequacySystem } from '../adequacy/system.js';
import { floatAt } from '../grid/dense.js';
import { outageRatioOf } from '../grid/outages.js';
import type { BuildOption, Sizes } from './options.js';
import { lessWeather } from './tabledRisk.js';

/** Supply at one cost. */
interface Supply {
  readonly mw: number;
  readonly costUsdPerMwh: number;
}

/**
 * What a build costs to run over the recorded days in order of merit, USD: every firm unit at its capacity less the share of time it is
 * out, one copper plate, storages moving energy within each day where that saves. A stand-in for a dispatch that searches can afford;
 * planned outages, ramps and minimum output take no part.
 */
export function meritCostUsd(
  system: AdequacySystem,
  options: readonly BuildOption[],
  has: { readonly units: World['network']['units']; readonly flatMw: number; readonly lostLoadUsdPerMwh: number },
): (sizesMw: Sizes) => number {
  const netMw = Float64Array.from(system.loadMw, (loadMw) => loadMw + has.flatMw);
  for (const { outputMw } of system.weather)
    for (let hour = 0; hour < netMw.length; hour++) netMw[hour] = floatAt(netMw, hour) - floatAt(outputMw, hour);
  const old = has.units
    .filter(({ availability }) => availability === null)
    .map((unit): Supply => ({ mw: unit.capacityMw * (1 - outageRatioOf(unit.forcedOutage)), costUsdPerMwh: unit.costUsdPerMwh }));
  return (sizesMw) => {
    const built = options.flatMap(({ supply, costUsdPerMwh }, place): Supply[] =>
      supply.kind === 'two-state' ? [{ mw: (sizesMw[place] ?? 0) * (1 - outageRatioOf(supply.twoState)), costUsdPerMwh }] : [],
    );
    const stack = stackOf([...old, ...built], has.lostLoadUsdPerMwh);
    const residualMw = lessWeather(netMw, options, sizesMw);
    options.forEach(({ supply }, place) => {
      const powerMw = sizesMw[place] ?? 0;
      if (supply.kind !== 'storage' || powerMw === 0) return;
      for (let day = 0; day < residualMw.length; day += 24)
        shift(residualMw.subarray(day, day + 24), { ...supply, powerMw }, stack.lastUsdPerMwh);
    });
    return residualMw.reduce((sum, mw) => sum + stack.costUsd(mw), 0);
  };
}

/** Parts of its power that a store moves at a time. */
const parts = 4;

/** Moves energy from the cheapest hours of a day to its dearest ones, in place, as long as that saves what is lost on the way. */
function shift(
  residualMw: Float64Array,
  store: Extract<BuildOption['supply'], { kind: 'storage' }> & { readonly powerMw: number },
  lastUsdPerMwh: (mw: number) => number,
): void {
  const partMw = store.powerMw / parts;
  const keptRatio = store.chargeEfficiencyRatio * store.dischargeEfficiencyRatio;
  // Parts taken by an hour; below 0: given to it.
  const taken = new Int8Array(residualMw.length);
  for (let part = 0; part < parts * store.storedHours; part++) {
    let [low, high] = [-1, -1];
    for (let hour = 0; hour < residualMw.length; hour++) {
      const [mw, partsTaken] = [floatAt(residualMw, hour), taken[hour] ?? 0];
      if (partsTaken >= 0 && partsTaken < parts && (low < 0 || mw < floatAt(residualMw, low))) low = hour;
      if (partsTaken <= 0 && partsTaken > -parts && (high < 0 || mw > floatAt(residualMw, high))) high = hour;
    }
    if (low < 0 || high < 0 || low === high) return;
    const [takesTo, givesTo] = [floatAt(residualMw, low) + partMw, floatAt(residualMw, high) - partMw * keptRatio];
    if (lastUsdPerMwh(floatAt(residualMw, high)) * keptRatio <= lastUsdPerMwh(takesTo)) return;
    [residualMw[low], residualMw[high]] = [takesTo, givesTo];
    taken[low] = (taken[low] ?? 0) + 1;
    taken[high] = (taken[high] ?? 0) - 1;
  }
}

/** Supplies in order of merit: what an output costs, and what its last MW does. */
function stackOf(supplies: readonly Supply[], lostLoadUsdPerMwh: number) {
  const sorted = supplies.filter(({ mw }) => mw > 0).sort((a, b) => a.costUsdPerMwh - b.costUsdPerMwh);
  // Where each supply begins, and what all before it cost together.
  const from = new Float64Array(sorted.length + 1);
  const usd = new Float64Array(sorted.length + 1);
  sorted.forEach(({ mw, costUsdPerMwh }, k) => {
    from[k + 1] = floatAt(from, k) + mw;
    usd[k + 1] = floatAt(usd, k) + mw * costUsdPerMwh;
  });
  const placeOf = (mw: number): number => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (floatAt(from, middle) < mw) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  const costAt = (place: number): number => sorted[place]?.costUsdPerMwh ?? lostLoadUsdPerMwh;
  return {
    costUsd(mw: number): number {
      if (mw <= 0) return 0;
      const place = placeOf(mw);
      return floatAt(usd, place) + (mw - floatAt(from, place)) * costAt(place);
    },
    lastUsdPerMwh: (mw: number): number => (mw <= 0 ? 0 : costAt(placeOf(mw))),
  };
}

import { floatAt } from '../grid/dense.js';
import type { Security } from '../grid/limits.js';
import type { Solve } from '../grid/solver.js';
import type { BaseYear } from './baseYear.js';
import type { SitingEra } from './eras.js';
import { createProbe } from './probe.js';

/**
 * Power that a load at a bus could have for next to nothing, with the lines as they are: what is curtailed at it or wherever lines can bring
 * it from. Buses that reach the same power each count it, so figures of several buses do not add up.
 */
export interface Surplus {
  /** Hours with any. */
  readonly hours: number;
  readonly totalMwh: number;
  /** Over all hours of the run. */
  readonly meanMw: number;
  readonly mostMw: number;
  /** What a flat load of so many MW would take of it, MWh. */
  takenMwh(loadMw: number): number;
}

/** Less is rounding, MW. */
const leastMw = 1e-6;

/** The surplus of a bus, by place: only hours that are cheap there without any new load can have some. */
export function surplusAt(
  eras: readonly SitingEra[],
  bus: number,
  how: { readonly base: BaseYear; readonly cheapUsdPerMwh: number; readonly security: Security; readonly solve: Solve },
): Surplus {
  const { base, cheapUsdPerMwh } = how;
  const found: number[] = [];
  for (const era of eras) {
    const { fromHour, toHour } = era.hours;
    const places = (base.cheapHours[bus] ?? []).filter((place) => place >= era.firstPlace && place < era.firstPlace + toHour - fromHour);
    if (places.length === 0) continue;
    const probe = createProbe(era, bus, { question: { kind: 'cheap', usdPerMwh: cheapUsdPerMwh }, ...how });
    for (const place of places) found.push(probe.at(fromHour + place - era.firstPlace).mw);
  }
  const mw = Float64Array.from(found.filter((each) => each > leastMw)).sort();
  const totalMwh = mw.reduce((sum, each) => sum + each, 0);
  return {
    hours: mw.length,
    totalMwh,
    meanMw: totalMwh / Math.max(1, base.hours),
    mostMw: mw.length === 0 ? 0 : floatAt(mw, mw.length - 1),
    takenMwh: (loadMw) => mw.reduce((sum, each) => sum + Math.min(each, loadMw), 0),
  };
}

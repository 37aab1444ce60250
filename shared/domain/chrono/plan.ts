import { floatAt } from '../grid/dense.js';
import type { Solve } from '../grid/solver.js';
import type { Convex } from './convex.js';
import { promiseOf, type Promised } from './master.js';
import { leastCostAlong, leastCostUsd, type Point } from './points.js';
import { storedAfter, type Reservoir } from './reservoir.js';
import { scheduleOf, type Ends } from './schedule.js';

/** An hour whose cost can be asked for; it remembers every answer. */
export interface AskedHour {
  readonly points: readonly Point[];
  /** Dispatches the hour for what its reservoirs do, MW, and what they hold at its start, MWh, [reservoirs]. */
  ask(netMw: Float64Array, storedMwh: Float64Array): Point;
}

/** What reservoirs do over the hours of a plan. */
export interface Plan {
  /** [hours] */
  readonly points: readonly Point[];
  /** [hours + 1]: energy at the start of each and at the end, [reservoirs], MWh. */
  readonly storedMwh: readonly Float64Array[];
  readonly costUsd: number;
  /** No plan costs less than this. */
  readonly leastCostUsd: number;
}

/** A plan is good enough when no other is better by more than this share. */
const goodEnoughRatio = 1e-7;
/** Rounds of asking again where the plan leads; far above what any network has needed. */
const mostRounds = 60;

/**
 * Least cost over several hours: plans on what is known of each hour, asks where the plan leads, and plans again until the answers are
 * what the plan expected (cutting planes of Kelley 1960, one exact recursion per reservoir in place of the master problem).
 */
export function planOf(
  solve: Solve,
  reservoirs: readonly Reservoir[],
  { hours, ends }: { readonly hours: readonly AskedHour[]; readonly ends: readonly Ends[] },
): Plan {
  const ask = (netMw: readonly Float64Array[]): Omit<Plan, 'leastCostUsd'> => {
    const storedMwh = storedAlong(reservoirs, netMw, ends);
    const points = hours.map((hour, place) => hour.ask(netMw[place] as Float64Array, storedMwh[place] as Float64Array));
    return { points, storedMwh, costUsd: points.reduce((sum, { costUsd }) => sum + costUsd, 0) };
  };
  let best = ask(hours.map(() => new Float64Array(reservoirs.length)));
  let least = -Infinity;
  // One reservoir after the other gets near fast; with several of them the last steps need all of them at once.
  let isTogether = false;
  for (let round = 0; round < mostRounds && reservoirs.length > 0; round++) {
    const { netMw, leastCostUsd } = isTogether
      ? promiseOf(solve, reservoirs, { hours: hours.map(({ points }) => points), ends })
      : replan(reservoirs, hours, { netMw: best.points.map((point) => point.netMw.slice()), ends });
    const slack = goodEnoughRatio * Math.abs(best.costUsd) + 1e-6;
    const isBound = isTogether || reservoirs.length === 1;
    if (isBound) least = Math.max(least, leastCostUsd);
    if (leastCostUsd >= best.costUsd - slack) {
      if (isBound) break;
      isTogether = true;
      continue;
    }
    const next = ask(netMw);
    if (next.costUsd < best.costUsd) best = next;
  }
  return { ...best, leastCostUsd: reservoirs.length === 0 ? best.costUsd : least };
}

/** Energy in store at the start of each hour and at the end. */
function storedAlong(reservoirs: readonly Reservoir[], netMw: readonly Float64Array[], ends: readonly Ends[]): Float64Array[] {
  let stored = Float64Array.from(ends, ({ startMwh }) => startMwh);
  return [
    stored,
    ...netMw.map((all) => (stored = stored.map((mwh, place) => storedAfter(reservoirs[place] as Reservoir, mwh, floatAt(all, place))))),
  ];
}

/** Plans one reservoir after the other on what the points tell, until none wants to change; writes `netMw` and gives the cost expected. */
function replan(
  reservoirs: readonly Reservoir[],
  hours: readonly AskedHour[],
  { netMw, ends }: { readonly netMw: readonly Float64Array[]; readonly ends: readonly Ends[] },
): Promised {
  const expected = (): number => hours.reduce((sum, hour, place) => sum + leastCostUsd(hour.points, netMw[place] as Float64Array), 0);
  let costUsd = Infinity;
  for (let turn = 0; turn < 20; turn++) {
    reservoirs.forEach((reservoir, place) => {
      const costs = hours.map(
        ({ points }, hour): Convex =>
          leastCostAlong(points, {
            reservoir: place,
            netMw: netMw[hour] as Float64Array,
            fromMw: -reservoir.dischargeMw,
            toMw: reservoir.chargeMw,
          }),
      );
      const own = scheduleOf(reservoir, costs, ends[place] as Ends);
      netMw.forEach((all, hour) => (all[place] = floatAt(own, hour)));
    });
    const nowUsd = expected();
    if (reservoirs.length === 1 || nowUsd >= costUsd - goodEnoughRatio * Math.abs(costUsd))
      return { netMw, leastCostUsd: Math.min(nowUsd, costUsd) };
    costUsd = nowUsd;
  }
  return { netMw, leastCostUsd: costUsd };
}

import type { World } from '../../scenario/schema.js';
import { floatAt } from '../grid/dense.js';
import type { Dispatch } from '../grid/dispatch.js';
import type { LinearSolver } from '../grid/solver.js';
import type { AskableHours } from './asking.js';
import type { CallState } from './calls.js';
import { callsAfter, sharesNow, type DayPlan } from './days.js';
import type { HourKernel } from './hour.js';
import type { Point } from './points.js';
import { hourlyRampMw } from './ramps.js';
import { storedAfter, type Reservoir } from './reservoir.js';
import { settle, type Planned } from './settle.js';
import { dispatchTied } from './wholeDay.js';

/** A day to settle, and how it begins. */
export interface DayToSettle {
  readonly solver: LinearSolver;
  readonly asked: AskableHours;
  readonly plan: DayPlan;
  /** Whether the plan was made on other hours than these. */
  readonly isBlind: boolean;
  readonly firstHour: number;
  /** Hours to settle; the plan goes on beyond them. */
  readonly keeps: number;
  /** [storages], MWh; [units], MW; [contracts]. */
  readonly storedMwh: Float64Array;
  readonly beforeMw: Float64Array | null;
  readonly calls: readonly CallState[];
}

/** An hour as it is. */
export interface Settled extends Planned {
  /** [storages]: at its end, MWh. */
  readonly storedAfterMwh: Float64Array<ArrayBuffer>;
  readonly calls: readonly CallState[];
}

/** A day as it is, and whether it was dispatched as one problem. */
export interface SettledDay {
  readonly hours: readonly Settled[];
  readonly isTied: boolean;
}

/** Share of what the day would cost without ramps from which on its ramps are worth one problem of their own. */
const bitesRatio = 1e-3;
/** Hours after the day that such a problem looks at. */
const beyondHours = 6;

/**
 * Settles the hours of a day in their order: calls within what is left of contracts, output within ramps. Where ramps cost more than
 * little that way, the day is dispatched again as one problem, by the other solver.
 */
export function settleDay(world: World, kernel: HourKernel, day: DayToSettle): SettledDay {
  const rampMw = hourlyRampMw(world.network.units);
  const settled: Settled[] = [];
  let { beforeMw, calls } = day;
  let [freeUsd, settledUsd] = [0, 0];
  let now = plannedAt(world, day, { k: 0, calls });
  for (let k = 0; k < day.keeps && now !== null; k++) {
    const point = settle(kernel, rampMw, { beforeMw, now, next: plannedAt(world, day, { k: k + 1, calls }) });
    freeUsd += now.point.costUsd;
    settledUsd += point.costUsd;
    calls = callsAfter(calls, point.dispatch.bidMw);
    beforeMw = point.dispatch.generationMw;
    settled.push(settledAs(kernel, now, { point, calls }));
    now = plannedAt(world, day, { k: k + 1, calls });
  }
  const isTied = settledUsd - freeUsd > bitesRatio * freeUsd;
  const tied = isTied ? settleTied(world, kernel, day, { rampMw, settled, settledUsd }) : null;
  return { hours: tied ?? settled, isTied: tied !== null };
}

/** An hour of the plan with the hours themselves in place of those it was made on; null beyond the plan. */
function plannedAt(
  world: World,
  { asked, plan, isBlind, firstHour, keeps }: DayToSettle,
  { k, calls }: { readonly k: number; readonly calls: readonly CallState[] },
): Planned | null {
  const point = plan.points[k];
  if (point === undefined) return null;
  const storedMwh = plan.storedMwh[k] as Float64Array;
  const shares = plan.callShares[k] ?? [];
  const mayDiffer = k < keeps && (isBlind || point.dispatch.bidMw.some((mw) => mw > 0));
  const hour = asked.hour(firstHour + k, mayDiffer ? sharesNow(world, shares, calls) : shares);
  return { base: hour.base, point: hour.ask(point.netMw, storedMwh), storedMwh };
}

function settledAs(kernel: HourKernel, planned: Planned, as: { readonly point: Point; readonly calls: readonly CallState[] }): Settled {
  const storedAfterMwh = Float64Array.from(planned.storedMwh, (mwh, place) =>
    storedAfter(kernel.reservoirs[place] as Reservoir, mwh, floatAt(as.point.netMw, place)),
  );
  return { ...planned, ...as, storedAfterMwh };
}

/** The day, and some hours after it, dispatched as one problem; null when that finds nothing better. */
function settleTied(
  world: World,
  kernel: HourKernel,
  day: DayToSettle,
  { rampMw, settled, settledUsd }: { readonly rampMw: Float64Array; readonly settled: readonly Settled[]; readonly settledUsd: number },
): readonly Settled[] | null {
  const callsThen = settled.at(-1)?.calls ?? day.calls;
  const after = Array.from({ length: beyondHours }, (_, k) => plannedAt(world, day, { k: settled.length + k, calls: callsThen }));
  const hours: readonly Planned[] = [...settled, ...after.filter((hour) => hour !== null)];
  const dispatches = dispatchTied(day.solver, kernel.tie, {
    inputs: hours.map(({ base, storedMwh }) => kernel.tiedInputOf(base, storedMwh)),
    endAtLeastMwh: day.plan.storedMwh[hours.length] ?? day.storedMwh,
    beforeMw: day.beforeMw,
    rampMw,
    workings: hours.map(({ point }) => bindingLimits(kernel, point.dispatch)),
  });
  if (dispatches === null) return null;
  let { calls, storedMwh } = day;
  const tied = settled.map(({ base }, k): Settled => {
    const dispatch = dispatches[k] as Dispatch;
    const netMw = dispatch.chargeMw.map((mw, place) => mw - floatAt(dispatch.dischargeMw, place));
    const point = { netMw, costUsd: kernel.costUsdOf(dispatch), slopeUsdPerMwh: new Float64Array(netMw.length), dispatch };
    calls = callsAfter(calls, dispatch.bidMw);
    const hour = settledAs(kernel, { base, point, storedMwh }, { point, calls });
    storedMwh = hour.storedAfterMwh;
    return hour;
  });
  const isPossible = tied.every(({ point: { dispatch } }) =>
    dispatch.chargeMw.every((mw, place) => mw * floatAt(dispatch.dischargeMw, place) < 1e-9),
  );
  return isPossible && tied.reduce((sum, { point }) => sum + point.costUsd, 0) < settledUsd ? tied : null;
}

/** Limits of flows that a dispatch has reached; of those that are in its problem others may be left from the hours before. */
function bindingLimits({ tie: { limits } }: HourKernel, { warm, netFlowMw }: Dispatch): number[] {
  const leastMw = 1e-6;
  return warm.limits.filter((limit) => {
    const mw = limits.flowMw(limit, netFlowMw);
    return mw > limits.highestMw(limit) - leastMw || mw < limits.lowestMw(limit) + leastMw;
  });
}

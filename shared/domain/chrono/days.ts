import type { World } from '../../scenario/schema.js';
import { floatAt } from '../grid/dense.js';
import type { Solve } from '../grid/solver.js';
import type { AskableHours } from './asking.js';
import { afterHour, allows, bestHours, mayCall, type CallState } from './calls.js';
import type { HourKernel } from './hour.js';
import { planOf, type Plan } from './plan.js';

/** Hours of a plan, and how many of them are kept before it is made anew. */
export const horizonHours = 48;
export const keptHours = 24;

/** A plan, and the share of each contract that may be called in each of its hours, [hours][contracts]. */
export interface DayPlan extends Plan {
  readonly callShares: readonly (readonly number[])[];
}

/** Reductions below this are rounding, MW. */
const leastMw = 1e-6;

/**
 * Plans reservoirs and calls over some hours. Contracts may be called wherever that pays; where this asks for more hours or events than
 * are left, the hours in which a call saves most are chosen, and the rest is planned again.
 */
export function planDay(
  world: Pick<World, 'contracts'>,
  kernel: HourKernel,
  wanted: {
    readonly solve: Solve;
    readonly hours: AskableHours;
    readonly places: readonly number[];
    readonly storedMwh: Float64Array;
    readonly calls: readonly CallState[];
  },
): DayPlan {
  const { hours, places } = wanted;
  const ends = Array.from(wanted.storedMwh, (mwh) => ({ startMwh: mwh, endAtLeastMwh: mwh }));
  let isAllowed = world.contracts.map(() => places.map(() => true));
  for (;;) {
    const callShares = places.map((_, k) => isAllowed.map((own) => (own[k] === true ? 1 : 0)));
    const asked = places.map((hour, k) => hours.hour(hour, callShares[k] ?? []));
    const plan = planOf(wanted.solve, kernel.reservoirs, { hours: asked, ends });
    const isWanted = world.contracts.map((_, contract) => plan.points.map(({ dispatch }) => floatAt(dispatch.bidMw, contract) > leastMw));
    const over = world.contracts.findIndex(
      (rules, contract) => !allows(rules, wanted.calls[contract] as CallState, isWanted[contract] ?? []),
    );
    const rules = world.contracts[over];
    if (rules === undefined) return { ...plan, callShares };
    // What a call is worth is what the hour would cost without it.
    const worthUsd = plan.points.map((point, k) => {
      if (isWanted[over]?.[k] !== true) return 0;
      const base = asked[k]?.base;
      if (base === undefined) return 0;
      const callableMw = base.callableMw.with(over, 0);
      const without = kernel.dispatch(
        { ...base, callableMw },
        { netMw: point.netMw, storedMwh: plan.storedMwh[k] as Float64Array, ramps: null },
      );
      return Math.max(0, without.costUsd - point.costUsd);
    });
    const chosen = bestHours(rules, wanted.calls[over] as CallState, worthUsd);
    isAllowed = isAllowed.map((own, contract) => (contract === over ? chosen : own));
  }
}

/** Share of each contract that may be called in an hour: nothing where its budget is spent, less where its ramp falls into the hour. */
export function sharesNow(world: Pick<World, 'contracts'>, planned: readonly number[], calls: readonly CallState[]): number[] {
  return world.contracts.map((contract, place) => {
    const state = calls[place] as CallState;
    if ((planned[place] ?? 0) === 0 || !mayCall(contract, state)) return 0;
    return state.lastedHours > 0 ? 1 : firstHourRatio(contract.rampMinutes);
  });
}

/** Mean over its first hour of a reduction that begins with a straight ramp. */
function firstHourRatio(rampMinutes: number): number {
  return rampMinutes <= 60 ? 1 - rampMinutes / 120 : 30 / rampMinutes;
}

/** Contracts after an hour with these reductions. */
export function callsAfter(calls: readonly CallState[], bidMw: Float64Array): CallState[] {
  return calls.map((state, place) => afterHour(state, floatAt(bidMw, place) > leastMw));
}

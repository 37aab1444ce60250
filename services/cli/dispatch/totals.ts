import type { Totals } from '../../../shared/domain/grid/hourly.js';
import type { DispatchAnswer } from './answer.js';
import type { DispatchRequest } from './request.js';

/** Values by the ids of the things they belong to. */
export function named(things: readonly { readonly id: string }[], values: ArrayLike<number>): Record<string, number> {
  return Object.fromEntries(things.map(({ id }, place) => [id, values[place] ?? 0]));
}

/** What every problem answers, from the sums over its hours. */
export function answerFrom(
  { world, convention, special }: DispatchRequest,
  run: { readonly problem: string; readonly totals: Totals; readonly kernelMs: number },
): DispatchAnswer {
  const { totals, kernelMs } = run;
  const { hours, costUsd, unservedMwh, surplusMwh, curtailedMwh, fallbackHours } = totals;
  return {
    network: world.name,
    problem: run.problem,
    dc: convention,
    security: special.security ?? 'none',
    hours,
    costUsd,
    kernelMs,
    msPerHour: kernelMs / Math.max(1, hours),
    unservedMwh,
    surplusMwh,
    curtailedMwh,
    carbonTonnes: totals.carbonKg / 1_000,
    meanPriceUsdPerMwh: totals.loadMwh === 0 ? 0 : totals.loadCostUsd / totals.loadMwh,
    fallbackHours,
    ...(totals.leastMargin === null ? {} : { leastMargin: totals.leastMargin }),
    energyMwhBySource: Object.fromEntries(totals.energyMwh),
    unservedMwhByBus: Object.fromEntries(totals.unservedByBusMwh),
    curtailedMwhByUnit: Object.fromEntries(totals.curtailedByUnitMwh),
    congestedLines: [...totals.congestion].map(([line, { hours: count }]) => ({ line, hours: count })).sort((a, b) => b.hours - a.hours),
  };
}

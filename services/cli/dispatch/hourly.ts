import { createTally, marginOf, prepareHourly, type DispatchedHour } from '../../../shared/domain/grid/hourly.js';
import type { Security } from '../../../shared/domain/grid/limits.js';
import { noCounts, solveByPivots } from '../../../shared/domain/grid/simplex/solve.js';
import { stopwatchMs } from '../../../shared/runtime/clock.js';
import { loadHighsSolver } from '../../../shared/runtime/highs.js';
import type { HourDetail } from './answer.js';
import { wordIn } from './options.js';
import type { Problem } from './request.js';
import { answerFrom, named } from './totals.js';

/** Each hour on its own, by the kernel's own simplex method. */
export const hourly: Problem = {
  summary: 'each hour on its own',
  takes: ['security'],
  run: async (request) => {
    const { fromHour, toHour, convention, outageSeed, special } = request;
    const security = wordIn<Security>('--security', special.security ?? 'none', ['none', 'n-1']);
    const counts = noCounts();
    const solve = solveByPivots(await loadHighsSolver(), counts);
    const hours = prepareHourly(request.world, { fromHour, toHour, convention, security, outageSeed, solve })();
    const tally = createTally();
    const detail: HourDetail[] = [];
    let [kernelMs, done] = [0, 0];
    for (;;) {
      const beginMs = stopwatchMs();
      const next = hours.next();
      kernelMs += stopwatchMs() - beginMs;
      if (next.done === true) break;
      tally.add(next.value);
      if (request.wantsDetail) detail.push(detailOf(next.value));
      request.say(`${++done} of ${toHour - fromHour} hours`);
    }
    const answer = { ...answerFrom(request, { problem: 'hourly', totals: tally.totals(), kernelMs }), pivots: counts.pivots };
    return request.wantsDetail ? { ...answer, detail } : answer;
  },
};

/** An hour by the names of what is in it. */
export function detailOf({ hour, grid, input, dispatch }: DispatchedHour): HourDetail {
  const { buses, units, lines } = grid.world.network;
  return {
    hour,
    costUsd: dispatch.costUsd,
    busPriceUsdPerMwh: named(buses, dispatch.busPriceUsdPerMwh),
    generationMw: named(units, dispatch.generationMw),
    netFlowMw: named(lines, dispatch.netFlowMw),
    unservedMw: named(buses, dispatch.shedMw),
    netMarginMw: marginOf({ hour, input }).netMarginMw,
  };
}

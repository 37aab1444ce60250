import { chronoHours, foresights, type ChronoHour, type ChronoRun, type Foresight } from '../../../shared/domain/chrono/run.js';
import { horizonHours } from '../../../shared/domain/chrono/days.js';
import { createTally } from '../../../shared/domain/grid/hourly.js';
import type { Security } from '../../../shared/domain/grid/limits.js';
import { noCounts, solveByPivots, type SolveCounts } from '../../../shared/domain/grid/simplex/solve.js';
import { stopwatchMs } from '../../../shared/runtime/clock.js';
import { loadHighsSolver } from '../../../shared/runtime/highs.js';
import type { World } from '../../../shared/scenario/schema.js';
import type { HourDetail } from './answer.js';
import { chronoTally } from './chronoTally.js';
import { detailOf } from './hourly.js';
import { fromZero, numberIn, wordIn } from './options.js';
import type { DispatchRequest, Problem } from './request.js';
import { answerFrom, named } from './totals.js';

/** Hours in their order: storages, ramps, reserve, and load that bids. */
export const chrono: Problem = {
  summary: 'hours in their order, with storages, ramps, reserve missed at its price, and contracts that are called',
  takes: ['security', 'foresight', 'reserve', 'reservePrice', 'withoutStorage'],
  run: async (request) => {
    const world = worldOf(request);
    const foresight = wordIn<Foresight>('--foresight', request.special.foresight ?? 'perfect', foresights);
    const counts = noCounts();
    const hours = chronoHours(world, { ...(await runOf(request, counts)), foresight });
    const tally = createTally();
    const turns = chronoTally(world);
    const detail: HourDetail[] = [];
    let [kernelMs, done] = [0, 0];
    for (;;) {
      const beginMs = stopwatchMs();
      const next = hours.next();
      kernelMs += stopwatchMs() - beginMs;
      if (next.done === true) break;
      tally.add(next.value);
      turns.add(next.value);
      if (request.wantsDetail) detail.push(withStored(next.value));
      request.say(`${++done} of ${request.toHour - request.fromHour} hours`);
    }
    const answer = {
      ...answerFrom(request, { problem: 'chrono', totals: tally.totals(), kernelMs }),
      pivots: counts.pivots,
      chrono: { foresight, reserveMw: world.reserve.requirementMw, ...turns.totals() },
    };
    return request.wantsDetail ? { ...answer, detail } : answer;
  },
};

/** The world with the reserve asked for in place of its own, and without storages where they take no part. */
function worldOf({ world, special }: DispatchRequest): World {
  const reserveMw = special.reserve === undefined ? null : numberIn('--reserve', special.reserve, fromZero);
  const priceUsdPerMwh = numberIn('--reserve-price', special.reservePrice ?? '1000', fromZero);
  const reserve =
    reserveMw === null
      ? world.reserve
      : {
          ...world.reserve,
          requirementMw: reserveMw,
          shortageSteps: reserveMw === 0 ? [] : [{ widthMw: reserveMw, priceUsdPerMwh }],
        };
  const network = special.withoutStorage === true ? { ...world.network, storages: [] } : world.network;
  return { ...world, reserve, network };
}

async function runOf(request: DispatchRequest, counts: SolveCounts): Promise<Omit<ChronoRun, 'foresight'>> {
  const { fromHour, toHour, endHour, convention, outageSeed, special } = request;
  const solver = await loadHighsSolver();
  return {
    fromHour,
    toHour,
    seesToHour: Math.min(endHour, toHour + horizonHours),
    convention,
    security: wordIn<Security>('--security', special.security ?? 'none', ['none', 'n-1']),
    outageSeed,
    solve: solveByPivots(solver, counts),
    solver,
    start: null,
  };
}

function withStored(hour: ChronoHour): HourDetail {
  return { ...detailOf(hour), storedMwh: named(hour.grid.world.network.storages, hour.storedMwh) };
}

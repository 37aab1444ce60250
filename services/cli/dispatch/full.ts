import { prepareFull, type FullRun, type FullWindow } from '../../../shared/domain/commitment/full.js';
import { plainOptions } from '../../../shared/domain/commitment/model.js';
import type { CommittedHour } from '../../../shared/domain/commitment/read.js';
import type { WindowHour } from '../../../shared/domain/commitment/windowProblem.js';
import { createTally, marginOf } from '../../../shared/domain/grid/hourly.js';
import { stopwatchMs } from '../../../shared/runtime/clock.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { loadHighsMixedInteger } from '../../../shared/runtime/highs.js';
import type { CommitmentAnswer, HourDetail } from './answer.js';
import { commitmentTally } from './commitmentTally.js';
import { fromZero, numberIn, wholeFromZero } from './options.js';
import type { DispatchRequest, Problem } from './request.js';
import { answerFrom, named } from './totals.js';

/** A search ends at this gap or after this many nodes: with both, docs/commitment.md was measured. */
const searchLimits = { gapRatio: 1e-3, nodes: 2_000 };
/** Time in which reserve has to be there. */
const responseMinutes = 10;
/** MW below which a value of the solver is rounding: ten times its tolerance. */
const roundingMw = 1e-6;

/** Which units run, at what output: rolling windows of 48 hours, the first 24 kept. */
export const full: Problem = {
  summary: 'which units run and at what output, with starts, least outputs and times, ramps, storage; prices with what runs held',
  takes: ['reserve', 'reservePrice', 'stopCostRatio', 'runIn', 'withoutStorage'],
  run: async (request) => {
    const { fromHour, toHour, wantsDetail } = request;
    const run = await runOf(request);
    const tally = createTally(roundingMw);
    const turns = commitmentTally();
    const detail: HourDetail[] = [];
    const windows: CommitmentAnswer['windows'] = [];
    const hours = prepareFull(request.world, run)();
    let kernelMs = 0;
    for (;;) {
      const beginMs = stopwatchMs();
      const next = hours.next();
      kernelMs += stopwatchMs() - beginMs;
      if (next.done === true) break;
      const { window, inputs } = next.value;
      windows.push(window.report);
      for (const [place, hour] of window.hours.entries()) {
        const input = inputs[place];
        if (input === undefined || hour.hour < fromHour) continue;
        tally.add(tallied(next.value, hour, input));
        turns.add(next.value.commitment, hour);
        if (wantsDetail) detail.push(detailOf(next.value, hour, input));
      }
      const done = Math.max(0, (window.hours.at(-1)?.hour ?? 0) + 1 - fromHour);
      const gap = (100 * window.report.gapRatio).toFixed(3);
      request.say(`${done} of ${toHour - fromHour} hours, gap of the last window ${gap} %, ${Math.round(kernelMs / 1_000)} s`);
    }
    const gaps = windows.map(({ gapRatio }) => gapRatio);
    const commitment: CommitmentAnswer = {
      stopCostRatio: run.options.stopCostRatio,
      reserveMw: run.reserve?.requirementMw ?? 0,
      ...turns.totals(),
      runInHours: fromHour - run.fromHour,
      meanGapRatio: gaps.reduce((sum, gap) => sum + gap, 0) / Math.max(1, gaps.length),
      largestGapRatio: Math.max(0, ...gaps),
      windows,
    };
    const answer = { ...answerFrom(request, { problem: 'full', totals: tally.totals(), kernelMs }), commitment };
    return wantsDetail ? { ...answer, detail } : answer;
  },
};

async function runOf({ special, world, convention, outageSeed, ...asked }: DispatchRequest): Promise<FullRun> {
  const requirementMw = numberIn('--reserve', special.reserve ?? '0', fromZero);
  const shortageUsdPerMwh = numberIn('--reserve-price', special.reservePrice ?? '1000', fromZero);
  const runInHours = numberIn('--run-in', special.runIn ?? '0', wholeFromZero);
  if (runInHours > asked.fromHour)
    throw wrongInput(`--run-in: found ${runInHours}, allowed: up to ${asked.fromHour}, the hours before the first`);
  return {
    fromHour: asked.fromHour - runInHours,
    toHour: asked.toHour,
    endHour: asked.endHour,
    convention,
    outageSeed,
    solver: await loadHighsMixedInteger(searchLimits),
    options: {
      ...plainOptions,
      lostLoadUsdPerMwh: world.lostLoadUsdPerMwh,
      stopCostRatio: numberIn('--stop-cost-ratio', special.stopCostRatio ?? '0', fromZero),
      withStorages: special.withoutStorage !== true,
    },
    reserve: requirementMw === 0 ? null : { requirementMw, shortageUsdPerMwh, responseMinutes },
  };
}

function tallied({ grid }: FullWindow, hour: CommittedHour, input: WindowHour): Parameters<ReturnType<typeof createTally>['add']>[0] {
  return { hour: hour.hour, grid, input, dispatch: { ...hour, solves: 0 } };
}

function detailOf({ grid }: FullWindow, hour: CommittedHour, input: WindowHour): HourDetail {
  const { buses, units, lines, storages } = grid.world.network;
  return {
    hour: hour.hour,
    costUsd: hour.costUsd,
    busPriceUsdPerMwh: named(buses, hour.busPriceUsdPerMwh),
    generationMw: named(units, hour.generationMw),
    netFlowMw: named(lines.slice(0, hour.netFlowMw.length), hour.netFlowMw),
    unservedMw: named(buses, hour.shedMw),
    netMarginMw: marginOf({ hour: hour.hour, input }).netMarginMw,
    unitsOn: units.filter((_, place) => hour.isOn[place] === 1).map(({ id }) => id),
    storedMwh: named(storages.slice(0, hour.storedMwh.length), hour.storedMwh),
  };
}

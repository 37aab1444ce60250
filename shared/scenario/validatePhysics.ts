import type { World } from './schema.js';
import type { Misfit } from './shape.js';

const shareTolerance = 1e-6;

/** Numbers that are fine alone and impossible together. */
export function* physicsMisfits(world: World): Generator<Misfit> {
  const { network, reserve } = world;
  for (const region of world.regions) {
    const shares = network.buses.filter((bus) => bus.region === region.id).reduce((sum, bus) => sum + bus.loadShareRatio, 0);
    if (Math.abs(shares - 1) > shareTolerance) {
      yield {
        field: 'network.buses.loadShareRatio',
        found: `${shares} as sum of region "${region.id}"`,
        allowed: `1 within ${shareTolerance}`,
      };
    }
  }
  for (const [index, line] of network.lines.entries()) {
    if (line.reactancePu === 0)
      yield { field: `network.lines[${index}].reactancePu`, found: '0', allowed: 'a number other than 0 in p.u. on 100 MVA' };
    if (line.emergencyRatingMw !== null && line.emergencyRatingMw < (line.ratingMw ?? Infinity)) {
      const field = `network.lines[${index}].emergencyRatingMw`;
      yield { field, found: String(line.emergencyRatingMw), allowed: `at least ratingMw, ${line.ratingMw ?? 'none'}` };
    }
  }
  for (const [index, storage] of network.storages.entries()) {
    if (storage.initialMwh > storage.energyMwh) {
      yield {
        field: `network.storages[${index}].initialMwh`,
        found: String(storage.initialMwh),
        allowed: `up to energyMwh, ${storage.energyMwh}`,
      };
    }
    for (const side of ['chargeEfficiencyRatio', 'dischargeEfficiencyRatio'] as const) {
      if (storage[side] === 0) yield { field: `network.storages[${index}].${side}`, found: '0', allowed: 'above 0 to 1' };
    }
  }
  yield* reserveMisfits(reserve);
  for (const [index, campus] of world.campuses.entries()) {
    if (campus.inferenceMinMw > campus.inferenceMaxMw) {
      const field = `campuses[${index}].inferenceMinMw`;
      yield { field, found: String(campus.inferenceMinMw), allowed: `up to inferenceMaxMw, ${campus.inferenceMaxMw}` };
    }
  }
  for (const [index, run] of world.runs.entries()) {
    if (run.initialSteps > run.totalSteps) {
      yield { field: `runs[${index}].initialSteps`, found: String(run.initialSteps), allowed: `up to totalSteps, ${run.totalSteps}` };
    }
    if (run.staticRatio >= 1) yield { field: `runs[${index}].staticRatio`, found: String(run.staticRatio), allowed: 'from 0 to below 1' };
  }
}

function* reserveMisfits(reserve: World['reserve']): Generator<Misfit> {
  const words = ['watchBelowMw', 'warningBelowMw', 'emergencyBelowMw'] as const;
  for (const [above, below] of [
    [words[0], words[1]],
    [words[1], words[2]],
  ] as const) {
    if (reserve[below] > reserve[above])
      yield { field: `reserve.${below}`, found: String(reserve[below]), allowed: `up to ${above}, ${reserve[above]}` };
  }
  for (const [index, step] of reserve.shortageSteps.entries()) {
    const before = reserve.shortageSteps[index - 1];
    if (before !== undefined && step.priceUsdPerMwh < before.priceUsdPerMwh) {
      const field = `reserve.shortageSteps[${index}].priceUsdPerMwh`;
      yield { field, found: String(step.priceUsdPerMwh), allowed: `at least the price of the step before, ${before.priceUsdPerMwh}` };
    }
  }
}

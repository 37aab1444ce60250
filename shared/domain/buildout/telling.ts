import { dayMs, toWire } from '../ticks.js';
import { isStaged } from './gates.js';
import { planOf } from './plan.js';
import { say, type Work } from './progress.js';
import { stageOf, waitingOf, type BlockState } from './state.js';

/** Says the stage of every block whose stage, or what it waits for, has changed; of all of them at the first time. */
export function tellStages(work: Work, isFirst: boolean): void {
  for (const [index, block] of work.blocks.entries()) {
    const stage = stageOf(block);
    const { ids, expectedMs } = waitingOf(work.blocks, block);
    const saidWaiting = `${block.site}/${ids.join(',')}`;
    if (!isFirst && stage === block.stage && saidWaiting === block.saidWaiting) continue;
    say(work, 'buildout.stage.v1', {
      block: block.block,
      stage,
      previousStage: block.stage,
      site: block.site,
      waitingFor: [...ids],
      expectedTime: expectedMs === null ? null : toWire(expectedMs),
    });
    work.blocks[index] = { ...block, stage, saidWaiting };
  }
}

/** Says when a block with stages is expected to have power: once it begins, whenever that moves by a day, and when its equipment slips. */
export function tellPlans(work: Work, isFirst: boolean): void {
  if (!isFirst && work.causes.length === 0) return;
  for (const [index, block] of work.blocks.entries()) {
    const said = block.saidPowerMs;
    const isSlipping = work.causes.some((cause) => block.gates.some((gate) => cause.startsWith(`${gate.id} slipped `)));
    if (!isStaged(block.gates) && said === undefined && !isSlipping) continue;
    const powerMs = planOf(work.config, work.blocks, block, work.nowMs)?.powerMs ?? null;
    const isWorthSaying =
      powerMs === null ? block.isAbandoned && said !== null : said === undefined || isSlipping || !isNear(said, powerMs);
    if (!isWorthSaying) continue;
    sayPlan(work, block, powerMs);
    work.blocks[index] = { ...block, saidPowerMs: powerMs };
  }
}

function isNear(aMs: number | null, bMs: number | null): boolean {
  return aMs === null || bMs === null ? aMs === bMs : Math.abs(aMs - bMs) < dayMs;
}

function sayPlan(work: Work, block: BlockState, powerMs: number | null): void {
  const plan = planOf(work.config, work.blocks, block, work.nowMs);
  const said = block.saidPowerMs ?? null;
  say(work, 'buildout.plan.v1', {
    block: block.block,
    energizationTime: powerMs === null ? null : toWire(powerMs),
    previousTime: said === null ? null : toWire(said),
    cause: work.causes.length === 0 ? 'first plan' : [...new Set(work.causes)].join('; '),
    stages: (plan?.gates ?? []).map((gate) => ({
      stage: gate.id,
      expectedTime: toWire(gate.doneMs),
      waitsFor: [...gate.waitsFor],
      isOnChain: plan?.chain.includes(gate.id) ?? false,
    })),
  });
}

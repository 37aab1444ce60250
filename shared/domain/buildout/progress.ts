import type { FactDataOf, FactType, Saying } from '../fact.js';
import type { SequenceStart } from '../sequence.js';
import { dayMs, toWire } from '../ticks.js';
import { permitStartOf } from '../permit/rules.js';
import { energizationGate, metMs, type Gate } from './gates.js';
import { earlierBlocks, holdingBack, isEnded, permitOf, stageOf, waitingOf, type BlockState, type BuildoutConfig } from './state.js';

/** One advance of a project while it is being worked out; changed in place, and nowhere else. */
export interface Work {
  readonly config: BuildoutConfig;
  readonly sequence: string;
  readonly nowMs: number;
  readonly blocks: BlockState[];
  readonly sayings: Saying[];
  readonly start: SequenceStart[];
  readonly cancel: string[];
  readonly leaving: string[];
  sitesTaken: number;
}

type BuildoutType = Extract<FactType, `buildout.${string}`>;

/** Says something about the project. */
export function say<Type extends BuildoutType>(work: Work, type: Type, data: FactDataOf[Type]): void {
  work.sayings.push({ type, region: work.config.region, entity: work.config.project.id, correlationId: work.sequence, data } as Saying);
}

/** Opens and closes gates until nothing more follows from what is known now. */
export function settle(work: Work): void {
  let hasMoved = true;
  while (hasMoved) {
    hasMoved = false;
    for (const [index, before] of work.blocks.entries()) {
      if (isEnded(before)) continue;
      const after = settleBlock(work, before);
      if (after === before) continue;
      work.blocks[index] = after;
      hasMoved = true;
      if (stageOf(after) === 'energized') sayEnergized(work, after);
    }
  }
}

function settleBlock(work: Work, from: BlockState): BlockState {
  let block = from;
  if (!block.isBegun && holdingBack(work.blocks, block) === null) block = { ...block, isBegun: true, sinceMs: work.nowMs };
  for (const { id } of block.gates) {
    const gate = block.gates.find((candidate) => candidate.id === id);
    const next = gate === undefined ? null : nextOf(work, block, gate);
    if (next !== null) block = { ...block, gates: block.gates.map((candidate) => (candidate.id === id ? next : candidate)) };
  }
  return block;
}

/** How a gate stands after looking at it once; null: as before. */
function nextOf(work: Work, block: BlockState, gate: Gate): Gate | null {
  if (gate.status === 'open') {
    if (gate.dueMs === null || gate.dueMs > work.nowMs) return null;
    if (gate.kind === 'equipment') sayOrder(work, block, gate, 'delivered');
    return { ...gate, status: 'done', doneMs: gate.dueMs };
  }
  if (gate.status !== 'closed') return null;
  const openMs = metMs(block.gates, gate, block.sinceMs);
  if (openMs === null) return null;
  switch (gate.kind) {
    case 'permit':
      return openPermit(work, block, gate);
    case 'equipment': {
      if (!block.isBegun) return null;
      const ordered: Gate = { ...gate, status: 'open', dueMs: work.nowMs + Math.round((gate.days ?? 0) * dayMs) };
      sayOrder(work, block, ordered, 'ordered');
      return ordered;
    }
    case 'work': {
      if (!block.isBegun || (gate.id === energizationGate && earlierBlocks(work.blocks, block).length > 0)) return null;
      const fromMs = gate.id === energizationGate ? Math.max(openMs, neighboursMs(work.blocks, block)) : openMs;
      return { ...gate, status: 'open', dueMs: fromMs + Math.round((gate.days ?? 0) * dayMs) };
    }
  }
}

/** When the last earlier block at the same campus was energized. */
function neighboursMs(blocks: readonly BlockState[], block: BlockState): number {
  const done = blocks
    .filter((other) => other.block < block.block && other.campus === block.campus && !other.isAbandoned)
    .map((other) => other.gates.find((gate) => gate.id === energizationGate)?.doneMs ?? block.sinceMs);
  return Math.max(block.sinceMs, ...done);
}

/** A permit that was filed before the world began is followed from the start; another once its block has begun. */
function openPermit(work: Work, block: BlockState, gate: Gate): Gate | null {
  const permit = permitOf(work.config.project, gate.id);
  if (permit === null || (permit.initialPhase === 'drafting' && !block.isBegun)) return null;
  const region = work.config.agencyRegions.find((entry) => entry.agency === permit.agency)?.region ?? 'all';
  work.start.push(permitStartOf(work.config.project.id, region, permit, work.nowMs));
  return { ...gate, status: 'open' };
}

/** Says that equipment was ordered, came, or was cancelled. */
export function sayOrder(work: Work, block: BlockState, gate: Gate, step: FactDataOf['buildout.order.v1']['step']): void {
  const isPromised = step === 'ordered' && gate.dueMs !== null;
  say(work, 'buildout.order.v1', {
    block: block.block,
    equipment: gate.id,
    step,
    costUsd: gate.costUsd,
    expectedTime: isPromised ? toWire(gate.dueMs) : null,
  });
}

function sayEnergized(work: Work, block: BlockState): void {
  const energized = work.blocks.filter((other) => other.campus === block.campus && stageOf(other) === 'energized');
  const energizedMw = energized.reduce((sumMw, other) => sumMw + other.capacityMw, 0);
  say(work, 'buildout.block.v1', { block: block.block, campus: block.campus, capacityMw: block.capacityMw, energizedMw });
}

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

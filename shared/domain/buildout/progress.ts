import type { FactDataOf, FactType, Saying } from '../fact.js';
import type { SequenceStart } from '../sequence.js';
import { dayMs, toWire } from '../ticks.js';
import { permitStartOf } from '../permit/start.js';
import { isEnergization, metMs, type Gate } from './gates.js';
import { exposureOf } from './money.js';
import { earlierBlocks, holdingBack, isEnded, permitOf, stageOf, type BlockState, type BuildoutConfig } from './state.js';

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
  /** Next sites taken, in order. */
  readonly sitesTaken: string[];
  /** What happened that may move a date, in words. */
  readonly causes: string[];
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
    const next = gate === undefined ? null : gate.isShared === true ? sharedOf(work, block, gate) : nextOf(work, block, gate);
    if (next !== null) block = { ...block, gates: block.gates.map((candidate) => (candidate.id === id ? next : candidate)) };
  }
  return block;
}

/** A gate that all blocks share moves with the first block that has it; the others follow. */
function sharedOf(work: Work, block: BlockState, gate: Gate): Gate | null {
  const leader = leaderOf(work.blocks, gate.id);
  if (leader === undefined || leader.block === block.block) return nextOf(work, block, gate);
  const led = leader.gates.find((candidate) => candidate.id === gate.id);
  if (led === undefined) return null;
  return led.status === gate.status && led.dueMs === gate.dueMs && led.needs.length === gate.needs.length ? null : led;
}

/** The first block that goes on with a gate all blocks share. */
export function leaderOf(blocks: readonly BlockState[], id: string): BlockState | undefined {
  return blocks.find((block) => !block.isAbandoned && block.gates.some((gate) => gate.id === id && gate.status !== 'cancelled'));
}

/** How a gate stands after looking at it once; null: as before. */
function nextOf(work: Work, block: BlockState, gate: Gate): Gate | null {
  if (gate.status === 'open') {
    if (gate.dueMs === null || gate.dueMs > work.nowMs) return null;
    if (gate.kind === 'equipment') sayOrder(work, block, gate, 'delivered');
    if (gate.kind === 'gate') sayGate(work, gate, 'go', { actor: 'nobody', reason: `no answer in ${gate.days ?? 0} days` });
    work.causes.push(`${gate.id} done`);
    return { ...gate, status: 'done', doneMs: gate.dueMs };
  }
  if (gate.status !== 'closed') return null;
  const openMs = metMs(block.gates, gate, block.sinceMs);
  if (openMs === null) return null;
  switch (gate.kind) {
    case 'permit':
      return openPermit(work, block, gate);
    case 'gate': {
      if (!block.isBegun) return null;
      const opened: Gate = { ...opening(work, gate), dueMs: gate.days === null ? null : openMs + Math.round(gate.days * dayMs) };
      sayGate(work, opened, 'waiting', { actor: '', reason: '' });
      return opened;
    }
    case 'equipment': {
      if (!block.isBegun) return null;
      const ordered: Gate = { ...opening(work, gate), dueMs: work.nowMs + Math.round((gate.days ?? 0) * dayMs) };
      sayOrder(work, block, ordered, 'ordered');
      return ordered;
    }
    case 'work': {
      if (!block.isBegun || (isEnergization(gate) && earlierBlocks(work.blocks, block).length > 0)) return null;
      const fromMs = isEnergization(gate) ? Math.max(openMs, neighboursMs(work.blocks, block)) : openMs;
      return { ...opening(work, gate), dueMs: fromMs + Math.round((gate.days ?? 0) * dayMs) };
    }
  }
}

/** When the last earlier block at the same campus was energized. */
function neighboursMs(blocks: readonly BlockState[], block: BlockState): number {
  const done = blocks
    .filter((other) => other.block < block.block && other.campus === block.campus && !other.isAbandoned)
    .map((other) => other.gates.find(isEnergization)?.doneMs ?? block.sinceMs);
  return Math.max(block.sinceMs, ...done);
}

/** A permit that was filed before the world began is followed from the start; another once its block has begun. */
function openPermit(work: Work, block: BlockState, gate: Gate): Gate | null {
  const permit = permitOf(work.config.project, gate.id);
  if (permit === null || (permit.initialPhase === 'drafting' && !block.isBegun)) return null;
  const region = work.config.agencyRegions.find((entry) => entry.agency === permit.agency)?.region ?? 'all';
  work.start.push(permitStartOf(work.config.project.id, region, permit, work.nowMs));
  return opening(work, gate);
}

/** A gate that opens now; when is kept where the scenario names stages. */
function opening(work: Work, gate: Gate): Gate {
  return { ...gate, status: 'open', ...(gate.stage === undefined ? {} : { openedMs: work.nowMs }) };
}

/** Says that equipment was ordered, came, or was cancelled. */
export function sayOrder(work: Work, block: BlockState, gate: Gate, step: FactDataOf['buildout.order.v1']['step']): void {
  const isPromised = (step === 'ordered' || step === 'slipped') && gate.dueMs !== null;
  say(work, 'buildout.order.v1', {
    block: block.block,
    equipment: gate.id,
    step,
    costUsd: gate.costUsd + (gate.atRiskUsd ?? 0),
    expectedTime: isPromised ? toWire(gate.dueMs) : null,
  });
}

/** Says how a go/no-go gate stands, and what the project has in it. */
export function sayGate(
  work: Work,
  gate: Gate,
  state: FactDataOf['buildout.gate.v1']['state'],
  by: { readonly actor: string; readonly reason: string },
): void {
  const blocks = work.blocks.filter((block) => !isEnded(block) && block.gates.some((candidate) => candidate.id === gate.id));
  say(work, 'buildout.gate.v1', { gate: gate.id, blocks: blocks.map(({ block }) => block), state, ...by, ...exposureOf(work.blocks) });
}

function sayEnergized(work: Work, block: BlockState): void {
  const energized = work.blocks.filter((other) => other.campus === block.campus && stageOf(other) === 'energized');
  const energizedMw = energized.reduce((sumMw, other) => sumMw + other.capacityMw, 0);
  const firm = firmMw(work, block);
  const data = { block: block.block, campus: block.campus, capacityMw: block.capacityMw, energizedMw };
  say(work, 'buildout.block.v1', firm === null ? data : { ...data, firmMw: firm });
}

/** Power of a block that is firm when a study on the flexible track connected it; null: all of it. MW. */
function firmMw(work: Work, block: BlockState): number | null {
  const flexible = (work.config.planned ?? []).filter(
    ({ permit, flexibleMw }) => flexibleMw > 0 && block.gates.some(({ id }) => id === permit),
  );
  if (flexible.length === 0) return null;
  const givenMw = flexible.map(({ permit, flexibleMw }) => {
    const having = work.blocks.filter((other) => other.gates.some((gate) => gate.id === permit));
    const sharedMw = having.reduce((sumMw, other) => sumMw + other.capacityMw, 0);
    const isShared = block.gates.some((gate) => gate.id === permit && gate.isShared === true);
    return isShared ? (flexibleMw * block.capacityMw) / sharedMw : flexibleMw;
  });
  return Math.max(0, block.capacityMw - Math.max(...givenMw));
}

import type { Fact } from '../fact.js';
import { dayMs } from '../ticks.js';
import type { Gate } from './gates.js';
import { leaderOf, sayGate, sayOrder, type Work } from './progress.js';
import { leaveSite, takeNextSites, type NextSite } from './relocation.js';
import { isEnded, type BlockState } from './state.js';

/** A permit was granted: its gate is done in every block that waits for it. */
export function grant(work: Work, permit: string, atMs: number): void {
  if (!isOpenPermit(work, permit)) return;
  change(work, permit, (gate) => ({ ...gate, status: 'done', doneMs: atMs, dueMs: null }));
  work.causes.push(`${permit} granted`);
}

/** A permit was denied or given up: the blocks that need it leave their site, together when they share it. */
export function deny(work: Work, permit: string, reason: string): void {
  if (!isOpenPermit(work, permit)) return;
  const leavers = blocksWith(work, permit);
  leave(work, { id: permit, leavers, reason }, takeNextSites(work, permit, leavers));
}

/** What a fact means to the project: a slip or a decision of a person, or a grant that was taken back and decided again. */
export function hearFact(work: Work, fact: Fact): void {
  if (fact.type === 'permit.decision.v1') return hearDecision(work, fact.entity, fact.data.outcome, fact.data.reason);
  if (fact.type !== 'control.audit.v1' || !fact.data.accepted) return;
  const { action, target, actor, reason, days = 0 } = fact.data;
  if (action === 'slip-equipment') slip(work, target, days, reason);
  else if (action === 'go-gate' || action === 'no-go-gate') decideGate(work, target, action === 'go-gate', { actor, reason });
}

/** Does what the script says up to now; answers the place of its next entry. */
export function followScript(work: Work, from: number): number {
  const script = work.config.script ?? [];
  let at = from;
  for (let next = script[at]; next !== undefined && next.atMs <= work.nowMs; next = script[at]) {
    if (next.action === 'slip-equipment') slip(work, next.target, next.days, next.reason);
    else decideGate(work, next.target, next.action === 'go-gate', { actor: 'script', reason: next.reason });
    at += 1;
  }
  return at;
}

function hearDecision(work: Work, permit: string, outcome: 'granted' | 'denied' | 'revoked', reason: string): void {
  if (outcome === 'granted') return grant(work, permit, work.nowMs);
  if (outcome === 'denied') return deny(work, permit, `${permit} denied`);
  for (const [index, block] of work.blocks.entries()) {
    if (isEnded(block) || !block.gates.some((gate) => gate.id === permit && gate.status === 'done')) continue;
    work.blocks[index] = { ...block, gates: goneBack(work, block.gates, permit) };
  }
  work.causes.push(`${permit} revoked: ${reason}`);
}

/**
 * The gates of a block after a grant was taken back: the permit is open again, what is under way and needs it stands still with the days
 * it has left, and what is done stays done; whatever comes next then needs the permit itself.
 */
function goneBack(work: Work, gates: readonly Gate[], permit: string): readonly Gate[] {
  const after = new Set([permit]);
  for (let size = 0; size !== after.size; ) {
    size = after.size;
    for (const gate of gates) if (gate.needs.some((id) => after.has(id))) after.add(gate.id);
  }
  return gates.map((gate): Gate => {
    if (gate.id === permit) return { ...gate, status: 'open', doneMs: null, dueMs: null };
    if (!after.has(gate.id) || gate.status === 'done' || gate.kind !== 'work') return gate;
    const needs = gate.needs.includes(permit) ? gate.needs : [...gate.needs, permit];
    if (gate.status !== 'open') return { ...gate, needs };
    return { ...gate, needs, status: 'closed', days: Math.max(0, ((gate.dueMs ?? work.nowMs) - work.nowMs) / dayMs), dueMs: null };
  });
}

/** Equipment comes later than promised: every date behind it moves with it. */
function slip(work: Work, equipment: string, days: number, reason: string): void {
  const isIt = (gate: Gate): boolean => gate.id === equipment && gate.kind === 'equipment';
  const block = work.blocks.find((candidate) => !isEnded(candidate) && candidate.gates.some(isIt));
  const gate = block?.gates.find(isIt);
  if (block === undefined || gate === undefined || (gate.status !== 'open' && gate.status !== 'closed') || days <= 0) return;
  const slipped: Gate =
    gate.dueMs === null ? { ...gate, days: (gate.days ?? 0) + days } : { ...gate, dueMs: gate.dueMs + Math.round(days * dayMs) };
  change(work, equipment, () => slipped);
  sayOrder(work, block, slipped, 'slipped');
  work.causes.push(`${equipment} slipped by ${days} days: ${reason}`);
}

/** A person says go, or gives the blocks up that wait for it; a gate that does not wait is left alone. */
function decideGate(work: Work, id: string, isGo: boolean, by: { readonly actor: string; readonly reason: string }): void {
  const gate = leaderOf(work.blocks, id)?.gates.find((candidate) => candidate.id === id);
  if (gate?.kind !== 'gate' || gate.status !== 'open') return;
  sayGate(work, gate, isGo ? 'go' : 'no-go', by);
  if (isGo) {
    change(work, id, (open) => ({ ...open, status: 'done', doneMs: work.nowMs, dueMs: null }));
    work.causes.push(`${id} go by ${by.actor}: ${by.reason}`);
  } else {
    leave(work, { id, leavers: blocksWith(work, id), reason: `${id} no-go by ${by.actor}: ${by.reason}` }, []);
  }
}

function isOpenPermit(work: Work, permit: string): boolean {
  return work.blocks.some((block) => block.gates.some((gate) => gate.id === permit && gate.kind === 'permit' && gate.status === 'open'));
}

/** Changes a gate in every block that has it and has not ended. */
function change(work: Work, id: string, to: (gate: Gate) => Gate): void {
  for (const [index, block] of work.blocks.entries()) {
    if (isEnded(block) || !block.gates.some((gate) => gate.id === id)) continue;
    work.blocks[index] = { ...block, gates: block.gates.map((gate) => (gate.id === id ? to(gate) : gate)) };
  }
}

/** Blocks that have a gate before them or behind them, and have not ended. */
function blocksWith(work: Work, id: string): readonly BlockState[] {
  return work.blocks.filter((block) => !isEnded(block) && block.gates.some((gate) => gate.id === id && gate.status !== 'cancelled'));
}

/** Blocks leave their site together, each for its next or for good. */
function leave(
  work: Work,
  { id, leavers, reason }: { readonly id: string; readonly leavers: readonly BlockState[]; readonly reason: string },
  next: readonly NextSite[],
): void {
  for (const [place, block] of leavers.entries()) {
    const index = work.blocks.findIndex((candidate) => candidate.block === block.block);
    work.blocks[index] = leaveSite(work, block, next[place] ?? null, { permit: id, reason, leavers });
  }
}

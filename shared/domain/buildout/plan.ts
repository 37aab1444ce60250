import { dayMs } from '../ticks.js';
import { isEnergization, type Gate } from './gates.js';
import { earlierBlocks, isEnded, type BlockState, type BuildoutConfig } from './state.js';

/** When one gate is expected to be done, and what it waits for until then. */
export interface PlannedGate {
  readonly id: string;
  readonly doneMs: number;
  /** What is not done that it needs, the latest first; blocks of the campus that come before it as `block-<n>`. */
  readonly waitsFor: readonly string[];
}

/** When the gates of a block that are not done are expected to be done, in the order of the graph. */
export interface BlockPlan {
  readonly powerMs: number;
  readonly gates: readonly PlannedGate[];
  /** Gates that set the date of power, from the first to the last. */
  readonly chain: readonly string[];
}

/**
 * The plan of a block as its project sees it: dates that are known, days that are drawn, and for permits what the plan allows for them,
 * without any waiting for reviewers. What is overdue is expected now. Null when the block has ended.
 */
export function planOf(config: BuildoutConfig, blocks: readonly BlockState[], block: BlockState, nowMs: number): BlockPlan | null {
  if (isEnded(block)) return null;
  // The last of them waits for the others itself.
  const before = earlierBlocks(blocks, block)
    .slice(-1)
    .map((other) => ({ id: `block-${other.block}`, doneMs: planOf(config, blocks, other, nowMs)?.powerMs ?? nowMs }));
  const known = new Map<string, PlannedGate>();
  const visit = (gate: Gate): PlannedGate => {
    const found = known.get(gate.id);
    if (found !== undefined) return found;
    const needs = block.gates.filter((need) => gate.needs.includes(need.id) && need.status !== 'done').map(visit);
    const waits = [...needs, ...(isEnergization(gate) ? before : [])].sort((a, b) => b.doneMs - a.doneMs);
    const fromMs = Math.max(nowMs, block.sinceMs, ...waits.map((need) => need.doneMs));
    const planned = { id: gate.id, doneMs: expectedMs(config, gate, fromMs, nowMs), waitsFor: waits.map((need) => need.id) };
    known.set(gate.id, planned);
    return planned;
  };
  const last = block.gates.find(isEnergization);
  if (last === undefined) return null;
  const powerMs = visit(last).doneMs;
  const chain: string[] = [];
  for (let id: string | undefined = last.id; id !== undefined; id = known.get(id)?.waitsFor[0]) chain.unshift(id);
  return { powerMs, gates: [...known.values()], chain };
}

/** When a gate that may begin at `fromMs` is expected to be done. */
function expectedMs(config: BuildoutConfig, gate: Gate, fromMs: number, nowMs: number): number {
  if (gate.status === 'open' && gate.dueMs !== null) return Math.max(nowMs, gate.dueMs);
  const allowedDays = gate.days ?? config.planned?.find((entry) => entry.permit === gate.id)?.days ?? 0;
  const begunMs = gate.status === 'open' ? (gate.openedMs ?? nowMs) : fromMs;
  return Math.max(nowMs, begunMs + Math.round(allowedDays * dayMs));
}

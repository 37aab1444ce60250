import type { Block, Permit, Project, Stage } from '../../scenario/schema.js';
import { dayMs, hourMs } from '../ticks.js';

/** One thing a block needs before it can go on. It opens once all it needs is done; `dueMs` is when it is done if it ends by itself. */
export interface Gate {
  readonly id: string;
  readonly kind: 'permit' | 'equipment' | 'work' | 'gate';
  readonly needs: readonly string[];
  /** Days from opening to done; null where somebody else ends it. */
  readonly days: number | null;
  readonly costUsd: number;
  readonly status: 'closed' | 'open' | 'done' | 'cancelled';
  readonly dueMs: number | null;
  readonly doneMs: number | null;
  /** Stage of a process it stands for; absent where the scenario names no stages. */
  readonly stage?: Stage['kind'];
  /** True when all blocks of the project need it, once. */
  readonly isShared?: boolean;
  /** When it was opened, where the scenario names stages. */
  readonly openedMs?: number;
  /** Committed with its opening, and the share of it that comes back when it is given up. */
  readonly atRiskUsd?: number;
  readonly refundRatio?: number;
}

/** Names of the work every block goes through; permits and equipment have their own. */
export const siteGate = 'site-permits';
export const constructionGate = 'construction';
export const energizationGate = 'energization';

/** Switching in of a block that is built and approved, where the scenario names no duration. */
const energizationDays = hourMs / dayMs;

/**
 * The graph of a block at its first site. Permits need the permits they name; equipment needs nothing; construction needs all permits and
 * all equipment; energization needs construction. A block that begins in construction or later has construction open or behind it, and
 * what is still missing then gates its energization instead. That blocks at one campus are energized in their order is not in the graph
 * of one block: the rules look at the neighbours.
 */
export function gatesOf(block: Block, startMs: number): readonly Gate[] {
  const stage = block.initialStage;
  const isDone = stage === 'energized';
  const isBuilt = isDone || stage === 'energization';
  const isBuilding = stage === 'construction';
  const permits = block.permits.map((permit) => permitGate(permit, isDone, startMs));
  const equipment = block.equipment.map((item) => equipmentGate(item, isBuilt || isBuilding, startMs));
  const needs = [...permits, ...equipment].map((gate) => gate.id);
  const construction = workGate(constructionGate, isBuilding ? [] : needs, block.constructionDays);
  // A block that begins at its energization has only that work left, and the scenario's days are for it.
  const lastDays = stage === 'energization' && block.constructionDays > 0 ? block.constructionDays : energizationDays;
  const energization = workGate(energizationGate, [constructionGate, ...needs], lastDays);
  return [
    ...permits,
    ...equipment,
    isBuilt ? { ...construction, status: 'done', doneMs: startMs } : construction,
    isDone ? { ...energization, status: 'done', doneMs: startMs } : energization,
  ];
}

/** The graph at a next site without stages: all its permits as one duration, the equipment, construction there, energization. */
export function plainGatesAt(equipment: readonly Gate[], site: Project['nextSites'][number]): readonly Gate[] {
  const needs = [siteGate, ...equipment.map((gate) => gate.id)];
  return [
    ...equipment,
    workGate(siteGate, [], site.permitDays ?? 0),
    workGate(constructionGate, needs, site.constructionDays ?? 0),
    workGate(energizationGate, [constructionGate], energizationDays),
  ];
}

/** Whether a gate is the construction of its block. */
export function isConstruction(gate: Gate): boolean {
  return gate.stage === undefined ? gate.id === constructionGate : gate.stage === 'construction';
}

/** Whether a gate is the energization of its block. */
export function isEnergization(gate: Gate): boolean {
  return gate.stage === undefined ? gate.id === energizationGate : gate.stage === 'energization';
}

/** Whether the gates of a block are the stages of a process. */
export function isStaged(gates: readonly Gate[]): boolean {
  return gates.some((gate) => gate.stage !== undefined && gate.stage !== 'equipment');
}

/** When everything a gate needs was done; null while something is missing. `floorMs` is returned when it needs nothing. */
export function metMs(gates: readonly Gate[], gate: Gate, floorMs: number): number | null {
  let latestMs = floorMs;
  for (const id of gate.needs) {
    const need = gates.find((candidate) => candidate.id === id);
    if (need?.status !== 'done') return null;
    latestMs = Math.max(latestMs, need.doneMs ?? floorMs);
  }
  return latestMs;
}

/** Gates that stand between a block and the end of its stage, in the order of the graph. */
export function missingFor(gates: readonly Gate[], target: string): readonly Gate[] {
  const gate = gates.find((candidate) => candidate.id === target);
  if (gate === undefined) return [];
  const missing = gates.filter((candidate) => gate.needs.includes(candidate.id) && candidate.status !== 'done');
  return missing.length > 0 ? missing : [gate];
}

/** Deposit for the study of one application, lost when its site is given up. Source: pro forma rules of FERC Order 2023, by MW. */
export function studyDepositUsd(capacityMw: number): number {
  if (capacityMw >= 200) return 250_000;
  return capacityMw >= 80 ? 150_000 : 35_000 + 1000 * capacityMw;
}

function workGate(id: string, needs: readonly string[], days: number): Gate {
  return { id, kind: 'work', needs, days, costUsd: 0, status: 'closed', dueMs: null, doneMs: null };
}

function permitGate(permit: Permit, isBlockDone: boolean, startMs: number): Gate {
  const isGranted = isBlockDone || permit.initialPhase === 'granted';
  return {
    id: permit.id,
    kind: 'permit',
    needs: permit.after,
    days: null,
    costUsd: 0,
    status: isGranted ? 'done' : 'closed',
    dueMs: null,
    doneMs: isGranted ? startMs : null,
  };
}

/** Equipment ordered before the world begins arrives when its lead time is over; that of a block under construction is there. */
function equipmentGate(item: Block['equipment'][number], isThere: boolean, startMs: number): Gate {
  const leftDays = item.orderedDaysAgo === null ? null : item.leadDays - item.orderedDaysAgo;
  const hasCome = isThere || (leftDays !== null && leftDays <= 0);
  return {
    id: item.id,
    kind: 'equipment',
    needs: [],
    days: item.leadDays,
    costUsd: item.costUsd,
    status: hasCome ? 'done' : leftDays === null ? 'closed' : 'open',
    dueMs: hasCome || leftDays === null ? null : startMs + Math.round(leftDays * dayMs),
    doneMs: hasCome ? startMs : null,
  };
}

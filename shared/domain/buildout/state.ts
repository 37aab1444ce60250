import type { BlockStage } from '../../events/buildout.js';
import type { Permit, Project } from '../../scenario/schema.js';
import { constructionGate, energizationGate, missingFor, type Gate } from './gates.js';

/** What the sequence of one project needs to know. */
export interface BuildoutConfig {
  readonly project: Project;
  /** Region of the campus the project was begun for; all its facts carry it. */
  readonly region: string;
  readonly agencyRegions: readonly { readonly agency: string; readonly region: string }[];
}

/** Where one block stands. */
export interface BlockState {
  readonly block: number;
  readonly capacityMw: number;
  readonly site: string;
  readonly campus: string;
  readonly stage: BlockStage;
  /** False while it is only planned. */
  readonly isBegun: boolean;
  readonly isAbandoned: boolean;
  /** When it began at its present site. */
  readonly sinceMs: number;
  readonly gates: readonly Gate[];
  /** What was last said it waits for. */
  readonly saidWaiting: string;
}

/** Where a project stands; plain JSON. */
export interface BuildoutState {
  readonly config: BuildoutConfig;
  readonly sequence: string;
  readonly blocks: readonly BlockState[];
  /** Next sites already used; each takes one block. */
  readonly sitesTaken: number;
  /** Permits cancelled whose sequences have not ended yet. */
  readonly leaving: readonly string[];
  readonly isTold: boolean;
}

/** Stage of a block as its gates have it. */
export function stageOf(block: BlockState): BlockStage {
  const statusOf = (id: string): Gate['status'] | null => block.gates.find((gate) => gate.id === id)?.status ?? null;
  if (block.isAbandoned) return 'abandoned';
  if (statusOf(energizationGate) === 'done') return 'energized';
  if (!block.isBegun) return 'planned';
  const construction = statusOf(constructionGate);
  if (construction === 'done') return 'energization';
  if (construction === 'open') return 'construction';
  const isPermitted = block.gates.every((gate) => gate.status === 'done' || gate.kind === 'equipment' || isLastWork(gate));
  return isPermitted ? 'procurement' : 'permitting';
}

/** Whether nothing more can come of a block. */
export function isEnded(block: BlockState): boolean {
  const stage = stageOf(block);
  return stage === 'energized' || stage === 'abandoned';
}

/** Earlier blocks at the same campus that must be energized first: their lines and switchgear carry the later ones. */
export function earlierBlocks(blocks: readonly BlockState[], block: BlockState): readonly BlockState[] {
  return blocks.filter((other) => other.block < block.block && other.campus === block.campus && !isEnded(other));
}

/** The block before one that is only planned, while it holds it back: until it is being built, has ended or has moved away. */
export function holdingBack(blocks: readonly BlockState[], block: BlockState): BlockState | null {
  const before = blocks.filter((other) => other.block < block.block && other.campus === block.campus).at(-1);
  if (before === undefined) return null;
  const stage = stageOf(before);
  return stage === 'planned' || stage === 'permitting' || stage === 'procurement' ? before : null;
}

/** What a block waits for now, and when that ends if all goes as planned; null: not known. */
export function waitingOf(
  blocks: readonly BlockState[],
  block: BlockState,
): { readonly ids: readonly string[]; readonly expectedMs: number | null } {
  const stage = stageOf(block);
  if (stage === 'energized' || stage === 'abandoned') return { ids: [], expectedMs: null };
  if (stage === 'planned') {
    const before = holdingBack(blocks, block);
    return { ids: before === null ? [] : [`block-${before.block}`], expectedMs: null };
  }
  const target = stage === 'energization' ? energizationGate : constructionGate;
  const missing = missingFor(block.gates, target);
  const isAtTarget = missing.length === 1 && missing[0]?.id === target;
  const earlier = stage === 'energization' ? earlierBlocks(blocks, block).map((other) => `block-${other.block}`) : [];
  if (earlier.length > 0) return { ids: [...(isAtTarget ? [] : missing.map((gate) => gate.id)), ...earlier], expectedMs: null };
  const dueMs = missing.map((gate) => gate.dueMs ?? Infinity);
  const latestMs = Math.max(...dueMs);
  return { ids: missing.map((gate) => gate.id), expectedMs: latestMs === Infinity ? null : latestMs };
}

/** The permit of the scenario behind a gate, or null. */
export function permitOf(project: Project, id: string): Permit | null {
  return project.blocks.flatMap((block) => block.permits).find((permit) => permit.id === id) ?? null;
}

function isLastWork(gate: Gate): boolean {
  return gate.id === constructionGate || gate.id === energizationGate;
}

import type { BlockStage } from '../../events/buildout.js';
import type { Permit, Project } from '../../scenario/schema.js';
import { permitsOfProject } from '../permit/ofProject.js';
import { constructionGate, energizationGate, isConstruction, isEnergization, isStaged, missingFor, type Gate } from './gates.js';

/** What the sequence of one project needs to know. */
export interface BuildoutConfig {
  readonly project: Project;
  /** Region of the campus the project was begun for; all its facts carry it. */
  readonly region: string;
  readonly agencyRegions: readonly { readonly agency: string; readonly region: string }[];
  /** Seed of the draws behind its stages; absent where it has none. */
  readonly seed?: number;
  /** What the plan allows for each permit, and the power a study on the flexible track leaves not firm. */
  readonly planned?: readonly { readonly permit: string; readonly days: number; readonly flexibleMw: number }[];
  /** Slips and go/no-go decisions of the script, in order of time. */
  readonly script?: readonly ScriptedInput[];
}

/** What the script of the world does to a project. */
export interface ScriptedInput {
  readonly atMs: number;
  readonly action: 'slip-equipment' | 'go-gate' | 'no-go-gate';
  readonly target: string;
  readonly days: number;
  readonly reason: string;
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
  /** Expected power as last said; null: it was said that there is no date; absent: nothing was said. */
  readonly saidPowerMs?: number | null;
}

/** Where a project stands; plain JSON. */
export interface BuildoutState {
  readonly config: BuildoutConfig;
  readonly sequence: string;
  readonly blocks: readonly BlockState[];
  /** How many of the next sites are taken, each by the blocks that left together. */
  readonly sitesTaken: number;
  /** Which; absent: the first of them. */
  readonly takenSites?: readonly string[];
  /** Permits cancelled whose sequences have not ended yet. */
  readonly leaving: readonly string[];
  readonly isTold: boolean;
  /** Next entry of the script that is not done yet; absent: the first. */
  readonly scriptAt?: number;
}

/** Stage of a block as its gates have it. */
export function stageOf(block: BlockState): BlockStage {
  if (block.isAbandoned) return 'abandoned';
  if (block.gates.find(isEnergization)?.status === 'done') return 'energized';
  if (!block.isBegun) return 'planned';
  const construction = block.gates.filter(isConstruction).map((gate) => gate.status);
  if (construction.length > 0 && construction.every((status) => status === 'done')) return 'energization';
  if (construction.includes('open')) return 'construction';
  if (block.gates.some((gate) => gate.stage === 'site-control' && gate.status !== 'done')) return 'site-control';
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
  return stage === 'planned' || stage === 'site-control' || stage === 'permitting' || stage === 'procurement' ? before : null;
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
  if (isStaged(block.gates)) return openOf(blocks, block);
  const target = stage === 'energization' ? energizationGate : constructionGate;
  const missing = missingFor(block.gates, target);
  const isAtTarget = missing.length === 1 && missing[0]?.id === target;
  const earlier = stage === 'energization' ? earlierBlocks(blocks, block).map((other) => `block-${other.block}`) : [];
  if (earlier.length > 0) return { ids: [...(isAtTarget ? [] : missing.map((gate) => gate.id)), ...earlier], expectedMs: null };
  const dueMs = missing.map((gate) => gate.dueMs ?? Infinity);
  const latestMs = Math.max(...dueMs);
  return { ids: missing.map((gate) => gate.id), expectedMs: latestMs === Infinity ? null : latestMs };
}

/** What a block with stages waits for: all that is under way, or the blocks before it. */
function openOf(blocks: readonly BlockState[], block: BlockState): { readonly ids: readonly string[]; readonly expectedMs: number | null } {
  const open = block.gates.filter((gate) => gate.status === 'open');
  if (open.length === 0) return { ids: earlierBlocks(blocks, block).map((other) => `block-${other.block}`), expectedMs: null };
  const latestMs = Math.max(...open.map((gate) => gate.dueMs ?? Infinity));
  return { ids: open.map((gate) => gate.id), expectedMs: latestMs === Infinity ? null : latestMs };
}

/** The permit of the scenario behind a gate, or null. */
export function permitOf(project: Project, id: string): Permit | null {
  return permitsOfProject(project).find((permit) => permit.id === id) ?? null;
}

function isLastWork(gate: Gate): boolean {
  return isConstruction(gate) || isEnergization(gate);
}

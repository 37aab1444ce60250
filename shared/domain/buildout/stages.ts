import type { Block, Project, Stage } from '../../scenario/schema.js';
import { drawDurationDays } from '../permit/duration.js';
import { stagesOfProject } from '../permit/ofProject.js';
import { draw } from '../random.js';
import { dayMs, hourMs } from '../ticks.js';
import { gatesOf, isConstruction, plainGatesAt, type Gate } from './gates.js';

/** Stages of a project that a block goes through: its own, and those all blocks share. */
export function stagesOfBlock(project: Project, block: number): readonly Stage[] {
  return (project.stages ?? []).filter((stage) => stage.block === undefined || stage.block === block);
}

/** Ids of all equipment of a project. */
export function equipmentOf(project: Project): readonly string[] {
  const named = project.blocks.flatMap((block) => block.equipment.map((item) => item.id));
  return [...named, ...idsOfKind(project, 'equipment')];
}

/** Ids of the go/no-go gates of a project. */
export function gatesToDecide(project: Project): readonly string[] {
  return idsOfKind(project, 'gate');
}

function idsOfKind(project: Project, kind: Stage['kind']): readonly string[] {
  return stagesOfProject(project)
    .filter((stage) => stage.kind === kind)
    .map((stage) => stage.id);
}

/** The graph of a block of a project with stages, all durations drawn; one that is energized goes through none of them. */
export function gatesOfStages(project: Project, seed: number, block: Block, startMs: number): readonly Gate[] {
  if (block.initialStage === 'energized') return gatesOf(block, startMs);
  return stagesOfBlock(project, block.block).map((stage) => gateOf(stage, { seed, startMs }));
}

/**
 * The graph of a block that moves: the equipment it has, and the process of the new site, or all its permits as one duration and its
 * construction. Construction waits for the equipment.
 */
export function gatesAtNextSite(
  gates: readonly Gate[],
  site: Project['nextSites'][number],
  at: { readonly block: number; readonly seed: number; readonly nowMs: number },
): readonly Gate[] {
  const equipment = gates.filter((gate) => gate.kind === 'equipment');
  if (site.stages === undefined) return plainGatesAt(equipment, site);
  const brought = equipment.map((gate) => gate.id);
  const own = site.stages.filter((stage) => stage.block === undefined || stage.block === at.block);
  return [
    ...equipment,
    ...own.map((stage): Gate => {
      const gate = gateOf(stage, { seed: at.seed, startMs: at.nowMs });
      return isConstruction(gate) ? { ...gate, needs: [...gate.needs, ...brought] } : gate;
    }),
  ];
}

function gateOf(stage: Stage, at: { readonly seed: number; readonly startMs: number }): Gate {
  const isBehind = stage.isDone === true || stage.initialPhase === 'granted' || !applies(stage, at.seed);
  const { feeUsd = 0, atRiskUsd = 0, refundRatio = 0 } = stage;
  const days = daysOf(stage, at.seed);
  const gate: Gate = {
    id: stage.id,
    kind: kindOf(stage),
    stage: stage.kind,
    needs: stage.needs,
    days,
    costUsd: feeUsd,
    status: isBehind ? 'done' : 'closed',
    dueMs: null,
    doneMs: isBehind ? at.startMs : null,
    ...(stage.block === undefined ? { isShared: true } : {}),
    ...(atRiskUsd === 0 ? {} : { atRiskUsd, refundRatio }),
  };
  if (isBehind || stage.orderedDaysAgo === undefined) return gate;
  const leftDays = Math.max(0, (days ?? 0) - stage.orderedDaysAgo);
  return { ...gate, status: 'open', openedMs: at.startMs, dueMs: at.startMs + Math.round(leftDays * dayMs) };
}

function kindOf(stage: Stage): Gate['kind'] {
  switch (stage.kind) {
    case 'equipment':
    case 'gate':
      return stage.kind;
    case 'permit':
    case 'study':
      return stage.agency === undefined ? 'work' : 'permit';
    case 'site-control':
    case 'construction':
    case 'energization':
      return 'work';
  }
}

/** Days a stage is drawn to take; null where somebody else ends it. A switching in without a duration takes an hour. */
function daysOf(stage: Stage, seed: number): number | null {
  if (stage.agency !== undefined) return null;
  if (stage.duration === undefined) return stage.kind === 'gate' ? null : stage.kind === 'energization' ? hourMs / dayMs : 0;
  return drawDurationDays({ seed, component: 'buildout', entity: stage.id, purpose: 'duration', n: 0 }, stage.duration);
}

function applies(stage: Stage, seed: number): boolean {
  if (stage.appliesRatio === undefined) return true;
  return draw({ seed, component: 'buildout', entity: stage.id, purpose: 'applies', n: 0 }) < stage.appliesRatio;
}

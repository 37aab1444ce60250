import type { Project } from '../../scenario/schema.js';
import { isStaged, type Gate } from './gates.js';
import { depositsUsd, givenUpUsd } from './money.js';
import { leaderOf, say, sayOrder, type Work } from './progress.js';
import { gatesAtNextSite } from './stages.js';
import { permitOf, type BlockState } from './state.js';

/** Where blocks go that leave their site; null: they are given up. */
export type NextSite = Project['nextSites'][number] | null;

/** Why blocks leave their site, and which do together; each as it stood before. */
export interface Because {
  readonly permit: string;
  readonly reason: string;
  readonly leavers: readonly BlockState[];
}

/**
 * Where each of the blocks goes that leave together after what became of a permit: in their order to the first of the next sites with room
 * for it, of those not taken before; taken by whoever goes there now. Null where there is none, or the project wants none.
 */
export function takeNextSites(work: Work, permit: string, leavers: readonly BlockState[]): readonly NextSite[] {
  const { project } = work.config;
  const found = permitOf(project, permit);
  const givesUp = found?.onDenial === 'abandon' || (found?.onDenial === 'appeal' && found.onAppealLost === 'abandon');
  if (givesUp) return leavers.map(() => null);
  const free = project.nextSites.filter(({ site }) => !work.sitesTaken.includes(site));
  const leftMw = free.map(({ hostingMw = Infinity }) => hostingMw);
  return leavers.map(({ capacityMw }) => {
    const at = leftMw.findIndex((mw) => mw >= capacityMw);
    const next = free[at] ?? null;
    if (next === null) return null;
    leftMw[at] = (leftMw[at] ?? 0) - capacityMw;
    if (!work.sitesTaken.includes(next.site)) work.sitesTaken.push(next.site);
    return next;
  });
}

/**
 * What becomes of a block that cannot stay: it moves to a site with its equipment, or is abandoned when there is none. Its other
 * permits are given up, but for those other blocks share. Written off: what was spent on the site and does not come back, and on
 * abandoning the equipment ordered so far.
 */
export function leaveSite(work: Work, block: BlockState, next: NextSite, because: Because): BlockState {
  const isKept = (gate: Gate): boolean => gate.isShared === true && isNeededElsewhere(work, because.leavers, gate);
  const applications = block.gates.filter((gate) => gate.kind === 'permit' && gate.status !== 'closed');
  for (const gate of applications) {
    if (gate.id === because.permit || gate.status !== 'open' || isKept(gate) || work.leaving.includes(gate.id)) continue;
    work.cancel.push(`permit-${gate.id}`);
    work.leaving.push(gate.id);
  }
  const ordered = next === null ? block.gates.filter((gate) => gate.kind === 'equipment' && gate.status !== 'closed' && !isKept(gate)) : [];
  for (const gate of ordered) sayOrder(work, block, gate, 'cancelled');
  const money = lossOf(because.leavers, block, ordered, isKept);
  say(work, 'buildout.site.v1', {
    block: block.block,
    fromSite: block.site,
    toSite: next?.site ?? block.site,
    campus: next?.campus ?? block.campus,
    writtenOffUsd: money.lostUsd,
    ...(money.releasedUsd > 0 ? { releasedUsd: money.releasedUsd } : {}),
    reason: because.reason,
  });
  work.causes.push(because.reason);
  if (next === null) {
    const gates = block.gates.map((gate) => (gate.status === 'done' ? gate : { ...gate, status: 'cancelled' as const, dueMs: null }));
    return { ...block, isAbandoned: true, gates };
  }
  const gates = gatesAtNextSite(block.gates, next, { block: block.block, seed: work.config.seed ?? 0, nowMs: work.nowMs });
  return { ...block, site: next.site, campus: next.campus, isBegun: true, sinceMs: work.nowMs, gates };
}

/** Whether a block that stays goes on with a gate. */
function isNeededElsewhere(work: Work, leavers: readonly BlockState[], gate: Gate): boolean {
  const leaving = new Set(leavers.map((block) => block.block));
  return work.blocks.some(
    (other) =>
      !leaving.has(other.block) && !other.isAbandoned && other.gates.some(({ id, status }) => id === gate.id && status !== 'cancelled'),
  );
}

/** Money lost and released by leaving; a stage that all blocks share counts for the block that leads it. USD. */
function lossOf(
  leavers: readonly BlockState[],
  block: BlockState,
  ordered: readonly Gate[],
  isKept: (gate: Gate) => boolean,
): { readonly lostUsd: number; readonly releasedUsd: number } {
  if (!isStaged(block.gates)) {
    return { lostUsd: depositsUsd(block) + ordered.reduce((sumUsd, gate) => sumUsd + gate.costUsd, 0), releasedUsd: 0 };
  }
  const ofSite = block.gates.filter((gate) => gate.kind !== 'equipment');
  const counted = [...ofSite, ...ordered].filter(
    (gate) => !isKept(gate) && (gate.isShared !== true || leaderOf(leavers, gate.id)?.block === block.block),
  );
  const money = counted.map(givenUpUsd);
  return {
    lostUsd: money.reduce((sumUsd, each) => sumUsd + each.lostUsd, 0),
    releasedUsd: money.reduce((sumUsd, each) => sumUsd + each.releasedUsd, 0),
  };
}

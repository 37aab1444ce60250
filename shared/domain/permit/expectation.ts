import type { World } from '../../scenario/schema.js';
import type { Fact, FactDataOf, Saying } from '../fact.js';
import type { Claim } from '../expectation/claims.js';
import { gapOn } from '../expectation/gap.js';
import { dayMs, fromWire } from '../ticks.js';

/** What was expected of a block, and what became of it; instants in UTC ms. */
export interface ExpectedBlock {
  readonly project: string;
  readonly block: number;
  /** When its first plan was made, and for when. */
  readonly madeMs: number;
  readonly firstMs: number;
  /** As expected now; null: never. */
  readonly nowMs: number | null;
  readonly energizedMs: number | null;
}

/** Facts that move expectations. */
export const expectationHears = ['buildout.plan.v1', 'buildout.block.v1'] as const;

/** Expectations after a fact; a block counts from its first plan with a date on. */
export function withExpected(blocks: readonly ExpectedBlock[], fact: Fact): readonly ExpectedBlock[] {
  if (fact.type !== 'buildout.plan.v1' && fact.type !== 'buildout.block.v1') return blocks;
  const { entity: project, timeMs: atMs } = fact;
  const place = blocks.findIndex((known) => known.project === project && known.block === fact.data.block);
  const known = blocks[place];
  if (fact.type === 'buildout.block.v1') return known === undefined ? blocks : blocks.with(place, { ...known, energizedMs: atMs });
  const { block, energizationTime } = fact.data;
  const nowMs = energizationTime === null ? null : fromWire(energizationTime);
  if (known !== undefined) return blocks.with(place, { ...known, nowMs });
  return nowMs === null ? blocks : [...blocks, { project, block, madeMs: atMs, firstMs: nowMs, nowMs, energizedMs: null }];
}

/** What was said last of each project. */
export type Told = Readonly<Record<string, { readonly atMs: number; readonly words: string }>>;

/** What has not changed is said again after this. */
const repeatMs = 30 * dayMs;

/**
 * Expectation against delivery of each project with a plan, on an instant: of those of which it has changed by more than days, or was not
 * said for a month.
 */
export function expectationSayings(
  world: World,
  blocks: readonly ExpectedBlock[],
  now: { readonly told: Told; readonly atMs: number },
): { readonly told: Told; readonly sayings: readonly Saying[] } {
  const told: Record<string, Told[string]> = { ...now.told };
  const sayings: Saying[] = [];
  for (const project of world.projects) {
    const own = blocks.filter((block) => block.project === project.id);
    if (own.length === 0) continue;
    const data = expectationOf(project, own, now.atMs);
    const words = JSON.stringify({ ...data, behindDays: data.behindDays === null });
    const last = told[project.id];
    if (last !== undefined && last.words === words && now.atMs - last.atMs < repeatMs) continue;
    told[project.id] = { atMs: now.atMs, words };
    sayings.push({ type: 'buildout.expectation.v1', region: regionOf(world, project.campus), entity: project.id, data });
  }
  return { told, sayings };
}

function expectationOf(
  project: World['projects'][number],
  blocks: readonly ExpectedBlock[],
  atMs: number,
): FactDataOf['buildout.expectation.v1'] {
  const mwOf = (block: number): number => project.blocks.find((other) => other.block === block)?.capacityMw ?? 0;
  const claims = blocks.map(({ block, madeMs, firstMs, energizedMs }): Claim => {
    const mw = mwOf(block);
    const [madeDay, promisedDay] = [madeMs / dayMs, firstMs / dayMs];
    const deliveredDay = energizedMs === null ? null : energizedMs / dayMs;
    return { mw, madeDay, promisedDay, deliveredDay, deliveredMw: energizedMs === null ? 0 : mw, isGivenUp: false };
  });
  const { claimedMw, deliveredMw, gapMw, behindDays } = gapOn(claims, atMs / dayMs);
  const slips = blocks.flatMap(({ block, firstMs, nowMs, energizedMs }) => {
    const endMs = energizedMs ?? nowMs;
    return endMs === null ? [] : [{ mw: mwOf(block), days: (endMs - firstMs) / dayMs }];
  });
  const slippedMw = slips.reduce((sum, { mw }) => sum + mw, 0);
  return {
    plannedMw: blocks.reduce((sum, { block }) => sum + mwOf(block), 0),
    expectedMw: claimedMw,
    energizedMw: deliveredMw,
    gapMw,
    behindDays: behindDays === null ? null : Math.round(behindDays),
    slipDays: slippedMw > 0 ? Math.round(slips.reduce((sum, { mw, days }) => sum + mw * days, 0) / slippedMw) : null,
    droppedMw: blocks.reduce((sum, { block, nowMs, energizedMs }) => sum + (nowMs === null && energizedMs === null ? mwOf(block) : 0), 0),
  };
}

function regionOf({ campuses, network }: World, id: string): string {
  const bus = campuses.find((campus) => campus.id === id)?.bus;
  return network.buses.find((other) => other.id === bus)?.region ?? 'all';
}

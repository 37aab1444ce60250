import { expect, it, describe, beforeAll } from 'vitest';
import { initialView, observe } from '../../services/api/view.js';
import type { LadderView, View } from '../../services/api/viewTypes.js';
import type { Fact } from '../../shared/domain/fact.js';
import { createWholeWorld } from '../../shared/domain/wholeWorld.js';
import { loadHighsSolver } from '../../shared/runtime/highs.js';
import { threeAreas } from '../../shared/scenario/threeAreas/world.js';

const world = { ...threeAreas, clock: { ...threeAreas.clock, tickMinutes: 15 } };
let facts: readonly Fact[];
let view: View;
beforeAll(async () => {
  const solver = await loadHighsSolver();
  const fast = createWholeWorld(world, solver);
  facts = Array.from({ length: 96 * 8 }, () => fast.tick()).flat();
  solver.close();
  view = facts.reduce(observe, initialView(world));
}, 60_000);

const ladders = (): readonly LadderView[] => Object.values(view.ladders);

describe('ladders of curtailments', () => {
  it('are one for each time a campus is asked while nothing is, with their steps in order', () => {
    expect(ladders().length).toBeGreaterThan(3);
    for (const { askedMs, heldMs, releasedMs, resumedMs, verifiedMs, settledMs, firstEpoch, lastEpoch } of ladders()) {
      expect(lastEpoch).toBeGreaterThanOrEqual(firstEpoch);
      const came = [askedMs, heldMs, resumedMs, verifiedMs, settledMs].filter((atMs) => atMs !== null);
      expect([...came].sort((a, b) => a - b)).toEqual(came);
      expect(releasedMs === null || releasedMs >= askedMs).toBe(true);
    }
    const complete = ladders().filter(({ settledMs }) => settledMs !== null);
    expect(complete.length).toBeGreaterThan(2);
    for (const ladder of complete) expect([ladder.planMs, ladder.heldMs, ladder.releasedMs, ladder.resumedMs]).not.toContain(null);
  });

  it('share out every verification and settlement among them', () => {
    const sum = (of: (fact: Fact) => number): number => facts.reduce((total, fact) => total + of(fact), 0);
    const inLadders = (of: (ladder: LadderView) => number): number => ladders().reduce((total, ladder) => total + of(ladder), 0);
    const delivered = sum((fact) => (fact.type === 'training.verification.v1' ? fact.data.deliveredMwh : 0));
    const net = sum((fact) => (fact.type === 'training.settlement.v1' ? fact.data.netUsd : 0));
    expect(delivered).toBeGreaterThan(100);
    expect(inLadders(({ deliveredMwh }) => deliveredMwh)).toBeCloseTo(delivered, 6);
    expect(inLadders(({ netUsd }) => netUsd)).toBeCloseTo(net, 6);
  });

  it('know the most that was promised, and rest on milestones alone', () => {
    const promised = facts.flatMap((fact) =>
      fact.type === 'control.outcome.v1' && fact.data.order.startsWith('loadtarget/') ? [fact.data.reductionMw] : [],
    );
    expect(Math.max(...ladders().map(({ reductionMw }) => reductionMw))).toBe(Math.max(...promised));
    const some: readonly string[] = [
      'control.outcome.v1',
      'cluster.plan.v1',
      'training.phase.v1',
      'training.verification.v1',
      'training.settlement.v1',
    ];
    const alone = facts.filter(({ type }) => some.includes(type)).reduce(observe, initialView(world));
    expect(alone.ladders).toEqual(view.ladders);
  });

  it('are at most two hundred, the newest', () => {
    const outcome = facts.find((fact) => fact.type === 'control.outcome.v1');
    if (outcome?.type !== 'control.outcome.v1') throw new Error('no outcome was said');
    let many = initialView(world);
    for (let epoch = 1; epoch <= 600; epoch++) {
      const reductionMw = epoch % 2;
      const data = { ...outcome.data, order: `loadtarget/${epoch}`, reductionMw };
      many = observe(many, { ...outcome, timeMs: outcome.timeMs + epoch * 60_000, data });
    }
    expect(Object.keys(many.ladders)).toHaveLength(200);
    expect(many.ladders[`${outcome.entity}/599`]?.releasedMs).not.toBeNull();
    expect(many.ladders[`${outcome.entity}/1`]).toBeUndefined();
  });
});

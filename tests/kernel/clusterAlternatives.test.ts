import Value from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { dryRun } from '../../services/cli/training/dryRun.js';
import { chooseReduction, type Ask, type Giver } from '../../shared/domain/cluster/alternatives.js';
import { createClusterModel } from '../../shared/domain/cluster/model.js';
import { hourMs, minuteMs } from '../../shared/domain/ticks.js';
import type { EventDefinition } from '../../shared/events/define.js';
import { definitionOf } from '../../shared/events/registry.js';
import { loadTarget, of, riverbend, solo, startMs } from '../support/clusterWorld.js';

const givers: readonly Giver[] = riverbend().runs.map((run, index) => ({
  index,
  run: { ...run, checkpointMinutes: 30 },
  levelMw: run.facilityMw,
  checkpointAtMs: startMs - 25 * minuteMs,
}));
const ask: Ask = { wantedMw: 126, fromMs: startMs, rampMs: 15 * minuteMs, untilMs: startMs + 4 * hourMs, capFloorRatio: 0.7 };
const wayOf = (name: string, asked: Ask, from = givers) => chooseReduction(from, asked).alternatives.find(({ way }) => way === name);

describe('ways to free power', () => {
  it('are all told, one chosen, the others each with a reason', () => {
    const { alternatives } = chooseReduction(givers, ask);
    expect(alternatives.map(({ way, isChosen }) => [way, isChosen])).toEqual([
      ['cap', false],
      ['pause', false],
      ['pause-and-cap', true],
      ['pause-by-checkpoint-age', false],
    ]);
    expect(alternatives.every(({ isChosen, reason }) => isChosen === (reason === ''))).toBe(true);
    // Caps to 0.7 free 0.6 * 0.3 of 361 MW.
    expect(wayOf('cap', ask)).toMatchObject({ freedMw: expect.closeTo(64.98, 6), reason: 'frees 65 of 126 MW' });
  });

  it('lose accelerators times hours: caps by speed, pauses all of it with save and restart', () => {
    const [atlas] = givers as [Giver];
    const capped = chooseReduction([atlas], { ...ask, wantedMw: 0.6 * 0.3 * 131 });
    // ((0.7 - 0.39) / 0.61)^(1/4)
    expect(capped.alternatives.find(({ isChosen }) => isChosen)).toMatchObject({
      way: 'cap',
      lostAcceleratorHours: expect.closeTo(65_536 * 4 * (1 - (0.31 / 0.61) ** 0.25), 3),
    });
    const paused = chooseReduction([atlas], { ...ask, capFloorRatio: 1, wantedMw: 0.8 * 131 });
    expect(paused.alternatives.find(({ isChosen }) => isChosen)).toMatchObject({
      way: 'pause',
      lostAcceleratorHours: expect.closeTo(65_536 * (4 + 245 / 3_600), 3),
    });
  });

  it('are chosen by the work they lose among those that free enough', () => {
    for (let wantedMw = 5; wantedMw <= 280; wantedMw += 5) {
      const { plan, alternatives } = chooseReduction(givers, { ...ask, wantedMw });
      const enough = alternatives.filter(({ freedMw }) => freedMw >= wantedMw - 1e-6);
      const chosen = alternatives.find(({ isChosen }) => isChosen);
      expect(plan.freedMw).toBeGreaterThanOrEqual(wantedMw - 1e-6);
      expect(chosen?.lostAcceleratorHours).toBeLessThanOrEqual(Math.min(...enough.map((way) => way.lostAcceleratorHours)) + 1e-6);
    }
  });

  it('touch a run of higher priority only when the others do not suffice', () => {
    const ranked = givers.map((giver) => (giver.run.id === 'cinder' ? { ...giver, run: { ...giver.run, priority: 9 } } : giver));
    const touched = (wantedMw: number): readonly string[] =>
      chooseReduction(ranked, { ...ask, wantedMw }).plan.measures.map(({ candidate }) => candidate.run.id);
    // Pausing the other three frees 0.8 of 295 MW.
    for (const wantedMw of [20, 126, 235.9]) expect(touched(wantedMw)).not.toContain('cinder');
    expect(touched(236.1)).toContain('cinder');
    expect(chooseReduction(givers, { ...ask, wantedMw: 126 }).plan.measures.map(({ candidate }) => candidate.run.id)).toContain('cinder');
  });

  it('weigh an hour of a run by its priority among those that are touched', () => {
    const [atlas, boreas] = givers as [Giver, Giver];
    const pausedOf = (priority: number): readonly string[] =>
      chooseReduction([{ ...atlas, run: { ...atlas.run, priority } }, boreas], { ...ask, wantedMw: 110, capFloorRatio: 0.9 })
        .plan.measures.filter(({ kind }) => kind === 'pause')
        .map(({ candidate }) => candidate.run.id);
    expect(pausedOf(4)).toEqual(['atlas']);
    expect(pausedOf(6)).toEqual(['boreas']);
  });

  it('free all there is where no way frees enough', () => {
    const { plan, alternatives } = chooseReduction(givers, { ...ask, wantedMw: 500 });
    expect(plan.freedMw).toBeCloseTo(0.8 * 361, 6);
    expect(alternatives.filter(({ isChosen }) => isChosen).length).toBe(1);
  });

  it('wait for a checkpoint only where one falls into the way down', () => {
    // Checkpoints every 30 minutes: 25 minutes old, the next is due 5 minutes into the ramp; 2 minutes old, 13 minutes after it.
    const older = wayOf('pause-by-checkpoint-age', { ...ask, capFloorRatio: 1 });
    expect(older?.freedMw).toBeGreaterThanOrEqual(126);
    const younger = givers.map((giver) => ({ ...giver, checkpointAtMs: startMs - 2 * minuteMs }));
    expect(wayOf('pause-by-checkpoint-age', ask, younger)).toMatchObject({
      freedMw: 0,
      reason: '4 of 4 runs save their next checkpoint only after the way down',
    });
  });

  it('stand in the plan a cluster publishes, which fits its declaration', () => {
    const facts = solo(createClusterModel(riverbend())).run([loadTarget({ epoch: 1, mw: 126, from: 0, until: 240, ramp: 15 }, 0)]);
    const [plan] = of(facts, 'cluster.plan.v1');
    expect(plan?.data.alternatives?.find(({ isChosen }) => isChosen)?.way).toBe('pause-and-cap');
    expect(plan?.data.alternatives?.length).toBe(4);
    expect(Value.Check((definitionOf('cluster.plan.v1') as EventDefinition).data, plan?.data)).toBe(true);
  });

  it('are the same in a dry run on what the cluster publishes', () => {
    const cluster = solo(createClusterModel(riverbend()));
    const progress = of(cluster.run(), 'cluster.progress.v1').flatMap(({ data }) => data.runs);
    expect(progress.length).toBe(4);
    const dry = dryRun(riverbend(), progress, {
      campus: 'riverbend',
      nowMs: startMs + 5 * minuteMs,
      wantedMw: 126,
      minutes: 240,
      rampMinutes: 15,
    });
    expect(dry.freedMw).toBeCloseTo(126, 6);
    expect(dry.measures.map(({ run, measure }) => `${run} ${measure}`)).toEqual(['delta pause', 'cinder pause', 'atlas cap', 'boreas cap']);
    expect(dry.acceleratorHoursAtRisk).toBeGreaterThan(0);
    expect(() => dryRun(riverbend(), progress, { campus: 'nowhere', nowMs: startMs, wantedMw: 1, minutes: 1, rampMinutes: 0 })).toThrow(
      'campus: found nowhere, allowed: riverbend',
    );
  });
});

import { beforeAll, describe, expect, test } from 'vitest';
import type { Fact } from '../../shared/domain/fact.js';
import { lowestCap } from '../../shared/domain/cluster/slowdown.js';
import { throughputRatio } from '../../shared/domain/cluster/throughput.js';
import { fromWire, minuteMs, toWire } from '../../shared/domain/ticks.js';
import { createWholeWorld } from '../../shared/domain/wholeWorld.js';
import { loadHighsSolver } from '../../shared/runtime/highs.js';
import { phoenix } from '../../shared/scenario/phoenix/world.js';
import { misfitsOf } from '../../shared/scenario/validate.js';
import { of } from '../support/clusterWorld.js';

/** The trial as it was published. */
const published = { reductionRatio: 0.25, rampMinutes: 15, hours: 3, returnRatioInAMinute: 0.15 };
const startMs = fromWire(phoenix.clock.startTime);
const eventMs = fromWire('2025-05-04T00:00:00.000Z');

let facts: readonly Fact[];
let drawnMw: readonly { readonly timeMs: number; readonly meanMw: number; readonly endMw: number }[];
beforeAll(async () => {
  const solver = await loadHighsSolver();
  const world = createWholeWorld(phoenix, solver);
  facts = Array.from({ length: 8 * 60 }, () => world.tick()).flat();
  solver.close();
  drawnMw = of(facts, 'cluster.power.v1').map(({ timeMs, data }) => {
    const { meanMw = 0, endMw = 0 } = data.campuses[0] ?? {};
    return { timeMs, meanMw, endMw };
  });
}, 60_000);

const between = (fromMinute: number, toMinute: number) =>
  drawnMw.filter(({ timeMs }) => timeMs >= eventMs + fromMinute * minuteMs && timeMs < eventMs + toMinute * minuteMs);

describe('the Phoenix field trial, a thousand times over', () => {
  test('is a world without contradictions', () => {
    expect([...misfitsOf(phoenix)]).toEqual([]);
  });

  test('draws a quarter less after fifteen minutes and holds it for three hours', () => {
    const baselineMw = between(-60, 0).reduce((sum, { meanMw }) => sum + meanMw, 0) / 60;
    expect(baselineMw).toBeCloseTo(100, 9);
    const held = between(published.rampMinutes, published.rampMinutes + 60 * published.hours);
    expect(held).toHaveLength(180);
    for (const { meanMw } of held) expect(meanMw).toBeCloseTo((1 - published.reductionRatio) * baselineMw, 6);
    const down = between(0, published.rampMinutes).map(({ endMw }) => endMw);
    down.forEach((endMw, minute) => expect(endMw).toBeCloseTo(100 - (25 * (minute + 1)) / 15, 6));
  });

  test('keeps the class of every job', () => {
    const plan = of(facts, 'cluster.plan.v1')[0]?.data;
    expect(plan?.reductionMw).toBeCloseTo(25, 6);
    for (const { run: id, measure, capRatio } of plan?.measures ?? []) {
      const run = phoenix.runs.find((other) => other.id === id);
      if (run === undefined) throw new Error(id);
      expect([id, measure]).toEqual([id, run.slowdownClass === 'pause' ? measure : 'cap']);
      if (measure === 'cap') expect(throughputRatio(run, capRatio)).toBeGreaterThanOrEqual(throughputRatio(run, lowestCap(run, 0)) - 1e-9);
    }
    const inference = of(facts, 'cluster.power.v1').map(({ data }) => data.campuses[0]?.inferenceMw);
    expect(new Set(inference)).toEqual(new Set([10]));
    for (const { data } of of(facts, 'cluster.progress.v1'))
      for (const { completedSteps, checkpointedSteps } of data.runs) expect(completedSteps).toBeGreaterThanOrEqual(checkpointedSteps);
  });

  test('comes back in steps of 2 % of the site a minute where the trial came back by about 15 % in one', () => {
    const ends = drawnMw.map(({ endMw }) => endMw);
    const steepestRatio = Math.max(...ends.slice(1).map((endMw, index) => (endMw - (ends[index] ?? 0)) / 100));
    process.stderr.write(
      `phoenix: steepest minute of the return ${(100 * steepestRatio).toFixed(1)} % of the site; in the trial about ${100 * published.returnRatioInAMinute} %\n`,
    );
    expect(steepestRatio).toBeLessThanOrEqual(0.02 + 1e-9);
    expect(ends.at(-1)).toBeCloseTo(100, 6);
  });

  test('leaves a trace of every step, measured, paid, and without a rebound', () => {
    const trace = facts.filter(
      ({ entity, type }) => entity === 'phoenix' && /^(control|cluster)\.(request|plan|outcome|breach|compliance)/.test(type),
    );
    expect(trace.map(({ type, timeMs }) => `${(timeMs - eventMs) / minuteMs} ${type}`)).toEqual([
      '-1 control.request.v1',
      '-1 cluster.plan.v1',
      '-1 control.outcome.v1',
      expect.stringMatching(/^19[34] control.request.v1$/),
      expect.stringMatching(/^19[34] control.outcome.v1$/),
      expect.stringMatching(/^25[0-9] control.compliance.v1$/),
    ]);
    const report = of(facts, 'control.compliance.v1')[0]?.data;
    expect(report).toMatchObject({ requests: ['utility-peak'], contracts: ['phoenix-trial'], shortMinutes: 0, reboundMw: 0 });
    expect(report?.deliveredMwh).toBeCloseTo(25 * (published.hours + 0.125), 0);
    expect(report?.complianceRatio).toBeCloseTo(1, 2);
    const settled = of(facts, 'training.settlement.v1');
    expect(settled.map(({ entity }) => entity).sort()).toEqual(
      of(facts, 'cluster.plan.v1')
        .flatMap(({ data }) => data.measures.map(({ run }) => run))
        .sort(),
    );
    expect(toWire(startMs)).toBe(phoenix.clock.startTime);
  });
});

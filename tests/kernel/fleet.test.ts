import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createCalledWorld, type Holding } from '../../services/cli/bench/fleetWorld.js';
import { createClusterModel } from '../../shared/domain/cluster/model.js';
import { changed, curtailedMwMs, progressAt } from '../../shared/domain/cluster/progress.js';
import type { ClusterState, RunWork } from '../../shared/domain/cluster/state.js';
import { stamp, stampOn, type Fact, type RepeatCounts, type Saying } from '../../shared/domain/fact.js';
import { observeFacts } from '../../shared/domain/sequenceDesk.js';
import { advanceSequences, holdSequences } from '../../shared/domain/sequenceHost.js';
import { createAddress, rulesOf, sequenceStarts } from '../../shared/domain/sequences.js';
import { hourMs, minuteMs } from '../../shared/domain/ticks.js';
import { createWholeWorld } from '../../shared/domain/wholeWorld.js';
import { holdModel, type FastWorld, type WorldSequences } from '../../shared/domain/world.js';
import { loadHighsSolver } from '../../shared/runtime/highs.js';
import { fleetWorld } from '../../shared/scenario/fleet.js';
import type { Run, World } from '../../shared/scenario/schema.js';
import { misfitsOf } from '../../shared/scenario/validate.js';
import { loadTarget, minute, of, powerOf, progressOf, riverbend, solo } from '../support/clusterWorld.js';

function workOf(state: ClusterState, id: string): { readonly run: Run; readonly work: RunWork } {
  const index = riverbend().runs.findIndex((run) => run.id === id);
  const [run, work] = [riverbend().runs[index], state.runs[index]];
  if (run === undefined || work === undefined) throw new Error(`no run ${id}`);
  return { run, work };
}

/** Atlas, capped along a ramp of 15 minutes from the start on, and cinder, paused on the same way down: their states after it began. */
function onTheWayDown() {
  const cluster = solo(createClusterModel(riverbend()));
  cluster.run([loadTarget({ epoch: 1, mw: 126, from: 0, until: 600 }, 0)]);
  return cluster;
}

describe('runs at rest', () => {
  test('are not touched by ticks, and what they are told to have done follows from where they stood', () => {
    const cluster = solo(createClusterModel(riverbend()));
    cluster.run();
    const before = cluster.state;
    const { run, work } = workOf(before, 'atlas');
    for (let tick = 1; tick < 300; tick++) {
      const told = progressOf(cluster.run(), 'atlas');
      const { steps, checkpointedSteps } = progressAt(run, work, minute(5 * (tick + 1)));
      expect([told.completedSteps, told.checkpointedSteps]).toEqual([Math.floor(steps), checkpointedSteps]);
    }
    cluster.state.runs.forEach((after, index) => expect(after).toBe(before.runs[index]));
  });

  test('come to rest at a cap and when paused, and are left alone from then on', () => {
    const cluster = onTheWayDown();
    for (let tick = 1; tick < 5; tick++) cluster.run();
    const before = cluster.state;
    expect(before.runs.map(({ ahead }) => ahead.stepsPerMs !== null && ahead.nextMs === null)).toEqual([true, true, true, true]);
    let facts: readonly Fact[] = [];
    for (let tick = 5; tick < 60; tick++) facts = cluster.run();
    cluster.state.runs.forEach((after, index) => expect(after).toBe(before.runs[index]));
    expect(powerOf(facts).meanMw).toBeCloseTo(235, 6);
  });

  test('have done the same when they are asked at any instants in between', () => {
    const { run, work } = workOf(onTheWayDown().state, 'atlas');
    expect(work.ahead.stepsPerMs).toBeNull();
    const endMs = minute(600);
    const once = progressAt(run, work, endMs);
    const instants = fc.array(fc.integer({ min: work.stand.atMs, max: endMs }), { maxLength: 12 });
    fc.assert(
      fc.property(instants, (asked) => {
        const often = [...asked].sort((a, b) => a - b).reduce((before, atMs) => changed(run, before, atMs, {}), work);
        const then = progressAt(run, often, endMs);
        expect(Math.abs(then.steps - once.steps)).toBeLessThan(1e-6);
        expect(then.checkpointedSteps).toBe(once.checkpointedSteps);
        expect(Math.abs(then.checkpointAtMs - once.checkpointAtMs)).toBeLessThan(1e-3);
        expect(Math.abs(curtailedMwMs(often, endMs) / curtailedMwMs(work, endMs) - 1)).toBeLessThan(1e-12);
      }),
      { numRuns: 200, seed: 3 },
    );
  });

  test('are told with the mean power of every tick: together the energy that the curtailment counts', () => {
    const cluster = onTheWayDown();
    const means: number[] = [];
    for (let tick = 1; tick < 24; tick++) means.push(progressOf(cluster.run(), 'atlas').powerMw);
    const { work } = workOf(cluster.state, 'atlas');
    const fromMs = minute(5);
    const early = workOf(onTheWayDown().state, 'atlas').work;
    const energyMwMs = curtailedMwMs(work, minute(120)) - curtailedMwMs(early, fromMs);
    expect(means.reduce((sum, mw) => sum + mw * 5 * minuteMs, 0) / energyMwMs).toBeCloseTo(1, 9);
  });

  test('end with their last step, in the tick in which they make it, and are counted with the power they drew in it', () => {
    const world = riverbend();
    const almost = world.runs.map((run) => (run.id === 'delta' ? { ...run, initialSteps: run.totalSteps - 120 } : run));
    const cluster = solo(createClusterModel({ ...world, runs: almost }));
    const told = [0, 1, 2, 3].map(() => cluster.run());
    expect(told.map((facts) => progressOf(facts, 'delta').state)).toEqual(['running', 'running', 'finished', 'finished']);
    [361, 361, 361, 334.6].forEach((mw, tick) => expect(powerOf(told[tick] ?? []).meanMw).toBeCloseTo(mw, 9));
  });
});

/** Holds a model whose state goes through JSON before every phase. */
const holdRestored: typeof holdModel = (model) =>
  holdModel({ ...model, speak: (state, instant) => model.speak(JSON.parse(JSON.stringify(state)) as typeof state, instant) });

/** Sequences whose state goes through JSON between any two ticks. */
function restoredSequences(world: World): WorldSequences {
  let hosts = holdSequences(rulesOf, sequenceStarts(world));
  let heard: Fact[] = [];
  const address = createAddress(world);
  return {
    save: () => null,
    restore: () => undefined,
    observe: (fact) => void heard.push(fact),
    advance: (tick, atMs) => {
      const desk = observeFacts(hosts.desk, heard, address);
      heard = [];
      const next = advanceSequences(rulesOf, { ...hosts, desk }, { tick, atMs });
      hosts = JSON.parse(JSON.stringify(next.hosts)) as typeof hosts;
      return next.facts;
    },
  };
}

function play(world: FastWorld, ticks: number): readonly Fact[] {
  return Array.from({ length: ticks }, () => world.tick()).flat();
}

describe('a fleet', () => {
  const world = fleetWorld({ campuses: 6, runs: 30, seed: 3 });

  test('is a world without contradictions, as many times larger than the three areas as its campuses draw more', () => {
    expect([...misfitsOf(world)]).toEqual([]);
    expect(world.runs.every((run) => world.campuses.some(({ id }) => id === run.campus))).toBe(true);
    const ratio = (world.network.units[0]?.capacityMw ?? 0) / 3_000;
    const limitsMw = world.campuses.reduce((sum, { limitMw }) => sum + limitMw, 0);
    expect(ratio).toBeCloseTo(limitsMw / 700, 9);
    expect(fleetWorld({ campuses: 6, runs: 30, seed: 3 })).toEqual(world);
  });

  test('says the same facts when every state goes through JSON, whatever is remembered beside the states', () => {
    const holding: Holding = { hold: holdRestored, sequences: restoredSequences(world) };
    const straight = play(createCalledWorld(world), 450);
    expect(of(straight, 'training.settlement.v1').length).toBeGreaterThan(30);
    expect(JSON.stringify(play(createCalledWorld(world, holding), 450))).toBe(JSON.stringify(straight));
  }, 60_000);

  test('is served by its grid, which calls on its contracts', async () => {
    const solver = await loadHighsSolver();
    const facts = play(createWholeWorld(world, solver), 336);
    solver.close();
    expect(Math.max(...of(facts, 'grid.demand.v1').map(({ data }) => data.unservedMw))).toBe(0);
    expect(of(facts, 'cluster.plan.v1').length).toBeGreaterThan(0);
  }, 60_000);
});

describe('repeats of facts', () => {
  const saying = (entity: string, timeMs: number): Saying => ({
    type: 'clock.tick.v1',
    region: 'all',
    entity,
    timeMs,
    data: { tick: 1, missing: [] },
  });
  const at = (startMs: number) => ({ component: 'clock', tick: 1, phase: 1 as const, startMs });

  test('are forgotten after an hour, and counted on within it', () => {
    const first = stamp([saying('a', 0), saying('b', 30 * minuteMs)], { ...at(0), counts: {} });
    const second = stamp([saying('b', 30 * minuteMs)], { ...at(hourMs), counts: first.counts });
    expect(second.facts.map(({ n }) => n)).toEqual([1]);
    expect(second.counts).toEqual({ 'clock.tick.v1/b': [30 * minuteMs, 1] });
  });

  test('are counted alike in memory and in saved state', () => {
    const step = fc.record({ advanceMinutes: fc.constantFrom(0, 0, 5, 60, 70), entity: fc.constantFrom('a', 'b'), behind: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const kept = new Map<string, RepeatCounts[string]>();
        let saved: RepeatCounts = {};
        let nowMs = 0;
        const ids: string[] = [];
        for (const { advanceMinutes, entity, behind } of steps) {
          nowMs += advanceMinutes * minuteMs;
          const sayings = [saying(entity, behind ? nowMs - 5 * minuteMs : nowMs)];
          const stamped = stamp(sayings, { ...at(nowMs), counts: saved });
          saved = JSON.parse(JSON.stringify(stamped.counts)) as RepeatCounts;
          expect(stampOn(kept, sayings, at(nowMs))).toEqual(stamped.facts);
          ids.push(...stamped.facts.map(({ id }) => id));
        }
        expect(Object.fromEntries(kept)).toEqual(saved);
      }),
      { numRuns: 200, seed: 5 },
    );
  });
});

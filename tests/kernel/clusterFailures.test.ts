import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createClusterModel } from '../../shared/domain/cluster/model.js';
import type { Fact } from '../../shared/domain/fact.js';
import { fleetOf } from '../../shared/domain/fleet/campuses.js';
import { standingAtStart } from '../../shared/domain/fleet/standing.js';
import { toWire } from '../../shared/domain/ticks.js';
import { definitionOf } from '../../shared/events/registry.js';
import type { World } from '../../shared/scenario/schema.js';
import {
  audit,
  clearAll,
  command,
  flexibleWorld,
  loadTarget,
  minute,
  of,
  powerOf,
  progressOf,
  riverbend,
  said,
  solo,
  startMs,
} from '../support/clusterWorld.js';
import { facilityWorld } from '../support/facilityWorld.js';
import { deltaFails, failuresOf, seeds, unfailing } from '../support/failingWorld.js';

type Heard = Readonly<Record<number, readonly Fact[]>>;

/** Ticks of five minutes, what is heard in them by their number. */
function play(world: World, ticks: number, heard: Heard = {}, isRestored = false): readonly Fact[] {
  const cluster = solo(createClusterModel(world), { isRestored });
  return Array.from({ length: ticks }, (_, tick) => cluster.run(heard[tick] ?? [])).flat();
}

const delta = riverbend().runs.find(({ id }) => id === 'delta');
if (delta === undefined) throw new Error('no delta');
/** Steps in a second at full speed, less what periodic saves stall. */
const perSecond = (1 - delta.saveSeconds / (60 * delta.checkpointMinutes)) / delta.stepSeconds;
const periodSeconds = 60 * delta.checkpointMinutes;
const powersOf = (facts: readonly Fact[]): readonly number[] =>
  of(facts, 'cluster.power.v1').flatMap(({ data }) => data.campuses.flatMap(({ meanMw, endMw }) => [meanMw, endMw]));
const ownOf = <Found extends Fact>(facts: readonly Found[]): readonly Found[] => facts.filter(({ entity }) => entity === 'delta');
const secondsOf = (fact: Fact | undefined): number => ((fact?.timeMs ?? Number.NaN) - startMs) / 1_000;

describe('a run that fails', () => {
  test('falls back to its last checkpoint, restarts, and draws what it drew', () => {
    const world = deltaFails(1_000);
    const facts = play(world, 8);
    const savedSteps = 260_000 + Math.floor(periodSeconds * Math.floor(1_000 / periodSeconds) * perSecond);
    const [failure, ...others] = failuresOf(facts);
    expect(others).toEqual([]);
    expect(failure).toMatchObject({ region: 'central', entity: 'delta', timeMs: startMs + 1_000_000 });
    expect(failure?.data).toEqual({
      campus: 'riverbend',
      number: 1,
      during: 'work',
      checkpointedSteps: savedSteps,
      lostSteps: Math.floor(260_000 + 1_000 * perSecond) - savedSteps,
      lostSeconds: 1_000 % periodSeconds,
      readyTime: toWire(startMs + 1_240_000),
    });
    const states = of(facts, 'cluster.progress.v1').map(({ data }) => data.runs.find(({ run }) => run === 'delta'));
    expect(states.map((run) => run?.state)).toEqual([...Array(3).fill('running'), 'restoring', ...Array(4).fill('running')]);
    expect(states[3]).toMatchObject({ completedSteps: savedSteps, checkpointedSteps: savedSteps });
    expect(states[7]?.completedSteps).toBe(Math.floor(savedSteps + (2_400 - 1_240) * perSecond));
    expect(powersOf(facts)).toEqual(powersOf(play(unfailing(world), 8)));
  });

  test('saves anew a whole period after it computes again', () => {
    const facts = [4, 5, 6, 7, 8, 9].map((ticks) => progressOf(play(deltaFails(1_000), ticks), 'delta').checkpointedSteps);
    const savedSteps = facts[0] ?? 0;
    const later = [5, 6, 7, 8, 9].map((ticks) => {
      const periods = Math.floor(Math.max(0, 300 * ticks - 1_240) / periodSeconds);
      return Math.floor(savedSteps + periods * periodSeconds * perSecond);
    });
    expect(facts.slice(1)).toEqual(later);
    expect(later.at(-1)).toBeGreaterThan(savedSteps);
  });

  test('in its restart begins the restart anew, and loses nothing more', () => {
    const [first, second] = failuresOf(play(deltaFails(4_000, seeds.twice), 15));
    const struckSeconds = secondsOf(second) - secondsOf(first);
    expect(struckSeconds).toBeGreaterThan(0);
    expect(struckSeconds).toBeLessThan(240);
    expect(second?.data).toMatchObject({ number: 2, during: 'restart', lostSteps: 0, lostSeconds: 0 });
    expect(second?.data.readyTime).toBe(toWire((second?.timeMs ?? 0) + 240_000));
    const made = progressOf(play(deltaFails(4_000, seeds.twice), 15), 'delta').completedSteps;
    expect(made).toBe(Math.floor((first?.data.checkpointedSteps ?? 0) + (15 * 300 - secondsOf(second) - 240) * perSecond));
  });

  test('in a regular save loses the whole period', () => {
    const [failure] = failuresOf(play(deltaFails(2 * periodSeconds - 2), 8));
    expect(failure?.data).toMatchObject({ during: 'save', lostSeconds: periodSeconds - 2 });
  });

  test('says the same in ticks of any length, and after its state went through JSON', () => {
    const facts = play(deltaFails(4_000, seeds.twice), 36);
    expect(failuresOf(facts).length).toBeGreaterThanOrEqual(3);
    expect(JSON.stringify(play(deltaFails(4_000, seeds.twice), 36, {}, true))).toBe(JSON.stringify(facts));
    for (const tickMinutes of [1, 15, 60]) {
      const model = solo(createClusterModel(deltaFails(4_000, seeds.twice)), { tickMinutes });
      const others = Array.from({ length: 180 / tickMinutes }, () => model.run()).flat();
      expect(failuresOf(others).map(({ timeMs, data }) => ({ timeMs, data }))).toEqual(
        failuresOf(facts).map(({ timeMs, data }) => ({ timeMs, data })),
      );
      expect(progressOf(others, 'delta')).toEqual(progressOf(facts, 'delta'));
    }
    for (const fact of facts) expect(`${fact.type} ${definitionOf(fact.type)?.violation(fact.data) ?? 'fits'}`).toBe(`${fact.type} fits`);
  });

  test('does not once it has made its last step, in the tick in which it did', () => {
    const totalSteps = 260_000 + Math.floor(990 * perSecond);
    const facts = play(deltaFails(1_000, seeds.once, { totalSteps }), 8);
    expect(failuresOf(facts)).toEqual([]);
    expect(progressOf(facts, 'delta')).toMatchObject({ state: 'finished', completedSteps: totalSteps });
    const almost = play(deltaFails(1_000, seeds.once, { totalSteps: 260_000 + Math.ceil(1_001 * perSecond) }), 8);
    expect(failuresOf(almost)).toHaveLength(1);
  });

  test('loses its work once when its campus trips while it restarts', () => {
    const facts = play(deltaFails(1_190), 6, { 3: [audit('trip-campus', 'riverbend', 3)] });
    expect(failuresOf(facts)[0]?.data.lostSteps).toBeGreaterThan(0);
    const pause = ownOf(of(facts, 'cluster.pause.v1'))[0];
    expect(pause?.timeMs).toBe(minute(20));
    expect(pause?.data).toMatchObject({ lostSteps: 0, checkpointedSteps: failuresOf(facts)[0]?.data.checkpointedSteps });
  });
});

/** Delta and cinder pause on the way down from 10 to 25 minutes; delta is to save at some instant of it. */
const target = loadTarget({ epoch: 1, mw: 126, from: 10, until: 240 }, 1);
const calm = play(unfailing(deltaFails(1)), 8, { 1: [target] });
const saveSeconds = secondsOf(ownOf(of(calm, 'cluster.checkpoint.v1'))[0]);
const ordered = (afterSeconds: number, ticks = 8): readonly Fact[] => play(deltaFails(afterSeconds), ticks, { 1: [target] });
const pausesOf = (facts: readonly Fact[]) => ownOf(of(facts, 'cluster.pause.v1'));

describe('a run that fails on its way down', () => {
  test('and is back before its save pauses as planned, with what it had made since', () => {
    const facts = ordered(650);
    expect(saveSeconds).toBeGreaterThan(650 + 240);
    const [failure] = failuresOf(facts);
    const [saved] = ownOf(of(facts, 'cluster.checkpoint.v1'));
    expect(secondsOf(saved)).toBe(saveSeconds);
    expect(saved?.data.checkpointedSteps).toBeGreaterThanOrEqual(failure?.data.checkpointedSteps ?? Infinity);
    expect(saved?.data.checkpointedSteps).toBeLessThan(ownOf(of(calm, 'cluster.checkpoint.v1'))[0]?.data.checkpointedSteps ?? 0);
    expect(pausesOf(facts).map(({ timeMs, data }) => [timeMs, data.lostSteps])).toEqual([[pausesOf(calm)[0]?.timeMs, 0]]);
    expect(powersOf(facts)).toEqual(powersOf(calm));
  });

  test('and still restarts when it was to save has nothing to save, pauses, and keeps what was promised', () => {
    const facts = ordered(saveSeconds - 100);
    const [failure] = failuresOf(facts);
    expect(failure?.data.lostSteps).toBeGreaterThan(0);
    expect(ownOf(of(facts, 'cluster.checkpoint.v1'))).toEqual([]);
    expect(pausesOf(facts).map((pause) => [secondsOf(pause), pause.data.lostSteps, pause.data.checkpointedSteps])).toEqual([
      [saveSeconds, 0, failure?.data.checkpointedSteps],
    ]);
    expect(progressOf(facts, 'delta')).toMatchObject({ state: 'paused', completedSteps: failure?.data.checkpointedSteps });
    expect(powersOf(facts)).toEqual(powersOf(calm));
  });

  test('in the save ahead of its pause falls back to the checkpoint before, pauses at once, and keeps what was promised', () => {
    const facts = ordered(saveSeconds + 3);
    const [failure] = failuresOf(facts);
    expect(failure?.data).toMatchObject({ during: 'save', readyTime: null });
    expect(failure?.data.lostSteps).toBeGreaterThan(0);
    expect(failure?.data.lostSeconds).toBe((saveSeconds + 3) % periodSeconds);
    expect(ownOf(of(facts, 'cluster.checkpoint.v1'))).toEqual([]);
    expect(pausesOf(facts).map((pause) => [secondsOf(pause), pause.data.lostSteps, pause.data.checkpointedSteps])).toEqual([
      [saveSeconds + 3, 0, failure?.data.checkpointedSteps],
    ]);
    expect(powersOf(facts)).toEqual(powersOf(calm));
  });

  test('right after that save has lost nothing: it is paused', () => {
    const facts = ordered(saveSeconds + 6);
    expect(failuresOf(facts)).toEqual([]);
    expect(pausesOf(facts)).toEqual(pausesOf(calm));
  });

  test('in the second attempt of a save that failed loses its work once', () => {
    const world = deltaFails(saveSeconds + 7);
    const facts = play(world, 8, { 0: [audit('fail-checkpoint', 'delta', 0)], 1: [target] });
    expect(ownOf(of(facts, 'cluster.savefailure.v1')).map(({ data }) => data.next)).toEqual(['retry']);
    expect(failuresOf(facts)[0]?.data).toMatchObject({ during: 'save', readyTime: null });
    expect(pausesOf(facts).map((pause) => [secondsOf(pause), pause.data.lostSteps])).toEqual([[saveSeconds + 7, 0]]);
  });
});

describe('a run that is resumed', () => {
  /** Released at 35 minutes, commanded in tick 8, so that it restores from 45 minutes on. */
  const released: Heard = {
    1: [target],
    7: [loadTarget({ epoch: 2, mw: 0, from: 35 }, 7)],
    8: [command('delta', 1, { epoch: 2, action: 'resume', capRatio: 0.5 }, 8)],
  };
  const pausedSeconds = 45 * 60 - (saveSeconds + 5);

  test('has not failed meanwhile: its clock stood still', () => {
    const facts = play(deltaFails(saveSeconds + 5 + 1_000), 16, released);
    expect(failuresOf(facts).map(secondsOf)).toEqual([saveSeconds + 5 + 1_000 + pausedSeconds]);
    expect(failuresOf(facts)[0]?.data.during).toBe('work');
  });

  test('and fails while it is restored computes that much later', () => {
    const facts = play(deltaFails(saveSeconds + 5 + 100), 11, released);
    const [failure] = failuresOf(facts);
    expect(secondsOf(failure)).toBe(45 * 60 + 100);
    expect(failure?.data).toMatchObject({ during: 'restart', lostSteps: 0, readyTime: toWire(minute(45) + 340_000) });
    expect(of(facts, 'cluster.resume.v1')[0]?.data.readyTime).toBe(toWire(minute(45) + 240_000));
    const later = play(deltaFails(saveSeconds + 5 + 100), 14, released);
    const undisturbed = play(unfailing(deltaFails(1)), 14, released);
    expect(progressOf(facts, 'delta').state).toBe('throttled');
    const behind = progressOf(undisturbed, 'delta').completedSteps - progressOf(later, 'delta').completedSteps;
    expect(behind).toBeGreaterThan(0);
    // At most 100 s at full speed.
    expect(behind).toBeLessThanOrEqual(Math.ceil(100 * perSecond));
    expect(powersOf(later)).toEqual(powersOf(undisturbed));
  });

  test('says what the reduction cost against its expected rate, failures included', () => {
    const missed = (world: World): number => of(play(world, 11, released), 'cluster.resume.v1')[0]?.data.missedSteps ?? Number.NaN;
    const world = deltaFails(1e6);
    const run = world.runs.find(({ id }) => id === 'delta');
    const failureSeconds = ((run?.failures?.hoursPerFailure ?? 0) / (run?.accelerators ?? 1)) * 3_600;
    const kept = periodSeconds / (failureSeconds * Math.exp(240 / failureSeconds) * Math.expm1(periodSeconds / failureSeconds));
    expect(kept).toBeLessThan(1);
    const wouldHaveMade = (45 - 10) * 60 * perSecond;
    expect(missed(unfailing(world)) - missed(world)).toBeCloseTo((1 - kept) * wouldHaveMade, 0);
  });
});

describe('a run that fails where the grid is not the reason it stops', () => {
  const moveAsked = said(
    'control.audit.v1',
    'delta',
    { tick: 1 },
    {
      action: 'move-run',
      target: 'delta',
      actor: 'operator',
      amountMw: null,
      reason: 'cheaper',
      accepted: true,
      destination: 'elsewhere',
    },
  );
  /** Riverbend and a copy of it. */
  const twoCampuses = (afterSeconds: number): World => {
    const world = deltaFails(afterSeconds);
    return { ...world, campuses: world.campuses.flatMap((campus) => [campus, { ...campus, id: 'elsewhere' }]) };
  };

  test('in the save ahead of a move goes with the checkpoint before', () => {
    const facts = play(twoCampuses(603), 12, { 1: [moveAsked] });
    const [failure] = failuresOf(facts);
    expect(failure?.data).toMatchObject({ during: 'save', readyTime: null });
    expect(failure?.data.lostSteps).toBeGreaterThan(0);
    expect(pausesOf(facts).map((pause) => [secondsOf(pause), pause.data.lostSteps])).toEqual([[603, 0]]);
    expect(of(facts, 'cluster.move.v1').map(({ data }) => data.step)).toEqual(['begun', 'arrived']);
    expect(progressOf(facts, 'delta')).toMatchObject({
      campus: 'elsewhere',
      state: 'paused',
      completedSteps: failure?.data.checkpointedSteps,
    });
  });

  /** Three dips take the campus to its UPS after a minute, which carries it for so many minutes, and nothing comes after. */
  const dipped = (afterSeconds: number, upsMinutes: number): World => {
    const { seed, runs } = deltaFails(afterSeconds);
    const generators = { powerMw: 0 };
    return facilityWorld({ ups: { minutes: upsMinutes }, generators }, { dipSeconds: [10, 30, 60], world: { seed, runs } });
  };

  test('while its campus runs on its UPS saves no checkpoint that the failure cuts', () => {
    const facts = play(dipped(62, 5), 2);
    expect(of(facts, 'cluster.transfer.v1')[0]?.data.savedRuns).toContain('delta');
    expect(failuresOf(facts)[0]?.data).toMatchObject({ during: 'save', checkpointedSteps: 260_000, readyTime: null });
    expect(ownOf(of(facts, 'cluster.checkpoint.v1'))).toEqual([]);
    expect(pausesOf(facts).map((pause) => [secondsOf(pause), pause.data.checkpointedSteps, pause.data.lostSteps])).toEqual([
      [62, 260_000, 0],
    ]);
  });

  test('does not when it was cut off before', () => {
    const facts = play(dipped(62, 0.05), 2);
    expect(of(facts, 'cluster.transfer.v1')[0]?.data.cutRuns).toContain('delta');
    expect(failuresOf(facts)).toEqual([]);
    const early = play(dipped(30, 0.05), 2);
    expect(failuresOf(early)[0]?.data.lostSteps).toBe(Math.floor(30 * perSecond));
    expect(pausesOf(early)[0]?.data.lostSteps).toBe(0);
  });
});

test('an evening of calls under failures keeps every promise, and its sequences settle and end', () => {
  const failing = riverbend({ seed: 3 });
  const runs = failing.runs.map((run) => ({ ...run, failures: { hoursPerFailure: 0.4 * run.accelerators } }));
  const world = flexibleWorld({ ...failing, runs }, (tick, offers) =>
    tick >= 12 && tick < 48
      ? clearAll(offers, tick >= 24 && tick < 42 ? ['riverbend-a', 'riverbend-b'] : ['riverbend-a'], 1_000, tick)
      : [],
  );
  const facts: Fact[] = [];
  for (let tick = 0; tick < 110; tick++) {
    const told = world.tick();
    facts.push(...told);
    const { meanMw, imbalanceMw } = powerOf(told);
    const inForceMw = of(told, 'control.offer.v1')[0]?.data.offers.reduce((sum, offer) => sum + offer.inForceMw, 0) ?? 0;
    expect((of(told, 'cluster.demand.v1')[0]?.data.campuses[0]?.wantMw ?? 0) - inForceMw).toBeCloseTo(meanMw, 6);
    expect(imbalanceMw).toBe(0);
  }
  expect(failuresOf(facts).length).toBeGreaterThan(40);
  expect(of(facts, 'control.breach.v1')).toEqual([]);
  const lowest = Math.min(...of(facts, 'cluster.power.v1').map(({ data }) => data.campuses[0]?.meanMw ?? 0));
  expect(lowest).toBeCloseTo(361 - 288.8, 3);
  expect(powerOf(facts).endMw).toBeCloseTo(361, 6);
  for (const { id } of runs) {
    expect(['running', 'restoring']).toContain(progressOf(facts, id).state);
    expect(of(facts, 'training.settlement.v1').filter(({ entity }) => entity === id)).toHaveLength(1);
    expect(of(facts, 'training.phase.v1').findLast(({ entity }) => entity === id)?.data.phase).toBe('running');
  }
});

test('a reduction asked of the fleet counts on a run that restarts at its power', () => {
  const failing = deltaFails(1_000);
  const giversOf = (world: World): readonly string[] => {
    const standing = standingAtStart(world);
    const runs = standing.runs.map((run) => (run.run === 'delta' ? { ...run, state: 'restoring' as const } : run));
    return fleetOf(world, { ...standing, runs }, null).flatMap((campus) => campus.runs.map(({ run }) => run.id));
  };
  expect(giversOf(failing)).toEqual(['atlas', 'boreas', 'cinder', 'delta']);
  expect(giversOf(unfailing(failing))).toEqual(['atlas', 'boreas', 'cinder']);
});

test('runs that fail hold their bounds under any sequence of targets and commands', () => {
  const step = fc.record({
    ticks: fc.integer({ min: 1, max: 8 }),
    mw: fc.constantFrom(0, 0, 5, 40, 90, 126, 200, 320),
    ramp: fc.constantFrom(0, 5, 15, 40),
    notice: fc.constantFrom(0, 7, 15),
    resumed: fc.subarray(['atlas', 'boreas', 'cinder', 'delta']),
    capRatio: fc.constantFrom(0.5, 1),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), fc.integer({ min: 1, max: 1_000 }), (steps, seed) => {
      const world = riverbend({ seed });
      const runs = world.runs.map((run) => ({ ...run, failures: { hoursPerFailure: 0.15 * run.accelerators } }));
      const cluster = solo(createClusterModel({ ...world, runs }));
      const [saved, failed] = [new Map<string, number>(), new Map<string, number>()];
      let lastEndMw = 361;
      const broken: string[] = [];
      const hold = (isKept: boolean, name: string): void => {
        if (!isKept) broken.push(`${name} in tick ${cluster.tick}`);
      };
      const check = (facts: readonly Fact[]): void => {
        const { endMw } = powerOf(facts);
        hold(endMw >= 72.2 - 1e-6 && endMw - lastEndMw <= 60 + 1e-6, 'power above idle, within the upward ramp');
        lastEndMw = endMw;
        for (const { entity, data } of failuresOf(facts)) {
          hold(data.number === (failed.get(entity) ?? 0) + 1, `failures of ${entity} are counted`);
          hold(data.checkpointedSteps >= (saved.get(entity) ?? 0), `${entity} falls back no further than its checkpoint`);
          failed.set(entity, data.number);
        }
        for (const pause of of(facts, 'cluster.pause.v1')) hold(pause.data.lostSteps === 0, 'a failure is counted once');
        for (const run of of(facts, 'cluster.progress.v1')[0]?.data.runs ?? []) {
          hold(run.completedSteps >= run.checkpointedSteps, `steps of ${run.run} not below its checkpoint`);
          hold(run.checkpointedSteps >= (saved.get(run.run) ?? 0), `checkpoint of ${run.run} never goes back`);
          saved.set(run.run, run.checkpointedSteps);
        }
      };
      steps.forEach(({ ticks, mw, ramp, notice, resumed, capRatio }, index) => {
        const now = 5 * cluster.tick;
        const order = { epoch: index + 1, mw, from: now + notice, ramp, ...(mw > 0 ? { until: now + 600 } : {}) };
        check(cluster.run([loadTarget(order, cluster.tick)]));
        for (let tick = 1; tick < ticks; tick++) {
          const action = tick % 2 === 0 ? 'resume' : 'raise-cap';
          check(cluster.run(resumed.map((run) => command(run, cluster.tick, { epoch: index + 1, action, capRatio }, cluster.tick))));
        }
      });
      expect(broken).toEqual([]);
    }),
    { numRuns: 100, seed: 7 },
  );
}, 60_000);

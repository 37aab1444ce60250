import { describe, expect, test } from 'vitest';
import { createClusterModel } from '../../shared/domain/cluster/model.js';
import type { Fact, FactDataOf } from '../../shared/domain/fact.js';
import { dalyEfficiency, failureSecondsOf, simulateGoodput, youngSeconds, type FailingRun } from '../../shared/domain/training/goodput.js';
import type { Run, World } from '../../shared/scenario/schema.js';
import { command, loadTarget, of, solo } from '../support/clusterWorld.js';
import { failingFleet, failuresOf } from '../support/failingWorld.js';

const yearHours = 8_760;
/** So short that a fraction of one is nothing. */
const stepSeconds = 1e-4;

/** A run that saves by Young, and the same as fields of a scenario: a period there is work and save. */
function runOf(
  accelerators: number,
  saveSeconds = 10,
  restartSeconds = 600,
): { readonly times: FailingRun; readonly fields: Partial<Run> } {
  const base = { failureSeconds: failureSecondsOf(accelerators), saveSeconds, restartSeconds };
  const workSeconds = Math.round(youngSeconds(base));
  return {
    times: { ...base, workSeconds },
    fields: { accelerators, saveSeconds, restartSeconds, checkpointMinutes: (workSeconds + saveSeconds) / 60 },
  };
}

/** Where a run failed, and the time it lost since its checkpoints, s. */
interface Failures {
  readonly work: number;
  readonly save: number;
  readonly restart: number;
  readonly lostSeconds: number;
}

/** What the runs of a world did in some hours: share of the time in which they made steps, failures, and the hour in which they ended. */
function played(world: World, hours: number) {
  const model = solo(createClusterModel(world), { tickMinutes: 60 });
  const failures = new Map<string, Failures>(world.runs.map(({ id }) => [id, { work: 0, save: 0, restart: 0, lostSeconds: 0 }]));
  const endedIn = new Map<string, number>();
  let runs: FactDataOf['cluster.progress.v1']['runs'] = [];
  for (let tick = 0; tick < hours; tick++) {
    const facts = model.run();
    for (const { entity, data } of failuresOf(facts)) {
      const own = failures.get(entity);
      if (own === undefined) continue;
      failures.set(entity, { ...own, [data.during]: own[data.during] + 1, lostSeconds: own.lostSeconds + data.lostSeconds });
    }
    runs = of(facts, 'cluster.progress.v1').flatMap(({ data }) => data.runs);
    for (const { run, state } of runs) if (state === 'finished' && !endedIn.has(run)) endedIn.set(run, tick);
  }
  return world.runs.map(({ id, stepSeconds }) => ({
    run: id,
    usefulRatio: ((runs.find(({ run }) => run === id)?.completedSteps ?? Number.NaN) * stepSeconds) / (hours * 3_600),
    failures: failures.get(id),
    endedIn: endedIn.get(id),
  }));
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe.each([16_384, 65_536, 100_000])('%i accelerators', (accelerators) => {
  const { times, fields } = runOf(accelerators);
  const daly = dalyEfficiency(times);
  const segments = Math.round((yearHours * 3_600 * daly) / times.workSeconds);
  const simulate = (entity: string, seed: number, count: number) =>
    simulateGoodput(times, { seed, entity, segments: count, failsInRestart: true });

  test('make steps in the share of a simulated year that Daly gives, within its standard error', () => {
    const years = played(failingFleet({ runs: 8, tickMinutes: 60, seed: 11 }, fields), yearHours);
    const error = meanOf(years.map(({ run }) => simulate(run, 12, segments).standardError)) / Math.sqrt(years.length);
    expect(error / daly).toBeLessThan(0.002);
    expect(Math.abs(meanOf(years.map(({ usefulRatio }) => usefulRatio)) - daly)).toBeLessThan(2 * error);
  });

  test('fail where and when the simulation of segments does under the same draws', () => {
    const months = Math.round(segments / 12);
    // Whole steps are saved: what is cut off at each failure is less than two seconds in all.
    const totalSteps = Math.round((months * times.workSeconds - 2) / stepSeconds);
    const runs = played(failingFleet({ runs: 8, tickMinutes: 60, seed: 11 }, { ...fields, stepSeconds, totalSteps }), yearHours / 10);
    for (const { run, failures, endedIn } of runs) {
      const other = simulate(run, 11, months);
      expect(failures).toMatchObject({ work: other.failuresInWork, save: other.failuresInSave, restart: other.failuresInRestart });
      expect(Math.abs((failures?.lostSeconds ?? 0) - other.lostSeconds)).toBeLessThan(0.001 * (1 + other.failures));
      expect(Math.abs((endedIn ?? 0) + 0.5 - other.wallSeconds / 3_600)).toBeLessThan(0.5 + 2 / 3_600);
    }
  });
});

test('what runs are said to have missed in a reduction is what others made meanwhile, failures included', () => {
  const { times, fields } = runOf(65_536);
  const world = failingFleet({ runs: 300, tickMinutes: 60, seed: 5 }, { ...fields, stepSeconds });
  const [calm, reduced] = [1, 2].map(() => solo(createClusterModel(world), { tickMinutes: 60 }));
  if (calm === undefined || reduced === undefined) throw new Error('no model');
  const stepsOf = (facts: readonly Fact[]): readonly number[] =>
    of(facts, 'cluster.progress.v1').flatMap(({ data }) => data.runs.map(({ completedSteps }) => completedSteps));
  const before = Array.from({ length: 24 }, () => stepsOf(calm.run())).at(-1) ?? [];
  const after = Array.from({ length: 26 }, () => stepsOf(calm.run())).at(-1) ?? [];
  // Paused at the 24th hour, and commanded in the one before the 50th.
  for (let tick = 0; tick < 24; tick++) reduced.run();
  reduced.run([loadTarget({ epoch: 1, mw: 400, from: 24 * 60, until: 48 * 60, ramp: 0, contracts: [] }, 24)]);
  for (let tick = 25; tick < 48; tick++) reduced.run();
  reduced.run([loadTarget({ epoch: 2, mw: 0, from: 48 * 60 }, 48)]);
  reduced.run(world.runs.map(({ id }) => command(id, 1, { epoch: 2, action: 'resume' }, 49)));
  const missed = of(reduced.run(), 'cluster.resume.v1').map(({ data }) => data.missedSteps);
  expect(missed).toHaveLength(300);
  const made = after.map((steps, index) => steps - (before[index] ?? 0));
  const error = Math.sqrt(meanOf(made.map((steps) => (steps - meanOf(made)) ** 2)) / made.length);
  expect(error / meanOf(made)).toBeLessThan(0.01);
  expect(Math.abs(meanOf(made) - meanOf(missed))).toBeLessThan(2 * error);
  expect(meanOf(missed) * stepSeconds).toBeCloseTo(26 * 3_600 * dalyEfficiency(times), -1);
});

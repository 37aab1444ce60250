import { expect, test } from 'vitest';
import { createClusterModel } from '../../shared/domain/cluster/model.js';
import { bendingDesk } from '../support/bendingWorld.js';
import { of, progressOf, riverbend, solo } from '../support/clusterWorld.js';
import { facilityWorld } from '../support/facilityWorld.js';

test('a run whose save fails twice stands at its last checkpoint, and goes on from there', () => {
  const { run, ask } = bendingDesk(riverbend());
  run(1);
  for (let count = 0; count < 2; count++) ask({ action: 'fail-checkpoint', target: 'delta' });
  ask({ amountMw: 126, request: 'peak' });
  const facts = run(12);
  const fallBack = of(facts, 'cluster.savefailure.v1').find(({ data }) => data.next === 'fall-back');
  expect(fallBack?.data.lostSteps).toBeGreaterThan(0);
  const { state, completedSteps, checkpointedSteps } = progressOf(facts, 'delta');
  expect(state).toBe('paused');
  expect(completedSteps).toBe(checkpointedSteps);
});

test('a pause that waits for a save which fails once loses nothing by it', () => {
  const { run, ask } = bendingDesk(riverbend());
  run(1);
  ask({ action: 'fail-checkpoint', target: 'delta' });
  ask({ amountMw: 126, request: 'peak' });
  const facts = run(12);
  const saved = of(facts, 'cluster.checkpoint.v1').find(({ entity }) => entity === 'delta');
  expect(progressOf(facts, 'delta')).toMatchObject({
    completedSteps: saved?.data.checkpointedSteps,
    checkpointedSteps: saved?.data.checkpointedSteps,
  });
});

test('a run makes no step while its campus, on its UPS at full power, saves it', () => {
  const slow = riverbend().runs.map((run) => ({ ...run, saveSeconds: 60 }));
  const parts = { ups: { minutes: 10 }, generators: { powerMw: 0 } };
  const cluster = solo(createClusterModel(facilityWorld(parts, { dipSeconds: [10, 30, 60], world: { runs: slow } })));
  const facts = [...cluster.run(), ...cluster.run()];
  expect(of(facts, 'cluster.transfer.v1')[0]?.data.savedRuns).toContain('delta');
  const pause = of(facts, 'cluster.pause.v1').find(({ entity }) => entity === 'delta');
  expect(pause?.data.lostSteps).toBe(0);
  const { completedSteps, checkpointedSteps } = progressOf(facts, 'delta');
  expect(checkpointedSteps).toBe(pause?.data.checkpointedSteps);
  expect(completedSteps).toBe(checkpointedSteps);
});

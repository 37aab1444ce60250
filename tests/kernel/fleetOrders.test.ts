import { expect, test } from 'vitest';
import { createClusterModel } from '../../shared/domain/cluster/model.js';
import { stamp, type Fact, type FactDataOf, type Saying } from '../../shared/domain/fact.js';
import { createFlexibilityModel } from '../../shared/domain/flexibility/model.js';
import { toWire } from '../../shared/domain/ticks.js';
import { createFastWorld, holdModel } from '../../shared/domain/world.js';
import type { World } from '../../shared/scenario/schema.js';
import { minute, of, riverbend, noSequences, startMs } from '../support/clusterWorld.js';

/** Riverbend and a second campus like its small half, in the same region, each under a contract of caps and pauses. */
function twoCampuses(): World {
  const world = riverbend();
  const [campus] = world.campuses;
  const [contract] = world.contracts;
  if (campus === undefined || contract === undefined) throw new Error('no campus');
  const small = world.runs
    .filter(({ id }) => id === 'cinder' || id === 'delta')
    .map((run) => ({ ...run, id: `${run.id}-2`, campus: 'lakeside', priority: 2 }));
  return {
    ...world,
    campuses: [campus, { ...campus, id: 'lakeside', limitMw: 200 }],
    runs: [...world.runs, ...small],
    contracts: [contract, { ...contract, id: 'lakeside-a', campus: 'lakeside' }],
  };
}

function fleet() {
  const world = twoCampuses();
  const fast = createFastWorld({
    clock: { startMs, tickMinutes: 5 },
    models: [holdModel(createClusterModel(world)), holdModel(createFlexibilityModel(world))],
    sequences: noSequences,
  });
  const ask = (data: Partial<FactDataOf['control.audit.v1']>): void => {
    const audit = { action: 'curtail-fleet', target: 'fleet', actor: 'ada', amountMw: null, reason: 'heat', accepted: true } as const;
    const saying: Saying = { type: 'control.audit.v1', region: 'all', entity: 'fleet', data: { ...audit, ...data } };
    const place = { component: 'api', tick: fast.nextTick - 1, phase: 3 as const, startMs: minute(5 * (fast.nextTick - 1)), counts: {} };
    for (const fact of stamp([saying], place).facts) fast.inject(fact);
  };
  const run = (ticks: number): readonly Fact[] => Array.from({ length: ticks }, () => fast.tick()).flat();
  return { fast, ask, run };
}

const targetsOf = (facts: readonly Fact[]) =>
  Object.fromEntries(
    of(facts, 'control.loadtarget.v1')
      .at(-1)
      ?.data.targets.map(({ campus, reductionMw }) => [campus, reductionMw]) ?? [],
  );

test('what is asked of the fleet falls on the runs of lowest priority first, and the rest is shared', () => {
  const { fast, ask, run } = fleet();
  run(2);
  ask({ amountMw: 40, request: 'peak', untilTime: toWire(minute(240)) });
  expect(targetsOf(fast.between(minute(7)))).toEqual({ riverbend: 0, lakeside: 40 });
  ask({ action: 'release-fleet', request: 'peak' });
  const released = fast.between(minute(8));
  expect(targetsOf(released)).toEqual({ riverbend: 0, lakeside: 0 });
  expect(of(released, 'control.request.v1').map(({ entity, data }) => `${entity} ${data.state}`)).toEqual([
    'fleet released',
    'lakeside released',
  ]);
});

test('more than the lowest can give reaches the others, and what cannot be given is named', () => {
  const { fast, ask, run } = fleet();
  run(2);
  ask({ amountMw: 150, request: 'deep', untilTime: toWire(minute(240)) });
  const facts = fast.between(minute(7));
  const targets = targetsOf(facts);
  expect((targets['riverbend'] ?? 0) + (targets['lakeside'] ?? 0)).toBeCloseTo(150, 5);
  expect(targets['lakeside']).toBeCloseTo(0.8 * 99, 5);
  expect(
    of(facts, 'control.outcome.v1')
      .map(({ entity, data }) => `${entity} ${data.result}`)
      .sort(),
  ).toEqual(['lakeside accepted', 'riverbend accepted']);
  ask({ action: 'release-fleet' });
  fast.between(minute(8));
  ask({ amountMw: 900, request: 'all' });
  const said = of(fast.between(minute(9)), 'control.request.v1').find(({ entity }) => entity === 'fleet');
  expect(said?.data.reason).toMatch(/^split: riverbend 130 MW, lakeside 79.2 MW; 690.8 MW cannot be given$/);
});

test('a load target of the fleet ends by itself, and one beyond what stands adds only the rest', () => {
  const { ask, run } = fleet();
  run(2);
  ask({ action: 'curtail-campus', target: 'riverbend', amountMw: 60, request: 'own', untilTime: toWire(minute(240)), rampMinutes: 0 });
  run(4);
  ask({ amountMw: 100, request: 'rest', untilTime: toWire(minute(120)), rampMinutes: 0 });
  expect(targetsOf(run(2))).toEqual({ riverbend: 60, lakeside: 40 });
  const facts = run(20);
  expect(targetsOf(facts)).toEqual({ riverbend: 60, lakeside: 0 });
  expect(of(facts, 'control.request.v1').map(({ entity, data }) => `${entity} ${data.request} ${data.state}`)).toEqual([
    'riverbend rest ended',
    'lakeside rest ended',
    'fleet rest ended',
  ]);
});

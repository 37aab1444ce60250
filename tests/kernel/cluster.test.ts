import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createClusterModel } from '../../shared/domain/cluster/model.js';
import type { Fact } from '../../shared/domain/fact.js';
import { toWire } from '../../shared/domain/ticks.js';
import { definitionOf } from '../../shared/events/registry.js';
import { threeAreas } from '../../shared/scenario/threeAreas/world.js';
import { audit, command, loadTarget, minute, of, powerOf, progressOf, riverbend, said, solo } from '../support/clusterWorld.js';

const pauseAll = { epoch: 1, mw: 126, from: 0, until: 240, ramp: 15 };

/** Riverbend with a standing target of 126 MW from the first minute, `ticks` ticks later. */
function curtailed(ticks: number) {
  const cluster = solo(createClusterModel(riverbend()));
  const facts: Fact[] = [...cluster.run([loadTarget(pauseAll, 0)])];
  for (let tick = 1; tick < ticks; tick++) facts.push(...cluster.run());
  return { cluster, facts };
}

describe('clusters going down', () => {
  test('draws full power and asks for it when nothing is asked', () => {
    const facts = solo(createClusterModel(riverbend())).run();
    expect(powerOf(facts)).toMatchObject({ meanMw: 361, endMw: 361, imbalanceMw: 0, reductionTargetMw: 0 });
    expect(of(facts, 'cluster.demand.v1')[0]?.data.campuses[0]).toMatchObject({ wantMw: 361, limitMw: 600 });
  });

  test('follows the ramp in closed form: 126 MW over 15 minutes are 21, 63, 105 and then 126 MW less in each mean', () => {
    const { facts } = curtailed(4);
    const means = of(facts, 'cluster.power.v1').map(({ data }) => data.campuses[0]?.meanMw ?? 0);
    [340, 298, 256, 235].forEach((mw, tick) => expect(means[tick]).toBeCloseTo(mw, 6));
  });

  test('caps first where caps suffice, to one common level', () => {
    const facts = solo(createClusterModel(riverbend())).run([loadTarget({ epoch: 1, mw: 36.1, from: 0, until: 240 }, 0)]);
    const plan = of(facts, 'cluster.plan.v1')[0]?.data;
    expect(plan?.measures.map(({ measure }) => measure)).toEqual(['cap', 'cap', 'cap', 'cap']);
    for (const measure of plan?.measures ?? []) expect(measure.capRatio).toBeCloseTo(1 - 36.1 / (0.6 * 361), 9);
    expect(plan?.reductionMw).toBeCloseTo(36.1, 6);
  });

  test('pauses the cheapest runs where caps to 0.7 do not suffice, and caps the others only as far as needed', () => {
    const { facts } = curtailed(1);
    const measures = of(facts, 'cluster.plan.v1')[0]?.data.measures ?? [];
    expect(measures.map(({ run, measure }) => `${run} ${measure}`)).toEqual(['atlas cap', 'boreas cap', 'cinder pause', 'delta pause']);
    expect(measures[3]?.reductionMw).toBeCloseTo(26.4, 9);
    expect(measures[2]?.reductionMw).toBeCloseTo(52.8, 9);
    expect(measures[0]?.capRatio).toBeCloseTo(1 - 46.8 / (0.6 * 262), 9);
    expect(of(facts, 'control.outcome.v1')[0]?.data).toMatchObject({
      order: 'loadtarget/1',
      result: 'accepted',
      reductionMw: 126,
      setPointMw: 235,
    });
  });

  test('pauses whole runs and nothing else under a contract of pauses', () => {
    const target = loadTarget({ epoch: 1, mw: 50, from: 0, until: 240, contracts: ['riverbend-b'] }, 0);
    const facts = solo(createClusterModel(riverbend())).run([target]);
    expect(of(facts, 'cluster.plan.v1')[0]?.data.measures.map(({ run, measure }) => `${run} ${measure}`)).toEqual(['cinder pause']);
  });

  test('plans anew what has not begun when more is asked, and frees no more than that', () => {
    const cluster = solo(createClusterModel(riverbend()));
    const asked = [4, 51, 100, 126].map((mw, tick) => loadTarget({ epoch: tick + 1, mw, from: 15 + 5 * tick, until: 255 }, tick));
    const facts = asked.flatMap((target) => cluster.run([target]));
    for (let tick = 4; tick < 12; tick++) facts.push(...cluster.run());
    const plan = of(facts, 'cluster.plan.v1').at(-1)?.data;
    expect(plan?.reductionMw).toBeCloseTo(126, 6);
    expect(plan?.measures.filter(({ measure }) => measure === 'pause').map(({ run }) => run)).toEqual(['cinder', 'delta']);
    expect(powerOf(facts).meanMw).toBeCloseTo(235, 6);
    for (const { data } of of(facts, 'cluster.power.v1').slice(4)) {
      expect(data.campuses[0]?.meanMw).toBeCloseTo(361 - (data.campuses[0]?.reductionTargetMw ?? 0), 6);
    }
  });

  test('saves a checkpoint before it pauses, within the ramp, and a paused run draws idle power', () => {
    const { facts } = curtailed(4);
    const saved = of(facts, 'cluster.checkpoint.v1').find(({ entity }) => entity === 'delta');
    const paused = of(facts, 'cluster.pause.v1').find(({ entity }) => entity === 'delta');
    expect(paused?.timeMs).toBe((saved?.timeMs ?? 0) + 5000);
    expect(paused?.timeMs).toBeLessThan(minute(15));
    expect(paused?.data).toMatchObject({ lostSteps: 0, checkpointedSteps: saved?.data.checkpointedSteps });
    expect(progressOf(facts, 'delta')).toMatchObject({ state: 'paused', powerMw: 6.6, capRatio: 0 });
  });

  test('a capped run goes on at the speed of the cap curve', () => {
    const { cluster } = curtailed(6);
    const before = progressOf(cluster.run(), 'atlas').completedSteps;
    for (let tick = 0; tick < 12; tick++) cluster.run();
    const after = progressOf(cluster.run(), 'atlas');
    const cap = after.capRatio;
    const expected = 13 * 50 * ((cap - 0.39) / 0.61) ** 0.25 * (1 - 5 / (threeAreas.runs[0]?.checkpointMinutes ?? 1) / 60);
    expect(Math.abs(after.completedSteps - before - expected)).toBeLessThanOrEqual(1);
  });

  test('promises what it can and names the rest as imbalance when too much is asked', () => {
    const cluster = solo(createClusterModel(riverbend()));
    const facts = [...cluster.run([loadTarget({ epoch: 1, mw: 320, from: 0, until: 240, ramp: 0 }, 0)]), ...cluster.run()];
    expect(of(facts, 'control.outcome.v1')[0]?.data).toMatchObject({ result: 'partial', reductionMw: 288.8 });
    expect(powerOf(facts).imbalanceMw).toBeCloseTo(31.2, 6);
    expect(powerOf(facts).meanMw).toBeCloseTo(72.2, 6);
  });

  test('wants what it will draw plus the reduction in force', () => {
    const { cluster } = curtailed(2);
    const facts = cluster.run();
    const want = of(facts, 'cluster.demand.v1')[0]?.data.campuses[0]?.wantMw ?? 0;
    expect(want).toBeCloseTo(361, 6);
    expect(want - powerOf(facts).reductionTargetMw).toBeCloseTo(powerOf(facts).meanMw, 6);
  });

  test('refuses a target that ends before it begins', () => {
    const facts = solo(createClusterModel(riverbend())).run([loadTarget({ epoch: 1, mw: 50, from: 60, until: 30 }, 0)]);
    expect(of(facts, 'control.outcome.v1')[0]?.data).toMatchObject({ result: 'refused', reason: 'load target ends before it begins' });
  });

  test('ignores an epoch it has acted on, and an older one', () => {
    const { cluster } = curtailed(2);
    const facts = cluster.run([loadTarget({ ...pauseAll, mw: 10 }, 2), loadTarget({ ...pauseAll, epoch: 0, mw: 200 }, 2)]);
    expect(of(facts, 'control.outcome.v1')).toEqual([]);
    expect(of(facts, 'cluster.plan.v1')).toEqual([]);
  });
});

describe('clusters going up', () => {
  test('a release raises nothing', () => {
    const { cluster } = curtailed(12);
    cluster.run([loadTarget({ epoch: 2, mw: 0, from: 65 }, 12)]);
    let facts: readonly Fact[] = [];
    for (let tick = 0; tick < 24; tick++) facts = cluster.run();
    expect(powerOf(facts)).toMatchObject({ reductionTargetMw: 0 });
    expect(powerOf(facts).meanMw).toBeCloseTo(235, 6);
    expect(of(facts, 'cluster.demand.v1')[0]?.data.campuses[0]?.wantMw).toBeCloseTo(235, 6);
  });

  test('resumes on a command at the next tick, within the ramp of the campus, and computes after the restart', () => {
    const { cluster } = curtailed(12);
    cluster.run([loadTarget({ epoch: 2, mw: 0, from: 65 }, 12)]);
    cluster.run([command('cinder', 1, { epoch: 2, action: 'resume', capRatio: 0.5 }, 13)]);
    const facts = cluster.run();
    const resumed = of(facts, 'cluster.resume.v1')[0];
    expect(resumed?.data).toMatchObject({
      capRatio: 0.5,
      readyTime: toWire(minute(74)),
      curtailedFromTime: toWire(minute(0)),
      fromSteps: progressOf(facts, 'cinder').checkpointedSteps,
    });
    expect(of(facts, 'control.outcome.v1')[0]?.data).toMatchObject({ order: 'training-cinder/1', result: 'accepted' });
    // From 13.2 to 46.2 MW at 12 MW a minute: 2.75 minutes.
    expect(powerOf(facts).endMw).toBeCloseTo(268, 6);
    expect(powerOf(facts).meanMw).toBeCloseTo(235 + 33 * (1 - 2.75 / 2 / 5), 6);
  });

  test('says what the curtailment was worth: mean power and missed steps', () => {
    const { cluster } = curtailed(12);
    cluster.run([loadTarget({ epoch: 2, mw: 0, from: 65 }, 12)]);
    cluster.run([command('cinder', 1, { epoch: 2, action: 'resume', capRatio: 1 }, 13)]);
    const resumed = of(cluster.run(), 'cluster.resume.v1')[0];
    // 70 minutes, of which 15 on the way from 66 to 13.2 MW.
    expect(resumed?.data.meanCurtailedMw).toBeCloseTo((15 * 39.6 + 55 * 13.2) / 70, 6);
    expect(resumed?.data.missedSteps).toBeGreaterThan(630);
    expect(resumed?.data.missedSteps).toBeLessThan(700);
  });

  test('several runs share the upward ramp, one after the other', () => {
    const { cluster } = curtailed(12);
    cluster.run([loadTarget({ epoch: 2, mw: 0, from: 65 }, 12)]);
    cluster.run(
      ['atlas', 'boreas']
        .map((run) => command(run, 1, { epoch: 2 }, 13))
        .concat(['cinder', 'delta'].map((run) => command(run, 1, { epoch: 2, action: 'resume' }, 13))),
    );
    const ends: number[] = [];
    for (let tick = 0; tick < 4; tick++) ends.push(powerOf(cluster.run()).endMw);
    [295, 355, 361, 361].forEach((mw, tick) => expect(ends[tick]).toBeCloseTo(mw, 6));
  });

  test('refuses a command of a stale epoch and one against a standing target', () => {
    const { cluster } = curtailed(4);
    const commands = [command('atlas', 1, { epoch: 0 }, 4), command('boreas', 1, { epoch: 1 }, 4)];
    cluster.run(commands);
    const outcomes = of(cluster.run(), 'control.outcome.v1').map(({ entity, data }) => [entity, data.result, data.reason]);
    expect(outcomes).toEqual([
      ['atlas', 'refused', 'epoch 0 is void, 1 stands'],
      ['boreas', 'refused', `load target 1 stands until ${toWire(minute(240))}`],
    ]);
  });

  test('ignores a repeated command', () => {
    const { cluster } = curtailed(12);
    cluster.run([loadTarget({ epoch: 2, mw: 0, from: 65 }, 12)]);
    cluster.run([command('cinder', 1, { epoch: 2, action: 'resume', capRatio: 0.5 }, 13)]);
    expect(of(cluster.run([command('cinder', 1, { epoch: 2, action: 'resume', capRatio: 0.5 }, 14)]), 'cluster.resume.v1')).toHaveLength(1);
    const facts = cluster.run();
    expect(of(facts, 'cluster.resume.v1')).toEqual([]);
    expect(of(facts, 'control.outcome.v1')).toEqual([]);
  });

  test('a new order in the middle of a resume stops it', () => {
    const { cluster } = curtailed(12);
    cluster.run([loadTarget({ epoch: 2, mw: 0, from: 65 }, 12)]);
    cluster.run(
      ['atlas', 'boreas'].map((run) => command(run, 1, { epoch: 2 }, 13)).concat(command('cinder', 1, { epoch: 2, action: 'resume' }, 13)),
    );
    const risen = cluster.run([loadTarget({ epoch: 3, mw: 20, from: 95, until: 300 }, 14)]);
    expect(powerOf(risen).endMw).toBeCloseTo(295, 6);
    const held = cluster.run([command('cinder', 2, { epoch: 2 }, 15)]);
    expect(powerOf(held).endMw).toBeCloseTo(295, 6);
    expect(of(cluster.run(), 'control.outcome.v1')[0]?.data.reason).toBe('epoch 2 is void, 3 stands');
  });
});

describe('clusters and what happens to them', () => {
  test('a trip costs the work since the last checkpoint, and a return leaves the runs paused', () => {
    const cluster = solo(createClusterModel(riverbend()));
    for (let tick = 0; tick < 4; tick++) cluster.run();
    cluster.run([audit('trip-campus', 'riverbend', 4)]);
    const tripped = cluster.run([audit('return-campus', 'riverbend', 5)]);
    expect(powerOf(tripped)).toMatchObject({ meanMw: 0, limitMw: 0 });
    expect(of(tripped, 'cluster.limit.v1')[0]?.data).toMatchObject({ limitMw: 0, previousLimitMw: 600 });
    const lost = of(tripped, 'cluster.pause.v1').map(({ data }) => data.lostSteps);
    expect(lost).toHaveLength(4);
    expect(Math.max(...lost)).toBeGreaterThan(0);
    expect(progressOf(tripped, 'atlas').state).toBe('tripped');
    cluster.run();
    const back = cluster.run();
    expect(progressOf(back, 'atlas')).toMatchObject({ state: 'paused' });
    expect(powerOf(back).endMw).toBeCloseTo(72.2, 6);
  });

  test('a person pauses a run at once, and no command lifts it until a person does', () => {
    const cluster = solo(createClusterModel(riverbend()));
    cluster.run([audit('pause-run', 'atlas', 0)]);
    const paused = cluster.run([command('atlas', 1, { action: 'resume' }, 1)]);
    expect(of(paused, 'cluster.pause.v1')[0]?.timeMs).toBe(minute(5) + 5000);
    expect(powerOf(paused).meanMw).toBeCloseTo(361 - 104.8, 6);
    expect(of(cluster.run([audit('resume-run', 'atlas', 2)]), 'control.outcome.v1')[0]?.data.reason).toBe('run is held by a person');
    cluster.run([command('atlas', 2, { action: 'resume' }, 3)]);
    expect(of(cluster.run(), 'control.outcome.v1')[0]?.data.result).toBe('accepted');
  });

  test('an energized block raises the limit at the next tick and starts the run that waited for it', () => {
    const mesa = {
      ...threeAreas,
      campuses: threeAreas.campuses.filter(({ id }) => id === 'mesa'),
      runs: threeAreas.runs.filter(({ campus }) => campus === 'mesa'),
      contracts: [],
      script: [],
    };
    const cluster = solo(createClusterModel(mesa));
    const block = said('buildout.block.v1', 'mesa', { tick: 0 }, { block: 2, campus: 'mesa', capacityMw: 200, energizedMw: 300 });
    const before = cluster.run([block]);
    expect(progressOf(before, 'ember').state).toBe('waiting');
    const after = cluster.run([block]);
    expect(of(after, 'cluster.limit.v1')[0]?.data).toEqual({ limitMw: 300, previousLimitMw: 100, reason: 'block 2 energized' });
    let facts = cluster.run();
    expect(powerOf(facts).limitMw).toBe(300);
    for (let tick = 3; tick < 74; tick++) facts = cluster.run();
    expect(progressOf(facts, 'ember')).toMatchObject({ state: 'running', powerMw: 164 });
  });

  test('never draws more inference than its daily bounds, and never moves faster than the ramp', () => {
    const world = riverbend({ campuses: threeAreas.campuses.filter(({ id }) => id === 'riverbend') });
    const cluster = solo(createClusterModel(world));
    const inference: number[] = [];
    for (let tick = 0; tick < 288; tick++) inference.push(powerOf(cluster.run()).inferenceMw);
    expect(Math.min(...inference)).toBeGreaterThanOrEqual(90);
    expect(Math.max(...inference)).toBeLessThanOrEqual(160);
    expect(Math.max(...inference) - Math.min(...inference)).toBeGreaterThan(60);
  });

  test('says the same after its state went through JSON, and everything it says fits its declaration', () => {
    const play = (isRestored: boolean): readonly Fact[] => {
      const cluster = solo(createClusterModel(riverbend()), { isRestored });
      const facts = [...cluster.run(), ...cluster.run([loadTarget({ ...pauseAll, from: 10 }, 1)])];
      for (let tick = 2; tick < 14; tick++) facts.push(...cluster.run());
      facts.push(...cluster.run([loadTarget({ epoch: 2, mw: 0, from: 75 }, 14)]));
      facts.push(...cluster.run([command('cinder', 1, { epoch: 2, action: 'resume', capRatio: 0.5 }, 15)]));
      for (let tick = 16; tick < 20; tick++) facts.push(...cluster.run());
      return facts;
    };
    const facts = play(false);
    expect(JSON.stringify(play(true))).toBe(JSON.stringify(facts));
    for (const fact of facts) expect(`${fact.type} ${definitionOf(fact.type)?.violation(fact.data) ?? 'fits'}`).toBe(`${fact.type} fits`);
  });

  test('holds its bounds under any sequence of targets and commands', () => {
    const step = fc.record({
      ticks: fc.integer({ min: 1, max: 8 }),
      mw: fc.constantFrom(0, 0, 5, 40, 90, 126, 200, 320),
      ramp: fc.constantFrom(0, 5, 15, 40),
      notice: fc.constantFrom(0, 7, 15),
      contracts: fc.constantFrom(['riverbend-a'], ['riverbend-b'], ['riverbend-a', 'riverbend-b']),
      resumed: fc.subarray(['atlas', 'boreas', 'cinder', 'delta']),
      capRatio: fc.constantFrom(0.5, 1),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), (steps) => {
        const cluster = solo(createClusterModel(riverbend()));
        let lastEndMw = 361;
        const lastSteps = new Map<string, number>();
        const broken: string[] = [];
        const hold = (isKept: boolean, name: string): void => {
          if (!isKept) broken.push(`${name} in tick ${cluster.tick}`);
        };
        const check = (facts: readonly Fact[]): void => {
          const power = powerOf(facts);
          hold(power.endMw >= 72.2 - 1e-6 && power.endMw <= 600, 'power within idle and limit');
          hold(power.endMw - lastEndMw <= 60 + 1e-6, 'upward ramp');
          hold((of(facts, 'cluster.demand.v1')[0]?.data.campuses[0]?.wantMw ?? 0) <= 600, 'want within the limit');
          lastEndMw = power.endMw;
          for (const run of of(facts, 'cluster.progress.v1')[0]?.data.runs ?? []) {
            hold(run.completedSteps >= run.checkpointedSteps, `steps of ${run.run} not below its checkpoint`);
            hold(run.checkpointedSteps >= (lastSteps.get(run.run) ?? 0), `checkpoint of ${run.run} never goes back`);
            lastSteps.set(run.run, run.checkpointedSteps);
          }
        };
        steps.forEach(({ ticks, mw, ramp, notice, contracts, resumed, capRatio }, index) => {
          const now = 5 * cluster.tick;
          const heard = [
            loadTarget(
              { epoch: index + 1, mw, from: now + notice, ramp, contracts, ...(mw > 0 ? { until: now + 600 } : {}) },
              cluster.tick,
            ),
          ];
          check(cluster.run(heard));
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
});

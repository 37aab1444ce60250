import { describe, expect, test } from 'vitest';
import { createClusterModel } from '../../shared/domain/cluster/model.js';
import { coolingPowerMw, plainCooling } from '../../shared/domain/facility/cooling.js';
import type { Fact } from '../../shared/domain/fact.js';
import { definitionOf } from '../../shared/events/registry.js';
import { toWire } from '../../shared/domain/ticks.js';
import { command, loadTarget, of, powerOf, riverbend, solo, startMs } from '../support/clusterWorld.js';
import { facilityWorld } from '../support/facilityWorld.js';

/** Outside temperature that is one in the first tick and another from then on. */
function weather(...values: readonly number[]) {
  return {
    outside: { kind: 'series', series: 'weather' } as const,
    series: { weather: { startTime: toWire(startMs), stepMinutes: 5, values: [...values] } },
  };
}

const cooled = (heatMw: number, ratedMw: number, outsideC: number): number =>
  coolingPowerMw(plainCooling, { ratedMw, itMw: heatMw, heatMw }, outsideC);

describe('a campus with a facility', () => {
  test('draws its cooling on top of training and inference, in wants and in power', () => {
    const cluster = solo(createClusterModel(facilityWorld({ outside: { kind: 'constant', meanC: 30 } }, { inferenceMw: 100 })));
    const facts = cluster.run();
    const coolingMw = cooled(461, 600, 30);
    expect(coolingMw).toBeGreaterThan(40);
    expect(powerOf(facts)).toMatchObject({ trainingMw: 361, inferenceMw: 100, chargeMw: 0, onSiteMw: 0, unservedMw: 0 });
    expect(powerOf(facts).coolingMw).toBeCloseTo(coolingMw, 6);
    expect(powerOf(facts).meanMw).toBeCloseTo(461 + coolingMw, 6);
    expect(powerOf(facts).endMw).toBeCloseTo(461 + coolingMw, 6);
    const want = of(facts, 'cluster.demand.v1')[0]?.data.campuses[0];
    expect(want?.wantMw).toBeCloseTo(461 + coolingMw, 6);
    expect(want?.coolingMw).toBeCloseTo(coolingMw, 6);
  });

  test('draws more as it gets warmer, and says nothing of cooling without one', () => {
    const { outside, series } = weather(10, 36, 36);
    const cluster = solo(createClusterModel(facilityWorld({ outside }, { world: { series } })));
    const [cold, hot] = [powerOf(cluster.run()), powerOf(cluster.run())];
    expect(cold.meanMw).toBeCloseTo(361 + cooled(361, 600, 10), 6);
    expect(hot.meanMw).toBeCloseTo(361 + cooled(361, 600, 36), 6);
    expect(hot.meanMw - cold.meanMw).toBeGreaterThan(50);
    const without = powerOf(solo(createClusterModel(riverbend())).run());
    expect(Object.keys(without)).not.toContain('coolingMw');
  });

  test.each([100, 380, 2_000])('keeps the sum within a connection of %d MW in the hottest hour', (limitMw) => {
    const { outside, series } = weather(15, 38);
    const world = facilityWorld({ outside }, { limitMw, world: { series } });
    const runs = world.runs.map((run) => ({ ...run, facilityMw: (run.facilityMw * limitMw) / 361 }));
    const cluster = solo(createClusterModel({ ...world, runs }));
    let highest = 0;
    for (let tick = 0; tick < 60; tick++) {
      const facts = cluster.run();
      highest = Math.max(
        highest,
        powerOf(facts).meanMw,
        powerOf(facts).endMw,
        of(facts, 'cluster.demand.v1')[0]?.data.campuses[0]?.wantMw ?? 0,
      );
    }
    expect(highest).toBeLessThanOrEqual(limitMw + 1e-6);
    expect(highest).toBeGreaterThan(0.99 * limitMw);
  });

  test('frees with a load target what the runs give and what cools them, and wants the sum again', () => {
    const cluster = solo(createClusterModel(facilityWorld({ outside: { kind: 'constant', meanC: 30 } })));
    cluster.run([loadTarget({ epoch: 1, mw: 126, from: 0, until: 240, ramp: 0 }, 0)]);
    const facts = cluster.run();
    const power = powerOf(facts);
    expect(power).toMatchObject({ trainingMw: 235, imbalanceMw: 0, reductionTargetMw: 126 });
    expect(power.meanMw).toBeCloseTo(235 + cooled(235, 600, 30), 6);
    const want = of(facts, 'cluster.demand.v1')[0]?.data.campuses[0]?.wantMw ?? 0;
    expect(want - power.reductionTargetMw).toBeCloseTo(power.meanMw, 6);
  });

  test('goes up again within its ramp, cooling and all', () => {
    const world = facilityWorld({ outside: { kind: 'constant', meanC: 38 } });
    const cluster = solo(createClusterModel(world));
    cluster.run([loadTarget({ epoch: 1, mw: 250, from: 0, until: 240, ramp: 0 }, 0)]);
    for (let tick = 1; tick < 12; tick++) cluster.run();
    cluster.run([loadTarget({ epoch: 2, mw: 0, from: 65 }, 12)]);
    const names = ['atlas', 'boreas', 'cinder', 'delta'];
    const commands = names.map((run) => command(run, 1, { epoch: 2, action: 'resume' }, 13));
    let last = powerOf(cluster.run(commands)).endMw;
    let steepest = 0;
    for (let tick = 0; tick < 12; tick++) {
      const { endMw } = powerOf(cluster.run());
      steepest = Math.max(steepest, endMw - last);
      last = endMw;
    }
    expect(last).toBeGreaterThan(330);
    // 12 MW a minute; cooling is stated as its mean over the tick and comes half a tick late.
    expect(steepest).toBeLessThanOrEqual(60 + 1e-6);
    expect(steepest).toBeGreaterThan(50);
  });

  test('recharges its battery from the grid with what connection and ramp leave, losses included', () => {
    const battery = { powerMw: 90, energyMwh: 30, efficiencyRatio: 0.8, initialRatio: 0.5 };
    const cluster = solo(createClusterModel(facilityWorld({ battery })));
    const powers = Array.from({ length: 6 }, () => powerOf(cluster.run()));
    expect(powers[0]?.chargeMw).toBeCloseTo(30, 6);
    expect(powers[1]?.chargeMw).toBeCloseTo(75, 6);
    expect(powers.at(-1)).toMatchObject({ chargeMw: 0, batteryMwh: 30 });
    const drawnMwh = powers.reduce((sum, { chargeMw }) => sum + (chargeMw ?? 0) / 12, 0);
    expect(drawnMwh).toBeCloseTo(15 / 0.8, 6);
    for (const { meanMw, trainingMw, coolingMw, chargeMw } of powers)
      expect(meanMw).toBeCloseTo(trainingMw + (coolingMw ?? 0) + (chargeMw ?? 0), 6);
  });

  test('does not recharge while a reduction is in force', () => {
    const battery = { powerMw: 90, energyMwh: 300, efficiencyRatio: 0.8, initialRatio: 0 };
    const cluster = solo(createClusterModel(facilityWorld({ battery })));
    expect(powerOf(cluster.run([loadTarget({ epoch: 1, mw: 50, from: 5, until: 20, ramp: 0 }, 0)])).chargeMw).toBeGreaterThan(0);
    const held = [1, 2, 3].map(() => powerOf(cluster.run()).chargeMw);
    expect(held).toEqual([0, 0, 0]);
    expect(powerOf(cluster.run()).chargeMw).toBeGreaterThan(0);
  });

  test('says the same after its state went through JSON, and everything fits its declaration', () => {
    const play = (isRestored: boolean): readonly Fact[] => {
      const world = facilityWorld({ battery: { powerMw: 20, energyMwh: 30 } }, { inferenceMw: 40, dipSeconds: [10, 20, 340, 350, 360] });
      const cluster = solo(createClusterModel(world), { isRestored });
      return Array.from({ length: 6 }, () => cluster.run()).flat();
    };
    const facts = play(false);
    expect(JSON.stringify(play(true))).toBe(JSON.stringify(facts));
    for (const fact of facts) expect(`${fact.type} ${definitionOf(fact.type)?.violation(fact.data) ?? 'fits'}`).toBe(`${fact.type} fits`);
    expect(of(facts, 'cluster.transfer.v1')).toHaveLength(1);
  });
});

import { describe, expect, test } from 'vitest';
import { createClusterModel } from '../../shared/domain/cluster/model.js';
import { coolingPowerMw, plainCooling } from '../../shared/domain/facility/cooling.js';
import type { Fact } from '../../shared/domain/fact.js';
import type { World } from '../../shared/scenario/schema.js';
import { audit, command, loadTarget, minute, of, powerOf, progressOf, solo, startMs } from '../support/clusterWorld.js';
import { facilityWorld } from '../support/facilityWorld.js';

/** Ticks of a world, with what is heard in them. */
function ticksOf(world: World, count: number, heard: Readonly<Record<number, readonly Fact[]>> = {}) {
  const cluster = solo(createClusterModel(world));
  return Array.from({ length: count }, (_, tick) => cluster.run(heard[tick] ?? []));
}

const third = [10, 30, 82];
const dips = [10, 30, 60];
const cooled = (heatMw: number): number => coolingPowerMw(plainCooling, { ratedMw: 600, itMw: heatMw, heatMw }, 15);

describe('voltage dips at a campus', () => {
  test('are told one by one and transfer nothing while they are too far apart', () => {
    const [facts = []] = ticksOf(facilityWorld({}, { dipSeconds: third }), 1);
    expect(of(facts, 'cluster.dip.v1').map(({ timeMs, data }) => [timeMs - startMs, data.dips])).toEqual([
      [10_000, 1],
      [30_000, 2],
      [82_000, 2],
    ]);
    expect(of(facts, 'cluster.transfer.v1')).toEqual([]);
    expect(powerOf(facts).trainingMw).toBe(361);
  });

  test('take all of its draw off the grid at the instant of the third, and none after that counts', () => {
    const ticks = ticksOf(facilityWorld({}, { inferenceMw: 39, dipSeconds: [...dips, 70, 75, 80] }), 2);
    const [facts = [], next = []] = ticks;
    expect(of(facts, 'cluster.dip.v1').map(({ data }) => data.dips)).toEqual([1, 2, 3]);
    const transfer = of(facts, 'cluster.transfer.v1')[0];
    expect(transfer?.timeMs).toBe(startMs + 60_000);
    expect(transfer?.data).toMatchObject({ cause: 'dips', trainingMw: 361, inferenceMw: 39, upsMinutes: 5 });
    expect(transfer?.data.lostMw).toBeCloseTo(400 + cooled(400), 6);
    // One minute of five on the grid.
    expect(powerOf(facts).meanMw).toBeCloseTo((400 + cooled(400)) / 5, 6);
    expect(of(facts, 'cluster.demand.v1')[0]?.data.campuses[0]?.wantMw).toBeCloseTo((400 + cooled(400)) / 5, 6);
    expect(powerOf(facts).endMw).toBe(0);
    expect(powerOf(next)).toMatchObject({ meanMw: 0, endMw: 0, limitMw: 0 });
    expect(of(next, 'cluster.demand.v1')[0]?.data.campuses[0]).toMatchObject({ wantMw: 0, limitMw: 0 });
    expect(of(facts, 'cluster.limit.v1')[0]?.data).toMatchObject({ limitMw: 0, previousLimitMw: 600 });
  });

  test('count across ticks, and as a person injects them', () => {
    const told = audit('dip-campus', 'riverbend', 0) as Extract<Fact, { type: 'control.audit.v1' }>;
    const withInstants: Fact = { ...told, data: { ...told.data, atSeconds: [2, 15] } };
    const ticks = ticksOf(facilityWorld({}, { dipSeconds: [290] }), 3, { 0: [withInstants] });
    expect(of(ticks.flat(), 'cluster.dip.v1').map(({ timeMs, data }) => [timeMs - startMs, data.dips])).toEqual([
      [290_000, 1],
      [302_000, 2],
      [315_000, 3],
    ]);
    expect(of(ticks.flat(), 'cluster.transfer.v1')[0]?.timeMs).toBe(startMs + 315_000);
    const one = ticksOf(facilityWorld(), 2, { 0: [told] }).flat();
    expect(of(one, 'cluster.dip.v1').map(({ timeMs }) => timeMs)).toEqual([minute(5)]);
  });

  test('transfer by another rule where the campus has one', () => {
    const world = facilityWorld({ rideThrough: { dips: 2, windowSeconds: 25 } }, { dipSeconds: third });
    expect(of(ticksOf(world, 1).flat(), 'cluster.transfer.v1')[0]?.timeMs).toBe(startMs + 30_000);
  });
});

describe('a campus without supply of its own after its transfer', () => {
  const slow = (minutes: number, world = facilityWorld({ ups: { minutes } }, { inferenceMw: 39, dipSeconds: [605, 610, 620] })): World =>
    world;

  test('saves its runs while the UPS lasts and loses nothing but time, then is dark', () => {
    const ticks = ticksOf(slow(5), 5);
    const facts = ticks.flat();
    const transfer = of(facts, 'cluster.transfer.v1')[0]?.data;
    expect(transfer).toMatchObject({ savedRuns: ['atlas', 'boreas', 'cinder', 'delta'], carriedRuns: [], cutRuns: [] });
    expect(of(facts, 'cluster.checkpoint.v1').map(({ timeMs }) => timeMs - startMs)).toEqual([620_000, 620_000, 620_000, 620_000]);
    expect(of(facts, 'cluster.pause.v1').map(({ timeMs, data }) => [timeMs - startMs, data.lostSteps])).toEqual(
      Array.from({ length: 4 }, () => [625_000, 0]),
    );
    const delta = progressOf(ticks[4] ?? [], 'delta');
    expect(delta).toMatchObject({ state: 'paused', completedSteps: delta.checkpointedSteps });
    // The UPS carries training for the 5 s of the save, and inference for its 5 minutes, 20 s of them in the fourth tick.
    const [third, fourth, fifth] = [powerOf(ticks[2] ?? []), powerOf(ticks[3] ?? []), powerOf(ticks[4] ?? [])];
    expect(third.onSiteMw).toBeCloseTo((361 * 5 + 39 * 280) / 300, 6);
    expect(fourth).toMatchObject({ meanMw: 0, trainingMw: 0 });
    expect(fourth.inferenceMw).toBeCloseTo((39 * 20) / 300, 6);
    expect(fourth.unservedMw).toBeCloseTo((39 * 280) / 300, 6);
    expect(fifth).toMatchObject({ meanMw: 0, inferenceMw: 0, onSiteMw: 0, coolingMw: 0, unservedMw: 39 });
    expect(of(facts, 'cluster.backup.v1').map(({ timeMs, data }) => [timeMs - startMs, data.carriers, data.unservedMw])).toEqual([
      [620_000, ['ups'], 0],
      [920_000, [], 39],
    ]);
  });

  test('loses the work since the last checkpoint where the UPS is too short to save', () => {
    const world = slow(4 / 60);
    const ticks = ticksOf(world, 3);
    const facts = ticks[2] ?? [];
    expect(of(facts, 'cluster.transfer.v1')[0]?.data.cutRuns).toEqual(['atlas', 'boreas', 'cinder', 'delta']);
    const lost = of(facts, 'cluster.pause.v1').find(({ entity }) => entity === 'delta');
    expect(lost?.timeMs).toBe(startMs + 620_000);
    const after = progressOf(facts, 'delta');
    expect(after).toMatchObject({ state: 'tripped', completedSteps: after.checkpointedSteps });
    const run = world.runs.find(({ id }) => id === 'delta');
    if (run === undefined) throw new Error('no delta');
    const periodSeconds = 60 * run.checkpointMinutes;
    const stepsBy = (seconds: number): number =>
      Math.floor(run.initialSteps + (seconds * (1 - run.saveSeconds / periodSeconds)) / run.stepSeconds);
    const savedSteps = stepsBy(Math.floor(620 / periodSeconds) * periodSeconds);
    expect(after.checkpointedSteps).toBe(savedSteps);
    expect(lost?.data.lostSteps).toBe(stepsBy(620) - savedSteps);
    expect(lost?.data.lostSteps).toBeGreaterThan(5);
  });

  test('stands still while it saves', () => {
    const [, , facts = [], next = []] = ticksOf(facilityWorld({}, { dipSeconds: [890, 895, 897] }), 4);
    expect(progressOf(facts, 'atlas').state).toBe('checkpointing');
    expect(powerOf(facts)).toMatchObject({ endMw: 0 });
    expect(progressOf(next, 'atlas').state).toBe('paused');
  });

  test('feels no dips of a grid it is not on', () => {
    const world = facilityWorld({}, { dipSeconds: [...dips, 700, 710, 720] });
    const facts = ticksOf(world, 4).flat();
    expect(of(facts, 'cluster.dip.v1')).toHaveLength(3);
    expect(of(facts, 'cluster.transfer.v1')).toHaveLength(1);
  });

  test('has no reduction in force any more from the next tick on', () => {
    const world = facilityWorld({}, { dipSeconds: [910, 920, 930] });
    const ticks = ticksOf(world, 5, { 0: [loadTarget({ epoch: 1, mw: 50, from: 0, until: 200, ramp: 0 }, 0)] });
    const wants = ticks.map((facts) => of(facts, 'cluster.demand.v1')[0]?.data.campuses[0]?.wantMw ?? -1);
    expect(wants[2]).toBeCloseTo(361 + cooled(311), 6);
    expect(wants[3]).toBeCloseTo(50 + (311 + cooled(311)) / 10, 6);
    expect(wants[4]).toBe(0);
    expect(powerOf(ticks[4] ?? [])).toMatchObject({ reductionTargetMw: 0, imbalanceMw: 0 });
  });

  test('stays off the grid until a person returns it, and comes back by its ramp', () => {
    const ticks = ticksOf(slow(5), 12, { 4: [audit('return-campus', 'riverbend', 4)] });
    expect(of(ticks.slice(0, 5).flat(), 'cluster.limit.v1').map(({ data }) => data.limitMw)).toEqual([0]);
    expect(of(ticks[5] ?? [], 'cluster.limit.v1')[0]?.data).toMatchObject({ limitMw: 600, previousLimitMw: 0 });
    const ends = ticks.map((facts) => powerOf(facts).endMw);
    for (let tick = 3; tick + 1 < ends.length; tick++) expect((ends[tick + 1] ?? 0) - (ends[tick] ?? 0)).toBeLessThanOrEqual(60 + 1e-6);
    const last = powerOf(ticks[11] ?? []);
    // Paused runs stand at idle power until their sequences command them.
    expect(last.trainingMw).toBeCloseTo(72.2, 6);
    expect(last.inferenceMw).toBeCloseTo(39, 6);
    expect(last).toMatchObject({ onSiteMw: 0, unservedMw: 0 });
    expect(of(ticks.flat(), 'cluster.backup.v1').at(-1)?.data.carriers).toEqual(['grid']);
  });

  test('answers a load target with a refusal, and wants no reduction any more', () => {
    const ticks = ticksOf(slow(5), 5, { 3: [loadTarget({ epoch: 1, mw: 50, from: 20, until: 200 }, 3)] });
    expect(of(ticks[3] ?? [], 'control.outcome.v1')[0]?.data).toMatchObject({ result: 'refused', reason: 'campus is tripped' });
    expect(of(ticks[4] ?? [], 'cluster.demand.v1')[0]?.data.campuses[0]?.wantMw).toBe(0);
  });
});

describe('a campus with supply of its own', () => {
  const generators = { powerMw: 160, startSeconds: 60, fuelHours: 10, usdPerMwh: 300 };

  test('carries inference and the runs that fit, and the others are saved', () => {
    const ticks = ticksOf(facilityWorld({ generators }, { inferenceMw: 20, dipSeconds: dips }), 3);
    const transfer = of(ticks.flat(), 'cluster.transfer.v1')[0]?.data;
    // 160 MW less 3 MW of fans: 20 of inference, then atlas with 131; delta with 33 does not fit any more.
    expect(transfer).toMatchObject({ carriedRuns: ['atlas'], savedRuns: ['boreas', 'cinder', 'delta'], cutRuns: [] });
    expect(transfer?.handoverTime).toBe(new Date(startMs + 120_000).toISOString());
    const power = powerOf(ticks[2] ?? []);
    expect(power).toMatchObject({ meanMw: 0, trainingMw: 131, inferenceMw: 20, unservedMw: 0 });
    expect(power.onSiteMw).toBeCloseTo(151 + cooled(151), 6);
    expect(power.fuelMwh).toBeCloseTo(1_600 - ((151 + cooled(151)) * 13) / 60, 6);
    expect(progressOf(ticks[2] ?? [], 'atlas').state).toBe('running');
    expect(progressOf(ticks[2] ?? [], 'atlas').completedSteps).toBeGreaterThan(progressOf(ticks[1] ?? [], 'atlas').completedSteps);
    expect(of(ticks.flat(), 'cluster.backup.v1').map(({ timeMs, data }) => [timeMs - startMs, data.carriers])).toEqual([
      [60_000, ['ups']],
      [120_000, ['generators']],
    ]);
  });

  test('bridges slow generators with its battery, and lights only what the battery carries until then', () => {
    const battery = { powerMw: 45, energyMwh: 60 };
    const world = facilityWorld(
      { ups: { minutes: 2 }, battery, generators: { ...generators, startSeconds: 240 } },
      { inferenceMw: 20, dipSeconds: dips },
    );
    const ticks = ticksOf(world, 3);
    const transfer = of(ticks.flat(), 'cluster.transfer.v1')[0]?.data;
    // 45 MW less 3 MW of fans and pumps: 20 of inference, and no run of 33 MW beside it.
    expect(transfer?.carriedRuns).toEqual([]);
    expect(of(ticks.flat(), 'cluster.backup.v1').map(({ timeMs, data }) => [timeMs - startMs, data.carriers])).toEqual([
      [60_000, ['ups']],
      [180_000, ['battery']],
      [300_000, ['generators']],
    ]);
    expect(powerOf(ticks[2] ?? [])).toMatchObject({ inferenceMw: 20, unservedMw: 0 });
  });

  test('pauses its run with a checkpoint before the battery is empty, and serves inference to the last', () => {
    const battery = { powerMw: 100, energyMwh: 20 };
    const ticks = ticksOf(facilityWorld({ battery }, { inferenceMw: 10, dipSeconds: dips }), 40);
    const facts = ticks.flat();
    expect(of(facts, 'cluster.transfer.v1')[0]?.data.carriedRuns).toEqual(['cinder']);
    const paused = of(facts, 'cluster.pause.v1').find(({ entity }) => entity === 'cinder');
    expect(paused?.data.lostSteps).toBe(0);
    // 79 MW empty 20 MWh within 15 minutes; the run goes at the tick that would not be carried whole.
    expect([minute(15) + 5_000, minute(20) + 5_000]).toContain(paused?.timeMs);
    const served = ticks.map((tick) => powerOf(tick));
    expect(served.every(({ onSiteMw, batteryMwh }) => (onSiteMw ?? 0) >= 0 && (batteryMwh ?? 0) >= 0)).toBe(true);
    expect(served.at(-1)).toMatchObject({ inferenceMw: 0, unservedMw: 10, batteryMwh: 0 });
    const lightMwh = served.reduce((sum, { inferenceMw }) => sum + inferenceMw / 12, 0);
    expect(lightMwh).toBeGreaterThan(4);
    // What the battery gave is what was carried, but for what the UPS did.
    const upsMwh = (361 * 5 + 10 * 300 + 66 * 295) / 3_600;
    const carriedMwh = served.reduce((sum, { onSiteMw }) => sum + (onSiteMw ?? 0) / 12, 0);
    expect(Math.abs(carriedMwh - 20 - upsMwh)).toBeLessThan(1);
  });

  test('gives its load back to the grid along the ramp, without a gap, and only then lets runs rise', () => {
    const world = facilityWorld({ generators }, { inferenceMw: 20, dipSeconds: dips });
    const heard = { 1: [audit('return-campus', 'riverbend', 1)], 2: [command('delta', 1, { action: 'resume' }, 2)] };
    const ticks = ticksOf(world, 12, heard);
    const powers = ticks.map((facts) => powerOf(facts));
    const load = 151 + cooled(151);
    // 12 MW a minute from the tenth minute on.
    expect(powers[2]?.endMw).toBeCloseTo(60, 6);
    expect(powers[2]?.meanMw).toBeCloseTo(30, 6);
    expect(powers[3]?.endMw).toBeCloseTo(120, 6);
    const leftMin = (load - 120) / 12;
    expect(powers[4]?.meanMw).toBeCloseTo((120 * leftMin + (12 * leftMin * leftMin) / 2 + load * (5 - leftMin)) / 5, 4);
    for (const power of powers) {
      expect(power.meanMw + (power.onSiteMw ?? 0)).toBeCloseTo(power.trainingMw + power.inferenceMw + (power.coolingMw ?? 0), 6);
      expect(power.unservedMw).toBe(0);
    }
    powers.slice(3).forEach((power, index) => expect(power.endMw - (powers[index + 2]?.endMw ?? 0)).toBeLessThanOrEqual(60 + 1e-6));
    expect(powers[4]?.trainingMw).toBeCloseTo(131, 6);
    expect(progressOf(ticks[11] ?? [], 'delta')).toMatchObject({ state: 'running', powerMw: 33 });
    expect(of(ticks.flat(), 'cluster.backup.v1').map(({ data }) => data.carriers.join('+'))).toEqual([
      'ups',
      'generators',
      'grid+generators',
      'grid',
    ]);
  });

  test('refuses a load target while its load goes back, and takes one after', () => {
    const target = (epoch: number, tick: number) => loadTarget({ epoch, mw: 20, from: 5 * tick, until: 300, ramp: 0 }, tick);
    const heard = { 1: [audit('return-campus', 'riverbend', 1)], 2: [target(1, 2)], 8: [target(2, 8)] };
    const ticks = ticksOf(facilityWorld({ generators }, { inferenceMw: 20, dipSeconds: dips }), 9, heard);
    const answers = of(ticks.flat(), 'control.outcome.v1').map(({ data }) => [data.result, data.reason]);
    expect(answers).toEqual([
      ['refused', 'campus is on its way back to the grid'],
      ['accepted', ''],
    ]);
  });

  test('a run that was going up when its campus left goes on up once the campus is back', () => {
    const heard = {
      0: [loadTarget({ epoch: 1, mw: 36, from: 0, until: 200, ramp: 0 }, 0)],
      1: [loadTarget({ epoch: 2, mw: 0, from: 5 }, 1)],
      2: [command('atlas', 1, { epoch: 2 }, 2)],
      4: [audit('return-campus', 'riverbend', 4)],
    };
    const large = { ...generators, powerMw: 500 };
    const ticks = ticksOf(facilityWorld({ generators: large }, { dipSeconds: [905, 910, 920] }), 16, heard);
    const levels = ticks.map((facts) => progressOf(facts, 'atlas').powerMw);
    expect(levels[4]).toBeGreaterThan(118);
    expect(levels[4]).toBeLessThan(125);
    expect(levels[15]).toBeCloseTo(131, 6);
  });

  test('rides through the loss of its connection as it does through dips', () => {
    const ticks = ticksOf(facilityWorld({ generators }, { inferenceMw: 20 }), 4, { 0: [audit('trip-campus', 'riverbend', 0)] });
    expect(of(ticks[1] ?? [], 'cluster.transfer.v1')[0]?.data).toMatchObject({
      cause: 'connection',
      carriedRuns: ['atlas'],
      reason: 'drill',
    });
    expect(powerOf(ticks[1] ?? [])).toMatchObject({ meanMw: 0, limitMw: 0 });
    expect(powerOf(ticks[3] ?? [])).toMatchObject({ meanMw: 0, inferenceMw: 20, trainingMw: 131 });
  });
});

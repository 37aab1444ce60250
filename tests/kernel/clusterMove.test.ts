import { describe, expect, it } from 'vitest';
import { createClusterModel } from '../../shared/domain/cluster/model.js';
import type { Fact, FactDataOf, FactOf } from '../../shared/domain/fact.js';
import { transferSeconds } from '../../shared/domain/fleet/checkpoint.js';
import { estimateMove } from '../../shared/domain/fleet/move.js';
import { roomFor } from '../../shared/domain/fleet/room.js';
import { standingAtStart } from '../../shared/domain/fleet/standing.js';
import { createWholeWorld } from '../../shared/domain/wholeWorld.js';
import { loadHighsSolver } from '../../shared/runtime/highs.js';
import type { World } from '../../shared/scenario/schema.js';
import { threeAreas } from '../../shared/scenario/threeAreas/world.js';
import { checkedWorld } from '../../shared/scenario/validate.js';
import { command, minute, of, said, solo } from '../support/clusterWorld.js';

/** The three areas without inference: riverbend has 239 MW free, mesa 34 of 100; dune's checkpoint takes 12 minutes over the link. */
function areas(change: Partial<World> = {}, dune: Partial<World['runs'][number]> = {}): World {
  return {
    ...threeAreas,
    campuses: threeAreas.campuses.map((campus) => ({ ...campus, inferenceMinMw: 0, inferenceMaxMw: 0 })),
    runs: threeAreas.runs.map((run) => (run.id === 'dune' ? { ...run, checkpointBytes: 9e12, ...dune } : run)),
    projects: [],
    script: [],
    ...change,
  };
}

function moveAsked(run: string, to: string, tick: number): Fact {
  const data = { action: 'move-run' as const, target: run, actor: 'operator', amountMw: null, reason: 'cheaper', accepted: true };
  return said('control.audit.v1', run, { tick }, { ...data, destination: to });
}

const movesIn = (facts: readonly Fact[]): readonly FactOf<'cluster.move.v1'>[] => of(facts, 'cluster.move.v1');
const trainingMwOf = (facts: readonly Fact[], campus: string): number =>
  of(facts, 'cluster.power.v1')
    .flatMap(({ data }) => data.campuses)
    .find((own) => own.campus === campus)?.trainingMw ?? Number.NaN;
const progressIn = (facts: readonly Fact[], run: string): FactDataOf['cluster.progress.v1']['runs'][number] | undefined =>
  of(facts, 'cluster.progress.v1')
    .flatMap(({ data }) => data.runs)
    .find((own) => own.run === run);
const refusalIn = (facts: readonly Fact[]): string | undefined =>
  of(facts, 'control.outcome.v1').find(({ data }) => data.order.startsWith('move/'))?.data.reason;

/** Runs ticks of five minutes; `said` by the tick in which it is heard. */
function ticksOf(world: World, heard: Readonly<Record<number, readonly Fact[]>>, count: number, isRestored = false): readonly Fact[][] {
  const model = solo(createClusterModel(world), { isRestored });
  return Array.from({ length: count }, (_, tick) => [...model.run(heard[tick] ?? [])]);
}

describe('a run that is sent to another campus', () => {
  const asked = { 0: [moveAsked('dune', 'riverbend', 0)] };

  it('saves and pauses at once, stands still until its checkpoint is there, and then belongs to the destination', () => {
    const facts = ticksOf(areas(), asked, 8);
    expect(movesIn(facts[0] ?? [])).toEqual([]);
    const [begun] = movesIn(facts[1] ?? []);
    // Saved 5 s into the tick; 9 TB at 100 Gbit/s are 720 s.
    expect(begun).toMatchObject({
      region: 'west',
      entity: 'dune',
      data: { step: 'begun', campus: 'mesa', fromCampus: 'mesa', toCampus: 'riverbend', checkpointBytes: 9e12, linkGbps: 100 },
    });
    expect(begun?.data.arrivalTime).toBe(new Date(minute(5) + 725_000).toISOString());
    expect(of(facts[1] ?? [], 'cluster.checkpoint.v1')).toHaveLength(1);
    expect(of(facts[1] ?? [], 'cluster.pause.v1')).toMatchObject([{ entity: 'dune', data: { campus: 'mesa', lostSteps: 0 } }]);
    for (const tick of [1, 2, 3])
      expect(progressIn(facts[tick] ?? [], 'dune')).toMatchObject({ campus: 'mesa', state: 'paused', movingTo: 'riverbend' });
    expect(trainingMwOf(facts[3] ?? [], 'mesa')).toBeCloseTo(13.2, 9);
    // 17:05 and 12 minutes and 5 s: the tick of 17:20.
    const [arrived] = movesIn(facts[4] ?? []);
    expect(arrived).toMatchObject({
      region: 'central',
      entity: 'dune',
      data: { step: 'arrived', campus: 'riverbend', epoch: 0, orderMw: 0 },
    });
    expect(progressIn(facts[4] ?? [], 'dune')).toMatchObject({ campus: 'riverbend', state: 'paused' });
    expect(progressIn(facts[4] ?? [], 'dune')).not.toHaveProperty('movingTo');
    expect(trainingMwOf(facts[4] ?? [], 'mesa')).toBe(0);
    expect(trainingMwOf(facts[5] ?? [], 'riverbend')).toBeCloseTo(361 + 13.2, 9);
    expect(progressIn(facts[7] ?? [], 'dune')?.completedSteps).toBe(progressIn(facts[1] ?? [], 'dune')?.completedSteps);
  });

  it('goes on there by a command to the destination, and no longer by one to the source', () => {
    const resume = (campus: string, n: number, tick: number) => command('dune', n, { campus, action: 'resume', capRatio: 1 }, tick);
    const facts = ticksOf(areas(), { ...asked, 1: [resume('mesa', 1, 1)], 4: [resume('mesa', 2, 4)], 5: [resume('riverbend', 3, 5)] }, 20);
    const outcomes = of(facts.flat(), 'control.outcome.v1').map(({ data: { order, result, reason } }) => [order, result, reason]);
    expect(outcomes).toEqual([
      ['training-dune/1', 'refused', 'run is on its way to riverbend'],
      ['training-dune/2', 'refused', 'no run dune at campus mesa'],
      ['training-dune/3', 'accepted', ''],
    ]);
    expect(of(facts.flat(), 'cluster.resume.v1')).toMatchObject([{ region: 'central', data: { campus: 'riverbend' } }]);
    expect(progressIn(facts[19] ?? [], 'dune')).toMatchObject({ campus: 'riverbend', state: 'running', powerMw: 66 });
    expect(trainingMwOf(facts[19] ?? [], 'riverbend')).toBeCloseTo(361 + 66, 9);
  });

  it('does the same after every restart', () => {
    const heard = { ...asked, 5: [command('dune', 1, { campus: 'riverbend', action: 'resume', capRatio: 1 }, 5)] };
    expect(ticksOf(areas(), heard, 12, true)).toEqual(ticksOf(areas(), heard, 12));
  });

  it('is refused in one line where something is missing', () => {
    const refused = (run: string, to: string, change: Partial<World> = {}): string | undefined =>
      refusalIn(ticksOf(areas(change), { 0: [moveAsked(run, to, 0)] }, 2).flat());
    const withSpare = (spareAccelerators: number) => ({
      campuses: areas().campuses.map((campus) => (campus.id === 'riverbend' ? { ...campus, spareAccelerators } : campus)),
    });
    expect(refused('dune', 'riverbend')).toBeUndefined();
    expect(refused('dune', 'riverbend', withSpare(32_768))).toBeUndefined();
    expect(refused('dune', 'riverbend', withSpare(32_767))).toBe('riverbend: has 32767 accelerators free, dune needs 32768');
    expect(refused('cinder', 'mesa')).toBe('mesa: has 16880 accelerators free, cinder needs 32768');
    const manyAccelerators = areas().campuses.map((campus) => (campus.id === 'mesa' ? { ...campus, spareAccelerators: 1e6 } : campus));
    expect(refused('cinder', 'mesa', { campuses: manyAccelerators })).toBe('mesa: has 34 MW free below its limit, cinder needs 66');
    expect(refused('dune', 'mesa')).toBe('dune: is at mesa already');
    expect(refused('ember', 'riverbend')).toBe('ember: has not begun');
  });

  it('keeps its room at the destination, and leaves its own behind', () => {
    const campuses = areas().campuses.map((campus) => (campus.id === 'riverbend' ? { ...campus, spareAccelerators: 40_000 } : campus));
    const heard = {
      0: [moveAsked('dune', 'riverbend', 0), moveAsked('delta', 'mesa', 0)],
      6: [moveAsked('dune', 'mesa', 6)],
    };
    const facts = ticksOf(areas({ campuses }), heard, 16);
    // delta (33 MW) fits beside dune at mesa (34 MW free) and is there before dune comes back: then 1 MW and what dune left are free.
    expect(movesIn(facts.flat()).map(({ entity, data: { step, toCampus } }) => `${entity} ${step} ${toCampus}`)).toEqual([
      'delta begun mesa',
      'dune begun riverbend',
      'delta arrived mesa',
      'dune arrived riverbend',
      'dune begun mesa',
      'dune arrived mesa',
    ]);
    const twice = ticksOf(areas({ campuses }), { 0: [moveAsked('dune', 'riverbend', 0)], 2: [moveAsked('dune', 'harbor', 2)] }, 4);
    expect(refusalIn(twice.flat())).toBe('dune: is on its way to riverbend already');
  });

  it('stays where it is when the source trips, and waits when the destination does', () => {
    const trip = (action: 'trip-campus' | 'return-campus', campus: string, tick: number): Fact =>
      said(
        'control.audit.v1',
        campus,
        { tick },
        { action, target: campus, actor: 'operator', amountMw: null, reason: 'drill', accepted: true },
      );
    const source = ticksOf(areas(), { ...asked, 2: [trip('trip-campus', 'mesa', 2)] }, 8);
    expect(movesIn(source.flat()).map(({ data }) => [data.step, data.campus, data.reason])).toEqual([
      ['begun', 'mesa', 'cheaper'],
      ['cancelled', 'mesa', 'mesa is tripped'],
    ]);
    const destination = ticksOf(
      areas(),
      { ...asked, 2: [trip('trip-campus', 'riverbend', 2)], 6: [trip('return-campus', 'riverbend', 6)] },
      10,
    );
    expect(movesIn(destination.flat()).map(({ tick, data }) => [tick, data.step])).toEqual([
      [1, 'begun'],
      [8, 'arrived'],
    ]);
  });

  it('may not leave a load target behind that counts on it', () => {
    const target = {
      campus: 'mesa',
      epoch: 1,
      reductionMw: 10,
      fromTime: new Date(minute(0)).toISOString(),
      untilTime: new Date(minute(120)).toISOString(),
      rampMinutes: 0,
      contracts: [],
      reason: 'test',
    };
    const order = said('control.loadtarget.v1', 'west', { tick: 0, phase: 3 }, { targets: [target] });
    const facts = ticksOf(areas(), { 0: [order], 1: [moveAsked('dune', 'riverbend', 1)] }, 3);
    expect(refusalIn(facts.flat())).toBe(`mesa: load target 1 stands until ${target.untilTime}`);
  });
});

describe('a move in a whole world', () => {
  const at = (minutes: number): string => new Date(minute(minutes)).toISOString();
  const script = (...entries: World['script']): World['script'] => [...threeAreas.script, ...entries];
  const sent = { atTime: at(60), action: 'move-run' as const, target: 'dune', destination: 'riverbend', reason: 'cheaper' };

  async function run(world: World, count: number): Promise<readonly Fact[]> {
    const solver = await loadHighsSolver();
    const fast = createWholeWorld(checkedWorld(world, 'test'), solver);
    const facts = Array.from({ length: count }, () => fast.tick()).flat();
    solver.close();
    return facts;
  }

  it('is ended by its sequence at the destination, about as late as the estimate says, and settled there', async () => {
    const facts = await run({ ...threeAreas, script: script(sent) }, 100);
    const phases = of(facts, 'training.phase.v1').filter(({ entity }) => entity === 'dune');
    expect(phases.slice(0, 6).map(({ region, data }) => [region, data.campus, data.phase])).toEqual([
      ['west', 'mesa', 'curtailed'],
      ['west', 'mesa', 'holding'],
      ['central', 'riverbend', 'resuming'],
      ['central', 'riverbend', 'verifying'],
      ['central', 'riverbend', 'settled'],
      ['central', 'riverbend', 'running'],
    ]);
    const settled = of(facts, 'training.settlement.v1').find(({ entity }) => entity === 'dune')?.data;
    expect(settled).toMatchObject({ campus: 'riverbend', contract: 'none' });
    const dune = threeAreas.runs.find(({ id }) => id === 'dune') as World['runs'][number];
    const riverbend = threeAreas.campuses.find(({ id }) => id === 'riverbend') as World['campuses'][number];
    const estimate = estimateMove(dune, {
      steps: dune.initialSteps,
      gbps: 100,
      from: { campus: 'mesa', priceUsdPerMwh: 0, carbonKgPerMwh: 0 },
      to: { campus: 'riverbend', priceUsdPerMwh: 0, carbonKgPerMwh: 0 },
      room: roomFor(threeAreas, riverbend, dune, standingAtStart(threeAreas)),
      valueOfComputeUsdPerMwh: 662,
    });
    // Arrival, command and second stage each wait for their tick: two to five ticks of 49 steps.
    const later = (settled?.lostSteps ?? 0) - estimate.stepsNotMade;
    expect(later).toBeGreaterThan(60);
    expect(later).toBeLessThan(250);
    expect(transferSeconds(estimate.checkpointBytes, 100)).toBe(estimate.transferSeconds);
  });

  it('puts the run under the contracts and load targets of the destination', async () => {
    const facts = await run({ ...threeAreas, script: script(sent) }, 110);
    const called = of(facts, 'control.loadtarget.v1').find(({ data }) => data.targets.some(({ reductionMw }) => reductionMw > 0));
    expect(called).toBeDefined();
    const plan = of(facts, 'cluster.plan.v1').find(({ entity, tick }) => entity === 'riverbend' && tick >= (called?.tick ?? 0));
    expect(plan?.data.measures.map((measure) => measure.run)).toContain('dune');
    const held = of(facts, 'training.phase.v1').filter(({ entity, tick }) => entity === 'dune' && tick > (called?.tick ?? 0));
    expect(held[0]?.data).toMatchObject({ campus: 'riverbend', phase: 'curtailed' });
    expect(held[0]?.data.untilTime).not.toBeNull();
  });

  it('arrives under a load target that stands there, and goes on when that ends', async () => {
    // The evening calls riverbend at about 23:15; the contract allows four hours.
    const facts = await run({ ...threeAreas, script: script({ ...sent, atTime: at(7 * 60) }) }, 160);
    const arrived = movesIn(facts).find(({ data }) => data.step === 'arrived');
    expect(arrived?.data.orderMw).toBeGreaterThan(0);
    const resumed = of(facts, 'cluster.resume.v1').find(({ entity }) => entity === 'dune');
    expect(resumed?.data.campus).toBe('riverbend');
    const asked = of(facts, 'control.loadtarget.v1')
      .filter(({ tick }) => tick === resumed?.tick)
      .flatMap(({ data }) => data.targets);
    expect(asked.find(({ campus }) => campus === 'riverbend')?.reductionMw).toBe(0);
    const released = of(facts, 'control.loadtarget.v1').find(
      ({ tick, data }) =>
        tick > (arrived?.tick ?? 0) && data.targets.some(({ campus, reductionMw }) => campus === 'riverbend' && reductionMw === 0),
    );
    const resuming = of(facts, 'training.phase.v1').find(({ entity, data }) => entity === 'dune' && data.phase === 'resuming');
    expect(resuming?.tick).toBeGreaterThan(released?.tick ?? Number.NaN);
    expect(of(facts, 'control.outcome.v1').filter(({ entity, data }) => entity === 'dune' && data.result === 'refused')).toEqual([]);
  });

  it('is refused by a scenario that names no destination, or one for another action', () => {
    const { destination: _, ...nowhere } = sent;
    expect(() => checkedWorld({ ...threeAreas, script: script(nowhere) }, 'test')).toThrow(
      'script[3].destination: found "", an unknown campus, allowed: harbor, mesa, riverbend',
    );
    const pause = { ...sent, action: 'pause-run' as const };
    expect(() => checkedWorld({ ...threeAreas, script: script(pause) }, 'test')).toThrow(
      'script[3].destination: found "riverbend", allowed: nothing, but with move-run',
    );
  });
});

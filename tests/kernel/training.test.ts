import { describe, expect, test } from 'vitest';
import type { Fact, Saying } from '../../shared/domain/fact.js';
import { toWire } from '../../shared/domain/ticks.js';
import { addressOnce, runsOfCampus, trainingAddressees } from '../../shared/domain/training/addressees.js';
import { trainingRules } from '../../shared/domain/training/rules.js';
import { definitionOf } from '../../shared/events/registry.js';
import { cinder, commands, holding, ordered, outcome, paused, phases, released, resumed } from '../support/cinder.js';
import { audit, clearAll, flexibleWorld, loadTarget, minute, of, powerOf, progressOf, riverbend, said } from '../support/clusterWorld.js';

describe('the sequence of a training run', () => {
  test('goes from curtailed to holding, and looks again at the longest end', () => {
    const sequence = holding();
    expect(phases(sequence.sayings)).toEqual(['curtailed', 'holding']);
    expect(sequence.nextWakeMs).toBe(minute(255));
    expect(trainingRules.attributes?.(sequence.state)).toEqual({ region: 'central', campus: 'riverbend', phase: 'holding' });
  });

  test('resumes in two stages after a random wait, verifies and settles', () => {
    const sequence = holding();
    sequence.advance(100, [released(2, 19)]);
    const wakeMs = sequence.nextWakeMs ?? 0;
    expect(wakeMs).toBeGreaterThan(minute(100));
    expect(wakeMs).toBeLessThanOrEqual(minute(110));
    sequence.wakeUntil(110);
    expect(commands(sequence.sayings)).toEqual([
      { commandId: 'training-cinder/1', epoch: 2, campus: 'riverbend', action: 'resume', capRatio: 0.5, stage: 1 },
    ]);
    sequence.advance(120, [outcome(1, 23), resumed(23, 0.5)]);
    expect(sequence.nextWakeMs).toBe(minute(124));
    sequence.advance(125);
    expect(commands(sequence.sayings).at(-1)).toEqual({
      commandId: 'training-cinder/2',
      epoch: 2,
      campus: 'riverbend',
      action: 'raise-cap',
      capRatio: 1,
      stage: 2,
    });
    sequence.advance(135, [outcome(2, 26), resumed(26, 1)]);
    sequence.wakeUntil(200);
    expect(phases(sequence.sayings)).toEqual(['curtailed', 'holding', 'resuming', 'verifying', 'settled', 'running']);
    expect(sequence.nextWakeMs).toBeNull();
    const verification = sequence.sayings.find((saying) => saying.type === 'training.verification.v1')?.data;
    // 15 to 130 minutes at 50 MW below the baseline.
    expect(verification).toMatchObject({ epoch: 1, baselineMw: 66, meanMw: 16, deliveredMwh: (50 * 115) / 60 });
    const settlement = sequence.sayings.find((saying) => saying.type === 'training.settlement.v1')?.data;
    const { energyUsdPerMwh, valueOfComputeUsdPerMwh } = sequence.state.config;
    const lost = (800 * 6) / 3600;
    expect(settlement).toMatchObject({ contract: 'riverbend-a', epoch: 1, lostSteps: 800, lostAcceleratorHours: lost * 32_768 });
    expect(settlement).toMatchObject({
      lines: [
        { line: 'progress-lost', amountUsd: Math.round(-lost * 66 * valueOfComputeUsdPerMwh * 100) / 100 },
        { line: 'energy-saved', amountUsd: Math.round(((50 * 115) / 60) * energyUsdPerMwh * 100) / 100 },
        { line: 'payment', amountUsd: Math.round(((50 * 115) / 60) * 500 * 100) / 100 },
      ],
    });
    const sum =
      settlement !== undefined && 'lines' in settlement ? settlement.lines.reduce((total, { amountUsd }) => total + amountUsd, 0) : 0;
    expect(settlement).toMatchObject({ netUsd: Math.round(sum * 100) / 100 });
  });

  test('pays a penalty for what was promised and not delivered', () => {
    const sequence = holding();
    sequence.advance(100, [released(2, 19)]);
    sequence.wakeUntil(110);
    sequence.advance(120, [outcome(1, 23), resumed(23, 0.5)]);
    sequence.wakeUntil(125);
    const late = resumed(26, 1);
    const weak = { ...late, data: { ...late.data, meanCurtailedMw: 46 } } as Fact;
    sequence.advance(135, [outcome(2, 26), weak]);
    sequence.wakeUntil(200);
    const settlement = sequence.sayings.find((saying) => saying.type === 'training.settlement.v1')?.data;
    // Promised 52.8 MW from 15 to 100 minutes less half the ramp, delivered 20 MW over 115 minutes.
    const missingMwh = (52.8 * (85 - 7.5) - 20 * 115) / 60;
    expect(settlement).toMatchObject({
      lines: expect.arrayContaining([{ line: 'penalty', amountUsd: Math.round(-missingMwh * 2000 * 100) / 100 }]),
    });
  });

  test('goes back to curtailed when a new target comes in the middle of a resume, and resumes under the next release', () => {
    const sequence = holding();
    sequence.advance(100, [released(2, 19)]);
    sequence.wakeUntil(110);
    sequence.advance(120, [outcome(1, 23), resumed(23, 0.5)]);
    sequence.advance(125, [loadTarget({ epoch: 3, mw: 100, from: 135, until: 375 }, 24)]);
    expect(phases(sequence.sayings).slice(-1)).toEqual(['curtailed']);
    sequence.wakeUntil(200);
    expect(sequence.state.phase).toBe('holding');
    expect(commands(sequence.sayings).every(({ stage }) => stage === 1)).toBe(true);
    sequence.advance(205, [released(4, 40)]);
    sequence.wakeUntil(220);
    expect(commands(sequence.sayings).at(-1)).toMatchObject({ epoch: 4, action: 'raise-cap', capRatio: 1 });
  });

  test('follows an extension, and resumes at the longest end when no release comes', () => {
    const sequence = holding();
    sequence.advance(30, [loadTarget({ epoch: 2, mw: 200, from: 40, until: 495, contracts: ['riverbend-a', 'riverbend-b'] }, 5)]);
    expect(sequence.sayings.at(-1)).toMatchObject({
      type: 'training.phase.v1',
      data: { phase: 'holding', previousPhase: 'holding', epoch: 2, untilTime: toWire(minute(495)) },
    });
    sequence.wakeUntil(494);
    expect(sequence.state.phase).toBe('holding');
    sequence.wakeUntil(510);
    expect(commands(sequence.sayings)[0]).toMatchObject({ epoch: 2, action: 'resume' });
  });

  test('repeats an unanswered command with the next number, and gives up after six', () => {
    const sequence = holding();
    sequence.advance(100, [released(2, 19)]);
    sequence.wakeUntil(1000);
    expect(commands(sequence.sayings).map(({ commandId }) => commandId)).toEqual([1, 2, 3, 4, 5, 6].map((n) => `training-cinder/${n}`));
    expect(sequence.state).toMatchObject({ phase: 'holding', hasGivenUp: true });
    expect(sequence.sayings.at(-1)).toMatchObject({ data: { phase: 'holding', previousPhase: 'resuming', untilTime: null } });
    expect(sequence.nextWakeMs).toBeNull();
    sequence.advance(1005, [audit('resume-run', 'cinder', 200)]);
    sequence.wakeUntil(1020);
    expect(commands(sequence.sayings).at(-1)?.commandId).toBe('training-cinder/7');
  });

  test('tries again after a refusal', () => {
    const sequence = holding();
    sequence.advance(100, [released(2, 19)]);
    sequence.wakeUntil(110);
    sequence.advance(120, [outcome(1, 23, 'refused', 'run is on its way down')]);
    expect(sequence.nextWakeMs).toBe(minute(130));
    sequence.wakeUntil(130);
    expect(commands(sequence.sayings).map(({ commandId }) => commandId)).toEqual(['training-cinder/1', 'training-cinder/2']);
  });

  test('ends when its run is finished', () => {
    const sequence = holding();
    sequence.advance(100, [released(2, 19)]);
    sequence.wakeUntil(110);
    sequence.advance(120, [outcome(1, 23, 'refused', 'run is finished')]);
    expect(sequence.isFinished).toBe(true);
    expect(phases(sequence.sayings).at(-1)).toBe('finished');
  });

  test('holds a run a person paused until a person resumes it', () => {
    const sequence = cinder();
    sequence.advance(5, [audit('pause-run', 'cinder', 0)]);
    const plan = {
      epoch: 0,
      reductionMw: 52.8,
      measures: [{ run: 'cinder', measure: 'pause' as const, capRatio: 0, reductionMw: 52.8, baselineMw: 66 }],
    };
    sequence.advance(10, [said('cluster.plan.v1', 'riverbend', { tick: 1 }, plan), ...paused(1, 0)]);
    expect(sequence.state.phase).toBe('holding');
    expect(sequence.nextWakeMs).toBeNull();
    sequence.advance(60, [audit('resume-run', 'cinder', 11)]);
    sequence.wakeUntil(70);
    expect(commands(sequence.sayings)[0]).toMatchObject({ epoch: 0, action: 'resume', capRatio: 0.5 });
  });

  test('is back to running when the target is released before the run went down', () => {
    const sequence = cinder();
    sequence.advance(5, ordered());
    sequence.advance(10, [released(2, 1)]);
    expect(phases(sequence.sayings)).toEqual(['curtailed', 'running']);
  });

  test('facts that come twice, late or in another order change nothing', () => {
    const told = holding();
    const facts = [...ordered(), ...paused(4)];
    const before = JSON.stringify({ ...told.state, seen: [] });
    told.advance(30, [...facts].reverse());
    expect(told.sayings).toHaveLength(2);
    expect(JSON.stringify({ ...told.state, seen: [] })).toBe(before);
    const shuffled = cinder();
    shuffled.advance(25, [...facts].reverse());
    expect(phases(shuffled.sayings)).toEqual(['curtailed', 'holding']);
    told.advance(100, [released(2, 19)]);
    told.wakeUntil(110);
    told.advance(120, [outcome(1, 23), resumed(23, 0.5)]);
    const late = said(
      'cluster.pause.v1',
      'cinder',
      { tick: 3, phase: 3 },
      { campus: 'riverbend', epoch: 1, checkpointedSteps: 95_100, lostSteps: 0 },
    );
    expect(told.advance(121, [late, ...ordered()])).toEqual([]);
  });

  test('says the same after its state went through JSON, and everything it says fits its declaration', () => {
    const play = (isRestored: boolean): readonly Saying[] => {
      const sequence = holding(isRestored);
      sequence.advance(100, [released(2, 19)]);
      sequence.wakeUntil(110);
      sequence.advance(120, [outcome(1, 23), resumed(23, 0.5)]);
      sequence.wakeUntil(125);
      sequence.advance(135, [outcome(2, 26), resumed(26, 1)]);
      sequence.wakeUntil(200);
      return sequence.sayings;
    };
    const sayings = play(false);
    expect(JSON.stringify(play(true))).toBe(JSON.stringify(sayings));
    for (const { type, data } of sayings) expect(`${type} ${definitionOf(type)?.violation(data) ?? 'fits'}`).toBe(`${type} fits`);
  });
});

describe('addressing', () => {
  const runs = runsOfCampus(riverbend());
  const everyone = ['atlas', 'boreas', 'cinder', 'delta'].map((run) => `training-${run}`);

  test('hands a load target on once per epoch', () => {
    const first = addressOnce(runs, {}, loadTarget({ epoch: 1, mw: 50, from: 15, until: 100 }, 0));
    expect(first.ids).toEqual(everyone);
    expect(addressOnce(runs, first.delivered, loadTarget({ epoch: 1, mw: 50, from: 15, until: 100 }, 1))).toEqual({
      ids: [],
      delivered: { riverbend: 1 },
    });
    expect(addressOnce(runs, first.delivered, loadTarget({ epoch: 2, mw: 0, from: 15 }, 2)).ids).toEqual(everyone);
  });

  test('addresses a fact about a run to its sequence, an answer to who asked, and telemetry to nobody', () => {
    expect(trainingAddressees(runs, paused(4)[0] as Fact)).toEqual(['training-cinder']);
    expect(trainingAddressees(runs, ordered()[1] as Fact)).toEqual(['training-cinder']);
    expect(trainingAddressees(runs, outcome(3, 1))).toEqual(['training-cinder']);
    expect(trainingAddressees(runs, audit('resume-run', 'cinder', 1))).toEqual(['training-cinder']);
    expect(trainingAddressees(runs, audit('resume-run', 'nobody', 1))).toEqual([]);
    expect(trainingAddressees(runs, said('cluster.progress.v1', 'central', { tick: 0 }, { runs: [] }))).toEqual([]);
  });
});

describe('clusters, flexibility and sequences together', () => {
  /** An hour at rest, then contract A clears for three hours and B for one and a half of them. */
  const evening = (tick: number, offers: Parameters<typeof clearAll>[0]) =>
    tick >= 12 && tick < 48 ? clearAll(offers, tick >= 24 && tick < 42 ? ['riverbend-a', 'riverbend-b'] : ['riverbend-a'], 1000, tick) : [];

  test('a tight evening: down alone, up in stages within the ramp, settled, and back where it was', () => {
    const world = flexibleWorld(riverbend(), evening);
    const facts: Fact[] = [];
    let lastEndMw = 361;
    for (let tick = 0; tick < 90; tick++) {
      const said = world.tick();
      facts.push(...said);
      const power = powerOf(said);
      const wantMw = of(said, 'cluster.demand.v1')[0]?.data.campuses[0]?.wantMw ?? 0;
      const inForceMw = of(said, 'control.offer.v1')[0]?.data.offers.reduce((sum, offer) => sum + offer.inForceMw, 0) ?? 0;
      expect(wantMw - inForceMw).toBeCloseTo(power.meanMw, 6);
      expect(power.endMw - lastEndMw).toBeLessThanOrEqual(60 + 1e-6);
      expect(power.imbalanceMw).toBe(0);
      lastEndMw = power.endMw;
    }
    expect(lastEndMw).toBeCloseTo(361, 6);
    const lowest = Math.min(...of(facts, 'cluster.power.v1').map(({ data }) => data.campuses[0]?.meanMw ?? 0));
    expect(lowest).toBeCloseTo(361 - 288.8, 3);
    for (const run of ['atlas', 'boreas', 'cinder', 'delta']) {
      const progress = progressOf(facts, run);
      expect(progress.state).toBe('running');
      expect(progress.completedSteps).toBeGreaterThanOrEqual(progress.checkpointedSteps);
      const settlement = of(facts, 'training.settlement.v1').filter(({ entity }) => entity === run);
      expect(settlement).toHaveLength(1);
      expect(settlement[0]?.data.lines.map(({ line }) => line)).toEqual(['progress-lost', 'energy-saved', 'payment']);
      const verified = of(facts, 'training.verification.v1').find(({ entity }) => entity === run)?.data;
      const drawn = of(facts, 'cluster.progress.v1').filter(
        ({ timeMs }) => verified !== undefined && toWire(timeMs) >= verified.fromTime && toWire(timeMs) < verified.toTime,
      );
      const drawnMwh = drawn.reduce((sum, { data }) => sum + (data.runs.find((other) => other.run === run)?.powerMw ?? 0) / 12, 0);
      expect(verified?.deliveredMwh).toBeCloseTo((verified?.baselineMw ?? 0) * (drawn.length / 12) - drawnMwh, 5);
    }
    expect(
      of(facts, 'training.settlement.v1')
        .map(({ entity, data }) => `${entity} ${data.contract}`)
        .sort(),
    ).toEqual(['atlas riverbend-b', 'boreas riverbend-b', 'cinder riverbend-a', 'delta riverbend-a']);
  });

  test('the same world says the same twice', () => {
    const play = (): string => {
      const world = flexibleWorld(riverbend(), evening);
      return JSON.stringify(Array.from({ length: 80 }, () => world.tick()));
    };
    expect(play()).toBe(play());
  });
});

import { describe, expect, it } from 'vitest';
import { createAlarmModel, type AlarmState } from '../../shared/domain/alarm/alarms.js';
import type { Fact, FactDataOf, Saying } from '../../shared/domain/fact.js';
import { definitionOf } from '../../shared/events/registry.js';
import { audit, factAt, projectWorld, startMs } from '../support/projectWorld.js';

const model = createAlarmModel(projectWorld({}));

/** Tells the alarms facts in order; answers what they say as short lines, and where they end. */
function hear(told: readonly Fact[]): {
  readonly said: readonly string[];
  readonly sayings: readonly Saying[];
  readonly state: AlarmState;
} {
  let state = model.initial();
  const sayings: Saying[] = [];
  // Load that is served, long after: what has gone is told as gone.
  for (const fact of [...told, unserved(0, 1_000)]) {
    const turn = model.observe(JSON.parse(JSON.stringify(state)) as AlarmState, fact);
    state = turn.state;
    sayings.push(...turn.sayings);
  }
  return { sayings, state, said: sayings.map(line) };
}

function line({ type, entity, data }: Saying): string {
  switch (type) {
    case 'alarm.raised.v1':
      return `${entity} ${data.severity}`;
    case 'alarm.acknowledged.v1':
      return `${entity} noted by ${data.actor}`;
    case 'alarm.cleared.v1':
      return `${entity} gone${data.wasAcknowledged ? ', noted' : ''}`;
  }
  return type;
}

const reserve = (state: 'normal' | 'watch' | 'warning' | 'emergency', hour: number): Fact =>
  factAt('grid.state.v1', 'system', hour, { state, previousState: 'normal', availableReserveMw: 800 });
const unserved = (unservedMw: number, hour: number): Fact =>
  factAt('grid.demand.v1', 'west', hour, { nativeMw: 100, campusMw: 0, demandMw: 100, unservedMw });
const trip = (change: 'trip' | 'return', hour: number, equipment: 'unit' | 'line' | 'campus' = 'unit', capacityMw = 500): Fact =>
  factAt('grid.contingency.v1', 'central-cc-3', hour, { equipment, change, capacityMw, reason: 'script' });
const denial = (outcome: 'granted' | 'denied', hour: number): Fact =>
  factAt('permit.decision.v1', 'mesa-air', hour, { agency: 'board', outcome, reason: 'drawn', effectiveTime: '2027-07-14T00:00:00.000Z' });
const platform = (active: boolean, hour: number): Fact =>
  factAt('condition.platform.v1', 'nats-server', hour, {
    condition: 'restarted',
    component: 'nats-server',
    active,
    severity: 'high',
    detail: 'It ended.',
  });
/** Power of a campus in the five-minute tick that begins so many minutes after the start. */
function power(imbalanceMw: number, minute: number): Fact {
  const campus: FactDataOf['cluster.power.v1']['campuses'][number] = {
    campus: 'riverbend',
    meanMw: 400,
    endMw: 400,
    trainingMw: 300,
    inferenceMw: 100,
    limitMw: 600,
    reductionTargetMw: 100,
    imbalanceMw,
  };
  return { ...factAt('cluster.power.v1', 'central', 0, { campuses: [campus] }), timeMs: startMs + minute * 60_000, tick: minute / 5 };
}

describe('alarms', () => {
  it('raise a short reserve once, again when it gets worse, and clear it when it is normal', () => {
    const facts = [
      reserve('watch', 1),
      reserve('watch', 2),
      reserve('emergency', 3),
      reserve('warning', 4),
      reserve('normal', 5),
      reserve('normal', 6),
    ];
    expect(hear(facts).said).toEqual(['reserve-system medium', 'reserve-system critical', 'reserve-system gone']);
    expect(hear(facts).state.standing).toEqual([]);
    expect(hear(facts.slice(0, 4)).state.standing).toHaveLength(1);
  });

  it('rate a trip by its size against the reserve requirement, and clear it on return', () => {
    expect(hear([trip('trip', 1), trip('trip', 1), trip('return', 9)]).said).toEqual(['trip-central-cc-3 high', 'trip-central-cc-3 gone']);
    expect(hear([trip('trip', 1, 'unit', 100)]).said).toEqual(['trip-central-cc-3 medium']);
    expect(hear([trip('trip', 1, 'line', 700)]).said).toEqual(['trip-central-cc-3 medium']);
  });

  it('call load that is not served critical as long as it lasts, and not the noise of a solver', () => {
    expect(hear([unserved(1e-9, 0), unserved(12, 1), unserved(15, 2), unserved(0, 3)]).said).toEqual([
      'unserved-west critical',
      'unserved-west gone',
    ]);
  });

  it('raise an imbalance only once it has lasted ten minutes', () => {
    expect(hear([power(20, 0), power(0, 5), power(20, 10), power(20, 15), power(0, 20)]).said).toEqual([]);
    expect(hear([power(20, 0), power(20, 5), power(20, 10), power(25, 15), power(0.5, 20)]).said).toEqual([
      'imbalance-riverbend medium',
      'imbalance-riverbend gone',
    ]);
  });

  it('keep a denied permit until somebody notes it, or it is granted after all', () => {
    expect(hear([denial('denied', 1), audit('acknowledge-alarm', 'denied-mesa-air', 2)]).said).toEqual([
      'denied-mesa-air medium',
      'denied-mesa-air noted by operator',
      'denied-mesa-air gone, noted',
    ]);
    expect(hear([denial('denied', 1), denial('granted', 9)]).said).toEqual(['denied-mesa-air medium', 'denied-mesa-air gone']);
    expect(hear([denial('granted', 1)]).said).toEqual([]);
  });

  it('pass on trouble of the platform as such', () => {
    const { said, sayings } = hear([platform(true, 1), platform(true, 1), platform(false, 2)]);
    expect(said).toEqual(['platform-nats-server-restarted high', 'platform-nats-server-restarted gone']);
    expect(sayings.map((saying) => (saying.type === 'alarm.raised.v1' ? saying.data.origin : ''))[0]).toBe('platform');
  });

  it('note an acknowledgement once, for alarms that stand, and ask for a new one when it gets worse', () => {
    const ack = (hour: number, target = 'reserve-system', accepted = true) => audit('acknowledge-alarm', target, hour, accepted);
    const facts = [
      ack(0),
      reserve('watch', 1),
      ack(2, 'reserve-system', false),
      ack(2),
      ack(3),
      ack(3, 'other'),
      reserve('emergency', 4),
      ack(5),
      reserve('normal', 6),
    ];
    expect(hear(facts).said).toEqual([
      'reserve-system medium',
      'reserve-system noted by operator',
      'reserve-system critical',
      'reserve-system noted by operator',
      'reserve-system gone, noted',
    ]);
  });

  it('say what the declarations allow, at the instant of the fact and with it as the cause', () => {
    const facts = [
      reserve('watch', 1),
      trip('trip', 2),
      unserved(0.4, 3),
      power(20, 0),
      power(20, 30),
      denial('denied', 4),
      platform(true, 5),
    ];
    const { sayings } = hear(facts);
    expect(sayings.flatMap((saying) => definitionOf(saying.type)?.violation(saying.data) ?? [])).toEqual([]);
    expect(sayings).toHaveLength(6);
    expect(sayings[0]).toMatchObject({ region: 'west', timeMs: startMs + 3_600_000, causationId: facts[0]?.id });
  });

  it('leave the state as it is in a tick in which all is well', () => {
    const state = model.initial();
    for (const fact of [unserved(0, 1), power(0, 5), trip('return', 1)]) expect(model.observe(state, fact).state).toBe(state);
  });
});

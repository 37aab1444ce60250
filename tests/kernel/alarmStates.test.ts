import { describe, expect, it } from 'vitest';
import { createAlarmModel, type AlarmState } from '../../shared/domain/alarm/alarms.js';
import { alarmHealth, asksForSomebody, seeAlarm, type AlarmFact, type AlarmSeen } from '../../shared/domain/alarm/seen.js';
import { nothingStands } from '../../shared/domain/alarm/state.js';
import { stamp, type Fact, type FactDataOf, type RepeatCounts } from '../../shared/domain/fact.js';
import { draw } from '../../shared/domain/random.js';
import { minuteMs, toWire } from '../../shared/domain/ticks.js';
import { definitionOf } from '../../shared/events/registry.js';
import { factAt, projectWorld, startMs } from '../support/projectWorld.js';

const model = createAlarmModel(projectWorld({}));
const tickMinutes = 5;

/** A fact of the tick that begins so many minutes after the start. */
function at<Type extends 'grid.state.v1' | 'grid.demand.v1' | 'grid.contingency.v1' | 'control.audit.v1' | 'condition.platform.v1'>(
  minute: number,
  type: Type,
  entity: string,
  data: Partial<FactDataOf[Type]>,
): Fact {
  return { ...factAt(type, entity, 0, data as FactDataOf[Type]), timeMs: startMs + minute * minuteMs, tick: minute / tickMinutes } as Fact;
}
const load = (minute: number, unservedMw = 0): Fact =>
  at(minute, 'grid.demand.v1', 'west', { nativeMw: 100, campusMw: 0, demandMw: 100, unservedMw });
const word = (minute: number, state: 'normal' | 'watch' | 'emergency'): Fact =>
  at(minute, 'grid.state.v1', 'system', { state, previousState: 'normal', availableReserveMw: 800 });
const contingency = (minute: number, entity: string, change: 'trip' | 'return', equipment: 'unit' | 'line' = 'unit'): Fact =>
  at(minute, 'grid.contingency.v1', entity, { equipment, change, capacityMw: 300, reason: 'script' });
const order = (minute: number, action: FactDataOf['control.audit.v1']['action'], target: string, untilMinute?: number): Fact =>
  at(minute, 'control.audit.v1', target, {
    action,
    target,
    actor: 'ana',
    amountMw: null,
    reason: 'test',
    accepted: true,
    ...(untilMinute === undefined ? {} : { untilTime: toWire(startMs + untilMinute * minuteMs) }),
  });

/** Tells the model facts, through JSON between each two; answers what it says, what it keeps, and what others see. */
function hear(facts: readonly Fact[]) {
  let state: AlarmState = model.initial();
  let counts: RepeatCounts = {};
  const said: AlarmFact[] = [];
  for (const fact of facts) {
    const turn = model.observe(JSON.parse(JSON.stringify(state)) as AlarmState, fact);
    state = turn.state;
    const stamped = stamp(turn.sayings, { component: 'alarms', tick: fact.tick, phase: fact.phase, startMs: fact.timeMs, counts });
    counts = stamped.counts;
    said.push(...(stamped.facts as AlarmFact[]));
  }
  const seen = new Map<string, AlarmSeen>();
  for (const fact of said) {
    const now = seeAlarm(seen.get(fact.entity), fact);
    if (now !== undefined) seen.set(fact.entity, now);
  }
  return { state, said, seen, lines: said.map(lineOf) };
}

function lineOf(fact: AlarmFact): string {
  const minute = (fact.timeMs - startMs) / minuteMs;
  const cause = fact.type === 'alarm.raised.v1' && fact.data.cause !== undefined ? ` by ${fact.data.cause}` : '';
  const state = 'state' in fact.data ? ` ${fact.data.state}` : '';
  return `${minute} ${fact.type.split('.')[1]}${state} ${fact.entity}${cause}`;
}

describe('the states of an alarm', () => {
  it('stays for five minutes after its reason is gone, so that one which comes and goes is one alarm', () => {
    const chatter = [
      word(0, 'watch'),
      load(0),
      word(5, 'normal'),
      load(5),
      word(9, 'watch'),
      load(9),
      word(14, 'normal'),
      load(14),
      load(19),
    ];
    expect(hear(chatter).lines).toEqual(['0 raised reserve-system', '19 cleared reserve-system']);
    expect(hear([word(0, 'watch'), word(5, 'normal'), load(5), word(6, 'emergency')]).lines).toEqual([
      '0 raised reserve-system',
      '6 raised reserve-system',
    ]);
  });

  it('is returned when nobody noted it, until somebody does, and normal when somebody had', () => {
    const gone = [word(0, 'watch'), word(5, 'normal'), load(10)];
    expect(hear(gone).seen.get('reserve-system')?.status).toBe('returned');
    expect(hear(gone).state.returned.map(({ alarm }) => alarm)).toEqual(['reserve-system']);
    const noted = hear([...gone, order(15, 'acknowledge-alarm', 'reserve-system')]);
    expect(noted.lines.at(-1)).toBe('15 acknowledged reserve-system');
    expect([noted.seen.get('reserve-system')?.status, noted.state.returned]).toEqual(['cleared', []]);
    const before = hear([word(0, 'watch'), order(1, 'acknowledge-alarm', 'reserve-system'), word(5, 'normal'), load(10)]);
    expect(before.seen.get('reserve-system')?.status).toBe('cleared');
  });

  it('is put aside until an instant and comes back by itself, or is taken back; out of service it waits for nobody', () => {
    const shelved = [word(0, 'watch'), order(1, 'shelve-alarm', 'reserve-system', 20), load(5)];
    expect(hear(shelved).seen.get('reserve-system')).toMatchObject({ status: 'active', shelvedUntilMs: startMs + 20 * minuteMs });
    expect([...hear(shelved).seen.values()].filter(asksForSomebody)).toEqual([]);
    expect(hear([...shelved, load(15), load(20)]).lines.at(-1)).toBe('20 shelved back reserve-system');
    expect(hear([...shelved, order(10, 'unshelve-alarm', 'reserve-system'), load(20)]).lines.slice(2)).toEqual([
      '10 shelved back reserve-system',
    ]);
    expect(hear([word(0, 'watch'), order(5, 'shelve-alarm', 'reserve-system', 4)]).lines).toHaveLength(1);
    const out = [word(0, 'watch'), order(1, 'out-of-service-alarm', 'reserve-system'), order(2, 'out-of-service-alarm', 'reserve-system')];
    expect(hear(out).lines.slice(1)).toEqual(['1 service out reserve-system']);
    const isOut = (facts: readonly Fact[]) => hear(facts).seen.get('reserve-system')?.isOutOfService;
    expect([isOut(out), isOut([...out, order(9, 'in-service-alarm', 'reserve-system')])]).toEqual([true, false]);
  });
});

describe('first causes', () => {
  it('make one group with a count of two hundred alarms within a minute of one line trip', () => {
    const units = Array.from({ length: 199 }, (_, number) => contingency(0.004 * (number + 1), `unit-${number + 1}`, 'trip'));
    const { said, seen } = hear([contingency(0, 'west-central-1', 'trip', 'line'), ...units]);
    expect(said.filter(({ type }) => type === 'alarm.raised.v1')).toHaveLength(200);
    const following = [...seen.values()].filter(({ cause }) => cause === 'trip-west-central-1');
    expect([following.length, seen.get('trip-west-central-1')?.cause]).toEqual([199, undefined]);
  });

  it('are named by what is raised within a quarter of an hour while they stand, and by nothing else', () => {
    expect(hear([contingency(0, 'a', 'trip'), word(5, 'watch'), load(10, 5)]).lines).toEqual([
      '0 raised trip-a',
      '5 raised reserve-system by trip-a',
      '10 raised unserved-west by trip-a',
    ]);
    expect(hear([contingency(0, 'a', 'trip'), word(20, 'watch')]).lines[1]).toBe('20 raised reserve-system');
    expect(hear([contingency(0, 'a', 'trip'), contingency(4, 'a', 'return'), word(5, 'watch')]).lines.at(-1)).toBe(
      '5 raised reserve-system',
    );
    expect(hear([word(0, 'watch'), contingency(1, 'a', 'trip')]).lines.at(-1)).toBe('1 raised trip-a');
  });

  it('of the platform are told from those of the world', () => {
    const ended = at(0, 'condition.platform.v1', 'nats-server', {
      condition: 'restarted',
      component: 'nats-server',
      active: true,
      severity: 'high',
      detail: 'It ended.',
    });
    expect(hear([ended, word(1, 'watch')]).lines.at(-1)).toBe('1 raised reserve-system');
  });
});

describe('a flood', () => {
  it('begins with the eleventh alarm in ten minutes and is over when five or fewer are', () => {
    const trips = Array.from({ length: 12 }, (_, number) => contingency(number / 2, `unit-${number}`, 'trip'));
    const { lines } = hear([...trips, load(9), load(12), load(15)]);
    expect(lines.filter((line) => line.includes('flood'))).toEqual(['5 flood flood flood', '15 flood over flood']);
    expect(lines.indexOf('5 flood flood flood')).toBe(11);
  });
});

describe('the health of alarms', () => {
  it('names bad actors, those that chatter and those that stand for more than a day', () => {
    const raised = (minute: number, entity: string): AlarmFact[] =>
      hear([contingency(minute, entity, 'trip'), contingency(minute + 1, entity, 'return')]).said as AlarmFact[];
    const facts = [
      ...Array.from({ length: 10 }, (_, day) => raised(day * 600, 'bad')).flat(),
      ...[5_000, 5_020, 5_040].flatMap((minute) => raised(minute, 'chatter')),
      ...hear([contingency(100, 'stale', 'trip')]).said,
    ];
    const health = alarmHealth(facts, startMs + 6_000 * minuteMs);
    expect(Object.fromEntries(health.map(({ alarm, signs }) => [alarm, signs.join()]))).toEqual({
      'trip-bad': 'bad actor',
      'trip-chatter': 'chattering',
      'trip-stale': 'stale',
    });
  });
});

describe('five thousand random orders of events', () => {
  /** What a person with paper would keep: which alarms stand, are noted, have returned, are shelved or out. */
  class Paper {
    readonly standing = new Map<string, boolean>();
    readonly returned = new Set<string>();
    readonly out = new Set<string>();
    readonly shelved = new Map<string, number>();
  }

  it('leave the states that a simple book keeps, and say what the declarations allow', () => {
    for (let run = 0; run < 5_000; run++) {
      const pick = (purpose: string, n: number): number => draw({ seed: 11, component: 'alarms', entity: String(run), purpose, n });
      const paper = new Paper();
      const facts: Fact[] = [];
      for (let step = 0; step < 12; step++) {
        const [minute, what] = [step * 20, pick('what', step)];
        const unit = pick('unit', step) < 0.5 ? 'a' : 'b';
        const alarm = `trip-${unit}`;
        for (const [name, until] of paper.shelved) if (until <= minute) paper.shelved.delete(name);
        facts.push(load(minute));
        if (what < 0.3) {
          facts.push(contingency(minute, unit, 'trip'));
          if (!paper.standing.has(alarm)) paper.standing.set(alarm, false);
          paper.returned.delete(alarm);
        } else if (what < 0.5) {
          facts.push(contingency(minute, unit, 'return'));
          if (paper.standing.get(alarm) === false) paper.returned.add(alarm);
          paper.standing.delete(alarm);
        } else if (what < 0.7) {
          facts.push(order(minute, 'acknowledge-alarm', alarm));
          if (paper.standing.has(alarm)) paper.standing.set(alarm, true);
          paper.returned.delete(alarm);
        } else if (what < 0.85) {
          const until = minute + 10 + 20 * Math.floor(3 * pick('until', step));
          facts.push(order(minute, 'shelve-alarm', alarm, until));
          paper.shelved.set(alarm, until);
        } else {
          const isOut = pick('out', step) < 0.5;
          facts.push(order(minute, isOut ? 'out-of-service-alarm' : 'in-service-alarm', alarm));
          if (isOut) paper.out.add(alarm);
          else paper.out.delete(alarm);
        }
      }
      let state = nothingStands;
      for (const fact of facts) {
        const turn = model.observe(state, fact);
        state = turn.state;
        for (const { type, data } of turn.sayings) expect(definitionOf(type)?.violation(data) ?? null).toBeNull();
      }
      expect(Object.fromEntries(state.standing.map(({ alarm, isAcknowledged }) => [alarm, isAcknowledged]))).toEqual(
        Object.fromEntries([...paper.standing].sort()),
      );
      expect(state.returned.map(({ alarm }) => alarm)).toEqual([...paper.returned].sort());
      expect(state.outOfService).toEqual([...paper.out].sort());
      expect(state.shelved.map(({ alarm }) => alarm)).toEqual([...paper.shelved.keys()].sort());
    }
  }, 60_000);
});

import type { Severity } from '../../events/alarm.js';
import type { World } from '../../scenario/schema.js';
import { compareText, type Fact, type FactOf, type Saying } from '../fact.js';
import type { Model, Turn } from '../model.js';
import { minuteMs } from '../ticks.js';
import {
  alarmId,
  denialTrouble,
  imbalanceTrouble,
  platformTrouble,
  reserveTrouble,
  transferTrouble,
  tripTrouble,
  unservedTrouble,
  type Trouble,
} from './catalogue.js';

/** An imbalance has to last this long before it is an alarm, so that the ramp of one tick is none. */
const imbalanceDelayMs = 10 * minuteMs;
/** Below these the trouble is noise of the solver or of rounding. */
const imbalanceFloorMw = 1;
const unservedFloorMw = 1e-3;

/** An alarm that stands. */
export interface StandingAlarm {
  readonly alarm: string;
  readonly region: string;
  readonly severity: Severity;
  readonly origin: 'world' | 'platform';
  readonly isAcknowledged: boolean;
  readonly raisedMs: number;
}

/** Alarms that stand, and troubles that are not old enough to be one; both in order of their id, plain JSON. */
export interface AlarmState {
  readonly standing: readonly StandingAlarm[];
  readonly pending: readonly { readonly alarm: string; readonly sinceMs: number }[];
}

const severityRank = { low: 0, medium: 1, high: 2, critical: 3 } as const;

/**
 * Turns what goes wrong into alarms: raised, acknowledged, cleared. An alarm that stands is raised again only when it gets more severe,
 * and is still one alarm. A denied permit is no lasting state: its alarm ends when it is acknowledged, or when the permit is granted after all.
 * An onlooker: it speaks as soon as it hears, and nobody waits for it.
 */
export function createAlarmModel(world: World): Model<AlarmState> {
  const { requirementMw } = world.reserve;
  return {
    component: 'alarms',
    hears: [
      'grid.state.v1',
      'grid.contingency.v1',
      'grid.demand.v1',
      'cluster.power.v1',
      'cluster.transfer.v1',
      'cluster.limit.v1',
      'permit.decision.v1',
      'condition.platform.v1',
      'control.audit.v1',
    ],
    speaksIn: [],
    initial: () => ({ standing: [], pending: [] }),
    observe: (state, fact) => observe(requirementMw, state, fact),
    speak: (state) => ({ state, sayings: [] }),
  };
}

function observe(requirementMw: number, state: AlarmState, fact: Fact): Turn<AlarmState> {
  switch (fact.type) {
    case 'grid.state.v1': {
      const trouble = reserveTrouble(fact, requirementMw);
      return trouble === null ? clear(state, alarmId('reserve', fact.entity), fact) : raise(state, trouble, fact);
    }
    case 'grid.contingency.v1':
      return fact.data.change === 'trip'
        ? raise(state, tripTrouble(fact, requirementMw), fact)
        : clear(state, alarmId('trip', fact.entity), fact);
    case 'grid.demand.v1':
      return fact.data.unservedMw > unservedFloorMw
        ? raise(state, unservedTrouble(fact.region, fact.data.unservedMw), fact)
        : clear(state, alarmId('unserved', fact.region), fact);
    case 'cluster.power.v1':
      return hearPower(state, fact);
    case 'cluster.transfer.v1':
      return raise(state, transferTrouble(fact), fact);
    case 'cluster.limit.v1':
      return fact.data.limitMw > 0 ? clear(state, alarmId('transfer', fact.entity), fact) : { state, sayings: [] };
    case 'permit.decision.v1':
      return fact.data.outcome === 'denied' ? raise(state, denialTrouble(fact), fact) : clear(state, alarmId('denied', fact.entity), fact);
    case 'condition.platform.v1': {
      const trouble = platformTrouble(fact);
      return fact.data.active ? raise(state, trouble, fact) : clear(state, trouble.alarm, fact);
    }
    case 'control.audit.v1':
      return fact.data.accepted && fact.data.action === 'acknowledge-alarm' ? acknowledge(state, fact) : { state, sayings: [] };
  }
  return { state, sayings: [] };
}

function raise(state: AlarmState, trouble: Trouble, fact: Fact): Turn<AlarmState> {
  const { alarm, region, ...data } = trouble;
  const before = state.standing.find((candidate) => candidate.alarm === alarm);
  if (before !== undefined && severityRank[before.severity] >= severityRank[data.severity]) return { state, sayings: [] };
  const standing: StandingAlarm = {
    alarm,
    region,
    severity: data.severity,
    origin: data.origin,
    // What got worse since somebody took note of it has to be noted again.
    isAcknowledged: false,
    raisedMs: before?.raisedMs ?? fact.timeMs,
  };
  const others = state.standing.filter((candidate) => candidate !== before);
  return {
    state: { ...state, standing: [...others, standing].sort((a, b) => compareText(a.alarm, b.alarm)) },
    sayings: [{ type: 'alarm.raised.v1', ...about(standing, fact), data }],
  };
}

function clear(state: AlarmState, alarm: string, fact: Fact): Turn<AlarmState> {
  const before = state.standing.find((candidate) => candidate.alarm === alarm);
  if (before === undefined) return { state, sayings: [] };
  const data = { origin: before.origin, wasAcknowledged: before.isAcknowledged };
  return {
    state: { ...state, standing: state.standing.filter((candidate) => candidate !== before) },
    sayings: [{ type: 'alarm.cleared.v1', ...about(before, fact), data }],
  };
}

function acknowledge(state: AlarmState, fact: FactOf<'control.audit.v1'>): Turn<AlarmState> {
  const before = state.standing.find((candidate) => candidate.alarm === fact.data.target);
  if (before === undefined || before.isAcknowledged) return { state, sayings: [] };
  const noted = { ...before, isAcknowledged: true };
  const said: Saying = { type: 'alarm.acknowledged.v1', ...about(before, fact), data: { actor: fact.data.actor, origin: before.origin } };
  const after = { ...state, standing: state.standing.map((candidate) => (candidate === before ? noted : candidate)) };
  if (!before.alarm.startsWith('denied-')) return { state: after, sayings: [said] };
  const cleared = clear(after, before.alarm, fact);
  return { state: cleared.state, sayings: [said, ...cleared.sayings] };
}

/** Raises the imbalance of a campus once it has lasted, and clears it as soon as the campus delivers. */
function hearPower(from: AlarmState, fact: FactOf<'cluster.power.v1'>): Turn<AlarmState> {
  let state = from;
  const sayings: Saying[] = [];
  for (const { campus, imbalanceMw } of fact.data.campuses) {
    if (imbalanceMw <= imbalanceFloorMw && state.pending.length === 0 && state.standing.length === 0) continue;
    const alarm = alarmId('imbalance', campus);
    const pending = state.pending.find((candidate) => candidate.alarm === alarm);
    let turn: Turn<AlarmState> | null = null;
    if (imbalanceMw <= imbalanceFloorMw) {
      if (pending !== undefined) state = { ...state, pending: state.pending.filter((candidate) => candidate !== pending) };
      turn = clear(state, alarm, fact);
    } else if (pending === undefined) {
      const all = [...state.pending, { alarm, sinceMs: fact.timeMs }];
      state = { ...state, pending: all.sort((a, b) => compareText(a.alarm, b.alarm)) };
    } else if (fact.timeMs - pending.sinceMs >= imbalanceDelayMs) {
      turn = raise(state, imbalanceTrouble(fact.region, campus, imbalanceMw), fact);
    }
    if (turn === null) continue;
    state = turn.state;
    sayings.push(...turn.sayings);
  }
  return { state, sayings };
}

/** Who and when of an alarm fact, with the fact behind it. */
function about(
  alarm: StandingAlarm,
  fact: Fact,
): Pick<Saying, 'region' | 'entity' | 'timeMs' | 'causationId'> & { readonly timeMs: number } {
  return { region: alarm.region, entity: alarm.alarm, timeMs: fact.timeMs, causationId: fact.id };
}

import type { World } from '../../scenario/schema.js';
import type { Fact, FactOf, Saying } from '../fact.js';
import type { Model, Turn } from '../model.js';
import { minuteMs } from '../ticks.js';
import {
  alarmId,
  denialTrouble,
  divergenceTrouble,
  imbalanceTrouble,
  platformTrouble,
  reserveTrouble,
  transferTrouble,
  tripTrouble,
  unservedTrouble,
  type Trouble,
} from './catalogue.js';
import { back, order } from './orders.js';
import {
  causeOf,
  floodAbove,
  floodOverAt,
  floodWindowMs,
  nothingStands,
  offDelayMs,
  placed,
  type AlarmState,
  type StandingAlarm,
} from './state.js';

export type { AlarmState, StandingAlarm } from './state.js';

/** An imbalance has to last this long before it is an alarm, so that the ramp of one tick is none. */
const imbalanceDelayMs = 10 * minuteMs;
/** Below these the trouble is noise of the solver or of rounding. */
const imbalanceFloorMw = 1;
const unservedFloorMw = 1e-3;

const severityRank = { low: 0, medium: 1, high: 2, critical: 3 } as const;

/**
 * Turns what goes wrong into alarms: raised, acknowledged, cleared, and put aside or out of service by operators. An alarm that stands is
 * raised again only when it gets more severe, and is still one alarm; one whose reason is gone for less than five minutes still stands. What
 * is raised soon after something tripped names that as its cause. A denied permit is no lasting state: its alarm ends when it is
 * acknowledged, or when the permit is granted after all. An onlooker: it speaks as soon as it hears, and nobody waits for it.
 */
export function createAlarmModel(world: World): Model<AlarmState> {
  const { requirementMw } = world.reserve;
  return {
    component: 'alarms',
    hears: [
      'grid.state.v1',
      'grid.contingency.v1',
      'grid.demand.v1',
      'grid.divergence.v1',
      'cluster.power.v1',
      'cluster.transfer.v1',
      'cluster.limit.v1',
      'permit.decision.v1',
      'condition.platform.v1',
      'control.audit.v1',
    ],
    speaksIn: [],
    initial: () => nothingStands,
    observe: (state, fact) => hear(requirementMw, state, fact),
    speak: (state) => ({ state, sayings: [] }),
  };
}

/** What time alone ends is ended with the next load of a region: one producer says it in every tick, at the same instant live and simulated. */
function hear(requirementMw: number, from: AlarmState, fact: Fact): Turn<AlarmState> {
  const settled = fact.type === 'grid.demand.v1' ? settle(from, fact) : { state: from, sayings: [] };
  const turn = observe(requirementMw, settled.state, fact);
  return { state: turn.state, sayings: [...settled.sayings, ...turn.sayings] };
}

function settle(from: AlarmState, fact: FactOf<'grid.demand.v1'>): Turn<AlarmState> {
  let state = from;
  const sayings: Saying[] = [];
  const take = (turn: Turn<AlarmState>): void => {
    state = turn.state;
    sayings.push(...turn.sayings);
  };
  for (const { alarm, sinceMs } of from.leaving) if (fact.timeMs - sinceMs >= offDelayMs) take(clear(state, alarm, fact));
  for (const shelved of from.shelved)
    if (shelved.untilMs <= fact.timeMs) take(back(state, shelved, { atMs: fact.timeMs, actor: 'time', causedBy: fact.id }));
  if (state.isFlood) {
    const raisedMs = state.raisedMs.filter((atMs) => fact.timeMs - atMs < floodWindowMs);
    if (raisedMs.length <= floodOverAt)
      take({ state: { ...state, raisedMs, isFlood: false }, sayings: [flood('over', raisedMs.length, fact)] });
  }
  return { state, sayings };
}

function flood(state: 'flood' | 'over', raised: number, fact: Fact): Saying {
  const data = { state, raised, windowMinutes: floodWindowMs / minuteMs, origin: 'world' as const };
  return { type: 'alarm.flood.v1', region: 'all', entity: 'flood', timeMs: fact.timeMs, causationId: fact.id, data };
}

function observe(requirementMw: number, state: AlarmState, fact: Fact): Turn<AlarmState> {
  switch (fact.type) {
    case 'grid.state.v1': {
      const trouble = reserveTrouble(fact, requirementMw);
      return trouble === null ? leave(state, alarmId('reserve', fact.entity), fact) : raise(state, trouble, fact);
    }
    case 'grid.contingency.v1':
      return fact.data.change === 'trip'
        ? raise(state, tripTrouble(fact, requirementMw), fact)
        : clear(state, alarmId('trip', fact.entity), fact);
    case 'grid.demand.v1':
      return fact.data.unservedMw > unservedFloorMw
        ? raise(state, unservedTrouble(fact.region, fact.data.unservedMw), fact)
        : leave(state, alarmId('unserved', fact.region), fact);
    case 'grid.divergence.v1':
      return fact.data.isDivergent ? raise(state, divergenceTrouble(fact), fact) : clear(state, alarmId('divergence', fact.region), fact);
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
      if (!fact.data.accepted) return { state, sayings: [] };
      return fact.data.action === 'acknowledge-alarm' ? acknowledge(state, fact) : order(state, fact);
  }
  return { state, sayings: [] };
}

function raise(from: AlarmState, trouble: Trouble, fact: Fact): Turn<AlarmState> {
  const { alarm, region, ...data } = trouble;
  // What comes back while it is on its way out has never been gone.
  const state = { ...from, leaving: placed(from.leaving, alarm, null) };
  const before = state.standing.find((candidate) => candidate.alarm === alarm);
  if (before !== undefined && severityRank[before.severity] >= severityRank[data.severity]) return { state, sayings: [] };
  const raisedMs = before?.raisedMs ?? fact.timeMs;
  const cause = before?.cause ?? causeOf(state.standing, data.origin, alarm, fact.timeMs);
  // What got worse since somebody took note of it has to be noted again.
  const standing: StandingAlarm = { alarm, region, severity: data.severity, origin: data.origin, isAcknowledged: false, raisedMs, cause };
  const said: Saying = { type: 'alarm.raised.v1', ...about(standing, fact), data: { ...data, ...(cause === null ? {} : { cause }) } };
  const raised = { ...state, standing: placed(state.standing, alarm, standing), returned: placed(state.returned, alarm, null) };
  return data.origin === 'platform' ? { state: raised, sayings: [said] } : counted(raised, said, fact);
}

/** Counts what is raised of the world, and says when that is more than a person can follow. */
function counted(state: AlarmState, said: Saying, fact: Fact): Turn<AlarmState> {
  const raisedMs = [...state.raisedMs.filter((atMs) => fact.timeMs - atMs < floodWindowMs), fact.timeMs];
  if (state.isFlood || raisedMs.length <= floodAbove) return { state: { ...state, raisedMs }, sayings: [said] };
  return { state: { ...state, raisedMs, isFlood: true }, sayings: [said, flood('flood', raisedMs.length, fact)] };
}

/** The reason of an alarm is gone; the alarm is once that has lasted. */
function leave(state: AlarmState, alarm: string, fact: Fact): Turn<AlarmState> {
  const isKnown = state.leaving.some((candidate) => candidate.alarm === alarm);
  if (isKnown || !state.standing.some((candidate) => candidate.alarm === alarm)) return { state, sayings: [] };
  return { state: { ...state, leaving: placed(state.leaving, alarm, { alarm, sinceMs: fact.timeMs }) }, sayings: [] };
}

function clear(state: AlarmState, alarm: string, fact: Fact): Turn<AlarmState> {
  const before = state.standing.find((candidate) => candidate.alarm === alarm);
  if (before === undefined) return { state, sayings: [] };
  const data = { origin: before.origin, wasAcknowledged: before.isAcknowledged };
  const after = {
    ...state,
    standing: placed(state.standing, alarm, null),
    leaving: placed(state.leaving, alarm, null),
    returned: placed(state.returned, alarm, before.isAcknowledged ? null : before),
  };
  return { state: after, sayings: [{ type: 'alarm.cleared.v1', ...about(before, fact), data }] };
}

function acknowledge(state: AlarmState, fact: FactOf<'control.audit.v1'>): Turn<AlarmState> {
  const { target, actor } = fact.data;
  const before = state.standing.find((candidate) => candidate.alarm === target);
  const gone = state.returned.find((candidate) => candidate.alarm === target);
  const known = before ?? gone;
  if (known === undefined || known.isAcknowledged) return { state, sayings: [] };
  const said: Saying = { type: 'alarm.acknowledged.v1', ...about(known, fact), data: { actor, origin: known.origin } };
  if (before === undefined) return { state: { ...state, returned: placed(state.returned, target, null) }, sayings: [said] };
  const after = { ...state, standing: placed(state.standing, target, { ...before, isAcknowledged: true }) };
  if (!before.alarm.startsWith('denied-')) return { state: after, sayings: [said] };
  const cleared = clear(after, before.alarm, fact);
  return { state: cleared.state, sayings: [said, ...cleared.sayings] };
}

/** Raises the imbalance of a campus once it has lasted, and lets it go once the campus delivers. */
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
      turn = leave(state, alarm, fact);
    } else if (pending === undefined) {
      state = { ...state, pending: placed(state.pending, alarm, { alarm, sinceMs: fact.timeMs }) };
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

import { fromWire, toWire } from '../ticks.js';
import type { FactOf, Saying } from '../fact.js';
import type { Turn } from '../model.js';
import { placed, type AlarmState, type Shelved } from './state.js';

type Audit = FactOf<'control.audit.v1'>;

/** What operators do with alarms beside taking note: put them aside for a time, or out of service until they are put back. */
export function order(state: AlarmState, fact: Audit): Turn<AlarmState> {
  switch (fact.data.action) {
    case 'shelve-alarm':
      return shelve(state, fact);
    case 'unshelve-alarm': {
      const before = state.shelved.find(({ alarm }) => alarm === fact.data.target);
      return before === undefined
        ? { state, sayings: [] }
        : back(state, before, { atMs: fact.timeMs, actor: fact.data.actor, causedBy: fact.id });
    }
    case 'out-of-service-alarm':
    case 'in-service-alarm':
      return service(state, fact, fact.data.action === 'out-of-service-alarm');
    default:
      return { state, sayings: [] };
  }
}

function aboutOf(state: AlarmState, alarm: string): Pick<Shelved, 'region' | 'origin'> {
  const known = [...state.standing, ...state.returned, ...state.shelved].find((each) => each.alarm === alarm);
  return { region: known?.region ?? 'all', origin: known?.origin ?? (alarm.startsWith('platform-') ? 'platform' : 'world') };
}

function shelve(state: AlarmState, { id, timeMs, data }: Audit): Turn<AlarmState> {
  const { target: alarm, untilTime, actor, reason } = data;
  if (untilTime === undefined || fromWire(untilTime) <= timeMs) return { state, sayings: [] };
  const { region, origin } = aboutOf(state, alarm);
  const said: Saying = {
    type: 'alarm.shelved.v1',
    region,
    entity: alarm,
    timeMs,
    causationId: id,
    data: { state: 'shelved', untilTime, actor, reason, origin },
  };
  const entry: Shelved = { alarm, region, origin, untilMs: fromWire(untilTime) };
  return { state: { ...state, shelved: placed(state.shelved, alarm, entry) }, sayings: [said] };
}

/** Ends the time an alarm was put aside for. */
export function back(
  state: AlarmState,
  { alarm, region, origin }: Shelved,
  { atMs, actor, causedBy }: { readonly atMs: number; readonly actor: string; readonly causedBy: string },
): Turn<AlarmState> {
  const reason = actor === 'time' ? 'its time is over' : 'taken back';
  const said: Saying = {
    type: 'alarm.shelved.v1',
    region,
    entity: alarm,
    timeMs: atMs,
    causationId: causedBy,
    data: { state: 'back', untilTime: toWire(atMs), actor, reason, origin },
  };
  return { state: { ...state, shelved: placed(state.shelved, alarm, null) }, sayings: [said] };
}

function service(state: AlarmState, { id, timeMs, data }: Audit, isOut: boolean): Turn<AlarmState> {
  const { target: alarm, actor, reason } = data;
  if (state.outOfService.includes(alarm) === isOut) return { state, sayings: [] };
  const outOfService = isOut ? [...state.outOfService, alarm].sort() : state.outOfService.filter((each) => each !== alarm);
  const { region, origin } = aboutOf(state, alarm);
  const said: Saying = {
    type: 'alarm.service.v1',
    region,
    entity: alarm,
    timeMs,
    causationId: id,
    data: { state: isOut ? 'out' : 'in', actor, reason, origin },
  };
  return { state: { ...state, outOfService }, sayings: [said] };
}

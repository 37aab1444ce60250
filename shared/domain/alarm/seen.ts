import type { Fact, FactDataOf } from '../fact.js';
import { dayMs, fromWire, hourMs } from '../ticks.js';

/** An alarm as its facts tell it; cleared ones stay until they are raised again. */
export type AlarmSeen = FactDataOf['alarm.raised.v1'] & {
  /** Returned: its reason is gone and nobody has taken note. */
  readonly status: 'active' | 'acknowledged' | 'returned' | 'cleared';
  readonly raisedMs: number;
  readonly changedMs: number;
  /** Who has taken note; null: nobody. */
  readonly actor: string | null;
  /** Put aside until then; null: it is not. */
  readonly shelvedUntilMs: number | null;
  readonly isOutOfService: boolean;
};

export type AlarmFact = Extract<Fact, { readonly type: `alarm.${string}` }>;

/** An alarm after one more fact about it; undefined: nothing was raised under that name. */
export function seeAlarm(known: AlarmSeen | undefined, fact: AlarmFact): AlarmSeen | undefined {
  switch (fact.type) {
    case 'alarm.raised.v1': {
      const { shelvedUntilMs = null, isOutOfService = false } = known ?? {};
      const isStanding = known?.status === 'active' || known?.status === 'acknowledged';
      const raisedMs = isStanding ? known.raisedMs : fact.timeMs;
      return { ...fact.data, status: 'active', raisedMs, changedMs: fact.timeMs, actor: null, shelvedUntilMs, isOutOfService };
    }
    case 'alarm.acknowledged.v1':
      if (known === undefined || known.status === 'cleared') return known;
      return { ...known, status: known.status === 'returned' ? 'cleared' : 'acknowledged', changedMs: fact.timeMs, actor: fact.data.actor };
    case 'alarm.cleared.v1':
      if (known === undefined) return known;
      return { ...known, status: fact.data.wasAcknowledged ? 'cleared' : 'returned', changedMs: fact.timeMs };
    case 'alarm.shelved.v1':
      if (known === undefined) return known;
      return { ...known, shelvedUntilMs: fact.data.state === 'shelved' ? fromWire(fact.data.untilTime) : null };
    case 'alarm.service.v1':
      return known === undefined ? known : { ...known, isOutOfService: fact.data.state === 'out' };
    case 'alarm.flood.v1':
      return known;
  }
}

/** Whether an alarm asks for somebody now. */
export function asksForSomebody({ status, shelvedUntilMs, isOutOfService }: AlarmSeen): boolean {
  return status !== 'cleared' && shelvedUntilMs === null && !isOutOfService;
}

/** Signs of a bad alarm: raised often, chattering (three times within an hour of the last week), standing for more than a day. */
export interface AlarmHealth {
  readonly alarm: string;
  readonly raisedInWeek: number;
  readonly mostInHour: number;
  readonly standsHours: number;
  readonly signs: readonly ('bad actor' | 'chattering' | 'stale')[];
}

const [badActorFrom, chatteringFrom, staleFromMs] = [10, 3, dayMs] as const;

/** Health of every alarm by its facts up to an instant, worst first. */
export function alarmHealth(facts: readonly AlarmFact[], nowMs: number): readonly AlarmHealth[] {
  const raisedMs = new Map<string, number[]>();
  const seen = new Map<string, AlarmSeen>();
  for (const fact of facts) {
    const now = seeAlarm(seen.get(fact.entity), fact);
    if (now !== undefined) seen.set(fact.entity, now);
    if (fact.type === 'alarm.raised.v1' && nowMs - fact.timeMs <= 7 * dayMs)
      raisedMs.set(fact.entity, [...(raisedMs.get(fact.entity) ?? []), fact.timeMs]);
  }
  return [...seen]
    .map(([alarm, { status, raisedMs: sinceMs }]): AlarmHealth => {
      const times = raisedMs.get(alarm) ?? [];
      const mostInHour = times.reduce(
        (most, fromMs) => Math.max(most, times.filter((atMs) => atMs >= fromMs && atMs < fromMs + hourMs).length),
        0,
      );
      const standsMs = status === 'active' || status === 'acknowledged' ? Math.max(0, nowMs - sinceMs) : 0;
      const signs: AlarmHealth['signs'] = [
        ...(times.length >= badActorFrom ? (['bad actor'] as const) : []),
        ...(mostInHour >= chatteringFrom ? (['chattering'] as const) : []),
        ...(standsMs > staleFromMs ? (['stale'] as const) : []),
      ];
      return { alarm, raisedInWeek: times.length, mostInHour, standsHours: standsMs / hourMs, signs };
    })
    .sort((a, b) => b.signs.length - a.signs.length || b.raisedInWeek - a.raisedInWeek || (a.alarm < b.alarm ? -1 : 1));
}

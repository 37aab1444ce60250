import type { Severity } from '../../events/alarm.js';
import { compareText } from '../fact.js';
import { minuteMs } from '../ticks.js';

/** An alarm that stands, or has gone without anybody having taken note. */
export interface StandingAlarm {
  readonly alarm: string;
  readonly region: string;
  readonly severity: Severity;
  readonly origin: 'world' | 'platform';
  readonly isAcknowledged: boolean;
  readonly raisedMs: number;
  /** Alarm it follows from; null: none. */
  readonly cause: string | null;
}

/** What an operator has put aside, whether it stands or not. */
export interface Shelved {
  readonly alarm: string;
  readonly region: string;
  readonly origin: 'world' | 'platform';
  readonly untilMs: number;
}

/** Everything the alarms remember; lists are in order of their ids, plain JSON. */
export interface AlarmState {
  readonly standing: readonly StandingAlarm[];
  /** Troubles that are not old enough to be an alarm. */
  readonly pending: readonly { readonly alarm: string; readonly sinceMs: number }[];
  /** Alarms whose reason is gone, but not for long enough to say so. */
  readonly leaving: readonly { readonly alarm: string; readonly sinceMs: number }[];
  /** Gone, and nobody has taken note: they may still be noted. */
  readonly returned: readonly StandingAlarm[];
  readonly shelved: readonly Shelved[];
  readonly outOfService: readonly string[];
  /** When alarms of the world were raised in the last minutes, oldest first. */
  readonly raisedMs: readonly number[];
  readonly isFlood: boolean;
}

export const nothingStands: AlarmState = {
  standing: [],
  pending: [],
  leaving: [],
  returned: [],
  shelved: [],
  outOfService: [],
  raisedMs: [],
  isFlood: false,
};

/** A reason that comes and goes within this time is one alarm and not many. Choice of this model. */
export const offDelayMs = 5 * minuteMs;
/** What is raised within this time of a trip while it stands follows from it. Choice of this model. */
export const causeWindowMs = 15 * minuteMs;
/** More than ten alarms in ten minutes are a flood, after EEMUA 191 and ISA-18.2; it is over when five or fewer are. */
export const [floodWindowMs, floodAbove, floodOverAt] = [10 * minuteMs, 10, 5] as const;

/** The list without what carries the same alarm, and with an entry more where one is given. */
export function placed<Entry extends { readonly alarm: string }>(
  list: readonly Entry[],
  alarm: string,
  entry: Entry | null,
): readonly Entry[] {
  const others = list.filter((each) => each.alarm !== alarm);
  if (entry === null) return others.length === list.length ? list : others;
  return [...others, entry].sort((a, b) => compareText(a.alarm, b.alarm));
}

/** Alarms that others may follow from: something tripped, left, or ended. */
export function mayCause(alarm: string): boolean {
  return /^(trip|transfer|platform)-/.test(alarm);
}

/** The alarm that one which is raised now follows from: of those that may have caused it and still stand, the first; null: none. */
export function causeOf(standing: readonly StandingAlarm[], origin: StandingAlarm['origin'], own: string, nowMs: number): string | null {
  const first = standing.reduce<StandingAlarm | null>((found, each) => {
    const counts = each.origin === origin && each.alarm !== own && each.cause === null && mayCause(each.alarm);
    const isNear = each.raisedMs <= nowMs && nowMs - each.raisedMs <= causeWindowMs;
    if (!counts || !isNear) return found;
    return found === null || each.raisedMs < found.raisedMs ? each : found;
  }, null);
  return first?.alarm ?? null;
}

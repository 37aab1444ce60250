import type { Contract } from '../../scenario/schema.js';

/** What is left of a flexibility contract, and how long its event has lasted; plain JSON. */
export interface CallState {
  readonly hoursLeft: number;
  readonly eventsLeft: number;
  /** Hours the event that is going on has lasted, 0 when none is. */
  readonly lastedHours: number;
}

/** The rules of a contract that hours are chosen by. */
export type CallRules = Pick<Contract, 'maxEventHours'>;

/** What a contract allows in a year. */
type Budget = Pick<Contract, 'hoursPerYear' | 'eventsPerYear'>;

/** All that a contract allows in a year. */
export function budgetOf({ hoursPerYear, eventsPerYear }: Budget): Pick<CallState, 'hoursLeft' | 'eventsLeft'> {
  return { hoursLeft: hoursPerYear, eventsLeft: eventsPerYear };
}

/** A contract at the start of its year. */
export function fullBudget(contract: Budget): CallState {
  return { ...budgetOf(contract), lastedHours: 0 };
}

/** A contract after an hour in which it was called, or was not. */
export function afterHour(state: CallState, isCalled: boolean): CallState {
  if (!isCalled) return { ...state, lastedHours: 0 };
  return {
    hoursLeft: state.hoursLeft - 1,
    eventsLeft: state.eventsLeft - (state.lastedHours === 0 ? 1 : 0),
    lastedHours: state.lastedHours + 1,
  };
}

/** Whether a contract may be called in the next hour. */
export function mayCall({ maxEventHours }: CallRules, { hoursLeft, eventsLeft, lastedHours }: CallState): boolean {
  return hoursLeft >= 1 && lastedHours + 1 <= maxEventHours && (lastedHours > 0 || eventsLeft >= 1);
}

/** Whether a contract may be called in just these hours. */
export function allows(rules: CallRules, from: CallState, isWanted: readonly boolean[]): boolean {
  let state = from;
  for (const wanted of isWanted) {
    if (wanted && !mayCall(rules, state)) return false;
    state = afterHour(state, wanted);
  }
  return true;
}

/**
 * The hours in which calling a contract is worth most in all, within what is left of it; exact.
 * `worthUsd`: what calling it in each hour saves; hours of no worth are not chosen, and of hours of equal worth the first.
 */
export function bestHours(rules: CallRules, from: CallState, worthUsd: readonly number[]): boolean[] {
  const known = new Map<string, { readonly usd: number; readonly isCalled: boolean }>();
  const most = worthUsd.filter((usd) => usd > 0).length;
  const start = { ...from, hoursLeft: Math.min(from.hoursLeft, most), eventsLeft: Math.min(from.eventsLeft, most) };
  const best = (hour: number, state: CallState): { readonly usd: number; readonly isCalled: boolean } => {
    if (hour >= worthUsd.length) return { usd: 0, isCalled: false };
    const key = `${hour}/${state.hoursLeft}/${state.eventsLeft}/${state.lastedHours}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const worth = worthUsd[hour] ?? 0;
    const without = best(hour + 1, afterHour(state, false)).usd;
    const call = worth > 0 && mayCall(rules, state) ? worth + best(hour + 1, afterHour(state, true)).usd : -Infinity;
    const found = { usd: Math.max(without, call), isCalled: call >= without };
    known.set(key, found);
    return found;
  };
  let state: CallState = start;
  return worthUsd.map((_, hour) => {
    const { isCalled } = best(hour, state);
    state = afterHour(state, isCalled);
    return isCalled;
  });
}

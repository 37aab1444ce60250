import type { Contract } from '../../scenario/schema.js';
import { hourMs, minuteMs, type Instant } from '../ticks.js';
import { meanInForceMw } from './inForce.js';
import { contractsAt, hoursLeft, type Held } from './offers.js';
import { type DeskFrame } from './frame.js';
import {
  lowerStepMw,
  minimumHoldMinutes,
  raiseStepMw,
  restDoublingsMax,
  restMinutes,
  returnHours,
  type Call,
  type CampusDesk,
  type Cleared,
  type ContractDesk,
  type FlexibilityState,
} from './state.js';

/** A contract after this tick's decision, and from when it asks for more; null: it asks for nothing more. */
export interface Decided {
  readonly terms: Contract;
  readonly desk: ContractDesk;
  readonly moreFromMs: number | null;
}

/** Decides for every contract of a campus what stands of it from this tick on: calls, raises, lower steps, ends; counts budgets. */
export function decideCalls(frame: DeskFrame, state: FlexibilityState, place: number, instant: Instant): readonly Decided[] {
  const campus = state.campuses[place];
  const power = state.powers[place];
  if (campus === undefined || power === undefined) return [];
  const held = contractsAt(frame, state, place).map((one) => ({ ...one, desk: countHours(one.desk, instant) }));
  if (isOver(campus)) return held.map(({ terms, desk }) => ({ terms, desk: ended(desk, instant), moreFromMs: null }));
  const latestMs = latestStart(held, instant);
  const baseMw = power.meanMw + meanInForceMw(campus.inForce, instant.startMs - instant.tickMs, instant.startMs);
  return held.map((one) => decide(one, baseMw, instant, latestMs));
}

/** Decides between two ticks: calls stand as they are, unless everything is over. */
export function standingCalls(frame: DeskFrame, state: FlexibilityState, place: number, instant: Instant): readonly Decided[] {
  const campus = state.campuses[place];
  if (campus === undefined) return [];
  return contractsAt(frame, state, place).map(({ terms, desk }) => ({
    terms,
    desk: isOver(campus) ? ended(desk, instant) : desk,
    moreFromMs: null,
  }));
}

function isOver({ isTripped, isRefused, endsCalls }: CampusDesk): boolean {
  return isTripped || isRefused || endsCalls;
}

/** Contracts of which more is wanted more than a tick after the first are asked in a later tick: one order has one instant. */
function latestStart(held: readonly Held[], instant: Instant): number {
  const starts = held.flatMap(({ desk }) => {
    const cleared = currentClearing(desk, instant);
    const isMore = cleared !== null && cleared.mw >= (desk.call?.mw ?? 0) + raiseStepMw;
    return isMore ? [Math.max(cleared.fromMs, instant.startMs)] : [];
  });
  return Math.min(...starts, Number.MAX_SAFE_INTEGER - instant.tickMs) + instant.tickMs;
}

function decide({ terms, desk, ...known }: Held, baseMw: number, instant: Instant, latestMs: number): Decided {
  const endMs = instant.startMs + instant.tickMs;
  const cleared = currentClearing(desk, instant);
  const fromMs = Math.max(cleared?.fromMs ?? 0, instant.startMs);
  const isInTime = fromMs < latestMs;
  if (desk.call === null) {
    const mw = Math.min(cleared?.mw ?? 0, known.offeredMw);
    if (cleared === null || mw < raiseStepMw || !isInTime) return { terms, desk, moreFromMs: null };
    const reason = `price ${cents(cleared.priceUsdPerMwh)} USD/MWh above strike ${terms.strikeUsdPerMwh}`;
    const call = {
      mw,
      startMs: fromMs,
      untilMs: endOf(terms, desk, fromMs),
      wantedUntilMs: cleared.toMs,
      baseMw,
      reason,
    };
    const returned = returnsOf(desk, fromMs);
    return { terms, desk: { ...desk, ...returned, call, eventsUsed: desk.eventsUsed + (desk.drawnMw > 0 ? 0 : 1) }, moreFromMs: fromMs };
  }
  if (endMs >= desk.call.untilMs) return { terms, desk: ended(desk, instant), moreFromMs: null };
  const call = cleared === null ? desk.call : { ...desk.call, wantedUntilMs: Math.max(desk.call.wantedUntilMs, cleared.toMs) };
  return standing({ ...known, terms, desk: { ...desk, call } }, call, cleared, { endMs, fromMs, isInTime }, instant);
}

/** What becomes of an event that may go on. */
function standing(
  { terms, desk, offeredMw }: Held,
  call: Call,
  cleared: Cleared | null,
  when: { readonly endMs: number; readonly fromMs: number; readonly isInTime: boolean },
  instant: Instant,
): Decided {
  const mw = Math.min(cleared?.mw ?? 0, Math.max(call.mw, offeredMw));
  if (mw >= call.mw + raiseStepMw && when.isInTime) return { terms, desk: { ...desk, call: { ...call, mw } }, moreFromMs: when.fromMs };
  if (when.endMs < call.startMs + minimumHoldMinutes * minuteMs) return { terms, desk, moreFromMs: null };
  if (call.wantedUntilMs <= when.endMs) return { terms, desk: ended(desk, instant), moreFromMs: null };
  const isLower = cleared !== null && mw <= call.mw - lowerStepMw;
  return { terms, desk: isLower ? { ...desk, call: { ...call, mw } } : desk, moreFromMs: null };
}

/** A contract whose event is over rests, the longer the oftener it was called again soon after the last one. */
function ended(desk: ContractDesk, instant: Instant): ContractDesk {
  if (desk.call === null) return desk;
  const endedMs = instant.startMs + instant.tickMs;
  return { ...desk, call: null, endedMs, restUntilMs: endedMs + restMinutes * 2 ** desk.returns * minuteMs };
}

/** How often in a row a contract has come back soon after an event, once it is called at an instant. */
function returnsOf({ endedMs, returns }: ContractDesk, fromMs: number): Pick<ContractDesk, 'returns'> {
  const isSoon = endedMs !== null && fromMs - endedMs <= returnHours * hourMs;
  return { returns: isSoon ? Math.min(restDoublingsMax, returns + 1) : 0 };
}

function endOf(terms: Contract, desk: ContractDesk, fromMs: number): number {
  return fromMs + Math.round(Math.min(terms.maxEventHours, hoursLeft(terms, desk)) * hourMs);
}

/** Adds what the tick uses of the hours of the year, by a call or by what somebody asked for. */
function countHours(desk: ContractDesk, { startMs, tickMs }: Instant): ContractDesk {
  if (desk.call === null) return desk.drawnMw > 0 ? { ...desk, hoursUsed: desk.hoursUsed + tickMs / hourMs } : desk;
  const usedMs = Math.min(startMs + tickMs, desk.call.untilMs) - Math.max(startMs, desk.call.startMs);
  return usedMs > 0 ? { ...desk, hoursUsed: desk.hoursUsed + usedMs / hourMs } : desk;
}

/** What cleared of a contract in this tick and is worth an order. */
export function currentClearing(desk: ContractDesk, instant: Instant): Cleared | null {
  return desk.cleared !== null && desk.cleared.tick === instant.tick && desk.cleared.mw >= raiseStepMw ? desk.cleared : null;
}

function cents(value: number): number {
  return Math.round(value * 100) / 100;
}

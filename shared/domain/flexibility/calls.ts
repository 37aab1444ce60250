import type { Contract } from '../../scenario/schema.js';
import { hourMs, minuteMs, type Instant } from '../ticks.js';
import { meanInForceMw } from './inForce.js';
import { contractsAt, hoursLeft, seenAt, technicalMw, type Held, type Seen } from './offers.js';
import {
  lowerStepMw,
  minimumHoldMinutes,
  raiseStepMw,
  restMinutes,
  type Call,
  type Cleared,
  type ContractDesk,
  type DeskFrame,
  type FlexibilityState,
  type Wish,
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
  if (campus === undefined) return [];
  const held = contractsAt(frame, state, place).map((one) => ({ ...one, desk: countHours(one.desk, instant) }));
  const seen = seenAt(state, place);
  const isOver = campus.isTripped || campus.isRefused || campus.wish?.kind === 'release';
  if (isOver) return held.map(({ terms, desk }) => ({ terms, desk: ended(desk, instant), moreFromMs: null }));
  if (campus.wish?.kind === 'curtail')
    return callByPerson({ seen, held, instant, technical: technicalMw(campus, seen, held, instant) }, campus.wish);
  const latestMs = latestStart(held, instant);
  const baseMw = seen.powerMw + meanInForceMw(campus.inForce, instant.startMs - instant.tickMs, instant.startMs);
  return held.map((one) => decide(one, baseMw, instant, latestMs));
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
      isByPerson: false,
      reason,
    };
    return { terms, desk: { ...desk, call, eventsUsed: desk.eventsUsed + 1 }, moreFromMs: fromMs };
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
  const isHeld = call.isByPerson || when.endMs < call.startMs + minimumHoldMinutes * minuteMs;
  if (isHeld) return { terms, desk, moreFromMs: null };
  if (call.wantedUntilMs <= when.endMs) return { terms, desk: ended(desk, instant), moreFromMs: null };
  const isLower = cleared !== null && mw <= call.mw - lowerStepMw;
  return { terms, desk: isLower ? { ...desk, call: { ...call, mw } } : desk, moreFromMs: null };
}

/** A person's order draws on the contracts lowest strike first, whatever their budgets and rests; what is left over goes to the last. */
function callByPerson(
  situation: {
    readonly seen: Seen;
    readonly held: readonly Held[];
    readonly instant: Instant;
    readonly technical: readonly number[];
  },
  { amountMw, reason }: Wish,
): readonly Decided[] {
  const { seen, held, instant, technical } = situation;
  const fromMs = instant.startMs + instant.tickMs;
  const baseMw = seen.powerMw;
  let leftMw = amountMw ?? technical.reduce((sum, mw) => sum + mw, 0);
  return held.map(({ terms, desk }, index) => {
    const isLast = index === held.length - 1;
    const shareMw = isLast ? leftMw : Math.min(leftMw, amountMw === null ? (technical[index] ?? 0) : terms.maxReductionMw);
    leftMw -= shareMw;
    const mw = Math.max(shareMw, desk.call?.mw ?? 0);
    if (mw <= 0) return { terms, desk, moreFromMs: null };
    const untilMs = desk.call?.untilMs ?? fromMs + terms.maxEventHours * hourMs;
    const call = { startMs: fromMs, wantedUntilMs: fromMs, baseMw, ...desk.call, mw, untilMs, isByPerson: true, reason };
    return { terms, desk: { ...desk, call, eventsUsed: desk.eventsUsed + (desk.call === null ? 1 : 0) }, moreFromMs: fromMs };
  });
}

/** A contract whose event is over rests. */
function ended(desk: ContractDesk, instant: Instant): ContractDesk {
  if (desk.call === null) return desk;
  return { ...desk, call: null, restUntilMs: instant.startMs + instant.tickMs + restMinutes * minuteMs };
}

function endOf(terms: Contract, desk: ContractDesk, fromMs: number): number {
  return fromMs + Math.round(Math.min(terms.maxEventHours, hoursLeft(terms, desk)) * hourMs);
}

/** Adds what the tick uses of the hours of the year. */
function countHours(desk: ContractDesk, { startMs, tickMs }: Instant): ContractDesk {
  if (desk.call === null) return desk;
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

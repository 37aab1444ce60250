import type { Contract } from '../../scenario/schema.js';
import type { FactDataOf, Saying } from '../fact.js';
import { hourMs, minuteMs, type Instant } from '../ticks.js';
import { meanInForceMw, pledgedMw } from './inForce.js';
import type { CampusDesk, ContractDesk, DeskFrame, FlexibilityState } from './state.js';

type Offer = FactDataOf['control.offer.v1']['offers'][number];

/** A contract with its desk entry. */
export interface Held {
  readonly terms: Contract;
  readonly desk: ContractDesk;
}

/** Contracts of a campus, lowest strike first. */
export function contractsAt(frame: DeskFrame, state: FlexibilityState, campus: string): readonly Held[] {
  return frame.contracts.flatMap((terms, index) => {
    const desk = state.contracts[index];
    return terms.campus === campus && desk !== undefined ? [{ terms, desk }] : [];
  });
}

/**
 * Largest reduction each contract of a campus could stand for, MW, in the order given: what is called of it and what the runs can still
 * give, shared out lowest strike first, within the contract's own bounds; budgets and rests aside.
 */
export function technicalMw(frame: DeskFrame, campus: CampusDesk, held: readonly Held[], instant: Instant): readonly number[] {
  if (campus.isTripped) return held.map(() => 0);
  const lastMs = instant.startMs - instant.tickMs;
  const standingMw = meanInForceMw(campus.inForce, lastMs, instant.startMs);
  const comingMw = Math.max(0, pledgedMw(campus.inForce, instant.startMs) - standingMw);
  let leftMw = Math.max(0, campus.giveMw - comingMw);
  const baseMw = campus.power.meanMw + standingMw;
  return held.map(({ terms, desk }) => {
    const { call } = desk;
    const calledMw = standingOn(desk) * campus.promisedRatio;
    const boundMw = Math.min(frame.fittingMw.get(terms.id) ?? 0, terms.maxSiteRatio * (call?.baseMw ?? baseMw));
    const mw = Math.max(calledMw, Math.min(boundMw, calledMw + leftMw));
    leftMw -= mw - calledMw;
    return mw;
  });
}

/** Reduction that stands on a contract, MW: its call, and what somebody asked for beyond the calls. */
export function standingOn({ call, drawnMw }: ContractDesk): number {
  return (call?.mw ?? 0) + drawnMw;
}

/** Offers of every region with contracts, and the state that remembers them. */
export function speakOffers(
  frame: DeskFrame,
  state: FlexibilityState,
  instant: Instant,
): { readonly state: FlexibilityState; readonly sayings: readonly Saying[] } {
  const offered = new Map<string, number>();
  const sayings = frame.regions.map(({ region, campuses }): Saying => {
    const offers = campuses.flatMap((id) => {
      const campus = state.campuses.find((other) => other.campus === id);
      return campus === undefined ? [] : offersOf(frame, state, campus, instant);
    });
    for (const offer of offers) offered.set(offer.contract, offer.offerMw);
    return { type: 'control.offer.v1', region, entity: region, data: { offers } };
  });
  const contracts = state.contracts.map((desk) => ({ ...desk, offeredMw: offered.get(desk.contract) ?? 0 }));
  return { state: { ...state, contracts }, sayings };
}

function offersOf(frame: DeskFrame, state: FlexibilityState, campus: CampusDesk, instant: Instant): readonly Offer[] {
  const held = contractsAt(frame, state, campus.campus);
  const technical = technicalMw(frame, campus, held, instant);
  const inForceMw = meanInForceMw(campus.inForce, instant.startMs, instant.startMs + instant.tickMs);
  const calledMw = held.reduce((sum, { desk }) => sum + standingOn(desk), 0);
  const restUntilMs = Math.max(0, ...held.map(({ desk }) => desk.restUntilMs));
  return held.map(({ terms, desk }, index): Offer => {
    const shareMw = calledMw > 0 ? (inForceMw * standingOn(desk)) / calledMw : 0;
    const isRested = (calledMw > 0 ? desk.restUntilMs : restUntilMs) <= instant.startMs;
    const offerMw = isOnOffer(terms, desk, isRested, instant.startMs) ? (technical[index] ?? 0) : 0;
    return {
      campus: campus.campus,
      contract: terms.id,
      offerMw: rounded(Math.max(offerMw, shareMw)),
      inForceMw: rounded(shareMw),
      strikeUsdPerMwh: terms.strikeUsdPerMwh,
      noticeMinutes: terms.noticeMinutes,
      rampMinutes: terms.rampMinutes,
      hoursLeft: rounded(hoursLeft(terms, desk)),
      eventsLeft: Math.max(0, terms.eventsPerYear - desk.eventsUsed),
    };
  });
}

/** Hours of a contract that are left this year. */
export function hoursLeft(terms: Contract, desk: ContractDesk): number {
  return Math.max(0, terms.hoursPerYear - desk.hoursUsed);
}

/** Whether a contract may be called, or stand on, at its notice from an instant: budget, event length and rest allow it. */
function isOnOffer(terms: Contract, desk: ContractDesk, isRested: boolean, nowMs: number): boolean {
  const wantedMs = nowMs + terms.noticeMinutes * minuteMs;
  if (desk.call !== null) return wantedMs < desk.call.untilMs;
  return isRested && terms.eventsPerYear > desk.eventsUsed && hoursLeft(terms, desk) * hourMs >= minuteMs;
}

function rounded(value: number): number {
  return Math.max(0, Math.round(value * 1e9) / 1e9) + 0;
}

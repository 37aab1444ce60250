import type { Contract } from '../../scenario/schema.js';
import type { FactDataOf, Saying } from '../fact.js';
import { fittingMw } from '../cluster/plan.js';
import { hourMs, minuteMs, type Instant } from '../ticks.js';
import { meanInForceMw, pledgedMw } from './inForce.js';
import type { DeskFrame } from './frame.js';
import type { CampusDesk, ContractDesk, FlexibilityState, LastPower } from './state.js';

type Offer = FactDataOf['control.offer.v1']['offers'][number];

/** States in which a run has power to give. */
export const givingStates: readonly string[] = ['running', 'throttled', 'restoring'];

/** A contract with its desk entry, what it offers in this tick and what could fit at most. */
export interface Held {
  readonly terms: Contract;
  readonly desk: ContractDesk;
  readonly offeredMw: number;
  readonly fittingMw: number;
}

/** Contracts of the campus at a place, lowest strike first; inference fits any part of one before runs do. */
export function contractsAt(frame: DeskFrame, state: FlexibilityState, place: number): readonly Held[] {
  const held: Held[] = [];
  const { inferenceGiveMw = 0, inferenceCutMw = 0 } = state.powers[place] ?? {};
  const inferenceMw = inferenceGiveMw + inferenceCutMw;
  for (const index of frame.campuses[place]?.contracts ?? []) {
    const terms = frame.contracts[index];
    const desk = state.contracts[index];
    if (terms === undefined || desk === undefined) continue;
    const fitting = inferenceMw > 0 ? fittingWith(frame, terms, inferenceMw) : (frame.fittingMw[index] ?? 0);
    held.push({ terms, desk, offeredMw: state.offeredMw[index] ?? 0, fittingMw: Math.min(fitting, obligedMw(state, terms)) });
  }
  return held;
}

/** Largest reduction a contract stands for, MW: that of a flexible connection once its block has power, up to its part that is not firm. */
export function obligedMw({ notFirmMw = {} }: FlexibilityState, { connection, maxReductionMw }: Contract): number {
  return connection === undefined ? maxReductionMw : Math.min(maxReductionMw, notFirmMw[`${connection.project}/${connection.block}`] ?? 0);
}

/** Largest reduction of a contract that inference and the runs of its campus can meet exactly, MW. */
function fittingWith({ world }: DeskFrame, { campus, tranche, capRatio, maxReductionMw }: Contract, inferenceMw: number): number {
  if (tranche === 'pause') return maxReductionMw;
  const runs = world.runs.filter((run) => run.campus === campus);
  return Math.min(maxReductionMw, inferenceMw + fittingMw(runs, capRatio, Math.max(0, maxReductionMw - inferenceMw)));
}

/**
 * Largest reduction each contract of a campus could stand for, MW, in the order given: what is called of it and what inference and runs
 * can still give, shared out lowest strike first, within the contract's own bounds; budgets and rests aside.
 */
export function technicalMw(campus: CampusDesk, power: LastPower, held: readonly Held[], instant: Instant): readonly number[] {
  if (campus.isTripped) return held.map(() => 0);
  const lastMs = instant.startMs - instant.tickMs;
  const standingMw = meanInForceMw(campus.inForce, lastMs, instant.startMs);
  const comingMw = Math.max(0, pledgedMw(campus.inForce, instant.startMs) - standingMw);
  let leftMw = Math.max(0, campus.giveMw + power.inferenceGiveMw - comingMw);
  const baseMw = power.meanMw + standingMw;
  return held.map(({ terms, desk, fittingMw }) => {
    const calledMw = standingOn(desk) * campus.promisedRatio;
    const boundMw = Math.min(fittingMw, terms.maxSiteRatio * (desk.call?.baseMw ?? baseMw));
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
  const offeredMw = state.contracts.map(() => 0);
  const sayings = frame.regions.map(({ region, campuses }): Saying => {
    const offers: Offer[] = [];
    for (const place of campuses) {
      const first = offers.length;
      addOffers(offers, { frame, state, place, instant });
      frame.campuses[place]?.contracts.forEach((index, own) => (offeredMw[index] = offers[first + own]?.offerMw ?? 0));
    }
    return { type: 'control.offer.v1', region, entity: region, data: { offers } };
  });
  return { state: { ...state, offeredMw }, sayings };
}

/** Adds what a campus offers, one entry per contract. */
function addOffers(
  offers: Offer[],
  from: { readonly frame: DeskFrame; readonly state: FlexibilityState; readonly place: number; readonly instant: Instant },
): void {
  const { frame, state, place, instant } = from;
  const campus = state.campuses[place];
  const power = state.powers[place];
  if (campus === undefined || power === undefined) return;
  const held = contractsAt(frame, state, place);
  const technical = technicalMw(campus, power, held, instant);
  const inForceMw = meanInForceMw(campus.inForce, instant.startMs, instant.startMs + instant.tickMs);
  const calledMw = held.reduce((sum, { desk }) => sum + standingOn(desk), 0);
  const restUntilMs = held.reduce((latest, { desk }) => Math.max(latest, desk.restUntilMs), 0);
  held.forEach(({ terms, desk }, index) => {
    const shareMw = calledMw > 0 ? (inForceMw * standingOn(desk)) / calledMw : 0;
    const isRested = (calledMw > 0 ? desk.restUntilMs : restUntilMs) <= instant.startMs;
    const offerMw = isOnOffer(terms, desk, isRested, instant.startMs) ? (technical[index] ?? 0) : 0;
    offers.push({
      campus: campus.campus,
      contract: terms.id,
      offerMw: rounded(Math.max(offerMw, shareMw)),
      inForceMw: rounded(shareMw),
      strikeUsdPerMwh: terms.strikeUsdPerMwh,
      noticeMinutes: terms.noticeMinutes,
      rampMinutes: terms.rampMinutes,
      hoursLeft: rounded(hoursLeft(terms, desk)),
      eventsLeft: Math.max(0, terms.eventsPerYear - desk.eventsUsed),
    });
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

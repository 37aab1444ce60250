import { meanInForceMw } from '../flexibility/inForce.js';
import { minuteMs, toWire, type Instant } from '../ticks.js';
import type { FactDataOf } from '../fact.js';
import { floatAt } from './dense.js';
import { assertBalance, type Dispatch } from './dispatch.js';
import { inputOf, type Frame, type Knowledge } from './frame.js';
import type { DispatchInput } from './problem.js';
import type { Cleared, GridState } from './state.js';
import { storedAfter } from './storage.js';
import type { Topology } from './topology.js';

type ClearedOffer = FactDataOf['grid.clearing.v1']['offers'][number];

/** Campus loads of a tick that stand whatever clears, and what may be taken off them. */
export interface Demands {
  /** [campuses], MW. */
  readonly campusMw: readonly number[];
  /** [contracts], as means over the tick. */
  readonly bids: DispatchInput['bids'];
}

/** What looking ahead gave. */
export interface Ahead {
  /** [contracts]: what cleared, null where nothing did. */
  readonly offers: readonly (ClearedOffer | null)[];
  readonly cleared: readonly Cleared[];
  readonly aheadWarm: GridState['aheadWarm'];
  readonly solves: number;
}

/** Reductions below this are rounding, MW. */
const leastMw = 1e-6;

/** Ticks from clearing to the reduction; 0 when its notice ends inside the tick. */
export function noticeTicks(noticeMinutes: number, tickMs: number): number {
  const noticeMs = noticeMinutes * minuteMs;
  return noticeMs < tickMs ? 0 : Math.ceil(noticeMs / tickMs);
}

/**
 * Share of the tick for which a reduction works whose notice ends inside it: what is left of the tick, less half the ramp.
 * 1 for a reduction without notice and ramp, 0 for one that cannot begin in this tick.
 */
export function shareOfTick(tickMs: number, noticeMs: number, rampMs: number): number {
  const leftMs = Math.max(0, tickMs - noticeMs);
  const fullMs = rampMs <= leftMs ? leftMs - rampMs / 2 : (leftMs * leftMs) / (2 * rampMs);
  return fullMs / tickMs;
}

/**
 * Campus loads and bids of the tick itself. The load of a campus is what it wants less what the newest load target asks, mean over the
 * tick.
 * Offers whose notice ends inside the tick bid here: what stands of them competes whole, what is new for the share of the tick it can work.
 */
export function demandsNow(frame: Frame, state: GridState, instant: Instant): Demands {
  const { contracts } = frame.world;
  const endMs = instant.startMs + instant.tickMs;
  const offers = contracts.map((_, place) => offerOf(state, place, (ticks) => ticks === 0, instant));
  const standingMw = new Float64Array(state.campuses.length);
  offers.forEach((offer, place) => {
    const campus = frame.grid.campusOfContract[place] as number;
    standingMw[campus] = floatAt(standingMw, campus) + offer.standingMw;
  });
  const campusMw = state.campuses.map((view, campus) => {
    const askedMw = meanInForceMw(view.asked, instant.startMs, endMs);
    return Math.max(0, view.wantMw - Math.max(0, askedMw - floatAt(standingMw, campus)));
  });
  const bids = offers.map(({ standingMw, freshMw, share }) => ({ standingMw, freshMw: freshMw * share }));
  return { campusMw, bids: withinLoad(frame, campusMw, bids) };
}

/** MW of each contract that cleared in the tick itself, whole and not pro rata. */
function clearedNow(frame: Frame, state: GridState, instant: Instant, dispatch: Dispatch): readonly (ClearedOffer | null)[] {
  return frame.world.contracts.map((contract, place) => {
    const { standingMw, share } = offerOf(state, place, (ticks) => ticks === 0, instant);
    const meanMw = floatAt(dispatch.bidMw, place);
    const clearedMw = Math.min(meanMw, standingMw) + (share > 0 ? Math.max(0, meanMw - standingMw) / share : 0);
    if (clearedMw <= leastMw) return null;
    const fromMs = instant.startMs + contract.noticeMinutes * minuteMs;
    return offerCleared(frame, dispatch, place, { clearedMw, fromMs, toMs: instant.startMs + instant.tickMs });
  });
}

/**
 * Clears the offers with longer notice by dispatching the intervals they speak of, on the forecast: expected load, wind and sun, campuses
 * as they are, reductions
 * with longer notice as cleared before. Offers with shorter notice bid along without clearing, so that a dearer one is not called where a
 * cheaper one will do.
 */
export function lookAhead(
  frame: Frame,
  state: GridState,
  situation: {
    readonly instant: Instant;
    readonly known: Knowledge;
    readonly topology: Topology;
    readonly dispatch: Dispatch;
    /** [storages], at the end of the tick. */
    readonly storedMwh: readonly number[];
  },
): Ahead {
  const { instant, dispatch } = situation;
  const offers = [...clearedNow(frame, state, instant, dispatch)];
  const cleared = state.cleared.filter((entry) => entry.fromMs > instant.startMs);
  const aheadWarm: { ticks: number; warm: Dispatch['warm'] }[] = [];
  let solves = 0;
  const distances = frame.world.contracts.map((_, place) => ticksOf(state, place, instant.tickMs)).filter((ticks) => ticks > 0);
  for (const ticks of [...new Set(distances)].sort((a, b) => a - b)) {
    const later = dispatchAhead(frame, { ...state, cleared }, situation, ticks);
    solves += later.dispatch.solves;
    aheadWarm.push({ ticks, warm: later.dispatch.warm });
    frame.world.contracts.forEach((_, place) => {
      const clearedMw = floatAt(later.dispatch.bidMw, place);
      if (ticksOf(state, place, instant.tickMs) !== ticks || clearedMw <= leastMw) return;
      offers[place] = offerCleared(frame, later.dispatch, place, { clearedMw, ...later.interval });
      cleared.push({ contract: place, fromMs: later.interval.fromMs, clearedMw });
    });
  }
  return { offers, cleared, aheadWarm, solves };
}

function dispatchAhead(frame: Frame, state: GridState, situation: Parameters<typeof lookAhead>[2], ticks: number) {
  const { instant, known, topology, dispatch } = situation;
  const interval = { fromMs: instant.startMs + ticks * instant.tickMs, toMs: instant.startMs + (ticks + 1) * instant.tickMs };
  const campusMw = state.campuses.map((view, campus) => {
    const personMw = view.isContracted ? 0 : meanInForceMw(view.asked, interval.fromMs, interval.toMs);
    const clearedMw = state.cleared.reduce((sum, entry) => {
      const counts = entry.fromMs === interval.fromMs && frame.grid.campusOfContract[entry.contract] === campus;
      return counts && ticksOf(state, entry.contract, instant.tickMs) > ticks ? sum + entry.clearedMw : sum;
    }, 0);
    return Math.max(0, view.wantMw - personMw - clearedMw);
  });
  const bids = frame.world.contracts.map((_, place) => {
    const { standingMw, freshMw } = offerOf(state, place, (own) => own <= ticks, instant);
    return { standingMw: 0, freshMw: standingMw + freshMw };
  });
  const storedMwh = frame.world.network.storages.map((storage, place) =>
    storedAfter(storage, situation.storedMwh[place] ?? 0, {
      chargeMw: floatAt(dispatch.chargeMw, place),
      dischargeMw: floatAt(dispatch.dischargeMw, place),
      hours: ((ticks - 1) * instant.tickMs) / 3_600_000,
    }),
  );
  const input = inputOf(frame, known, { interval, storedMwh, campusMw, bids: withinLoad(frame, campusMw, bids) });
  const start = state.aheadWarm.find((entry) => entry.ticks === ticks)?.warm ?? dispatch.warm;
  const later = frame.dispatch(topology, input, start);
  assertBalance(input, later);
  return { interval, dispatch: later };
}

/** What a contract has on offer, where its distance in ticks passes the test: nothing otherwise. */
function offerOf(
  state: GridState,
  place: number,
  bidsAt: (ticks: number) => boolean,
  instant: Instant,
): { standingMw: number; freshMw: number; share: number } {
  const offer = state.offers[place] ?? null;
  if (offer === null || !bidsAt(noticeTicks(offer.noticeMinutes, instant.tickMs))) return { standingMw: 0, freshMw: 0, share: 0 };
  const standingMw = Math.min(offer.offerMw, offer.inForceMw);
  const share = shareOfTick(instant.tickMs, offer.noticeMinutes * minuteMs, offer.rampMinutes * minuteMs);
  return { standingMw, freshMw: offer.offerMw - standingMw, share };
}

/** Distance of a contract with something on offer; 0 when it bids in the tick itself or offers nothing. */
function ticksOf(state: GridState, place: number, tickMs: number): number {
  const offer = state.offers[place] ?? null;
  return offer === null || offer.offerMw <= leastMw ? 0 : noticeTicks(offer.noticeMinutes, tickMs);
}

/** Bids of a campus together never exceed its load; later contracts give way. */
function withinLoad(frame: Frame, campusMw: readonly number[], bids: DispatchInput['bids']): DispatchInput['bids'] {
  const left = [...campusMw];
  return bids.map(({ standingMw, freshMw }, place) => {
    const campus = frame.grid.campusOfContract[place] as number;
    const roomMw = left[campus] as number;
    const standing = Math.min(standingMw, roomMw);
    const fresh = Math.min(freshMw, roomMw - standing);
    left[campus] = roomMw - standing - fresh;
    return { standingMw: standing, freshMw: fresh };
  });
}

function offerCleared(
  frame: Frame,
  dispatch: Dispatch,
  place: number,
  what: { readonly clearedMw: number; readonly fromMs: number; readonly toMs: number },
): ClearedOffer {
  const contract = frame.world.contracts[place];
  return {
    campus: contract?.campus ?? '',
    contract: contract?.id ?? '',
    clearedMw: what.clearedMw,
    priceUsdPerMwh: floatAt(dispatch.busPriceUsdPerMwh, frame.grid.busOfContract[place] as number),
    fromTime: toWire(what.fromMs),
    toTime: toWire(what.toMs),
  };
}

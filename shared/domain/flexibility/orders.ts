import { compareFacts, type Fact, type FactOf, type Saying } from '../fact.js';
import type { Turn } from '../model.js';
import { fromWire, type Instant } from '../ticks.js';
import { nothingInForce } from './inForce.js';
import { ageFleet, curtailFleet, releaseFleet } from './fleetOrders.js';
import { surgeOrders } from './surgeOrders.js';
import { extendRequest, releaseRequests, takeRequest, type Asked } from './requests.js';
import type { DeskFrame } from './frame.js';
import type { CampusDesk, FlexibilityState } from './state.js';

/**
 * Takes up what the script, people and outside systems asked for since the last time: at the start of a tick everything recorded in
 * earlier ones, between two ticks also what was recorded in the one that ran last.
 */
export function takeOrders(frame: DeskFrame, state: FlexibilityState, instant: Instant): Turn<FlexibilityState> {
  const beforeTick = instant.phase === 4 ? instant.tick + 1 : instant.tick;
  const scripted = instant.phase === 4 ? [] : frame.script.slice(state.scriptDone).filter((entry) => entry.atMs <= instant.startMs);
  const due = state.queue.filter((fact) => fact.tick < beforeTick).sort(compareFacts);
  const orders: readonly Asked[] = [
    ...scripted.map(({ atMs: _atMs, untilTime, amountMw = null, ...rest }, index) => ({
      ...rest,
      amountMw,
      actor: 'script',
      id: `script-${state.scriptDone + index + 1}`,
      untilMs: untilTime === undefined ? undefined : fromWire(untilTime),
    })),
    ...due.flatMap((fact) => orderIn(frame, state, fact)),
  ];
  const aged = ageFleet(state, instant.startMs);
  const sayings: Saying[] = [...aged.sayings];
  const campuses = [...state.campuses];
  let fleet = aged.fleet;
  const whole = orders.flatMap((order): readonly Asked[] => {
    if (order.target !== 'fleet') return [order];
    const now = { ...state, campuses, fleet };
    const taken = order.action === 'release-fleet' ? releaseFleet(frame, now, order) : curtailFleet(frame, now, order, instant);
    sayings.push(...taken.sayings);
    fleet = taken.fleet;
    return taken.orders;
  });
  for (const order of whole) {
    const place = frame.placeOfCampus.get(order.target) ?? -1;
    const campus = campuses[place];
    if (campus === undefined) continue;
    const heeded = heed(frame, campus, order, instant);
    campuses[place] = heeded.campus;
    sayings.push(...heeded.sayings);
  }
  const queue = due.length === 0 ? state.queue : state.queue.filter((fact) => fact.tick >= beforeTick);
  return { state: { ...state, campuses, fleet, queue, scriptDone: state.scriptDone + scripted.length }, sayings };
}

/** What a person ordered, or that a campus left the grid by itself: for its contracts the same as a trip. */
function orderIn(frame: DeskFrame, state: FlexibilityState, fact: Fact): readonly Asked[] {
  if (fact.type === 'forecast.surge.v1') return surgeOrders(frame, state.fleet, fact);
  if (fact.type === 'control.audit.v1') return [askedBy(fact)];
  if (fact.type !== 'cluster.transfer.v1') return [];
  return [{ action: 'trip-campus', target: fact.entity, actor: 'campus', reason: 'transferred', id: fact.id, amountMw: null }];
}

function askedBy({ data, tick, n }: FactOf<'control.audit.v1'>): Asked {
  const { fromTime, untilTime, ...rest } = data;
  return {
    ...rest,
    id: `${data.target}-${tick}-${n}`,
    fromMs: fromTime === undefined ? undefined : fromWire(fromTime),
    untilMs: untilTime === undefined ? undefined : fromWire(untilTime),
  };
}

function heed(
  frame: DeskFrame,
  campus: CampusDesk,
  order: Asked,
  instant: Instant,
): { readonly campus: CampusDesk; readonly sayings: readonly Saying[] } {
  switch (order.action) {
    case 'curtail-campus':
      return takeRequest(frame, campus, order, instant);
    case 'extend-campus':
      return extendRequest(frame, campus, order);
    case 'release-campus':
      return releaseRequests(frame, campus, order);
    case 'trip-campus':
      return { campus: { ...campus, isTripped: true, inForce: nothingInForce }, sayings: [] };
    case 'return-campus':
      return { campus: { ...campus, isTripped: false }, sayings: [] };
    default:
      return { campus, sayings: [] };
  }
}

import type { Run, World } from '../../scenario/schema.js';
import { compareFacts, type Fact, type FactDataOf, type FactOf } from '../fact.js';
import type { Model } from '../model.js';
import { fromWire, minuteMs, type Instant } from '../ticks.js';
import { nothingInForce, pledge } from './inForce.js';
import { speakOffers } from './offers.js';
import { deskActions, deskFrameOf, initialDesk, localYear, type CampusDesk, type DeskFrame, type FlexibilityState } from './state.js';
import { speakTargets } from './targets.js';

type ToldRun = FactDataOf['cluster.progress.v1']['runs'][number];

/** States in which a run has power to give. */
const givingStates: readonly string[] = ['running', 'throttled', 'restoring'];

/**
 * The desk that sells the flexibility of campuses: offers in phase 1, load targets from what cleared in phase 3, budgets and events of
 * every contract. A campus that transfers itself is out from the next tick on, as after a trip.
 */
export function createFlexibilityModel(world: World): Model<FlexibilityState> {
  const frame = deskFrameOf(world);
  return {
    component: 'flexibility',
    hears: ['grid.clearing.v1', 'cluster.power.v1', 'cluster.progress.v1', 'control.outcome.v1', 'control.audit.v1', 'cluster.transfer.v1'],
    speaksIn: [1, 3],
    initial: () => initialDesk(world, frame),
    observe: (state, fact) => ({ state: hear(frame, state, fact), sayings: [] }),
    speak: (state, instant) =>
      instant.phase === 1 ? speakOffers(frame, openTick(frame, state, instant), instant) : speakTargets(frame, state, instant),
  };
}

function hear(frame: DeskFrame, state: FlexibilityState, fact: Fact): FlexibilityState {
  if (fact.type === 'grid.clearing.v1') return hearClearing(frame, state, fact);
  if (fact.type === 'cluster.power.v1') return hearPower(frame, state, fact);
  if (fact.type === 'cluster.progress.v1') return hearProgress(frame, state, fact);
  if (fact.type === 'control.outcome.v1')
    return withCampus(state, frame.placeOfCampus.get(fact.entity), (campus) => hearOutcome(campus, fact));
  const isOrder = fact.type === 'control.audit.v1' && fact.data.accepted && deskActions.includes(fact.data.action);
  if (!isOrder && fact.type !== 'cluster.transfer.v1') return state;
  return state.queue.some(({ id }) => id === fact.id) ? state : { ...state, queue: [...state.queue, fact] };
}

/** The state with one campus changed; the same where there is none at that place. */
function withCampus(state: FlexibilityState, place: number | undefined, change: (campus: CampusDesk) => CampusDesk): FlexibilityState {
  const campus = state.campuses[place ?? -1];
  return campus === undefined ? state : { ...state, campuses: state.campuses.with(place ?? -1, change(campus)) };
}

function hearClearing(frame: DeskFrame, state: FlexibilityState, { tick, data }: FactOf<'grid.clearing.v1'>): FlexibilityState {
  if (data.offers.length === 0) return state;
  const contracts = [...state.contracts];
  for (const { contract, clearedMw, priceUsdPerMwh, fromTime, toTime } of data.offers) {
    const place = frame.placeOfContract.get(contract) ?? -1;
    const desk = contracts[place];
    if (desk === undefined) continue;
    contracts[place] = { ...desk, cleared: { tick, mw: clearedMw, priceUsdPerMwh, fromMs: fromWire(fromTime), toMs: fromWire(toTime) } };
  }
  return { ...state, contracts };
}

function hearPower(frame: DeskFrame, state: FlexibilityState, { data }: FactOf<'cluster.power.v1'>): FlexibilityState {
  const powerMw = [...state.powerMw];
  for (const { campus, meanMw } of data.campuses) {
    const place = frame.placeOfCampus.get(campus);
    if (place !== undefined) powerMw[place] = meanMw;
  }
  return { ...state, powerMw };
}

function hearProgress(frame: DeskFrame, state: FlexibilityState, { data }: FactOf<'cluster.progress.v1'>): FlexibilityState {
  const giveMw = [...state.giveMw];
  for (let at = 0; at < data.runs.length; ) {
    const campus = data.runs[at]?.campus ?? '';
    const place = frame.placeOfCampus.get(campus);
    const known = frame.campuses[place ?? -1]?.runs ?? [];
    let mw = 0;
    // Runs of a campus stand beside each other, in the order of the world.
    for (let own = 0; data.runs[at]?.campus === campus; own++, at++) mw += givenBy(known, own, data.runs[at]);
    if (place !== undefined) giveMw[place] = mw;
  }
  return { ...state, giveMw };
}

/** What a run could still give, MW; found at its place among the runs of its campus, or by name where others are missing. */
function givenBy(known: readonly Run[], own: number, told: ToldRun | undefined): number {
  if (told === undefined || !givingStates.includes(told.state)) return 0;
  const run = known[own]?.id === told.run ? known[own] : known.find(({ id }) => id === told.run);
  return Math.max(0, told.powerMw - (run === undefined ? 0 : run.facilityMw * run.idleRatio));
}

/** What the campus answered to its newest load target: only then is a reduction in force. */
function hearOutcome(campus: CampusDesk, { data, timeMs }: FactOf<'control.outcome.v1'>): CampusDesk {
  const { target } = campus;
  if (data.order !== `loadtarget/${target.epoch}`) return campus;
  const isRefused = data.result === 'refused';
  const untilMs = isRefused ? null : target.untilMs;
  const given = { fromMs: target.fromMs, rampMs: target.rampMinutes * minuteMs, untilMs, reductionMw: data.reductionMw };
  const promisedRatio = target.reductionMw > 0 ? Math.min(1, data.reductionMw / target.reductionMw) : 1;
  return { ...campus, inForce: pledge(campus.inForce, given, timeMs), promisedRatio, isRefused };
}

/** Begins a tick: scripted and recorded orders of people take effect, and a new year brings new budgets. */
function openTick(frame: DeskFrame, state: FlexibilityState, instant: Instant): FlexibilityState {
  const year = localYear(frame, instant.startMs);
  const isSameYear = state.contracts.every((desk) => desk.year === year);
  const contracts = isSameYear ? state.contracts : state.contracts.map((desk) => ({ ...desk, year, hoursUsed: 0, eventsUsed: 0 }));
  const scripted = frame.script.slice(state.scriptDone).filter((entry) => entry.atMs <= instant.startMs);
  const due = state.queue.filter((fact) => fact.tick < instant.tick).sort(compareFacts);
  const orders: readonly Order[] = [
    ...scripted.map(({ action, target }) => ({ action, target, amountMw: null, actor: 'script' })),
    ...due.flatMap(orderIn),
  ];
  const campuses = orders.reduce<readonly CampusDesk[]>(
    (desks, order) => desks.map((campus) => (campus.campus === order.target ? obey(campus, order) : campus)),
    state.campuses,
  );
  return {
    ...state,
    campuses,
    contracts,
    queue: state.queue.filter((fact) => fact.tick >= instant.tick),
    scriptDone: state.scriptDone + scripted.length,
  };
}

interface Order {
  readonly action: string;
  readonly target: string;
  readonly amountMw: number | null;
  readonly actor: string;
}

/** What a person ordered, or that a campus left the grid by itself: for its contracts the same as a trip. */
function orderIn(fact: Fact): readonly Order[] {
  if (fact.type === 'cluster.transfer.v1') return [{ action: 'trip-campus', target: fact.entity, amountMw: null, actor: 'campus' }];
  if (fact.type !== 'control.audit.v1') return [];
  const { action, target, amountMw, actor } = fact.data;
  return [{ action, target, amountMw, actor }];
}

function obey(campus: CampusDesk, order: Order): CampusDesk {
  if (order.action === 'curtail-campus')
    return { ...campus, wish: { kind: 'curtail', amountMw: order.amountMw, reason: `ordered by ${order.actor}` } };
  if (order.action === 'release-campus')
    return { ...campus, wish: { kind: 'release', amountMw: null, reason: `released by ${order.actor}` } };
  if (order.action === 'trip-campus') return { ...campus, isTripped: true, inForce: nothingInForce };
  return order.action === 'return-campus' ? { ...campus, isTripped: false } : campus;
}

import type { World } from '../../scenario/schema.js';
import { compareFacts, type Fact, type FactDataOf, type FactOf } from '../fact.js';
import type { Model } from '../model.js';
import { fromWire, minuteMs, type Instant } from '../ticks.js';
import { byMoved, withArrival } from '../fleet/moved.js';
import { nothingInForce, pledge } from './inForce.js';
import { speakOffers } from './offers.js';
import {
  deskActions,
  deskFrameOf,
  initialDesk,
  localYear,
  type CampusDesk,
  type DeskFrame,
  type DeskSite,
  type FlexibilityState,
} from './state.js';
import { speakTargets } from './targets.js';

/** States in which a run has power to give. */
const givingStates: readonly string[] = ['running', 'throttled', 'restoring'];

/**
 * The desk that sells the flexibility of campuses: offers in phase 1, load targets from what cleared in phase 3, budgets and events of
 * every contract.
 */
export function createFlexibilityModel(world: World): Model<FlexibilityState> {
  const frameFor = byMoved((moved) => deskFrameOf(world, moved));
  return {
    component: 'flexibility',
    hears: [
      'grid.clearing.v1',
      'cluster.power.v1',
      'cluster.progress.v1',
      'cluster.move.v1',
      'cluster.resume.v1',
      'control.outcome.v1',
      'control.audit.v1',
    ],
    speaksIn: [1, 3],
    initial: () => initialDesk(world, frameFor([])),
    observe: (state, fact) => ({ state: hear(frameFor(state.moved), state, fact), sayings: [] }),
    speak: (state, instant) => {
      if (instant.phase !== 1) return speakTargets(frameFor(state.moved), state, instant);
      const open = openTick(frameFor(state.moved), state, instant);
      return speakOffers(frameFor(open.moved), open, instant);
    },
  };
}

function hear(frame: DeskFrame, state: FlexibilityState, fact: Fact): FlexibilityState {
  if (fact.type === 'grid.clearing.v1') return hearClearing(frame, state, fact);
  if (fact.type === 'cluster.power.v1') return hearPower(frame, state, fact);
  if (fact.type === 'cluster.progress.v1') return hearProgress(frame, state, fact);
  if (fact.type === 'control.outcome.v1')
    return withCampus(state, frame.placeOfCampus.get(fact.entity), (campus) => hearOutcome(campus, fact));
  if (!isQueued(state, fact)) return state;
  return state.queue.some(({ id }) => id === fact.id) ? state : { ...state, queue: [...state.queue, fact] };
}

function isQueued({ moved }: FlexibilityState, fact: Fact): boolean {
  if (fact.type === 'cluster.move.v1') return fact.data.step === 'arrived';
  if (fact.type === 'cluster.resume.v1') return moved.some(({ run, campus }) => run === fact.entity && campus !== fact.data.campus);
  return fact.type === 'control.audit.v1' && fact.data.accepted && deskActions.includes(fact.data.action);
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

function hearProgress(frame: DeskFrame, state: FlexibilityState, { region, data }: FactOf<'cluster.progress.v1'>): FlexibilityState {
  const { runs } = data;
  const giveMw = [...state.giveMw];
  // A campus whose runs have all left is not heard of.
  for (const place of frame.regions.find((other) => other.region === region)?.campuses ?? []) giveMw[place] = 0;
  for (let from = 0; from < runs.length; ) {
    const campus = runs[from]?.campus ?? '';
    const place = frame.placeOfCampus.get(campus) ?? -1;
    // Runs of a campus stand beside each other.
    let to = from + 1;
    while (to < runs.length && runs[to]?.campus === campus) to++;
    const site = frame.campuses[place];
    if (site !== undefined) giveMw[place] = givenBy(site, runs, from, to);
    from = to;
  }
  return { ...state, giveMw };
}

/** What some of the runs told could still give, MW: those of a site, in the order of the world where none is missing. */
function givenBy(site: DeskSite, runs: FactDataOf['cluster.progress.v1']['runs'], from: number, to: number): number {
  let mw = 0;
  for (let at = from; at < to; at++) {
    const run = runs[at];
    if (run === undefined || !givingStates.includes(run.state)) continue;
    const own = site.runs[at - from] === run.run ? at - from : site.runs.indexOf(run.run);
    mw += Math.max(0, run.powerMw - (site.idleMw[own] ?? 0));
  }
  return mw;
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
  const audits = due.flatMap((fact) => (fact.type === 'control.audit.v1' ? [fact.data] : []));
  const orders = [
    ...scripted.map(({ action, target }) => ({ action, target, amountMw: null, actor: 'script' })),
    ...audits.map(({ action, target, amountMw, actor }) => ({ action, target, amountMw, actor })),
  ];
  const campuses = orders.reduce<readonly CampusDesk[]>(
    (desks, order) => desks.map((campus) => (campus.campus === order.target ? obey(campus, order) : campus)),
    state.campuses,
  );
  return {
    ...state,
    campuses,
    contracts,
    moved: due.reduce(afterFact, state.moved),
    queue: state.queue.filter((fact) => fact.tick >= instant.tick),
    scriptDone: state.scriptDone + scripted.length,
  };
}

/** A run that has gone is nobody's until it goes on: what it cannot give yet must not be counted on. */
function afterFact(moved: FlexibilityState['moved'], fact: Fact): FlexibilityState['moved'] {
  if (fact.type === 'cluster.move.v1') return withArrival(moved, { run: fact.entity, campus: nowhere });
  return fact.type === 'cluster.resume.v1' ? withArrival(moved, { run: fact.entity, campus: fact.data.campus }) : moved;
}

const nowhere = '';

function obey(
  campus: CampusDesk,
  order: { readonly action: string; readonly amountMw: number | null; readonly actor: string },
): CampusDesk {
  if (order.action === 'curtail-campus')
    return { ...campus, wish: { kind: 'curtail', amountMw: order.amountMw, reason: `ordered by ${order.actor}` } };
  if (order.action === 'release-campus')
    return { ...campus, wish: { kind: 'release', amountMw: null, reason: `released by ${order.actor}` } };
  if (order.action === 'trip-campus') return { ...campus, isTripped: true, inForce: nothingInForce };
  return order.action === 'return-campus' ? { ...campus, isTripped: false } : campus;
}

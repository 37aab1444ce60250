import type { World } from '../../scenario/schema.js';
import { compareFacts, type Fact, type FactDataOf, type FactOf, type Saying } from '../fact.js';
import type { Model, Turn } from '../model.js';
import { fromWire, minuteMs, type Instant } from '../ticks.js';
import { watchBreach } from './breach.js';
import { accountPower, closeAccount, isInEvent } from './compliance.js';
import { byMoved, withArrival } from '../fleet/moved.js';
import { pledge } from './inForce.js';
import { givingStates, speakOffers } from './offers.js';
import { takeOrders } from './orders.js';
import { deskActions, deskFrameOf, localYear, type DeskFrame, type DeskSite } from './frame.js';
import { ownInferenceMw, seeTick } from './seen.js';
import { initialDesk, type CampusDesk, type FlexibilityState, type HeardPower, type LastPower } from './state.js';
import { speakTargets } from './targets.js';

/**
 * The desk that sells the flexibility of campuses: offers in phase 1, load targets from what cleared in phase 3, budgets and events of
 * every contract. A campus that transfers itself is out from the next tick on, as after a trip.
 */
export function createFlexibilityModel(world: World): Model<FlexibilityState> {
  const frameFor = byMoved((moved) => deskFrameOf(world, moved));
  return {
    component: 'flexibility',
    hears: [
      'grid.clearing.v1',
      'cluster.power.v1',
      'cluster.progress.v1',
      'control.outcome.v1',
      'control.audit.v1',
      'cluster.transfer.v1',
      'cluster.move.v1',
      'cluster.resume.v1',
      'buildout.block.v1',
      ...(world.forecast?.ask === undefined ? [] : (['forecast.surge.v1'] as const)),
    ],
    speaksIn: [1, 3, 4],
    initial: () => initialDesk(world, frameFor([])),
    observe: (state, fact) => ({ state: hear(frameFor(state.moved), state, fact), sayings: [] }),
    speak: (state, instant) => {
      if (instant.phase !== 1) return speakLast(frameFor(state.moved), state, instant);
      const arrived = withArrivals(state, instant);
      return speakFirst(frameFor(arrived.moved), arrived, instant);
    },
  };
}

function hear(frame: DeskFrame, state: FlexibilityState, fact: Fact): FlexibilityState {
  if (fact.type === 'grid.clearing.v1') return hearClearing(frame, state, fact);
  if (fact.type === 'cluster.power.v1') return hearPower(state, fact);
  if (fact.type === 'buildout.block.v1') return hearBlock(frame, state, fact);
  if (fact.type === 'cluster.progress.v1') return hearProgress(frame, state, fact);
  if (fact.type === 'control.outcome.v1')
    return withCampus(state, frame.placeOfCampus.get(fact.entity), (campus) => hearOutcome(campus, fact));
  if (!isQueued(state, fact)) return state;
  return state.queue.some(({ id }) => id === fact.id) ? state : { ...state, queue: state.queue.concat(fact) };
}

function isQueued({ moved }: FlexibilityState, fact: Fact): boolean {
  if (fact.type === 'cluster.transfer.v1' || fact.type === 'forecast.surge.v1') return true;
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

/** Where a block got power that is not firm whole, contracts may oblige its campus. */
function hearBlock(frame: DeskFrame, state: FlexibilityState, { entity, data }: FactOf<'buildout.block.v1'>): FlexibilityState {
  const { block, campus, capacityMw, firmMw = capacityMw } = data;
  const isMeant = ({ connection, campus: own }: DeskFrame['contracts'][number]): boolean =>
    own === campus && connection?.project === entity && connection.block === block;
  if (!frame.contracts.some(isMeant)) return state;
  return { ...state, notFirmMw: { ...state.notFirmMw, [`${entity}/${block}`]: capacityMw - firmMw } };
}

function hearPower(state: FlexibilityState, { data, timeMs }: FactOf<'cluster.power.v1'>): FlexibilityState {
  return { ...state, heard: [...state.heard, { startMs: timeMs, campuses: data.campuses }] };
}

/** [campuses]: what each drew last: as it was heard, or as it was known before. */
function lastPowers(frame: DeskFrame, { powers: known, heard }: FlexibilityState): readonly LastPower[] {
  const powers = [...known];
  for (const { startMs, campuses: said } of heard) {
    for (const told of said) {
      const place = frame.placeOfCampus.get(told.campus);
      if (place !== undefined) powers[place] = lastPower(startMs, told);
    }
  }
  return powers;
}

function lastPower(startMs: number, told: HeardPower['campuses'][number]): LastPower {
  const { meanMw, endMw, trainingMw, inferenceMw, reductionTargetMw: askedMw, imbalanceMw: shortMw } = told;
  const { consolidatedMw = 0, movedMw = 0, inferenceGiveMw = 0, arrivedMw = 0 } = told;
  const inferenceCutMw = consolidatedMw + movedMw;
  return { startMs, meanMw, endMw, trainingMw, inferenceMw, inferenceCutMw, inferenceGiveMw, arrivedMw, askedMw, shortMw };
}

/** The state with what campuses drew last known of each. */
function withPowers(frame: DeskFrame, state: FlexibilityState): FlexibilityState {
  if (state.heard.length === 0) return state;
  return { ...state, heard: [], powers: lastPowers(frame, state) };
}

function hearProgress(frame: DeskFrame, state: FlexibilityState, { data, region }: FactOf<'cluster.progress.v1'>): FlexibilityState {
  const { runs } = data;
  const campuses = [...state.campuses];
  const silent = new Set(frame.regions.find((other) => other.region === region)?.campuses);
  for (let from = 0; from < runs.length; ) {
    const id = runs[from]?.campus ?? '';
    // Runs of a campus stand beside each other.
    let to = from + 1;
    while (to < runs.length && runs[to]?.campus === id) to++;
    const place = frame.placeOfCampus.get(id) ?? -1;
    const [site, campus] = [frame.campuses[place], campuses[place]];
    const giveMw = site === undefined ? 0 : givenBy(site, runs, from, to);
    silent.delete(place);
    if (campus !== undefined && campus.giveMw !== giveMw) campuses[place] = { ...campus, giveMw };
    from = to;
  }
  // A campus whose runs have all left has nothing to give.
  for (const place of silent) {
    const campus = campuses[place];
    if (campus !== undefined && campus.giveMw !== 0) campuses[place] = { ...campus, giveMw: 0 };
  }
  const progress = [...state.progress.filter(({ region: other }) => other !== region), { region, runs: data.runs }];
  return { ...state, campuses, progress };
}

/** What some of the runs told could still give, MW: those of a site, in the order of the world where none is missing. */
function givenBy(site: DeskSite, runs: FactDataOf['cluster.progress.v1']['runs'], from: number, to: number): number {
  let mw = 0;
  for (let at = from; at < to; at++) {
    const run = runs[at];
    if (run === undefined || !givingStates.includes(run.state)) continue;
    const own = site.runs[at - from] === run.run ? at - from : site.runs.indexOf(run.run);
    mw += Math.max(0, run.powerMw - (site.leastMw[own] ?? 0));
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
  const inForce = pledge(campus.inForce, given, timeMs);
  return { ...campus, inForce, promisedRatio, isRefused, answer: data.reason, answeredEpoch: target.epoch };
}

/** Runs that left, or went on elsewhere, in an earlier tick count accordingly from now on. */
function withArrivals(state: FlexibilityState, { tick }: Instant): FlexibilityState {
  const moved = state.queue
    .filter((fact) => fact.tick < tick)
    .sort(compareFacts)
    .reduce(afterFact, state.moved);
  return moved === state.moved ? state : { ...state, moved };
}

const nowhere = '';

/** A run that has gone is nobody's until it goes on: what it cannot give yet must not be counted on. */
function afterFact(moved: FlexibilityState['moved'], fact: Fact): FlexibilityState['moved'] {
  if (fact.type === 'cluster.move.v1') return withArrival(moved, { run: fact.entity, campus: nowhere });
  return fact.type === 'cluster.resume.v1' ? withArrival(moved, { run: fact.entity, campus: fact.data.campus }) : moved;
}

/** Begins a tick: what the last one came to is accounted for, orders take effect, a new year brings new budgets; then the offers. */
function speakFirst(frame: DeskFrame, state: FlexibilityState, instant: Instant): Turn<FlexibilityState> {
  const year = localYear(frame, instant.startMs);
  const isSameYear = state.contracts.every((desk) => desk.year === year);
  const contracts = isSameYear ? state.contracts : state.contracts.map((desk) => ({ ...desk, year, hoursUsed: 0, eventsUsed: 0 }));
  const sayings: Saying[] = [];
  const powers = lastPowers(frame, state);
  const inEvent: number[] = [];
  const accounted = state.campuses.map((campus, place) => {
    const { event, breach, target } = campus;
    const power = powers[place];
    if (power === undefined || (event === null && breach === null && target.reductionMw <= 0)) return campus;
    if (isInEvent(frame, campus, power)) inEvent.push(place);
    const watched = watchBreach(frame, accountPower(frame, campus, power), power, instant.startMs);
    const closed = closeAccount(frame, watched.campus, instant.startMs);
    sayings.push(...watched.sayings, ...closed.sayings);
    return closed.campus;
  });
  const tick = {
    startMs: instant.startMs - frame.tickMs,
    trainingMw: powers.map(({ trainingMw }) => trainingMw),
    inferenceMw: powers.map(ownInferenceMw),
    inEvent,
  };
  const { campuses, ticks } = seeTick(frame, { ...state, campuses: accounted }, tick);
  const ordered = takeOrders(frame, { ...state, contracts, campuses, powers, ticks, heard: [] }, instant);
  const offers = speakOffers(frame, ordered.state, instant);
  return { state: offers.state, sayings: [...sayings, ...ordered.sayings, ...offers.sayings] };
}

/** Ends a tick with its load targets; between two ticks orders that have come since are taken up first. */
function speakLast(frame: DeskFrame, state: FlexibilityState, instant: Instant): Turn<FlexibilityState> {
  if (instant.phase !== 4) return speakTargets(frame, state, instant);
  const ordered = takeOrders(frame, withPowers(frame, state), instant);
  const targets = speakTargets(frame, ordered.state, instant);
  return { state: targets.state, sayings: [...ordered.sayings, ...targets.sayings] };
}

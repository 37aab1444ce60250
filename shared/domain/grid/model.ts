import type { World } from '../../scenario/schema.js';
import type { Fact, Saying } from '../fact.js';
import type { Model, Turn } from '../model.js';
import { fromWire, hourMs, type Instant } from '../ticks.js';
import { demandsNow, lookAhead } from './clearing.js';
import { applyActions } from './contingency.js';
import { at } from './dense.js';
import { assertBalance, type Dispatch } from './dispatch.js';
import { applyChanges } from './development.js';
import { regionSayings, type Outcome } from './facts.js';
import { applyFailures, linesOutOf, unitsOutOf } from './failures.js';
import { framesOf, inputOf, localDay, usedOf, type Frame } from './frame.js';
import { hear } from './hearing.js';
import { advanceNoise } from './noise.js';
import { solveByPivots } from './simplex/solve.js';
import type { LinearSolver, Solve } from './solver.js';
import { initialState, type GridState } from './state.js';
import { followingsOf, hearTelemetry } from './mirrored.js';
import { leavingOf } from './leaving.js';
import { hearForecast, requirementAt } from './requirement.js';
import { storedAfter, storageWorth } from './storage.js';
import { watch } from './watching.js';

export type { GridState } from './state.js';

/**
 * The grid of a world: dispatches every tick at least cost with the offers of flexible load as bids, and says what came of it, as far as
 * anybody hears it.
 */
export function createGridModel(world: World, solver: LinearSolver, isHeard?: Frame['isHeard']): Model<GridState> {
  return createGridModelWith(world, solveByPivots(solver), isHeard);
}

/** The same with a way of solving of one's own; every exact way gives the same facts. */
export function createGridModelWith(world: World, solve: Solve, isHeard: Frame['isHeard'] = () => true): Model<GridState> {
  const frameAt = framesOf(world, solve, isHeard);
  const observe = (state: GridState, fact: Fact): GridState => {
    if (fact.type === 'forecast.netdemand.v1') return hearForecast(world, state, fact);
    return fact.type === 'telemetry.demand.v1' ? hearTelemetry(frameAt(fact.timeMs), state, fact) : hear(world, state, fact);
  };
  return {
    component: 'grid-supply',
    hears: [
      'cluster.demand.v1',
      'cluster.power.v1',
      'cluster.transfer.v1',
      'control.offer.v1',
      'control.loadtarget.v1',
      'control.audit.v1',
      ...(world.forecast?.reserve === undefined ? [] : (['forecast.netdemand.v1'] as const)),
      ...(world.mirror === undefined ? [] : (['telemetry.demand.v1'] as const)),
    ],
    speaksIn: [2],
    initial: () => initialState(world, frameAt(fromWire(world.clock.startTime)).development.madeBefore),
    observe: (state, fact) => ({ state: observe(state, fact), sayings: [] }),
    speak: (state, instant) => speak(frameAt(instant.startMs), state, instant),
  };
}

function speak(frame: Frame, before: GridState, instant: Instant): Turn<GridState> {
  const { world } = frame;
  const happened = happen(frame, before, instant);
  const noise = advanceNoise(before.noise, instant, frame.noisy);
  const state = withFittingBasis(before, { ...happened.state, noise });
  const unitsOut = unitsOutOf(state);
  const topology = frame.topologyWithout(linesOutOf(state));
  const followings = followingsOf(state);
  const outlook = frame.outlookAt(instant.startMs, {
    campusMw: state.campuses.reduce((sum, campus) => sum + campus.wantMw, 0),
    unitsOut,
    followings,
  });
  const { budget } = state;
  const worth = world.network.storages.map((storage) => storageWorth(storage, outlook));
  const requirementMw = requirementAt(world, state, instant.startMs);
  const known = { unitsOut, noise, budget, outlook, worth, requirementMw, followings };
  const demands = demandsNow(frame, state, instant);
  const interval = { fromMs: instant.startMs, toMs: instant.startMs + instant.tickMs };
  // What campuses failed to deliver was covered by reserve, which is therefore in use until this dispatch has taken its place.
  const reserveInUseMw = state.campuses.reduce((sum, campus) => sum + campus.imbalanceMw, 0);
  const input = { ...inputOf(frame, known, { interval, storedMwh: state.storedMwh, ...demands }), reserveInUseMw };
  const dispatch = frame.dispatch(topology, input, state.warm);
  assertBalance(input, dispatch);
  const hours = instant.tickMs / hourMs;
  const storedMwh = world.network.storages.map((storage, place) =>
    storedAfter(storage, state.storedMwh[place] ?? 0, {
      chargeMw: at(dispatch.chargeMw, place),
      dischargeMw: at(dispatch.dischargeMw, place),
      hours,
    }),
  );
  const after = { ...state, storedMwh, budget: budgetAfter(frame, state, instant, dispatch) };
  const ahead = lookAhead(frame, after, { instant, known: { ...known, budget: after.budget }, topology, dispatch, storedMwh });
  const outcome = { input, dispatch, topology, storedMwh, offers: ahead.offers, campusMw: demands.campusMw };
  const dispatchWith = (campuses: GridState['campuses']): Outcome => {
    const whole = demandsNow(frame, { ...state, campuses }, instant);
    const wholeInput = { ...inputOf(frame, known, { interval, storedMwh: state.storedMwh, ...whole }), reserveInUseMw };
    return { ...outcome, input: wholeInput, dispatch: frame.dispatch(topology, wholeInput, dispatch.warm), campusMw: whole.campusMw };
  };
  const leaving = frame.isHeard('grid.frequency.v1') ? leavingOf(frame, state, instant, dispatchWith) : null;
  const watched = watch(frame, outcome, { instant, previousState: state.word, hasChanged: happened.hasChanged, leaving });
  const { mirrored } = state;
  const sayings: readonly Saying[] = [
    ...happened.sayings,
    ...(mirrored?.unsaid ?? []),
    ...regionSayings(frame, outcome),
    ...watched.sayings,
  ];
  const { left: _left, ...rest } = mirrored === undefined ? after : { ...after, mirrored: { ...mirrored, unsaid: [] } };
  return { state: { ...rest, word: watched.word, warm: dispatch.warm, cleared: ahead.cleared, aheadWarm: ahead.aheadWarm }, sayings };
}

/** What happens to the grid at a tick before it is dispatched: acts of the script and of people, failures, planned changes. */
function happen(frame: Frame, before: GridState, instant: Instant): Turn<GridState> & { readonly hasChanged: boolean } {
  const { world, isInService } = frame;
  const acted = applyActions(frame, before, instant);
  const failed = applyFailures(frame.failures, acted.state, { world, isInService, instant });
  const changed = applyChanges(frame.development, failed.state, { world, instant });
  const sayings = [...acted.sayings, ...failed.sayings, ...changed.sayings];
  return {
    state: changed.state,
    sayings,
    hasChanged: sayings.length > 0,
  };
}

/** Forgets the bases when lines went out or came back, or the grid itself changed: they belong to another problem. */
function withFittingBasis(before: GridState, state: GridState): GridState {
  const isSame = before.changesMade === state.changesMade && linesOutOf(before).join(' ') === linesOutOf(state).join(' ');
  return isSame ? state : { ...state, warm: null, aheadWarm: [] };
}

function budgetAfter(frame: Frame, state: GridState, instant: Instant, dispatch: Dispatch): GridState['budget'] {
  const { world, grid } = frame;
  const day = localDay(world, instant.startMs);
  if (grid.budgetedUnits.length === 0) return { day, usedMwh: state.budget.usedMwh };
  const usedMwh = world.network.units.map(() => 0);
  for (const place of grid.budgetedUnits) {
    const beforeMwh = usedOf(world, state.budget, { unit: place, atMs: instant.startMs });
    usedMwh[place] = beforeMwh + (at(dispatch.generationMw, place) * instant.tickMs) / hourMs;
  }
  return { day, usedMwh };
}

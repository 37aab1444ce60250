import type { Fact, FactDataOf, FactOf } from '../fact.js';
import { pledge } from '../flexibility/inForce.js';
import { fromWire, minuteMs } from '../ticks.js';
import type { GridWorld } from './grid.js';
import type { CampusView, GridState } from './state.js';

type Target = FactDataOf['control.loadtarget.v1']['targets'][number];

/** The state after a fact; what the model does not listen to leaves it as it is. */
export function hear(world: GridWorld, state: GridState, fact: Fact): GridState {
  switch (fact.type) {
    case 'cluster.demand.v1':
      return withCampuses(world, state, fact.data.campuses, (view, said) =>
        view.wantMw === said.wantMw ? view : { ...view, wantMw: said.wantMw },
      );
    case 'cluster.power.v1':
      return withCampuses(world, state, fact.data.campuses, (view, said) =>
        view.imbalanceMw === said.imbalanceMw ? view : { ...view, imbalanceMw: said.imbalanceMw },
      );
    case 'control.loadtarget.v1':
      return withCampuses(world, state, fact.data.targets, (view, said) =>
        said.epoch > view.epoch ? asked(view, said, fact.timeMs) : view,
      );
    case 'control.offer.v1': {
      const offers = [...state.offers];
      for (const offer of fact.data.offers) {
        const place = placesOf(world).ofContract.get(offer.contract);
        if (place !== undefined) offers[place] = offer;
      }
      return { ...state, offers };
    }
    case 'control.audit.v1':
      return heardAction(state, fact);
    default:
      return state;
  }
}

function withCampuses<Said extends { readonly campus: string }>(
  world: GridWorld,
  state: GridState,
  said: readonly Said[],
  change: (view: CampusView, said: Said) => CampusView,
): GridState {
  const campuses = [...state.campuses];
  for (const own of said) {
    const place = placesOf(world).ofCampus.get(own.campus);
    const view = campuses[place ?? -1];
    if (place !== undefined && view !== undefined) campuses[place] = change(view, own);
  }
  return { ...state, campuses };
}

interface Places {
  readonly ofCampus: ReadonlyMap<string, number>;
  readonly ofContract: ReadonlyMap<string, number>;
}

const knownPlaces = new WeakMap<GridWorld, Places>();

/** Places of the campuses and contracts of a world. */
function placesOf(world: GridWorld): Places {
  const known = knownPlaces.get(world);
  if (known !== undefined) return known;
  const places = {
    ofCampus: new Map(world.campuses.map(({ id }, place) => [id, place])),
    ofContract: new Map(world.contracts.map(({ id }, place) => [id, place])),
  };
  knownPlaces.set(world, places);
  return places;
}

function asked(view: CampusView, target: Target, nowMs: number): CampusView {
  const given = {
    fromMs: fromWire(target.fromTime),
    rampMs: target.rampMinutes * minuteMs,
    untilMs: target.untilTime === null ? null : fromWire(target.untilTime),
    reductionMw: target.reductionMw,
  };
  return { ...view, epoch: target.epoch, isContracted: target.contracts.length > 0, asked: pledge(view.asked, given, nowMs) };
}

function heardAction(state: GridState, fact: FactOf<'control.audit.v1'>): GridState {
  const { action, target, reason, accepted } = fact.data;
  const isOurs = action === 'trip-unit' || action === 'return-unit' || action === 'trip-line' || action === 'return-line';
  return accepted && isOurs ? { ...state, heard: [...state.heard, { tick: fact.tick, action, target, reason }] } : state;
}

import type { Campus, Contract } from '../../scenario/schema.js';
import { floatAt } from '../grid/dense.js';
import { createDispatcher, type Dispatch, type Warm } from '../grid/dispatch.js';
import { prepareGrid, type Grid, type GridWorld } from '../grid/grid.js';
import type { Security } from '../grid/limits.js';
import type { DispatchInput } from '../grid/problem.js';
import type { Solve } from '../grid/solver.js';
import type { SitingEra } from './eras.js';

/** What is asked about a bus. */
export type Question =
  /** MW that could be served there whatever it costs, with nothing taken from load that is there. */
  | { readonly kind: 'spare' }
  /** MW that could be served there for at most so much a MWh. */
  | { readonly kind: 'cheap'; readonly usdPerMwh: number };

/** Answer of one hour. */
export interface Probed {
  readonly mw: number;
  /** Load elsewhere and of the bus itself that is not served, MW. */
  readonly shedMw: number;
  readonly dispatch: Dispatch;
  /** Its arrays are used again for the next hour. */
  readonly input: DispatchInput;
}

/** A grid with a campus at one bus that takes all it can get: one dispatch an hour tells how much that is. */
export interface Probe {
  readonly grid: Grid;
  at(hour: number): Probed;
}

/** Above the tie-breaks of a few hundred groups of units, so that units at exactly the price asked for are taken, USD/MWh. */
const aboveTiesUsdPerMwh = 1e-4;
/** In `spare`, a MW of the campus is worth 1, and a MW of load that is there so much: no way round the lines trades one for the other. */
const oldLoadWorth = 10_000;

/** A probe of an era at a bus, by place. */
export function createProbe(
  era: SitingEra,
  bus: number,
  how: { readonly question: Question; readonly security: Security; readonly solve: Solve },
): Probe {
  const grid = prepareGrid(askingWorld(era, bus, how.question));
  const dispatch = createDispatcher(grid, how.solve, how.security);
  const loadMw = new Float64Array(grid.regionOfBus.length);
  const input: DispatchInput = {
    hours: 1,
    availableMw: new Float64Array(grid.busOfUnit.length),
    costUsdPerMwh: Float64Array.from(grid.groups, (group) => group.costUsdPerMwh),
    loadMw,
    requirementMw: 0,
    reserveInUseMw: 0,
    storages: [],
    bids: [{ standingMw: 0, freshMw: era.beyondMw }],
  };
  let warm: Warm | null = null;
  return {
    grid,
    at: (hour) => {
      era.hours.loadMw(hour, loadMw);
      era.hours.availableMw(hour, input.availableMw);
      loadMw[bus] = floatAt(loadMw, bus) + era.beyondMw;
      const found: Dispatch = dispatch(era.topology, input, warm);
      warm = found.warm;
      let shedMw = 0;
      for (let place = 0; place < found.shedMw.length; place++) shedMw += floatAt(found.shedMw, place);
      return { mw: Math.max(0, era.beyondMw - floatAt(found.bidMw, 0)), shedMw, dispatch: found, input };
    },
  };
}

/** The world of an era with a campus that gives up what it cannot have, at the price it would pay. */
function askingWorld({ grid }: SitingEra, bus: number, question: Question): GridWorld {
  const { world } = grid;
  const id = world.network.buses[bus]?.id ?? '';
  const strikeUsdPerMwh = question.kind === 'cheap' ? question.usdPerMwh + aboveTiesUsdPerMwh : 1;
  const asking = { ...world, campuses: [{ ...campus, bus: id }], contracts: [{ ...contract, strikeUsdPerMwh }] };
  if (question.kind === 'cheap') return asking;
  const units = world.network.units.map((unit) => ({ ...unit, costUsdPerMwh: 0, costCurve: null }));
  return { ...asking, network: { ...world.network, units }, lostLoadUsdPerMwh: oldLoadWorth };
}

const campus: Omit<Campus, 'bus'> = {
  id: 'asking',
  name: 'asking',
  limitMw: 0,
  inferenceMinMw: 0,
  inferenceMaxMw: 0,
  inferencePeakHour: 0,
  rampUpRatio: 1,
};
const contract: Omit<Contract, 'strikeUsdPerMwh'> = {
  id: 'asking',
  campus: 'asking',
  tranche: 'pause',
  maxReductionMw: 0,
  maxSiteRatio: 1,
  noticeMinutes: 0,
  rampMinutes: 0,
  maxEventHours: 1,
  eventsPerYear: 0,
  hoursPerYear: 0,
  penaltyUsdPerMwh: 0,
  capRatio: 1,
  resumeDelayMinutesMax: 0,
};

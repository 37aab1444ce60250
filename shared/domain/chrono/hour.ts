import type { World } from '../../scenario/schema.js';
import type { DcConvention } from '../grid/convention.js';
import { floatAt } from '../grid/dense.js';
import { createDispatcher, type Dispatch, type Warm } from '../grid/dispatch.js';
import { prepareGrid, type Grid } from '../grid/grid.js';
import { limitsOf, type Limits, type Security } from '../grid/limits.js';
import type { DispatchInput } from '../grid/problem.js';
import type { Solve } from '../grid/solver.js';
import { topologyOf, type Topology } from '../grid/topology.js';
import type { Point } from './points.js';
import { reserveMwOf, reservoirOf, type Reservoir } from './reservoir.js';

/** What an hour is about, whatever its reservoirs do. */
export interface HourBase {
  /** [buses]: campuses included, MW. */
  readonly loadMw: Float64Array;
  /** [units], MW. */
  readonly availableMw: Float64Array;
  /** [contracts]: reductions that may be called, MW. */
  readonly callableMw: Float64Array;
}

/** What its reservoirs do, and what its units can do after the hour before. */
export interface HourChoice {
  /** [reservoirs]: taken from the grid; below 0 given, MW. */
  readonly netMw: Float64Array;
  /** [reservoirs]: energy at the start of the hour, MWh. */
  readonly storedMwh: Float64Array;
  /** [units]: least and most that ramps allow, MW; null where they do not matter. */
  readonly ramps: { readonly leastMw: Float64Array; readonly mostMw: Float64Array } | null;
}

/** A grid whose hours can be dispatched one by one, with reservoirs that do as they are told. */
export interface HourKernel {
  readonly grid: Grid;
  readonly reservoirs: readonly Reservoir[];
  dispatch(base: HourBase, choice: HourChoice): Point;
  /** The same grid with its storages, for hours that are dispatched together. */
  readonly tie: { readonly grid: Grid; readonly topology: Topology; readonly limits: Limits };
  /** An hour for that. */
  tiedInputOf(base: HourBase, storedMwh: Float64Array): DispatchInput;
  /** What is paid for an hour as it was dispatched: fuel, load not served, reserve not held, reductions called, USD. */
  costUsdOf(dispatch: Dispatch): number;
  /** Load and availability of an hour as the dispatch sees them, for what is made of its result. */
  inputOf(base: HourBase, choice: HourChoice): DispatchInput;
}

/** Prepares the hours of a world: storages become load and supply that was decided before. */
export function hourKernel(
  world: World,
  how: { readonly convention: DcConvention; readonly security: Security; readonly solve: Solve },
): HourKernel {
  const { storages } = world.network;
  const plain = prepareGrid({ ...world, network: { ...world.network, storages: [] } });
  const busOfReservoir = storages.map(({ bus }) => world.network.buses.findIndex(({ id }) => id === bus));
  // What a storage gives, and what units must deliver because they cannot come down faster, may be too much for a bus.
  const grid: Grid = { ...plain, surplusBuses: unique([...plain.surplusBuses, ...busOfReservoir]) };
  const rampGrid: Grid = { ...plain, surplusBuses: unique([...grid.surplusBuses, ...plain.busOfUnit]) };
  const tieGrid: Grid = { ...prepareGrid(world), surplusBuses: rampGrid.surplusBuses };
  const reservoirs = storages.map(reservoirOf);
  const costUsdPerMwh = Float64Array.from(grid.groups, (group) => group.costUsdPerMwh);

  const inputOf = (base: HourBase, { netMw, storedMwh, ramps }: HourChoice): DispatchInput => {
    const loadMw = base.loadMw.slice();
    let heldMw = 0;
    reservoirs.forEach((reservoir, place) => {
      const bus = busOfReservoir[place] as number;
      loadMw[bus] = floatAt(loadMw, bus) + floatAt(netMw, place);
      heldMw += reserveMwOf(reservoir, floatAt(storedMwh, place), floatAt(netMw, place));
    });
    return {
      hours: 1,
      availableMw: ramps === null ? base.availableMw : base.availableMw.map((mw, unit) => Math.min(mw, floatAt(ramps.mostMw, unit))),
      ...(ramps === null ? {} : { leastMw: ramps.leastMw }),
      costUsdPerMwh,
      loadMw,
      requirementMw: world.reserve.requirementMw,
      // What reservoirs hold ready counts as reserve; the dispatch itself knows nothing of them.
      reserveInUseMw: -heldMw,
      storages: [],
      bids: Array.from(base.callableMw, (freshMw) => ({ standingMw: 0, freshMw })),
    };
  };

  const topology = topologyOf(grid, [], how.convention);
  const [freely, ramped] = [grid, rampGrid].map((each) => {
    const dispatcher = createDispatcher(each, how.solve, how.security);
    let warm: Warm | null = null;
    return (input: DispatchInput): Dispatch => {
      const found = dispatcher(topology, input, warm);
      warm = found.warm;
      return found;
    };
  }) as [(input: DispatchInput) => Dispatch, (input: DispatchInput) => Dispatch];

  const costUsdOf = (found: Dispatch): number => found.costUsd + shortageUsdOf(world.reserve, found.reserveMw) + calledUsd(world, found);
  return {
    grid,
    reservoirs,
    inputOf,
    costUsdOf,
    tie: { grid: tieGrid, topology, limits: limitsOf(tieGrid, topology, how.security) },
    tiedInputOf: (base, storedMwh) => ({
      ...inputOf(base, { netMw: new Float64Array(reservoirs.length), storedMwh: new Float64Array(reservoirs.length), ramps: null }),
      reserveInUseMw: 0,
      storages: Array.from(storedMwh, (mwh) => ({ storedMwh: mwh, chargeValueUsdPerMwh: 0, dischargeValueUsdPerMwh: 0 })),
    }),
    dispatch: (base, choice) => {
      const found = (choice.ramps === null ? freely : ramped)(inputOf(base, choice));
      return {
        netMw: choice.netMw,
        costUsd: costUsdOf(found),
        slopeUsdPerMwh: Float64Array.from(reservoirs, (reservoir, place) => {
          const gainsMw = reserveGainRatio(reservoir, floatAt(choice.storedMwh, place), floatAt(choice.netMw, place));
          return floatAt(found.busPriceUsdPerMwh, busOfReservoir[place] as number) - gainsMw * found.scarcityUsdPerMwh;
        }),
        dispatch: found,
      };
    },
  };
}

/** Reserve gained by one MW more taken from the grid. */
function reserveGainRatio(reservoir: Reservoir, storedMwh: number, netMw: number): number {
  const heldMw = reserveMwOf(reservoir, storedMwh, netMw);
  if (heldMw <= 0) return 0;
  return netMw <= 0 || reservoir.dischargeMw + netMw < storedMwh * reservoir.dischargeEfficiencyRatio ? 1 : 0;
}

/** What missing reserve costs for an hour: the steps in their order, the last one as wide as need be, USD. */
export function shortageUsdOf(
  { requirementMw, shortageSteps }: Pick<World['reserve'], 'requirementMw' | 'shortageSteps'>,
  heldMw: number,
): number {
  let missingMw = Math.max(0, requirementMw - heldMw);
  let usd = 0;
  shortageSteps.forEach((step, place) => {
    const mw = place === shortageSteps.length - 1 ? missingMw : Math.min(step.widthMw, missingMw);
    usd += mw * step.priceUsdPerMwh;
    missingMw -= mw;
  });
  return usd;
}

function calledUsd(world: World, { bidMw }: Dispatch): number {
  return world.contracts.reduce((sum, contract, place) => sum + contract.strikeUsdPerMwh * floatAt(bidMw, place), 0);
}

function unique(places: readonly number[]): number[] {
  return [...new Set(places)].sort((a, b) => a - b);
}

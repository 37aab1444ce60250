import type { World } from '../../scenario/schema.js';
import { fromWire, hourMs } from '../ticks.js';
import { erasOf } from './changes.js';
import type { DcConvention } from './convention.js';
import { at } from './dense.js';
import { createDispatcher, type Dispatch, type Warm } from './dispatch.js';
import { prepareGrid, type Grid } from './grid.js';
import { hoursOf } from './hours.js';
import type { Security } from './limits.js';
import type { DispatchInput } from './problem.js';
import type { Solve } from './solver.js';
import { topologyOf } from './topology.js';

/** Which hours of a world to dispatch one by one, and how. */
export interface HourlyRun {
  /** Counted from the start of the world; `toHour` is not included. */
  readonly fromHour: number;
  readonly toHour: number;
  readonly convention: DcConvention;
  readonly security: Security;
  readonly outageSeed: number | null;
  readonly solve: Solve;
}

/** One hour of a run; arrays belong to the grid of its era, and input arrays are used again for the next hour. */
export interface DispatchedHour {
  readonly hour: number;
  readonly grid: Grid;
  readonly input: DispatchInput;
  readonly dispatch: Dispatch;
}

/**
 * Dispatches hour by hour at least cost under line limits, each on its own: no storage, no ramps, no reserve, units from 0 (or their
 * least output when they always run) to what they can deliver. The hours are prepared before the first is asked for.
 */
export function prepareHourly(world: World, run: HourlyRun): () => Generator<DispatchedHour> {
  const startMs = fromWire(world.clock.startTime);
  const msOf = (hour: number): number => startMs + hour * hourMs;
  const eras = erasOf(world, { fromMs: msOf(run.fromHour), toMs: msOf(run.toHour) }).map((era) => {
    const grid = prepareGrid(hourlyWorld({ ...world, network: era.network }));
    const fromHour = Math.max(run.fromHour, Math.ceil((era.fromMs - startMs) / hourMs));
    const toHour = Math.min(run.toHour, Math.ceil((era.toMs - startMs) / hourMs));
    return {
      grid,
      topology: topologyOf(grid, [], run.convention),
      hours: hoursOf(world, grid, era, { fromHour, toHour, outageSeed: run.outageSeed }),
      dispatch: createDispatcher(grid, run.solve, run.security),
    };
  });
  return function* () {
    for (const { grid, topology, hours, dispatch } of eras) {
      const input: DispatchInput = {
        hours: 1,
        availableMw: new Float64Array(grid.busOfUnit.length),
        costUsdPerMwh: Float64Array.from(grid.groups, (group) => group.costUsdPerMwh),
        loadMw: new Float64Array(grid.regionOfBus.length),
        requirementMw: 0,
        reserveInUseMw: 0,
        storages: [],
        bids: [],
      };
      let warm: Warm | null = null;
      for (let hour = hours.fromHour; hour < hours.toHour; hour++) {
        hours.loadMw(hour, input.loadMw);
        hours.availableMw(hour, input.availableMw);
        const found: Dispatch = dispatch(topology, input, warm);
        warm = found.warm;
        yield { hour, grid, input, dispatch: found };
      }
    }
  };
}

/** The parts of a world that hours on their own are about. */
export function hourlyWorld(world: World): World {
  return {
    ...world,
    campuses: [],
    contracts: [],
    reserve: { ...world.reserve, requirementMw: 0, shortageSteps: [] },
    network: { ...world.network, storages: [] },
  };
}

/** What units could deliver in an hour beyond load, whatever lines allow; storages and imports do not count. Below 0: short of load. */
export interface ReserveMargin {
  readonly hour: number;
  readonly netMarginMw: number;
  readonly netMarginRatio: number;
}

/** The margin of an hour. */
export function marginOf({ hour, input }: Pick<DispatchedHour, 'hour'> & Pick<TalliedHour, 'input'>): ReserveMargin {
  const [availableMw, loadMw] = [totalOf(input.availableMw), totalOf(input.loadMw)];
  const netMarginMw = availableMw - loadMw;
  return { hour, netMarginMw, netMarginRatio: loadMw > 0 ? netMarginMw / loadMw : 0 };
}

function totalOf(values: Float64Array): number {
  let sum = 0;
  for (let place = 0; place < values.length; place++) sum += at(values, place);
  return sum;
}

/** Sums over the hours of a run. */
export interface Totals {
  readonly hours: number;
  readonly costUsd: number;
  readonly unservedMwh: number;
  readonly surplusMwh: number;
  readonly curtailedMwh: number;
  readonly carbonKg: number;
  readonly fallbackHours: number;
  /** By source, MWh, in the order of the first unit of each. */
  readonly energyMwh: ReadonlyMap<string, number>;
  /** By unit whose availability moves: what it could have delivered and did not, MWh. */
  readonly curtailedByUnitMwh: ReadonlyMap<string, number>;
  /** By bus, MWh. */
  readonly unservedByBusMwh: ReadonlyMap<string, number>;
  /** By line: hours in which its limit was reached, and the largest share of its rating. */
  readonly congestion: ReadonlyMap<string, { readonly hours: number; readonly largestRatio: number }>;
  /** The hour in which units could deliver least beyond load, by share of load; null before any hour. */
  readonly leastMargin: ReserveMargin | null;
  /** Prices weighted by load, USD/MWh. */
  readonly loadMwh: number;
  readonly loadCostUsd: number;
}

/** What a sum reads of an hour, however it was dispatched. */
export interface TalliedHour {
  readonly hour: number;
  readonly grid: { readonly world: Pick<World, 'network'> };
  readonly input: Pick<DispatchInput, 'availableMw' | 'loadMw'>;
  readonly dispatch: Pick<Dispatch, 'costUsd' | 'solves' | 'generationMw' | 'netFlowMw' | 'shedMw' | 'surplusMw' | 'busPriceUsdPerMwh'>;
}

/** Adds up hours as they come, in flat memory; what is below `leastMw`, or that little short of a rating, is rounding. */
export function createTally(leastMw = 1e-9): { add(hour: TalliedHour): void; totals(): Totals } {
  const energyMwh = new Map<string, number>();
  const curtailedByUnitMwh = new Map<string, number>();
  const unservedByBusMwh = new Map<string, number>();
  const congestion = new Map<string, { hours: number; largestRatio: number }>();
  const sum = {
    hours: 0,
    costUsd: 0,
    unservedMwh: 0,
    surplusMwh: 0,
    curtailedMwh: 0,
    carbonKg: 0,
    fallbackHours: 0,
    loadMwh: 0,
    loadCostUsd: 0,
  };
  let leastMargin: ReserveMargin | null = null;
  const more = (map: Map<string, number>, key: string, mwh: number): void => void map.set(key, (map.get(key) ?? 0) + mwh);
  return {
    add({ hour, grid, input, dispatch }) {
      const margin = marginOf({ hour, input });
      if (leastMargin === null || margin.netMarginRatio < leastMargin.netMarginRatio) leastMargin = margin;
      const { units, buses, lines } = grid.world.network;
      sum.hours++;
      sum.costUsd += dispatch.costUsd;
      if (dispatch.solves > 0) sum.fallbackHours++;
      units.forEach((unit, place) => {
        const mw = at(dispatch.generationMw, place);
        more(energyMwh, unit.source, mw);
        sum.carbonKg += mw * unit.carbonKgPerMwh;
        const leftMw = unit.availability === null ? 0 : at(input.availableMw, place) - mw;
        if (leftMw <= leastMw) return;
        sum.curtailedMwh += leftMw;
        more(curtailedByUnitMwh, unit.id, leftMw);
      });
      buses.forEach((bus, place) => {
        const loadMw = at(input.loadMw, place);
        sum.loadMwh += loadMw;
        sum.loadCostUsd += loadMw * at(dispatch.busPriceUsdPerMwh, place);
        sum.surplusMwh += at(dispatch.surplusMw, place);
        const shedMw = at(dispatch.shedMw, place);
        if (shedMw <= leastMw) return;
        sum.unservedMwh += shedMw;
        more(unservedByBusMwh, bus.id, shedMw);
      });
      lines.forEach((line, place) => {
        if (line.ratingMw === null) return;
        const ratio = Math.abs(at(dispatch.netFlowMw, place)) / line.ratingMw;
        if (ratio < 1 - leastMw) return;
        const known = congestion.get(line.id) ?? { hours: 0, largestRatio: 0 };
        congestion.set(line.id, { hours: known.hours + 1, largestRatio: Math.max(known.largestRatio, ratio) });
      });
    },
    totals: () => ({ ...sum, leastMargin, energyMwh, curtailedByUnitMwh, unservedByBusMwh, congestion }),
  };
}

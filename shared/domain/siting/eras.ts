import type { World } from '../../scenario/schema.js';
import { erasOf } from '../grid/changes.js';
import { floatAt } from '../grid/dense.js';
import { prepareGrid, type Grid } from '../grid/grid.js';
import { hourlyWorld, type HourlyRun } from '../grid/hourly.js';
import { hoursOf, type Hours } from '../grid/hours.js';
import { topologyOf, type Topology } from '../grid/topology.js';
import { fromWire, hourMs } from '../ticks.js';

/** Which hours of a world sites are judged by, and how they are dispatched; no unit fails by chance. */
export type SitingRun = Omit<HourlyRun, 'outageSeed'>;

/** Hours between two changes of a network, without campuses, storages and reserve: what a new load is put into. */
export interface SitingEra {
  /** Place of its first hour among those of the run. */
  readonly firstPlace: number;
  readonly grid: Grid;
  readonly hours: Hours;
  readonly topology: Topology;
  /** More than all units together could deliver in any of its hours, MW. */
  readonly beyondMw: number;
}

/** The eras of a run, in order. */
export function sitingErasOf(world: World, run: SitingRun): SitingEra[] {
  const startMs = fromWire(world.clock.startTime);
  const msOf = (hour: number): number => startMs + hour * hourMs;
  return erasOf(world, { fromMs: msOf(run.fromHour), toMs: msOf(run.toHour) }).map((era) => {
    const grid = prepareGrid(hourlyWorld({ ...world, network: era.network }));
    const fromHour = Math.max(run.fromHour, Math.ceil((era.fromMs - startMs) / hourMs));
    const toHour = Math.min(run.toHour, Math.ceil((era.toMs - startMs) / hourMs));
    const hours = hoursOf(world, grid, era, { fromHour, toHour, outageSeed: null });
    return {
      firstPlace: fromHour - run.fromHour,
      grid,
      hours,
      topology: topologyOf(grid, [], run.convention),
      beyondMw: beyondMwOf(grid, hours),
    };
  });
}

function beyondMwOf(grid: Grid, hours: Hours): number {
  const availableMw = new Float64Array(grid.busOfUnit.length);
  let mostMw = 0;
  for (let hour = hours.fromHour; hour < hours.toHour; hour++) {
    hours.availableMw(hour, availableMw);
    let mw = 0;
    for (let unit = 0; unit < availableMw.length; unit++) mw += floatAt(availableMw, unit);
    mostMw = Math.max(mostMw, mw);
  }
  return Math.ceil(mostMw) + 1;
}

/** Load at a bus that is the same in every hour. */
export interface FlatLoad {
  readonly bus: string;
  readonly mw: number;
}

/** The world with loads that are the same in every hour. */
export function withFlatLoads(world: World, loads: readonly FlatLoad[]): World {
  if (loads.length === 0) return world;
  const moreMw = new Map<string, number>();
  for (const { bus, mw } of loads) moreMw.set(bus, (moreMw.get(bus) ?? 0) + mw);
  const buses = world.network.buses.map((bus) => ({ ...bus, fixedLoadMw: bus.fixedLoadMw + (moreMw.get(bus.id) ?? 0) }));
  return { ...world, network: { ...world.network, buses } };
}

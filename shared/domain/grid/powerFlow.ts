import { at } from './dense.js';
import type { Grid } from './grid.js';
import type { Topology } from './topology.js';

/** A linear power flow. */
export interface PowerFlow {
  /** [buses], degrees; 0 at the reference of each island. */
  readonly angleDegrees: Float64Array;
  /** [lines]: from the first to the second bus; negative the other way, MW. */
  readonly netFlowMw: Float64Array;
  /** [islands]: what its reference puts in beyond its own schedule so that supply meets load, MW. */
  readonly netBalancingMw: Float64Array;
  /** [buses]: what goes in, less what is taken out, without that; MW. */
  readonly netInjectionMw: Float64Array;
}

/** What goes in and out of a network at one instant. */
export interface Injections {
  /** [units] */
  readonly generationMw: ArrayLike<number>;
  /** [buses]: load served, less power put out of use there; negative: feeds in. */
  readonly loadMw: ArrayLike<number>;
  /** [links]: from the first to the second bus; negative the other way. */
  readonly netLinkMw: ArrayLike<number>;
}

/** Angles and flows for the scheduled output of units and links and the fixed load of buses; whoever has no schedule delivers nothing. */
export function powerFlowOf(grid: Grid, topology: Topology): PowerFlow {
  const { buses, units, links } = grid.world.network;
  return powerFlowAt(grid, topology, {
    generationMw: units.map(({ scheduledMw }) => scheduledMw ?? 0),
    loadMw: buses.map(({ fixedLoadMw, shuntMw }) => fixedLoadMw + shuntMw),
    netLinkMw: links.map(({ scheduledMw }) => scheduledMw ?? 0),
  });
}

/** Angles and flows for what units, loads and links put in and take out. */
export function powerFlowAt(grid: Grid, topology: Topology, { generationMw, loadMw, netLinkMw }: Injections): PowerFlow {
  const { buses, lines } = grid.world.network;
  const netMw = Float64Array.from(buses, (_, bus) => -(loadMw[bus] ?? 0));
  const add = (bus: number, mw: number): void => {
    netMw[bus] = at(netMw, bus) + mw;
  };
  grid.busOfUnit.forEach((bus, unit) => add(bus, generationMw[unit] ?? 0));
  grid.linkEnds.forEach(([from, to], link) => {
    add(from, -(netLinkMw[link] ?? 0));
    add(to, netLinkMw[link] ?? 0);
  });
  const netBalancingMw = new Float64Array(topology.islandCount);
  netMw.forEach((mw, bus) => {
    const island = at(topology.islandOfBus, bus);
    netBalancingMw[island] = at(netBalancingMw, island) - mw;
  });
  const angleRad = new Float64Array(buses.length);
  const netFlowMw = new Float64Array(lines.length);
  topology.angles(netMw, angleRad);
  topology.flows(netMw, netFlowMw);
  return { angleDegrees: angleRad.map((rad) => (rad * 180) / Math.PI), netFlowMw, netBalancingMw, netInjectionMw: netMw };
}

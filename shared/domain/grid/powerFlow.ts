import { at } from './dense.js';
import type { Grid } from './grid.js';
import type { Topology } from './topology.js';

/** The linear power flow of the operating point that a network describes. */
export interface PowerFlow {
  /** [buses], degrees; 0 at the reference of each island. */
  readonly angleDegrees: Float64Array;
  /** [lines]: from the first to the second bus; negative the other way, MW. */
  readonly netFlowMw: Float64Array;
  /** [islands]: what its reference puts in beyond its own schedule so that supply meets load, MW. */
  readonly netBalancingMw: Float64Array;
}

/** Angles and flows for the scheduled output of units and links and the fixed load of buses; whoever has no schedule delivers nothing. */
export function powerFlowOf(grid: Grid, topology: Topology): PowerFlow {
  const { buses, units, links, lines } = grid.world.network;
  const netMw = Float64Array.from(buses, (bus) => -bus.fixedLoadMw - bus.shuntMw);
  const add = (bus: number, mw: number): void => {
    netMw[bus] = at(netMw, bus) + mw;
  };
  units.forEach((unit, place) => add(grid.busOfUnit[place] as number, unit.scheduledMw ?? 0));
  links.forEach((link, place) => {
    const [from, to] = grid.linkEnds[place] as readonly [number, number];
    add(from, -(link.scheduledMw ?? 0));
    add(to, link.scheduledMw ?? 0);
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
  return { angleDegrees: angleRad.map((rad) => (rad * 180) / Math.PI), netFlowMw, netBalancingMw };
}

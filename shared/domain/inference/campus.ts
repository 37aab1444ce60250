import { at } from '../grid/dense.js';
import { draw } from '../random.js';
import { quantileOf, type FleetRun } from './fleet.js';
import type { ServingNode } from './node.js';

/** What a node needs beside what was measured: memory, fans and network while it is on, W; and power of the site over that of its nodes. */
export interface Surroundings {
  readonly besideW: number;
  readonly pueRatio: number;
}

/** 0.2 of a full node, and 1.15: assumed. */
export const plainSurroundings: Surroundings = { besideW: 550, pueRatio: 1.15 };

/** What nodes without work do: stay on with their model, or are switched off. */
export type Rest = 'idle' | 'off';

/** Nodes of a site of which some serve and the others rest. */
export interface Staffing {
  readonly node: ServingNode;
  readonly surroundings: Surroundings;
  readonly installedNodes: number;
  readonly rest: Rest;
}

/** Power of a site by second of the period, W, for the nodes that served a run and those that rested. */
export function siteWatts(run: FleetRun, { node, surroundings, installedNodes, rest }: Staffing): Float64Array {
  const restingW = rest === 'idle' ? node.idleW + surroundings.besideW : node.offW;
  const evenW = run.nodes * surroundings.besideW + Math.max(0, installedNodes - run.nodes) * restingW;
  return run.joules.map((joules, bin) => (joules / Math.min(1, run.periodSeconds - bin) + evenW) * surroundings.pueRatio);
}

/** Power of a full node at the site, W: writing as much as it can. */
export function fullNodeW(node: ServingNode, { besideW, pueRatio }: Surroundings): number {
  return (Math.max(node.promptW, node.floorW + node.riseW) + besideW) * pueRatio;
}

/** Sum over equal pools of nodes whose periods begin at drawn instants, of a value of one pool by second. */
export function pooled(values: Float64Array, pools: number, seed: number): Float64Array {
  if (pools === 1) return values;
  const sum = new Float64Array(values.length);
  for (let pool = 0; pool < pools; pool++) {
    const shift = Math.floor(values.length * draw({ seed, component: 'inference', entity: 'pools', purpose: 'shift', n: pool }));
    for (let bin = 0; bin < sum.length; bin++) sum[bin] = at(sum, bin) + at(values, (bin + shift) % values.length);
  }
  return sum;
}

/** Mean, 99th percentile and peak over seconds, MW. */
export interface PowerSpread {
  readonly meanMw: number;
  readonly p99Mw: number;
  readonly peakMw: number;
}

/** How power by second, W, is spread. */
export function spreadOf(watts: Float64Array): PowerSpread {
  const rising = watts.slice().sort();
  return {
    meanMw: watts.reduce((sum, value) => sum + value, 0) / Math.max(1, watts.length) / 1e6,
    p99Mw: quantileOf(rising, 0.99) / 1e6,
    peakMw: quantileOf(rising, 1) / 1e6,
  };
}

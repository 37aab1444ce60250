import type { Network } from '../../scenario/networkSchema.js';
import { assert } from '../assert.js';
import { at } from '../grid/dense.js';

/** How power spreads over the lines. */
export interface FlowFactors {
  /** [buses]: MW on a line for 1 MW put in at the bus and taken out at the reference of its island. */
  factorsOf(line: number): Float64Array;
  /** [lines]: flow without any injection, from phase shifters; MW. */
  readonly baseFlowMw: Float64Array;
  /** [lines]: smallest and largest flow, where more than ratings limits it (angles); MW. */
  readonly lowestMw?: Float64Array;
  readonly highestMw?: Float64Array;
}

/** A limit on a sum of line flows: one line, or the lines of an interface. */
export interface FlowLimit {
  readonly kind: 'line' | 'interface';
  /** Place among the lines or interfaces. */
  readonly place: number;
  /** [buses] */
  readonly factors: Float64Array;
  readonly baseFlowMw: number;
  readonly lowestMw: number;
  readonly highestMw: number;
}

/**
 * Limits of all lines that have one, then of all interfaces. What phase shifters drive round the loops flows in any case: a limit below it
 * is taken to be that flow, so that no hour is impossible.
 */
export function flowLimitsOf(network: Network, flows: FlowFactors): FlowLimit[] {
  const lines = network.lines.flatMap((line, place): FlowLimit[] => {
    const baseFlowMw = at(flows.baseFlowMw, place);
    const lowestMw = flows.lowestMw === undefined ? -(line.ratingMw ?? Infinity) : at(flows.lowestMw, place);
    const highestMw = flows.highestMw === undefined ? (line.ratingMw ?? Infinity) : at(flows.highestMw, place);
    if (lowestMw === -Infinity && highestMw === Infinity) return [];
    const factors = flows.factorsOf(place).slice();
    const limit = { lowestMw: Math.min(lowestMw, baseFlowMw), highestMw: Math.max(highestMw, baseFlowMw) };
    return [{ kind: 'line', place, factors, baseFlowMw, ...limit }];
  });
  const interfaces = network.interfaces.map((limit, place): FlowLimit => {
    const factors = new Float64Array(network.buses.length);
    let baseFlowMw = 0;
    for (const { line: id, direction } of limit.lines) {
      const line = network.lines.findIndex((candidate) => candidate.id === id);
      assert(line >= 0, `the network has no line ${id}`);
      const sign = direction === 'forward' ? 1 : -1;
      flows.factorsOf(line).forEach((value, bus) => {
        factors[bus] = at(factors, bus) + sign * value;
      });
      baseFlowMw += sign * at(flows.baseFlowMw, line);
    }
    const lowestMw = Math.min(-(limit.reverseLimitMw ?? Infinity), baseFlowMw);
    return { kind: 'interface', place, factors, baseFlowMw, lowestMw, highestMw: Math.max(limit.limitMw, baseFlowMw) };
  });
  return [...lines, ...interfaces];
}

/** Islands over lines: [buses] the island of each, and their number. */
export function islandsOf(
  busCount: number,
  lineEnds: readonly (readonly [number, number])[],
): { readonly ofBus: Int32Array; readonly count: number } {
  const neighbours: number[][] = Array.from({ length: busCount }, () => []);
  for (const [from, to] of lineEnds) {
    neighbours[from]?.push(to);
    neighbours[to]?.push(from);
  }
  const ofBus = new Int32Array(busCount).fill(-1);
  let count = 0;
  for (let first = 0; first < busCount; first++) {
    if (at(ofBus, first) >= 0) continue;
    const open = [first];
    for (let bus = open.pop(); bus !== undefined; bus = open.pop()) {
      if (at(ofBus, bus) >= 0) continue;
      ofBus[bus] = count;
      open.push(...(neighbours[bus] ?? []));
    }
    count++;
  }
  return { ofBus, count };
}

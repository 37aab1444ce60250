import { at } from '../grid/dense.js';

/** AC lines and transformers as plain arrays: enough for linear power flow. */
export interface BranchNetwork {
  readonly busCount: number;
  /** [lines]: places of their two buses. */
  readonly firstBus: Int32Array;
  readonly secondBus: Int32Array;
  /** [lines]: 1 / (reactance * tap), in any one unit; 0 on lines out of service. */
  readonly susceptance: Float64Array;
}

/** Which lines hold a network together. */
export interface Connectivity {
  /** [buses]: buses joined by lines in service share one. */
  readonly islandOfBus: Int32Array;
  readonly islandCount: number;
  /** [lines]: 1 when its outage would split an island: the line has no other way round. */
  readonly isRadial: Uint8Array;
  /** Buses of the smaller part (by number of buses; equal parts: the one found later) that the outage of a radial line cuts off. */
  cutOffBuses(line: number): readonly number[];
}

interface Walk {
  /** [buses]: bus in order of the walk, and place of each bus in it, -1 before it is reached. */
  readonly visited: Int32Array;
  readonly placeOf: Int32Array;
  /** [buses]: earliest place that can be reached from below the bus without its own line up. */
  readonly earliest: Int32Array;
  /** [buses]: buses below it, itself included. */
  readonly below: Int32Array;
  /** [buses]: line it was reached by, -1 for the first of an island. */
  readonly lineUp: Int32Array;
}

/** Islands and radial lines, parallel lines counted as ways round each other (depth-first search, Tarjan 1974). */
export function connectivityOf(network: BranchNetwork): Connectivity {
  const { busCount, firstBus, secondBus } = network;
  const neighbours = neighboursOf(network);
  const walk: Walk = {
    visited: new Int32Array(busCount),
    placeOf: new Int32Array(busCount).fill(-1),
    earliest: new Int32Array(busCount),
    below: new Int32Array(busCount).fill(1),
    lineUp: new Int32Array(busCount).fill(-1),
  };
  const islandOfBus = new Int32Array(busCount);
  const startOfIsland: number[] = [];
  let reached = 0;
  for (let bus = 0; bus < busCount; bus++) {
    if (at(walk.placeOf, bus) >= 0) continue;
    const start = reached;
    reached = walkFrom(bus, { network, neighbours, walk, reached });
    for (let place = start; place < reached; place++) islandOfBus[at(walk.visited, place)] = startOfIsland.length;
    startOfIsland.push(start);
  }
  startOfIsland.push(reached);
  const isRadial = new Uint8Array(firstBus.length);
  for (let bus = 0; bus < busCount; bus++) {
    const line = at(walk.lineUp, bus);
    if (line >= 0 && at(walk.earliest, bus) === at(walk.placeOf, bus)) isRadial[line] = 1;
  }
  const cutOffBuses = (line: number): readonly number[] => {
    if (at(isRadial, line) === 0) return [];
    const lower = at(walk.lineUp, at(firstBus, line)) === line ? at(firstBus, line) : at(secondBus, line);
    const island = at(islandOfBus, lower);
    const [start, end] = [startOfIsland[island] as number, startOfIsland[island + 1] as number];
    const from = at(walk.placeOf, lower);
    const to = from + at(walk.below, lower);
    if (2 * (to - from) <= end - start) return [...walk.visited.subarray(from, to)];
    return [...walk.visited.subarray(start, from), ...walk.visited.subarray(to, end)];
  };
  return { islandOfBus, islandCount: startOfIsland.length - 1, isRadial, cutOffBuses };
}

/** [buses]: lines in service at each bus, in order. */
function neighboursOf({ busCount, firstBus, secondBus, susceptance }: BranchNetwork): readonly (readonly number[])[] {
  const neighbours = Array.from({ length: busCount }, (): number[] => []);
  for (let line = 0; line < firstBus.length; line++) {
    if (at(susceptance, line) === 0 || at(firstBus, line) === at(secondBus, line)) continue;
    neighbours[at(firstBus, line)]?.push(line);
    neighbours[at(secondBus, line)]?.push(line);
  }
  return neighbours;
}

/** Walks one island depth first, with a stack of its own since networks are deeper than call stacks; the number of buses reached in all. */
function walkFrom(
  first: number,
  within: {
    readonly network: BranchNetwork;
    readonly neighbours: readonly (readonly number[])[];
    readonly walk: Walk;
    readonly reached: number;
  },
): number {
  const { network, neighbours, walk } = within;
  let reached = within.reached;
  const enter = (bus: number, line: number): void => {
    walk.visited[reached] = bus;
    walk.placeOf[bus] = walk.earliest[bus] = reached++;
    walk.lineUp[bus] = line;
  };
  const stack = [{ bus: first, next: 0 }];
  enter(first, -1);
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const { bus } = top;
    const line = neighbours[bus]?.[top.next++];
    if (line === undefined) {
      stack.pop();
      const above = stack.at(-1)?.bus;
      if (above === undefined) continue;
      walk.below[above] = at(walk.below, above) + at(walk.below, bus);
      walk.earliest[above] = Math.min(at(walk.earliest, above), at(walk.earliest, bus));
    } else if (line !== at(walk.lineUp, bus)) {
      const other = at(network.firstBus, line) === bus ? at(network.secondBus, line) : at(network.firstBus, line);
      if (at(walk.placeOf, other) < 0) {
        enter(other, line);
        stack.push({ bus: other, next: 0 });
      } else walk.earliest[bus] = Math.min(at(walk.earliest, bus), at(walk.placeOf, other));
    }
  }
  return reached;
}

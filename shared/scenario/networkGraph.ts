/** What a graph needs to know of a bus and of a branch. */
interface GraphBus {
  readonly id: string;
}
interface GraphBranch {
  readonly fromBus: string;
  readonly toBus: string;
}

/** A branch whose loss cuts buses off: its place among the branches, and the smaller side as places of buses in rising order. */
export interface Bridge {
  readonly branch: number;
  readonly cutOff: readonly number[];
}

/** Sets of buses joined by branches, each in the order of the buses; time linear in buses and branches. */
export function islandsOf(buses: readonly GraphBus[], branches: readonly GraphBranch[]): string[][] {
  const { rootOf } = walkOf(buses, branches);
  const islands = new Map<number, string[]>();
  for (const [place, { id }] of buses.entries()) {
    const root = rootOf[place] ?? place;
    const island = islands.get(root);
    if (island === undefined) islands.set(root, [id]);
    else island.push(id);
  }
  return [...islands.values()];
}

/** The smallest part that does not hang together with the rest: its first bus, and what was found, in words; null when all is one. */
export function smallestIsland(
  buses: readonly GraphBus[],
  branches: readonly GraphBranch[],
): { readonly first: string; readonly found: string } | null {
  const islands = islandsOf(buses, branches);
  const [smallest = []] = [...islands].sort((a, b) => a.length - b.length);
  const first = smallest[0];
  if (islands.length < 2 || first === undefined) return null;
  const others = smallest.length === 1 ? '' : ` with ${smallest.length - 1} more`;
  return { first, found: `bus ${first}${others} cut off from the other ${buses.length - smallest.length} (${islands.length} islands)` };
}

/**
 * Branches that are the only way between two parts, in their order; parallel branches are none. Of two equal sides the one with the first
 * bus is named. One walk in depth, in time linear in buses and branches. Source: Tarjan, Information Processing Letters 2(6), 1974.
 */
export function bridgesOf(buses: readonly GraphBus[], branches: readonly GraphBranch[]): Bridge[] {
  const { order, position, size, low, arrivedBy, rootOf } = walkOf(buses, branches);
  const bridges: Bridge[] = [];
  for (const bus of order) {
    const [start = 0, branch = -1, count = 0, root = 0] = [position[bus], arrivedBy[bus], size[bus], rootOf[bus]];
    if (branch < 0 || (low[bus] ?? 0) < start) continue;
    // A part of the walk below a bus is a stretch of its order, and so is an island.
    const [first = 0, whole = 0] = [position[root], size[root]];
    const below = order.slice(start, start + count);
    const cutOff = 2 * count < whole ? below : [...order.slice(first, start), ...order.slice(start + count, first + whole)];
    bridges.push({ branch, cutOff: cutOff.sort((a, b) => a - b) });
  }
  return bridges.sort((a, b) => a.branch - b.branch);
}

/** A walk in depth through a graph; every list but the first is by bus. */
interface Walk {
  /** Buses in the order they are first seen; islands one after the other. */
  readonly order: readonly number[];
  readonly position: Int32Array;
  /** Buses seen from here on, this one included. */
  readonly size: Int32Array;
  /** Lowest position that a branch from here on leads back to. */
  readonly low: Int32Array;
  /** Branch by which the bus was first reached; -1: the walk began here. */
  readonly arrivedBy: Int32Array;
  /** First bus of its island. */
  readonly rootOf: Int32Array;
}

function walkOf(buses: readonly GraphBus[], branches: readonly GraphBranch[]): Walk {
  const neighbours = neighboursOf(buses, branches);
  const [position, low, arrivedBy] = [-1, 0, -1].map((value) => new Int32Array(buses.length).fill(value)) as [
    Int32Array,
    Int32Array,
    Int32Array,
  ];
  const size = new Int32Array(buses.length).fill(1);
  const [rootOf, parent, nextOf] = [0, 0, 0].map(() => new Int32Array(buses.length)) as [Int32Array, Int32Array, Int32Array];
  const order: number[] = [];
  const enter = (bus: number, from: { readonly bus: number; readonly branch: number; readonly root: number }): void => {
    position[bus] = order.length;
    low[bus] = order.length;
    order.push(bus);
    arrivedBy[bus] = from.branch;
    parent[bus] = from.bus;
    rootOf[bus] = from.root;
  };
  for (let root = 0; root < buses.length; root++) {
    if (position[root] !== -1) continue;
    enter(root, { bus: -1, branch: -1, root });
    for (let bus = root; bus !== -1; ) {
      const step = neighbours[bus]?.[nextOf[bus] as number];
      nextOf[bus] = (nextOf[bus] as number) + 1;
      if (step === undefined) {
        const above = parent[bus] as number;
        if (above !== -1) {
          size[above] = (size[above] as number) + (size[bus] as number);
          low[above] = Math.min(low[above] as number, low[bus] as number);
        }
        bus = above;
      } else if (position[step.bus] === -1) {
        enter(step.bus, { bus, branch: step.branch, root });
        bus = step.bus;
      } else if (step.branch !== arrivedBy[bus]) {
        low[bus] = Math.min(low[bus] as number, position[step.bus] as number);
      }
    }
  }
  return { order, position, size, low, arrivedBy, rootOf };
}

/** [buses]: where each branch at a bus leads. */
function neighboursOf(
  buses: readonly GraphBus[],
  branches: readonly GraphBranch[],
): readonly (readonly { readonly bus: number; readonly branch: number }[])[] {
  const placeOf = new Map(buses.map(({ id }, place) => [id, place]));
  const neighbours: { bus: number; branch: number }[][] = buses.map(() => []);
  for (const [branch, { fromBus, toBus }] of branches.entries()) {
    const [from, to] = [placeOf.get(fromBus), placeOf.get(toBus)];
    if (from === undefined || to === undefined) continue;
    neighbours[from]?.push({ bus: to, branch });
    neighbours[to]?.push({ bus: from, branch });
  }
  return neighbours;
}

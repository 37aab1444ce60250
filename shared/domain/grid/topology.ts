import { assert } from '../assert.js';
import { at, factor, solve } from './dense.js';
import type { Grid } from './grid.js';

/** How power spreads over the lines that are in service. */
export interface Topology {
  /** [buses]: island the bus belongs to over AC lines. */
  readonly islandOfBus: Int32Array;
  readonly islandCount: number;
  /** [lines][buses]: MW on the line for 1 MW put in at the bus and taken out at the first bus of its island; 0 on lines out of service. */
  readonly factors: Float64Array;
  /** [lines]: 1 when in service. */
  readonly isLineIn: Uint8Array;
  /** [interfaces][buses]: the same for the sum of the lines of an interface. */
  readonly interfaceFactors: Float64Array;
}

/** Power transfer distribution factors of a network without the lines named (DC power flow, diag(1/x) A inv(A' diag(1/x) A)). */
export function topologyOf(grid: Grid, linesOut: readonly string[]): Topology {
  const { buses, lines } = grid.world.network;
  const isLineIn = Uint8Array.from(lines, (line) => (linesOut.includes(line.id) ? 0 : 1));
  const islands = islandsOf(grid, isLineIn);
  const factors = new Float64Array(lines.length * buses.length);
  for (let island = 0; island < islands.count; island++) {
    const members = buses.map((_, bus) => bus).filter((bus) => at(islands.ofBus, bus) === island);
    if (members.length > 1) addFactors(grid, { isLineIn, members, factors });
  }
  return {
    islandOfBus: islands.ofBus,
    islandCount: islands.count,
    factors,
    isLineIn,
    interfaceFactors: interfaceFactors(grid, factors),
  };
}

function islandsOf(grid: Grid, isLineIn: Uint8Array): { readonly ofBus: Int32Array; readonly count: number } {
  const parent = Int32Array.from(grid.world.network.buses, (_, bus) => bus);
  const rootOf = (bus: number): number => {
    let root = bus;
    while (at(parent, root) !== root) root = at(parent, root);
    return root;
  };
  grid.lineEnds.forEach(([from, to], line) => {
    if (at(isLineIn, line) === 0) return;
    const [a, b] = [rootOf(from), rootOf(to)];
    parent[Math.max(a, b)] = Math.min(a, b);
  });
  const islandOfRoot = new Map<number, number>();
  const ofBus = Int32Array.from(parent, (_, bus) => {
    const root = rootOf(bus);
    if (!islandOfRoot.has(root)) islandOfRoot.set(root, islandOfRoot.size);
    return islandOfRoot.get(root) as number;
  });
  return { ofBus, count: islandOfRoot.size };
}

/** Writes the factors of one island; its first bus takes out what the others put in. */
function addFactors(
  grid: Grid,
  part: { readonly isLineIn: Uint8Array; readonly members: readonly number[]; readonly factors: Float64Array },
): void {
  const { lines, buses } = grid.world.network;
  const size = part.members.length - 1;
  const placeOfBus = new Map(part.members.slice(1).map((bus, place) => [bus, place]));
  const inside = lines
    .map((_, line) => line)
    .filter((line) => {
      const [from] = grid.lineEnds[line] as readonly [number, number];
      return at(part.isLineIn, line) === 1 && part.members.includes(from);
    });
  const laplacian = new Float64Array(size * size);
  const add = (row: number | undefined, column: number | undefined, value: number): void => {
    if (row !== undefined && column !== undefined) laplacian[row * size + column] = at(laplacian, row * size + column) + value;
  };
  const endsOf = (line: number): readonly [number | undefined, number | undefined, number] => {
    const [from, to] = grid.lineEnds[line] as readonly [number, number];
    return [placeOfBus.get(from), placeOfBus.get(to), 1 / ((lines[line]?.reactancePu ?? NaN) * (lines[line]?.tapRatio ?? NaN))];
  };
  for (const line of inside) {
    const [from, to, susceptance] = endsOf(line);
    add(from, from, susceptance);
    add(to, to, susceptance);
    add(from, to, -susceptance);
    add(to, from, -susceptance);
  }
  const factored = factor(laplacian, size);
  assert(factored !== null, 'the reactances of the network leave its angles undetermined');
  const unit = new Float64Array(size);
  for (const [bus, place] of placeOfBus) {
    unit.fill(0);
    unit[place] = 1;
    const angles = solve(factored, unit);
    for (const line of inside) {
      const [from, to, susceptance] = endsOf(line);
      const drop = (from === undefined ? 0 : at(angles, from)) - (to === undefined ? 0 : at(angles, to));
      // What is smaller is rounding: lines that a bus cannot reach carry nothing of it.
      part.factors[line * buses.length + bus] = Math.abs(drop * susceptance) < 1e-11 ? 0 : drop * susceptance;
    }
  }
}

function interfaceFactors(grid: Grid, factors: Float64Array): Float64Array {
  const busCount = grid.world.network.buses.length;
  const sums = new Float64Array(grid.interfaceLines.length * busCount);
  grid.interfaceLines.forEach((members, place) => {
    for (const [line, sign] of members) {
      for (let bus = 0; bus < busCount; bus++) {
        sums[place * busCount + bus] = at(sums, place * busCount + bus) + sign * at(factors, line * busCount + bus);
      }
    }
  });
  return sums;
}

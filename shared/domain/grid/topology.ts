import { branchesOf, factorAngles } from './branches.js';
import { susceptanceMwPerRad, type DcConvention } from './convention.js';
import { byteAt, floatAt, intAt } from './dense.js';
import type { Grid } from './grid.js';
import { solveSymmetric } from './sparse.js';

/**
 * How power spreads over a network with some lines out of service, in the linear ("DC") power flow: flow = b (angle at the first bus -
 * angle at the second - phase shift).
 */
export interface Topology {
  readonly convention: DcConvention;
  /** [buses]: island each bus belongs to; buses joined by lines in service share one. */
  readonly islandOfBus: Int32Array;
  readonly islandCount: number;
  /** [lines]: 1 when in service. */
  readonly isLineIn: Uint8Array;
  /** [lines]: b, MW per radian; 0 on lines out of service. */
  readonly susceptance: Float64Array;
  /** [lines]: flow that phase shifters drive round the loops by themselves, MW. */
  readonly baseFlowMw: Float64Array;
  /** [lines]: smallest and largest flow that ratings and angle limits allow, MW; infinite where nothing limits it. */
  readonly lowestMw: Float64Array;
  readonly highestMw: Float64Array;
  /** [buses]: flow on a line for 1 MW put in at the bus and taken out at the reference of its island; 0 on lines out of service. */
  factorsOf(line: number): Float64Array;
  /** [buses]: the same for the sum of the lines of an interface. */
  interfaceFactorsOf(place: number): Float64Array;
  /** Angles in radians for net MW put in at each bus, [buses] both; every reference has angle 0 and takes up what is left over. */
  angles(netMw: Float64Array, into: Float64Array): void;
  /** Flows in MW for net MW put in at each bus: [buses] to [lines]. */
  flows(netMw: Float64Array, into: Float64Array): void;
}

/** The spread of power without the lines named. */
export function topologyOf(grid: Grid, linesOut: readonly string[], convention: DcConvention = 'matpower'): Topology {
  const { buses, lines } = grid.world.network;
  const isLineIn = Uint8Array.from(lines, (line) => (linesOut.includes(line.id) ? 0 : 1));
  const islands = islandsOf(grid, isLineIn);
  const susceptance = Float64Array.from(lines, (line, place) =>
    byteAt(isLineIn, place) === 1 ? susceptanceMwPerRad(line, convention) : 0,
  );
  const shiftRad = Float64Array.from(lines, (line, place) =>
    convention === 'matpower' && byteAt(isLineIn, place) === 1 ? (line.phaseShiftDegrees * Math.PI) / 180 : 0,
  );
  const branches = branchesOf(grid, { susceptance });
  const unknownOfBus = unknownsOf(grid, islands);
  const factors = factorAngles(branches, unknownOfBus);
  const right = new Float64Array(factors.size);
  const unknowns = new Float64Array(factors.size);
  const work = new Float64Array(factors.size);
  const angle = new Float64Array(buses.length);

  const anglesFrom = (into: Float64Array): void => {
    solveSymmetric(factors, right, { x: unknowns, work });
    for (let bus = 0; bus < into.length; bus++) {
      const unknown = intAt(unknownOfBus, bus);
      into[bus] = unknown < 0 ? 0 : floatAt(unknowns, unknown);
    }
  };
  const put = (bus: number, mw: number): void => {
    const unknown = intAt(unknownOfBus, bus);
    if (unknown >= 0) right[unknown] = floatAt(right, unknown) + mw;
  };
  const isShifted = shiftRad.some((shift) => shift !== 0);
  const angles = (netMw: Float64Array, into: Float64Array): void => {
    for (let bus = 0; bus < netMw.length; bus++) {
      const unknown = intAt(unknownOfBus, bus);
      if (unknown >= 0) right[unknown] = floatAt(netMw, bus);
    }
    if (isShifted) {
      grid.lineEnds.forEach(([from, to], line) => {
        const mw = floatAt(susceptance, line) * floatAt(shiftRad, line);
        put(from, mw);
        put(to, -mw);
      });
    }
    anglesFrom(into);
  };
  const { firstBus, secondBus } = branches;
  const flows = (netMw: Float64Array, into: Float64Array): void => {
    angles(netMw, angle);
    for (let line = 0; line < into.length; line++) {
      const drop = floatAt(angle, intAt(firstBus, line)) - floatAt(angle, intAt(secondBus, line)) - floatAt(shiftRad, line);
      into[line] = floatAt(susceptance, line) * drop;
    }
  };
  const factorsOf = remember(lines.length, (line) => {
    right.fill(0);
    put(intAt(firstBus, line), floatAt(susceptance, line));
    put(intAt(secondBus, line), -floatAt(susceptance, line));
    const row = new Float64Array(buses.length);
    anglesFrom(row);
    // What is smaller is rounding: lines that a bus cannot reach carry nothing of it.
    return row.map((value) => (Math.abs(value) < 1e-11 ? 0 : value));
  });
  const baseFlowMw = new Float64Array(lines.length);
  if (isShifted) flows(new Float64Array(buses.length), baseFlowMw);
  return {
    convention,
    islandOfBus: islands.ofBus,
    islandCount: islands.count,
    isLineIn,
    susceptance,
    baseFlowMw,
    ...limitsOf(grid, { isLineIn, susceptance, shiftRad }),
    factorsOf,
    interfaceFactorsOf: remember(grid.interfaceLines.length, (place) => {
      const sum = new Float64Array(buses.length);
      for (const [line, sign] of grid.interfaceLines[place] ?? []) {
        factorsOf(line).forEach((factor, bus) => (sum[bus] = floatAt(sum, bus) + sign * factor));
      }
      return sum;
    }),
    angles,
    flows,
  };
}

interface Islands {
  readonly ofBus: Int32Array;
  readonly count: number;
}

function islandsOf(grid: Grid, isLineIn: Uint8Array): Islands {
  const parent = Int32Array.from(grid.world.network.buses, (_, bus) => bus);
  const rootOf = (bus: number): number => {
    let root = bus;
    while (intAt(parent, root) !== root) {
      parent[root] = intAt(parent, intAt(parent, root));
      root = intAt(parent, root);
    }
    return root;
  };
  grid.lineEnds.forEach(([from, to], line) => {
    if (byteAt(isLineIn, line) === 0) return;
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

/** [buses]: place of each angle that is not 0; the reference of an island is the bus marked so, else the first. */
function unknownsOf(grid: Grid, islands: Islands): Int32Array {
  const { buses } = grid.world.network;
  const referenceOf = new Int32Array(islands.count).fill(-1);
  const nominate = (isFit: (bus: number) => boolean): void =>
    buses.forEach((_, bus) => {
      const island = intAt(islands.ofBus, bus);
      if (intAt(referenceOf, island) < 0 && isFit(bus)) referenceOf[island] = bus;
    });
  nominate((bus) => buses[bus]?.isReference === true);
  nominate(() => true);
  let unknowns = 0;
  return Int32Array.from(buses, (_, bus) => (intAt(referenceOf, intAt(islands.ofBus, bus)) === bus ? -1 : unknowns++));
}

/** Limits of the flow from ratings, and from angle limits by flow = b (angle - shift). */
function limitsOf(
  grid: Grid,
  part: { readonly isLineIn: Uint8Array; readonly susceptance: Float64Array; readonly shiftRad: Float64Array },
): Pick<Topology, 'lowestMw' | 'highestMw'> {
  const { lines } = grid.world.network;
  const lowestMw = new Float64Array(lines.length).fill(-Infinity);
  const highestMw = new Float64Array(lines.length).fill(Infinity);
  lines.forEach((line, place) => {
    if (byteAt(part.isLineIn, place) === 0) return;
    const b = floatAt(part.susceptance, place);
    const flowAt = (degrees: number): number => b * ((degrees * Math.PI) / 180 - floatAt(part.shiftRad, place));
    const ends = [
      line.angleMinDegrees <= -360 ? -Infinity * Math.sign(b) : flowAt(line.angleMinDegrees),
      line.angleMaxDegrees >= 360 ? Infinity * Math.sign(b) : flowAt(line.angleMaxDegrees),
    ];
    lowestMw[place] = Math.max(-(line.ratingMw ?? Infinity), Math.min(...ends));
    highestMw[place] = Math.min(line.ratingMw ?? Infinity, Math.max(...ends));
  });
  return { lowestMw, highestMw };
}

/** Makes each row when it is first asked for. */
function remember(count: number, make: (place: number) => Float64Array): (place: number) => Float64Array {
  const known: (Float64Array | undefined)[] = Array.from({ length: count });
  return (place) => (known[place] ??= make(place));
}

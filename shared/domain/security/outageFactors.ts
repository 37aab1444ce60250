import { at } from '../grid/dense.js';
import { factorAngles } from '../grid/branches.js';
import { solveSymmetric } from '../grid/sparse.js';
import { connectivityOf, type BranchNetwork, type Connectivity } from './branches.js';

/** How flows move when a line goes out, or when power is put in elsewhere. */
export interface OutageFactors extends Connectivity {
  readonly network: BranchNetwork;
  /**
   * [lines]: MW more on each line for each MW that the line carried before its outage; -1 on itself, 0 throughout on others when it is
   * radial (nothing can take its place) or out of service.
   */
  columnOf(line: number): Float64Array;
  /** [lines]: MW on each line for 1 MW put in at the bus and taken out at the reference of its island. */
  shiftOf(bus: number): Float64Array;
}

/** Numbers kept at most of each kind, so that memory stays at 64 MB each; beyond it columns are worked out anew each time. */
const rememberedNumbers = 8_000_000;

/**
 * Line outage distribution factors, one column at the first need of it: with p the flows that 1 MW from one end of the line to the other
 * drives, the column is p / (1 - p of the line itself), exact in linear power flow (Wood, Wollenberg, Sheble, Power Generation, Operation
 * and Control, 3rd edition, section 7.3). Parallel lines need nothing special; lines without a way round are found by the graph, not by a
 * division by almost zero.
 */
export function outageFactorsOf(network: BranchNetwork): OutageFactors {
  const connectivity = connectivityOf(network);
  const { firstBus, secondBus, susceptance, busCount } = network;
  const lineCount = firstBus.length;
  const unknownOfBus = unknownsOf(busCount, connectivity);
  const factors = factorAngles(network, unknownOfBus);
  const right = new Float64Array(factors.size);
  const x = new Float64Array(factors.size);
  const work = new Float64Array(factors.size);
  const angleOf = (bus: number): number => {
    const unknown = at(unknownOfBus, bus);
    return unknown < 0 ? 0 : at(x, unknown);
  };
  /** Flows for 1 MW in at one bus and out at another, or at the reference of its island. */
  const flowsBetween = (inAt: number, outAt: number | null): Float64Array => {
    right.fill(0);
    const into = at(unknownOfBus, inAt);
    if (into >= 0) right[into] = 1;
    const outOf = outAt === null ? -1 : at(unknownOfBus, outAt);
    if (outOf >= 0) right[outOf] = -1;
    solveSymmetric(factors, right, { x, work });
    const flows = new Float64Array(lineCount);
    for (let line = 0; line < lineCount; line++) {
      flows[line] = at(susceptance, line) * (angleOf(at(firstBus, line)) - angleOf(at(secondBus, line)));
    }
    return flows;
  };
  const columnOf = remember(lineCount, lineCount, (line) => {
    const column = new Float64Array(lineCount);
    if (at(susceptance, line) !== 0 && at(connectivity.isRadial, line) === 0 && at(firstBus, line) !== at(secondBus, line)) {
      const flows = flowsBetween(at(firstBus, line), at(secondBus, line));
      const ratio = 1 / (1 - at(flows, line));
      for (let other = 0; other < lineCount; other++) column[other] = at(flows, other) * ratio;
    }
    column[line] = -1;
    return column;
  });
  return { ...connectivity, network, columnOf, shiftOf: remember(busCount, lineCount, (bus) => flowsBetween(bus, null)) };
}

/** [buses]: place of each angle that is not 0; the first bus of an island is its reference. */
function unknownsOf(busCount: number, { islandOfBus, islandCount }: Connectivity): Int32Array {
  const hasReference = new Uint8Array(islandCount);
  let unknowns = 0;
  const unknownOfBus = new Int32Array(busCount).fill(-1);
  for (let bus = 0; bus < busCount; bus++) {
    if (at(hasReference, at(islandOfBus, bus)) === 1) unknownOfBus[bus] = unknowns++;
    hasReference[at(islandOfBus, bus)] = 1;
  }
  return unknownOfBus;
}

/** Keeps what has been worked out while it fits. */
function remember(count: number, numbersEach: number, make: (place: number) => Float64Array): (place: number) => Float64Array {
  const known: (Float64Array | undefined)[] = Array.from({ length: count });
  let left = Math.floor(rememberedNumbers / Math.max(1, numbersEach));
  return (place) => {
    const kept = known[place];
    if (kept !== undefined) return kept;
    const made = make(place);
    if (left-- > 0) known[place] = made;
    return made;
  };
}

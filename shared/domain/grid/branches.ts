import type { BranchNetwork } from '../security/branches.js';
import { assert } from '../assert.js';
import { floatAt, intAt } from './dense.js';
import type { Grid } from './grid.js';
import { factorSymmetric, type SymmetricFactors } from './sparse.js';
import type { Topology } from './topology.js';

/** Lines of a grid with the lines out of service as in a topology. */
export function branchesOf(grid: Grid, { susceptance }: Pick<Topology, 'susceptance'>): BranchNetwork {
  return {
    busCount: grid.regionOfBus.length,
    firstBus: Int32Array.from(grid.lineEnds, ([from]) => from),
    secondBus: Int32Array.from(grid.lineEnds, ([, to]) => to),
    susceptance,
  };
}

/**
 * The matrix that angles follow from, in factors. `unknownOfBus`: place of the angle of each bus, [buses], -1 where it is 0 because the
 * bus is the reference of its island.
 */
export function factorAngles({ firstBus, secondBus, susceptance }: BranchNetwork, unknownOfBus: Int32Array): SymmetricFactors {
  const size = unknownOfBus.reduce((most, unknown) => Math.max(most, unknown + 1), 0);
  const entries = Array.from({ length: size }, () => new Map<number, number>());
  const add = (row: number, column: number, value: number): void => {
    if (row < 0 || column < 0) return;
    const own = entries[row] as Map<number, number>;
    own.set(column, (own.get(column) ?? 0) + value);
  };
  for (let line = 0; line < firstBus.length; line++) {
    const value = floatAt(susceptance, line);
    const [from, to] = [intAt(firstBus, line), intAt(secondBus, line)];
    if (value === 0 || from === to) continue;
    const [a, b] = [intAt(unknownOfBus, from), intAt(unknownOfBus, to)];
    add(a, a, value);
    add(b, b, value);
    add(a, b, -value);
    add(b, a, -value);
  }
  const factors = factorSymmetric(entries);
  assert(factors !== null, 'the reactances of the network leave its angles undetermined');
  return factors;
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertBalance, createDispatcher, type Dispatch } from '../../shared/domain/grid/dispatch.js';
import { prepareGrid } from '../../shared/domain/grid/grid.js';
import type { Basis } from '../../shared/domain/grid/solver.js';
import { topologyOf } from '../../shared/domain/grid/topology.js';
import { noCounts, solveByPivots } from '../../shared/domain/grid/simplex/solve.js';
import { loadHighsSolver, type HighsSolver } from '../../shared/runtime/highs.js';
import { angleProblem } from '../support/angleProblem.js';
import { noRtsGmlc, rtsGmlcDir } from '../support/data.js';
import { readRtsHourly, type RtsHourly } from '../support/rtsHourly.js';

describe.skipIf(rtsGmlcDir === null)(`hourly dispatch of RTS-GMLC${rtsGmlcDir === null ? ` (${noRtsGmlc})` : ''}`, () => {
  let solver: HighsSolver;
  let rts: RtsHourly;
  beforeAll(async () => {
    solver = await loadHighsSolver();
    rts = readRtsHourly(rtsGmlcDir ?? '');
  });
  afterAll(() => solver.close());

  function run(hours: number): { readonly dispatches: readonly Dispatch[]; readonly costUsd: number } {
    const grid = prepareGrid(rts.world);
    const topology = topologyOf(grid, []);
    const dispatcher = createDispatcher(grid, solveByPivots(solver));
    const costUsdPerMwh = Float64Array.from(grid.groups, (group) => group.costUsdPerMwh);
    let warm: Dispatch['warm'] | null = null;
    const dispatches = Array.from({ length: hours }, (_, hour) => {
      const changing = { availableMw: rts.availableMw(hour), loadMw: rts.loadMw(hour) };
      const input = { hours: 1, costUsdPerMwh, requirementMw: 0, reserveInUseMw: 0, storages: [], bids: [], ...changing };
      const result = dispatcher(topology, input, warm);
      assertBalance(input, result);
      warm = result.warm;
      return result;
    });
    return { dispatches, costUsd: dispatches.reduce((sum, { costUsd }) => sum + costUsd, 0) };
  }

  it('costs the same in every hour of a week as a formulation with angles, and prices agree wherever both sides of the optimum do', () => {
    const problemOf = angleProblem(rts.world, rts);
    const { dispatches } = run(168);
    let basis: Basis | null = null;
    let samePrices = 0;
    dispatches.forEach((ours, hour) => {
      const theirs = solver.solve(problemOf(hour), basis);
      expect(theirs.status).toBe('optimal');
      basis = theirs.basis;
      // Hour 154 costs nothing: water, wind and sun cover it all.
      expect(Math.abs(ours.costUsd - theirs.objective)).toBeLessThanOrEqual(1e-6 * theirs.objective);
      const isSame = ours.busPriceUsdPerMwh.every((price, bus) => Math.abs(price - (theirs.rowDuals[bus] ?? NaN)) < 1e-5);
      if (isSame) samePrices++;
    });
    // At a kink of the cost curve both the left and the right derivative are prices; everywhere else they must be equal.
    expect(samePrices).toBeGreaterThanOrEqual(168);
  }, 60_000);

  it('costs what HiGHS finds in every hour of the year, each from the hour before, and the same from nothing in every 13th', () => {
    const problemOf = angleProblem(rts.world, rts);
    const counts = noCounts();
    const grid = prepareGrid(rts.world);
    const topology = topologyOf(grid, []);
    const dispatcher = createDispatcher(grid, solveByPivots(null, counts));
    const costUsdPerMwh = Float64Array.from(grid.groups, (group) => group.costUsdPerMwh);
    let [basis, warm, totalUsd]: [Basis | null, Dispatch['warm'] | null, number] = [null, null, 0];
    for (let hour = 0; hour < 8_784; hour++) {
      const changing = { availableMw: rts.availableMw(hour), loadMw: rts.loadMw(hour) };
      const input = { hours: 1, costUsdPerMwh, requirementMw: 0, reserveInUseMw: 0, storages: [], bids: [], ...changing };
      const ours = dispatcher(topology, input, warm);
      warm = ours.warm;
      totalUsd += ours.costUsd;
      const theirs = solver.solve(problemOf(hour), basis);
      basis = theirs.basis;
      if (Math.abs(ours.costUsd - theirs.objective) > 1e-6 * Math.max(1, theirs.objective))
        expect.fail(`hour ${hour} costs ${ours.costUsd}, HiGHS finds ${theirs.objective}`);
      if (hour % 13 === 0) expect(dispatcher(topology, input, null).busPriceUsdPerMwh).toEqual(ours.busPriceUsdPerMwh);
    }
    expect(counts.fallbacks).toBe(0);
    expect(totalUsd).toBeCloseTo(472_871_763.488, 2);
  }, 120_000);

  it('gives the same prices to the last bit when it is saved and restored on the way', () => {
    const grid = prepareGrid(rts.world);
    const topology = topologyOf(grid, []);
    const costUsdPerMwh = Float64Array.from(grid.groups, (group) => group.costUsdPerMwh);
    const inputOf = (hour: number) => ({
      hours: 1,
      costUsdPerMwh,
      requirementMw: 0,
      reserveInUseMw: 0,
      storages: [],
      bids: [],
      availableMw: rts.availableMw(hour),
      loadMw: rts.loadMw(hour),
    });
    const straight = createDispatcher(grid, solveByPivots(null));
    let warm: Dispatch['warm'] | null = null;
    let restored: Dispatch['warm'] | null = null;
    let after = createDispatcher(grid, solveByPivots(null));
    for (let hour = 0; hour < 8_784; hour++) {
      const input = inputOf(hour);
      const one = straight(topology, input, warm);
      // A new process every 500 hours: nothing is left but what was written down.
      if (hour % 500 === 0) after = createDispatcher(prepareGrid(rts.world), solveByPivots(null));
      const other: Dispatch = after(topology, input, restored);
      expect(Buffer.from(other.busPriceUsdPerMwh.buffer).equals(Buffer.from(one.busPriceUsdPerMwh.buffer))).toBe(true);
      warm = one.warm;
      restored = hour % 500 === 499 ? (JSON.parse(JSON.stringify(other.warm)) as Dispatch['warm']) : other.warm;
    }
  }, 60_000);

  it('costs 22,353,467.4659 USD over hours 0 to 672, the figure other tools give', () => {
    const { costUsd, dispatches } = run(672);
    expect(Math.abs(costUsd / 22_353_467.4659 - 1)).toBeLessThan(1e-9);
    for (const { netFlowMw } of dispatches) {
      rts.world.network.lines.forEach((line, place) =>
        expect(Math.abs(netFlowMw[place] ?? NaN)).toBeLessThanOrEqual((line.ratingMw ?? Infinity) + 1e-6),
      );
    }
  }, 60_000);
});

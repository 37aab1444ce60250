import { describe, expect, it } from 'vitest';
import { factor, solve } from '../../shared/domain/grid/dense.js';
import { assertBalance, createDispatcher, type Dispatch } from '../../shared/domain/grid/dispatch.js';
import { prepareGrid, type Grid, type GridWorld } from '../../shared/domain/grid/grid.js';
import type { DispatchInput } from '../../shared/domain/grid/problem.js';
import { solveByPivots } from '../../shared/domain/grid/simplex/solve.js';
import { topologyOf } from '../../shared/domain/grid/topology.js';
import { draw } from '../../shared/domain/random.js';
import { noRtsGmlc, rtsGmlcDir } from '../support/data.js';
import { smallCase } from '../support/randomNetworks.js';
import { readRtsHourly } from '../support/rtsHourly.js';

/** MW of the step to both sides, and how far beyond the slopes a price may be: the noise of a cost of 1e6 $ at a step of 1e-3 MW. */
const stepMw = 1e-3;

function inputOf(grid: Grid, loadMw: Float64Array, availableMw: Float64Array): DispatchInput {
  const costUsdPerMwh = Float64Array.from(grid.groups, (group) => group.costUsdPerMwh);
  return { hours: 1, availableMw, costUsdPerMwh, loadMw, requirementMw: 0, reserveInUseMw: 0, storages: [], bids: [] };
}

/** Flows of net injections by a power flow that shares no code with the kernel's: dense, with the last bus as reference. */
function flowsByAngles({ network }: GridWorld, netMw: readonly number[]): number[] {
  const place = new Map(network.buses.map((bus, index) => [bus.id, index]));
  const size = network.buses.length - 1;
  const matrix = new Float64Array(size * size);
  const right = Float64Array.from(netMw.slice(0, size));
  const ends = network.lines.map((line) => [place.get(line.fromBus) ?? -1, place.get(line.toBus) ?? -1] as const);
  const b = network.lines.map((line) => 100 / (line.reactancePu * line.tapRatio));
  const shift = network.lines.map((line) => (line.phaseShiftDegrees * Math.PI) / 180);
  ends.forEach(([from, to], line) => {
    for (const [one, other, sign] of [
      [from, to, 1],
      [to, from, -1],
    ] as const) {
      if (one >= size) continue;
      matrix[one * size + one] = (matrix[one * size + one] ?? 0) + (b[line] ?? 0);
      if (other < size) matrix[one * size + other] = (matrix[one * size + other] ?? 0) - (b[line] ?? 0);
      right[one] = (right[one] ?? 0) + sign * (b[line] ?? 0) * (shift[line] ?? 0);
    }
  });
  const factors = factor(matrix, size);
  if (factors === null) throw new Error('singular');
  const angle = [...solve(factors, right), 0];
  return ends.map(([from, to], line) => (b[line] ?? 0) * ((angle[from] ?? 0) - (angle[to] ?? 0) - (shift[line] ?? 0)));
}

function netInjections(grid: Grid, input: DispatchInput, result: Dispatch): number[] {
  const net = [...input.loadMw].map((mw, bus) => (result.shedMw[bus] ?? 0) - mw);
  grid.busOfUnit.forEach((bus, unit) => (net[bus] = (net[bus] ?? 0) + (result.generationMw[unit] ?? 0)));
  grid.linkEnds.forEach(([from, to], link) => {
    net[from] = (net[from] ?? 0) - (result.netLinkMw[link] ?? 0);
    net[to] = (net[to] ?? 0) + (result.netLinkMw[link] ?? 0);
  });
  return net;
}

/** Checks the prices of all buses named, and balance, flows and ratings. */
function checkHour(
  grid: Grid,
  input: DispatchInput,
  buses: readonly number[],
  dispatcher = createDispatcher(grid, solveByPivots(null)),
): void {
  const topology = topologyOf(grid, []);
  const result = dispatcher(topology, input, null);
  assertBalance(input, result);
  flowsByAngles(grid.world, netInjections(grid, input, result)).forEach((mw, line) => {
    expect(Math.abs(mw - (result.netFlowMw[line] ?? NaN))).toBeLessThan(1e-6);
    const ratingMw = grid.world.network.lines[line]?.ratingMw ?? 0;
    expect(Math.abs(mw)).toBeLessThanOrEqual(Math.max(ratingMw, Math.abs(topology.baseFlowMw[line] ?? 0)) + 1e-5);
  });
  const noise = (1e-13 * Math.max(1, result.costUsd)) / stepMw + 1e-5;
  for (const bus of buses) {
    const slope = (side: 1 | -1): number => {
      const loadMw = input.loadMw.slice();
      loadMw[bus] = (loadMw[bus] ?? 0) + side * stepMw;
      return (side * (dispatcher(topology, { ...input, loadMw }, result.warm).costUsd - result.costUsd)) / stepMw;
    };
    const price = result.busPriceUsdPerMwh[bus] ?? NaN;
    // Load that is not there cannot be taken away: the slope to the left exists only where there is load.
    if ((input.loadMw[bus] ?? 0) >= stepMw) expect(price).toBeGreaterThanOrEqual(slope(-1) - noise);
    expect(price).toBeLessThanOrEqual(slope(1) + noise);
  }
}

describe('prices of the dispatch', () => {
  it('lie between what 1e-3 MW less saves and 1e-3 MW more costs, at every bus of 500 random small networks', () => {
    for (let n = 0; n < 500; n++) {
      const { world, loadMw, availableMw } = smallCase(n);
      const grid = prepareGrid(world);
      checkHour(
        grid,
        inputOf(grid, loadMw, availableMw),
        world.network.buses.map((_, bus) => bus),
      );
    }
  }, 60_000);

  it.skipIf(rtsGmlcDir === null)(
    `do so in 200 random hours of RTS-GMLC, at six buses each${rtsGmlcDir === null ? ` (${noRtsGmlc})` : ''}`,
    () => {
      const rts = readRtsHourly(rtsGmlcDir ?? '');
      const grid = prepareGrid(rts.world);
      const number = (n: number, purpose: string): number => draw({ seed: 5, component: 'test', entity: 'rts', purpose, n });
      for (let n = 0; n < 200; n++) {
        const hour = Math.floor(8_784 * number(n, 'hour'));
        const buses = Array.from({ length: 6 }, (_, k) => Math.floor(grid.regionOfBus.length * number(6 * n + k, 'bus')));
        checkHour(grid, inputOf(grid, rts.loadMw(hour), rts.availableMw(hour)), buses);
      }
    },
    60_000,
  );
});

import { describe, expect, it } from 'vitest';
import { createDispatcher } from '../../shared/domain/grid/dispatch.js';
import { prepareGrid } from '../../shared/domain/grid/grid.js';
import { limitsOf } from '../../shared/domain/grid/limits.js';
import type { DispatchInput } from '../../shared/domain/grid/problem.js';
import { solveByPivots } from '../../shared/domain/grid/simplex/solve.js';
import { topologyOf } from '../../shared/domain/grid/topology.js';
import { smallCase, type SmallCase } from '../support/randomNetworks.js';

/** A drawn network whose lines may carry a tenth more after an outage than before. */
function tightCase(n: number): SmallCase {
  const drawn = smallCase(n);
  const lines = drawn.world.network.lines.map((line) => ({ ...line, emergencyRatingMw: 1.1 * (line.ratingMw ?? 0), phaseShiftDegrees: 0 }));
  return { ...drawn, world: { ...drawn.world, network: { ...drawn.world.network, lines } } };
}

describe('the dispatch that also holds after the loss of any one line', () => {
  it('keeps all flows within emergency ratings when the power flow is solved anew without each line, and costs no less', () => {
    let dearer = 0;
    let outages = 0;
    for (let n = 0; n < 120; n++) {
      const { world, loadMw, availableMw } = tightCase(n);
      const grid = prepareGrid(world);
      const whole = topologyOf(grid, []);
      const costUsdPerMwh = Float64Array.from(grid.groups, (group) => group.costUsdPerMwh);
      const input: DispatchInput = {
        hours: 1,
        availableMw,
        costUsdPerMwh,
        loadMw,
        requirementMw: 0,
        reserveInUseMw: 0,
        storages: [],
        bids: [],
      };
      const plain = createDispatcher(grid, solveByPivots(null))(whole, input, null);
      const secure = createDispatcher(grid, solveByPivots(null), 'n-1')(whole, input, null);
      expect(secure.costUsd).toBeGreaterThanOrEqual(plain.costUsd - 1e-6);
      if (secure.costUsd > plain.costUsd + 1) dearer++;
      const netMw = Float64Array.from(loadMw, (mw, bus) => (secure.shedMw[bus] ?? 0) - mw);
      grid.busOfUnit.forEach((bus, unit) => (netMw[bus] = (netMw[bus] ?? 0) + (secure.generationMw[unit] ?? 0)));
      grid.linkEnds.forEach(([from, to], link) => {
        netMw[from] = (netMw[from] ?? 0) - (secure.netLinkMw[link] ?? 0);
        netMw[to] = (netMw[to] ?? 0) + (secure.netLinkMw[link] ?? 0);
      });
      for (const lost of world.network.lines) {
        const left = topologyOf(grid, [lost.id]);
        if (left.islandCount > whole.islandCount) continue;
        const flows = new Float64Array(world.network.lines.length);
        left.flows(netMw, flows);
        world.network.lines.forEach((line, place) =>
          expect(Math.abs(flows[place] ?? NaN)).toBeLessThanOrEqual((line.emergencyRatingMw ?? Infinity) + 1e-4),
        );
        outages++;
      }
    }
    expect(dearer).toBeGreaterThan(20);
    expect(outages).toBeGreaterThan(500);
  });

  it('costs the same when every limit is in the problem from the start', () => {
    for (let n = 0; n < 40; n++) {
      const { world, loadMw, availableMw } = tightCase(n);
      const grid = prepareGrid(world);
      const topology = topologyOf(grid, []);
      const costUsdPerMwh = Float64Array.from(grid.groups, (group) => group.costUsdPerMwh);
      const input = { hours: 1, availableMw, costUsdPerMwh, loadMw, requirementMw: 0, reserveInUseMw: 0, storages: [], bids: [] };
      const lazy = createDispatcher(grid, solveByPivots(null), 'n-1')(topology, input, null);
      const count = world.network.lines.length;
      const limits = limitsOf(grid, topology, 'n-1');
      const all = Array.from({ length: count * (count + 1) }, (_, limit) => limit).filter(
        (limit) =>
          limit < count || (limit % count !== Math.floor(limit / count) - 1 && limits.factorsOf(limit).some((factor) => factor !== 0)),
      );
      const basis = { columns: '', rows: '' };
      const full = createDispatcher(grid, solveByPivots(null), 'n-1')(topology, input, { limits: all, basis });
      expect(full.costUsd).toBeCloseTo(lazy.costUsd, 4);
    }
  });
});

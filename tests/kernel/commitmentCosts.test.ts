import { describe, expect, it } from 'vitest';
import { runningCostOf } from '../../shared/domain/commitment/costs.js';
import { commitmentMisfits } from '../../shared/domain/commitment/model.js';
import type { Unit } from '../../shared/scenario/networkSchema.js';
import { unitOf } from '../support/commitmentCase.js';

const unit = unitOf({ id: 'u', capacityMw: 100, minMw: 30, usdPerMwh: 20, isFree: true });

/** Cost of an output by the blocks, USD/h. */
function costAt(cost: ReturnType<typeof runningCostOf>, outputMw: number): number {
  let [leftMw, usdPerHour] = [outputMw - cost.fromMw, cost.usdPerHourAtFrom];
  for (const { widthMw, usdPerMwh } of cost.blocks) {
    usdPerHour += Math.min(leftMw, widthMw) * usdPerMwh;
    leftMw -= Math.min(leftMw, widthMw);
  }
  return usdPerHour;
}

describe('the cost of an output', () => {
  it('is the marginal cost times it where nothing else is known', () => {
    expect(runningCostOf(unit, 30)).toEqual({ fromMw: 30, usdPerHourAtFrom: 600, blocks: [{ widthMw: 70, usdPerMwh: 20 }] });
  });

  it('follows the corners of a piecewise curve, drawn on to capacity and down to the least output', () => {
    const points = [
      { outputMw: 40, usdPerHour: 1_000 },
      { outputMw: 60, usdPerHour: 1_400 },
      { outputMw: 90, usdPerHour: 2_300 },
    ];
    const cost = runningCostOf({ ...unit, costCurve: { kind: 'piecewise', points } }, 30);
    expect(costAt(cost, 30)).toBeCloseTo(800, 9);
    for (const { outputMw, usdPerHour } of points) expect(costAt(cost, outputMw)).toBeCloseTo(usdPerHour, 9);
    expect(costAt(cost, 100)).toBeCloseTo(2_600, 9);
  });

  it('lies on a quadratic curve at nine outputs, and never more than 1/256 of its bend above it', () => {
    const costCurve: Unit['costCurve'] = { kind: 'quadratic', quadraticUsdPerMw2h: 0.1, linearUsdPerMwh: 10, constantUsdPerHour: 200 };
    const cost = runningCostOf({ ...unit, costCurve }, 30);
    expect(cost.blocks.length).toBe(8);
    for (let outputMw = 30; outputMw <= 100; outputMw += 0.5) {
      const overUsd = costAt(cost, outputMw) - (0.1 * outputMw * outputMw + 10 * outputMw + 200);
      expect(overUsd).toBeGreaterThan(-1e-9);
      expect(overUsd).toBeLessThanOrEqual((0.1 * 70 * 70) / 256 + 1e-9);
    }
    expect(costAt(cost, 65)).toBeCloseTo(0.1 * 65 * 65 + 650 + 200, 9);
  });

  it('leaves out blocks below the least output and ends at capacity', () => {
    const blocks = [
      { upToMw: 20, usdPerMwh: 10 },
      { upToMw: 50, usdPerMwh: 15 },
      { upToMw: 80, usdPerMwh: 30 },
    ];
    const cost = runningCostOf({ ...unit, commitment: { startUsd: 0, noLoadUsdPerHour: 100, blocks, isOnAtStart: false } }, 30);
    expect(cost).toEqual({
      fromMw: 30,
      usdPerHourAtFrom: 100 + 200 + 150,
      blocks: [
        { widthMw: 20, usdPerMwh: 15 },
        { widthMw: 50, usdPerMwh: 30 },
      ],
    });
  });
});

describe('what is wrong with commitment costs', () => {
  const withBlocks = (blocks: readonly { readonly upToMw: number; readonly usdPerMwh: number }[]): Unit =>
    unitOf({ id: 'u', capacityMw: 100, usdPerMwh: 0, blocks });

  it('is nothing while blocks rise', () => {
    const blocks = [
      { upToMw: 50, usdPerMwh: 10 },
      { upToMw: 100, usdPerMwh: 10 },
    ];
    expect([...commitmentMisfits([withBlocks(blocks)])]).toEqual([]);
  });

  it('is a block that costs less, or ends no later, than the one before', () => {
    const blocks = [
      { upToMw: 50, usdPerMwh: 10 },
      { upToMw: 50, usdPerMwh: 9 },
    ];
    expect([...commitmentMisfits([withBlocks([]), withBlocks(blocks)])].map(({ field }) => field)).toEqual([
      'network.units[1].commitment.blocks[1].upToMw',
      'network.units[1].commitment.blocks[1].usdPerMwh',
    ]);
  });
});

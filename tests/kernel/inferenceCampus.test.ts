import { describe, expect, it } from 'vitest';
import { fullNodeW, pooled, siteWatts, spreadOf } from '../../shared/domain/inference/campus.js';
import { campusAt, demandRatioAt, inferencePowerAt, type DemandPoint } from '../../shared/domain/inference/demand.js';
import { serve, type FleetRun } from '../../shared/domain/inference/fleet.js';
import { levelOf, powerOf, type Site } from '../../shared/domain/inference/levels.js';
import { h100Node, tableOf } from '../../shared/domain/inference/node.js';
import { drawRequests } from '../../shared/domain/inference/requests.js';
import { hourMs } from '../../shared/domain/ticks.js';

const surroundings = { besideW: 100, pueRatio: 1.2 };
const target = { withinSeconds: 1, shareRatio: 0.99 };
const requests = drawRequests({ seed: 1, seconds: 120, requestsPerSecond: 12, contextTokens: 1_500, generatedTokens: 60, sigma: 1 });
const site: Site = { node: h100Node, surroundings, installedNodes: 6, pools: 3, seed: 1 };

describe('power of a site', () => {
  it('is what nodes drew, what stands beside them, and what the others draw, times cooling', () => {
    const run = { nodes: 2, periodSeconds: 1.5, joules: Float64Array.of(3_000, 1_000) } as unknown as FleetRun;
    const staffing = { node: { ...h100Node, idleW: 500, offW: 40 }, surroundings, installedNodes: 5 };
    expect([...siteWatts(run, { ...staffing, rest: 'idle' })]).toEqual([1.2 * (3_000 + 200 + 3 * 600), 1.2 * (2_000 + 200 + 3 * 600)]);
    expect([...siteWatts(run, { ...staffing, rest: 'off' })][0]).toBe(1.2 * (3_000 + 200 + 3 * 40));
    expect(fullNodeW(h100Node, surroundings)).toBeCloseTo(1.2 * (2_769 + 100), 9);
  });

  it('of equal pools has their mean and a lower peak', () => {
    const one = Float64Array.from({ length: 100 }, (_, second) => (second < 5 ? 1_000 : 100));
    const sum = pooled(one, 50, 7);
    expect(spreadOf(sum).meanMw).toBeCloseTo(50 * spreadOf(one).meanMw, 12);
    expect(spreadOf(sum).peakMw).toBeLessThan(50 * spreadOf(one).peakMw * 0.5);
    expect(pooled(one, 1, 7)).toBe(one);
  });

  it('is spread over seconds: mean, 99th percentile and peak', () => {
    const watts = Float64Array.from({ length: 200 }, (_, second) => (second + 1) * 1e6);
    expect(spreadOf(watts)).toEqual({ meanMw: 100.5, p99Mw: 198, peakMw: 200 });
  });

  it('falls with fewer nodes and the others idle, falls further with them off, and never below what the work draws', () => {
    for (const demandRatio of [0.3, 1]) {
      const { point, consolidated, allOn } = levelOf(requests, site, { demandRatio, target });
      expect(consolidated).not.toBeNull();
      expect(point.neededNodes).toBe(3 * (consolidated?.nodes ?? 0));
      expect(point.mustServeMw).toBeLessThanOrEqual(point.allOnMw);
      expect(point.othersOffMw).toBeLessThan(point.mustServeMw);
      expect(point.allOnMw).toBeCloseTo(powerOf(allOn, site).meanMw, 12);
    }
  });

  it('of a pool that cannot keep its quality is that of all its nodes', () => {
    const { point, consolidated } = levelOf(requests, { ...site, installedNodes: 1 }, { demandRatio: 1, target });
    expect(consolidated).toBeNull();
    expect(point).toMatchObject({ neededNodes: 3, mustServeMw: point.allOnMw });
    expect(serve(requests, tableOf(h100Node), { nodes: 1, target }).withinRatio).toBeLessThan(0.99);
  });
});

describe('demand over a day', () => {
  const shape = { leastRatio: 0.4, peakHour: 20, utcOffsetMinutes: -300, noiseRatio: 0 };
  const of = { seed: 1, entity: 'riverbend' };

  it('peaks at its local hour, is least twelve hours later, and half-way in between', () => {
    expect(demandRatioAt(shape, of, 25 * hourMs)).toBeCloseTo(1, 12);
    expect(demandRatioAt(shape, of, 13 * hourMs)).toBeCloseTo(0.4, 12);
    expect(demandRatioAt(shape, of, 19 * hourMs)).toBeCloseTo(0.7, 12);
  });

  it('carries noise of its own for each place, without steps, within its bounds', () => {
    const noisy = { ...shape, noiseRatio: 0.1 };
    const at = (hours: number, entity = 'riverbend'): number => demandRatioAt(noisy, { seed: 1, entity }, hours * hourMs);
    expect(at(7)).not.toBe(at(7, 'mesa'));
    expect(Math.abs(at(7 - 1e-6) - at(7 + 1e-6))).toBeLessThan(1e-6);
    for (let hour = 0; hour < 200; hour++) {
      expect(at(hour)).toBeGreaterThanOrEqual(0.4);
      expect(at(hour)).toBeLessThanOrEqual(1);
    }
  });
});

describe('a campus at a level of demand', () => {
  const point = (demandRatio: number, neededNodes: number, allOnMw: number): DemandPoint => ({
    demandRatio,
    neededNodes,
    allOnMw,
    mustServeMw: allOnMw / 2,
    othersOffMw: allOnMw / 4,
  });
  const points = [point(0.2, 10, 20), point(0.6, 21, 40), point(1, 40, 60)];

  it('lies on straight lines between the levels that were served', () => {
    expect(campusAt(points, 0.6)).toEqual({ ...point(0.6, 21, 40) });
    expect(campusAt(points, 0.8)).toMatchObject({ neededNodes: 31, allOnMw: 50, mustServeMw: 25 });
    expect(campusAt(points, 0.4)).toMatchObject({ neededNodes: 16, allOnMw: 30, othersOffMw: 7.5 });
  });

  it('stays at the outermost levels beyond them', () => {
    expect(campusAt(points, 0.05)).toMatchObject({ neededNodes: 10, allOnMw: 20 });
    expect(campusAt(points, 1.5)).toMatchObject({ neededNodes: 40, allOnMw: 60 });
    expect(campusAt([], 0.5)).toMatchObject({ neededNodes: 0, allOnMw: 0 });
  });

  it('at an instant is that of the demand of the instant', () => {
    const shape = { leastRatio: 0.6, peakHour: 12, utcOffsetMinutes: 0, noiseRatio: 0 };
    const campus = { points, shape, seed: 1, entity: 'mesa' };
    expect(inferencePowerAt(campus, 12 * hourMs)).toMatchObject({ allOnMw: 60, mustServeMw: 30 });
    expect(inferencePowerAt(campus, 0)).toMatchObject({ allOnMw: 40 });
  });
});

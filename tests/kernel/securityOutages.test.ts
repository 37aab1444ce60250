import { describe, expect, it } from 'vitest';
import { factor, solve } from '../../shared/domain/grid/dense.js';
import { connectivityOf, type BranchNetwork } from '../../shared/domain/security/branches.js';
import { screenLosses } from '../../shared/domain/security/losses.js';
import { outageFactorsOf } from '../../shared/domain/security/outageFactors.js';
import { screenOutages } from '../../shared/domain/security/screen.js';

type Ends = readonly (readonly [from: number, to: number, susceptance: number])[];

function networkOf(busCount: number, lines: Ends): BranchNetwork {
  return {
    busCount,
    firstBus: Int32Array.from(lines, ([from]) => from),
    secondBus: Int32Array.from(lines, ([, to]) => to),
    susceptance: Float64Array.from(lines, ([, , susceptance]) => susceptance),
  };
}

/** Flows of a connected network by a dense solve with the last bus as reference: shares nothing with the factors under test. */
function flowsOf({ busCount, firstBus, secondBus, susceptance }: BranchNetwork, netMw: readonly number[]): Float64Array {
  const size = busCount - 1;
  const matrix = new Float64Array(size * size);
  susceptance.forEach((value, line) => {
    const [from, to] = [firstBus[line] ?? -1, secondBus[line] ?? -1];
    for (const [row, column, sign] of [[from, from, 1] as const, [to, to, 1] as const, [from, to, -1] as const, [to, from, -1] as const]) {
      if (row < size && column < size) matrix[row * size + column] = (matrix[row * size + column] ?? NaN) + sign * value;
    }
  });
  const factors = factor(matrix, size);
  if (factors === null) throw new Error('the test network is not connected');
  const angles = [...solve(factors, Float64Array.from(netMw.slice(0, size))), 0];
  return susceptance.map((value, line) => value * ((angles[firstBus[line] ?? -1] ?? NaN) - (angles[secondBus[line] ?? -1] ?? NaN)));
}

function without(network: BranchNetwork, line: number): BranchNetwork {
  return { ...network, susceptance: network.susceptance.map((value, place) => (place === line ? 0 : value)) };
}

const meshed = networkOf(8, [
  [0, 1, 10],
  [1, 2, 5],
  [2, 3, 8],
  [3, 0, 4],
  [1, 3, 3],
  [3, 4, 9],
  [4, 5, 2],
  [5, 3, 7],
  [2, 5, 6],
  [4, 5, 2.5],
  [6, 4, 12],
  [6, 7, 4],
]);
const meshedNetMw = [120, -40, 35, -90, 60, -55, 20, -50];
const meshedFlows = flowsOf(meshed, meshedNetMw);

describe('factors of line outages', () => {
  it('sends the whole flow of a lost side of a triangle the other way round', () => {
    const factors = outageFactorsOf(
      networkOf(3, [
        [0, 1, 1],
        [1, 2, 1],
        [0, 2, 1],
      ]),
    );
    const rounded = [...factors.columnOf(2)].map((share) => Math.round(share * 1e12) / 1e12);
    expect(rounded).toEqual([1, 1, -1]);
    expect([...factors.isRadial]).toEqual([0, 0, 0]);
  });

  it('gives the flows that a power flow without the line gives, for every line that is not radial', () => {
    const factors = outageFactorsOf(meshed);
    expect([...factors.isRadial]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1]);
    for (let outage = 0; outage < 10; outage++) {
      const column = factors.columnOf(outage);
      flowsOf(without(meshed, outage), meshedNetMw).forEach((mw, line) => {
        expect((meshedFlows[line] ?? NaN) + (column[line] ?? NaN) * (meshedFlows[outage] ?? NaN)).toBeCloseTo(mw, 9);
      });
    }
  });

  it('takes one of two parallel lines for no radial line, and both out of service for no line at all', () => {
    const lines: Ends = [
      [0, 1, 2],
      [1, 0, 3],
      [1, 2, 1],
    ];
    expect([...connectivityOf(networkOf(3, lines)).isRadial]).toEqual([0, 0, 1]);
    expect([...connectivityOf(without(networkOf(3, lines), 0)).isRadial]).toEqual([0, 1, 1]);
    const apart = outageFactorsOf(without(without(networkOf(3, lines), 0), 1));
    expect(apart.islandCount).toBe(2);
    expect([...apart.islandOfBus]).toEqual([0, 1, 1]);
    expect([...apart.columnOf(0)]).toEqual([-1, 0, 0]);
  });

  it('names the smaller part that a radial line holds, whichever way it was written down', () => {
    const chain = (line: readonly [number, number]): BranchNetwork =>
      networkOf(5, [
        [0, 1, 1],
        [1, 2, 1],
        [2, 0, 1],
        [...line, 1],
        [3, 4, 1],
      ]);
    for (const line of [[2, 3] as const, [3, 2] as const]) {
      const factors = outageFactorsOf(chain(line));
      expect(factors.cutOffBuses(3)).toEqual([3, 4]);
      expect(factors.cutOffBuses(4)).toEqual([4]);
      expect(factors.cutOffBuses(0)).toEqual([]);
    }
    const upsideDown = outageFactorsOf(
      networkOf(4, [
        [0, 1, 1],
        [1, 2, 1],
        [2, 3, 1],
        [3, 1, 1],
      ]),
    );
    expect(upsideDown.cutOffBuses(0)).toEqual([0]);
  });
});

describe('screening of line outages', () => {
  const loadMw = Float64Array.from(meshedNetMw, (mw) => Math.max(0, -mw));
  const emergencyRatingMw = [60, null, 45, 90, 40, 200, 70, 60, 60, 70, 25, 25];
  const screen = (keep?: number) => screenOutages(outageFactorsOf(meshed), { netFlowMw: meshedFlows, emergencyRatingMw, loadMw }, keep);

  it('finds every pair that a power flow per outage finds, with its loading', () => {
    const expected = new Map<string, number>();
    for (let outage = 0; outage < 10; outage++) {
      flowsOf(without(meshed, outage), meshedNetMw).forEach((mw, line) => {
        const loading = Math.abs(mw) / (emergencyRatingMw[line] ?? Infinity);
        if (loading > 1) expected.set(`${line}/${outage}`, loading);
      });
    }
    const all = screen(Infinity);
    expect(expected.size).toBeGreaterThan(5);
    expect(all.violatedPairs).toBe(expected.size);
    expect(new Set(all.pairs.map(({ line, outage }) => `${line}/${outage}`))).toEqual(new Set(expected.keys()));
    for (const { line, outage, loadingRatio } of all.pairs) expect(loadingRatio).toBeCloseTo(expected.get(`${line}/${outage}`) ?? NaN, 9);
    expect(all.worst?.loadingRatio).toBeCloseTo(Math.max(...expected.values()), 9);
    expect(all.violatedOutages).toBe(new Set(all.pairs.map(({ outage }) => outage)).size);
    expect(all.isSecure).toBe(false);
  });

  it('lists the worst few first, and the same ones however many are asked for', () => {
    const all = screen(Infinity).pairs;
    const three = screen(3);
    expect(three.pairs.map(({ line, outage }) => [line, outage])).toEqual(all.slice(0, 3).map(({ line, outage }) => [line, outage]));
    expect(three.violatedPairs).toBe(all.length);
    expect(all.map(({ loadingRatio }) => loadingRatio)).toEqual(all.map(({ loadingRatio }) => loadingRatio).sort((a, b) => b - a));
    expect(screen(0).pairs).toEqual([]);
  });

  it('says each pair as a limit on the flows before the outage', () => {
    for (const { line, outage, factorRatio, netFlowMw, ratingMw } of screen(Infinity).pairs) {
      expect((meshedFlows[line] ?? NaN) + factorRatio * (meshedFlows[outage] ?? NaN)).toBeCloseTo(netFlowMw, 9);
      expect(ratingMw).toBeCloseTo(emergencyRatingMw[line] ?? NaN, 9);
    }
  });

  it('is secure and still names the most loaded pair when nothing is broken; without ratings there is none', () => {
    const calm = screenOutages(outageFactorsOf(meshed), {
      netFlowMw: meshedFlows,
      loadMw,
      emergencyRatingMw: meshedFlows.map(() => 1_000),
    });
    expect(calm.isSecure).toBe(true);
    expect(calm.pairs).toEqual([]);
    expect(calm.worst?.loadingRatio).toBeGreaterThan(0.1);
    const unrated = screenOutages(outageFactorsOf(meshed), {
      netFlowMw: meshedFlows,
      loadMw,
      emergencyRatingMw: Array.from(meshedFlows, () => null),
    });
    expect(unrated.worst).toBeNull();
  });

  it('takes a line loaded exactly to its rating for within it', () => {
    const pair = networkOf(2, [
      [0, 1, 1],
      [0, 1, 1],
    ]);
    const at = (ratingMw: number) =>
      screenOutages(outageFactorsOf(pair), {
        netFlowMw: Float64Array.of(50, 50),
        loadMw: Float64Array.of(0, 100),
        emergencyRatingMw: [ratingMw, ratingMw],
      }).violatedPairs;
    expect(at(100)).toBe(0);
    expect(at(99.9)).toBe(2);
  });

  it('reports what radial lines cut off, most MW first', () => {
    const { islanding } = screen();
    expect(islanding.map(({ outage, buses }) => [outage, [...buses].sort()])).toEqual([
      [11, [7]],
      [10, [6, 7]],
    ]);
    expect(islanding[0]).toMatchObject({ direction: 'fed', cutOffLoadMw: 50 });
    expect(islanding[0]?.interruptedMw).toBeCloseTo(50, 9);
    expect(islanding[1]?.interruptedMw).toBeCloseTo(30, 9);
  });
});

describe('screening of units and links', () => {
  const unitBus = Int32Array.of(0, 2, 4, 6, 4);
  const outputMw = Float64Array.of(120, 35, 60, 20, 0);
  const loadMw = Float64Array.of(0, 40, 0, 90, 0, 55, 0, 50);
  const noLink = { linkFirstBus: new Int32Array(0), linkSecondBus: new Int32Array(0), netLinkMw: new Float64Array(0) };
  const emergencyRatingMw = Array.from(meshedFlows, () => 1_000);
  const ask = (more: Partial<Parameters<typeof screenLosses>[1]>) =>
    screenLosses(
      outageFactorsOf(meshed),
      {
        netFlowMw: meshedFlows,
        emergencyRatingMw,
        loadMw,
        unitBus,
        outputMw,
        headroomMw: Float64Array.of(5, 30, 90, 0, 0),
        ...noLink,
        ...more,
      },
      Infinity,
    );
  const worstLoading = (flows: Float64Array): number => Math.max(...flows.map(Math.abs)) / 1_000;

  it('replaces a unit by the others in proportion to their headroom', () => {
    const after = [0, -40, 35 + 30, -90, 60 + 90, -55, 20, -50];
    const expected = flowsOf(meshed, after);
    const { worst, short } = ask({ outputMw: Float64Array.of(120, 0, 0, 0, 0) });
    expect(short).toEqual([]);
    expect(worst?.loss).toEqual({ kind: 'unit', place: 0 });
    expect(worst?.loadingRatio).toBeCloseTo(worstLoading(expected), 9);
    expect(worst?.netFlowMw).toBeCloseTo(expected[worst?.line ?? -1] ?? NaN, 9);
  });

  it('takes off load what headroom does not cover, and says how much', () => {
    const { worst, short } = ask({ outputMw: Float64Array.of(120, 0, 0, 0, 0), headroomMw: Float64Array.of(0, 30, 0, 0, 0) });
    const served = 1 - 90 / 235;
    const after = [0, -40 * served, 65, -90 * served, 60, -55 * served, 20, -50 * served];
    expect(short).toEqual([{ loss: { kind: 'unit', place: 0 }, shortMw: 90 }]);
    expect(worst?.loadingRatio).toBeCloseTo(worstLoading(flowsOf(meshed, after)), 9);
  });

  it('lets the lines carry what a link inside the island carried', () => {
    const expected = flowsOf(meshed, [120 + 25, -40, 35, -90, 60, -55 - 25, 20, -50]);
    const { worst } = ask({
      outputMw: new Float64Array(5),
      linkFirstBus: Int32Array.of(0),
      linkSecondBus: Int32Array.of(5),
      netLinkMw: Float64Array.of(25),
    });
    expect(worst?.loss).toEqual({ kind: 'link', place: 0 });
    expect(worst?.loadingRatio).toBeCloseTo(worstLoading(expected), 9);
  });

  it('balances each island on its own when a link between two is lost', () => {
    const twoPairs = networkOf(4, [
      [0, 1, 1],
      [0, 1, 1],
      [2, 3, 1],
    ]);
    const answer = screenLosses(
      outageFactorsOf(twoPairs),
      {
        netFlowMw: Float64Array.of(30, 30, 20),
        emergencyRatingMw: [100, 100, 40],
        loadMw: Float64Array.of(0, 0, 0, 80),
        unitBus: Int32Array.of(0, 2),
        outputMw: Float64Array.of(60, 20),
        headroomMw: Float64Array.of(10, 50),
        linkFirstBus: Int32Array.of(1),
        linkSecondBus: Int32Array.of(3),
        netLinkMw: Float64Array.of(60),
      },
      Infinity,
    );
    // The feeding island goes down to nothing on its lines; the fed one has 50 MW of headroom at bus 2 and sheds the other 10.
    const ofLink = answer.pairs.filter(({ loss }) => loss.kind === 'link');
    expect(ofLink).toHaveLength(1);
    expect(ofLink[0]?.netFlowMw).toBeCloseTo(70, 9);
    expect(answer.short.find(({ loss }) => loss.kind === 'link')?.shortMw).toBeCloseTo(10, 9);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fact, Saying } from '../../shared/domain/fact.js';
import { solveByPivots } from '../../shared/domain/grid/simplex/solve.js';
import { solveAlways } from '../support/solve.js';
import { minuteMs, toWire } from '../../shared/domain/ticks.js';
import { loadHighsSolver, type HighsSolver } from '../../shared/runtime/highs.js';
import { threeAreas } from '../../shared/scenario/threeAreas/world.js';
import { aroundThreeAreas, dataOf, offer, runGrid, want } from '../support/gridRun.js';
import { peakWorld, smallContract, smallStartMs, smallWorld, stepSeries } from '../support/worlds.js';

let solver: HighsSolver;
beforeAll(async () => {
  solver = await loadHighsSolver();
});
afterAll(() => solver.close());

function clearedAt(ticks: readonly (readonly Fact[])[]): readonly (readonly [tick: number, clearedMw: number])[] {
  return ticks.flatMap((facts, tick) =>
    dataOf(facts, 'grid.clearing.v1', 'south').offers.map(({ clearedMw }) => [tick, clearedMw] as const),
  );
}

describe('offers', () => {
  it('clear for the tick their notice reaches, when the price without them would exceed the strike, and only then', () => {
    // 60 + 350 + 40 MW leave 50 of 500 MW in reserve; 380 MW leave 20: the second step, 1,000 + 60 $/MWh.
    const wants = () => ({ before: [want('south', 'campus-1', 40), offer('south')] });
    const { ticks } = runGrid(peakWorld(380, [10, 11, 12, 13]), solver, { ticks: 20, around: wants });
    const cleared = clearedAt(ticks);
    expect(cleared.map(([tick]) => tick)).toEqual([7, 8, 9, 10]);
    // 5 MW lift the reserve to 25 MW, where the first step (100 $/MWh) is all that is missing.
    for (const [, mw] of cleared) expect(mw).toBeCloseTo(5, 6);
    const [first] = dataOf(ticks[7], 'grid.clearing.v1', 'south').offers;
    expect(first).toMatchObject({
      campus: 'campus-1',
      contract: 'contract-1',
      fromTime: toWire(smallStartMs + 50 * minuteMs),
      toTime: toWire(smallStartMs + 55 * minuteMs),
    });
    expect(first?.priceUsdPerMwh).toBeCloseTo(500, 6);
  });

  it.each([
    [159, 4],
    [161, 0],
  ])('with strike %s clear in %s of 4 ticks at a price of 160', (strikeUsdPerMwh, count) => {
    // 370 MW leave 30 MW in reserve: 60 + 100 $/MWh.
    const world = peakWorld(370, [10, 11, 12, 13], { contracts: [smallContract({ strikeUsdPerMwh })] });
    const { ticks } = runGrid(world, solver, {
      ticks: 20,
      around: () => ({ before: [want('south', 'campus-1', 40), offer('south', { strikeUsdPerMwh })] }),
    });
    expect(dataOf(ticks[11], 'grid.price.v1', 'south').priceUsdPerMwh).toBeCloseTo(160, 6);
    expect(clearedAt(ticks)).toHaveLength(count);
  });

  it('clear inside the tick when the notice is shorter than it, and take off the load for the rest of it', () => {
    const base = smallWorld();
    const world = smallWorld({
      clock: { ...base.clock, tickMinutes: 60 },
      contracts: [smallContract({ noticeMinutes: 15, rampMinutes: 15 })],
      series: { ...base.series, 'south-load': stepSeries(60, [280, 400, 400, 280]) },
    });
    const around = (tick: number) => ({ before: [want('south', 'campus-1', 40), offer('south', { inForceMw: tick === 2 ? 20 : 0 })] });
    const { ticks } = runGrid(world, solver, { ticks: 4, around });
    const campusMw = ticks.map((facts) => dataOf(facts, 'grid.demand.v1', 'south').campusMw);
    // All 20 MW clear. New, they work for 45 minutes less half a ramp of 15: 20 x 37.5 / 60; standing, for the whole hour.
    expect(clearedAt(ticks).map(([tick, mw]) => [tick, Math.round(mw * 1e6) / 1e6])).toEqual([
      [1, 20],
      [2, 20],
    ]);
    [40, 27.5, 20, 40].forEach((mw, tick) => expect(campusMw[tick]).toBeCloseTo(mw, 6));
  });

  it('give the same facts whether every look-ahead is solved or only where its basis does not hold', () => {
    let solves = { always: 0, needed: 0 };
    const counting = (name: 'always' | 'needed') => ({
      solve: (...args: Parameters<HighsSolver['solve']>) => {
        solves = { ...solves, [name]: solves[name] + 1 };
        return solver.solve(...args);
      },
    });
    const options = { ticks: 120, around: aroundThreeAreas };
    const always = runGrid(threeAreas, { isOwn: true, solve: solveAlways(counting('always')) }, options);
    const needed = runGrid(threeAreas, { isOwn: true, solve: solveByPivots(counting('needed')) }, options);
    expect(needed.ticks).toEqual(always.ticks);
    expect(solves.needed).toBeLessThan(solves.always / 2);
  }, 60_000);
});

describe('load targets', () => {
  const target = (epoch: number, reductionMw: number, fromTick: number): Saying => ({
    type: 'control.loadtarget.v1',
    region: 'south',
    entity: 'south',
    data: {
      targets: [
        {
          campus: 'campus-1',
          epoch,
          reductionMw,
          fromTime: toWire(smallStartMs + fromTick * 5 * minuteMs),
          untilTime: reductionMw > 0 ? toWire(smallStartMs + 300 * minuteMs) : null,
          rampMinutes: 10,
          contracts: ['contract-1'],
          reason: 'test',
        },
      ],
    },
  });

  it('take off what is asked along the ramp, count once though they are repeated, and nothing after the release', () => {
    const around = (tick: number) => ({
      before: [want('south', 'campus-1', 40)],
      after: tick < 1 ? [] : tick < 8 ? [target(1, 20, 4)] : [target(2, 0, 10)],
    });
    const { ticks } = runGrid(smallWorld(), solver, { ticks: 12, around });
    const campusMw = ticks.map((facts) => dataOf(facts, 'grid.demand.v1', 'south').campusMw);
    [40, 40, 40, 40, 35, 25, 20, 20, 20, 20, 40, 40].forEach((mw, tick) => expect(campusMw[tick], `tick ${tick}`).toBeCloseTo(mw, 6));
  });

  it('put reserve to use where a campus did not deliver', () => {
    const power = (imbalanceMw: number): Saying => ({
      type: 'cluster.power.v1',
      region: 'south',
      entity: 'south',
      data: {
        campuses: [
          { campus: 'campus-1', meanMw: 40, endMw: 40, trainingMw: 40, inferenceMw: 0, limitMw: 100, reductionTargetMw: 20, imbalanceMw },
        ],
      },
    });
    const around = (tick: number) => ({ before: [want('south', 'campus-1', 40)], after: [power(tick === 1 ? 12 : 0)] });
    const reserveMw = runGrid(smallWorld(), solver, { ticks: 4, around }).ticks.map(
      (facts) => dataOf(facts, 'grid.reserve.v1').availableMw,
    );
    [300, 300, 288, 300].forEach((mw, tick) => expect(reserveMw[tick]).toBeCloseTo(mw, 6));
  });
});

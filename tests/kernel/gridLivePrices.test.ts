import { describe, expect, it } from 'vitest';
import type { Fact } from '../../shared/domain/fact.js';
import { loadHighsSolver } from '../../shared/runtime/highs.js';
import type { World } from '../../shared/scenario/schema.js';
import { dataOf, runGrid, want } from '../support/gridRun.js';
import { smallLine, smallUnit, smallWorld, stepSeries } from '../support/worlds.js';

const solver = await loadHighsSolver();
const base = smallWorld();

/** The small world with lines that never bind, other units, and a southern load tick by tick. */
function worldWith(units: World['network']['units'], southMw: number[]) {
  const lines = [smallLine('a-b', 'a', 'b', 2_000), smallLine('a-c', 'a', 'c', 2_000), smallLine('b-c', 'b', 'c', 2_000)];
  return smallWorld({
    series: { ...base.series, 'south-load': stepSeries(5, southMw) },
    network: { ...base.network, lines, units },
  });
}

function ticksOf(world: World, ticks: number): readonly (readonly Fact[])[] {
  return runGrid(world, solver, { ticks, around: () => ({ before: [want('south', 'campus-1', 40)] }) }).ticks;
}

describe('price, flow and curtailment of a tick', () => {
  it('price is energy plus what reserve scarcity adds to it', () => {
    // 460 MW of 500: 10 MW of reserve are missing at 100; dear is marginal at 60.
    const facts = ticksOf(worldWith(base.network.units, [360]), 1)[0];
    const price = dataOf(facts, 'grid.price.v1', 'south');
    expect(price.energyUsdPerMwh).toBeCloseTo(60, 4);
    expect(price.reserveScarcityUsdPerMwh).toBeCloseTo(100, 4);
    expect(price.priceUsdPerMwh).toBeCloseTo(160, 4);
  });

  it('has no scarcity where power is of no use to reserve, and still adds up', () => {
    // The line lets 60 MW out of the north, where wind that gives no reserve is left over; the south has 40 of 50 MW of reserve.
    const units = [
      smallUnit('gale', 'a', 300, 0, { source: 'wind', providesReserve: false, availability: { kind: 'series', series: 'wind' } }),
      smallUnit('dear', 'c', 120, 60),
    ];
    const lines = [smallLine('a-b', 'a', 'b', 2_000), smallLine('a-c', 'a', 'c', 60)];
    const world = smallWorld({
      series: { ...base.series, wind: stepSeries(5, [200]) },
      network: { ...base.network, lines, units },
    });
    const facts = ticksOf(world, 1)[0];
    const [north, south] = [dataOf(facts, 'grid.price.v1', 'north'), dataOf(facts, 'grid.price.v1', 'south')];
    expect(north.priceUsdPerMwh).toBeCloseTo(0, 4);
    expect(north.reserveScarcityUsdPerMwh).toBe(0);
    expect(south.reserveScarcityUsdPerMwh).toBeCloseTo(100, 4);
    for (const price of [north, south])
      expect((price.energyUsdPerMwh ?? NaN) + price.reserveScarcityUsdPerMwh).toBeCloseTo(price.priceUsdPerMwh, 6);
    expect(dataOf(facts, 'grid.reserve.v1').scarcityUsdPerMwh).toBeCloseTo(100, 4);
  });

  it('curtailment is listed by unit, and only of what the weather drives', () => {
    const wind = { kind: 'series', series: 'wind' } as const;
    const units = [
      smallUnit('gale', 'a', 300, 0, { source: 'wind', availability: wind }),
      smallUnit('breeze', 'b', 300, 1, { source: 'wind', availability: wind }),
      smallUnit('middle', 'b', 100, 30),
    ];
    const world = worldWith(units, [100]);
    const facts = ticksOf({ ...world, series: { ...world.series, wind: stepSeries(5, [150]) } }, 1)[0];
    // 200 MW of load: all 150 of gale, 50 of the 150 of breeze.
    expect(dataOf(facts, 'grid.curtailment.v1', 'north')).toEqual({ curtailedMw: 100, units: [{ unit: 'breeze', curtailedMw: 100 }] });
    expect(dataOf(facts, 'grid.curtailment.v1', 'south')).toEqual({ curtailedMw: 0, units: [] });
    const sources = dataOf(facts, 'grid.supply.v1', 'north').sources;
    expect(sources).toEqual([
      { source: 'wind', generationMw: 200, availableMw: 300 },
      { source: 'gas-cc', generationMw: 0, availableMw: 100 },
    ]);
  });

  it('flows below the share of the scenario are left out, but not of a line that is out or an interface near its limit', () => {
    const lines = base.network.lines;
    const interfaces: World['network']['interfaces'] = [
      {
        id: 'out',
        region: 'north',
        limitMw: 150,
        reverseLimitMw: null,
        lines: [
          { line: 'a-c', direction: 'forward' },
          { line: 'b-c', direction: 'forward' },
        ],
      },
      {
        id: 'back',
        region: 'north',
        limitMw: 10,
        reverseLimitMw: 150,
        lines: [
          { line: 'a-c', direction: 'reverse' },
          { line: 'b-c', direction: 'reverse' },
        ],
      },
      {
        id: 'one-way',
        region: 'north',
        limitMw: 10,
        reverseLimitMw: null,
        lines: [
          { line: 'a-c', direction: 'reverse' },
          { line: 'b-c', direction: 'reverse' },
        ],
      },
      {
        id: 'wide',
        region: 'north',
        limitMw: 400,
        reverseLimitMw: null,
        lines: [
          { line: 'a-c', direction: 'forward' },
          { line: 'b-c', direction: 'forward' },
        ],
      },
    ];
    const script: World['script'] = [{ atTime: '2027-07-13T00:05:00.000Z', action: 'trip-line', target: 'b-c', reason: 'test' }];
    const shown = (flowsFromRatio: number) =>
      ticksOf(smallWorld({ flowsFromRatio, script, network: { ...base.network, lines, interfaces } }), 2).map((facts) =>
        ['north', 'south'].flatMap((region) => {
          const { lines: some, interfaces: others } = dataOf(facts, 'grid.flow.v1', region);
          return [...some.map(({ line }) => line), ...others.map((each) => each.interface)];
        }),
      );
    // Cheap feeds 66.7 MW over a-b, 103.3 over a-c, 36.7 over b-c; after the trip 30 over a-b and 140 over a-c.
    const all = ['a-b', 'a-c', 'b-c', 'out', 'back', 'one-way', 'wide'];
    expect(shown(0)).toEqual([all, all]);
    expect(shown(0.4)).toEqual([
      ['a-c', 'out', 'back'],
      ['a-c', 'b-c', 'out', 'back'],
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import type { Fact } from '../../shared/domain/fact.js';
import { loadHighsSolver } from '../../shared/runtime/highs.js';
import type { World } from '../../shared/scenario/schema.js';
import { dataOf, runGrid, want } from '../support/gridRun.js';
import { smallLine, smallUnit, smallWorld, stepSeries } from '../support/worlds.js';

const solver = await loadHighsSolver();
const base = smallWorld();
const campus = base.campuses[0] as World['campuses'][number];

/** The small world with lines that never bind, other units, and a southern load tick by tick. */
function worldWith(
  units: World['network']['units'],
  southMw: number[],
  rest: Partial<World> = {},
  storages: World['network']['storages'] = [],
) {
  const lines = [smallLine('a-b', 'a', 'b', 2_000), smallLine('a-c', 'a', 'c', 2_000), smallLine('b-c', 'b', 'c', 2_000)];
  return smallWorld({
    series: { ...base.series, 'south-load': stepSeries(5, southMw) },
    network: { ...base.network, lines, units, storages },
    ...rest,
  });
}

function ticksOf(world: World, ticks: number): readonly (readonly Fact[])[] {
  return runGrid(world, solver, { ticks, around: () => ({ before: [want('south', 'campus-1', 40)] }) }).ticks;
}

describe('contingency reserve of a tick', () => {
  it('counts what running units have left against the loss they cover worst, never cold ones', () => {
    const units = [smallUnit('cheap', 'a', 120, 10), smallUnit('middle', 'b', 100, 30), smallUnit('dear', 'c', 100, 60)];
    // 200 MW of load: cheap full, middle at 80, dear cold.
    const reserve = dataOf(ticksOf(worldWith(units, [100]), 1)[0], 'grid.reserve.v1');
    expect(reserve).toMatchObject({
      upwardLoss: 'cheap',
      upwardLossMw: 120,
      upwardReserveMw: 20,
      upwardShortfallMw: 100,
      availableMw: 120,
    });
  });

  it('names the loss that is covered worst, which need not be the largest', () => {
    // Cheap runs at its 120 MW and middle has 100 MW of room; cheap has none for the 100 MW of middle.
    const units = [
      smallUnit('cheap', 'a', 110, 10, { providesReserve: true }),
      smallUnit('middle', 'b', 300, 30),
      smallUnit('other', 'c', 5, 31, { availability: null }),
    ];
    const reserve = dataOf(ticksOf(worldWith(units, [100]), 1)[0], 'grid.reserve.v1');
    expect(reserve).toMatchObject({ upwardLoss: 'middle', upwardLossMw: 90, upwardReserveMw: 0, upwardShortfallMw: 90 });
  });

  it('gives units the minutes of the scenario to ramp, in both directions', () => {
    const units = [
      smallUnit('cheap', 'a', 120, 10, { minMw: 119 }),
      smallUnit('middle', 'b', 200, 30, { rampMwPerMinute: 2, minMw: 10 }),
      smallUnit('dear', 'c', 100, 60),
    ];
    const reserveOf = (reserveMinutes: number) =>
      dataOf(ticksOf(worldWith(units, [100], { security: { ...base.security, reserveMinutes } }), 1)[0], 'grid.reserve.v1');
    expect(reserveOf(10)).toMatchObject({ upwardLoss: 'cheap', upwardReserveMw: 20, downwardReserveMw: 21, downwardShortfallMw: 19 });
    // With 60 MW from middle cheap is missed less than the 80 MW of middle, for which cheap has no room.
    expect(reserveOf(30)).toMatchObject({ upwardLoss: 'middle', upwardReserveMw: 0, downwardReserveMw: 61, downwardShortfallMw: 0 });
  });

  it('counts a battery by what it holds and has room for over those minutes', () => {
    const battery = {
      id: 'battery',
      bus: 'c',
      powerMw: 50,
      energyMwh: 8,
      initialMwh: 4,
      chargeEfficiencyRatio: 0.8,
      dischargeEfficiencyRatio: 0.9,
    };
    const units = [smallUnit('cheap', 'a', 300, 10, { minMw: 170 })];
    const [facts] = ticksOf(worldWith(units, [100], {}, [battery]), 1);
    const [now] = dataOf(facts, 'grid.supply.v1', 'south').storages;
    const outMw = (now?.dischargeMw ?? 0) - (now?.chargeMw ?? 0);
    const storedMwh = now?.storedMwh ?? NaN;
    const upMw = Math.min(50, storedMwh * 0.9 * 6) - outMw;
    const downMw = outMw + Math.min(50, ((8 - storedMwh) / 0.8) * 6);
    const reserve = dataOf(facts, 'grid.reserve.v1');
    expect(upMw).toBeGreaterThan(5);
    expect(reserve.upwardLoss).toBe('cheap');
    expect(reserve.upwardReserveMw).toBeCloseTo(upMw, 6);
    expect(reserve.downwardReserveMw).toBeCloseTo(200 - outMw - 170 + downMw, 6);
  });

  it('loses the campuses of one bus together', () => {
    const campuses = [campus, { ...campus, id: 'campus-2' }, { ...campus, id: 'campus-3', bus: 'a' }];
    const world = worldWith([smallUnit('cheap', 'a', 400, 10, { minMw: 270 })], [100], { campuses });
    const wants = [want('south', 'campus-1', 40), want('south', 'campus-2', 30), want('north', 'campus-3', 50)];
    const { ticks } = runGrid(world, solver, { ticks: 1, around: () => ({ before: wants }) });
    // 280 MW are drawn and cheap can go down to 270.
    const reserve = dataOf(ticks[0], 'grid.reserve.v1');
    expect(reserve).toMatchObject({ downwardLoss: 'c', downwardLossMw: 70, downwardReserveMw: 10, downwardShortfallMw: 60 });
  });

  it('says that nothing can be lost where nothing runs and no campus draws power', () => {
    const world = worldWith([smallUnit('cheap', 'a', 300, 10)], [0], {
      series: { 'north-load': stepSeries(5, [0]), 'south-load': stepSeries(5, [0]) },
    });
    const { ticks } = runGrid(world, solver, { ticks: 1 });
    expect(dataOf(ticks[0], 'grid.reserve.v1')).toMatchObject({
      upwardLoss: null,
      downwardLoss: null,
      upwardShortfallMw: 0,
      downwardShortfallMw: 0,
    });
  });
});

describe('the state word', () => {
  const units = base.network.units;

  it('follows reserve through its thresholds of 50, 25 and 10 MW, with what is missing to each, and says each change once', () => {
    // 500 MW of units; 60 MW in the north and 40 MW of campus.
    const ticks = ticksOf(worldWith(units, [350, 350.001, 375.001, 390.001, 390.001, 410, 100]), 7);
    const said = ticks.map((facts) => dataOf(facts, 'grid.reserve.v1'));
    expect(said.map(({ state }) => state)).toEqual(['normal', 'watch', 'warning', 'emergency', 'emergency', 'emergency', 'normal']);
    const missing = said.map(({ reasons }) =>
      reasons?.filter(({ state }) => state !== 'normal').map(({ cause, missingMw }) => [cause, missingMw]),
    );
    expect(missing).toEqual([
      [],
      [['reserve-below', 0.001]],
      [['reserve-below', 0.001]],
      [['reserve-below', 0.001]],
      [['reserve-below', 0.001]],
      [
        ['unserved', 10],
        ['reserve-below', 10],
      ],
      [],
    ]);
    const changes = ticks.map((facts) =>
      facts.flatMap((fact) => (fact.type === 'grid.state.v1' ? [fact.data.previousState, fact.data.state] : [])),
    );
    expect(changes).toEqual([[], ['normal', 'watch'], ['watch', 'warning'], ['warning', 'emergency'], [], [], ['emergency', 'normal']]);
    expect(said[5]?.sentence).toMatch(/^10 MW of load are not served\. Reserve of 0 MW is 10 MW below the 10 MW where emergency begins\./);
    expect(dataOf(ticks[1], 'grid.state.v1').sentence).toBe(said[1]?.sentence);
  });

  it('takes a loss that is not covered as the scenario says: a reason beside the word, or a word of its own', () => {
    const plain = dataOf(ticksOf(worldWith(units, [100]), 1)[0], 'grid.reserve.v1');
    // Cheap carries all 200 MW, so that nothing that runs covers it.
    expect(plain).toMatchObject({ state: 'normal', reasons: [{ cause: 'upward-shortfall', state: 'normal', missingMw: 200 }] });
    expect(plain.sentence).toBe(
      'Reserve of 300 MW meets the requirement of 50 MW. Running units cover the loss of cheap (200 MW) but for 200 MW.',
    );
    const minMw = 190;
    const strict = { ...base.security, upwardShortfallState: 'watch' as const, downwardShortfallState: 'warning' as const };
    const world = worldWith([smallUnit('cheap', 'a', 300, 10, { minMw }), ...units.slice(1)], [100], { security: strict });
    expect(dataOf(ticksOf(world, 1)[0], 'grid.reserve.v1')).toMatchObject({
      state: 'warning',
      reasons: [
        { cause: 'downward-shortfall', state: 'warning', missingMw: 30 },
        { cause: 'upward-shortfall', state: 'watch', missingMw: 200 },
      ],
    });
  });
});

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

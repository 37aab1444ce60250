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

  it('does not lose a unit whole that stands for many plants, if the scenario says so; nor do badge and frequency', () => {
    const wind = smallUnit('gale', 'c', 300, 0, { source: 'wind', availability: { kind: 'constant', mw: 150 } });
    const units = [wind, smallUnit('cheap', 'a', 70, 10, { inertiaMws: 2_000 })];
    const said = (spreadSources: World['security']['spreadSources']) => {
      const [facts] = ticksOf(worldWith(units, [100], { security: { ...base.security, spreadSources } }), 1);
      const { upwardLoss, upwardLossMw } = dataOf(facts, 'grid.reserve.v1');
      const [course] = dataOf(facts, 'grid.frequency.v1').courses;
      return [upwardLoss, upwardLossMw, course?.lost, course?.lostMw, dataOf(facts, 'grid.security.v1').worstLoss];
    };
    expect(said([])).toEqual(['gale', 150, 'gale', 150, 'gale']);
    expect(said(['solar', 'wind'])).toEqual(['cheap', 50, 'cheap', 50, 'cheap']);
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

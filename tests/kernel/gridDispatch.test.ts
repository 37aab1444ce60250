import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertBalance, createDispatcher, type Dispatch } from '../../shared/domain/grid/dispatch.js';
import { prepareGrid } from '../../shared/domain/grid/grid.js';
import type { DispatchInput } from '../../shared/domain/grid/problem.js';
import { topologyOf } from '../../shared/domain/grid/topology.js';
import { solveByPivots } from '../../shared/domain/grid/simplex/solve.js';
import { solveAlways } from '../support/solve.js';
import { loadHighsSolver, type HighsSolver } from '../../shared/runtime/highs.js';
import { plainInterface, plainLink } from '../../shared/scenario/plain.js';
import type { World } from '../../shared/scenario/schema.js';
import { smallLine, smallUnit, smallWorld } from '../support/worlds.js';

let solver: HighsSolver;
beforeAll(async () => {
  solver = await loadHighsSolver();
});
afterAll(() => solver.close());

const noReserve: World['reserve'] = { requirementMw: 0, shortageSteps: [], watchBelowMw: 0, warningBelowMw: 0, emergencyBelowMw: 0 };

function dispatch(
  world: World,
  input: Partial<DispatchInput> & { readonly loadMw: Float64Array },
  linesOut: readonly string[] = [],
): Dispatch {
  const grid = prepareGrid(world);
  const whole: DispatchInput = {
    hours: 1,
    availableMw: Float64Array.from(world.network.units, (unit) => unit.capacityMw),
    costUsdPerMwh: Float64Array.from(grid.groups, (group) => group.costUsdPerMwh),
    requirementMw: world.reserve.requirementMw,
    reserveInUseMw: 0,
    storages: world.network.storages.map((storage) => ({
      storedMwh: storage.initialMwh,
      chargeValueUsdPerMwh: 20,
      dischargeValueUsdPerMwh: 20,
    })),
    bids: world.contracts.map(() => ({ standingMw: 0, freshMw: 0 })),
    ...input,
  };
  const result = createDispatcher(grid, solveAlways(solver))(topologyOf(grid, linesOut), whole, null);
  assertBalance(whole, result);
  return result;
}

function near(values: ArrayLike<number>, expected: readonly number[]): void {
  expect(values.length).toBe(expected.length);
  expected.forEach((value, place) => expect(values[place], `place ${place}`).toBeCloseTo(value, 6));
}

/** Ring of three equal lines; 10 $/MWh at a, 30 $/MWh at b, load at c. Of what a puts in 2/3 flow over a-c, of what b puts in 1/3. */
function ring(rating: number, network: Partial<World['network']> = {}): World {
  const base = smallWorld({ reserve: noReserve });
  const lines = [smallLine('a-b', 'a', 'b', 500), smallLine('a-c', 'a', 'c', rating), smallLine('b-c', 'b', 'c', 500)];
  const units = [smallUnit('cheap', 'a', 300, 10), smallUnit('middle', 'b', 300, 30)];
  return { ...base, network: { ...base.network, lines, units, ...network } };
}
const loadAtC = (mw: number): Float64Array => Float64Array.from([0, 0, mw]);

describe('the dispatch of a ring', () => {
  it('runs the cheapest unit at one price while no line binds', () => {
    const result = dispatch(ring(500), { loadMw: loadAtC(150) });
    near(result.generationMw, [150, 0]);
    near(result.netFlowMw, [50, 100, 50]);
    near(result.busPriceUsdPerMwh, [10, 10, 10]);
    expect(result.costUsd).toBeCloseTo(1_500, 6);
  });

  it('prices a binding line: 2/3 x + 1/3 (150 - x) = 80 gives 90 and 60 MW, and one more MW at c costs 2 x 30 - 10', () => {
    const result = dispatch(ring(80), { loadMw: loadAtC(150) });
    near(result.generationMw, [90, 60]);
    near(result.netFlowMw, [10, 80, 70]);
    near(result.busPriceUsdPerMwh, [10, 30, 50]);
    expect(result.costUsd).toBeCloseTo(90 * 10 + 60 * 30, 6);
  });

  it('keeps to the limit of an interface in its direction only', () => {
    const limit = (direction: 'forward' | 'reverse'): World =>
      ring(500, {
        interfaces: [
          {
            ...plainInterface,
            id: 'into-c',
            region: 'south',
            limitMw: 120,
            lines: [
              { line: 'a-c', direction },
              { line: 'b-c', direction },
            ],
          },
        ],
        units: [smallUnit('cheap', 'a', 300, 10), smallUnit('dear', 'c', 300, 60)],
      });
    const bound = dispatch(limit('forward'), { loadMw: loadAtC(150) });
    near(bound.generationMw, [120, 30]);
    near(bound.netInterfaceMw, [120]);
    near(bound.busPriceUsdPerMwh, [10, 10, 60]);
    near(dispatch(limit('reverse'), { loadMw: loadAtC(150) }).generationMw, [150, 0]);
  });

  it('sends power round a line that is out, and sheds on an island without enough', () => {
    near(dispatch(ring(80), { loadMw: loadAtC(150) }, ['a-c']).netFlowMw, [150, 0, 150]);
    const island = dispatch(ring(80), { loadMw: Float64Array.from([20, 0, 150]) }, ['a-c', 'b-c']);
    near(island.shedMw, [0, 0, 150]);
    near(island.generationMw, [20, 0]);
    near(island.busPriceUsdPerMwh, [10, 10, 9_000]);
    expect(island.costUsd).toBeCloseTo(20 * 10 + 150 * 9_000, 6);
  });

  it('uses a DC link as far as it must, up to its capacity, and between islands', () => {
    const links = [{ ...plainLink, id: 'dc', fromBus: 'c', toBus: 'a', capacityMw: 40 }];
    const bound = dispatch(ring(80, { links }), { loadMw: loadAtC(150) });
    // With 30 MW on the link 2/3 of 120 is the 80 that a-c carries; more than it must take, the link does not.
    near(bound.netLinkMw, [-30]);
    near(bound.generationMw, [150, 0]);
    near(dispatch(ring(80, { links }), { loadMw: loadAtC(180) }).netLinkMw, [-40]);
    near(dispatch(ring(80, { links }), { loadMw: loadAtC(150) }, ['a-c', 'b-c']).shedMw, [0, 0, 110]);
  });

  it('shares equal units at a bus pro rata and orders equal units elsewhere by their place', () => {
    const units = [smallUnit('one', 'a', 100, 10), smallUnit('two', 'a', 50, 10), smallUnit('three', 'b', 150, 10)];
    near(dispatch(ring(500, { units }), { loadMw: loadAtC(75) }).generationMw, [50, 25, 0]);
    near(dispatch(ring(500, { units }), { loadMw: loadAtC(200) }).generationMw, [100, 50, 50]);
  });
});

describe('reserve in the dispatch', () => {
  const world = (shortage: World['reserve']['shortageSteps']): World => {
    const base = ring(500, {
      units: [
        smallUnit('cheap', 'a', 200, 10),
        smallUnit('middle', 'b', 100, 30),
        smallUnit('sun', 'c', 50, 0, { providesReserve: false }),
      ],
    });
    return { ...base, reserve: { ...noReserve, requirementMw: 60, shortageSteps: shortage } };
  };
  const steps = [
    { widthMw: 20, priceUsdPerMwh: 100 },
    { widthMw: 40, priceUsdPerMwh: 700 },
  ];

  it('costs nothing while there is enough, and counts only units that provide it', () => {
    const result = dispatch(world(steps), { loadMw: loadAtC(240) });
    expect(result.reserveMw).toBeCloseTo(110, 6);
    expect(result.scarcityUsdPerMwh).toBe(0);
    near(result.busPriceUsdPerMwh, [10, 10, 10]);
  });

  it('adds the price of the step it is short by to the price of energy', () => {
    const first = dispatch(world(steps), { loadMw: loadAtC(300) });
    expect(first.reserveMw).toBeCloseTo(50, 6);
    expect(first.scarcityUsdPerMwh).toBeCloseTo(100, 6);
    near(first.busPriceUsdPerMwh, [130, 130, 130]);
    const second = dispatch(world(steps), { loadMw: loadAtC(320) });
    expect(second.scarcityUsdPerMwh).toBeCloseTo(700, 6);
    near(second.busPriceUsdPerMwh, [730, 730, 730]);
  });

  it('loses what is in use already', () => {
    const result = dispatch(world(steps), { loadMw: loadAtC(280), reserveInUseMw: 30 });
    expect(result.reserveMw).toBeCloseTo(40, 6);
    expect(result.scarcityUsdPerMwh).toBeGreaterThanOrEqual(100);
  });

  it('sheds load only when nothing is left, though the requirement is larger than its steps', () => {
    const result = dispatch(world([{ widthMw: 20, priceUsdPerMwh: 100 }]), { loadMw: loadAtC(360) });
    near(result.shedMw, [0, 0, 10]);
    expect(result.reserveMw).toBeCloseTo(0, 6);
  });

  it('counts a storage with what it could give for an hour', () => {
    const storages = [
      { id: 'store', bus: 'c', powerMw: 40, energyMwh: 100, initialMwh: 25, chargeEfficiencyRatio: 0.8, dischargeEfficiencyRatio: 0.8 },
    ];
    const base = world(steps);
    const idle = dispatch(
      { ...base, network: { ...base.network, storages } },
      {
        loadMw: loadAtC(240),
        storages: [{ storedMwh: 25, chargeValueUsdPerMwh: 12, dischargeValueUsdPerMwh: 12 }],
      },
    );
    near([...idle.chargeMw, ...idle.dischargeMw], [0, 0]);
    expect(idle.reserveMw).toBeCloseTo(110 + 20, 6);
  });
});

describe('bids and storage in the dispatch', () => {
  it.each([
    [29, 20, 30],
    [31, 0, 30],
  ])('clears a bid with strike %s only below the price of 30', (strikeUsdPerMwh, clearedMw, priceUsdPerMwh) => {
    const base = ring(500, { units: [smallUnit('cheap', 'a', 100, 10), smallUnit('middle', 'b', 100, 30)] });
    const world = { ...base, contracts: base.contracts.map((contract) => ({ ...contract, strikeUsdPerMwh })) };
    const result = dispatch(world, { loadMw: loadAtC(150), bids: [{ standingMw: 5, freshMw: 15 }] });
    near(result.bidMw, [clearedMw]);
    near(result.busPriceUsdPerMwh, [priceUsdPerMwh, priceUsdPerMwh, priceUsdPerMwh]);
    near(result.generationMw, [100, 50 - clearedMw]);
  });

  it('clears no more than it takes to bring the price down to the strike', () => {
    const base = ring(500, {
      units: [smallUnit('cheap', 'a', 100, 10), smallUnit('middle', 'b', 45, 30), smallUnit('dear', 'c', 100, 90)],
    });
    const world = { ...base, contracts: base.contracts.map((contract) => ({ ...contract, strikeUsdPerMwh: 60 })) };
    const result = dispatch(world, { loadMw: loadAtC(150), bids: [{ standingMw: 0, freshMw: 20 }] });
    near(result.bidMw, [5]);
    near(result.busPriceUsdPerMwh, [60, 60, 60]);
  });

  it('charges below and discharges above what its energy is worth, within power and energy', () => {
    const storages = [
      { id: 'store', bus: 'c', powerMw: 40, energyMwh: 100, initialMwh: 25, chargeEfficiencyRatio: 0.8, dischargeEfficiencyRatio: 0.8 },
    ];
    const worth = (value: number) => [{ storedMwh: 25, chargeValueUsdPerMwh: value, dischargeValueUsdPerMwh: value }];
    const at = (value: number): Dispatch => dispatch(ring(500, { storages }), { loadMw: loadAtC(150), storages: worth(value) });
    near(at(13).chargeMw, [40]);
    near(at(12).chargeMw, [0]);
    near(at(12).dischargeMw, [0]);
    near(at(7.9).dischargeMw, [20]);
  });
});

describe('the two ways of solving', () => {
  it('agree on a day of loads, and the kernel needs no other solver', () => {
    const world = ring(80, {
      units: [smallUnit('cheap', 'a', 300, 10), smallUnit('middle', 'b', 300, 30), smallUnit('dear', 'c', 100, 60)],
    });
    const grid = prepareGrid(world);
    const topology = topologyOf(grid, []);
    const [always, needed] = [createDispatcher(grid, solveAlways(solver)), createDispatcher(grid, solveByPivots(solver))];
    let warm: readonly [Dispatch['warm'] | null, Dispatch['warm'] | null] = [null, null];
    let saved = 0;
    for (let hour = 0; hour < 96; hour++) {
      const input: DispatchInput = {
        hours: 1,
        availableMw: Float64Array.from([300, 300, 100]),
        costUsdPerMwh: Float64Array.from(grid.groups, (group) => group.costUsdPerMwh),
        loadMw: loadAtC(200 + 150 * Math.sin(hour / 8)),
        requirementMw: 0,
        reserveInUseMw: 0,
        storages: [],
        bids: [{ standingMw: 0, freshMw: 0 }],
      };
      const [a, b] = [always(topology, input, warm[0]), needed(topology, input, warm[1])];
      for (const what of ['generationMw', 'busPriceUsdPerMwh', 'netFlowMw', 'shedMw'] as const)
        b[what].forEach((value, place) => expect(value).toBeCloseTo(a[what][place] ?? NaN, 9));
      expect(b.solves).toBe(0);
      saved += a.solves;
      warm = [a.warm, b.warm];
    }
    expect(saved).toBeGreaterThan(50);
  });
});

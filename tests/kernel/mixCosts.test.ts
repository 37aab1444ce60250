import { describe, expect, it } from 'vitest';
import type { AdequacySystem } from '../../shared/domain/adequacy/system.js';
import { mainBusOf, withAddition } from '../../shared/domain/mix/addedWorld.js';
import { pricedOption, withCarbonPrice } from '../../shared/domain/mix/carbonPrice.js';
import { annuityRatio, fixedUsdPerMwYear } from '../../shared/domain/mix/annuity.js';
import { meritCostUsd } from '../../shared/domain/mix/merit.js';
import { newSources } from '../../shared/domain/mix/newSources.js';
import { buildOptionsOf, fixedUsdOf, stepMwOf, type BuildOption } from '../../shared/domain/mix/options.js';
import { smallStartMs, smallUnit, smallWorld } from '../support/worlds.js';

const hours = 48;
const system: AdequacySystem = { startMs: smallStartMs, hours, loadMw: new Float64Array(hours).fill(100), firm: [], weather: [] };

function option(name: BuildOption['name'], supply: BuildOption['supply'], rest: Partial<BuildOption> = {}): BuildOption {
  return { name, supply, fixedUsdPerMwYear: 1_000, costUsdPerMwh: 0, carbonKgPerMwh: 0, isInMixes: true, ...rest };
}
const gas = option(
  'gas-cc',
  { kind: 'two-state', unitMw: 50, twoState: { meanHoursToFailure: 900, meanHoursToRepair: 100 }, rampMwPerMinute: 2 },
  { costUsdPerMwh: 20, carbonKgPerMwh: 400 },
);
/** 2 MW of every MW by night, nothing by day. */
const wind = option('wind', { kind: 'weather', outputRatio: Float64Array.from({ length: hours }, (_, hour) => (hour % 24 < 12 ? 1 : 0)) });
const store = option('battery', { kind: 'storage', storedHours: 4, chargeEfficiencyRatio: 1, dischargeEfficiencyRatio: 0.5 });

describe('capital over the years', () => {
  it('is paid off in equal sums without interest', () => {
    expect(annuityRatio({ discountRatio: 0, lifeYears: 20 })).toBe(0.05);
  });

  it('is paid back with interest after one year, and in the long run as interest alone', () => {
    expect(annuityRatio({ discountRatio: 0.1, lifeYears: 1 })).toBeCloseTo(1.1, 12);
    expect(annuityRatio({ discountRatio: 0.05, lifeYears: 1_000 })).toBeCloseTo(0.05, 12);
  });

  it('leaves nothing owed after the last payment', () => {
    const ratio = annuityRatio({ discountRatio: 0.055, lifeYears: 30 });
    let owed = 1;
    for (let year = 0; year < 30; year++) owed = owed * 1.055 - ratio;
    expect(owed).toBeCloseTo(0, 10);
  });

  it('counts a MW as a thousand kW, with what keeping it costs', () => {
    expect(fixedUsdPerMwYear({ capitalUsdPerKw: 2_000, fixedUsdPerKwYear: 30, lifeYears: 20 }, 0)).toBeCloseTo(130_000, 6);
  });

  it('refuses a life of nothing', () => {
    expect(() => annuityRatio({ discountRatio: 0.05, lifeYears: 0 })).toThrow('life 0 above 0');
  });
});

describe('running in order of merit', () => {
  const units = [smallUnit('cheap', 'a', 60, 10), smallUnit('dear', 'a', 30, 40)];
  const costOf = (options: readonly BuildOption[]) => meritCostUsd(system, options, { units, flatMw: 0, lostLoadUsdPerMwh: 1_000 });

  it('takes cheap units first, and what is not served at its value', () => {
    expect(costOf([])([])).toBeCloseTo(hours * (60 * 10 + 30 * 40 + 10 * 1_000), 6);
  });

  it('puts a new unit in its place, less the share of time it is out', () => {
    // 60 at 10, 45 of 50 at 20: the last 40 of the load are the new unit's.
    expect(costOf([gas])([50])).toBeCloseTo(hours * (60 * 10 + 40 * 20), 6);
  });

  it('lets a store take what is spare by night and give it back by day', () => {
    // By night 140 MW of wind: 40 are spare, and 10 go in until 40 MWh have; by day half of it is given, where load is not served.
    const full = 60 * 10 + 30 * 40 + 10 * 1_000;
    const withoutStore = 24 * full;
    expect(costOf([wind, store])([140, 0])).toBeCloseTo(withoutStore, 6);
    expect(costOf([wind, store])([140, 10])).toBeCloseTo(withoutStore - 2 * 20 * 1_000, 6);
  });

  it('leaves a store alone where nothing is gained', () => {
    expect(costOf([gas, store])([50, 10])).toBeCloseTo(costOf([gas, store])([50, 0]), 9);
  });
});

describe('what can be built', () => {
  const world = smallWorld();
  const made = buildOptionsOf(
    {
      ...system,
      weather: [
        { id: 'w', source: 'wind', technology: 'wind', capacityMw: 40, outputMw: new Float64Array(hours).fill(10) },
        { id: 'r', source: 'solar', technology: 'rtpv', capacityMw: 40, outputMw: new Float64Array(hours).fill(20) },
        { id: 'p', source: 'solar', technology: 'pv', capacityMw: 40, outputMw: new Float64Array(hours).fill(8) },
      ],
    },
    [...world.network.units, smallUnit('peaker', 'a', 80, 70, { source: 'gas-ct' })],
    { sources: newSources, discountRatio: 0 },
  );
  const named = (name: string) => made.find((each) => each.name === name);

  it('is a unit like the largest of its source, or the plain one', () => {
    expect(named('gas-cc')).toMatchObject({ costUsdPerMwh: 10, carbonKgPerMwh: 400, supply: { unitMw: 300, twoState: null } });
    expect(named('gas-ct')).toMatchObject({ costUsdPerMwh: 70, supply: { unitMw: 80 } });
    expect(named('nuclear')).toMatchObject({ costUsdPerMwh: 8.1, supply: { unitMw: 400, twoState: { meanHoursToRepair: 150 } } });
  });

  it('is wind and sun by the profiles there, rooftops aside, and nothing where there is no profile', () => {
    const ratioOf = (name: string): number | undefined => {
      const supply = named(name)?.supply;
      return supply?.kind === 'weather' ? supply.outputRatio[3] : undefined;
    };
    expect([ratioOf('wind'), ratioOf('solar')]).toEqual([0.25, 0.2]);
    expect(named('hydro')).toBeUndefined();
    expect(made.map(stepMwOf)).toEqual([400, 350, 300, 80, 10, 10, 10]);
  });

  it('costs its capital over its life and its keeping', () => {
    expect(named('wind')?.fixedUsdPerMwYear).toBeCloseTo(1_000 * (1_515 / 30 + 31.5), 6);
    expect(fixedUsdOf([gas, wind], [50, 10])).toBe(60_000);
  });
});

describe('a world with an addition', () => {
  const world = smallWorld();
  const failing = smallUnit('failing', 'a', 100, 20, { minMw: 40, forcedOutage: { meanHoursToFailure: 75, meanHoursToRepair: 25 } });
  const own = { ...world, network: { ...world.network, units: [...world.network.units, failing] } };
  const addition = { spreadMw: 30, flatMw: 200, options: [gas, wind, store], sizesMw: [100, 40, 0], startMs: smallStartMs };

  it('is one copper plate unless a bus is named', () => {
    const plate = withAddition(own, { ...addition, bus: null });
    expect(plate.network.lines.map(({ ratingMw }) => ratingMw)).toEqual([null, null, null]);
    expect(mainBusOf(own)).toBe('c');
    expect(withAddition(own, { ...addition, bus: 'a' }).network.lines.map(({ ratingMw }) => ratingMw)).toEqual([200, 200, 200]);
  });

  it('has the growth by share of load, and the new load at its bus', () => {
    const { buses } = withAddition(own, { ...addition, bus: 'a' }).network;
    expect(buses.map(({ fixedLoadMw }) => fixedLoadMw)).toEqual([207.5, 7.5, 15]);
  });

  it('holds every firm unit at its capacity less the time it is out', () => {
    const { units, storages } = withAddition(own, { ...addition, bus: 'a' }).network;
    expect(units.find(({ id }) => id === 'failing')).toMatchObject({ capacityMw: 75, minMw: 30 });
    expect(units.find(({ id }) => id === 'added-gas-cc')).toMatchObject({ capacityMw: 90, rampMwPerMinute: 4, bus: 'a', source: 'gas-cc' });
    expect(units.find(({ id }) => id === 'cheap')?.capacityMw).toBe(300);
    expect(storages).toEqual([]);
  });

  it('holds wind by its series and a store with its hours', () => {
    const made = withAddition(own, { ...addition, sizesMw: [0, 40, 25], bus: null });
    expect(made.network.units.find(({ id }) => id === 'added-wind')).toMatchObject({
      capacityMw: 40,
      availability: { kind: 'series', series: 'added-wind' },
    });
    expect(made.series['added-wind']?.values.slice(10, 14)).toEqual([40, 40, 0, 0]);
    expect(made.network.storages).toMatchObject([{ powerMw: 25, energyMwh: 100, initialMwh: 50, dischargeEfficiencyRatio: 0.5 }]);
  });
});

describe('a price of carbon', () => {
  it('is on top of the cost of old and new units alike, by what they emit', () => {
    const base = smallWorld();
    const curved = smallUnit('curved', 'a', 10, 5, {
      carbonKgPerMwh: 1_000,
      costCurve: {
        kind: 'piecewise',
        points: [
          { outputMw: 2, usdPerHour: 3 },
          { outputMw: 4, usdPerHour: 9 },
        ],
      },
    });
    const clean = smallUnit('clean', 'a', 10, 5, { carbonKgPerMwh: 0 });
    const { units } = withCarbonPrice({ ...base, network: { ...base.network, units: [...base.network.units, curved, clean] } }, 50).network;
    expect(units.map(({ costUsdPerMwh }) => costUsdPerMwh)).toEqual([30, 50, 80, 55, 5]);
    expect(units[3]?.costCurve).toMatchObject({ points: [{ usdPerHour: 103 }, { usdPerHour: 209 }] });
    expect(pricedOption(gas, 50).costUsdPerMwh).toBe(40);
  });
});

import { describe, expect, it } from 'vitest';
import { capacityCreditOf, groupsOf } from '../../shared/domain/adequacy/credits.js';
import { meanYearOf, recordedDays, resampledDays, resampledYears, type DaySet } from '../../shared/domain/adequacy/days.js';
import { sampleRisk } from '../../shared/domain/adequacy/monteCarlo.js';
import { emptyTable, expectedUnservedMw, lossProbability, withUnits } from '../../shared/domain/adequacy/outageTable.js';
import { flatLoadToTarget, lossDaysOf, riskModelOf, riskOf } from '../../shared/domain/adequacy/risk.js';
import type { AdequacySystem, FirmSupply, WeatherSupply } from '../../shared/domain/adequacy/system.js';
import { dayMs } from '../../shared/domain/ticks.js';
import { rts79 } from '../support/rts79.js';

const twoUnits = withUnits(emptyTable(1), [
  { capacityMw: 30, outageRatio: 0.1 },
  { capacityMw: 50, outageRatio: 0.2 },
]);

function firm(id: string, capacityMw: number, change: Partial<FirmSupply> = {}): FirmSupply {
  const twoState = { meanHoursToFailure: 900, meanHoursToRepair: 100 };
  return { id, source: 'gas-ct', technology: '', capacityMw, twoState, planned: [], ...change };
}

/** Ten days, load 100 MW but 140 MW at hour 18, with `gas` and, where asked, a wind unit that blows at night. */
function small(gas: readonly FirmSupply[], withWind = false): AdequacySystem {
  const hours = 240;
  const loadMw = Float64Array.from({ length: hours }, (_, hour) => (hour % 24 === 18 ? 140 : 100));
  const outputMw = Float64Array.from({ length: hours }, (_, hour) => (hour % 24 < 6 ? 80 : 20));
  const wind: WeatherSupply = { id: 'wind', source: 'wind', technology: '', capacityMw: 100, outputMw };
  return { startMs: 0, hours, loadMw, firm: gas, weather: withWind ? [wind] : [] };
}

function once(days: number): DaySet {
  return { ...recordedDays(days), weight: new Float64Array(days).fill(1) };
}

describe('the outage table', () => {
  it('of two units is what one gets by hand', () => {
    expect([79, 80, 81].map((mw) => lossProbability(twoUnits, mw))).toEqual([expect.closeTo(0.28, 12), expect.closeTo(0.28, 12), 1]);
    // Left: 80 (0.72), 50 (0.08), 30 (0.18), 0 (0.02).
    expect(lossProbability(twoUnits, 50)).toBeCloseTo(0.2, 12);
    expect(lossProbability(twoUnits, 50.5)).toBeCloseTo(0.28, 12);
    expect(lossProbability(twoUnits, 30)).toBeCloseTo(0.02, 12);
    expect(lossProbability(twoUnits, 0)).toBe(0);
    expect(lossProbability(twoUnits, -5)).toBe(0);
  });

  it('gives the expected shortfall between its steps too', () => {
    expect(expectedUnservedMw(twoUnits, 60.5)).toBeCloseTo(0.08 * 10.5 + 0.18 * 30.5 + 0.02 * 60.5, 10);
    expect(expectedUnservedMw(twoUnits, 100)).toBeCloseTo(100 - 0.9 * 30 - 0.8 * 50, 10);
    expect(expectedUnservedMw(twoUnits, 0)).toBe(0);
  });

  it('keeps the mean of capacities that lie between two steps', () => {
    const uneven = withUnits(emptyTable(1), [
      { capacityMw: 30.4, outageRatio: 0.1 },
      { capacityMw: 0.3, outageRatio: 0.5 },
    ]);
    expect(uneven.beyondMw[0]).toBeCloseTo(30.4 * 0.1 + 0.3 * 0.5, 12);
    expect(uneven.capacityMw).toBeCloseTo(30.7, 12);
    expect(uneven.atLeast[0]).toBeCloseTo(1, 12);
  });

  it('does not depend on the order of the units, and takes firm ones', () => {
    const other = withUnits(withUnits(emptyTable(1), [{ capacityMw: 50, outageRatio: 0.2 }]), [
      { capacityMw: 30, outageRatio: 0.1 },
      { capacityMw: 7.5, outageRatio: 0 },
    ]);
    for (const mw of [10, 30, 45, 60, 80]) expect(lossProbability(other, mw + 7.5)).toBeCloseTo(lossProbability(twoUnits, mw), 12);
  });
});

describe('the IEEE Reliability Test System of 1979', () => {
  const days = once(364);

  // Published: Allan, Billinton, Abdel-Gawad, IEEE Trans. Power Systems 1(4), 1986.
  it('falls short as often and as much as published: 1.36886 days, 9.39418 hours, 1,176 MWh a year', () => {
    const risk = riskOf(riskModelOf(rts79('hourly')), { days, flatMw: 0 });
    expect(risk.lossHours).toBeCloseTo(9.39418, 5);
    expect(risk.unservedMwh).toBeCloseTo(1_176.3, 1);
    expect(lossDaysOf(riskModelOf(rts79('daily-peak')), { days, flatMw: 0 })).toBeCloseTo(1.36886, 5);
  });

  it('shows the same within the interval of 400 sampled years', () => {
    const scale = 364 / 365.25;
    const sampled = sampleRisk(rts79('hourly'), { seed: 1, years: 400, flatMw: 0 });
    expect(sampled.lossHours.low * scale).toBeLessThan(9.39418);
    expect(sampled.lossHours.high * scale).toBeGreaterThan(9.39418);
    expect(sampled.lossHours.high - sampled.lossHours.low).toBeLessThan(4);
    expect(sampled.unservedMwh.low * scale).toBeLessThan(1_176.3);
    expect(sampled.unservedMwh.high * scale).toBeGreaterThan(1_176.3);
  });

  it('gives byte-identical sampled years for a seed, and others for another', () => {
    const first = sampleRisk(rts79('hourly'), { seed: 3, years: 5, flatMw: 300 });
    expect(sampleRisk(rts79('hourly'), { seed: 3, years: 5, flatMw: 300 })).toEqual(first);
    expect(sampleRisk(rts79('hourly'), { seed: 4, years: 5, flatMw: 300 })).not.toEqual(first);
  });
});

describe('risk of a system', () => {
  const gas = [firm('a', 80), firm('b', 80)];

  it('takes the worst hour of each day for days, and every hour for hours', () => {
    const risk = riskOf(riskModelOf(small(gas)), { days: once(10), flatMw: 0 });
    expect(risk.lossDays).toBeCloseTo(10 * 0.19, 10);
    expect(risk.lossHours).toBeCloseTo(240 * 0.19, 9);
    // 80 MW left with 0.18, nothing with 0.01.
    expect(risk.unservedMwh).toBeCloseTo(10 * (23 * (0.18 * 20 + 0.01 * 100) + 0.18 * 60 + 0.01 * 140), 8);
  });

  it('leaves a unit out while its outage is planned, in the table and in sampled years', () => {
    const planned = [{ fromMs: 2 * dayMs, toMs: 4 * dayMs }];
    const system = small([firm('a', 80), firm('b', 80, { planned }), firm('c', 80, { twoState: null })]);
    const model = riskModelOf(system);
    const risk = riskOf(model, { days: once(10), flatMw: 0 });
    // 80 MW never fail. With all three, a day is short when `a` and `b` are both out; with two, when `a` is.
    expect(risk.lossDays).toBeCloseTo(8 * 0.01 + 2 * 0.1, 10);
    const sampled = sampleRisk(system, { seed: 1, years: 2_000, flatMw: 0 });
    const perYear = 365.25 / 10;
    expect(sampled.lossHours.low).toBeLessThan(risk.lossHours * perYear);
    expect(sampled.lossHours.high).toBeGreaterThan(risk.lossHours * perYear);
  });

  it('finds the flat load of a target, or the perfect capacity that is missing', () => {
    const model = riskModelOf(small(gas));
    const days = once(10);
    // With 20 MW more load the peak is all that is there.
    expect(flatLoadToTarget(model, days, 2)).toBeCloseTo(20, 2);
    // 0.15 days: only both units out may be short, so the peak has to fit one unit.
    expect(flatLoadToTarget(model, days, 0.15)).toBeCloseTo(-60, 2);
    expect(() => flatLoadToTarget(model, days, 10)).toThrow('target 10 between 0 and 10 days');
  });
});

describe('the interval of sampled years', () => {
  it('holds the unserved energy of the table in about 95 of 100 samples, although few years fall short at all', () => {
    const twoState = { meanHoursToFailure: 450, meanHoursToRepair: 50 };
    const system = small(['a', 'b', 'c'].map((id) => firm(id, 80, { twoState })));
    const expected = riskOf(riskModelOf(system), { days: once(10), flatMw: 0 }).unservedMwh * (365.25 / 10);
    const samples = Array.from({ length: 150 }, (_, seed) => sampleRisk(system, { seed, years: 200, flatMw: 0 }).unservedMwh);
    const held = samples.filter(({ low, high }) => low <= expected && high >= expected).length / 150;
    expect(held).toBeGreaterThan(0.9);
    expect(held).toBeLessThan(0.99);
    // 30,000 sampled years.
    expect(Math.abs(samples.reduce((sum, { mean }) => sum + mean, 0) / 150 / expected - 1)).toBeLessThan(0.05);
  });
});

describe('capacity credit', () => {
  it('of a source is the flat load it lets the system carry, by its nameplate', () => {
    const system = small([firm('a', 80), firm('b', 80), firm('c', 80, { source: 'nuclear', twoState: null })], true);
    const level = { days: once(10), targetDays: 0.5 };
    const wind = capacityCreditOf(system, { source: 'wind', technology: null }, level);
    // At the hour of the peak 20 of 100 MW blow.
    expect([wind.units, wind.nameplateMw]).toEqual([1, 100]);
    expect(wind.lastInRatio).toBeCloseTo(0.2, 4);
    expect(wind.firstInRatio).toBeCloseTo(0.2, 4);
    expect(capacityCreditOf(system, { source: 'nuclear', technology: null }, level).lastInRatio).toBeCloseTo(1, 4);
  });

  it('is given for each technology where a source has several', () => {
    const system = small([firm('a', 80, { technology: 'steam' }), firm('b', 80, { technology: 'ct' })], true);
    expect(groupsOf(system)).toEqual([
      { source: 'gas-ct', technology: null },
      { source: 'gas-ct', technology: 'steam' },
      { source: 'gas-ct', technology: 'ct' },
      { source: 'wind', technology: null },
    ]);
  });
});

describe('resampled weather years', () => {
  const resampling = { seed: 5, years: 200, windowDays: 10 };

  it('take every day from the days around its date, all of them about as often', () => {
    const counts = new Map<number, number>();
    for (const { weatherDay, dateDay } of resampledYears(366, resampling)) {
      weatherDay.forEach((day, i) => {
        const apart = ((((day - (dateDay[i] ?? 0) + 183) % 366) + 366) % 366) - 183;
        counts.set(apart, (counts.get(apart) ?? 0) + 1);
      });
    }
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual(Array.from({ length: 21 }, (_, n) => n - 10));
    for (const count of counts.values()) expect(Math.abs(count / (200 * 366) - 1 / 21)).toBeLessThan(0.003);
  });

  it('are the recorded year where no day may stand in for another', () => {
    expect(resampledDays(366, { seed: 5, windowDays: 0 }, 3)).toEqual(recordedDays(366));
  });

  it('have as mean risk the risk of their mean year', () => {
    const model = riskModelOf(rts79('hourly'));
    const years = resampledYears(364, { ...resampling, years: 20 });
    const each = years.map((days) => riskOf(model, { days, flatMw: 0 }));
    const mean = riskOf(model, { days: meanYearOf(years), flatMw: 0 });
    expect(mean.lossHours).toBeCloseTo(each.reduce((sum, { lossHours }) => sum + lossHours, 0) / 20, 9);
    expect(mean.lossDays).toBeCloseTo(each.reduce((sum, { lossDays }) => sum + lossDays, 0) / 20, 9);
    expect(new Set(each.map(({ lossDays }) => lossDays)).size).toBe(20);
  });
});

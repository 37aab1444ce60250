import { describe, expect, it } from 'vitest';
import { recordedDays } from '../../shared/domain/adequacy/days.js';
import { riskModelOf } from '../../shared/domain/adequacy/risk.js';
import { sizeMix, weatherCandidateOf, type Candidate, type SizingProblem } from '../../shared/domain/adequacy/sizing.js';
import { adequacySystemOf, periodOf, yearsOf, type AdequacySystem } from '../../shared/domain/adequacy/system.js';
import { hourMs } from '../../shared/domain/ticks.js';
import { smallStartMs, smallUnit, smallWorld, stepSeries } from '../support/worlds.js';

const days = { ...recordedDays(10), weight: new Float64Array(10).fill(1) };
/** 100 MW of load, 100 MW that never fail, no night without wind but one day without sun. */
const system: AdequacySystem = {
  startMs: 0,
  hours: 240,
  loadMw: new Float64Array(240).fill(100),
  firm: [{ id: 'rock', source: 'other', technology: '', capacityMw: 100, twoState: null, planned: [] }],
  weather: [],
};
const base: Omit<SizingProblem, 'mix'> = { model: riskModelOf(system), days, flatMw: 50, targetDays: 0.5, maxMw: 3_000 };
const steady: Candidate = { kind: 'weather', name: 'steady', outputRatio: new Float64Array(240).fill(0.25) };
const daylight: Candidate = {
  kind: 'weather',
  name: 'daylight',
  outputRatio: Float64Array.from({ length: 240 }, (_, hour) => (hour % 24 > 6 && hour % 24 < 18 ? 0.5 : 0)),
};
const unit: Candidate = { kind: 'two-state', name: 'unit', unitMw: 20, outageRatio: 0.1 };

describe('sizing one source', () => {
  it('finds the nameplate whose output covers what is missing', () => {
    const { kind, nameplateMw, lossDays } = sizeMix({ ...base, mix: [{ candidate: steady, shareRatio: 1 }] });
    expect(kind).toBe('sized');
    expect(nameplateMw).toBeGreaterThanOrEqual(200);
    expect(nameplateMw).toBeLessThan(201);
    expect(lossDays).toBe(0);
  });

  it('says what is reached where no size is enough', () => {
    const sizing = sizeMix({ ...base, mix: [{ candidate: daylight, shareRatio: 1 }] });
    expect(sizing).toEqual({
      kind: 'out-of-reach',
      nameplateMw: 3_000,
      parts: [{ name: 'daylight', nameplateMw: 3_000, units: null }],
      lossDays: 10,
    });
  });

  it('builds whole units, and not one more than needed', () => {
    const sizing = sizeMix({ ...base, mix: [{ candidate: unit, shareRatio: 1 }] });
    const enough = sizing.parts[0]?.units ?? 0;
    expect(sizing.nameplateMw).toBe(enough * 20);
    expect(sizing.lossDays).toBeLessThanOrEqual(0.5);
    // Three of n units have to run: 10 days times the chance that at most two do.
    const atMostTwo = (n: number): number => 0.1 ** n + n * 0.9 * 0.1 ** (n - 1) + ((n * (n - 1)) / 2) * 0.81 * 0.1 ** (n - 2);
    expect(sizing.lossDays).toBeCloseTo(10 * atMostTwo(enough), 9);
    expect(10 * atMostTwo(enough - 1)).toBeGreaterThan(0.5);
  });

  it('builds nothing where nothing is missing', () => {
    const sizing = sizeMix({ ...base, flatMw: 0, mix: [{ candidate: unit, shareRatio: 1 }] });
    expect([sizing.kind, sizing.nameplateMw, sizing.lossDays]).toEqual(['sized', 0, 0]);
  });
});

describe('sizing a mix', () => {
  it('keeps the shares, and reaches what one part alone cannot', () => {
    const { kind, nameplateMw, parts } = sizeMix({
      ...base,
      mix: [
        { candidate: daylight, shareRatio: 0.5 },
        { candidate: steady, shareRatio: 0.5 },
      ],
    });
    expect(kind).toBe('sized');
    expect(parts.map((part) => part.name)).toEqual(['daylight', 'steady']);
    expect(nameplateMw).toBeCloseTo(400, -0.5);
    expect(parts[0]?.nameplateMw).toBeCloseTo(nameplateMw / 2, 9);
  });

  it('refuses shares that are not 1 in sum', () => {
    expect(() => sizeMix({ ...base, mix: [{ candidate: steady, shareRatio: 0.9 }] })).toThrow('shares of a mix are 1 in sum, not 0.9');
  });
});

describe('a system out of a world', () => {
  const hours = (value: (hour: number) => number) =>
    stepSeries(
      60,
      Array.from({ length: 50 }, (_, hour) => value(hour)),
    );
  const atHour = (hour: number): string => new Date(smallStartMs + hour * hourMs).toISOString();
  const window = (from: number, to: number) => [{ fromTime: atHour(from), toTime: atHour(to) }];
  const base = smallWorld();
  const world = smallWorld({
    series: { 'north-load': hours(() => 60), 'south-load': hours(() => 100), wind: hours((hour) => hour) },
    network: {
      ...base.network,
      units: [
        smallUnit('cheap', 'a', 300, 10, { maintenance: window(5, 6) }),
        smallUnit('windy', 'b', 40, 0, { source: 'wind', availability: { kind: 'series', series: 'wind' }, maintenance: window(3, 5) }),
      ],
      changes: [
        { kind: 'retire-unit', atTime: atHour(24), unit: 'cheap' },
        { kind: 'scale-load', atTime: atHour(12), region: 'north', factorRatio: 1.5 },
      ],
    },
  });
  const made = adequacySystemOf(world, periodOf(world));

  it('covers the whole days of its series', () => {
    expect(periodOf(world)).toEqual({ startMs: smallStartMs, days: 2 });
    expect(made.hours).toBe(48);
    expect([365, 366, 730, 1_461].map(yearsOf)).toEqual([1, 1, 2, 4]);
    expect(yearsOf(7)).toBeCloseTo(7 / 365.25, 12);
  });

  it('takes weather as it comes, capped at nameplate and away while planned out', () => {
    expect([...(made.weather[0]?.outputMw.subarray(0, 7) ?? [])]).toEqual([0, 1, 2, 0, 0, 5, 6]);
    expect(made.weather[0]?.outputMw[45]).toBe(40);
    const candidate = weatherCandidateOf(made, 'wind');
    expect(candidate?.kind === 'weather' ? candidate.outputRatio[6] : null).toBeCloseTo(6 / 40, 12);
    expect(weatherCandidateOf(made, 'solar')).toBeNull();
  });

  it('joins maintenance and retirement of a firm unit, and lets load grow', () => {
    expect(made.firm.map(({ planned }) => planned)).toEqual([
      [
        { fromMs: smallStartMs + 5 * hourMs, toMs: smallStartMs + 6 * hourMs },
        { fromMs: smallStartMs + 24 * hourMs, toMs: Infinity },
      ],
    ]);
    expect([made.loadMw[11], made.loadMw[12]]).toEqual([160, 190]);
  });
});

import { describe, expect, it } from 'vitest';
import { adequacySystemOf, periodOf, yearsOf } from '../../shared/domain/adequacy/system.js';
import { hourMs } from '../../shared/domain/ticks.js';
import { smallStartMs, smallUnit, smallWorld, stepSeries } from '../support/worlds.js';

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

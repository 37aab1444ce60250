import { describe, expect, it } from 'vitest';
import {
  forcedOutages,
  isWithin,
  merged,
  outageCalendar,
  outageRatioOf,
  plannedOutages,
  twoStateOfLine,
} from '../../shared/domain/grid/outages.js';
import { dayMs, hourMs } from '../../shared/domain/ticks.js';

const startMs = Date.UTC(2027, 0, 1);
const twoState = { meanHoursToFailure: 950, meanHoursToRepair: 50 };
const key = { seed: 7, entity: 'coal-1', startMs };

describe('forced outages of a unit', () => {
  it('are the same whatever the window asked, and in whatever order', () => {
    const wide = outageCalendar(key, twoState, []);
    const all = wide.between({ fromMs: startMs, toMs: startMs + 3_000 * dayMs });
    expect(all.length).toBeGreaterThan(40);
    const [fromMs, toMs] = [startMs + 1_000 * dayMs, startMs + 1_500 * dayMs];
    const narrow = outageCalendar(key, twoState, []).between({ fromMs, toMs });
    expect(narrow).toEqual(all.filter((outage) => outage.toMs > fromMs && outage.fromMs < toMs));
    const daily = outageCalendar(key, twoState, []);
    const seen = new Set(
      Array.from({ length: 3_000 }, (_, day) => daily.between({ fromMs: startMs + day * dayMs, toMs: startMs + (day + 1) * dayMs }))
        .flat()
        .map(({ fromMs: from, toMs: to }) => `${from}/${to}`),
    );
    expect([...seen]).toEqual(all.map(({ fromMs: from, toMs: to }) => `${from}/${to}`));
  });

  it('do not touch those of another unit or seed', () => {
    const until = startMs + 1_000 * dayMs;
    const first = forcedOutages(key, twoState, until);
    expect(forcedOutages({ ...key, entity: 'coal-2' }, twoState, until)).not.toEqual(first);
    expect(forcedOutages({ ...key, seed: 8 }, twoState, until)).not.toEqual(first);
    expect(forcedOutages(key, twoState, until)).toEqual(first);
  });

  it('take the share of time that the means say, from the first hour on', () => {
    let [outHours, outAtStart, repairs] = [0, 0, 0];
    const units = 2_000;
    const hours = 8_760;
    for (let unit = 0; unit < units; unit++) {
      const outages = forcedOutages({ ...key, entity: `u${unit}` }, twoState, startMs + hours * hourMs);
      outAtStart += isWithin(outages, startMs) ? 1 : 0;
      repairs += outages.length;
      for (const { fromMs, toMs } of outages) outHours += (Math.min(toMs, startMs + hours * hourMs) - fromMs) / hourMs;
    }
    // 5 % out: standard errors are 0.5 % at the start and 0.02 % over the year.
    expect(outAtStart / units).toBeCloseTo(0.05, 1.5);
    expect(outHours / units / hours).toBeGreaterThan(0.0485);
    expect(outHours / units / hours).toBeLessThan(0.0515);
    expect(repairs / units).toBeGreaterThan(8.6);
    expect(repairs / units).toBeLessThan(9.0);
  });

  it('last as long as they like, whatever the ones before lasted', () => {
    const lasting = Array.from({ length: 4_000 }, (_, unit) =>
      forcedOutages({ ...key, entity: `u${unit}` }, { meanHoursToFailure: 1, meanHoursToRepair: 1 }, startMs + 200 * hourMs)
        .slice(1, 21)
        .map(({ fromMs, toMs }) => (toMs - fromMs) / hourMs - 1),
    );
    let highest = 0;
    for (let a = 0; a < 20; a++)
      for (let b = 0; b < a; b++) {
        const covariance = lasting.reduce((sum, each) => sum + (each[a] ?? 0) * (each[b] ?? 0), 0) / lasting.length;
        highest = Math.max(highest, Math.abs(covariance));
      }
    // 190 pairs of independent draws stay below 4.5 standard errors of 1 / sqrt(4000).
    expect(highest).toBeLessThan(0.071);
  });

  it('never come where there is no failure data', () => {
    const calendar = outageCalendar(key, null, []);
    expect(calendar.between({ fromMs: startMs, toMs: startMs + 10_000 * dayMs })).toEqual([]);
    expect(calendar.isOutAt(startMs + 5 * dayMs)).toBe(false);
  });
});

describe('a calendar', () => {
  it('counts the hour an outage begins and not the one it ends', () => {
    const planned = [{ fromMs: startMs + 2 * hourMs, toMs: startMs + 5 * hourMs }];
    const { isOutAt } = outageCalendar(key, null, planned);
    expect([1, 2, 4, 5].map((hour) => isOutAt(startMs + hour * hourMs))).toEqual([false, true, true, false]);
  });

  it('joins planned and forced outages that overlap', () => {
    const [first] = forcedOutages(key, twoState, startMs + 1_000 * dayMs);
    if (first === undefined) throw new Error('seed 7 has an outage in 1,000 days');
    const planned = [{ fromMs: first.fromMs - hourMs, toMs: first.fromMs + 1 }];
    const calendar = outageCalendar(key, twoState, planned);
    const joined = { fromMs: first.fromMs - hourMs, toMs: first.toMs };
    expect(calendar.between({ fromMs: joined.fromMs, toMs: joined.fromMs + 1 })).toEqual([joined]);
    expect(calendar.isOutAt(first.toMs - 1)).toBe(true);
  });

  it('reads maintenance in order, overlapping windows as one', () => {
    const at = (day: number): string => new Date(startMs + day * dayMs).toISOString();
    expect(
      plannedOutages([
        { fromTime: at(20), toTime: at(30) },
        { fromTime: at(1), toTime: at(5) },
        { fromTime: at(4), toTime: at(8) },
      ]),
    ).toEqual([
      { fromMs: startMs + dayMs, toMs: startMs + 8 * dayMs },
      { fromMs: startMs + 20 * dayMs, toMs: startMs + 30 * dayMs },
    ]);
    expect(merged([{ fromMs: 3, toMs: 3 }])).toEqual([]);
  });
});

describe('rates', () => {
  it('turn means into a share of time, and outages per year into means', () => {
    expect(outageRatioOf({ meanHoursToFailure: 1_100, meanHoursToRepair: 150 })).toBeCloseTo(0.12, 12);
    expect(outageRatioOf(null)).toBe(0);
    expect(twoStateOfLine({ outagesPerYear: 0.4, outageHours: 10 })).toEqual({ meanHoursToFailure: 21_900, meanHoursToRepair: 10 });
    expect(twoStateOfLine({ outagesPerYear: 0, outageHours: 10 })).toBeNull();
  });
});

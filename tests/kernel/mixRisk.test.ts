import { describe, expect, it } from 'vitest';
import { recordedDays } from '../../shared/domain/adequacy/days.js';
import { tally } from '../../shared/domain/adequacy/monteCarlo.js';
import type { AdequacySystem } from '../../shared/domain/adequacy/system.js';
import type { BuildOption } from '../../shared/domain/mix/options.js';
import { sampledRisk, shortfallOf } from '../../shared/domain/mix/sampledRisk.js';
import { tabledRisk } from '../../shared/domain/mix/tabledRisk.js';

const days = 10;
const hours = 24 * days;
/** 100 MW of load in every hour, and 100 MW that never fail. */
const rock: AdequacySystem = {
  startMs: 0,
  hours,
  loadMw: new Float64Array(hours).fill(100),
  firm: [{ id: 'rock', source: 'other', technology: '', capacityMw: 100, twoState: null, planned: [] }],
  weather: [],
};
const once = { ...recordedDays(days), weight: new Float64Array(days).fill(1) };

function option(name: BuildOption['name'], supply: BuildOption['supply']): BuildOption {
  return { name, supply, fixedUsdPerMwYear: 0, costUsdPerMwh: 0, carbonKgPerMwh: 0, isInMixes: true };
}
const perfect = option('nuclear', { kind: 'two-state', unitMw: 50, twoState: null, rampMwPerMinute: null });
const failing = option('gas-cc', {
  kind: 'two-state',
  unitMw: 20,
  twoState: { meanHoursToFailure: 90, meanHoursToRepair: 10 },
  rampMwPerMinute: null,
});
const night = option('wind', {
  kind: 'weather',
  outputRatio: Float64Array.from({ length: hours }, (_, hour) => (hour % 24 < 12 ? 1 : 0)),
});
const store = option('battery', { kind: 'storage', storedHours: 12, chargeEfficiencyRatio: 1, dischargeEfficiencyRatio: 1 });

describe('risk by table', () => {
  const risk = tabledRisk(rock, [perfect, failing, night], { years: [once], flatMw: 50 });

  it('is every day without anything new, and none with one perfect unit', () => {
    expect(risk.lossDays([0, 0, 0])).toBe(10);
    expect(risk.lossDays([50, 0, 0])).toBe(0);
  });

  it('of identical units is the binomial distribution', () => {
    // Three of five units of 20 MW have to run.
    const atMostTwo = 0.1 ** 5 + 5 * 0.9 * 0.1 ** 4 + 10 * 0.9 ** 2 * 0.1 ** 3;
    expect(risk.lossDays([0, 100, 0])).toBeCloseTo(10 * atMostTwo, 9);
    expect(risk.yearly([0, 100, 0])[0]?.lossHours).toBeCloseTo(hours * atMostTwo, 7);
  });

  it('stays every day with any amount of what is not there by day', () => {
    expect(risk.lossDays([0, 0, 30_000])).toBe(10);
  });
});

describe('stores in a year of margins', () => {
  const plain = { powerMw: 10, energyMwh: 15, chargeEfficiencyRatio: 1, dischargeEfficiencyRatio: 1 };
  const year = (margins: number[], stores: readonly (typeof plain)[]) => shortfallOf(Float64Array.from(margins), stores, 1);

  it('give what is missing while power and energy last', () => {
    expect(year([-10, -10, 5, -10], [])).toEqual({ lossDays: 1, lossHours: 3, unservedMwh: 30 });
    // 10 of 15 MWh, then the last 5; 5 come back and go again.
    expect(year([-10, -10, 5, -10], [plain])).toEqual({ lossDays: 1, lossHours: 2, unservedMwh: 10 });
    expect(year([-25], [plain])).toEqual({ lossDays: 1, lossHours: 1, unservedMwh: 15 });
  });

  it('lose energy both ways', () => {
    const lossy = { ...plain, chargeEfficiencyRatio: 0.8, dischargeEfficiencyRatio: 0.5 };
    // 15 MWh hold 7.5; then 5 MW bring 4 MWh, which give 2.
    expect(year([-10, 5, -10], [lossy]).unservedMwh).toBeCloseTo(2.5 + 8, 9);
  });

  it('follow one another', () => {
    expect(year([-15, -15], [plain, plain]).unservedMwh).toBe(0);
    expect(year([-15, -15, -15], [plain, plain]).unservedMwh).toBe(15);
  });

  it('count a day once, however many of its hours are short', () => {
    const margins = Array.from({ length: 48 }, (_, hour) => (hour === 3 || hour === 5 || hour === 30 ? -1 : 0));
    expect(year(margins, [])).toEqual({ lossDays: 2, lossHours: 3, unservedMwh: 3 });
  });
});

describe('risk of sampled years', () => {
  const options = [perfect, failing, night, store];
  const short = { ...rock, loadMw: rock.loadMw.map((mw) => mw + 50) };
  const perYear = 365.25 / days;

  it('carries energy from night to day', () => {
    const risk = sampledRisk(short, options, { seed: 1, years: [once], flatMw: 0 });
    // By night 100 MW of wind, 50 of them spare; by day 50 MW of the store for its twelve hours.
    expect(risk.yearly([0, 0, 100, 0], 1)[0]?.lossDays).toBeCloseTo(days * perYear, 9);
    expect(risk.yearly([0, 0, 100, 50], 1)).toEqual([{ lossDays: 0, lossHours: 0, unservedMwh: 0 }]);
    expect(risk.yearly([0, 0, 100, 40], 1)[0]?.unservedMwh).toBeCloseTo(days * 12 * 10 * perYear, 6);
  });

  it('agrees with the table where there is no store', () => {
    const count = 600;
    const sampled = sampledRisk(short, options, { seed: 3, years: [once], flatMw: 0 }).yearly([0, 100, 0, 0], count);
    const sum = tally();
    for (const { lossHours } of sampled) sum.add(lossHours / perYear);
    const { low, high } = sum.estimate();
    const exact = tabledRisk(short, options, { years: [once], flatMw: 0 }).yearly([0, 100, 0, 0])[0]?.lossHours ?? NaN;
    expect(low).toBeLessThan(exact);
    expect(high).toBeGreaterThan(exact);
    expect(high - low).toBeLessThan(exact);
  });

  it('gives every year the same chances whatever is asked before', () => {
    const make = () => sampledRisk(short, options, { seed: 3, years: [once], flatMw: 0 });
    const first = make();
    first.yearly([50, 40, 0, 30], 5);
    expect(first.yearly([0, 80, 0, 0], 5)).toEqual(make().yearly([0, 80, 0, 0], 5));
  });
});

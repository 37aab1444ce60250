import { beforeAll, describe, expect, it } from 'vitest';
import type { MixedIntegerSolver } from '../../shared/domain/commitment/solver.js';
import { loadHighsMixedInteger } from '../../shared/runtime/highs.js';
import { denseFlows, networkOf, onWords, operate } from '../support/commitmentCase.js';

let solver: MixedIntegerSolver;
beforeAll(async () => {
  solver = await loadHighsMixedInteger({ gapRatio: 1e-9, nodes: 10_000 });
});

/** A cheap unit that is on already, and a second one to decide on. */
const base = { id: 'base', capacityMw: 100, usdPerMwh: 10, isOnAtStart: true };

describe('starts and least outputs', () => {
  it('a start is paid when it saves more than it costs, and not a dollar sooner', () => {
    const words = (startUsd: number) => ({
      network: networkOf([
        {
          ...base,
          capacityMw: 200,
          blocks: [
            { upToMw: 100, usdPerMwh: 10 },
            { upToMw: 200, usdPerMwh: 50 },
          ],
        },
        { id: 'peak', capacityMw: 50, usdPerMwh: 20, startUsd, noLoadUsdPerHour: 10 },
      ]),
      loadMw: [100, 150, 150, 100],
    });
    // Two hours of 50 MW at 20 instead of 50 $/MWh save 3,000 $, less 10 $ for each hour on.
    const cheap = operate(words(2_979), solver);
    expect(onWords(cheap.hours, 2)).toEqual(['1111', '0110']);
    expect(cheap.costUsd).toBeCloseTo(4 * 1_000 + 2 * 1_010 + 2_979, 6);
    expect(cheap.hours.map(({ turningUsd }) => turningUsd)).toEqual([0, 2_979, 0, 0]);
    const dear = operate(words(2_981), solver);
    expect(onWords(dear.hours, 2)).toEqual(['1111', '0000']);
    expect(dear.costUsd).toBeCloseTo(4 * 1_000 + 2 * 2_500, 6);
  });

  it('a stop costs its share of a start', () => {
    const network = networkOf([base, { id: 'peak', capacityMw: 50, usdPerMwh: 20, startUsd: 400, noLoadUsdPerHour: 150 }]);
    const words = (stopCostRatio: number) => ({ network, loadMw: [100, 120, 100, 100], options: { stopCostRatio } });
    // Staying on for the last two hours costs 300 $: more than a stop at half of 400 $, less than one at all of it.
    const half = operate(words(0.5), solver);
    expect(onWords(half.hours, 2)[1]).toBe('0100');
    expect(half.costUsd).toBeCloseTo(4_000 + 20 * 20 + 150 + 400 + 200, 6);
    const whole = operate(words(1), solver);
    expect(onWords(whole.hours, 2)[1]).toBe('0111');
    expect(whole.costUsd).toBeCloseTo(4_000 + 20 * 20 + 450 + 400, 6);
  });

  it('a unit that is on gives at least its least output, and wind makes room for it', () => {
    const network = networkOf([
      { id: 'coal', capacityMw: 100, minMw: 60, usdPerMwh: 20, isOnAtStart: true, startUsd: 50_000, minDownHours: 3 },
      { id: 'wind', capacityMw: 80, usdPerMwh: 0, isFree: true },
    ]);
    const { hours } = operate({ network, loadMw: [100, 100, 100], availableMw: [{}, {}, { wind: 0 }] }, solver);
    expect(onWords(hours, 1)).toEqual(['111']);
    expect(hours.map(({ generationMw }) => [...generationMw])).toEqual([
      [60, 40],
      [60, 40],
      [100, 0],
    ]);
    expect(hours.map(({ busPriceUsdPerMwh }) => busPriceUsdPerMwh[0])).toEqual([0, 0, expect.any(Number)]);
  });

  it('the cost of an output follows no-load cost and blocks of rising cost', () => {
    const network = networkOf([
      {
        id: 'unit',
        capacityMw: 100,
        minMw: 40,
        usdPerMwh: 0,
        noLoadUsdPerHour: 300,
        blocks: [
          { upToMw: 60, usdPerMwh: 10 },
          { upToMw: 80, usdPerMwh: 15 },
          { upToMw: 100, usdPerMwh: 30 },
        ],
        isOnAtStart: true,
      },
    ]);
    const { hours } = operate({ network, loadMw: [40, 70, 90] }, solver);
    expect(hours.map(({ costUsd }) => Math.round(costUsd))).toEqual([700, 300 + 600 + 150, 300 + 600 + 300 + 300]);
    expect(hours.map(({ busPriceUsdPerMwh }) => busPriceUsdPerMwh[0])).toEqual([expect.any(Number), 15, 30]);
  });
});

describe('times and ramps', () => {
  it('a unit that starts stays on for its least time, also across windows', () => {
    const network = networkOf([base, { id: 'peak', capacityMw: 50, minMw: 10, usdPerMwh: 90, minUpHours: 3, noLoadUsdPerHour: 10 }]);
    const words = { network, loadMw: [100, 100, 130, 100, 100, 100] };
    expect(onWords(operate(words, solver).hours, 2)[1]).toMatch(/^(111000|011100|001110)$/);
    const rolling = operate({ ...words, options: { windowHours: 3, keptHours: 3 } }, solver);
    expect(rolling.windows.length).toBe(2);
    const [, peak = ''] = onWords(rolling.hours, 2);
    expect(peak).toMatch(/^(111000|011100|001110)$/);
    expect(rolling.windows[1]?.state.units[1]).toEqual({ isOn: false, hoursInState: peak.length - peak.lastIndexOf('1') - 1, outputMw: 0 });
  });

  it('a unit that stops stays off for its least time, and the window before it counts', () => {
    const network = networkOf([
      { id: 'unit', capacityMw: 100, minMw: 50, usdPerMwh: 10, minDownHours: 4, isOnAtStart: true },
      { id: 'other', capacityMw: 100, usdPerMwh: 40, isFree: true },
    ]);
    const state = { units: [{ isOn: false, hoursInState: 2, outputMw: 0 }], storedMwh: [] };
    expect(onWords(operate({ network, loadMw: [60, 60, 60, 60], state }, solver).hours, 1)).toEqual(['0011']);
    // A valley of three hours below its least output is bridged or left for four, and bridging is not possible.
    const valley = operate({ network, loadMw: [100, 10, 10, 10, 60, 60] }, solver);
    expect(onWords(valley.hours, 1)).toEqual(['100001']);
  });

  it('output climbs and falls by at most the ramp, and starts from the least output', () => {
    const network = networkOf([
      { id: 'slow', capacityMw: 100, minMw: 20, usdPerMwh: 10, rampMwPerHour: 25 },
      { id: 'fast', capacityMw: 100, usdPerMwh: 50, isFree: true },
    ]);
    const { hours } = operate({ network, loadMw: [0, 100, 100, 100, 100, 0] }, solver);
    expect(onWords(hours, 1)).toEqual(['011110']);
    // Up from 20 + 25; down so that the stop comes from no more than 20 + 25.
    expect(hours.map(({ generationMw }) => Math.round(generationMw[0] ?? NaN))).toEqual([0, 45, 70, 70, 45, 0]);
  });

  it('a running unit ramps from the output it had before the window', () => {
    const network = networkOf([
      { id: 'slow', capacityMw: 100, minMw: 20, usdPerMwh: 10, rampMwPerHour: 10, isOnAtStart: true, scheduledMw: 30 },
      { id: 'fast', capacityMw: 100, usdPerMwh: 50, isFree: true },
    ]);
    const { hours } = operate({ network, loadMw: [100, 100, 100, 100], options: { windowHours: 2, keptHours: 2 } }, solver);
    expect(hours.map(({ generationMw }) => Math.round(generationMw[0] ?? NaN))).toEqual([40, 50, 60, 70]);
  });

  it('a unit out of service is off, and its least time on ends with that', () => {
    const network = networkOf([
      { id: 'unit', capacityMw: 100, minMw: 50, usdPerMwh: 10, minUpHours: 6, rampMwPerHour: 20, isOnAtStart: true, scheduledMw: 100 },
      { id: 'other', capacityMw: 100, usdPerMwh: 40, isFree: true },
    ]);
    const state = { units: [{ isOn: true, hoursInState: 1, outputMw: 100 }], storedMwh: [] };
    const out = { unit: 0 };
    const { hours } = operate({ network, loadMw: [100, 100, 100, 100], availableMw: [{}, out, out, {}], state }, solver);
    expect(onWords(hours, 1)).toEqual(['1001']);
    expect(hours.map(({ generationMw }) => Math.round(generationMw[0] ?? NaN))).toEqual([100, 0, 0, 70]);
  });
});

describe('the system', () => {
  it('identical units are decided on together at the cost of deciding on each', () => {
    const unit = { capacityMw: 50, minMw: 20, usdPerMwh: 20, startUsd: 300, minUpHours: 2, minDownHours: 2, noLoadUsdPerHour: 50 };
    const loadMw = [60, 140, 70, 140, 30, 90];
    const same = ['u1', 'u2', 'u3'].map((id) => ({ id, ...unit }));
    const together = operate({ network: networkOf(same), loadMw }, solver);
    // A millionth more capacity makes each one of a kind.
    const alone = operate({ network: networkOf(same.map((each, place) => ({ ...each, capacityMw: 50 + place * 1e-6 }))), loadMw }, solver);
    expect(together.costUsd).toBeCloseTo(alone.costUsd, 2);
    for (const word of onWords(together.hours, 3)) expect(word).not.toMatch(/010|101/);
  });

  it('reserve brings a second unit on, and what is missing has its price', () => {
    const units = [{ id: 'reserve', units: [0, 1], responseMinutes: 60, shortageUsdPerMwh: 1_000 }];
    const network = networkOf([
      { ...base, rampMwPerHour: 100 },
      { id: 'peak', capacityMw: 50, minMw: 10, usdPerMwh: 30, rampMwPerHour: 30, noLoadUsdPerHour: 100 },
    ]);
    const without = operate({ network, loadMw: [90, 90] }, solver);
    expect(onWords(without.hours, 2)).toEqual(['11', '00']);
    const { hours } = operate({ network, loadMw: [90, 90], reserveMw: [25, 70], options: { reserves: units } }, solver);
    expect(onWords(hours, 2)).toEqual(['11', '11']);
    // The peak unit ramps 30 MW in the hour; 20 MW from it leave 30 MW of the other: 60 of the 70 MW.
    expect(hours[1]?.costUsd).toBeCloseTo(70 * 10 + 20 * 30 + 100 + 10 * 1_000, 6);
  });

  it('a tight line brings the local unit on, and prices part', () => {
    const network = networkOf(
      [
        { ...base, capacityMw: 200 },
        { id: 'local', bus: 'b', capacityMw: 100, minMw: 10, usdPerMwh: 40, noLoadUsdPerHour: 200 },
      ],
      [{ fromBus: 'a', toBus: 'b', ratingMw: 60 }],
    );
    const words = {
      network,
      loadMw: [
        [50, 50],
        [50, 90],
        [50, 50],
      ],
    };
    expect(onWords(operate(words, solver).hours, 2)[1]).toBe('000');
    const { hours, windows } = operate({ ...words, options: { flows: denseFlows(network) } }, solver);
    expect(onWords(hours, 2)[1]).toBe('010');
    expect([...(hours[1]?.generationMw ?? [])].map(Math.round)).toEqual([110, 30]);
    expect(hours[1]?.netFlowMw[0]).toBeCloseTo(60, 6);
    expect([...(hours[1]?.busPriceUsdPerMwh ?? [])]).toEqual([10, 40]);
    expect([...(hours[0]?.busPriceUsdPerMwh ?? [])]).toEqual([10, 10]);
    expect(windows[0]?.report.gapRatio).toBeLessThan(1e-9);
  });

  it('load beyond all capacity is shed at its price, and output with nowhere to go is counted', () => {
    const network = networkOf([{ ...base, minMw: 40, minUpHours: 10 }]);
    const state = { units: [{ isOn: true, hoursInState: 1, outputMw: 50 }], storedMwh: [] };
    const { hours } = operate({ network, loadMw: [130, 15], state }, solver);
    expect(hours.map(({ shedMw, surplusMw }) => [shedMw[0], surplusMw[0]])).toEqual([
      [30, 0],
      [0, 25],
    ]);
    expect(hours[0]?.busPriceUsdPerMwh[0]).toBe(10_000);
  });

  it('a storage carries cheap energy into dear hours, never charges and discharges at once, and ends as full as it began', () => {
    const plain = networkOf([{ ...base }, { id: 'peak', capacityMw: 50, usdPerMwh: 100, isFree: true }]);
    const storages = [
      { id: 's', bus: 'a', powerMw: 20, energyMwh: 50, initialMwh: 10, chargeEfficiencyRatio: 0.9, dischargeEfficiencyRatio: 0.9 },
    ];
    const { hours } = operate({ network: { ...plain, storages }, loadMw: [90, 90, 120, 120] }, solver);
    const sum = (series: (hour: (typeof hours)[number]) => number | undefined): number =>
      hours.reduce((total, hour) => total + (series(hour) ?? 0), 0);
    expect(sum(({ chargeMw }) => chargeMw[0])).toBeCloseTo(20, 6);
    expect(sum(({ dischargeMw }) => dischargeMw[0])).toBeCloseTo(20 * 0.81, 6);
    expect(hours.at(-1)?.storedMwh[0]).toBeCloseTo(10, 6);
    for (const { chargeMw, dischargeMw } of hours) expect(Math.min(chargeMw[0] ?? NaN, dischargeMw[0] ?? NaN)).toBeCloseTo(0, 9);
  });

  it('gives the same hours twice', () => {
    const network = networkOf([base, { id: 'peak', capacityMw: 80, minMw: 20, usdPerMwh: 30, startUsd: 500, noLoadUsdPerHour: 10 }]);
    const words = { network, loadMw: [80, 120, 110, 90, 130, 70], options: { windowHours: 4, keptHours: 2 } };
    expect(operate(words, solver).hours).toEqual(operate(words, solver).hours);
  });
});

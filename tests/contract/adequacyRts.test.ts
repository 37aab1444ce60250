import { beforeAll, describe, expect, it } from 'vitest';
import { capacityCreditOf, type SupplyGroup } from '../../shared/domain/adequacy/credits.js';
import { recordedDays, resampledYears, usualWindowDays } from '../../shared/domain/adequacy/days.js';
import { sampleRisk } from '../../shared/domain/adequacy/monteCarlo.js';
import { flatLoadToTarget, lossDaysOf, riskModelOf, riskOf, type RiskModel } from '../../shared/domain/adequacy/risk.js';
import { adequacySystemOf, periodOf, type AdequacySystem } from '../../shared/domain/adequacy/system.js';
import { newSources } from '../../shared/domain/mix/newSources.js';
import { buildOptionsOf } from '../../shared/domain/mix/options.js';
import { alone, type MixProblem } from '../../shared/domain/mix/search.js';
import { tabledRisk } from '../../shared/domain/mix/tabledRisk.js';
import type { World } from '../../shared/scenario/schema.js';
import { bareWorld, importNetwork } from '../../shared/scenario/networkFile.js';
import { noRtsGmlc, rtsGmlcDir } from '../support/data.js';

const targetDays = 0.1;
const days = recordedDays(366);

describe.skipIf(rtsGmlcDir === null)(`adequacy of RTS-GMLC (${rtsGmlcDir === null ? noRtsGmlc : 'data found'})`, () => {
  let world: World;
  let system: AdequacySystem;
  let model: RiskModel;
  let flatMw = NaN;
  beforeAll(async () => {
    world = bareWorld(await importNetwork(rtsGmlcDir ?? ''));
    system = adequacySystemOf(world, periodOf(world));
    model = riskModelOf(system);
    flatMw = flatLoadToTarget(model, days, targetDays);
  });

  it('has 8,076 MW of thermal units and is short 0.00088 days a year', () => {
    expect(system.hours).toBe(8_784);
    expect(model.tables.map((table) => table.capacityMw)).toEqual([8_076]);
    expect(lossDaysOf(model, { days, flatMw: 0 })).toBeCloseTo(0.00088, 5);
  });

  it('carries 699 MW of flat load at 0.1 days a year', () => {
    expect(flatMw).toBeGreaterThan(698.5);
    expect(flatMw).toBeLessThan(699.5);
    expect(lossDaysOf(model, { days, flatMw })).toBeLessThanOrEqual(targetDays);
    expect(lossDaysOf(model, { days, flatMw: flatMw + 1 })).toBeGreaterThan(targetDays);
  });

  it.each<readonly [SupplyGroup, number]>([
    [{ source: 'wind', technology: 'wind' }, 9.3],
    [{ source: 'solar', technology: 'pv' }, 22.0],
    [{ source: 'solar', technology: 'rtpv' }, 11.2],
    // The reservoirs; the one run-of-river unit is a technology of its own.
    [{ source: 'hydro', technology: 'hydro' }, 72.4],
  ])('gives %o a last-in capacity credit of %f %%', (group, percent) => {
    const { lastInRatio } = capacityCreditOf(system, group, { days, targetDays });
    expect(Math.abs(100 * lastInRatio - percent)).toBeLessThan(0.1);
  });

  it('agrees with sampled years within their interval', () => {
    const { lossHours, unservedMwh } = riskOf(model, { days, flatMw });
    const sampled = sampleRisk(system, { seed: 1, years: 1_000, flatMw });
    expect(sampled.lossHours.low).toBeLessThan(lossHours);
    expect(sampled.lossHours.high).toBeGreaterThan(lossHours);
    expect(sampled.lossHours.high - sampled.lossHours.low).toBeLessThan(0.8 * lossHours);
    expect(sampled.unservedMwh.low).toBeLessThan(unservedMwh);
    expect(sampled.unservedMwh.high).toBeGreaterThan(unservedMwh);
  });

  it('needs, for 2 GW of flat load over 200 resampled years, seven nuclear units of 400 MW, and no wind or sun alone is enough', () => {
    const years = resampledYears(366, { seed: 1, years: 200, windowDays: usualWindowDays });
    const options = buildOptionsOf(system, world.network.units, { sources: newSources, discountRatio: 0.055 });
    const risk = tabledRisk(system, options, { years, flatMw: flatMw + 2_000 });
    const problem: MixProblem = { options, targetDays, maxMw: 30_000, lossDays: risk.lossDays, costUsd: () => 0 };
    const place = (name: string): number => options.findIndex((option) => option.name === name);
    expect(alone(problem, place('nuclear'))?.[place('nuclear')]).toBe(2_800);
    for (const name of ['wind', 'solar']) {
      expect(alone(problem, place(name))).toBeNull();
      expect(risk.lossDays(options.map((_, each) => (each === place(name) ? 30_000 : 0)))).toBeGreaterThan(10);
    }
  });
});

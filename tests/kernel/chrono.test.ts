import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChronoHour } from '../../shared/domain/chrono/run.js';
import { loadHighsSolver, type HighsSolver } from '../../shared/runtime/highs.js';
import type { World } from '../../shared/scenario/schema.js';
import { chronoRun, oracleUsd, smallDays } from '../support/chronoWorlds.js';

const costUsd = (hours: readonly ChronoHour[]): number => hours.reduce((sum, { dispatch }) => sum + dispatch.costUsd, 0);
const withoutRamps = (world: World): World => ({
  ...world,
  network: { ...world.network, units: world.network.units.map((unit) => ({ ...unit, rampMwPerMinute: null })) },
});

describe('hours in their order, on drawn networks', () => {
  let solver: HighsSolver;
  beforeAll(async () => {
    solver = await loadHighsSolver();
  });
  afterAll(() => solver.close());

  it('cost what one linear problem of all hours and storages costs, to 1e-6, on 60 networks', () => {
    let compared = 0;
    for (let n = 0; n < 60; n++) {
      const world = withoutRamps(smallDays(n, 24));
      const hours = chronoRun(world, solver, { toHour: 24 });
      const bestUsd = oracleUsd(world, solver, hours);
      if (bestUsd === null) continue;
      compared++;
      expect(Math.abs(costUsd(hours) - bestUsd), `network ${n}`).toBeLessThanOrEqual(1e-6 * Math.max(1, bestUsd));
    }
    expect(compared).toBe(60);
  }, 60_000);

  it('cost no more than 0.1 % above it with ramps, and never less, on 60 networks', () => {
    let [compared, tied, largestGap] = [0, 0, 0];
    for (let n = 0; n < 60; n++) {
      const world = smallDays(n, 24);
      const hours = chronoRun(world, solver, { toHour: 24 });
      const bestUsd = oracleUsd(world, solver, hours);
      if (bestUsd === null) continue;
      compared++;
      if (hours.some(({ isTied }) => isTied)) tied++;
      const gap = (costUsd(hours) - bestUsd) / Math.max(1, bestUsd);
      expect(gap, `network ${n}`).toBeGreaterThan(-1e-6);
      largestGap = Math.max(largestGap, gap);
    }
    expect(compared).toBeGreaterThan(50);
    expect(tied).toBeGreaterThan(5);
    expect(largestGap).toBeLessThan(1e-3);
  }, 60_000);

  it('keep units within their ramps, storages within what they hold, and never charge and discharge at once', () => {
    for (let n = 0; n < 60; n++) {
      const world = smallDays(n, 72);
      const hours = chronoRun(world, solver, { toHour: 72 });
      expect(hours.length).toBe(72);
      hours.forEach(({ dispatch, storedMwh }, hour) => {
        world.network.units.forEach(({ rampMwPerMinute, id }, unit) => {
          const before = hours[hour - 1]?.dispatch.generationMw[unit];
          if (rampMwPerMinute === null || before === undefined) return;
          const changeMw = Math.abs((dispatch.generationMw[unit] ?? NaN) - before);
          expect(changeMw, `${id} of network ${n}, hour ${hour}`).toBeLessThanOrEqual(60 * rampMwPerMinute + 1e-5);
        });
        world.network.storages.forEach(({ energyMwh, initialMwh, chargeEfficiencyRatio, dischargeEfficiencyRatio }, place) => {
          const [inMw, outMw] = [dispatch.chargeMw[place] ?? NaN, dispatch.dischargeMw[place] ?? NaN];
          expect(Math.min(inMw, outMw)).toBe(0);
          const before = hours[hour - 1]?.storedMwh[place] ?? initialMwh;
          expect(storedMwh[place]).toBeCloseTo(before + inMw * chargeEfficiencyRatio - outMw / dischargeEfficiencyRatio, 5);
          expect(storedMwh[place]).toBeLessThanOrEqual(energyMwh + 1e-9);
          expect(storedMwh[place]).toBeGreaterThanOrEqual(0);
        });
      });
    }
  }, 60_000);

  it('end a plan with no less in store than it began with', () => {
    for (let n = 0; n < 60; n++) {
      const world = smallDays(n, 24);
      const last = chronoRun(world, solver, { toHour: 24 }).at(-1);
      world.network.storages.forEach(({ initialMwh }, place) => expect(last?.storedMwh[place]).toBeGreaterThanOrEqual(initialMwh - 1e-6));
    }
  }, 60_000);

  it('are the same to the last bit when a run is saved after a day and goes on elsewhere', () => {
    for (let n = 0; n < 20; n++) {
      const world = smallDays(n, 96);
      const whole = chronoRun(world, solver, { toHour: 96 });
      const first = chronoRun(world, solver, { toHour: 48, seesToHour: 96 });
      const saved = JSON.parse(JSON.stringify(first.at(-1)?.state)) as ChronoHour['state'];
      const rest = chronoRun(world, solver, { fromHour: 48, toHour: 96, start: saved });
      const told = ({ dispatch, storedMwh }: ChronoHour) => [dispatch.busPriceUsdPerMwh, dispatch.generationMw, storedMwh];
      expect([...first, ...rest].map(told)).toEqual(whole.map(told));
    }
  }, 60_000);

  it('cost no less when storages are planned on the day before', () => {
    let dearer = 0;
    for (let n = 0; n < 30; n++) {
      const world = withoutRamps(smallDays(n, 72));
      const blindUsd = costUsd(chronoRun(world, solver, { toHour: 72, foresight: 'day-before' }));
      const hours = chronoRun(world, solver, { toHour: 72 });
      const bestUsd = oracleUsd(world, solver, hours) ?? 0;
      expect(blindUsd).toBeGreaterThanOrEqual(bestUsd * (1 - 1e-9));
      if (blindUsd > bestUsd * (1 + 1e-4)) dearer++;
    }
    expect(dearer).toBeGreaterThan(5);
  }, 60_000);
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadHighsSolver, type HighsSolver } from '../../shared/runtime/highs.js';
import { bareWorld, importNetwork } from '../../shared/scenario/networkFile.js';
import type { World } from '../../shared/scenario/schema.js';
import { chronoRun, oracleUsd } from '../support/chronoWorlds.js';
import { noRtsGmlc, rtsGmlcDir } from '../support/data.js';

/** Days of the year by their number: winter, a day with much to curtail, spring, two of July, autumn. */
const days = [0, 40, 110, 200, 207, 300];

describe.skipIf(rtsGmlcDir === null)(`days of RTS-GMLC in their order${rtsGmlcDir === null ? ` (${noRtsGmlc})` : ''}`, () => {
  let solver: HighsSolver;
  let world: World;
  beforeAll(async () => {
    solver = await loadHighsSolver();
    world = bareWorld(await importNetwork(rtsGmlcDir ?? ''));
  });
  afterAll(() => solver.close());

  /** How far the days are above the least cost, as shares. */
  function gaps(own: World): number[] {
    return days.map((day) => {
      const hours = chronoRun(own, solver, { fromHour: 24 * day, toHour: 24 * (day + 1) });
      const bestUsd = oracleUsd(own, solver, hours);
      expect(bestUsd).not.toBeNull();
      const ownUsd = hours.reduce((sum, { dispatch }) => sum + dispatch.costUsd, 0);
      return (ownUsd - (bestUsd ?? NaN)) / (bestUsd ?? NaN);
    });
  }
  const withUnits = (change: (unit: World['network']['units'][number]) => Partial<World['network']['units'][number]>): World => ({
    ...world,
    network: { ...world.network, units: world.network.units.map((unit) => ({ ...unit, ...change(unit) })) },
  });

  it('cost with their storage what one linear problem of the day costs, to 1e-9', () => {
    for (const gap of gaps(withUnits(() => ({ rampMwPerMinute: null })))) expect(Math.abs(gap)).toBeLessThan(1e-9);
  }, 60_000);

  it('cost with ramps no more than 0.03 % above it', () => {
    for (const gap of gaps(world)) {
      expect(gap).toBeGreaterThan(-1e-9);
      expect(gap).toBeLessThan(3e-4);
    }
  }, 60_000);

  it('cost the same to 1e-9 as that where ramps of a third of theirs bite', () => {
    const slow = withUnits(({ rampMwPerMinute, availability }) =>
      rampMwPerMinute === null || availability !== null ? {} : { rampMwPerMinute: rampMwPerMinute / 3 },
    );
    const tiedDays = days.filter((day) => chronoRun(slow, solver, { fromHour: 24 * day, toHour: 24 * (day + 1) })[0]?.isTied === true);
    expect(tiedDays.length).toBeGreaterThan(2);
    gaps(slow).forEach((gap, place) => {
      expect(gap).toBeGreaterThan(-1e-9);
      expect(gap, `day ${days[place]}`).toBeLessThan(tiedDays.includes(days[place] ?? -1) ? 1e-9 : 1e-3);
    });
  }, 60_000);
});

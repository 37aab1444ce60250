import { beforeAll, describe, expect, it } from 'vitest';
import { solveByPivots } from '../../shared/domain/grid/simplex/solve.js';
import { sitingErasOf, withFlatLoads, type SitingRun } from '../../shared/domain/siting/eras.js';
import { loadedYearOf } from '../../shared/domain/siting/loadedYear.js';
import { createSpareCurve, flatLoadMw, hostingMw } from '../../shared/domain/siting/spare.js';
import { readWorld } from '../../shared/scenario/networkFile.js';
import type { World } from '../../shared/scenario/schema.js';
import { noRtsGmlc, rtsGmlcDir } from '../support/data.js';

describe.skipIf(rtsGmlcDir === null)(`sites of RTS-GMLC${rtsGmlcDir === null ? ` (${noRtsGmlc})` : ''}`, () => {
  let world: World;
  beforeAll(async () => {
    world = await readWorld(rtsGmlcDir ?? '');
  });
  const hours = 8_784;
  const runOf = (fromHour: number, toHour: number): SitingRun => ({
    fromHour,
    toHour,
    convention: 'matpower',
    security: 'none',
    solve: solveByPivots(null),
  });
  const curveAt = (run: SitingRun, bus: number, every: number) =>
    createSpareCurve(sitingErasOf(world, run), bus, { security: 'none', solve: run.solve, places: [], every });

  it('host 891 MW at the median and 1,998 at most, at bus 121, in the hour of the highest load', () => {
    const run = runOf(5_726, 5_727);
    const room = world.network.buses.map(({ id }, bus) => ({ id, mw: curveAt(run, bus, 1).boundMw[0] ?? NaN }));
    room.sort((a, b) => a.mw - b.mw);
    expect(room[36]?.mw).toBeCloseTo(891.17, 2);
    expect(room.at(-1)?.id).toBe('121');
    expect(room.at(-1)?.mw).toBeCloseTo(1_997.7, 1);
  });

  const asked = { wantsScreening: false, heard: () => {} };
  const yearWith = (run: SitingRun, mw: number) => loadedYearOf(withFlatLoads(world, [{ bus: '303', mw }]), run, asked);

  it('take curtailment from 575 to 186 GWh with 300 MW at bus 303', () => {
    const [before, after] = [yearWith(runOf(0, hours), 0), yearWith(runOf(0, hours), 300)];
    expect(before.curtailedMwh / 1_000).toBeCloseTo(575.27, 1);
    expect(after.curtailedMwh / 1_000).toBeCloseTo(185.89, 1);
    expect(after.shortHours).toBe(0);
  }, 60_000);

  it('are short with 600 MW at bus 303 in just the hours that have no room for them', () => {
    const run = runOf(5_000, 6_000);
    const place = world.network.buses.findIndex(({ id }) => id === '303');
    const short = curveAt(run, place, 1).boundMw.filter((mw) => mw < 600);
    expect(short.length).toBeGreaterThan(100);
    const year = yearWith(run, 600);
    expect(year.shortHours).toBe(short.length);
    expect(year.shortBy[0]?.limit).toBe('c6');
  }, 60_000);

  it('have the same room by bounds as with every hour worked out', () => {
    const run = runOf(5_000, 6_500);
    for (const bus of [20, 42]) {
      const [bounded, exact] = [curveAt(run, bus, 11), curveAt(run, bus, 1)];
      for (const ratio of [0, 0.005]) expect(Math.abs(hostingMw(bounded, ratio) - flatLoadMw(exact.boundMw, ratio))).toBeLessThan(0.05);
      for (const ratio of [0.02, 0.05]) expect(Math.abs(hostingMw(bounded, ratio) - flatLoadMw(exact.boundMw, ratio))).toBeLessThan(0.5);
      expect(bounded.solvedHours()).toBeLessThan(700);
    }
  }, 60_000);
});

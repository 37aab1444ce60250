import { describe, expect, it } from 'vitest';
import { floatAt } from '../../shared/domain/grid/dense.js';
import { prepareHourly } from '../../shared/domain/grid/hourly.js';
import { baseYearOf } from '../../shared/domain/siting/baseYear.js';
import { sitingErasOf, withFlatLoads, type SitingRun } from '../../shared/domain/siting/eras.js';
import { lineStudyOf } from '../../shared/domain/siting/lineStudy.js';
import { effectOf, loadedYearOf } from '../../shared/domain/siting/loadedYear.js';
import { scenarioSitesOf } from '../../shared/domain/siting/scenarioSites.js';
import { surplusAt } from '../../shared/domain/siting/surplus.js';
import type { World } from '../../shared/scenario/schema.js';
import { changingCase, runOver, windyWorld } from '../support/sitingWorlds.js';

const silent = (): void => {};
const baseOf = (world: World, run: SitingRun) => baseYearOf(world, run, { cheapUsdPerMwh: 1, wantsCarbon: true, heard: silent });
const surplusOf = (world: World, run: SitingRun, bus: number) =>
  surplusAt(sitingErasOf(world, run), bus, { base: baseOf(world, run), cheapUsdPerMwh: 1, security: 'none', solve: run.solve });

describe('the year without new load', () => {
  it('has cheap hours behind the full line, and curtailment where the wind is', () => {
    const base = baseOf(windyWorld(24), runOver(24));
    expect(base.cheapHours.map((hours) => hours.length)).toEqual([12, 0, 0]);
    // 200 MW less the 60 the line takes, for 12 hours.
    expect(Array.from(base.curtailedMwh)).toEqual([1_680, 0, 0]);
    expect(base.meanPriceUsdPerMwh[0]).toBeCloseTo(20, 9);
    expect(base.meanCarbonKgPerMwh[0]).toBeCloseTo(200, 9);
    expect(base.meanCarbonKgPerMwh[1]).toBeCloseTo(400, 9);
  });

  it.each([1, 2, 3, 4, 5, 6, 9, 11])('has the carbon of one MWh more that two dispatches differ by, random network %i', (n) => {
    const world = changingCase(n, 3);
    const run = runOver(3);
    const { buses } = world.network;
    const base = baseOf(world, run);
    const kgOf = (of: World): number => loadedYearOf(of, run, { wantsScreening: false, heard: silent }).carbonKg;
    const before = kgOf(world);
    const step = 1e-3;
    buses.forEach(({ id }, bus) => {
      const more = (kgOf(withFlatLoads(world, [{ bus: id, mw: step }])) - before) / (3 * step);
      const less = (before - kgOf(withFlatLoads(world, [{ bus: id, mw: -step }]))) / (3 * step);
      // At a kink of the cost curve the basis belongs to one of the two sides.
      const own = floatAt(base.meanCarbonKgPerMwh, bus);
      expect(Math.min(Math.abs(own - more), Math.abs(own - less))).toBeLessThan(1e-3 * Math.max(1, Math.abs(own)));
    });
  });
});

describe('surplus', () => {
  it('is what a load could have for next to nothing, where it is and where lines bring it', () => {
    const world = windyWorld(24);
    const atA = surplusOf(world, runOver(24), 0);
    expect([atA.hours, atA.totalMwh, atA.meanMw, atA.mostMw]).toEqual([12, 1_680, 70, 140]);
    expect(atA.takenMwh(50)).toBe(600);
    expect(atA.takenMwh(500)).toBe(1_680);
    // The line is full: nothing of it reaches b.
    expect(surplusOf(world, runOver(24), 1).totalMwh).toBe(0);
    const wider = { ...world, network: { ...world.network, lines: world.network.lines.map((line) => ({ ...line, ratingMw: 190 })) } };
    // 190 over the line less the 130 of load that take it already; at a what is left of 200 after that.
    expect(surplusOf(wider, runOver(24), 1).meanMw).toBeCloseTo(30, 9);
    expect(surplusOf(wider, runOver(24), 0).meanMw).toBeCloseTo(35, 9);
  });

  it('is absorbed by a campus of its size, MWh for MWh', () => {
    const world = windyWorld(24);
    const asked = { wantsScreening: false, heard: silent };
    const before = loadedYearOf(world, runOver(24), asked);
    const after = loadedYearOf(withFlatLoads(world, [{ bus: 'a', mw: 50 }]), runOver(24), asked);
    const effect = effectOf(before, after, 50);
    expect(effect.netAbsorbedMwh).toBeCloseTo(600, 6);
    expect([effect.servedMwh, effect.unservedMwh, effect.shortHours]).toEqual([1_200, 0, 0]);
    // Half of its hours on wind, half on the dear unit.
    expect(effect.usdPerMwh).toBeCloseTo(20, 9);
    expect(effect.carbonKgPerMwh).toBeCloseTo(200, 9);
  });
});

describe('a year with too much load', () => {
  it('names the line that keeps it from being served, and counts the value of lost load in no cost', () => {
    const world = windyWorld(24);
    const year = loadedYearOf(withFlatLoads(world, [{ bus: 'c', mw: 50 }]), runOver(24), { wantsScreening: false, heard: silent });
    expect(year.shortBy).toEqual([{ limit: 'b-c', hours: 24, mwh: 720 }]);
    expect(year.unservedMwh).toBeCloseTo(24 * 30, 6);
    // 60 MW of wind over the line for half of the day, 150 MW of load served.
    expect(year.runningUsd).toBeCloseTo(40 * (24 * 150 - 12 * 60), 3);
    expect(year.days).toHaveLength(1);
    expect(year.days[0]?.unservedMwh).toBeCloseTo(720, 6);
  });
});

describe('a built site', () => {
  it('does not hide the surplus it takes itself, and the others do', () => {
    const built = [
      { bus: 'a', mw: 50 },
      { bus: 'b', mw: 8 },
    ];
    const sites = scenarioSitesOf(windyWorld(24), runOver(24), {
      built,
      flexibleRatio: 0.005,
      cheapUsdPerMwh: 1,
      within: 'network',
      populationOf: null,
      every: 1,
      say: silent,
    });
    const own = (bus: string) => {
      const site = sites.find(({ id }) => id === bus);
      return site?.places.find(({ node }) => node === bus);
    };
    // Without the 50 MW at a, its 140 MW of surplus are all there.
    expect(own('a')?.surplusMw).toBeCloseTo(70, 6);
    // Seen from b, the campus at a has taken 50 of them.
    expect(sites[1]?.places.find(({ node }) => node === 'a')?.surplusMw).toBeCloseTo(45, 6);
    // 8 MW fit at c and 50 do not: its line has 20 MW to spare.
    expect(sites[0]?.failing).toEqual([{ node: 'c', hostingMw: expect.closeTo(20, 0) as number, limit: 'b-c' }]);
    expect(sites[1]?.places.map(({ node }) => node)).toContain('c');
  });
});

describe('taking compute to the surplus against a line', () => {
  const question = {
    mw: 50,
    surplusBus: 'a',
    loadBus: 'c',
    line: {
      miles: 100,
      usdPerMile: 1e6,
      detourFactor: 1.3,
      lifeYears: 40,
      discountRatio: 0,
      permits: { kind: 'fixed', months: 14 },
      construction: { kind: 'fixed', months: 16 },
    },
    study: { kind: 'fixed', months: 15 },
    building: { kind: 'fixed', months: 24 },
    years: 20,
    seed: 1,
    say: silent,
  } as const;

  it('counts running and line, and what cannot be served without it', () => {
    const study = lineStudyOf(windyWorld(240), runOver(240), question);
    const way = (name: string) => study.ways.find((each) => each.way === name);
    expect(study.lineUsd).toBeCloseTo(130e6, 0);
    expect(study.lineUsdPerYear).toBeCloseTo(130e6 / 40, 0);
    // 20 of the 50 MW fit at c without the line.
    expect(way('at-load')?.unservedMwh).toBeCloseTo(240 * 30, 3);
    expect(way('at-surplus')?.usdPerMwh).toBeCloseTo(20, 9);
    expect(way('at-load-with-line')?.usdPerMwh).toBeCloseTo(20, 9);
    expect(way('at-load-with-line')?.lineUsdPerMwh).toBeCloseTo(130e6 / 40 / 8_766 / 50, 6);
    expect(way('at-surplus')?.yearMonths.every((months) => months === 24)).toBe(true);
    expect(way('at-load-with-line')?.yearMonths.every((months) => months === 30)).toBe(true);
    expect([study.cheaperRatio, study.earlierRatio, study.bothRatio]).toEqual([1, 1, 1]);
    // Both run at the same cost, so that only a line for nothing is as cheap.
    expect(Math.abs(study.evenUsdPerMile)).toBeLessThan(1);
  });

  it('is not cheaper where the line costs nothing, and not earlier where it is built with the campus', () => {
    const line = { ...question.line, usdPerMile: 0, permits: { kind: 'fixed', months: 0 } } as const;
    const study = lineStudyOf(windyWorld(240), runOver(240), { ...question, line });
    expect([study.cheaperRatio, study.earlierRatio]).toEqual([0, 0]);
  });
});

describe('hours of a network', () => {
  it('are dispatched with flat loads as if buses had them', () => {
    const world = windyWorld(24);
    const loads = [...prepareHourly(withFlatLoads(world, [{ bus: 'c', mw: 7 }]), { ...runOver(24), outageSeed: null })()];
    expect(loads[0]?.input.loadMw[2]).toBe(87);
  });
});

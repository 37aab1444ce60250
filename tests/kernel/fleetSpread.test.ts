import { describe, expect, it } from 'vitest';
import { chooseReduction, type Giver } from '../../shared/domain/cluster/alternatives.js';
import { cappedMw, throughputRatio } from '../../shared/domain/cluster/throughput.js';
import { weightOf } from '../../shared/domain/fleet/priority.js';
import { splitReduction, type FleetCampus, type FleetSplit } from '../../shared/domain/fleet/spread.js';
import { draw } from '../../shared/domain/random.js';
import { hourMs } from '../../shared/domain/ticks.js';
import type { Run } from '../../shared/scenario/schema.js';
import { trainingRun } from '../../shared/scenario/threeAreas/clusters.js';

type Sized = { readonly run: Run; readonly levelMw: number };

function runOf(id: string, accelerators: number, rest: Partial<Run> = {}): Sized {
  const size = { id, campus: 'any', accelerators, facilityMw: accelerators / 500, totalSteps: 1_000_000, initialSteps: 0 };
  const run = { ...trainingRun(size), ...rest };
  return { run, levelMw: run.facilityMw };
}

/** A small fleet drawn from a number: sizes, curves, priorities, floors and bounds. */
function fleetOf(n: number, shape: { readonly campuses: number; readonly runs: number; readonly priorities?: boolean }): FleetCampus[] {
  const of = (purpose: string, entity: string): number => draw({ seed: 7, component: 'test', entity, purpose, n });
  return Array.from({ length: shape.campuses }, (_, campus) => {
    const runs = Array.from({ length: shape.runs }, (_, place) => {
      const id = `run-${campus}-${place}`;
      const rest = {
        capExponent: 2 + 3 * of('exponent', id),
        staticRatio: 0.3 + 0.15 * of('static', id),
        idleRatio: 0.12 + 0.18 * of('idle', id),
        restartSeconds: 60 + 1_800 * of('restart', id),
        ...(shape.priorities === true ? { priority: Math.floor(10 * of('priority', id)) } : {}),
      };
      return runOf(id, 4_000 + Math.floor(60_000 * of('size', id)), rest);
    });
    const allMw = runs.reduce((sum, { levelMw }) => sum + levelMw, 0);
    const boundMw = allMw * (0.3 + of('bound', `campus-${campus}`));
    return { campus: `campus-${campus}`, boundMw, capFloorRatio: 0.5 + 0.5 * of('floor', `campus-${campus}`), runs };
  });
}

const drawnMw = (fleet: readonly FleetCampus[]): number => fleet.flatMap(({ runs }) => runs).reduce((sum, { levelMw }) => sum + levelMw, 0);

/** The least weighted loss over all pauses and caps on a grid, found by trying them all; infinite when nothing frees enough. */
function triedOut(fleet: readonly FleetCampus[], wantedMw: number, hours: number, steps: number): number {
  const seats = fleet.flatMap(({ capFloorRatio, runs }, campus) => runs.map((held) => ({ ...held, campus, capFloorRatio })));
  const ways = seats.map(({ run, levelMw, capFloorRatio }) => {
    const pause = {
      mw: levelMw - run.facilityMw * run.idleRatio,
      cost: weightOf(run) * run.accelerators * (hours + (run.saveSeconds + run.restartSeconds) / 3_600),
    };
    const caps = Array.from({ length: steps + 1 }, (_, step) => {
      const ratio = 1 - (step / steps) * (1 - capFloorRatio);
      return {
        mw: levelMw - cappedMw(run, ratio),
        cost: weightOf(run) * run.accelerators * hours * (1 - throughputRatio(run, ratio)),
      };
    });
    return [pause, ...caps];
  });
  let best = Infinity;
  const place = (at: number, freed: readonly number[], cost: number): void => {
    if (cost >= best) return;
    if (at === seats.length) {
      const counted = fleet.reduce((sum, { boundMw }, campus) => sum + Math.min(boundMw, freed[campus] ?? 0), 0);
      if (counted >= wantedMw - 1e-9) best = cost;
      return;
    }
    for (const way of ways[at] ?? [])
      place(
        at + 1,
        freed.map((mw, campus) => (campus === seats[at]?.campus ? mw + way.mw : mw)),
        cost + way.cost,
      );
  };
  place(
    0,
    fleet.map(() => 0),
    0,
  );
  return best;
}

function counted(split: FleetSplit): number {
  return split.campuses.reduce((sum, { boundMw, freedMw }) => sum + Math.min(boundMw, freedMw), 0);
}

describe('a reduction asked of several campuses', () => {
  it('loses no more than any pauses and caps that were tried out, and proves it', () => {
    let compared = 0;
    for (let n = 0; n < 20; n++) {
      const fleet = fleetOf(n, { campuses: 2, runs: 2 });
      for (const share of [0.1, 0.3, 0.5, 0.65]) {
        const wantedMw = share * drawnMw(fleet);
        const split = splitReduction(fleet, { wantedMw, hours: 1 });
        const tried = triedOut(fleet, wantedMw, 1, 24);
        if (tried === Infinity) continue;
        compared++;
        expect(split.gapRatio).toBeLessThanOrEqual(1e-9);
        expect(counted(split)).toBeGreaterThanOrEqual(wantedMw - 1e-6);
        expect(split.weightedHours).toBeLessThanOrEqual(tried * (1 + 1e-6));
        // The grid is 1/24 of the way to the floor: what it misses is small, so a wrong answer that is too low shows.
        expect(split.weightedHours).toBeGreaterThan(tried * 0.9);
      }
    }
    expect(compared).toBeGreaterThan(50);
  });

  it('never loses more than the choice of a single campus on its own', () => {
    let lower = 0;
    for (let n = 0; n < 30; n++) {
      const [site] = fleetOf(n, { campuses: 1, runs: 5 }) as [FleetCampus];
      const fleet = [{ ...site, boundMw: Infinity }];
      for (const share of [0.1, 0.25, 0.4, 0.6, 0.75]) {
        const wantedMw = share * drawnMw(fleet);
        const givers = site.runs.map(({ run, levelMw }, index): Giver => ({ index, run: run as Run, levelMw, checkpointAtMs: 0 }));
        const { plan, alternatives } = chooseReduction(givers, {
          wantedMw,
          fromMs: 0,
          rampMs: 0,
          untilMs: 2 * hourMs,
          capFloorRatio: site.capFloorRatio,
        });
        if (plan.freedMw < wantedMw - 1e-6) continue;
        const single = alternatives.find(({ isChosen }) => isChosen)?.lostAcceleratorHours ?? 0;
        const split = splitReduction(fleet, { wantedMw, hours: 2 });
        expect(split.lostAcceleratorHours).toBeLessThanOrEqual(single * (1 + 1e-6));
        if (split.lostAcceleratorHours < 0.99 * single) lower++;
      }
    }
    expect(lower).toBeGreaterThan(10);
  });

  it('touches a run of higher priority only when the others do not suffice', () => {
    const fleet = [
      { campus: 'north', boundMw: 500, capFloorRatio: 0.6, runs: [runOf('dear', 30_000, { priority: 8 }), runOf('usual', 20_000)] },
      { campus: 'south', boundMw: 500, capFloorRatio: 0.6, runs: [runOf('cheap', 10_000, { priority: 1 })] },
    ];
    // Pausing frees 0.8 of 20 MW, of 40 MW and of 60 MW.
    const touchedBy = (wantedMw: number): readonly string[] =>
      splitReduction(fleet, { wantedMw, hours: 1 })
        .measures.map(({ run }) => run)
        .sort();
    expect(touchedBy(15.9)).toEqual(['cheap']);
    expect(touchedBy(16.1)).not.toContain('dear');
    expect(touchedBy(47.9)).toEqual(['cheap', 'usual']);
    expect(touchedBy(48.1)).toContain('dear');
    expect(splitReduction(fleet, { wantedMw: 48.1, hours: 1 }).touchedPriority).toBe(8);
  });

  it('pauses a whole run of lower priority before it caps a large one of higher priority a little', () => {
    const runs = [runOf('large', 200_000, { priority: 6 }), runOf('small', 10_000)];
    const split = (priority: number): readonly string[] => {
      const asked = runs.map((held) => (held.run.id === 'large' ? { ...held, run: { ...held.run, priority } } : held));
      return splitReduction([{ campus: 'north', boundMw: 500, capFloorRatio: 0.6, runs: asked }], { wantedMw: 12, hours: 1 }).measures.map(
        ({ run, measure }) => `${measure} ${run}`,
      );
    };
    expect(split(6)).toEqual(['pause small']);
    // Alike in priority, the little cap costs less.
    expect(split(5)).toContain('cap large');
  });

  it('spares the run of higher priority among alike ones', () => {
    const runs = [runOf('a', 20_000, { priority: 6 }), runOf('b', 20_000, { priority: 5 })];
    const split = splitReduction([{ campus: 'north', boundMw: 100, capFloorRatio: 0.6, runs }], { wantedMw: 40, hours: 1 });
    const freedOf = (run: string): number => split.measures.find((measure) => measure.run === run)?.freedMw ?? 0;
    expect(freedOf('b')).toBeGreaterThan(freedOf('a'));
  });

  it('asks no campus beyond its bound, and says what is missing', () => {
    const fleet = [
      { campus: 'north', boundMw: 10, capFloorRatio: 0.7, runs: [runOf('a', 30_000), runOf('b', 15_000)] },
      { campus: 'south', boundMw: 25, capFloorRatio: 1, runs: [runOf('c', 10_000)] },
    ];
    const split = splitReduction(fleet, { wantedMw: 60, hours: 1 });
    expect(split.campuses.map(({ reductionMw }) => reductionMw)).toEqual([expect.closeTo(10, 6), expect.closeTo(16, 6)]);
    expect(split.residualMw).toBeCloseTo(34, 5);
    const within = splitReduction(fleet, { wantedMw: 20, hours: 1 });
    expect(within.campuses.reduce((sum, { reductionMw }) => sum + reductionMw, 0)).toBeCloseTo(20, 6);
    expect(within.residualMw).toBe(0);
  });

  it('only pauses where the floor allows no caps', () => {
    const fleet = [{ campus: 'north', boundMw: 100, capFloorRatio: 1, runs: [runOf('a', 30_000), runOf('b', 15_000)] }];
    const { measures } = splitReduction(fleet, { wantedMw: 20, hours: 1 });
    expect(measures).toMatchObject([{ run: 'b', measure: 'pause', capRatio: 0, freedMw: expect.closeTo(24, 9) }]);
  });

  it('does nothing for nothing, and nothing with runs that stand still', () => {
    const idle = { ...runOf('a', 30_000), levelMw: 12 };
    const fleet = [{ campus: 'north', boundMw: 100, capFloorRatio: 0.5, runs: [idle] }];
    expect(splitReduction(fleet, { wantedMw: 20, hours: 1 })).toMatchObject({ measures: [], residualMw: 20, touchedPriority: null });
    expect(splitReduction(fleet, { wantedMw: 0, hours: 1 })).toMatchObject({ measures: [], residualMw: 0, gapRatio: 0 });
  });

  it('answers for a fleet of sixty unlike runs at six campuses within its bound of work', () => {
    const fleet = fleetOf(3, { campuses: 6, runs: 10, priorities: true });
    const wantedMw = 0.4 * drawnMw(fleet);
    const split = splitReduction(fleet, { wantedMw, hours: 3 });
    expect(counted(split)).toBeGreaterThanOrEqual(wantedMw - 1e-6);
    expect(split).toEqual(splitReduction(fleet, { wantedMw, hours: 3 }));
  });
});

import { describe, expect, test } from 'vitest';
import { chooseReduction } from '../../shared/domain/cluster/alternatives.js';
import { fittingMw, planReduction } from '../../shared/domain/cluster/plan.js';
import { leastMw, lowestCap, slowedMw } from '../../shared/domain/cluster/slowdown.js';
import { throughputRatio } from '../../shared/domain/cluster/throughput.js';
import { splitReduction } from '../../shared/domain/fleet/spread.js';
import type { Run } from '../../shared/scenario/schema.js';
import { slowdownClasses } from '../../shared/scenario/schema.js';
import { riverbend } from '../support/clusterWorld.js';

const [atlas] = riverbend().runs;
if (atlas === undefined) throw new Error('no run');
const run = (id: string, facilityMw: number, slowdownClass: Run['slowdownClass']): Run => ({
  ...atlas,
  id,
  facilityMw,
  ...(slowdownClass === undefined ? {} : { slowdownClass }),
});
/** One run of 100 MW for each class. */
const runs = slowdownClasses.map((slowdownClass) => run(slowdownClass, 100, slowdownClass));
const candidates = runs.map((one, index) => ({ index, run: one, levelMw: one.facilityMw }));

describe('slowdown classes', () => {
  test('keep the speed they promise at their lowest cap', () => {
    const speeds = runs.slice(0, 4).map((one) => throughputRatio(one, lowestCap(one, 0)));
    [1, 0.9, 0.75, 0.5].forEach((speed, index) => expect(speeds[index]).toBeCloseTo(speed, 12));
  });

  test('name the least power of a run: full power, that of its cap, or idle', () => {
    expect(leastMw(runs[0] as Run)).toBe(100);
    expect(leastMw(runs[2] as Run)).toBeCloseTo(100 * (1 - 0.6 * (1 - (0.39 + 0.61 * 0.75 ** 4))), 9);
    expect(leastMw(runs[4] as Run)).toBe(20);
  });

  test('bound every measure of a plan, and only runs that may be paused are paused', () => {
    const plan = planReduction(candidates, 1_000, 0.4);
    expect(plan.measures.map(({ candidate, kind }) => `${candidate.run.id} ${kind}`).sort()).toEqual([
      'pause pause',
      'slow-10 cap',
      'slow-25 cap',
      'slow-50 cap',
    ]);
    for (const { candidate, kind, levelMw } of plan.measures)
      if (kind === 'cap') expect(levelMw).toBeCloseTo(slowedMw(candidate.run, 0.4), 9);
    expect(plan.freedMw).toBeCloseTo(
      runs.reduce((sum, one) => sum + 100 - Math.max(leastMw(one), one.id === 'slow-50' ? slowedMw(one, 0.4) : 0), 0),
      9,
    );
  });

  test('are met to the megawatt by one common cap where it is above the lowest of each', () => {
    const { plan } = chooseReduction(
      candidates.map((one) => ({ ...one, checkpointAtMs: 0 })),
      { wantedMw: 60, fromMs: 0, rampMs: 900_000, untilMs: 3_600_000, capFloorRatio: 0.5 },
    );
    expect(plan.freedMw).toBeCloseTo(60, 6);
    expect(plan.measures.every(({ candidate }) => candidate.run.id !== 'none')).toBe(true);
  });

  test('bound what a contract and a fleet can be asked', () => {
    const withoutPause = runs.slice(0, 4);
    const mostMw = withoutPause.reduce((sum, one) => sum + 100 - leastMw(one), 0);
    expect(fittingMw(withoutPause, 0, 1_000)).toBeCloseTo(mostMw, 9);
    const split = splitReduction(
      [{ campus: 'one', boundMw: 1_000, capFloorRatio: 0, runs: withoutPause.map((own) => ({ run: own, levelMw: 100 })) }],
      {
        wantedMw: 500,
        hours: 3,
      },
    );
    expect(split.campuses[0]?.freedMw).toBeCloseTo(mostMw, 6);
    expect(split.measures.every(({ measure }) => measure === 'cap')).toBe(true);
  });
});

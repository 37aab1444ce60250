import { describe, expect, it } from 'vitest';
import { checkpointBytesOf, parametersOf, transferSeconds } from '../../shared/domain/fleet/checkpoint.js';
import { estimateMove, type MoveTerms } from '../../shared/domain/fleet/move.js';
import { flipsOf, sharesOf, tableOf, verdictOn, type Journey, type TableAxes } from '../../shared/domain/fleet/moveTable.js';
import { estimateSplit, type SplitTerms } from '../../shared/domain/fleet/split.js';
import { fleetOf } from '../../shared/domain/fleet/campuses.js';
import { roomFor, sharedRoom } from '../../shared/domain/fleet/room.js';
import { builtLimits, standingAtStart } from '../../shared/domain/fleet/standing.js';
import type { Campus, Run } from '../../shared/scenario/schema.js';
import { trainingRun } from '../../shared/scenario/threeAreas/clusters.js';
import { threeAreas } from '../../shared/scenario/threeAreas/world.js';

/** 32,768 accelerators of 66 MW, 1,000 hours from its end but for regular checkpoints; a checkpoint of 9 TB. */
const run: Run = {
  ...trainingRun({ id: 'dune', campus: 'mesa', accelerators: 32_768, facilityMw: 66, totalSteps: 700_000, initialSteps: 100_000 }),
  checkpointBytes: 9e12,
};
const [mesa, riverbend] = ['mesa', 'riverbend'].map((id) => threeAreas.campuses.find((campus) => campus.id === id)) as [Campus, Campus];
const dear = { campus: 'mesa', priceUsdPerMwh: 60, carbonKgPerMwh: 400 };
const cheap = { campus: 'riverbend', priceUsdPerMwh: 20, carbonKgPerMwh: 50 };
const terms: MoveTerms = {
  steps: 100_000,
  gbps: 100,
  from: dear,
  to: cheap,
  room: { accelerators: 40_000, mw: 79, mwPerSecond: 0.2 },
  valueOfComputeUsdPerMwh: 662,
};

describe('a checkpoint', () => {
  it('has 14 bytes a parameter, and the parameters of the run that sizes are measured by', () => {
    const llama = { accelerators: 16_384, totalSteps: 54 * 86_400, stepSeconds: 1 };
    expect(parametersOf(llama)).toBeCloseTo(405e9, -2);
    expect(checkpointBytesOf(llama) / 1e12).toBeCloseTo(5.67, 6);
    // Four times the work, twice the parameters.
    expect(checkpointBytesOf({ ...llama, accelerators: 65_536 }) / 1e12).toBeCloseTo(11.34, 6);
    expect(checkpointBytesOf({ ...llama, checkpointBytes: 782e9 })).toBe(782e9);
  });

  it('takes 28.35 s at 200 GB/s', () => {
    expect(transferSeconds(5.67e12, 1_600)).toBeCloseTo(28.35, 9);
  });
});

describe('a move', () => {
  it('takes the checkpoint over the link, save, restore and the rise', () => {
    const { transferSeconds: seconds, ...found } = estimateMove(run, terms);
    expect(seconds).toBeCloseTo(720, 9);
    expect(found).toMatchObject({ saveSeconds: 5, restoreSeconds: 240, obstacles: [] });
    const lostSeconds = 720 + 5 + 240 + found.riseSeconds;
    expect(found.endMovedHours).toBeCloseTo(lostSeconds / 3_600, 9);
    expect(found.lostAcceleratorHours).toBeCloseTo((32_768 * lostSeconds) / 3_600, 6);
    // Its regular checkpoints take 5 s of every so many minutes.
    expect(found.stepsNotMade).toBe(Math.round((lostSeconds / 6) * (1 - 5 / (run.checkpointMinutes * 60))));
    expect(found.hoursLeft).toBeCloseTo(1_000 / (1 - 5 / (run.checkpointMinutes * 60)), 6);
  });

  it('misses the least by a rise when power comes at once: five minutes at the first cap', () => {
    const { riseSeconds } = estimateMove(run, { ...terms, room: { ...terms.room, mwPerSecond: 1e6 } });
    expect(riseSeconds).toBeCloseTo(300 * (1 - (0.11 / 0.61) ** 0.25), 2);
    expect(estimateMove(run, { ...terms, room: { ...terms.room, mwPerSecond: 0.01 } }).riseSeconds).toBeGreaterThan(2_000);
  });

  it('costs lost progress and idle power, saves by the price, and pays after some hours', () => {
    const found = estimateMove(run, terms);
    expect(found.lostProgressUsd).toBeCloseTo(found.endMovedHours * 66 * 662, 6);
    expect(found.idleUsd).toBeCloseTo(0.2 * 66 * 0.2 * 60, 6);
    expect(found.netSavedUsd).toBeCloseTo(66 * found.hoursLeft * 40 - found.lostProgressUsd - found.idleUsd, 4);
    expect(found.breakEvenHours).toBeCloseTo((found.lostProgressUsd + found.idleUsd) / (66 * 40), 9);
    // With just that many hours left it comes to nothing.
    const hours = found.breakEvenHours ?? 0;
    const steps = run.totalSteps - (hours / found.hoursLeft) * 600_000;
    expect(estimateMove(run, { ...terms, steps }).netSavedUsd).toBeCloseTo(0, 4);
    expect(found.netSavedCarbonTonnes).toBeCloseTo((66 * found.hoursLeft * 350 - 0.2 * 66 * 0.2 * 400) / 1_000, 6);
  });

  it('never pays where energy is as dear', () => {
    const found = estimateMove(run, { ...terms, to: { ...cheap, priceUsdPerMwh: 60 } });
    expect(found.breakEvenHours).toBeNull();
    expect(found.netSavedUsd).toBeLessThan(0);
  });

  it('says what stands in the way', () => {
    const obstaclesOf = (change: Partial<MoveTerms>) => estimateMove(run, { ...terms, ...change }).obstacles;
    expect(obstaclesOf({ room: { ...terms.room, accelerators: 32_768, mw: 66 } })).toEqual([]);
    expect(obstaclesOf({ room: { ...terms.room, accelerators: 32_767 } })).toEqual(['accelerators']);
    expect(obstaclesOf({ room: { ...terms.room, mw: 65.9 } })).toEqual(['power']);
    expect(obstaclesOf({ steps: 700_000 })).toEqual(['finished']);
    expect(obstaclesOf({ to: dear })).toEqual(['same-campus']);
  });
});

describe('a split', () => {
  const room = { accelerators: 16_384, mw: 33, mwPerSecond: 0.2 };
  const split: SplitTerms = {
    steps: 100_000,
    everySteps: 100,
    gbps: 100,
    ringLatencySeconds: 0.05,
    parts: [
      { energy: dear, shareRatio: 0.5, room: null },
      { energy: cheap, shareRatio: 0.5, room },
    ],
    valueOfComputeUsdPerMwh: 662,
  };

  it('exchanges twice its weights in bf16 over the link, and the ring round', () => {
    const found = estimateSplit(run, split);
    // 9 TB / 14 x 2 bytes = 1.2857 TB, twice, at 12.5 GB/s.
    expect(found.syncSeconds).toBeCloseTo(((2 * (9e12 / 7)) / 12.5e9) * 1 + 0.05, 6);
    expect(found.workSeconds).toBe(600);
    expect(found.slowdownRatio).toBeCloseTo(1 + found.syncSeconds / 600, 12);
    expect(found.goodputRatio).toBeCloseTo(found.unsplitGoodputRatio / found.slowdownRatio, 12);
    expect(found.endMovedHours).toBeCloseTo(found.hoursLeft * (found.slowdownRatio - 1) + (5 + 720 + 240) / 3_600, 9);
  });

  it('draws less at each campus than half its power, and emits by where it is', () => {
    const { campuses, slowdownRatio, netSavedCarbonTonnes, hoursLeft } = estimateSplit(run, split);
    const meanMw = (66 + 13.2 * (slowdownRatio - 1)) / slowdownRatio;
    expect(campuses).toEqual([
      { campus: 'mesa', accelerators: 16_384, workMw: 33, meanMw: expect.closeTo(meanMw / 2, 9) },
      { campus: 'riverbend', accelerators: 16_384, workMw: 33, meanMw: expect.closeTo(meanMw / 2, 9) },
    ]);
    const [stayMwh, splitMwh] = [66 * hoursLeft, meanMw * hoursLeft * slowdownRatio];
    expect(netSavedCarbonTonnes).toBeCloseTo((stayMwh * 400 - splitMwh * 225) / 1_000, 6);
  });

  it('needs room for its half, and exchanges that are shorter than work', () => {
    const obstaclesOf = (change: Partial<SplitTerms>) => estimateSplit(run, { ...split, ...change }).obstacles;
    const smaller = { ...room, accelerators: 16_383, mw: 32 };
    expect(obstaclesOf({})).toEqual([]);
    expect(obstaclesOf({ parts: [split.parts[0], { energy: cheap, shareRatio: 0.5, room: smaller }] as SplitTerms['parts'] })).toEqual([
      'accelerators',
      'power',
    ]);
    expect(obstaclesOf({ everySteps: 1 })).toEqual(['sync-longer-than-work']);
  });

  it('loses ever less the rarer it exchanges, down to what beginning costs', () => {
    const later = [1, 100, 500, 1e9].map((everySteps) => estimateSplit(run, { ...split, everySteps }).endMovedHours);
    expect(later).toEqual([...later].sort((a, b) => b - a));
    expect(later.at(-1)).toBeCloseTo((5 + 720 + 240) / 3_600, 3);
  });
});

describe('what stands free', () => {
  const standing = standingAtStart(threeAreas);

  it('is what fits below the limit beside inference and the runs there', () => {
    const atlas = threeAreas.runs.find(({ id }) => id === 'atlas') as Run;
    // 600 - 160 - 361 MW; 100 - 20 - 66 MW: ember waits and takes none.
    expect(roomFor(threeAreas, riverbend, run, standing)).toMatchObject({ mw: 79, accelerators: Math.floor((79 / 66) * 32_768) });
    expect(roomFor(threeAreas, mesa, atlas, standing)).toMatchObject({ mw: 14, accelerators: Math.floor((14 / 131) * 65_536) });
    expect(roomFor(threeAreas, { ...riverbend, spareAccelerators: 7 }, run, standing)).toMatchObject({ mw: 79, accelerators: 7 });
  });

  it('counts accelerators of runs that left and of those that came or are coming, where the scenario says how many are spare', () => {
    const [delta, cinder] = ['delta', 'cinder'].map((id) => threeAreas.runs.find((own) => own.id === id)) as [Run, Run];
    const campus = { ...riverbend, spareAccelerators: 1_000 };
    const placed = (change: Readonly<Record<string, { campus?: string; movingTo?: string }>>) => ({
      ...standing,
      runs: standing.runs.map((own) => ({ ...own, ...change[own.run] })),
    });
    const spareOf = (asked: Run, change: Parameters<typeof placed>[0]): number =>
      roomFor(threeAreas, campus, asked, placed(change)).accelerators;
    expect(spareOf(run, {})).toBe(1_000);
    expect(spareOf(run, { cinder: { campus: 'mesa' } })).toBe(33_768);
    expect(spareOf(run, { cinder: { movingTo: 'mesa' }, delta: { campus: 'mesa' } })).toBe(1_000 + 32_768 + 16_384);
    expect(spareOf(delta, { cinder: { campus: 'mesa' }, delta: { campus: 'mesa' }, dune: { movingTo: 'riverbend' } })).toBe(1_000 + 16_384);
    expect(spareOf(cinder, { cinder: { campus: 'mesa' } })).toBe(33_768);
  });

  it('does not count the run itself', () => {
    const dune = threeAreas.runs.find(({ id }) => id === 'dune') as Run;
    expect(roomFor(threeAreas, mesa, dune, standing).mw).toBe(80);
  });

  it('is a share of the connection when that is asked for, of all blocks when they are built', () => {
    expect(builtLimits(threeAreas).get('mesa')).toBe(1_000);
    expect(builtLimits(threeAreas).get('riverbend')).toBe(600);
    expect(sharedRoom(mesa, run, { ratio: 0.2, limitMw: 1_000 })).toMatchObject({ mw: 200, accelerators: Math.floor((200 / 66) * 32_768) });
    expect(sharedRoom(mesa, run, { ratio: 0, limitMw: 1_000 })).toMatchObject({ mw: 0, accelerators: 0 });
  });

  it('bounds what a campus may be asked for by its contracts', () => {
    const bounds = (beyond: { capFloorRatio: number } | null) =>
      fleetOf(threeAreas, standing, beyond).map(({ campus, boundMw, capFloorRatio, runs }) => [
        campus,
        boundMw,
        capFloorRatio,
        runs.length,
      ]);
    // 25 % of 361 + 90 MW, and 173 MW.
    expect(bounds(null)).toEqual([
      ['riverbend', 0.25 * 451 + 173, 0.7, 4],
      ['mesa', 0, 1, 1],
      ['harbor', 0, 1, 0],
    ]);
    expect(bounds({ capFloorRatio: 0.5 })[1]).toEqual(['mesa', Infinity, 0.5, 1]);
  });
});

describe('the table of claim 7', () => {
  const journey: Journey = { run, steps: 100_000, from: dear, to: cheap, destination: riverbend, limitMw: 600 };
  const axes: TableAxes = {
    gbps: [0.9, 100],
    spareRatios: [0, 0.2],
    ways: [null, 1, 500],
    ringLatencySeconds: 0.05,
    valueOfComputeUsdPerMwh: 662,
  };

  it('has a cell for each way, link and spare, and one holds when it is possible, in time and cheaper', () => {
    const cells = tableOf([journey], axes);
    expect(cells.length).toBe(12);
    expect(cells.filter(({ spareRatio }) => spareRatio === 0).every(({ obstacles }) => obstacles.includes('accelerators'))).toBe(true);
    const holding = cells.filter(({ holds }) => holds).map(({ way, gbps, spareRatio }) => [way, gbps, spareRatio]);
    // 22 h at 0.9 Gbit/s are more than 2 % of what is left.
    expect(holding).toEqual([[null, 100, 0.2]]);
    expect(sharesOf(cells)).toMatchObject({ cells: 12, failsOnSpareRatio: 0.5, holdsRatio: 1 / 12 });
  });

  it('holds nowhere when energy is dearer there, and more often with smaller checkpoints', () => {
    const back = { ...journey, from: cheap, to: dear };
    expect(sharesOf(tableOf([back], axes)).holdsRatio).toBe(0);
    const smaller = flipsOf([journey], axes).find(({ input, factor }) => input === 'checkpointBytes' && factor === 0.5);
    expect(smaller?.holdsRatio).toBe(2 / 12);
  });

  it('is judged by its cells, and never supported by what is assumed', () => {
    const shares = sharesOf(tableOf([journey], axes));
    expect(verdictOn({ ...shares, holdsRatio: 0 }, 'measured')).toBe('contradicted');
    expect(verdictOn({ ...shares, holdsRatio: 0.5 }, 'measured')).toBe('mixed');
    expect(verdictOn({ ...shares, holdsRatio: 1 }, 'measured')).toBe('supported');
    expect(verdictOn({ ...shares, holdsRatio: 1 }, 'assumed')).toBe('open');
    expect(verdictOn({ ...shares, cells: 0, holdsRatio: 0 }, 'measured')).toBe('open');
  });
});

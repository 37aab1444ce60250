import type { Run } from '../../scenario/schema.js';
import { idleMw } from '../cluster/throughput.js';
import { dalyEfficiency, failureSecondsOf } from '../training/goodput.js';
import { checkpointBytesOf, parametersOf, syncBytesPerParameter, transferSeconds } from './checkpoint.js';
import { hoursLeft, lackingIn, type Obstacle, type PlaceEnergy, type Room } from './place.js';

/** A part of a run at a campus. */
export interface Part {
  readonly energy: PlaceEnergy;
  /** Share of the accelerators of the run; the parts sum to 1. */
  readonly shareRatio: number;
  /** What is free there; null: the run is there already. */
  readonly room: Room | null;
}

/** How a run would be split. */
export interface SplitTerms {
  readonly steps: number;
  /** Steps that every campus makes on its own between two exchanges. */
  readonly everySteps: number;
  readonly gbps: number;
  /** Round the ring of campuses, both ways of an exchange together. */
  readonly ringLatencySeconds: number;
  readonly parts: readonly Part[];
  readonly valueOfComputeUsdPerMwh: number;
}

/** What a run does when it is split. */
export interface SplitEstimate {
  readonly obstacles: readonly Obstacle[];
  readonly syncBytes: number;
  readonly syncSeconds: number;
  readonly workSeconds: number;
  /** Time for the same steps by that of one campus. */
  readonly slowdownRatio: number;
  /** Useful time by all time: exchanges and failures, 0..1. */
  readonly goodputRatio: number;
  /** The same on one campus. */
  readonly unsplitGoodputRatio: number;
  readonly campuses: readonly {
    readonly campus: string;
    readonly accelerators: number;
    readonly workMw: number;
    /** Mean over work and exchanges. */
    readonly meanMw: number;
  }[];
  readonly hoursLeft: number;
  readonly endMovedHours: number;
  readonly endMovedRatio: number;
  readonly lostAcceleratorHours: number;
  readonly netSavedUsd: number;
  readonly netSavedCarbonTonnes: number;
}

/**
 * Estimates a run split over campuses that exchange every few steps and stand still meanwhile: 2 x bytes / bandwidth + latency. The first
 * copy of the state is sent as in a move. That steps made apart are worth less is not counted.
 */
export function estimateSplit(run: Run, terms: SplitTerms): SplitEstimate {
  const { steps, everySteps, gbps, ringLatencySeconds, parts, valueOfComputeUsdPerMwh } = terms;
  const syncBytes = parametersOf(run) * syncBytesPerParameter;
  const syncSeconds = 2 * transferSeconds(syncBytes, gbps) + ringLatencySeconds;
  const workSeconds = everySteps * run.stepSeconds;
  const slowdownRatio = 1 + syncSeconds / workSeconds;
  const workRatio = 1 / slowdownRatio;
  const begunHours = (run.saveSeconds + transferSeconds(checkpointBytesOf(run), gbps) + run.restartSeconds) / 3_600;
  const left = hoursLeft(run, steps);
  const endMovedHours = left * (slowdownRatio - 1) + begunHours;
  const meanMw = workRatio * run.facilityMw + (1 - workRatio) * idleMw(run);
  const unsplitGoodputRatio = goodputOf(run);
  const home = parts.find(({ room }) => room === null)?.energy;
  const perMwh = (of: (energy: PlaceEnergy) => number): number => parts.reduce((sum, part) => sum + part.shareRatio * of(part.energy), 0);
  const [stayMwh, splitMwh] = [run.facilityMw * left, meanMw * left * slowdownRatio];
  const savedBy = (of: (energy: PlaceEnergy) => number): number => stayMwh * (home === undefined ? 0 : of(home)) - splitMwh * perMwh(of);
  const lacking = parts.flatMap(({ room, shareRatio }) => (room === null ? [] : lackingIn(room, run, shareRatio)));
  return {
    obstacles: [
      ...(left <= 0 ? (['finished'] as const) : []),
      ...new Set(lacking),
      ...(syncSeconds > workSeconds ? (['sync-longer-than-work'] as const) : []),
    ],
    syncBytes,
    syncSeconds,
    workSeconds,
    slowdownRatio,
    goodputRatio: unsplitGoodputRatio * workRatio,
    unsplitGoodputRatio,
    campuses: parts.map(({ energy, shareRatio }) => ({
      campus: energy.campus,
      accelerators: Math.ceil(shareRatio * run.accelerators),
      workMw: shareRatio * run.facilityMw,
      meanMw: shareRatio * meanMw,
    })),
    hoursLeft: left,
    endMovedHours,
    endMovedRatio: left > 0 ? endMovedHours / left : 0,
    lostAcceleratorHours: endMovedHours * run.accelerators,
    netSavedUsd: savedBy(({ priceUsdPerMwh }) => priceUsdPerMwh) - endMovedHours * run.facilityMw * valueOfComputeUsdPerMwh,
    netSavedCarbonTonnes: savedBy(({ carbonKgPerMwh }) => carbonKgPerMwh) / 1_000,
  };
}

/** Share of its time the run works on one campus, failures and saves counted; any failure stops all parts. */
function goodputOf(run: Run): number {
  return dalyEfficiency({
    failureSeconds: failureSecondsOf(run.accelerators),
    workSeconds: run.checkpointMinutes * 60,
    saveSeconds: run.saveSeconds,
    restartSeconds: run.restartSeconds,
  });
}

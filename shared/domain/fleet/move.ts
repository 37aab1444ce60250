import type { Run } from '../../scenario/schema.js';
import { flatPath, steer } from '../cluster/powerPath.js';
import { cappedMw, fullSpeedMs, idleMw } from '../cluster/throughput.js';
import { resumeStages } from '../training/state.js';
import { checkpointBytesOf, transferSeconds } from './checkpoint.js';
import { hoursLeft, lackingIn, movingRatio, type Obstacle, type PlaceEnergy, type Room } from './place.js';

/** How a run would be moved. */
export interface MoveTerms {
  /** Steps it has made. */
  readonly steps: number;
  readonly gbps: number;
  readonly from: PlaceEnergy;
  readonly to: PlaceEnergy;
  /** What the destination has free. */
  readonly room: Room;
  readonly valueOfComputeUsdPerMwh: number;
}

/** What moving a run to another campus takes, costs and saves until its end. */
export interface MoveEstimate {
  readonly obstacles: readonly Obstacle[];
  readonly checkpointBytes: number;
  readonly saveSeconds: number;
  readonly transferSeconds: number;
  readonly restoreSeconds: number;
  /** Work missed beyond these while power rises in stages, in seconds at full speed. */
  readonly riseSeconds: number;
  readonly stepsNotMade: number;
  readonly lostAcceleratorHours: number;
  readonly hoursLeft: number;
  /** By how much the run ends later. */
  readonly endMovedHours: number;
  readonly endMovedRatio: number;
  readonly lostProgressUsd: number;
  /** What the accelerators that stand still draw at the source until the checkpoint has arrived. */
  readonly idleUsd: number;
  /** Negative: the move costs more than it saves. */
  readonly netSavedUsd: number;
  /** Negative: the move emits more. */
  readonly netSavedCarbonTonnes: number;
  /** Hours of work at the destination that pay for the move; null: energy is not cheaper there. */
  readonly breakEvenHours: number | null;
}

/**
 * Estimates a move: the run saves, stands still while its checkpoint travels, is restored and rises in two stages. Copying ahead saves
 * nothing: every byte has changed by the next checkpoint, and what is computed meanwhile is lost or sent again.
 */
export function estimateMove(run: Run, terms: MoveTerms): MoveEstimate {
  const { steps, gbps, from, to, room, valueOfComputeUsdPerMwh } = terms;
  const checkpointBytes = checkpointBytesOf(run);
  const travelSeconds = transferSeconds(checkpointBytes, gbps);
  const riseSeconds = riseLossSeconds(run, room.mwPerSecond);
  const lostHours = (run.saveSeconds + travelSeconds + run.restartSeconds + riseSeconds) / 3_600;
  const left = hoursLeft(run, steps);
  const idleMwh = idleMw(run) * (travelSeconds / 3_600);
  const energyMwh = run.facilityMw * left;
  const lostProgressUsd = lostHours * run.facilityMw * valueOfComputeUsdPerMwh;
  const idleUsd = idleMwh * from.priceUsdPerMwh;
  const cheaperUsdPerHour = run.facilityMw * (from.priceUsdPerMwh - to.priceUsdPerMwh);
  return {
    obstacles: [
      ...(left <= 0 ? (['finished'] as const) : []),
      ...(from.campus === to.campus ? (['same-campus'] as const) : []),
      ...lackingIn(room, run, 1),
    ],
    checkpointBytes,
    saveSeconds: run.saveSeconds,
    transferSeconds: travelSeconds,
    restoreSeconds: run.restartSeconds,
    riseSeconds,
    stepsNotMade: Math.round((lostHours * 3_600 * movingRatio(run)) / run.stepSeconds),
    lostAcceleratorHours: lostHours * run.accelerators,
    hoursLeft: left,
    endMovedHours: lostHours,
    endMovedRatio: left > 0 ? lostHours / left : 0,
    lostProgressUsd,
    idleUsd,
    netSavedUsd: energyMwh * (from.priceUsdPerMwh - to.priceUsdPerMwh) - lostProgressUsd - idleUsd,
    netSavedCarbonTonnes: (energyMwh * (from.carbonKgPerMwh - to.carbonKgPerMwh) - idleMwh * from.carbonKgPerMwh) / 1_000,
    breakEvenHours: cheaperUsdPerHour > 0 ? (lostProgressUsd + idleUsd) / cheaperUsdPerHour : null,
  };
}

/** Work missed after the restore until full power, in seconds at full speed: power rises along the ramp, to a first cap and then whole. */
function riseLossSeconds(run: Run, mwPerSecond: number): number {
  if (mwPerSecond <= 0) return 0;
  const { firstCapRatio, gapMs } = resumeStages;
  const [lowMw, middleMw] = [idleMw(run), cappedMw(run, firstCapRatio)];
  const msFor = (mw: number): number => (1_000 * Math.max(0, mw)) / mwPerSecond;
  const readyMs = run.restartSeconds * 1_000;
  const middleAtMs = msFor(middleMw - lowMw);
  const secondAtMs = Math.max(middleAtMs, readyMs + gapMs);
  const fullAtMs = secondAtMs + msFor(run.facilityMw - middleMw);
  const first = steer(flatPath(0, lowMw), 0, middleAtMs, middleMw);
  const path = steer(first, secondAtMs, fullAtMs, run.facilityMw);
  return (fullAtMs - readyMs - fullSpeedMs(run, path, readyMs, fullAtMs)) / 1_000;
}

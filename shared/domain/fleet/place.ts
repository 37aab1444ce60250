import type { Run } from '../../scenario/schema.js';

/** What energy costs and emits where a campus is connected. */
export interface PlaceEnergy {
  readonly campus: string;
  readonly priceUsdPerMwh: number;
  readonly carbonKgPerMwh: number;
}

/** What a campus has free for a run from elsewhere. */
export interface Room {
  readonly accelerators: number;
  /** Below its limit, MW. */
  readonly mw: number;
  /** Slope it may rise with, MW per second. */
  readonly mwPerSecond: number;
}

/** Why a run cannot go somewhere: too few accelerators, too little power below the limit, nothing left to do, or already there. */
export type Obstacle = 'accelerators' | 'power' | 'finished' | 'same-campus' | 'sync-longer-than-work';

/** What a share of a run lacks at a campus. */
export function lackingIn(room: Room, run: Pick<Run, 'accelerators' | 'facilityMw'>, shareRatio: number): readonly Obstacle[] {
  const isShort = room.accelerators < Math.ceil(shareRatio * run.accelerators);
  const isDark = room.mw < shareRatio * run.facilityMw * (1 - 1e-9);
  return [...(isShort ? (['accelerators'] as const) : []), ...(isDark ? (['power'] as const) : [])];
}

/** Hours a run has left at full speed, its regular checkpoints included. */
export function hoursLeft(run: Pick<Run, 'totalSteps' | 'stepSeconds' | 'saveSeconds' | 'checkpointMinutes'>, steps: number): number {
  return (Math.max(0, run.totalSteps - steps) * run.stepSeconds) / movingRatio(run) / 3_600;
}

/** Share of its time a run moves between regular checkpoints; above 0. */
export function movingRatio({ saveSeconds, checkpointMinutes }: Pick<Run, 'saveSeconds' | 'checkpointMinutes'>): number {
  return Math.max(1e-6, 1 - saveSeconds / (checkpointMinutes * 60));
}

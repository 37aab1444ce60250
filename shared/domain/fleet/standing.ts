import type { Campus, Run, World } from '../../scenario/schema.js';
import { rampMwPerMs } from '../cluster/rise.js';
import { fromWire } from '../ticks.js';
import type { Room } from './place.js';
import type { FleetCampus } from './spread.js';

/** Where a run stands when something is asked about it. */
export interface RunStanding {
  readonly run: string;
  readonly campus: string;
  readonly steps: number;
  readonly powerMw: number;
  /** Whether it draws power that could be given. */
  readonly canGive: boolean;
  /** Whether its full power is kept free for it: it is under way, also while it stands still. */
  readonly isUnderWay: boolean;
}

/** What campuses and runs are doing when something is asked about them. */
export interface Standing {
  readonly atMs: number;
  readonly runs: readonly RunStanding[];
  readonly limitMw: ReadonlyMap<string, number>;
}

/** How a world stands at its start: runs that wait for no block at full power. */
export function standingAtStart(world: Pick<World, 'campuses' | 'runs' | 'clock'>): Standing {
  return {
    atMs: fromWire(world.clock.startTime),
    runs: world.runs.map(({ id, campus, initialSteps, totalSteps, facilityMw, startWithBlock }) => {
      const isUnderWay = startWithBlock === null && initialSteps < totalSteps;
      return { run: id, campus, steps: initialSteps, powerMw: isUnderWay ? facilityMw : 0, canGive: isUnderWay, isUnderWay };
    }),
    limitMw: new Map(world.campuses.map(({ id, limitMw }) => [id, limitMw])),
  };
}

/** Limits with every block of the projects of a world energized, MW. */
export function builtLimits({ campuses, projects }: Pick<World, 'campuses' | 'projects'>): ReadonlyMap<string, number> {
  return new Map(
    campuses.map(({ id, limitMw }) => {
      const blocks = projects.filter(({ campus }) => campus === id).flatMap((project) => project.blocks);
      return [id, limitMw + blocks.reduce((sum, { capacityMw, initialStage }) => sum + (initialStage === 'energized' ? 0 : capacityMw), 0)];
    }),
  );
}

/**
 * What a campus has free for a run: below its limit beside the top of its inference and its own runs under way at full power; accelerators
 * as the scenario says, else as many of the run's as that power feeds.
 */
export function roomFor(world: Pick<World, 'runs'>, campus: Campus, run: Run, standing: Standing): Room {
  const limitMw = standing.limitMw.get(campus.id) ?? campus.limitMw;
  const ownMw = standing.runs
    .filter((own) => own.campus === campus.id && own.run !== run.id)
    .reduce((sum, own) => sum + (own.isUnderWay ? (world.runs.find(({ id }) => id === own.run)?.facilityMw ?? 0) : own.powerMw), 0);
  const mw = Math.max(0, limitMw - campus.inferenceMaxMw - ownMw);
  const mwPerSecond = rampMwPerMs(campus, limitMw) * 1_000;
  return { accelerators: campus.spareAccelerators ?? acceleratorsIn(mw, run), mw, mwPerSecond };
}

/** A share of what the connection of a campus can feed, free: accelerators with the power for them. */
export function sharedRoom(campus: Campus, run: Run, spare: { readonly ratio: number; readonly limitMw: number }): Room {
  const mw = spare.ratio * spare.limitMw;
  return { accelerators: acceleratorsIn(mw, run), mw, mwPerSecond: rampMwPerMs(campus, spare.limitMw) * 1_000 };
}

function acceleratorsIn(mw: number, { accelerators, facilityMw }: Pick<Run, 'accelerators' | 'facilityMw'>): number {
  return facilityMw > 0 ? Math.floor((mw / facilityMw) * accelerators + 1e-6) : 0;
}

/**
 * The campuses of a world as they can be asked to give: bounds by their contracts together (budgets and rests aside), caps as low as those
 * allow; what has no contract can be asked for nothing, or, with `beyond`, for all its runs can give down to that cap.
 */
export function fleetOf(
  world: Pick<World, 'campuses' | 'runs' | 'contracts'>,
  standing: Standing,
  beyond: { readonly capFloorRatio: number } | null,
): readonly FleetCampus[] {
  return world.campuses.map(({ id, inferenceMinMw }) => {
    const own = standing.runs.filter((run) => run.campus === id);
    const runs = own.flatMap(({ run: name, powerMw, canGive }) => {
      const run = world.runs.find((other) => other.id === name);
      return run === undefined || !canGive ? [] : [{ run, levelMw: powerMw }];
    });
    const contracts = world.contracts.filter(({ campus }) => campus === id);
    // Inference is must-serve and at least its daily low: a share of the site is taken of no more than is sure to be drawn.
    const drawnMw = own.reduce((sum, { powerMw }) => sum + powerMw, inferenceMinMw);
    const contractMw = contracts.reduce(
      (sum, { maxReductionMw, maxSiteRatio }) => sum + Math.min(maxReductionMw, maxSiteRatio * drawnMw),
      0,
    );
    const floors = contracts.filter(({ tranche }) => tranche === 'cap-and-pause').map(({ capRatio }) => capRatio);
    return {
      campus: id,
      boundMw: beyond === null ? contractMw : Infinity,
      capFloorRatio: Math.min(1, ...floors, ...(beyond === null ? [] : [beyond.capFloorRatio])),
      runs,
    };
  });
}

import type { RunState } from '../../events/cluster.js';
import type { Campus, Run, World } from '../../scenario/schema.js';
import { fromWire } from '../ticks.js';

/** Where a run stands when something is asked about it. */
export interface RunStanding {
  readonly run: string;
  readonly campus: string;
  /** Campus it is on its way to; null: none. */
  readonly movingTo: string | null;
  readonly state: RunState;
  readonly steps: number;
  readonly powerMw: number;
}

/** What campuses and runs are doing when something is asked about them. */
export interface Standing {
  readonly atMs: number;
  readonly runs: readonly RunStanding[];
  readonly limitMw: ReadonlyMap<string, number>;
}

/** Who and what there is, as far as standings are about it. */
export type FleetWorld = Pick<World, 'campuses' | 'runs'>;

/** How a world stands at its start: runs that wait for no block at full power. */
export function standingAtStart(world: FleetWorld & Pick<World, 'clock'>): Standing {
  return {
    atMs: fromWire(world.clock.startTime),
    runs: world.runs.map(({ id, campus, initialSteps, totalSteps, facilityMw, startWithBlock }) => {
      const state = startWithBlock !== null ? 'waiting' : initialSteps < totalSteps ? 'running' : 'finished';
      return { run: id, campus, movingTo: null, state, steps: initialSteps, powerMw: state === 'running' ? facilityMw : 0 };
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

/** Whether a run draws power that it could give. */
export function canGive({ state }: Pick<RunStanding, 'state'>): boolean {
  return state === 'running' || state === 'throttled';
}

/** Whether full power is kept free for a run: it has begun and not ended, also while it stands still. */
export function isUnderWay({ state }: Pick<RunStanding, 'state'>): boolean {
  return state !== 'waiting' && state !== 'finished';
}

/** The campus a run takes room at: where it is going, else where it is. */
export function placeOf({ campus, movingTo }: Pick<RunStanding, 'campus' | 'movingTo'>): string {
  return movingTo ?? campus;
}

/** Limit of a campus as it stands, MW. */
export function limitOf(standing: Standing, campus: Pick<Campus, 'id' | 'limitMw'>): number {
  return standing.limitMw.get(campus.id) ?? campus.limitMw;
}

/** A run by its name, as the world says it. */
export function runNamed({ runs }: Pick<World, 'runs'>, id: string): Run | undefined {
  return runs.find((run) => run.id === id);
}

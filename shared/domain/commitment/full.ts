import type { World } from '../../scenario/schema.js';
import { erasOf } from '../grid/changes.js';
import type { DcConvention } from '../grid/convention.js';
import { prepareGrid, type Grid } from '../grid/grid.js';
import { hoursOf } from '../grid/hours.js';
import { topologyOf } from '../grid/topology.js';
import { fromWire, hourMs } from '../ticks.js';
import { commit, type CommitRequest, type CommittedWindow } from './commit.js';
import { createCommitment, type Commitment, type CommitmentOptions, type ReserveProduct } from './model.js';
import type { MixedIntegerSolver } from './solver.js';
import { longHours, type CommitmentState } from './state.js';
import type { WindowHour } from './windowProblem.js';

/** Which hours of a world to commit and dispatch, and how. */
export interface FullRun {
  /** Counted from the start of the world; `toHour` is not included, and no window looks beyond `endHour`. */
  readonly fromHour: number;
  readonly toHour: number;
  readonly endHour: number;
  readonly convention: DcConvention;
  readonly outageSeed: number | null;
  readonly solver: MixedIntegerSolver;
  readonly options: Omit<CommitmentOptions, 'flows' | 'reserves'>;
  /** Held by all units that provide reserve together; null: none. */
  readonly reserve: (Pick<ReserveProduct, 'responseMinutes' | 'shortageUsdPerMwh'> & { readonly requirementMw: number }) | null;
}

/** A window of a run, the network it stands on, and what was given for its kept hours. */
export interface FullWindow {
  readonly grid: Grid;
  readonly commitment: Commitment;
  readonly window: CommittedWindow;
  /** [kept hours] */
  readonly inputs: readonly WindowHour[];
}

/**
 * Unit commitment of a world in rolling windows, from the state its network describes. Where the network changes, a window ends and the
 * next one begins with what is left of the state; units that are new begin off.
 */
export function prepareFull(world: World, run: FullRun): () => Generator<FullWindow> {
  const eras = stagesOf(world, run);
  return function* () {
    let before: { readonly commitment: Commitment; readonly state: CommitmentState } | null = null;
    for (const { grid, commitment, firstHour, toHour, endHour, inputOf } of eras) {
      const state: CommitmentState | null = before === null ? null : inherited(before, commitment);
      const request: CommitRequest = { solver: run.solver, firstHour, hourCount: toHour - firstHour, endHour, state, inputOf };
      for (const window of commit(commitment, request)) {
        yield { grid, commitment, window, inputs: window.hours.map(({ hour }) => inputOf(hour)) };
        before = { commitment, state: window.state };
      }
    }
  };
}

/** A stretch of hours on one network. */
interface Stage {
  readonly grid: Grid;
  readonly commitment: Commitment;
  readonly firstHour: number;
  readonly toHour: number;
  readonly endHour: number;
  inputOf(hour: number): WindowHour;
}

function stagesOf(world: World, run: FullRun): Stage[] {
  const startMs = fromWire(world.clock.startTime);
  const msOf = (hour: number): number => startMs + hour * hourMs;
  const requirementMw = Float64Array.from(run.reserve === null ? [] : [run.reserve.requirementMw]);
  return erasOf(world, { fromMs: msOf(run.fromHour), toMs: msOf(run.toHour) }).flatMap((era): Stage[] => {
    const firstHour = Math.max(run.fromHour, Math.ceil((era.fromMs - startMs) / hourMs));
    const endHour = Math.min(run.endHour, run.toHour + run.options.windowHours, Math.ceil((era.toMs - startMs) / hourMs));
    const toHour = Math.min(run.toHour, endHour);
    if (toHour <= firstHour) return [];
    const grid = prepareGrid({ ...world, network: era.network, campuses: [], contracts: [] });
    const hours = hoursOf(world, grid, era, { fromHour: firstHour, toHour: endHour, outageSeed: run.outageSeed });
    const { network } = grid.world;
    const flows = topologyOf(grid, [], run.convention);
    return [
      {
        grid,
        commitment: createCommitment(network, { ...run.options, flows, reserves: reservesOf(network, run.reserve) }),
        firstHour,
        toHour,
        endHour,
        inputOf: (hour) => {
          const loadMw = new Float64Array(network.buses.length);
          const availableMw = new Float64Array(network.units.length);
          hours.loadMw(hour, loadMw);
          hours.availableMw(hour, availableMw);
          return { loadMw, availableMw, reserveMw: requirementMw };
        },
      },
    ];
  });
}

function reservesOf({ units }: World['network'], reserve: FullRun['reserve']): ReserveProduct[] {
  if (reserve === null) return [];
  const { responseMinutes, shortageUsdPerMwh } = reserve;
  const places = units.flatMap((unit, place) => (unit.providesReserve ? [place] : []));
  return [{ id: 'all', units: places, responseMinutes, shortageUsdPerMwh }];
}

/** The state as the units of another network have it, by their ids. */
function inherited(before: { readonly commitment: Commitment; readonly state: CommitmentState }, into: Commitment): CommitmentState {
  const idOf = ({ network }: Commitment, unit: number): string => network.units[unit]?.id ?? '';
  const known = new Map(before.commitment.committed.map(({ unit }, place) => [idOf(before.commitment, unit), before.state.units[place]]));
  return {
    units: into.committed.map(({ unit }) => known.get(idOf(into, unit)) ?? { isOn: false, hoursInState: longHours, outputMw: 0 }),
    storedMwh: before.state.storedMwh,
  };
}

import { at } from '../grid/dense.js';
import type { Commitment } from './model.js';

/** What a window inherits from the hours before it; plain JSON. */
export interface CommitmentState {
  /** [committed units] */
  readonly units: readonly UnitState[];
  /** [storages] */
  readonly storedMwh: readonly number[];
}

export interface UnitState {
  readonly isOn: boolean;
  /** Whole hours since it last started or stopped; `longHours` when that is not known. */
  readonly hoursInState: number;
  readonly outputMw: number;
}

/** Longer than any least time on or off. */
export const longHours = 10_000;

/** The state a network describes: long in it, at the output of its operating point. */
export function stateAtStart({ committed, network, busOfStorage }: Commitment): CommitmentState {
  return {
    units: committed.map(({ isOnAtStart, outputAtStartMw }) => ({
      isOn: isOnAtStart,
      hoursInState: longHours,
      outputMw: outputAtStartMw,
    })),
    storedMwh: busOfStorage.map((_, place) => network.storages[place]?.initialMwh ?? 0),
  };
}

/** Which committed units are on, [hours * committed units], and which storages charge, [hours * storages]; 1 or 0. */
export interface Schedule {
  readonly isOn: Uint8Array;
  readonly isCharging: Uint8Array;
}

/** State after the first `hours` of a schedule, at the outputs of the last of them. */
export function stateAfter(
  state: CommitmentState,
  kept: {
    readonly hours: number;
    readonly schedule: Schedule;
    readonly outputMw: readonly number[];
    readonly storedMwh: readonly number[];
  },
): CommitmentState {
  const count = state.units.length;
  return {
    units: state.units.map((unit, place) => {
      let { isOn, hoursInState } = unit;
      for (let hour = 0; hour < kept.hours; hour++) {
        const isOnNow = at(kept.schedule.isOn, hour * count + place) === 1;
        hoursInState = isOnNow === isOn ? Math.min(longHours, hoursInState + 1) : 1;
        isOn = isOnNow;
      }
      return { isOn, hoursInState, outputMw: kept.outputMw[place] ?? 0 };
    }),
    storedMwh: kept.storedMwh,
  };
}

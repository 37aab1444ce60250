import type { Mirrored } from './mirrored.js';
import type { Margin } from './requirement.js';
import type { ReserveState } from '../../events/grid.js';
import type { AuditAction } from '../../events/control.js';
import type { FactDataOf } from '../fact.js';
import { nothingInForce, type InForce } from '../flexibility/inForce.js';
import type { Warm } from './dispatch.js';
import type { NoiseState } from './noise.js';
import type { GridWorld } from './grid.js';

export type Offer = FactDataOf['control.offer.v1']['offers'][number];

/** What the grid knows of a campus. */
export interface CampusView {
  /** Power it would draw if nothing were asked, MW. */
  readonly wantMw: number;
  /** Epoch of the newest load target, -1 before the first. */
  readonly epoch: number;
  /** Reduction the newest load target asks for over time. */
  readonly asked: InForce;
  /** Whether that load target draws on a contract; otherwise a person asked. */
  readonly isContracted: boolean;
  /** Reduction asked for and not delivered in the last tick, MW. */
  readonly imbalanceMw: number;
}

/** Something a person did to a unit or line; it takes effect in the tick after `tick`. */
export interface HeardAction {
  readonly tick: number;
  readonly action: AuditAction;
  readonly target: string;
  readonly reason: string;
}

/** Something out of service by chance or by plan. */
export interface Failure {
  readonly id: string;
  readonly cause: 'forced' | 'maintenance';
}

/** A reduction that cleared for a later interval. */
export interface Cleared {
  /** Place of the contract in the world. */
  readonly contract: number;
  readonly fromMs: number;
  readonly clearedMw: number;
}

/** Campuses that left the grid at one instant of a tick. */
export interface LeftLoad {
  readonly tick: number;
  readonly atMs: number;
  readonly campuses: readonly { readonly campus: string; readonly mw: number }[];
}

/** State of the grid model; plain JSON. */
export interface GridState {
  /** Units and lines taken out of service by the script or by people, sorted. */
  readonly unitsOut: readonly string[];
  readonly linesOut: readonly string[];
  /** What was out by chance or plan in the last tick, in order of the world. */
  readonly failed: { readonly units: readonly Failure[]; readonly lines: readonly Failure[] };
  /** How many changes of the network have been said or were made before the start. */
  readonly changesMade: number;
  readonly heard: readonly HeardAction[];
  /** How many entries of the script have been applied or passed over. */
  readonly scriptDone: number;
  readonly noise: NoiseState;
  /** [storages] */
  readonly storedMwh: readonly number[];
  /** Local day and, per unit, what it has used of its daily budget. */
  readonly budget: { readonly day: number; readonly usedMwh: readonly number[] };
  /** [campuses] */
  readonly campuses: readonly CampusView[];
  /** [contracts]: newest offer, null before the first. */
  readonly offers: readonly (Offer | null)[];
  readonly cleared: readonly Cleared[];
  /** Campus load that left in this tick, by instant; absent: none. */
  readonly left?: readonly LeftLoad[];
  /** By region, where reserve follows the forecast; absent: nothing is forecast. */
  readonly margins?: readonly Margin[];
  /** Measured loads, where regions are mirrored; absent: nothing was measured. */
  readonly mirrored?: Mirrored;
  readonly word: ReserveState;
  readonly warm: Warm | null;
  /** Where each look-ahead left off, by how many ticks it looks ahead. */
  readonly aheadWarm: readonly { readonly ticks: number; readonly warm: Warm }[];
}

/** The grid before the first tick: everything in service, storages as the scenario says, nothing known of campuses. */
export function initialState(world: GridWorld, changesMade = 0): GridState {
  return {
    unitsOut: [],
    linesOut: [],
    failed: { units: [], lines: [] },
    changesMade,
    heard: [],
    scriptDone: 0,
    noise: { atMs: null, z: [] },
    storedMwh: world.network.storages.map((storage) => storage.initialMwh),
    budget: { day: 0, usedMwh: world.network.units.map(() => 0) },
    campuses: world.campuses.map(() => ({ wantMw: 0, epoch: -1, asked: nothingInForce, isContracted: false, imbalanceMw: 0 })),
    offers: world.contracts.map(() => null),
    cleared: [],
    word: 'normal',
    warm: null,
    aheadWarm: [],
  };
}

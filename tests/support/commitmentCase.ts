import { commit, type CommittedWindow } from '../../shared/domain/commitment/commit.js';
import type { FlowFactors } from '../../shared/domain/commitment/limits.js';
import { createCommitment, plainOptions, type Commitment, type CommitmentOptions } from '../../shared/domain/commitment/model.js';
import type { CommittedHour } from '../../shared/domain/commitment/read.js';
import type { MixedIntegerSolver } from '../../shared/domain/commitment/solver.js';
import type { CommitmentState } from '../../shared/domain/commitment/state.js';
import type { WindowHour } from '../../shared/domain/commitment/windowProblem.js';
import { at, factor, solve } from '../../shared/domain/grid/dense.js';
import type { Network, Unit } from '../../shared/scenario/networkSchema.js';
import { plainBus, plainLine, plainUnit } from '../../shared/scenario/plain.js';

/** A unit in few words; what is left out costs nothing and limits nothing. */
export interface UnitWords {
  readonly id: string;
  readonly bus?: string;
  readonly capacityMw: number;
  readonly minMw?: number;
  readonly usdPerMwh: number;
  readonly blocks?: readonly { readonly upToMw: number; readonly usdPerMwh: number }[];
  readonly noLoadUsdPerHour?: number;
  readonly startUsd?: number;
  readonly rampMwPerHour?: number;
  readonly minUpHours?: number;
  readonly minDownHours?: number;
  readonly isOnAtStart?: boolean;
  readonly scheduledMw?: number;
  /** Wind and the like: no decision to be on. */
  readonly isFree?: boolean;
}

/** The unit these words describe. */
export function unitOf(words: UnitWords): Unit {
  return {
    ...plainUnit,
    id: words.id,
    name: words.id,
    bus: words.bus ?? 'a',
    source: words.isFree === true ? 'wind' : 'gas-cc',
    capacityMw: words.capacityMw,
    minMw: words.minMw ?? 0,
    costUsdPerMwh: words.usdPerMwh,
    availability: null,
    dailyEnergyMwh: null,
    providesReserve: words.isFree !== true,
    carbonKgPerMwh: 0,
    rampMwPerMinute: words.rampMwPerHour === undefined ? null : words.rampMwPerHour / 60,
    minUpHours: words.minUpHours ?? 0,
    minDownHours: words.minDownHours ?? 0,
    scheduledMw: words.scheduledMw ?? null,
    commitment:
      words.isFree === true
        ? null
        : {
            startUsd: words.startUsd ?? 0,
            noLoadUsdPerHour: words.noLoadUsdPerHour ?? 0,
            blocks: [...(words.blocks ?? [{ upToMw: words.capacityMw, usdPerMwh: words.usdPerMwh }])],
            isOnAtStart: words.isOnAtStart ?? false,
          },
  };
}

/** Buses a, b, ... and lines between them, of reactance 0.1. */
export function networkOf(
  words: readonly UnitWords[],
  lines: readonly { readonly fromBus: string; readonly toBus: string; readonly ratingMw: number }[] = [],
): Network {
  const buses = [...new Set(['a', ...words.map(({ bus }) => bus ?? 'a'), ...lines.flatMap(({ fromBus, toBus }) => [fromBus, toBus])])];
  return {
    buses: buses.map((id) => ({ ...plainBus, id, name: id, region: 'all', loadShareRatio: 0 })),
    lines: lines.map((line, place) => ({ ...plainLine, ...line, id: `line-${place}`, reactancePu: 0.1, emergencyRatingMw: null })),
    links: [],
    interfaces: [],
    units: words.map(unitOf),
    storages: [],
    changes: [],
  };
}

/** Distribution factors of a connected network, its first bus the reference, from its whole susceptance matrix. */
export function denseFlows(network: Network): FlowFactors {
  const size = network.buses.length - 1;
  const placeOf = new Map(network.buses.map(({ id }, place) => [id, place - 1]));
  const ends = network.lines.map(({ fromBus, toBus, reactancePu, tapRatio }) => ({
    from: placeOf.get(fromBus) ?? NaN,
    to: placeOf.get(toBus) ?? NaN,
    perRad: 1 / (reactancePu * tapRatio),
  }));
  const matrix = new Float64Array(size * size);
  const add = (row: number, column: number, value: number): void => {
    if (row >= 0 && column >= 0) matrix[row * size + column] = at(matrix, row * size + column) + value;
  };
  for (const { from, to, perRad } of ends) {
    add(from, from, perRad);
    add(to, to, perRad);
    add(from, to, -perRad);
    add(to, from, -perRad);
  }
  const factors = factor(matrix, size);
  if (factors === null) throw new Error('the network is not connected');
  const angles = network.buses.map((_, bus) => {
    const right = new Float64Array(size);
    if (bus > 0) right[bus - 1] = 1;
    return solve(factors, right);
  });
  return {
    baseFlowMw: new Float64Array(network.lines.length),
    factorsOf: (line) => {
      const { from, to, perRad } = ends[line] ?? { from: -1, to: -1, perRad: 0 };
      return Float64Array.from(angles, (angle) => perRad * ((from < 0 ? 0 : at(angle, from)) - (to < 0 ? 0 : at(angle, to))));
    },
  };
}

/** A problem in few words: load at bus a by hour, or at [bus] by hour. */
export interface CaseWords {
  readonly network: Network;
  readonly loadMw: readonly (number | readonly number[])[];
  readonly options?: Partial<CommitmentOptions>;
  readonly state?: CommitmentState;
  /** [hours]: by unit id, where it is not the capacity. */
  readonly availableMw?: readonly Readonly<Record<string, number>>[];
  /** [hours] */
  readonly reserveMw?: readonly number[];
}

/** The hours given, as the model wants them. */
export function hoursOf({ network, loadMw, availableMw, reserveMw }: CaseWords): WindowHour[] {
  return loadMw.map((load, hour) => {
    const byBus = typeof load === 'number' ? [load] : load;
    return {
      loadMw: Float64Array.from(network.buses, (_, bus) => byBus[bus] ?? 0),
      availableMw: Float64Array.from(network.units, ({ id, capacityMw }) => availableMw?.[hour]?.[id] ?? capacityMw),
      reserveMw: Float64Array.of(reserveMw?.[hour] ?? 0),
    };
  });
}

/** The network of a case made ready; all of its hours in one window unless its options say otherwise. */
export function commitmentOf(words: CaseWords): Commitment {
  const hours = words.loadMw.length;
  return createCommitment(words.network, {
    ...plainOptions,
    flows: null,
    windowHours: hours,
    keptHours: hours,
    acceptedGapRatio: 0,
    ...words.options,
  });
}

/** Operates a case and answers its hours, its windows, and its cost. */
export function operate(
  words: CaseWords,
  solver: MixedIntegerSolver,
): { readonly hours: readonly CommittedHour[]; readonly windows: readonly CommittedWindow[]; readonly costUsd: number } {
  const given = hoursOf(words);
  const windows = [
    ...commit(commitmentOf(words), {
      solver,
      firstHour: 0,
      hourCount: given.length,
      endHour: given.length,
      state: words.state ?? null,
      inputOf: (hour) => given[hour] as WindowHour,
    }),
  ];
  const hours = windows.flatMap((window) => window.hours);
  return { hours, windows, costUsd: hours.reduce((sum, hour) => sum + hour.costUsd, 0) };
}

/** Who is on, a word an hour: `1011` for a unit off in the second of four hours. */
export function onWords(hours: readonly CommittedHour[], unitCount: number): string[] {
  return Array.from({ length: unitCount }, (_, unit) => hours.map(({ isOn }) => isOn[unit]).join(''));
}

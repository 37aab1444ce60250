import { at } from '../grid/dense.js';
import { membersOn } from './clusters.js';
import { availableOf, type Commitment } from './model.js';
import type { MixedIntegerSolution } from './solver.js';
import type { CommitmentState, Schedule } from './state.js';
import type { LimitRow, WindowHour, WindowProblem } from './windowProblem.js';

/** Operation in one hour. */
export interface CommittedHour {
  readonly hour: number;
  /** [units] */
  readonly generationMw: Float64Array;
  /** [units]: 1 while it runs; units without a decision run when they give something. */
  readonly isOn: Uint8Array;
  /** [units]: 1 when it started in this hour. */
  readonly isStart: Uint8Array;
  /** [buses]: load not served, and power with nowhere to go. */
  readonly shedMw: Float64Array;
  readonly surplusMw: Float64Array;
  /** [links]: from the first to the second bus; negative the other way. */
  readonly netLinkMw: Float64Array;
  /** [storages] */
  readonly chargeMw: Float64Array;
  readonly dischargeMw: Float64Array;
  readonly storedMwh: Float64Array;
  /** [lines]: from the first to the second bus, of rated lines; empty without line limits. */
  readonly netFlowMw: Float64Array;
  /** [buses]: cost of one more MW there while what is on stays as it is. */
  readonly busPriceUsdPerMwh: Float64Array;
  /** Fuel, starts and stops, load not served: USD. */
  readonly costUsd: number;
  /** Of that, starts and stops. */
  readonly turningUsd: number;
}

/** A window and the optimum found for it. */
export interface SolvedWindow {
  readonly commitment: Commitment;
  readonly window: WindowProblem;
  readonly solution: MixedIntegerSolution;
  readonly hours: readonly WindowHour[];
}

/** What a solution decides: which units are on, and which storages charge. */
export function scheduleOf({ window, solution, hours }: SolvedWindow, state: CommitmentState): Schedule {
  const { on } = window.clusterColumns;
  const x = solution.columnValues;
  return {
    isOn: membersOn(window.clusters, {
      state,
      hourCount: hours.length,
      onCount: (cluster, hour) => Math.round(at(x, at(on, cluster * hours.length + hour))),
    }),
    isCharging: Uint8Array.from(window.storageColumns.isCharging, (column) => Math.round(at(x, column))),
  };
}

/** Flow limits a solution breaks by more than `toleranceMw`. */
export function brokenLimits(solved: SolvedWindow, toleranceMw: number): LimitRow[] {
  const broken: LimitRow[] = [];
  solved.hours.forEach((_, hour) => {
    const netMw = netInjectionsMw(solved, hour);
    solved.commitment.limits.forEach((limit, place) => {
      const flowMw = limit.baseFlowMw + dot(limit.factors, netMw);
      if (flowMw > limit.highestMw + toleranceMw || flowMw < limit.lowestMw - toleranceMw) broken.push({ limit: place, hour });
    });
  });
  return broken;
}

/** Operation in one hour of a window whose clusters are single units; costs leave out what the window adds for later hours. */
export function hourOf(solved: SolvedWindow, place: { readonly hour: number; readonly firstHour: number }): CommittedHour {
  const { commitment, window, solution } = solved;
  const { network, busOfStorage, limits } = commitment;
  const { hour } = place;
  const x = solution.columnValues;
  const value = (column: number): number => (column < 0 ? 0 : at(x, column));
  const slice = (columns: Int32Array, count: number): Float64Array =>
    Float64Array.from({ length: count }, (_, index) => value(at(columns, hour * count + index)));
  const busCount = network.buses.length;
  const netMw = netInjectionsMw(solved, hour);
  const netFlowMw = new Float64Array(limits.length === 0 ? 0 : network.lines.length);
  for (const limit of limits) if (limit.kind === 'line') netFlowMw[limit.place] = limit.baseFlowMw + dot(limit.factors, netMw);
  const { storageColumns, slackColumns } = window;
  return {
    hour: place.firstHour + hour,
    ...unitsOf(solved, hour),
    shedMw: slice(slackColumns.shed, busCount),
    surplusMw: slice(slackColumns.surplus, busCount),
    netLinkMw: slice(window.linkColumns, network.links.length),
    chargeMw: slice(storageColumns.charge, busOfStorage.length),
    dischargeMw: slice(storageColumns.discharge, busOfStorage.length),
    storedMwh: slice(storageColumns.stored, busOfStorage.length),
    netFlowMw,
    busPriceUsdPerMwh: pricesOf(solved, hour),
    ...costsOf(solved, hour),
  };
}

function unitsOf(solved: SolvedWindow, hour: number): Pick<CommittedHour, 'generationMw' | 'isOn' | 'isStart'> {
  const { commitment, window, solution, hours } = solved;
  const x = solution.columnValues;
  const unitCount = commitment.network.units.length;
  const generationMw = new Float64Array(unitCount);
  const isOn = new Uint8Array(unitCount);
  const isStart = new Uint8Array(unitCount);
  const sumOf = (first: number, count: number): number => x.subarray(first, first + count).reduce((sum, mw) => sum + mw, 0);
  window.clusters.forEach(({ unit }, cluster) => {
    const index = cluster * hours.length + hour;
    const { on, start, blocks } = window.clusterColumns;
    isOn[unit.unit] = Math.round(at(x, at(on, index)));
    isStart[unit.unit] = Math.round(at(x, at(start, index)));
    generationMw[unit.unit] = at(isOn, unit.unit) * (unit.minMw + sumOf(at(blocks, index), unit.cost.blocks.length));
  });
  commitment.free.forEach((group, place) => {
    const first = at(window.freeColumns.base, hour * commitment.free.length + place);
    const aboveMw = first < 0 ? 0 : sumOf(first, group.cost.blocks.length);
    const availableMw = hours[hour]?.availableMw ?? new Float64Array(unitCount);
    const totalMw = availableOf(group, availableMw);
    for (const unit of group.units) {
      const shareRatio = group.units.length === 1 ? 1 : totalMw > 0 ? at(availableMw, unit) / totalMw : 0;
      generationMw[unit] = (group.fromMw + aboveMw) * shareRatio;
      isOn[unit] = at(generationMw, unit) !== 0 ? 1 : 0;
    }
  });
  return { generationMw, isOn, isStart };
}

/** Price of power at each bus: the dual of its balance, and of the limits in the problem by how far it moves them. */
function pricesOf({ commitment, window, solution }: SolvedWindow, hour: number): Float64Array {
  const duals = solution.rowDuals;
  const balanceRow = (island: number): number => at(window.balanceRows, hour * commitment.islandCount + island);
  // Adding 0 turns -0 into 0.
  const prices = Float64Array.from(commitment.islandOfBus, (island) => at(duals, balanceRow(island)) + 0);
  for (const { limit: place, hour: rowHour, row } of window.limitRows) {
    const limit = commitment.limits[place];
    if (limit === undefined || rowHour !== hour || at(duals, row) === 0) continue;
    for (let bus = 0; bus < prices.length; bus++) prices[bus] = at(prices, bus) + at(duals, row) * at(limit.factors, bus);
  }
  return prices;
}

function costsOf({ window, solution, hours }: SolvedWindow, hour: number): Pick<CommittedHour, 'costUsd' | 'turningUsd'> {
  const { costs } = window.problem;
  const x = solution.columnValues;
  let costUsd = 0;
  window.hourOfColumn.forEach((columnHour, column) => {
    if (columnHour === hour) costUsd += at(costs, column) * at(x, column);
  });
  let turningUsd = 0;
  window.clusters.forEach((_, cluster) => {
    for (const columns of [window.clusterColumns.start, window.clusterColumns.stop]) {
      const column = at(columns, cluster * hours.length + hour);
      turningUsd += at(costs, column) * at(x, column);
    }
  });
  return { costUsd, turningUsd };
}

function netInjectionsMw({ commitment, window, solution, hours }: SolvedWindow, hour: number): Float64Array {
  const netMw = new Float64Array(commitment.network.buses.length);
  for (const { column, bus, mw } of window.injections[hour] ?? []) netMw[bus] = at(netMw, bus) + mw * at(solution.columnValues, column);
  hours[hour]?.loadMw.forEach((mw, bus) => {
    netMw[bus] = at(netMw, bus) - mw;
  });
  return netMw;
}

function dot(left: Float64Array, right: Float64Array): number {
  let sum = 0;
  for (let place = 0; place < left.length; place++) sum += at(left, place) * at(right, place);
  return sum;
}

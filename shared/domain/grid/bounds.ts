import { cornersOf, slopeUsdPerMwh } from './curves.js';
import { byteAt, floatAt, intAt } from './dense.js';
import { tieStepUsdPerMwh, type Grid } from './grid.js';
import { columnsOf, rowsOf, type DispatchInput, type Form } from './problem.js';
import type { LinearProblem } from './solver.js';

/** [groups]: corners of the pieces of its cost curve, null where its cost is one number. */
export type Corners = readonly (Float64Array | null)[];

/** [groups]: output range of each, from what its units that always run must deliver to what all could, MW. */
export interface Ranges {
  readonly fromMw: Float64Array;
  readonly toMw: Float64Array;
}

/** Memory for the bounds of one dispatch after another, for a grid. */
export interface BoundsMemory {
  readonly ranges: Ranges;
  readonly columnLower: Float64Array;
  readonly columnUpper: Float64Array;
}

/** New memory for the bounds of a grid. */
export function boundsMemory(grid: Grid): BoundsMemory {
  const { count } = columnsOf(grid);
  const groups = grid.groups.length;
  return {
    ranges: { fromMw: new Float64Array(groups), toMw: new Float64Array(groups) },
    columnLower: new Float64Array(count),
    columnUpper: new Float64Array(count),
  };
}

/** Output ranges of the groups in one dispatch, written into memory. */
export function rangesOf(grid: Grid, { availableMw, leastMw = grid.leastMw }: DispatchInput, { ranges }: BoundsMemory): Ranges {
  const { fromMw, toMw } = ranges;
  fromMw.fill(0);
  toMw.fill(0);
  const { groupOfUnit } = grid;
  for (let unit = 0; unit < availableMw.length; unit++) {
    const group = intAt(groupOfUnit, unit);
    const mw = floatAt(availableMw, unit);
    toMw[group] = floatAt(toMw, group) + mw;
    fromMw[group] = floatAt(fromMw, group) + Math.min(floatAt(leastMw, unit), mw);
  }
  return ranges;
}

/** No group has a cost curve. */
const noCorners: Corners = [];

/** Corners to begin with. */
export function firstCorners(grid: Grid, { fromMw, toMw }: Ranges): Corners {
  if (!grid.hasCurves) return noCorners;
  return grid.groups.map(({ curve }, place) =>
    curve === null ? null : cornersOf(curve, { fromMw: floatAt(fromMw, place), toMw: floatAt(toMw, place) }),
  );
}

/** Costs of a grid that no input changes, [columns] each: what they are, and what breaks ties, USD/MWh. */
interface FixedCosts {
  readonly trueCosts: Float64Array;
  readonly ties: Float64Array;
  /** Costs of the groups that were asked for last, and the answer. */
  forCosts: Float64Array | null;
  last: Costs | null;
}

/** [columns] each, USD/MWh: what a column costs, and the same with what breaks ties. */
export interface Costs {
  readonly trueCosts: Float64Array;
  readonly costs: Float64Array;
}

const knownCosts = new WeakMap<Grid, FixedCosts>();

function fixedCostsOf(grid: Grid): FixedCosts {
  const known = knownCosts.get(grid);
  if (known !== undefined) return known;
  const { network, reserve, contracts, lostLoadUsdPerMwh } = grid.world;
  const columns = columnsOf(grid);
  const trueCosts = new Float64Array(columns.count);
  const ties = new Float64Array(columns.count);
  grid.groups.forEach((group, place) => {
    ties[place] = group.tieUsdPerMwh;
    // Pieces of equal slope are taken in their order.
    for (let piece = 0; piece < (grid.piecesOf[place] as number); piece++)
      ties[(columns.pieces[place] as number) + piece] = group.tieUsdPerMwh + piece * 0.1 * tieStepUsdPerMwh;
  });
  network.buses.forEach((_, bus) => {
    trueCosts[columns.shed + bus] = lostLoadUsdPerMwh;
    ties[columns.shed + bus] = bus * tieStepUsdPerMwh;
  });
  grid.surplusBuses.forEach((_, place) => {
    trueCosts[columns.surplus + place] = lostLoadUsdPerMwh;
    ties[columns.surplus + place] = place * tieStepUsdPerMwh;
  });
  // Power takes a link only when it must, and reserve is taken from storages only when it is needed.
  ties.fill(2 * tieStepUsdPerMwh, columns.links, columns.storages);
  network.storages.forEach((_, place) => {
    const column = columns.storages + 3 * place;
    ties.fill((place + 1) * tieStepUsdPerMwh, column, column + 3);
  });
  reserve.shortageSteps.forEach((step, place) => (trueCosts[columns.shortage + place] = step.priceUsdPerMwh));
  contracts.forEach((contract, place) => {
    const column = columns.bids + 2 * place;
    trueCosts.fill(contract.strikeUsdPerMwh, column, column + 2);
    ties[column] = 2 * place * tieStepUsdPerMwh;
    ties[column + 1] = (2 * place + 1) * tieStepUsdPerMwh;
  });
  const fixed: FixedCosts = { trueCosts, ties, forCosts: null, last: null };
  knownCosts.set(grid, fixed);
  return fixed;
}

/** Costs of the columns, USD/MWh: what they are, and with what breaks ties so that the optimum is one and the order of units decides. */
export function costsOf(grid: Grid, input: DispatchInput, corners: Corners): Costs {
  const fixed = fixedCostsOf(grid);
  const columns = columnsOf(grid);
  if (corners.length === 0 && input.storages.length === 0 && fixed.forCosts === input.costUsdPerMwh && fixed.last !== null)
    return fixed.last;
  const trueCosts = fixed.trueCosts.slice();
  trueCosts.set(input.costUsdPerMwh);
  for (let place = 0; place < corners.length; place++) {
    const own = corners[place] ?? null;
    if (own === null) continue;
    trueCosts[place] = 0;
    const curve = grid.groups[place]?.curve ?? null;
    if (curve === null) continue;
    for (let piece = 0; piece < own.length - 1; piece++)
      trueCosts[(columns.pieces[place] as number) + piece] = slopeUsdPerMwh(curve, own, piece);
  }
  grid.world.network.storages.forEach((storage, place) => {
    const { chargeValueUsdPerMwh = 0, dischargeValueUsdPerMwh = 0 } = input.storages[place] ?? {};
    const column = columns.storages + 3 * place;
    trueCosts[column] = -chargeValueUsdPerMwh * storage.chargeEfficiencyRatio;
    trueCosts[column + 1] = dischargeValueUsdPerMwh / storage.dischargeEfficiencyRatio;
  });
  const costs = new Float64Array(columns.count);
  for (let column = 0; column < costs.length; column++) costs[column] = floatAt(trueCosts, column) + floatAt(fixed.ties, column);
  const made = { trueCosts, costs };
  [fixed.forCosts, fixed.last] = corners.length === 0 && input.storages.length === 0 ? [input.costUsdPerMwh, made] : [null, null];
  return made;
}

/** Smallest and largest MW of each column, written into memory. */
export function columnBoundsOf(
  grid: Grid,
  input: DispatchInput,
  what: { readonly memory: BoundsMemory; readonly corners: Corners },
): Pick<LinearProblem, 'columnLower' | 'columnUpper'> {
  const { network, reserve } = grid.world;
  const { memory, corners } = what;
  const { ranges } = memory;
  const columns = columnsOf(grid);
  const { columnLower: lower, columnUpper: upper } = memory;
  lower.set(ranges.fromMw);
  for (let place = 0; place < grid.busOfGroup.length; place++) {
    const own = corners[place] ?? null;
    const fromMw = floatAt(lower, place);
    upper[place] = own === null ? Math.max(fromMw, floatAt(ranges.toMw, place)) : fromMw;
    for (let piece = 0; own !== null && piece < own.length - 1; piece++)
      upper[(columns.pieces[place] as number) + piece] = floatAt(own, piece + 1) - floatAt(own, piece);
  }
  for (let bus = 0; bus < input.loadMw.length; bus++) upper[columns.shed + bus] = Math.max(0, floatAt(input.loadMw, bus));
  if (grid.surplusBuses.length > 0) setSurplus(grid, input, { lower, upper });
  network.links.forEach((link, place) => {
    upper[columns.links + 2 * place] = link.capacityMw;
    upper[columns.links + 2 * place + 1] = link.reverseCapacityMw ?? link.capacityMw;
  });
  network.storages.forEach((storage, place) => {
    const storedMwh = input.storages[place]?.storedMwh ?? 0;
    const column = columns.storages + 3 * place;
    const room = (storage.energyMwh - storedMwh) / (storage.chargeEfficiencyRatio * input.hours);
    upper[column] = Math.max(0, Math.min(storage.powerMw, room));
    upper[column + 1] = Math.max(0, Math.min(storage.powerMw, (storedMwh * storage.dischargeEfficiencyRatio) / input.hours));
    upper[column + 2] = 2 * storage.powerMw;
  });
  const needMw = input.requirementMw + input.reserveInUseMw;
  let widthMw = 0;
  reserve.shortageSteps.forEach((step, place) => {
    // The last step has no end, so that a requirement can always be missed at a price.
    const isLast = place === reserve.shortageSteps.length - 1;
    upper[columns.shortage + place] = isLast ? Math.max(step.widthMw, needMw - widthMw) : step.widthMw;
    widthMw += step.widthMw;
  });
  input.bids.forEach((bid, place) => {
    upper[columns.bids + 2 * place] = bid.standingMw;
    upper[columns.bids + 2 * place + 1] = bid.freshMw;
  });
  return { columnLower: lower, columnUpper: upper };
}

/** What must run and what feeds in may together be too much for a bus. */
function setSurplus(grid: Grid, input: DispatchInput, bounds: { readonly lower: Float64Array; readonly upper: Float64Array }): void {
  const columns = columnsOf(grid);
  const forcedMw = new Float64Array(input.loadMw.length);
  for (let bus = 0; bus < forcedMw.length; bus++) forcedMw[bus] = Math.max(0, -floatAt(input.loadMw, bus));
  for (let place = 0; place < grid.busOfGroup.length; place++) {
    const bus = intAt(grid.busOfGroup, place);
    forcedMw[bus] = floatAt(forcedMw, bus) + Math.max(0, floatAt(bounds.lower, place));
  }
  for (let place = 0; place < grid.surplusBuses.length; place++)
    bounds.upper[columns.surplus + place] = floatAt(forcedMw, grid.surplusBuses[place] as number);
}

/** Bounds of the rows for the loads, ratings and requirements of a dispatch. */
export function rowBoundsOf(grid: Grid, form: Form, input: DispatchInput): Pick<LinearProblem, 'rowLower' | 'rowUpper'> {
  const { topology, limits, working } = form;
  const { network, reserve } = grid.world;
  const rows = rowsOf(grid, topology, working.length);
  const rowLower = new Float64Array(rows.count).fill(-Infinity);
  const rowUpper = new Float64Array(rows.count).fill(Infinity);
  rowLower.fill(0, 0, topology.islandCount);
  for (let bus = 0; bus < input.loadMw.length; bus++) {
    const island = intAt(topology.islandOfBus, bus);
    rowLower[island] = floatAt(rowLower, island) + floatAt(input.loadMw, bus);
  }
  for (let island = 0; island < topology.islandCount; island++) rowUpper[island] = floatAt(rowLower, island);
  if (reserve.shortageSteps.length > 0) {
    let availableMw = -input.requirementMw - input.reserveInUseMw;
    for (let unit = 0; unit < input.availableMw.length; unit++)
      if (byteAt(grid.isReserve, unit) === 1) availableMw += floatAt(input.availableMw, unit);
    rowUpper[rows.reserve] = availableMw;
  }
  network.storages.forEach((storage, place) => {
    rowUpper[rows.storages + 2 * place] = storage.powerMw;
    rowUpper[rows.storages + 2 * place + 1] = (input.storages[place]?.storedMwh ?? 0) * storage.dischargeEfficiencyRatio;
  });
  network.interfaces.forEach((limit, place) => {
    const base = (grid.interfaceLines[place] ?? []).reduce((sum, [line, sign]) => sum + sign * floatAt(topology.baseFlowMw, line), 0);
    const loadFlowMw = flowOfLoad(topology.interfaceFactorsOf(place), input.loadMw) - base;
    rowUpper[rows.interfaces + place] = Math.max(limit.limitMw, base) + loadFlowMw;
    if (limit.reverseLimitMw !== null) rowLower[rows.interfaces + place] = loadFlowMw + Math.min(-limit.reverseLimitMw, base);
  });
  for (let place = 0; place < working.length; place++) {
    const limit = working[place] as number;
    const loadFlowMw = flowOfLoad(limits.factorsOf(limit), input.loadMw) - limits.baseMw(limit);
    rowLower[rows.limits + place] = loadFlowMw + limits.lowestMw(limit);
    rowUpper[rows.limits + place] = loadFlowMw + limits.highestMw(limit);
  }
  return { rowLower, rowUpper };
}

function flowOfLoad(factors: Float64Array, loadMw: Float64Array): number {
  let mw = 0;
  for (let bus = 0; bus < factors.length; bus++) mw += floatAt(factors, bus) * floatAt(loadMw, bus);
  return mw;
}

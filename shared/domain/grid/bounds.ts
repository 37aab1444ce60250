import { at } from './dense.js';
import { tieStepUsdPerMwh, type Grid } from './grid.js';
import { columnsOf, rowsOf, type DispatchInput } from './problem.js';
import type { LinearProblem } from './solver.js';
import type { Topology } from './topology.js';

/** Costs of the columns, USD/MWh: what they are, and with what breaks ties so that the optimum is one and the order of units decides. */
export function costsOf(grid: Grid, input: DispatchInput): { readonly trueCosts: Float64Array; readonly costs: Float64Array } {
  const { network, reserve, contracts, lostLoadUsdPerMwh } = grid.world;
  const columns = columnsOf(grid);
  const trueCosts = new Float64Array(columns.count);
  const ties = new Float64Array(columns.count);
  grid.groups.forEach((group, place) => {
    trueCosts[place] = at(input.costUsdPerMwh, place);
    ties[place] = group.tieUsdPerMwh;
  });
  network.buses.forEach((_, bus) => {
    trueCosts[columns.shed + bus] = lostLoadUsdPerMwh;
    ties[columns.shed + bus] = bus * tieStepUsdPerMwh;
  });
  // Power takes a link only when it must, and reserve is taken from storages only when it is needed.
  ties.fill(2 * tieStepUsdPerMwh, columns.links, columns.storages);
  network.storages.forEach((storage, place) => {
    const { chargeValueUsdPerMwh, dischargeValueUsdPerMwh } = input.storages[place] ?? {
      chargeValueUsdPerMwh: 0,
      dischargeValueUsdPerMwh: 0,
    };
    const column = columns.storages + 3 * place;
    trueCosts[column] = -chargeValueUsdPerMwh * storage.chargeEfficiencyRatio;
    trueCosts[column + 1] = dischargeValueUsdPerMwh / storage.dischargeEfficiencyRatio;
    ties.fill((place + 1) * tieStepUsdPerMwh, column, column + 3);
  });
  reserve.shortageSteps.forEach((step, place) => (trueCosts[columns.shortage + place] = step.priceUsdPerMwh));
  contracts.forEach((contract, place) => {
    const column = columns.bids + 2 * place;
    trueCosts.fill(contract.strikeUsdPerMwh, column, column + 2);
    ties[column] = 2 * place * tieStepUsdPerMwh;
    ties[column + 1] = (2 * place + 1) * tieStepUsdPerMwh;
  });
  return { trueCosts, costs: trueCosts.map((cost, column) => cost + at(ties, column)) };
}

/** Largest MW of each column; the smallest is 0 for all. */
export function columnUpperOf(grid: Grid, input: DispatchInput): Float64Array {
  const { network, reserve } = grid.world;
  const columns = columnsOf(grid);
  const upper = new Float64Array(columns.count);
  grid.groups.forEach((group, place) => (upper[place] = group.units.reduce((sum, unit) => sum + at(input.availableMw, unit), 0)));
  network.buses.forEach((_, bus) => (upper[columns.shed + bus] = Math.max(0, at(input.loadMw, bus))));
  network.links.forEach((link, place) => upper.fill(link.capacityMw, columns.links + 2 * place, columns.links + 2 * place + 2));
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
  return upper;
}

/** Bounds of the rows for the loads, ratings and requirements of a dispatch. */
export function rowBoundsOf(
  grid: Grid,
  topology: Topology,
  workingLines: readonly number[],
  input: DispatchInput,
): Pick<LinearProblem, 'rowLower' | 'rowUpper'> {
  const { network, reserve } = grid.world;
  const rows = rowsOf(grid, topology, workingLines.length);
  const rowLower = new Float64Array(rows.count).fill(-Infinity);
  const rowUpper = new Float64Array(rows.count).fill(Infinity);
  for (let island = 0; island < topology.islandCount; island++) rowLower[island] = 0;
  input.loadMw.forEach((mw, bus) => (rowLower[at(topology.islandOfBus, bus)] = at(rowLower, at(topology.islandOfBus, bus)) + mw));
  for (let island = 0; island < topology.islandCount; island++) rowUpper[island] = at(rowLower, island);
  if (reserve.shortageSteps.length > 0) {
    const availableMw = grid.groups.reduce(
      (sum, group) => (group.providesReserve ? group.units.reduce((inner, unit) => inner + at(input.availableMw, unit), sum) : sum),
      0,
    );
    rowUpper[rows.reserve] = availableMw - input.requirementMw - input.reserveInUseMw;
  }
  network.storages.forEach((storage, place) => {
    rowUpper[rows.storages + 2 * place] = storage.powerMw;
    rowUpper[rows.storages + 2 * place + 1] = (input.storages[place]?.storedMwh ?? 0) * storage.dischargeEfficiencyRatio;
  });
  const busCount = network.buses.length;
  const ownFlow = (factors: Float64Array, row: number): number => {
    let mw = 0;
    for (let bus = 0; bus < busCount; bus++) mw += at(factors, row * busCount + bus) * at(input.loadMw, bus);
    return mw;
  };
  network.interfaces.forEach(
    (limit, place) => (rowUpper[rows.interfaces + place] = limit.limitMw + ownFlow(topology.interfaceFactors, place)),
  );
  workingLines.forEach((line, place) => {
    const ratingMw = network.lines[line]?.ratingMw ?? 0;
    const loadFlowMw = ownFlow(topology.factors, line);
    rowLower[rows.lines + place] = loadFlowMw - ratingMw;
    rowUpper[rows.lines + place] = loadFlowMw + ratingMw;
  });
  return { rowLower, rowUpper };
}

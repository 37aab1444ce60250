import { assert } from '../assert.js';
import { at } from './dense.js';
import type { Grid } from './grid.js';
import { columnUpperOf, costsOf, rowBoundsOf } from './bounds.js';
import { columnsOf, matrixOf, rowsOf, type DispatchInput } from './problem.js';
import type { Basis, SparseMatrix } from './solver.js';
import type { Topology } from './topology.js';
import type { Optimum, Solve } from './warmSolve.js';

/** Where the next dispatch starts from: lines whose limit is in the problem, and the basis; plain JSON, part of saved state. */
export interface Warm {
  readonly lines: readonly number[];
  readonly basis: Basis;
}

/** Least-cost operation over one interval, means in MW. */
export interface Dispatch {
  /** [units] */
  readonly generationMw: Float64Array;
  /** [buses]: load that could not be served. */
  readonly shedMw: Float64Array;
  /** [links]: from the first to the second bus; negative the other way. */
  readonly netLinkMw: Float64Array;
  /** [storages] */
  readonly chargeMw: Float64Array;
  readonly dischargeMw: Float64Array;
  /** [contracts]: reduction that cleared. */
  readonly bidMw: Float64Array;
  /** [lines]: from the first to the second bus; negative the other way. */
  readonly netFlowMw: Float64Array;
  /** [interfaces]: in the direction of the limit. */
  readonly netInterfaceMw: Float64Array;
  /** [buses]: dual of the load there; energy, congestion and reserve scarcity. */
  readonly busPriceUsdPerMwh: Float64Array;
  /** Price of the last missing MW of reserve, 0 when none is missing. */
  readonly scarcityUsdPerMwh: number;
  /** Reserve that could be called, beyond what is in use already. */
  readonly reserveMw: number;
  /** Fuel and load not served over the interval, USD. */
  readonly costUsd: number;
  readonly warm: Warm;
  /** How often the solver was called. */
  readonly solves: number;
}

/** Finds the least-cost dispatch of an input, from the place a former one left off or from nothing. */
export type Dispatcher = (topology: Topology, input: DispatchInput, warm: Warm | null) => Dispatch;

/** Share of its rating from which a line stays in the problem of the next dispatch. */
const keepAboveRatio = 0.9;
/** MW by which a line outside the problem may exceed its rating. */
const ratingToleranceMw = 1e-6;

/**
 * A dispatcher for a grid. Line limits enter the problem when a solution breaks them, so that it stays small; the answer is that of the
 * whole problem.
 * It remembers matrices it has built, which changes speed and nothing else.
 */
export function createDispatcher(grid: Grid, solve: Solve): Dispatcher {
  const matrixFor = rememberMatrices(grid);
  return (topology, input, warm) => {
    let lines = warm?.lines ?? [];
    let basis = warm?.basis ?? null;
    let solves = 0;
    for (;;) {
      const problem = {
        matrix: matrixFor(topology, lines, input.hours),
        columnLower: new Float64Array(columnsOf(grid).count),
        columnUpper: columnUpperOf(grid, input),
        ...rowBoundsOf(grid, topology, lines, input),
        ...costsOf(grid, input),
      };
      const optimum = solve(problem, problem.trueCosts, basis);
      if (optimum.wasSolved) solves++;
      const netFlowMw = flowsOf(grid, topology, { input, x: optimum.columnValues });
      const broken = brokenLines(grid, netFlowMw, lines);
      if (broken.length === 0) return resultOf(grid, topology, { input, optimum, lines, netFlowMw, solves });
      const wider = [...lines, ...broken].sort((a, b) => a - b);
      basis = { columns: optimum.basis.columns, rows: rowDigits({ grid, topology, basis: optimum.basis, from: lines, to: wider }) };
      lines = wider;
    }
  };
}

interface Solved {
  readonly input: DispatchInput;
  readonly optimum: Optimum;
  readonly lines: readonly number[];
  readonly netFlowMw: Float64Array;
  readonly solves: number;
}

function resultOf(grid: Grid, topology: Topology, solved: Solved): Dispatch {
  const { input, optimum, lines, netFlowMw } = solved;
  const { network } = grid.world;
  const columns = columnsOf(grid);
  const rows = rowsOf(grid, topology, lines.length);
  const x = (column: number): number => Math.max(0, at(optimum.columnValues, column));
  const generationMw = generationOf(grid, input, x);
  const storageColumn = (place: number): number => columns.storages + 3 * place;
  const chargeMw = Float64Array.from(network.storages, (_, place) => x(storageColumn(place)));
  const dischargeMw = Float64Array.from(network.storages, (_, place) => x(storageColumn(place) + 1));
  const shedMw = Float64Array.from(network.buses, (_, bus) => x(columns.shed + bus));
  const busPriceUsdPerMwh = pricesOf(grid, topology, { lines, rowDuals: optimum.rowDuals });
  const energyUsd = generationMw.reduce((sum, mw, unit) => sum + mw * (network.units[unit]?.costUsdPerMwh ?? 0), 0);
  const shedUsd = shedMw.reduce((sum, mw) => sum + mw, 0) * grid.world.lostLoadUsdPerMwh;
  return {
    generationMw,
    shedMw,
    chargeMw,
    dischargeMw,
    netFlowMw,
    busPriceUsdPerMwh,
    netLinkMw: Float64Array.from(network.links, (_, place) => x(columns.links + 2 * place) - x(columns.links + 2 * place + 1)),
    bidMw: Float64Array.from(grid.world.contracts, (_, place) => x(columns.bids + 2 * place) + x(columns.bids + 2 * place + 1)),
    netInterfaceMw: Float64Array.from(grid.interfaceLines, (members) =>
      members.reduce((sum, [line, sign]) => sum + sign * at(netFlowMw, line), 0),
    ),
    scarcityUsdPerMwh: Math.max(0, -at(optimum.rowDuals, rows.reserve)),
    reserveMw: reserveOf(grid, input, { generationMw, chargeMw, dischargeMw }),
    costUsd: (energyUsd + shedUsd) * input.hours,
    warm: warmOf(grid, topology, solved),
    solves: solved.solves,
  };
}

function generationOf(grid: Grid, input: DispatchInput, x: (column: number) => number): Float64Array {
  const generationMw = new Float64Array(grid.world.network.units.length);
  grid.groups.forEach((group, place) => {
    const availableMw = group.units.reduce((sum, unit) => sum + at(input.availableMw, unit), 0);
    if (availableMw <= 0) return;
    const ratio = Math.min(1, x(place) / availableMw);
    for (const unit of group.units) generationMw[unit] = ratio * at(input.availableMw, unit);
  });
  return generationMw;
}

function pricesOf(
  grid: Grid,
  topology: Topology,
  priced: { readonly lines: readonly number[]; readonly rowDuals: Float64Array },
): Float64Array {
  const busCount = grid.world.network.buses.length;
  const rows = rowsOf(grid, topology, priced.lines.length);
  const prices = Float64Array.from(topology.islandOfBus, (island) => at(priced.rowDuals, island));
  const addRow = (row: number, factors: Float64Array, place: number): void => {
    const dual = at(priced.rowDuals, row);
    if (dual === 0) return;
    for (let bus = 0; bus < busCount; bus++) prices[bus] = at(prices, bus) + dual * at(factors, place * busCount + bus);
  };
  grid.interfaceLines.forEach((_, place) => addRow(rows.interfaces + place, topology.interfaceFactors, place));
  priced.lines.forEach((line, place) => addRow(rows.lines + place, topology.factors, line));
  return prices;
}

/** Unused capacity of the units that provide reserve, and what the storages could add for an hour. */
function reserveOf(grid: Grid, input: DispatchInput, used: Pick<Dispatch, 'generationMw' | 'chargeMw' | 'dischargeMw'>): number {
  const { units, storages } = grid.world.network;
  const unitsMw = units.reduce(
    (sum, unit, place) => sum + (unit.providesReserve ? at(input.availableMw, place) - at(used.generationMw, place) : 0),
    0,
  );
  const storagesMw = storages.reduce((sum, storage, place) => {
    const dischargeMw = at(used.dischargeMw, place);
    const lastsMw = (input.storages[place]?.storedMwh ?? 0) * storage.dischargeEfficiencyRatio - input.hours * dischargeMw;
    return sum + Math.max(0, Math.min(storage.powerMw - dischargeMw + at(used.chargeMw, place), lastsMw));
  }, 0);
  return Math.max(0, unitsMw + storagesMw - input.reserveInUseMw);
}

function flowsOf(grid: Grid, topology: Topology, state: { readonly input: DispatchInput; readonly x: Float64Array }): Float64Array {
  const { network, contracts } = grid.world;
  const columns = columnsOf(grid);
  const { x } = state;
  const netMw = Float64Array.from(state.input.loadMw, (mw, bus) => at(x, columns.shed + bus) - mw);
  const add = (bus: number, mw: number): void => {
    netMw[bus] = at(netMw, bus) + mw;
  };
  grid.groups.forEach((group, place) => add(group.bus, at(x, place)));
  grid.linkEnds.forEach(([from, to], place) => {
    const mw = at(x, columns.links + 2 * place) - at(x, columns.links + 2 * place + 1);
    add(from, -mw);
    add(to, mw);
  });
  grid.busOfStorage.forEach((bus, place) => add(bus, at(x, columns.storages + 3 * place + 1) - at(x, columns.storages + 3 * place)));
  contracts.forEach((_, place) =>
    add(grid.busOfContract[place] as number, at(x, columns.bids + 2 * place) + at(x, columns.bids + 2 * place + 1)),
  );
  const busCount = network.buses.length;
  const flows = new Float64Array(network.lines.length);
  for (let line = 0; line < flows.length; line++) {
    let mw = 0;
    for (let bus = 0; bus < busCount; bus++) mw += (topology.factors[line * busCount + bus] as number) * (netMw[bus] as number);
    flows[line] = mw;
  }
  return flows;
}

function brokenLines(grid: Grid, netFlowMw: Float64Array, inProblem: readonly number[]): number[] {
  const broken: number[] = [];
  grid.world.network.lines.forEach((line, place) => {
    if (Math.abs(at(netFlowMw, place)) > (line.ratingMw ?? Infinity) + ratingToleranceMw && !inProblem.includes(place)) broken.push(place);
  });
  return broken;
}

/** Keeps the lines that bind or come near, and the basis without the others. */
function warmOf(grid: Grid, topology: Topology, solved: Solved): Warm {
  const { optimum, lines, netFlowMw } = solved;
  const first = rowsOf(grid, topology, 0).lines;
  const kept = lines.filter(
    (line, place) =>
      optimum.basis.rows[first + place] !== '1' ||
      Math.abs(at(netFlowMw, line)) > keepAboveRatio * (grid.world.network.lines[line]?.ratingMw ?? 0),
  );
  if (kept.length === lines.length) return { lines, basis: optimum.basis };
  const rows = rowDigits({ grid, topology, basis: optimum.basis, from: lines, to: kept });
  return { lines: kept, basis: { columns: optimum.basis.columns, rows } };
}

/** Row statuses of a basis for another set of working lines; a line that is new does not bind. */
function rowDigits(move: {
  readonly grid: Grid;
  readonly topology: Topology;
  readonly basis: Basis;
  readonly from: readonly number[];
  readonly to: readonly number[];
}): string {
  const first = rowsOf(move.grid, move.topology, 0).lines;
  const digitOf = new Map(move.from.map((line, place) => [line, move.basis.rows.charAt(first + place)]));
  return move.basis.rows.slice(0, first) + move.to.map((line) => digitOf.get(line) ?? '1').join('');
}

function rememberMatrices(grid: Grid): (topology: Topology, lines: readonly number[], hours: number) => SparseMatrix {
  const most = 256;
  let remembered = new Map<string, SparseMatrix>();
  let lastTopology: Topology | null = null;
  return (topology, lines, hours) => {
    if (topology !== lastTopology || remembered.size >= most) remembered = new Map();
    lastTopology = topology;
    const key = `${hours}/${lines.join(',')}`;
    const known = remembered.get(key);
    if (known !== undefined) return known;
    const matrix = matrixOf(grid, topology, lines, hours);
    remembered.set(key, matrix);
    return matrix;
  };
}

/** Stops when what goes in differs from what goes out by more than 1e-6 MW, or a storage charges and discharges at once. */
export function assertBalance(input: DispatchInput, dispatch: Dispatch): void {
  const total = (values: Float64Array): number => values.reduce((sum, mw) => sum + mw, 0);
  const inMw = total(dispatch.generationMw) + total(dispatch.dischargeMw) + total(dispatch.shedMw) + total(dispatch.bidMw);
  const outMw = total(input.loadMw) + total(dispatch.chargeMw);
  assert(Math.abs(inMw - outMw) <= 1e-6, `supply of ${inMw} MW does not meet demand of ${outMw} MW`);
  dispatch.chargeMw.forEach((mw, place) =>
    assert(mw < 1e-6 || at(dispatch.dischargeMw, place) < 1e-6, `storage ${place} charges and discharges at once`),
  );
}

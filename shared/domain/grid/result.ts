import type { Ranges } from './bounds.js';
import { curveCostUsdPerHour } from './curves.js';
import { byteAt, floatAt, intAt } from './dense.js';
import type { Dispatch, Warm } from './dispatch.js';
import type { Grid } from './grid.js';
import { columnsOf, rowsOf, type DispatchInput, type Form } from './problem.js';
import type { Optimum } from './solver.js';

/** Net MW that a solution puts in at each bus, loads taken off; written into `netMw`, [buses]. */
export function injectionsOf(grid: Grid, state: { readonly input: DispatchInput; readonly x: Float64Array }, netMw: Float64Array): void {
  const columns = columnsOf(grid);
  const { x, input } = state;
  const add = (bus: number, mw: number): void => {
    netMw[bus] = floatAt(netMw, bus) + mw;
  };
  for (let bus = 0; bus < netMw.length; bus++) netMw[bus] = floatAt(x, columns.shed + bus) - floatAt(input.loadMw, bus);
  for (let group = 0; group < grid.busOfGroup.length; group++) add(intAt(grid.busOfGroup, group), outputOf(grid, x, group));
  grid.surplusBuses.forEach((bus, place) => add(bus, -floatAt(x, columns.surplus + place)));
  grid.linkEnds.forEach(([from, to], place) => {
    const mw = floatAt(x, columns.links + 2 * place) - floatAt(x, columns.links + 2 * place + 1);
    add(from, -mw);
    add(to, mw);
  });
  grid.busOfStorage.forEach((bus, place) =>
    add(bus, floatAt(x, columns.storages + 3 * place + 1) - floatAt(x, columns.storages + 3 * place)),
  );
  grid.busOfContract.forEach((bus, place) => add(bus, floatAt(x, columns.bids + 2 * place) + floatAt(x, columns.bids + 2 * place + 1)));
}

/** Output of a group with all pieces of its cost curve, MW. */
export function outputOf(grid: Grid, x: Float64Array, group: number): number {
  const pieces = grid.piecesOf[group] as number;
  let mw = floatAt(x, group);
  if (pieces === 0) return mw;
  const first = columnsOf(grid).pieces[group] as number;
  for (let piece = 0; piece < pieces; piece++) mw += floatAt(x, first + piece);
  return mw;
}

/** What an optimum of the problem means for units, buses, lines and money. */
export function resultOf(
  grid: Grid,
  form: Form,
  solved: {
    readonly input: DispatchInput;
    readonly ranges: Ranges;
    readonly optimum: Optimum;
    readonly netFlowMw: Float64Array;
    readonly solves: number;
    readonly warm: Warm;
  },
): Dispatch {
  const { input, optimum, netFlowMw, warm, solves } = solved;
  const { network } = grid.world;
  const columns = columnsOf(grid);
  const rows = rowsOf(grid, form.topology, form.working.length);
  const x = (column: number): number => Math.max(0, floatAt(optimum.columnValues, column));
  const generationMw = generationOf(grid, solved.ranges, { x: optimum.columnValues, input });
  const storageColumn = (place: number): number => columns.storages + 3 * place;
  const chargeMw = each(network.storages.length, (place) => x(storageColumn(place)));
  const dischargeMw = each(network.storages.length, (place) => x(storageColumn(place) + 1));
  const shedMw = new Float64Array(network.buses.length);
  for (let bus = 0; bus < shedMw.length; bus++) shedMw[bus] = x(columns.shed + bus);
  const surplusMw = grid.surplusBuses.length === 0 ? noneOf(grid) : new Float64Array(network.buses.length);
  grid.surplusBuses.forEach((bus, place) => (surplusMw[bus] = x(columns.surplus + place)));
  return {
    generationMw,
    shedMw,
    surplusMw,
    chargeMw,
    dischargeMw,
    netFlowMw,
    busPriceUsdPerMwh: pricesOf(grid, form, optimum.rowDuals),
    netLinkMw: each(network.links.length, (place) => x(columns.links + 2 * place) - x(columns.links + 2 * place + 1)),
    bidMw: each(grid.world.contracts.length, (place) => x(columns.bids + 2 * place) + x(columns.bids + 2 * place + 1)),
    netInterfaceMw: each(grid.interfaceLines.length, (place) =>
      (grid.interfaceLines[place] ?? []).reduce((sum, [line, sign]) => sum + sign * floatAt(netFlowMw, line), 0),
    ),
    scarcityUsdPerMwh: Math.max(0, -floatAt(optimum.rowDuals, rows.reserve)),
    reserveMw: reserveOf(grid, input, { generationMw, chargeMw, dischargeMw }),
    costUsd: costUsdOf(grid, { generationMw, shedMw, surplusMw }) * input.hours,
    warm,
    solves,
  };
}

const nothings = new WeakMap<Grid, Float64Array>();

/** Zero at every bus; one array for all dispatches of a grid. */
function noneOf(grid: Grid): Float64Array {
  const known = nothings.get(grid) ?? new Float64Array(grid.regionOfBus.length);
  nothings.set(grid, known);
  return known;
}

function each(count: number, value: (place: number) => number): Float64Array {
  const values = new Float64Array(count);
  for (let place = 0; place < count; place++) values[place] = value(place);
  return values;
}

function costUsdOf(grid: Grid, done: Pick<Dispatch, 'generationMw' | 'shedMw' | 'surplusMw'>): number {
  const { generationMw, shedMw, surplusMw } = done;
  let usdPerHour = 0;
  for (let unit = 0; unit < generationMw.length; unit++) usdPerHour += floatAt(generationMw, unit) * floatAt(grid.costUsdPerMwh, unit);
  for (const { curve, units } of grid.groups) {
    const [unit] = units;
    if (curve === null || unit === undefined) continue;
    const mw = floatAt(generationMw, unit);
    usdPerHour += curveCostUsdPerHour(curve, mw) - mw * floatAt(grid.costUsdPerMwh, unit);
  }
  let lostMw = 0;
  for (let bus = 0; bus < shedMw.length; bus++) lostMw += floatAt(shedMw, bus) + floatAt(surplusMw, bus);
  return usdPerHour + lostMw * grid.world.lostLoadUsdPerMwh;
}

/** Shares the output of a group among its units: what each must deliver, and of the rest by what each could deliver beyond that. */
function generationOf(
  grid: Grid,
  { fromMw, toMw }: Ranges,
  solved: { readonly x: Float64Array; readonly input: DispatchInput },
): Float64Array {
  const { x } = solved;
  const { availableMw, leastMw = grid.leastMw } = solved.input;
  const generationMw = new Float64Array(availableMw.length);
  const { groupOfUnit } = grid;
  for (let unit = 0; unit < generationMw.length; unit++) {
    const group = intAt(groupOfUnit, unit);
    const from = floatAt(fromMw, group);
    const mw = Math.min(Math.max(outputOf(grid, x, group), from), Math.max(from, floatAt(toMw, group)));
    if (from !== 0)
      generationMw[unit] = isAlone(grid, group)
        ? mw
        : shareAbove(mw, { from, to: floatAt(toMw, group), least: floatAt(leastMw, unit), available: floatAt(availableMw, unit) });
    else if (mw > 0) generationMw[unit] = mw * (floatAt(availableMw, unit) / floatAt(toMw, group));
  }
  return generationMw;
}

function isAlone(grid: Grid, group: number): boolean {
  return grid.groups[group]?.units.length === 1;
}

/** Output of a unit of a group that delivers `mw`: its least, and a share of the rest by what it could deliver beyond. */
function shareAbove(
  mw: number,
  of: { readonly from: number; readonly to: number; readonly least: number; readonly available: number },
): number {
  const own = Math.min(of.least, of.available);
  return of.to <= of.from ? own : own + ((mw - of.from) * (of.available - own)) / (of.to - of.from);
}

function pricesOf(grid: Grid, { topology, limits, working }: Form, rowDuals: Float64Array): Float64Array {
  const rows = rowsOf(grid, topology, working.length);
  const prices = new Float64Array(grid.regionOfBus.length);
  for (let bus = 0; bus < prices.length; bus++) prices[bus] = floatAt(rowDuals, intAt(topology.islandOfBus, bus));
  const addRow = (row: number, factors: () => Float64Array): void => {
    const dual = floatAt(rowDuals, row);
    if (dual === 0) return;
    const own = factors();
    for (let bus = 0; bus < prices.length; bus++) prices[bus] = floatAt(prices, bus) + dual * floatAt(own, bus);
  };
  grid.interfaceLines.forEach((_, place) => addRow(rows.interfaces + place, () => topology.interfaceFactorsOf(place)));
  working.forEach((limit, place) => addRow(rows.limits + place, () => limits.factorsOf(limit)));
  // Where all load is shed already, more load would be shed too.
  const { lostLoadUsdPerMwh } = grid.world;
  for (let bus = 0; bus < prices.length; bus++) if (floatAt(prices, bus) > lostLoadUsdPerMwh) prices[bus] = lostLoadUsdPerMwh;
  return prices;
}

/** Unused capacity of the units that provide reserve, and what the storages could add for an hour. */
function reserveOf(grid: Grid, input: DispatchInput, used: Pick<Dispatch, 'generationMw' | 'chargeMw' | 'dischargeMw'>): number {
  const { storages } = grid.world.network;
  let mw = -input.reserveInUseMw;
  for (let unit = 0; unit < input.availableMw.length; unit++) {
    if (byteAt(grid.isReserve, unit) === 1) mw += floatAt(input.availableMw, unit) - floatAt(used.generationMw, unit);
  }
  storages.forEach((storage, place) => {
    const dischargeMw = floatAt(used.dischargeMw, place);
    const lastsMw = (input.storages[place]?.storedMwh ?? 0) * storage.dischargeEfficiencyRatio - input.hours * dischargeMw;
    mw += Math.max(0, Math.min(storage.powerMw - dischargeMw + floatAt(used.chargeMw, place), lastsMw));
  });
  return Math.max(0, mw);
}

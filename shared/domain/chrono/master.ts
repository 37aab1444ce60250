import { floatAt, intAt } from '../grid/dense.js';
import type { LinearProblem, Solve } from '../grid/solver.js';
import type { Point } from './points.js';
import { netMwOf, type Reservoir } from './reservoir.js';
import type { Ends } from './schedule.js';

/** What the points of some hours promise at best: what reservoirs would do, [hours][reservoirs], and the cost no plan can be below. */
export interface Promised {
  readonly netMw: readonly Float64Array[];
  readonly leastCostUsd: number;
}

/** Cost is counted in thousands of USD, so that the numbers of a problem are of one size. */
const usdPerUnit = 1_000;

/** An entry of a column. */
type Entry = readonly [row: number, value: number];

/**
 * Least cost of all reservoirs together, as far as the points of the hours tell; exact. Columns of an hour: its cost, then per reservoir
 * charge, discharge and energy at its end. Rows: energy from hour to hour per reservoir, then one per point.
 */
export function promiseOf(
  solve: Solve,
  reservoirs: readonly Reservoir[],
  { hours, ends }: { readonly hours: readonly (readonly Point[])[]; readonly ends: readonly Ends[] },
): Promised {
  const perHour = 1 + 3 * reservoirs.length;
  const columns: Entry[][] = Array.from({ length: hours.length * perHour }, () => []);
  const columnLower = new Float64Array(columns.length);
  const columnUpper = new Float64Array(columns.length);
  const costs = new Float64Array(columns.length);
  const rowLower: number[] = [];
  const rowUpper: number[] = [];
  const put = (column: number, row: number, value: number): void => void (columns[column] as Entry[]).push([row, value]);
  hours.forEach((_, hour) => {
    costs[hour * perHour] = 1;
    columnUpper[hour * perHour] = Infinity;
    reservoirs.forEach((reservoir, place) => {
      const charge = hour * perHour + 1 + 3 * place;
      const { startMwh, endAtLeastMwh } = ends[place] as Ends;
      columnUpper.set([reservoir.chargeMw, reservoir.dischargeMw, reservoir.energyMwh], charge);
      if (hour === hours.length - 1) columnLower[charge + 2] = endAtLeastMwh;
      const row = rowLower.length;
      put(charge, row, -reservoir.chargeEfficiencyRatio);
      put(charge + 1, row, 1 / reservoir.dischargeEfficiencyRatio);
      put(charge + 2, row, 1);
      if (hour > 0) put(charge + 2 - perHour, row, -1);
      rowLower.push(hour > 0 ? 0 : startMwh);
      rowUpper.push(hour > 0 ? 0 : startMwh);
    });
  });
  // What an hour costs is counted from its cheapest point less what all reservoirs could save there, so that no cost is below 0.
  const baseUsd = hours.map((points) => lowestUsd(points, reservoirs));
  hours.forEach((points, hour) => {
    for (const point of points) {
      const row = rowLower.length;
      put(hour * perHour, row, 1);
      let usd = point.costUsd - (baseUsd[hour] ?? 0);
      reservoirs.forEach((_, place) => {
        const slope = floatAt(point.slopeUsdPerMwh, place);
        put(hour * perHour + 1 + 3 * place, row, -slope / usdPerUnit);
        put(hour * perHour + 2 + 3 * place, row, slope / usdPerUnit);
        usd -= slope * floatAt(point.netMw, place);
      });
      rowLower.push(usd / usdPerUnit);
      rowUpper.push(Infinity);
    }
  });
  const problem: LinearProblem = {
    matrix: matrixOf(columns, rowLower.length),
    costs,
    columnLower,
    columnUpper,
    rowLower: Float64Array.from(rowLower),
    rowUpper: Float64Array.from(rowUpper),
  };
  const { columnValues } = solve(problem, costs, null);
  const storedMwh = (hour: number, place: number): number =>
    hour < 0 ? (ends[place] as Ends).startMwh : floatAt(columnValues, hour * perHour + 3 + 3 * place);
  return {
    netMw: hours.map((_, hour) =>
      Float64Array.from(reservoirs, (reservoir, place) => netMwOf(reservoir, storedMwh(hour, place) - storedMwh(hour - 1, place))),
    ),
    leastCostUsd: hours.reduce((sum, _, hour) => sum + usdPerUnit * floatAt(columnValues, hour * perHour) + (baseUsd[hour] ?? 0), 0),
  };
}

/** A cost no choice of the reservoirs can be below at any of the points. */
function lowestUsd(points: readonly Point[], reservoirs: readonly Reservoir[]): number {
  return points.reduce((least, point) => {
    const usd = reservoirs.reduce((sum, { chargeMw, dischargeMw }, place) => {
      const slope = floatAt(point.slopeUsdPerMwh, place);
      return sum + Math.min(slope * (-dischargeMw - floatAt(point.netMw, place)), slope * (chargeMw - floatAt(point.netMw, place)));
    }, point.costUsd);
    return Math.max(least, usd);
  }, -Infinity);
}

function matrixOf(columns: readonly (readonly Entry[])[], rowCount: number): LinearProblem['matrix'] {
  const starts = new Int32Array(columns.length + 1);
  columns.forEach((entries, column) => (starts[column + 1] = intAt(starts, column) + entries.length));
  const all = columns.flat();
  return {
    rowCount,
    columnCount: columns.length,
    starts,
    rows: Int32Array.from(all, ([row]) => row),
    values: Float64Array.from(all, ([, value]) => value),
  };
}

import { at } from '../dense.js';
import { atLower, atUpper, basic, basicValues, pricesFor, rebuild, type Tableau } from './tableau.js';

/** How far a basic variable may stand beyond a bound, MW. */
const feasibilityTolerance = 1e-9;
/** Entries of a row below this are rounding. */
const smallestEntry = 1e-9;
/** $/MWh by which a reduced cost may come to stand on the wrong side, so that a larger entry can be pivoted on (Harris 1973). */
const costTolerance = 1e-9;
/** After so many pivots the inverse is computed afresh, so that rounding does not pile up. */
const pivotsPerRebuild = 64;

export type Outcome = 'optimal' | 'infeasible' | 'lost';

/** Memory for one pivot. */
export interface Scratch {
  /** [columns + rows]: the pivot row, and what may enter with its ratio. */
  readonly row: Float64Array;
  readonly candidates: Int32Array;
  readonly ratios: Float64Array;
  /** [rows] */
  readonly column: Float64Array;
  readonly prices: Float64Array;
}

/** Memory for the pivots of a tableau. */
export function scratchFor({ lower, basicOf }: Tableau): Scratch {
  return {
    row: new Float64Array(lower.length),
    candidates: new Int32Array(lower.length),
    ratios: new Float64Array(lower.length),
    column: new Float64Array(basicOf.length),
    prices: new Float64Array(basicOf.length),
  };
}

/**
 * Runs the dual simplex method from the basis as it stands to the optimum for `cost`, [columns]. Bounds of every variable are finite, so
 * that putting each nonbasic one on the side its reduced cost asks for makes any basis dual feasible; `isSettled`: they stand there
 * already. Leaving by steepest edge (Forrest and Goldfarb 1992), entering by the ratio test that passes over bounds (Maros 2003).
 * `lost`: rounding or the limit of pivots.
 */
export function pivotToOptimum(
  tableau: Tableau,
  scratch: Scratch,
  ask: { readonly cost: Float64Array; readonly isSettled: boolean; readonly mostPivots: number },
): { readonly outcome: Outcome; readonly pivots: number } {
  const { cost, mostPivots } = ask;
  if (ask.isSettled) basicValues(tableau, tableau, tableau.basicValue);
  else settle(tableau, scratch, cost);
  for (let pivots = 0; pivots <= mostPivots; pivots++) {
    if (pivots > 0 && pivots % pivotsPerRebuild === 0) {
      if (!rebuild(tableau)) return { outcome: 'lost', pivots };
      settle(tableau, scratch, cost);
    }
    const place = leavingPlace(tableau);
    if (place < 0) return { outcome: 'optimal', pivots };
    const entering = enteringVariable(tableau, scratch, place);
    if (entering < 0) return { outcome: 'infeasible', pivots };
    if (!exchange(tableau, scratch, { place, entering })) return { outcome: 'lost', pivots };
  }
  return { outcome: 'lost', pivots: mostPivots };
}

/** Computes reduced costs and values for the basis, with every nonbasic variable on the side its reduced cost asks for. */
function settle(tableau: Tableau, { prices }: Scratch, cost: Float64Array): void {
  const { matrix, status, reducedCost, lower, upper } = tableau;
  const { columnCount, rowCount, starts, rows, values } = matrix;
  pricesFor(tableau, cost, prices);
  for (let column = 0; column < columnCount; column++) {
    if (at(status, column) === basic) {
      reducedCost[column] = 0;
      continue;
    }
    let reduced = at(cost, column);
    const end = at(starts, column + 1);
    for (let k = at(starts, column); k < end; k++) reduced -= at(values, k) * at(prices, at(rows, k));
    reducedCost[column] = reduced;
    status[column] = reduced < 0 ? atUpper : atLower;
  }
  for (let row = 0; row < rowCount; row++) {
    const variable = columnCount + row;
    const isBasic = at(status, variable) === basic;
    const reduced = isBasic ? 0 : at(prices, row);
    reducedCost[variable] = reduced;
    if (!isBasic) status[variable] = reduced < 0 ? atUpper : atLower;
  }
  basicValues(tableau, { lower, upper }, tableau.basicValue);
}

/** Place of the basic variable that is farthest beyond a bound, measured along its edge; -1 when none is beyond. */
function leavingPlace({ basicOf, basicValue, lower, upper, inverse }: Tableau): number {
  const size = basicOf.length;
  let best = -1;
  let farthest = 0;
  for (let place = 0; place < size; place++) {
    const variable = at(basicOf, place);
    const beyond = Math.max(at(lower, variable) - at(basicValue, place), at(basicValue, place) - at(upper, variable));
    if (beyond <= feasibilityTolerance) continue;
    let weight = 0;
    for (let k = place * size; k < (place + 1) * size; k++) weight += at(inverse, k) * at(inverse, k);
    if ((beyond * beyond) / weight > farthest) [best, farthest] = [place, (beyond * beyond) / weight];
  }
  return best;
}

/** Row of the tableau that belongs to a place, for every variable. */
function fillRow(tableau: Tableau, place: number, row: Float64Array): void {
  const { matrix, rowStarts, rowColumns, rowValues, inverse } = tableau;
  const { rowCount, columnCount } = matrix;
  row.fill(0);
  for (let k = 0; k < rowCount; k++) {
    const factor = at(inverse, place * rowCount + k);
    if (factor === 0) continue;
    row[columnCount + k] = -factor;
    const end = at(rowStarts, k + 1);
    for (let entry = at(rowStarts, k); entry < end; entry++) {
      const column = at(rowColumns, entry);
      row[column] = at(row, column) + factor * at(rowValues, entry);
    }
  }
}

/** Variable that enters for the one in `place`; those passed over change sides. -1: nothing can take up the violation. */
function enteringVariable(tableau: Tableau, { row, candidates, ratios }: Scratch, place: number): number {
  const { basicOf, basicValue, lower, upper, status, reducedCost } = tableau;
  const leaving = at(basicOf, place);
  const above = at(basicValue, place) - at(upper, leaving);
  const side = above > 0 ? 1 : -1;
  let left = above > 0 ? above : at(lower, leaving) - at(basicValue, place);
  fillRow(tableau, place, row);
  let count = 0;
  for (let variable = 0; variable < row.length; variable++) {
    const own = at(status, variable);
    if (own === basic || at(lower, variable) === at(upper, variable)) continue;
    const entry = side * at(row, variable);
    if (own === atLower ? entry > smallestEntry : entry < -smallestEntry) {
      candidates[count] = variable;
      ratios[count++] = Math.abs(at(reducedCost, variable) / entry);
    }
  }
  while (count > 0) {
    let bound = Infinity;
    for (let k = 0; k < count; k++) bound = Math.min(bound, at(ratios, k) + costTolerance / Math.abs(at(row, at(candidates, k))));
    let next = -1;
    for (let k = 0; k < count; k++) {
      if (at(ratios, k) > bound) continue;
      if (next < 0 || Math.abs(at(row, at(candidates, k))) > Math.abs(at(row, at(candidates, next)))) next = k;
    }
    const variable = at(candidates, next);
    left -= Math.abs(at(row, variable)) * (at(upper, variable) - at(lower, variable));
    if (left <= 0) return variable;
    status[variable] = at(status, variable) === atLower ? atUpper : atLower;
    candidates[next] = at(candidates, --count);
    ratios[next] = at(ratios, count);
  }
  return -1;
}

/** Exchanges a basic variable for another; false when the entry pivoted on has been lost to rounding. */
function exchange(tableau: Tableau, scratch: Scratch, what: { readonly place: number; readonly entering: number }): boolean {
  const { matrix, basicOf, basicValue, lower, upper, status, reducedCost, inverse } = tableau;
  const { rowCount, columnCount, starts, rows, values } = matrix;
  const { row, column } = scratch;
  const { place, entering } = what;
  for (let own = 0; own < rowCount; own++) {
    const start = own * rowCount;
    let sum = 0;
    if (entering >= columnCount) sum = -at(inverse, start + entering - columnCount);
    else for (let k = at(starts, entering); k < at(starts, entering + 1); k++) sum += at(inverse, start + at(rows, k)) * at(values, k);
    column[own] = sum;
  }
  const pivot = at(column, place);
  if (Math.abs(pivot - at(row, entering)) > 1e-6 * (1 + Math.abs(pivot)) || Math.abs(pivot) < smallestEntry) return false;
  const leaving = at(basicOf, place);
  const step = at(reducedCost, entering) / pivot;
  for (let variable = 0; variable < row.length; variable++) {
    const entry = at(row, variable);
    if (entry !== 0 && at(status, variable) !== basic) reducedCost[variable] = at(reducedCost, variable) - step * entry;
  }
  reducedCost[leaving] = -step;
  reducedCost[entering] = 0;
  status[leaving] = at(basicValue, place) > at(upper, leaving) ? atUpper : atLower;
  status[entering] = basic;
  basicOf[place] = entering;
  const pivotStart = place * rowCount;
  for (let k = 0; k < rowCount; k++) inverse[pivotStart + k] = at(inverse, pivotStart + k) / pivot;
  for (let own = 0; own < rowCount; own++) {
    const factor = at(column, own);
    if (own === place || factor === 0) continue;
    const start = own * rowCount;
    for (let k = 0; k < rowCount; k++) inverse[start + k] = at(inverse, start + k) - factor * at(inverse, pivotStart + k);
  }
  basicValues(tableau, { lower, upper }, basicValue);
  return true;
}

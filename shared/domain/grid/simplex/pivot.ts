import { byteAt, floatAt, intAt } from '../dense.js';
import { addColumn, atLower, atUpper, basic } from './core.js';
import { enteringVariable, smallestEntry, type Scratch } from './entering.js';
import { addRow, pricesFor, rebuild, setBasicValues, timesInverse, type Tableau } from './tableau.js';

/** How far a basic variable may stand beyond a bound, MW. */
const feasibilityTolerance = 1e-9;
/** After so many pivots the inverse is computed afresh, so that rounding does not pile up. */
const pivotsPerRebuild = 64;

export type Outcome = 'optimal' | 'infeasible' | 'lost';

/**
 * Runs the dual simplex method from the basis as it stands to the optimum for `cost`, [columns]. Bounds of every variable are finite, so
 * that putting each nonbasic one on the side its reduced cost asks for makes any basis dual feasible; `hasPrices`: reduced costs are those
 * for `cost` already. Leaving by steepest edge (Forrest and Goldfarb 1992). `lost`: rounding or the limit of pivots.
 */
export function pivotToOptimum(
  tableau: Tableau,
  scratch: Scratch,
  ask: { readonly cost: Float64Array; readonly hasPrices: boolean; readonly mostPivots: number },
): { readonly outcome: Outcome; readonly pivots: number } {
  const { cost, mostPivots } = ask;
  if (!ask.hasPrices) priceAll(tableau, scratch, cost);
  takeSides(tableau);
  setBasicValues(tableau);
  for (let pivots = 0; pivots <= mostPivots; pivots++) {
    if (tableau.exchanges >= pivotsPerRebuild) {
      if (!rebuild(tableau)) return { outcome: 'lost', pivots };
      priceAll(tableau, scratch, cost);
      takeSides(tableau);
      setBasicValues(tableau);
    }
    const place = leavingPlace(tableau);
    if (place < 0) {
      restFixed(tableau);
      return { outcome: 'optimal', pivots };
    }
    const entering = enteringVariable(tableau, scratch, place);
    if (entering < 0) return { outcome: 'infeasible', pivots };
    if (!exchange(tableau, scratch, { place, entering })) return { outcome: 'lost', pivots };
  }
  return { outcome: 'lost', pivots: mostPivots };
}

/** Computes reduced costs for the basis. */
function priceAll(tableau: Tableau, { prices }: Scratch, cost: Float64Array): void {
  const { matrix, status, reducedCost } = tableau;
  const { columnCount, rowCount, starts, rows, values } = matrix;
  pricesFor(tableau, cost, prices);
  for (let column = 0; column < columnCount; column++) {
    if (byteAt(status, column) === basic) {
      reducedCost[column] = 0;
      continue;
    }
    let reduced = floatAt(cost, column);
    const end = intAt(starts, column + 1);
    for (let k = intAt(starts, column); k < end; k++) reduced -= floatAt(values, k) * floatAt(prices, intAt(rows, k));
    reducedCost[column] = reduced;
  }
  for (let row = 0; row < rowCount; row++) {
    const variable = columnCount + row;
    reducedCost[variable] = byteAt(status, variable) === basic ? 0 : floatAt(prices, row);
  }
}

/**
 * Puts every nonbasic variable on the side its reduced cost asks for. One whose bounds were the same is passed by in the ratio test, so
 * that its side is right only until they are no longer.
 */
function takeSides({ status, reducedCost }: Tableau): void {
  for (let variable = 0; variable < status.length; variable++)
    if (byteAt(status, variable) !== basic) status[variable] = floatAt(reducedCost, variable) < 0 ? atUpper : atLower;
}

/** Variables whose bounds are the same rest on the lower one, so that statuses do not tell the way they came. */
function restFixed({ status, lower, upper }: Tableau): void {
  for (let variable = 0; variable < status.length; variable++)
    if (byteAt(status, variable) === atUpper && floatAt(lower, variable) === floatAt(upper, variable)) status[variable] = atLower;
}

/** Place of the basic variable that is farthest beyond a bound, measured along its edge; -1 when none is beyond. */
function leavingPlace({ matrix, basicOf, basicValue, lower, upper, inverse, slots }: Tableau): number {
  const { rowCount, columnCount } = matrix;
  let best = -1;
  let farthest = 0;
  for (let place = 0; place < rowCount; place++) {
    const variable = intAt(basicOf, place);
    const value = floatAt(basicValue, place);
    const beyond = Math.max(floatAt(lower, variable) - value, value - floatAt(upper, variable));
    if (beyond <= feasibilityTolerance) continue;
    let weight = variable < columnCount ? 0 : 1;
    const end = place * rowCount + slots;
    for (let k = place * rowCount; k < end; k++) weight += floatAt(inverse, k) * floatAt(inverse, k);
    if ((beyond * beyond) / weight > farthest) [best, farthest] = [place, (beyond * beyond) / weight];
  }
  return best;
}

/** A pivot: what is basic in a place, and what takes it. */
interface Exchange {
  readonly place: number;
  readonly entering: number;
}

/** Exchanges a basic variable for another; false when the entry pivoted on has been lost to rounding. */
function exchange(tableau: Tableau, scratch: Scratch, { place, entering }: Exchange): boolean {
  const { matrix, basicOf, basicValue, lower, upper, status, activity } = tableau;
  const { row, column } = scratch;
  activity.fill(0);
  if (entering < matrix.columnCount) addColumn(matrix, activity, { column: entering, times: 1 });
  else activity[entering - matrix.columnCount] = -1;
  timesInverse(tableau, activity, column);
  const pivot = floatAt(column, place);
  if (Math.abs(pivot - floatAt(row, entering)) > 1e-6 * (1 + Math.abs(pivot)) || Math.abs(pivot) < smallestEntry) return false;
  moveReducedCosts(tableau, row, { place, entering, pivot });
  const leaving = intAt(basicOf, place);
  const isAbove = floatAt(basicValue, place) > floatAt(upper, leaving);
  const step = (floatAt(basicValue, place) - floatAt(isAbove ? upper : lower, leaving)) / pivot;
  addRow(basicValue, 0, { other: column, from: 0, count: basicValue.length, times: -step });
  basicValue[place] = floatAt(byteAt(status, entering) === atUpper ? upper : lower, entering) + step;
  exchangeInInverse(tableau, column, { place, entering });
  status[leaving] = isAbove ? atUpper : atLower;
  status[entering] = basic;
  basicOf[place] = entering;
  tableau.exchanges++;
  tableau.core = null;
  return true;
}

function moveReducedCosts(
  { basicOf, reducedCost, status }: Tableau,
  row: Float64Array,
  { place, entering, pivot }: Exchange & { readonly pivot: number },
): void {
  const step = floatAt(reducedCost, entering) / pivot;
  for (let variable = 0; variable < row.length; variable++) {
    const entry = floatAt(row, variable);
    if (entry !== 0 && byteAt(status, variable) !== basic) reducedCost[variable] = floatAt(reducedCost, variable) - step * entry;
  }
  reducedCost[intAt(basicOf, place)] = -step;
  reducedCost[entering] = 0;
}

/** Brings the inverse to the new basis; `column`: the inverse times what enters. */
function exchangeInInverse(tableau: Tableau, column: Float64Array, { place, entering }: Exchange): void {
  const { matrix, basicOf, inverse } = tableau;
  const { rowCount, columnCount } = matrix;
  const leavingRow = intAt(basicOf, place) - columnCount;
  if (leavingRow >= 0) addSlot(tableau, { row: leavingRow, place });
  const { slots } = tableau;
  const own = place * rowCount;
  const pivot = floatAt(column, place);
  for (let k = own; k < own + slots; k++) inverse[k] = floatAt(inverse, k) / pivot;
  for (let other = 0; other < rowCount; other++) {
    const factor = floatAt(column, other);
    if (other === place || factor === 0) continue;
    addRow(inverse, other * rowCount, { other: inverse, from: own, count: slots, times: -factor });
  }
  if (entering >= columnCount) dropSlot(tableau, entering - columnCount);
}

/** A row begins to bind: what was known of its activity by its place alone is written out. */
function addSlot(tableau: Tableau, { row, place }: { readonly row: number; readonly place: number }): void {
  const { matrix, inverse, rowOfSlot, slotOfRow } = tableau;
  const slot = tableau.slots++;
  rowOfSlot[slot] = row;
  slotOfRow[row] = slot;
  for (let other = 0; other < matrix.rowCount; other++) inverse[other * matrix.rowCount + slot] = other === place ? -1 : 0;
}

/** A row ceases to bind: the last slot moves into its slot. */
function dropSlot(tableau: Tableau, row: number): void {
  const { matrix, inverse, rowOfSlot, slotOfRow } = tableau;
  const slot = intAt(slotOfRow, row);
  const last = --tableau.slots;
  const moved = intAt(rowOfSlot, last);
  rowOfSlot[slot] = moved;
  slotOfRow[moved] = slot;
  slotOfRow[row] = -1;
  for (let place = 0; place < matrix.rowCount; place++)
    inverse[place * matrix.rowCount + slot] = floatAt(inverse, place * matrix.rowCount + last);
}

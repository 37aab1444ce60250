import { byteAt, floatAt, intAt } from '../dense.js';
import { addColumn, atLower, atUpper, basic } from './core.js';
import { timesInverse, type Tableau } from './tableau.js';

/** Entries of a row below this are rounding. */
export const smallestEntry = 1e-9;
/** $/MWh by which a reduced cost may come to stand on the wrong side, so that a larger entry can be pivoted on (Harris 1973). */
const costTolerance = 1e-9;

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
 * Variable that enters for the one in `place`, by the ratio test that passes over bounds (Maros 2003): those passed over change sides, as
 * long as they cannot take up the violation. -1: nothing can.
 */
export function enteringVariable(tableau: Tableau, scratch: Scratch, place: number): number {
  const { basicOf, basicValue, lower, upper } = tableau;
  const leaving = intAt(basicOf, place);
  const above = floatAt(basicValue, place) - floatAt(upper, leaving);
  const violation = above > 0 ? above : floatAt(lower, leaving) - floatAt(basicValue, place);
  fillRow(tableau, place, scratch.row);
  const count = fillCandidates(tableau, scratch, above > 0 ? 1 : -1);
  return passOver(tableau, scratch, { count, violation });
}

/** Row of the tableau that belongs to a place, for every variable. */
function fillRow(tableau: Tableau, place: number, row: Float64Array): void {
  const { matrix, basicOf, inverse, rowOfSlot, slots } = tableau;
  const { rowCount, columnCount } = matrix;
  row.fill(0);
  const leavingRow = intAt(basicOf, place) - columnCount;
  if (leavingRow >= 0) addMatrixRow(tableau, row, { own: leavingRow, factor: -1 });
  for (let slot = 0; slot < slots; slot++) {
    const factor = floatAt(inverse, place * rowCount + slot);
    if (factor !== 0) addMatrixRow(tableau, row, { own: intAt(rowOfSlot, slot), factor });
  }
}

function addMatrixRow(
  { matrix, rowStarts, rowColumns, rowValues }: Tableau,
  row: Float64Array,
  what: { readonly own: number; readonly factor: number },
): void {
  const { own, factor } = what;
  row[matrix.columnCount + own] = -factor;
  const end = intAt(rowStarts, own + 1);
  for (let entry = intAt(rowStarts, own); entry < end; entry++) {
    const column = intAt(rowColumns, entry);
    row[column] = floatAt(row, column) + factor * floatAt(rowValues, entry);
  }
}

/** Variables that may enter, and how far the violated one's price can move before each reduced cost changes sign; their number. */
function fillCandidates(tableau: Tableau, { row, candidates, ratios }: Scratch, side: 1 | -1): number {
  const { status, lower, upper, reducedCost } = tableau;
  let count = 0;
  for (let variable = 0; variable < row.length; variable++) {
    const own = byteAt(status, variable);
    if (own === basic || floatAt(lower, variable) === floatAt(upper, variable)) continue;
    const entry = side * floatAt(row, variable);
    if (own === atLower ? entry > smallestEntry : entry < -smallestEntry) {
      candidates[count] = variable;
      ratios[count++] = Math.abs(floatAt(reducedCost, variable) / entry);
    }
  }
  return count;
}

function passOver(tableau: Tableau, scratch: Scratch, from: { readonly count: number; readonly violation: number }): number {
  const { row, candidates, ratios } = scratch;
  const { lower, upper } = tableau;
  let { count, violation } = from;
  let passed = 0;
  let entering = -1;
  tableau.activity.fill(0);
  while (count > 0) {
    let bound = Infinity;
    for (let k = 0; k < count; k++)
      bound = Math.min(bound, floatAt(ratios, k) + costTolerance / Math.abs(floatAt(row, intAt(candidates, k))));
    let next = -1;
    for (let k = 0; k < count; k++) {
      if (floatAt(ratios, k) > bound) continue;
      if (next < 0 || Math.abs(floatAt(row, intAt(candidates, k))) > Math.abs(floatAt(row, intAt(candidates, next)))) next = k;
    }
    const variable = intAt(candidates, next);
    violation -= Math.abs(floatAt(row, variable)) * (floatAt(upper, variable) - floatAt(lower, variable));
    if (violation <= 0) {
      entering = variable;
      break;
    }
    changeSide(tableau, variable);
    passed++;
    candidates[next] = intAt(candidates, --count);
    ratios[next] = floatAt(ratios, count);
  }
  if (passed > 0 && entering >= 0) moveBasicValues(tableau, scratch);
  return entering;
}

/** Puts a variable on its other bound, and notes what that adds to the rows. */
function changeSide({ matrix, status, lower, upper, activity }: Tableau, variable: number): void {
  const isLow = byteAt(status, variable) === atLower;
  status[variable] = isLow ? atUpper : atLower;
  const moved = floatAt(upper, variable) - floatAt(lower, variable);
  const times = isLow ? moved : -moved;
  if (variable < matrix.columnCount) addColumn(matrix, activity, { column: variable, times });
  else {
    const row = variable - matrix.columnCount;
    activity[row] = floatAt(activity, row) - times;
  }
}

/** Basic variables give way to what the changes of side have added to the rows. */
function moveBasicValues(tableau: Tableau, { column }: Scratch): void {
  const { basicValue, activity } = tableau;
  timesInverse(tableau, activity, column);
  for (let place = 0; place < basicValue.length; place++) basicValue[place] = floatAt(basicValue, place) - floatAt(column, place);
}

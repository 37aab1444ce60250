import type { CostCurve, Unit } from '../networkSchema.js';
import { firstFall } from '../validatePhysics.js';
import type { CaseRow } from './caseTable.js';

/** What a unit costs: the curve, or a straight line from zero when there is none. */
export type Cost = Pick<Unit, 'costUsdPerMwh' | 'costCurve'>;

/**
 * Cost of a row of gencost, in MW and USD/h; `costUsdPerMwh` beside a curve is what the last MW below `capacityMw` costs.
 * @throws TWIN_WRONG_INPUT for other models, degrees above 2, and costs that are not convex.
 */
export function costOf(row: CaseRow, capacityMw: number): Cost {
  const model = row.number('model');
  const count = row.number('n');
  if (!Number.isInteger(count) || count < 1) row.refuse('n', count, 'a whole number from 1');
  if (model === 1) return piecewiseCost(row, count, capacityMw);
  if (model === 2) return polynomialCost(row, count, capacityMw);
  return row.refuse('model', model, '1 (piecewise linear) or 2 (polynomial)');
}

/** The same cost as a function of the output above `byMw`: cost(outputMw + byMw). */
export function shiftedCost({ costUsdPerMwh, costCurve }: Cost, byMw: number): Cost {
  if (costCurve === null) return plainCost({ quadratic: 0, linear: costUsdPerMwh, constant: costUsdPerMwh * byMw }, 0);
  switch (costCurve.kind) {
    case 'quadratic': {
      const { quadraticUsdPerMw2h: quadratic, linearUsdPerMwh: linear, constantUsdPerHour: constant } = costCurve;
      return plainCost({ quadratic, linear: linear + 2 * quadratic * byMw, constant: constant + (linear + quadratic * byMw) * byMw }, 0);
    }
    case 'piecewise': {
      const points = costCurve.points.map(({ outputMw, usdPerHour }) => ({ outputMw: outputMw - byMw, usdPerHour }));
      return { costUsdPerMwh, costCurve: { kind: 'piecewise', points } };
    }
  }
}

function polynomialCost(row: CaseRow, count: number, capacityMw: number): Cost {
  const numbers = numbersOf(row, count, `${count} coefficients`);
  const high = numbers.slice(0, -3).find((value) => value !== 0);
  if (high !== undefined) row.refuse('n', count, 'polynomials up to degree 2 (n = 3), or higher coefficients of 0');
  const [quadratic = 0, linear = 0, constant = 0] = [0, 0, ...numbers].slice(-3);
  if (quadratic < 0) row.refuse('c2', quadratic, 'a number from 0: cost has to be convex');
  return plainCost({ quadratic, linear, constant }, capacityMw);
}

function piecewiseCost(row: CaseRow, count: number, capacityMw: number): Cost {
  const numbers = numbersOf(row, 2 * count, `${count} points`);
  const points = Array.from({ length: count }, (_, index) => ({
    outputMw: numbers[2 * index] ?? Number.NaN,
    usdPerHour: numbers[2 * index + 1] ?? Number.NaN,
  })).filter((point, index, all) => {
    const before = all[index - 1];
    return point.outputMw !== before?.outputMw || point.usdPerHour !== before.usdPerHour;
  });
  for (const [index, point] of points.entries()) {
    const before = points[index - 1];
    if (before !== undefined && point.outputMw <= before.outputMw)
      row.refuse(`x${index + 1}`, point.outputMw, `above the point before, ${before.outputMw}`);
  }
  const fall = firstFall(points);
  if (fall !== null) {
    row.refuse(`y${fall.corner + 1}`, `slope ${fall.before} then ${fall.after} USD/MWh`, 'slopes that do not fall: cost has to be convex');
  }
  return straightened(points, capacityMw);
}

/** Points on one straight line are a line; the check is exact, so that no cost changes. */
function straightened(points: Extract<CostCurve, { kind: 'piecewise' }>['points'], capacityMw: number): Cost {
  const slopes = points.slice(1).map((point, index) => {
    const before = points[index];
    return before === undefined ? 0 : (point.usdPerHour - before.usdPerHour) / (point.outputMw - before.outputMw);
  });
  const [first] = points;
  const slope = slopes[0] ?? 0;
  if (first !== undefined && slopes.every((each) => each === slope))
    return plainCost({ quadratic: 0, linear: slope, constant: first.usdPerHour - slope * first.outputMw }, capacityMw);
  const segment = points.slice(1).findIndex((point) => point.outputMw >= capacityMw);
  return { costUsdPerMwh: slopes.at(segment) ?? slope, costCurve: { kind: 'piecewise', points } };
}

function plainCost(terms: { readonly quadratic: number; readonly linear: number; readonly constant: number }, capacityMw: number): Cost {
  const { quadratic, linear, constant } = terms;
  if (quadratic === 0 && constant === 0) return { costUsdPerMwh: linear + 0, costCurve: null };
  return {
    costUsdPerMwh: linear + 2 * quadratic * capacityMw + 0,
    costCurve: {
      kind: 'quadratic',
      quadraticUsdPerMw2h: quadratic,
      linearUsdPerMwh: linear + 0,
      constantUsdPerHour: constant + 0,
    },
  };
}

/** The numbers behind `n`; what follows them is padding. */
function numbersOf(row: CaseRow, length: number, what: string): readonly number[] {
  const numbers = row.values.slice(4, 4 + length);
  if (numbers.length < length) row.refuse('n', `${what} in ${row.values.length} columns`, `at least ${4 + length} columns`);
  for (const [index, value] of numbers.entries()) if (!Number.isFinite(value)) row.refuse(`column ${index + 5}`, value, 'a finite number');
  return numbers;
}

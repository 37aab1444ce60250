import type { Unit } from '../networkSchema.js';

const polynomial = 2;
const piecewise = 1;

/** Rows of gencost for units, padded with zeros to one width; `costRatio` [units] is a factor on the cost. */
export function costRowsOf(units: readonly Unit[], costRatio: readonly number[]): number[][] {
  const rows = units.map((unit, place) => costRow(unit, costRatio[place] ?? 1));
  const width = Math.max(...rows.map((row) => row.length));
  return rows.map((row) => [...row, ...Array<number>(width - row.length).fill(0)]);
}

function costRow({ costUsdPerMwh, costCurve }: Unit, ratio: number): number[] {
  if (costCurve === null) return [polynomial, 0, 0, 2, costUsdPerMwh * ratio, 0];
  switch (costCurve.kind) {
    case 'quadratic': {
      const terms = [costCurve.quadraticUsdPerMw2h, costCurve.linearUsdPerMwh, costCurve.constantUsdPerHour];
      return [polynomial, 0, 0, 3, ...terms.map((term) => term * ratio)];
    }
    case 'piecewise':
      return [piecewise, 0, 0, costCurve.points.length].concat(
        costCurve.points.flatMap(({ outputMw, usdPerHour }) => [outputMw, usdPerHour * ratio]),
      );
  }
}

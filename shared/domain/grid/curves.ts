import type { CostCurve } from '../../scenario/networkSchema.js';
import { at } from './dense.js';

/** Straight pieces that stand for a quadratic cost while its optimum is closed in on. */
const quadraticPieces = 6;

/** A cost whose slope changes all along. */
export type Bent = Extract<CostCurve, { kind: 'quadratic' }>;

/** Whether the slope of a cost changes all along. */
export function bends(curve: CostCurve | null | undefined): curve is Bent {
  return curve?.kind === 'quadratic' && curve.quadraticUsdPerMw2h > 0;
}

/** Pieces a cost curve has in the problem; 0 for none. */
export function piecesIn(curve: CostCurve | null): number {
  if (curve === null) return 0;
  if (curve.kind === 'piecewise') return curve.points.length - 1;
  return bends(curve) ? quadraticPieces : 1;
}

/** Cost of an output, USD/h; beyond its ends a piecewise curve goes on as it ended. */
export function curveCostUsdPerHour(curve: CostCurve, outputMw: number): number {
  if (curve.kind === 'quadratic')
    return (curve.quadraticUsdPerMw2h * outputMw + curve.linearUsdPerMwh) * outputMw + curve.constantUsdPerHour;
  const { points } = curve;
  let last = 1;
  while (last < points.length - 1 && outputMw > (points[last]?.outputMw ?? Infinity)) last++;
  const [from, to] = [points[last - 1], points[last]];
  if (from === undefined || to === undefined) return 0;
  const slope = (to.usdPerHour - from.usdPerHour) / (to.outputMw - from.outputMw);
  return from.usdPerHour + slope * (outputMw - from.outputMw);
}

/** Marginal cost of an output on a quadratic curve, USD/MWh. */
export function marginalUsdPerMwh(curve: Bent, outputMw: number): number {
  return 2 * curve.quadraticUsdPerMw2h * outputMw + curve.linearUsdPerMwh;
}

/** Output range of a unit in one dispatch, MW. */
export interface Range {
  readonly fromMw: number;
  readonly toMw: number;
}

/** Corners of the pieces between the ends of a range, [pieces + 1], never falling. Quadratic: equal steps to begin with. */
export function cornersOf(curve: CostCurve, { fromMw, toMw }: Range): Float64Array {
  const pieces = piecesIn(curve);
  const corners = new Float64Array(pieces + 1);
  for (let corner = 0; corner <= pieces; corner++) {
    const inside = curve.kind === 'quadratic' ? fromMw + ((toMw - fromMw) * corner) / pieces : (curve.points[corner]?.outputMw ?? toMw);
    corners[corner] = Math.min(toMw, Math.max(fromMw, inside));
  }
  corners[0] = fromMw;
  corners[pieces] = toMw;
  return corners;
}

/** Corners round an output: four short pieces of `stepMw` about it, and the rest of the range on both sides. */
export function cornersAround(outputMw: number, stepMw: number, { fromMw, toMw }: Range): Float64Array {
  const inside = [-2, -1, 0, 1, 2].map((step) => Math.min(toMw, Math.max(fromMw, outputMw + step * stepMw)));
  return Float64Array.from([fromMw, ...inside, toMw]);
}

/** Slope of a piece, USD/MWh; of a piece without width that of the curve there. */
export function slopeUsdPerMwh(curve: CostCurve, corners: Float64Array, piece: number): number {
  const [from, to] = [at(corners, piece), at(corners, piece + 1)];
  if (curve.kind === 'quadratic') return curve.quadraticUsdPerMw2h * (from + to) + curve.linearUsdPerMwh;
  const [first, second] = [curve.points[piece], curve.points[piece + 1]];
  if (first === undefined || second === undefined) return 0;
  return (second.usdPerHour - first.usdPerHour) / (second.outputMw - first.outputMw);
}

import { at } from '../grid/dense.js';
import { leastBetween, lineThrough } from './leastSquares.js';

/** Power that rises with load and levels off: floor + rise x shape(load / scale). */
export interface Saturation {
  readonly form: 'clipped-line' | 'exponential' | 'hyperbola';
  /** Power without load, W. */
  readonly floorW: number;
  /** From the floor to where it levels off, W. */
  readonly riseW: number;
  /** Load of the knee (line), of 63 % of the rise (exponential), of half of it (hyperbola). */
  readonly scale: number;
  readonly rmseW: number;
  readonly points: number;
}

const shapes = {
  'clipped-line': (load: number): number => Math.min(1, load),
  exponential: (load: number): number => -Math.expm1(-load),
  hyperbola: (load: number): number => load / (1 + load),
} as const;

/** Least-squares fits of the three forms, best first: for each scale the floor and the rise are a straight line, the scale is searched. */
export function fitSaturations(load: Float64Array, powerW: Float64Array): readonly Saturation[] {
  const most = load.reduce((top, value) => Math.max(top, value), 0);
  return (['clipped-line', 'exponential', 'hyperbola'] as const)
    .map((form): Saturation => {
      const lineAt = (scale: number) =>
        lineThrough(
          load.map((_, i) => shapes[form](at(load, i) / scale)),
          powerW,
        );
      const scale = leastBetween({ low: most / 400, high: most }, (value) => lineAt(value).rmse);
      const { intercept, slope, rmse } = lineAt(scale);
      return { form, floorW: intercept, riseW: slope, scale, rmseW: rmse, points: load.length };
    })
    .sort((a, b) => a.rmseW - b.rmseW);
}

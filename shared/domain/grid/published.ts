/** A number as it leaves the model: to nine decimals, where rounding of the solver would show, and never -0. */
export function published(value: number): number {
  return Math.round(value * 1e9) / 1e9 + 0;
}

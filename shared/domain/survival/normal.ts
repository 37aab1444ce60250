/** Beyond this many deviations the series for the middle loses digits, and the fraction for the tail takes over. */
const tailFrom = 3;

/** Density of the standard normal distribution. */
function density(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
}

/** Share of a standard normal below `z`, to 1e-14. Source: Marsaglia, J. Statistical Software 11(4), 2004, in the middle. */
export function normalBelow(z: number): number {
  if (z > tailFrom) return 1 - density(z) * tailOverDensity(z);
  if (z < -tailFrom) return density(z) * tailOverDensity(-z);
  let [term, sum] = [z, z];
  for (let k = 3; Math.abs(term) > 1e-17; k += 2) {
    term *= (z * z) / k;
    sum += term;
  }
  return 0.5 + sum * density(z);
}

/** Density over what is left above `z`, the hazard of a standard normal; right far out in the tail as well. */
export function normalHazard(z: number): number {
  return z > tailFrom ? 1 / tailOverDensity(z) : density(z) / normalBelow(-z);
}

/** Logarithm of the share of a standard normal above `z`. */
export function logNormalAbove(z: number): number {
  if (z <= tailFrom) return Math.log(normalBelow(-z));
  return (-z * z) / 2 - Math.log(2 * Math.PI) / 2 + Math.log(tailOverDensity(z));
}

/** The number of deviations below which `ratio` of a standard normal lies, by halving; needs 0 < ratio < 1. */
export function normalQuantile(ratio: number): number {
  let [low, high] = [-40, 40];
  for (let turn = 0; turn < 80; turn++) {
    const middle = (low + high) / 2;
    if (normalBelow(middle) < ratio) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Mills' ratio, tail over density, for z above 3: Laplace's continued fraction from its far end. */
function tailOverDensity(z: number): number {
  let below = z;
  for (let k = 60; k >= 1; k--) below = z + k / below;
  return 1 / below;
}

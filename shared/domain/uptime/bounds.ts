/** Both ends of a 95 % statement: the true value lies above `low` in 95 of 100 cases, and below `high` in 95 of 100. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

const tail = 0.05;

/**
 * Exact bounds of the mean of a Poisson count, from a count that was seen: mean at which so many or more have a chance of 5 %, and mean at
 * which so many or fewer have. With none seen the upper one is -ln 0.05 = 2.996, the "rule of three". Source: Garwood, Biometrika 28, 1936.
 */
export function poissonBounds(count: number): Bounds {
  const high = bisect((mean) => poissonUpTo(count, mean) - tail, 0, 10 + 3 * count);
  const low = count === 0 ? 0 : bisect((mean) => tail - (1 - poissonUpTo(count - 1, mean)), 0, count + 1);
  return { low, high };
}

/**
 * Bounds of the share of time lost when working and interrupted times are exponential: the count is Poisson and the sum of the lengths
 * is gamma, so that the odds follow an F distribution, written here with quantiles of the beta distribution as Clopper and Pearson's are.
 * Needs one interruption or more. Source: Barlow and Proschan, Statistical Theory of Reliability, 1975.
 */
export function lostShareBounds(of: { readonly interruptions: number; readonly lost: number; readonly working: number }): Bounds {
  const odds = of.lost / Math.max(of.working, 1e-9 * of.lost);
  const share = (quantile: number): number => {
    const value = (odds * quantile) / (1 - quantile);
    return Number.isFinite(value) ? value / (1 + value) : 1;
  };
  const { interruptions: count } = of;
  return { low: share(betaQuantile(tail, count, count)), high: share(betaQuantile(1 - tail, count + 1, count)) };
}

/** Value below which a beta distribution lies with a probability; both parameters whole numbers from 1. */
export function betaQuantile(probability: number, a: number, b: number): number {
  return bisect((x) => betaBelow(x, a, b) - probability, 0, 1);
}

/** Probability of a beta distribution below x, as that of `a` or more successes in a + b - 1 trials. */
function betaBelow(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const trials = a + b - 1;
  let term = trials * Math.log1p(-x);
  let sum = 0;
  for (let k = 0; k < trials; k++) {
    if (k >= a) sum += Math.exp(term);
    term += Math.log((trials - k) / (k + 1)) + Math.log(x / (1 - x));
  }
  return sum + Math.exp(term);
}

/** Probability of a Poisson count up to `count`. */
function poissonUpTo(count: number, mean: number): number {
  if (mean <= 0) return 1;
  let term = -mean;
  let sum = 0;
  for (let k = 0; k <= count; k++) {
    sum += Math.exp(term);
    term += Math.log(mean / (k + 1));
  }
  return Math.min(1, sum);
}

/** Where a function that changes its sign once between two bounds does so, to the last bits. */
function bisect(f: (x: number) => number, from: number, to: number): number {
  let [low, high] = [from, to];
  const rises = f(low) < f(high);
  for (let round = 0; round < 100; round++) {
    const middle = (low + high) / 2;
    if (f(middle) < 0 === rises) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Values above 0 at years from some start; [points] each. */
export interface Growing {
  readonly years: Float64Array;
  readonly logs: Float64Array;
}

/** A curve through the logarithms of growing values. */
export interface GrowthFit {
  readonly kind: 'exponential' | 'logistic';
  /** Logarithm of the value at a time, years. */
  logAt(years: number): number;
  /** Growth while far from any end, 1/a. */
  readonly rate: number;
  /** Where it ends; null: it does not. */
  readonly ceiling: number | null;
  /** Sum of squared differences of logarithms, and Akaike's criterion of it. */
  readonly squares: number;
  readonly aic: number;
  /** Spread of the logarithms about the curve. */
  readonly sigma: number;
}

/** Steps are at least so far from a curve, in logarithms: values that lie on it by chance are not known better than to 5 % (assumed). */
const leastSigma = 0.05;

function fitOf(kind: GrowthFit['kind'], of: Pick<GrowthFit, 'logAt' | 'rate' | 'ceiling'>, { years, logs }: Growing): GrowthFit {
  const parameters = kind === 'exponential' ? 2 : 3;
  let squares = 0;
  logs.forEach((log, place) => (squares += (log - of.logAt(years[place] ?? 0)) ** 2));
  const sigma = Math.max(leastSigma, Math.sqrt(squares / Math.max(1, logs.length - parameters)));
  const aic = logs.length * Math.log(Math.max(squares, logs.length * leastSigma ** 2) / logs.length) + 2 * parameters;
  return { kind, ...of, squares, sigma, aic };
}

/** Straight line by least squares. */
function line(xs: Float64Array, ys: Float64Array): { readonly a: number; readonly b: number } {
  const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(xs), mean(ys)];
  let [up, down] = [0, 0];
  xs.forEach((each, place) => {
    up += (each - x) * ((ys[place] ?? 0) - y);
    down += (each - x) ** 2;
  });
  const b = down > 0 ? up / down : 0;
  return { a: y - b * x, b };
}

/** Exponential growth: a straight line through the logarithms. */
export function fitExponential(growing: Growing): GrowthFit {
  const { a, b } = line(growing.years, growing.logs);
  return fitOf('exponential', { logAt: (years) => a + b * years, rate: b, ceiling: null }, growing);
}

const mostSteps = 100;

/** Logistic growth towards a given ceiling, K / (1 + exp(-(a + b t))), by Gauss and Newton on the logarithms, halving steps that do not help. */
export function fitLogistic(growing: Growing, ceiling: number): GrowthFit {
  const { years, logs } = growing;
  const top = Math.log(ceiling);
  const logWith = (a: number, b: number, t: number): number => top - Math.log1p(Math.exp(-(a + b * t)));
  const squaresOf = (a: number, b: number): number => {
    let sum = 0;
    logs.forEach((log, place) => (sum += (log - logWith(a, b, years[place] ?? 0)) ** 2));
    return sum;
  };
  const start = line(
    years,
    logs.map((log) => log - Math.log(Math.max(1e-9, ceiling - Math.exp(log)))),
  );
  let { a, b } = start;
  let squares = squaresOf(a, b);
  for (let step = 0; step < mostSteps; step++) {
    const next = stepOf(growing, { a, b, logWith });
    let share = 1;
    while (share > 1e-6 && squaresOf(a + share * next.a, b + share * next.b) >= squares) share /= 2;
    if (share <= 1e-6) break;
    a += share * next.a;
    b += share * next.b;
    squares = squaresOf(a, b);
  }
  return fitOf('logistic', { logAt: (t) => logWith(a, b, t), rate: b, ceiling }, growing);
}

function stepOf(
  { years, logs }: Growing,
  at: { readonly a: number; readonly b: number; readonly logWith: (a: number, b: number, t: number) => number },
): { readonly a: number; readonly b: number } {
  let [aa, ab, bb, ra, rb] = [0, 0, 0, 0, 0];
  logs.forEach((log, place) => {
    const t = years[place] ?? 0;
    const slope = 1 / (1 + Math.exp(at.a + at.b * t));
    const residual = log - at.logWith(at.a, at.b, t);
    aa += slope * slope;
    ab += slope * slope * t;
    bb += slope * slope * t * t;
    ra += slope * residual;
    rb += slope * t * residual;
  });
  const determinant = aa * bb - ab * ab;
  if (!(Math.abs(determinant) > 1e-30)) return { a: 0, b: 0 };
  return { a: (bb * ra - ab * rb) / determinant, b: (aa * rb - ab * ra) / determinant };
}

/** Ceilings that are tried, in multiples of the largest value: from just above it to where nothing is seen of them. */
export const ceilingMultiples: readonly number[] = Array.from({ length: 60 }, (_, step) => 1.05 * 10 ** (step / 15));

/** The logistic of the ceiling that fits best, and the ceilings whose fit is not worse by 2 in Akaike's criterion. */
export function bestLogistic(growing: Growing): { readonly fit: GrowthFit; readonly ceilings: readonly number[] } {
  const largest = Math.exp(growing.logs.reduce((most, log) => Math.max(most, log), -Infinity));
  const fits = ceilingMultiples.map((multiple) => fitLogistic(growing, multiple * largest));
  const fit = fits.reduce((best, each) => (each.squares < best.squares ? each : best));
  return { fit, ceilings: fits.filter(({ aic }) => aic - fit.aic < 2).map(({ ceiling }) => ceiling ?? Infinity) };
}

/** Mean logarithm of the density that a fit gave to what came later: higher is better. */
export function logScore({ logAt, sigma }: GrowthFit, later: Growing): number {
  let sum = 0;
  later.logs.forEach((log, place) => {
    const z = (log - logAt(later.years[place] ?? 0)) / sigma;
    sum += -0.5 * z * z - Math.log(sigma * Math.sqrt(2 * Math.PI));
  });
  return sum / later.logs.length;
}

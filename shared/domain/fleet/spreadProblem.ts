import type { LossCurve } from './lossCurve.js';

/** A run of the fleet as the search sees it. */
export interface Seat {
  /** Place of its campus among the bounds. */
  readonly campus: number;
  readonly curve: LossCurve;
  /** Runs with the same key are alike in everything the search looks at. */
  readonly key: string;
}

/** Runs and how much of what they free counts. */
export interface SpreadProblem {
  readonly seats: readonly Seat[];
  /** By campus, MW: what is freed beyond it does not count. */
  readonly boundsMw: readonly number[];
  readonly wantedMw: number;
}

/** What is settled about a run: it pauses, it does not pause, or nothing. */
export type Mark = 'paused' | 'kept' | 'open';

/** A way to free what is wanted. */
export interface SpreadPlan {
  readonly isPaused: readonly boolean[];
  /** By a cap, MW; 0 where it pauses. */
  readonly cappedMw: readonly number[];
  /** Accelerator-hours by priority weight. */
  readonly cost: number;
}

/** A bound from below on every plan that agrees with the marks, and the pauses it points at. */
export interface LowerBound {
  readonly cost: number;
  readonly isPaused: readonly boolean[];
  /** What pausing each run costs beyond its best cap at the price found; near 0: undecided, infinite: settled. */
  readonly extra: readonly number[];
}

const halvings = 60;
const toleranceMw = 1e-9;

/** What counts of what each campus frees, together, MW. */
export function creditMw({ boundsMw }: SpreadProblem, freedMw: readonly number[]): number {
  return boundsMw.reduce((sum, bound, campus) => sum + Math.min(bound, freedMw[campus] ?? 0), 0);
}

/** Most that can count when the marks hold, MW. */
export function mostMw(problem: SpreadProblem, marks: readonly Mark[]): number {
  return creditMw(
    problem,
    byCampus(problem, ({ curve }, at) => (marks[at] === 'kept' ? curve.deepestMw : Math.max(curve.pausedMw, curve.deepestMw))),
  );
}

/** The cheapest caps beside given pauses, exact to 1e-9; null when they do not free enough. */
export function fillCaps(problem: SpreadProblem, isPaused: readonly boolean[]): SpreadPlan | null {
  const { seats, boundsMw, wantedMw } = problem;
  const pausedMw = byCampus(problem, ({ curve }, at) => (isPaused[at] === true ? curve.pausedMw : 0));
  const leftMw = wantedMw - creditMw(problem, pausedMw);
  const roomMw = boundsMw.map((bound, campus) => Math.max(0, bound - (pausedMw[campus] ?? 0)));
  const caps = { ...problem, boundsMw: roomMw };
  const deepestMw = byCampus(problem, ({ curve }, at) => (isPaused[at] === true ? 0 : curve.deepestMw));
  if (creditMw(caps, deepestMw) < leftMw - toleranceMw) return null;
  const cappedMw = leftMw <= toleranceMw ? seats.map(() => 0) : capsThatFree(caps, isPaused, leftMw);
  const cost = seats.reduce((sum, { curve }, at) => {
    const mw = cappedMw[at] ?? 0;
    return sum + curve.weight * (isPaused[at] === true ? curve.pauseLoss : mw > 0 ? curve.capLoss(mw) : 0);
  }, 0);
  return { isPaused, cappedMw, cost };
}

/** Caps at one price per MW over all campuses, lower where the bound of a campus is reached. */
function capsThatFree(problem: SpreadProblem, isPaused: readonly boolean[], leftMw: number): readonly number[] {
  const { seats, boundsMw } = problem;
  const depthAt = ({ curve }: Seat, at: number, price: number): number => (isPaused[at] === true ? 0 : curve.depthAt(price / curve.weight));
  const sumsAt = (price: number): readonly number[] => byCampus(problem, (seat, at) => depthAt(seat, at, price));
  const top = topPrice(problem);
  const price = lowestWhere((candidate) => creditMw(problem, sumsAt(candidate)) >= leftMw, top);
  const sums = sumsAt(price);
  const own = boundsMw.map((bound, campus) =>
    (sums[campus] ?? 0) <= bound ? price : lowestWhere((candidate) => (sumsAt(candidate)[campus] ?? 0) >= bound, price),
  );
  const depths = seats.map((seat, at) => depthAt(seat, at, own[seat.campus] ?? 0));
  return scaled(problem, depths, leftMw);
}

/** What lies above the wanted power by a jump of price is given back, last campus first. */
function scaled(problem: SpreadProblem, depths: readonly number[], leftMw: number): readonly number[] {
  const { seats, boundsMw } = problem;
  const freed = byCampus(problem, (_, at) => depths[at] ?? 0);
  let overMw = creditMw(problem, freed) - leftMw;
  const target = freed.map((mw, campus) => Math.min(mw, boundsMw[campus] ?? 0));
  for (let campus = target.length - 1; campus >= 0 && overMw > 0; campus--) {
    const giveMw = Math.min(overMw, target[campus] ?? 0);
    target[campus] = (target[campus] ?? 0) - giveMw;
    overMw -= giveMw;
  }
  return seats.map(({ campus }, at) => {
    const mw = freed[campus] ?? 0;
    return mw <= 0 ? 0 : (depths[at] ?? 0) * ((target[campus] ?? 0) / mw);
  });
}

/**
 * A bound from below by prices: each campus pays its own price for a MW up to what counts of it, no more than the common one. Any prices
 * give a valid bound; these are the best ones.
 */
export function lowerBound(problem: SpreadProblem, marks: readonly Mark[]): LowerBound {
  const { seats, boundsMw, wantedMw } = problem;
  const top = topPrice(problem);
  const places = boundsMw.map((_, campus) => seats.flatMap((seat, at) => (seat.campus === campus ? [at] : [])));
  const choiceAt = (at: number, price: number) => bestAt(seats[at] as Seat, marks[at] ?? 'open', price);
  const freedAt = (campus: number, price: number): number =>
    (places[campus] ?? []).reduce((sum, at) => sum + choiceAt(at, price).freedMw, 0);
  // The lowest price at which a campus frees all that counts; above it, it earns nothing more.
  const ceilings = boundsMw.map((bound, campus) =>
    freedAt(campus, top) < bound ? Infinity : lowestWhere((price) => freedAt(campus, price) >= bound, top),
  );
  const creditAt = (price: number): number =>
    boundsMw.reduce((sum, bound, campus) => sum + (price >= (ceilings[campus] ?? top) ? bound : freedAt(campus, price)), 0);
  const price = lowestWhere((candidate) => creditAt(candidate) >= wantedMw, top);
  const own = ceilings.map((ceiling) => Math.min(ceiling, price));
  const chosen = seats.map(({ campus }, at) => choiceAt(at, own[campus] ?? 0));
  const unearned = boundsMw.reduce((sum, bound, campus) => {
    const lessPrice = price - (own[campus] ?? 0);
    return lessPrice > 0 ? sum + lessPrice * bound : sum;
  }, 0);
  return {
    cost: price * wantedMw + chosen.reduce((sum, { value }) => sum + value, 0) - unearned,
    isPaused: chosen.map(({ isPaused }) => isPaused),
    extra: chosen.map(({ extra }) => extra),
  };
}

/** What a run does when a MW earns a price: cost less earnings of the better of its two ways. */
function bestAt({ curve }: Seat, mark: Mark, price: number) {
  const depth = curve.depthAt(price / curve.weight);
  const capValue = depth > 0 ? curve.weight * curve.capLoss(depth) - price * depth : 0;
  const pauseValue = curve.weight * curve.pauseLoss - price * curve.pausedMw;
  const isPaused = mark === 'paused' || (mark === 'open' && pauseValue < capValue);
  return {
    isPaused,
    freedMw: isPaused ? curve.pausedMw : depth,
    value: isPaused ? pauseValue : capValue,
    extra: mark === 'open' ? pauseValue - capValue : isPaused ? -Infinity : Infinity,
  };
}

/** A price at which everybody gives all there is. */
function topPrice({ seats }: SpreadProblem): number {
  const dearest = seats.map(({ curve }) => {
    const slope = curve.deepestMw > 0 ? (curve.capLoss(curve.deepestMw) - curve.capLoss(0.999 * curve.deepestMw)) / curve.deepestMw : 0;
    const perMw = curve.pausedMw > 0 ? curve.pauseLoss / curve.pausedMw : 0;
    return curve.weight * (perMw + 1_000 * slope);
  });
  return 1 + 1_000 * Math.max(0, ...dearest);
}

/** The lowest number up to `top` where something that stays true once it is true holds, from above. */
function lowestWhere(holds: (value: number) => boolean, top: number): number {
  let [low, high] = [0, top];
  for (let halving = 0; halving < halvings; halving++) {
    const middle = (low + high) / 2;
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}

function byCampus({ seats, boundsMw }: SpreadProblem, mwOf: (seat: Seat, at: number) => number): readonly number[] {
  const sums = boundsMw.map(() => 0);
  seats.forEach((seat, at) => {
    sums[seat.campus] = (sums[seat.campus] ?? 0) + mwOf(seat, at);
  });
  return sums;
}

import { stepMwOf, wordsOf, type BuildOption, type Sizes } from './options.js';

/** What has to be met, and what it costs. */
export interface MixProblem {
  readonly options: readonly BuildOption[];
  /** Loss-of-load expectation of a build, days a year; never rises with any size. */
  lossDays(sizesMw: Sizes): number;
  /** All that a build costs a year, USD. */
  costUsd(sizesMw: Sizes): number;
  readonly targetDays: number;
  /** Nameplate of each option at most, MW. */
  readonly maxMw: number;
  /** Hears how a search goes. */
  readonly say?: (line: string) => void;
}

/** Steps of the search, MW; the finest says how exact it is. */
export const searchStepsMw = [1_600, 800, 400, 200, 100] as const;

/** Moves that are tried before a step counts as exhausted, and moves that are made with one step at most. */
const mostTries = 10;
const mostMoves = 60;
/** A move has to save more than this share. */
const leastGainRatio = 1e-5;

/** The least of one option, others as they are, with which the target is held; null when `maxMw` of it are too little. */
export function closedWith(problem: MixProblem, sizesMw: Sizes, place: number): Sizes | null {
  const option = problem.options[place];
  if (option === undefined) return null;
  const stepMw = stepMwOf(option);
  const withSteps = (steps: number): Sizes => sizesMw.map((mw, each) => (each === place ? steps * stepMw : mw));
  const isMet = (steps: number): boolean => problem.lossDays(withSteps(steps)) <= problem.targetDays;
  const most = Math.floor(problem.maxMw / stepMw + 1e-9);
  const now = Math.min(most, Math.round((sizesMw[place] ?? 0) / stepMw));
  // Widens from what is there, so that a small change is found in few trials.
  let [low, high] = [-1, -1];
  for (let width = 1, steps = now; high < 0; width *= 4) {
    if (isMet(steps)) {
      high = steps;
      while (low < 0 && high > 0) {
        const below = Math.max(0, high - width);
        if (!isMet(below)) low = below;
        else high = below;
        width *= 4;
      }
    } else {
      if (steps >= most) return null;
      low = steps;
      steps = Math.min(most, steps + width);
    }
  }
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (isMet(middle)) high = middle;
    else low = middle;
  }
  return withSteps(high);
}

/** The least of one option alone that holds the target; null when `maxMw` of it are too little. */
export function alone(problem: MixProblem, place: number): Sizes | null {
  return closedWith(
    problem,
    problem.options.map(() => 0),
    place,
  );
}

/**
 * The cheapest build of the allowed options that a search finds: a step more or less of one is met by the least of another that holds the
 * target, in ever finer steps, while that saves; moves are tried by what slopes promise. It starts from the cheapest option that holds the
 * target alone, from the most of all cut to what is needed, and from `known` builds, so that it is never worse than those. Null when the
 * most of all is too little.
 */
export function bestMix(problem: MixProblem, allowed: readonly number[], known: readonly Sizes[] = []): Sizes | null {
  let best: Sizes | null = null;
  const starts = new Map([...known, ...startsOf(problem, allowed)].map((start) => [start.join(), start]));
  for (const start of starts.values()) {
    let build = start;
    for (const stepMw of searchStepsMw) build = descended(problem, allowed, { build, stepMw });
    problem.say?.(`from ${wordsOf(problem.options, start)} to ${wordsOf(problem.options, build)}`);
    if (best === null || problem.costUsd(build) < problem.costUsd(best)) best = build;
  }
  return best;
}

function startsOf(problem: MixProblem, allowed: readonly number[]): Sizes[] {
  const cheapest = allowed
    .map((place) => alone(problem, place))
    .filter((sizes) => sizes !== null)
    .reduce<Sizes | null>((best, sizes) => (best === null || problem.costUsd(sizes) < problem.costUsd(best) ? sizes : best), null);
  return [cheapest, cutDown(problem, allowed)].filter((sizes) => sizes !== null);
}

/** The most of everything, cut in halves together, then one by one, dearest first. */
function cutDown(problem: MixProblem, allowed: readonly number[]): Sizes | null {
  const { options, maxMw } = problem;
  const shareOf = (ratio: number): Sizes =>
    options.map((option, place) => (allowed.includes(place) ? Math.floor((ratio * maxMw) / stepMwOf(option)) * stepMwOf(option) : 0));
  let sizesMw = shareOf(1);
  if (problem.lossDays(sizesMw) > problem.targetDays) return null;
  for (let ratio = 0.5; ratio > 1 / 64 && problem.lossDays(shareOf(ratio)) <= problem.targetDays; ratio /= 2) sizesMw = shareOf(ratio);
  const fixed = (place: number): number => options[place]?.fixedUsdPerMwYear ?? 0;
  for (const place of [...allowed].sort((a, b) => fixed(b) - fixed(a))) sizesMw = closedWith(problem, sizesMw, place) ?? sizesMw;
  return sizesMw;
}

interface Slope {
  readonly place: number;
  /** By how much it can go up and down, MW. */
  readonly changeMw: number;
  /** What a MW more costs a year. */
  readonly usdPerMw: number;
  /** By how much a MW more lowers the logarithm of the expectation. */
  readonly reliefPerMw: number;
}

function descended(
  problem: MixProblem,
  allowed: readonly number[],
  { build, stepMw }: { readonly build: Sizes; readonly stepMw: number },
): Sizes {
  let [sizesMw, usd] = [build, problem.costUsd(build)];
  for (let move = 0; move < mostMoves; move++) {
    let found: Sizes | null = null;
    for (const { to, closer } of movesFrom(problem, slopesAt(problem, allowed, { sizesMw, stepMw }), sizesMw).slice(0, mostTries)) {
      const closed = closedWith(problem, to, closer);
      if (closed === null || problem.costUsd(closed) >= usd * (1 - leastGainRatio)) continue;
      found = closed;
      break;
    }
    if (found === null) return sizesMw;
    [sizesMw, usd] = [found, problem.costUsd(found)];
  }
  return sizesMw;
}

function slopesAt(
  problem: MixProblem,
  allowed: readonly number[],
  { sizesMw, stepMw }: { readonly sizesMw: Sizes; readonly stepMw: number },
): Slope[] {
  const logDays = (sizes: Sizes): number => Math.log(problem.lossDays(sizes));
  const [usd, days] = [problem.costUsd(sizesMw), logDays(sizesMw)];
  return allowed.flatMap((place) => {
    const option = problem.options[place];
    if (option === undefined) return [];
    const changeMw = Math.max(1, Math.round(stepMw / stepMwOf(option))) * stepMwOf(option);
    const up = moved(sizesMw, place, changeMw);
    const usdPerMw = (problem.costUsd(up) - usd) / changeMw;
    // Where nothing is ever short, no more of anything can help, and every MW counts the same.
    const reliefPerMw = days < leastLogDays ? 1 : Math.max(0, (days - Math.max(logDays(up), leastLogDays)) / changeMw);
    return [{ place, changeMw, usdPerMw, reliefPerMw }];
  });
}

/** Expectations below this count as none, ln of days a year. */
const leastLogDays = Math.log(1e-9);

/** Steps of one option up or down and who closes the gap, by what they promise; those that promise nothing are left out. */
function movesFrom(problem: MixProblem, slopes: readonly Slope[], sizesMw: Sizes): { readonly to: Sizes; readonly closer: number }[] {
  const leastRelief = 1e-7;
  const moves = slopes.flatMap((one) =>
    slopes.flatMap((other) => {
      if (one === other || other.reliefPerMw < leastRelief) return [];
      const netUsdPerMw = one.usdPerMw - (one.reliefPerMw / other.reliefPerMw) * other.usdPerMw;
      const isUp = netUsdPerMw < 0;
      const now = sizesMw[one.place] ?? 0;
      const changeMw = isUp ? Math.min(one.changeMw, problem.maxMw - now) : -Math.min(one.changeMw, now);
      if (Math.abs(changeMw) < 1e-6 || (isUp && (sizesMw[other.place] ?? 0) === 0)) return [];
      return [{ to: moved(sizesMw, one.place, changeMw), closer: other.place, gainUsd: Math.abs(netUsdPerMw * changeMw) }];
    }),
  );
  return moves.sort((a, b) => b.gainUsd - a.gainUsd);
}

function moved(sizesMw: Sizes, place: number, changeMw: number): Sizes {
  return sizesMw.map((mw, each) => (each === place ? Math.max(0, mw + changeMw) : mw));
}

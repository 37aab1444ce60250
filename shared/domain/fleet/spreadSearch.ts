import { fillCaps, lowerBound, mostMw, type LowerBound, type Mark, type SpreadPlan, type SpreadProblem } from './spreadProblem.js';

/** The best plan found, and how far from the best of all it can be. */
export interface SpreadAnswer {
  readonly plan: SpreadPlan;
  /** What counts of what it frees, up to what is wanted, MW. */
  readonly reachedMw: number;
  /** No plan costs less than this share below it. */
  readonly gapRatio: number;
}

/** Bounds computed at most, runs times branches. */
const workMax = 40_000;
/** Larger fleets are improved by single changes only. */
const swapsUpTo = 24;
/** Plans of larger fleets that may be this share better are not looked for. */
const exactUpTo = 12;
const enoughRatio = 1e-4;
/** How many of them are looked at to begin with. */
const prefixesMax = 40;
const roundingRatio = 1e-9;
const toleranceMw = 1e-9;

/**
 * Frees what is wanted, or all there is, at the least loss: branch and bound over which runs pause, with the cheapest caps for the rest.
 * Every choice is by cost, then by order, so that the same fleet gets the same answer.
 */
export function solveSpread(asked: SpreadProblem): SpreadAnswer {
  const open = asked.seats.map((): Mark => 'open');
  const reachedMw = Math.max(0, Math.min(asked.wantedMw, mostMw(asked, open)));
  const problem = { ...asked, wantedMw: reachedMw - toleranceMw };
  const everything = fillCaps(
    problem,
    asked.seats.map(({ curve }) => curve.pausedMw >= curve.deepestMw),
  );
  const nothing: SpreadPlan = { isPaused: asked.seats.map(() => false), cappedMw: asked.seats.map(() => 0), cost: 0 };
  if (reachedMw <= toleranceMw || everything === null) return { plan: nothing, reachedMw: 0, gapRatio: 0 };
  const root = lowerBound(problem, open);
  const nearRatio = asked.seats.length <= exactUpTo ? roundingRatio : enoughRatio;
  const enough = root.cost / (1 - nearRatio);
  const start = improved(problem, rounded(problem, root, everything), enough);
  const found = branch(problem, { open, start, nearRatio });
  const rootGap = found.plan.cost > 0 ? Math.max(0, 1 - root.cost / found.plan.cost) : 0;
  return { plan: found.plan, reachedMw, gapRatio: found.isWhole ? Math.min(nearRatio, rootGap) : rootGap };
}

/** Depth first, the way the bound points at before the other; alike runs are told apart by their order only. */
function branch(
  problem: SpreadProblem,
  { open, start, nearRatio }: { readonly open: readonly Mark[]; readonly start: SpreadPlan; readonly nearRatio: number },
): { readonly plan: SpreadPlan; readonly isWhole: boolean } {
  const nodesMax = Math.ceil(workMax / Math.max(1, problem.seats.length));
  const stack: (readonly Mark[])[] = [open];
  let [plan, nodes] = [start, 0];
  for (let marks = stack.pop(); marks !== undefined; marks = stack.pop()) {
    if (nodes++ >= nodesMax) return { plan, isWhole: false };
    if (mostMw(problem, marks) < problem.wantedMw) continue;
    const bound = lowerBound(problem, marks);
    if (bound.cost >= plan.cost * (1 - nearRatio)) continue;
    const candidate = fillCaps(problem, bound.isPaused);
    if (candidate !== null && candidate.cost < plan.cost * (1 - roundingRatio)) plan = candidate;
    const at = leastSettled(problem, marks, bound.extra);
    if (at === null) continue;
    const paused = withMark(problem, marks, at, 'paused');
    const kept = withMark(problem, marks, at, 'kept');
    if (bound.isPaused[at] === true) stack.push(kept, paused);
    else stack.push(paused, kept);
  }
  return { plan, isWhole: true };
}

/** The open run that is most undecided; of runs that are alike the first. */
function leastSettled({ seats }: SpreadProblem, marks: readonly Mark[], extra: readonly number[]): number | null {
  let best: number | null = null;
  const seen = new Set<string>();
  const sizeOf = (at: number): number => Math.abs(extra[at] ?? Infinity);
  marks.forEach((mark, at) => {
    const key = seats[at]?.key ?? '';
    if (mark !== 'open' || seen.has(key)) return;
    seen.add(key);
    if (best === null || sizeOf(at) < sizeOf(best)) best = at;
  });
  return best;
}

/** Settles a run; once one is kept, so are all later ones like it. */
function withMark({ seats }: SpreadProblem, marks: readonly Mark[], at: number, mark: Mark): readonly Mark[] {
  const key = seats[at]?.key;
  return marks.map((own, place) => {
    if (place === at) return mark;
    return mark === 'kept' && own === 'open' && place > at && seats[place]?.key === key ? 'kept' : own;
  });
}

/**
 * The best of the plans that pause the first few runs in the order in which the bound would have them pause, from the fewest that are
 * enough; `start` where none is better.
 */
function rounded(problem: SpreadProblem, { extra }: LowerBound, start: SpreadPlan): SpreadPlan {
  const order = extra.map((_, at) => at).sort((a, b) => (extra[a] ?? 0) - (extra[b] ?? 0) || a - b);
  const planOf = (count: number): SpreadPlan | null => {
    const first = new Set(order.slice(0, count));
    return fillCaps(
      problem,
      extra.map((_, at) => first.has(at)),
    );
  };
  let [few, many] = [0, order.length];
  while (few < many) {
    const middle = Math.floor((few + many) / 2);
    if (planOf(middle) === null) few = middle + 1;
    else many = middle;
  }
  const span = order.length - few;
  const counts = Array.from({ length: prefixesMax }, (_, step) =>
    step < prefixesMax / 2 ? few + step : few + Math.round((span * step) / prefixesMax),
  );
  return counts.reduce((best, count) => {
    const plan = planOf(Math.min(count, order.length));
    return plan !== null && plan.cost < best.cost ? plan : best;
  }, start);
}

/** Changes one pause, or swaps two, as long as that costs less and the plan is dearer than `enough`; in large fleets once around. */
function improved(problem: SpreadProblem, start: SpreadPlan, enough: number): SpreadPlan {
  let plan = start;
  for (let before: SpreadPlan | null = null; before !== plan && plan.cost > enough; ) {
    before = plan;
    for (const isPaused of neighbours(plan.isPaused)) {
      const other = fillCaps(problem, isPaused);
      if (other !== null && other.cost < plan.cost * (1 - roundingRatio)) plan = other;
      if (plan.cost <= enough) break;
    }
    if (problem.seats.length > swapsUpTo) break;
  }
  return plan;
}

function* neighbours(isPaused: readonly boolean[]): Generator<readonly boolean[]> {
  const flipped = (...places: readonly number[]): readonly boolean[] => isPaused.map((own, at) => (places.includes(at) ? !own : own));
  for (let at = 0; at < isPaused.length; at++) yield flipped(at);
  if (isPaused.length > swapsUpTo) return;
  for (let at = 0; at < isPaused.length; at++)
    for (let other = at + 1; other < isPaused.length; other++) if (isPaused[at] !== isPaused[other]) yield flipped(at, other);
}

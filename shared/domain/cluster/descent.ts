import { chooseReduction, type Alternative } from './alternatives.js';
import type { FactDataOf } from '../fact.js';
import type { Measure } from './plan.js';
import { finalPower, meanPower, powerAt, steer } from './powerPath.js';
import { baselineWindowMs, progressAt } from './progress.js';
import { published, runsAt, setRun, type Draft, type Order, type RunAt, type RunStep, type Site } from './state.js';
import { capAt, idleMw, stallMw } from './throughput.js';

type Start = Pick<Order, 'epoch' | 'fromMs' | 'rampMs'>;
type PlanData = FactDataOf['cluster.plan.v1'];
const toleranceMw = 1e-9;

/** What inference does on an order, to be said with the plan of training. */
export interface InferencePlan {
  readonly inference: NonNullable<PlanData['inference']>;
  readonly alternatives: readonly Alternative[];
}

/**
 * Plans a reduction of `extraMw` beyond what stands, says the plan and lays the way down of every run from the start of the order; answers
 * what it frees in MW. What was laid before holds until then; from there on every run that has not saved its checkpoint is planned anew,
 * and none goes up: less than stands, below 0, shortens the ways down that are still ahead, of which `aheadMw` was promised, and nothing
 * else.
 */
export function descend(
  draft: Draft,
  site: Site,
  order: Order,
  { extraMw, aheadMw }: { readonly extraMw: number; readonly aheadMw: number },
  inference: InferencePlan | null = null,
): number {
  const free = runsToPlan(draft, site, order);
  const givers = free.map(({ index, run, work }) => {
    const levelMw = powerAt(work.path, order.fromMs);
    return { index, run, levelMw, checkpointAtMs: progressAt(run, work, draft.startMs).checkpointAtMs };
  });
  const laidMw = laidAheadMw(draft, site, order);
  if (extraMw <= 0 && laidMw <= toleranceMw) {
    if (inference !== null) sayPlan(draft, { site, order, alternatives: [], inference });
    return extraMw;
  }
  const { plan, alternatives } = chooseReduction(givers, {
    wantedMw: Math.max(0, extraMw + (extraMw > 0 ? laidMw : Math.min(laidMw, aheadMw))),
    fromMs: order.fromMs,
    rampMs: order.rampMs,
    untilMs: order.untilMs ?? order.fromMs,
    capFloorRatio: capFloor(site, order),
  });
  for (const at of free) {
    const measure = plan.measures.find(({ candidate }) => candidate.index === at.index);
    if (measure !== undefined) layDescent(draft, measure, order);
    else layStop(draft, at, order);
  }
  sayPlan(draft, { site, order, alternatives, inference });
  return plan.freedMw - laidMw;
}

/** Runs that can still be planned anew from the start of an order. */
function runsToPlan(draft: Draft, site: Site, { fromMs }: Pick<Order, 'fromMs'>): readonly RunAt[] {
  return runsAt(draft, site).filter(({ work }) => work.mode === 'running' && (work.workUntilMs === null || work.workUntilMs > fromMs));
}

/** What runs that can still be planned anew will have given up from the start of an order on, MW. */
export function laidAheadMw(draft: Draft, site: Site, order: Pick<Order, 'fromMs'>): number {
  return runsToPlan(draft, site, order).reduce((sum, { work }) => sum + powerAt(work.path, order.fromMs) - finalPower(work.path), 0);
}

/** Lowest cap the contracts called allow; 1 where they only allow pauses. */
function capFloor(site: Site, order: Order): number {
  const contracts = site.contracts.filter(({ id }) => order.contracts.length === 0 || order.contracts.includes(id));
  return Math.min(1, ...contracts.filter(({ tranche }) => tranche === 'cap-and-pause').map(({ capRatio }) => capRatio));
}

/** The whole plan: every run that is, or will be, below what it drew before the event, and what inference gives. */
export function sayPlan(
  draft: Draft,
  said: {
    readonly site: Site;
    readonly order: Order;
    readonly alternatives: readonly Alternative[];
    readonly inference: InferencePlan | null;
  },
): void {
  const { site, order, inference } = said;
  const measures = runsAt(draft, site).flatMap(({ run, work }) => {
    const levelMw = finalPower(work.path);
    if (work.reference === null || work.reference.mw <= levelMw + toleranceMw) return [];
    const isPaused = work.mode !== 'running' || work.workUntilMs !== null;
    const { baselineMw: hourMw, mw } = work.reference;
    const measure = isPaused ? ('pause' as const) : ('cap' as const);
    return [
      { run: run.id, measure, capRatio: isPaused ? 0 : capAt(run, levelMw), reductionMw: published(mw - levelMw), baselineMw: hourMw },
    ];
  });
  const given = inference === null ? 0 : inference.inference.consolidatedMw + inference.inference.movedMw;
  const reductionMw = published(measures.reduce((sum, measure) => sum + measure.reductionMw, given));
  const alternatives = [...(inference?.alternatives ?? []), ...said.alternatives].map(told);
  const bent = inference === null ? {} : { inference: inference.inference };
  draft.sayings.push({
    type: 'cluster.plan.v1',
    region: site.region,
    entity: site.campus.id,
    data: { epoch: order.epoch, reductionMw, measures, ...bent, alternatives },
  });
}

function told({ freedMw, lostAcceleratorHours, ...rest }: Alternative) {
  return { ...rest, freedMw: published(freedMw), lostAcceleratorHours: published(lostAcceleratorHours) };
}

/** A run that is not needed as deep any more stays where it is at the start of the order. */
function layStop(draft: Draft, { index, run, work }: RunAt, { epoch, fromMs }: Start): void {
  const powerMw = powerAt(work.path, fromMs);
  const pending = work.pending.filter((step) => step.atMs < fromMs);
  if (pending.length === work.pending.length && powerMw === finalPower(work.path)) return;
  const hasBegun = work.curtailment !== null || pending.length > 0;
  const stop: RunStep = { kind: 'throttle', atMs: fromMs, epoch, capRatio: capAt(run, powerMw), powerMw };
  setRun(draft, index, { path: steer(work.path, fromMs, fromMs, powerMw), pending: hasBegun ? [...pending, stop] : [], workUntilMs: null });
}

/** Mean power of a run in the hour before the tick, MW. Source of the baseline rule: docs/model.md, Clusters. */
export function baselineMw(draft: Draft, index: number): number {
  const work = draft.runs[index];
  if (work === undefined) return 0;
  const { frame, startMs } = draft;
  return published(meanPower(work.path, Math.max(frame.startMs, startMs - baselineWindowMs), startMs));
}

/** The way down of one run: straight to its level along the ramp; a pause saves its checkpoint where the cap leaves no work. */
export function layDescent(draft: Draft, measure: Measure, order: Start): void {
  const { index, run } = measure.candidate;
  const work = draft.runs[index];
  if (work === undefined) return;
  const { epoch, fromMs, rampMs } = order;
  const reference = work.reference ?? { mw: powerAt(work.path, fromMs), baselineMw: baselineMw(draft, index) };
  const path = steer(work.path, fromMs, fromMs + rampMs, measure.levelMw);
  const earlier = work.pending.filter((step) => step.atMs < fromMs);
  if (measure.kind === 'cap') {
    const step: RunStep = { kind: 'throttle', atMs: fromMs, epoch, capRatio: measure.capRatio, powerMw: measure.levelMw };
    setRun(draft, index, { path, rise: null, pending: [...earlier, step], workUntilMs: null, reference });
    return;
  }
  const topMw = powerAt(work.path, fromMs);
  const spanMw = topMw - idleMw(run);
  const share = spanMw > 0 ? Math.min(1, Math.max(0, (topMw - stallMw(run)) / spanMw)) : 0;
  const savedMs = Math.round(fromMs + share * rampMs);
  const pending: readonly RunStep[] = [
    ...earlier,
    { kind: 'descend', atMs: fromMs, epoch },
    { kind: 'checkpoint', atMs: savedMs, epoch, attempt: 1 },
    { kind: 'pause', atMs: savedMs + Math.round(run.saveSeconds * 1000), epoch, lostSteps: 0 },
  ];
  setRun(draft, index, { path, rise: null, pending, workUntilMs: savedMs, reference });
}

/** Checkpoint and idle at once, without a ramp and outside of any event; says it as a plan of its own. */
export function pauseNow(draft: Draft, site: Site, index: number, epoch: number): void {
  const run = draft.frame.runs[index];
  const work = draft.runs[index];
  if (run === undefined || work === undefined) return;
  const levelMw = powerAt(work.path, draft.startMs);
  const lowMw = Math.min(levelMw, idleMw(run));
  const reductionMw = published(levelMw - lowMw);
  const measure = { run: run.id, measure: 'pause' as const, capRatio: 0, reductionMw, baselineMw: baselineMw(draft, index) };
  draft.sayings.push({
    type: 'cluster.plan.v1',
    region: site.region,
    entity: site.campus.id,
    data: { epoch, reductionMw, measures: [measure] },
  });
  layDescent(
    draft,
    { candidate: { index, run, levelMw }, kind: 'pause', capRatio: 0, levelMw: lowMw },
    { epoch, fromMs: draft.startMs, rampMs: 0 },
  );
  setRun(draft, index, { reference: work.reference });
}

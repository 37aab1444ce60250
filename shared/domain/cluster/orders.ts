import { hourMs } from '../ticks.js';
import { inForceAtMw, pledge, pledgedMw } from '../flexibility/inForce.js';
import { descend } from './descent.js';
import { finalPower, powerAt, steer } from './powerPath.js';
import { published, runsAt, setCampus, setPointMw, setRun, type Draft, type Order, type RunAt, type RunStep, type Site } from './state.js';
import { capAt } from './throughput.js';

type Result = 'accepted' | 'partial' | 'refused';
const toleranceMw = 1e-6;

/** Acts on the newest load target of every campus that has not been acted on: plan, answer, and the way down as steps to come. */
export function answerTargets(draft: Draft): void {
  draft.frame.sites.forEach((site, index) => {
    const campus = draft.campuses[index];
    if (campus === undefined || campus.heard === null) return;
    const order = campus.heard;
    setCampus(draft, index, { heard: null });
    if (order.epoch <= campus.order.epoch) return;
    if (order.reductionMw <= 0 || order.untilMs === null) release(draft, site, index, order);
    else reduce(draft, site, index, { ...order, fromMs: Math.max(order.fromMs, draft.startMs) }, order.untilMs);
  });
}

/** Releases a campus: nothing goes up by itself; what was still on its way down stays where it is. */
function release(draft: Draft, site: Site, index: number, order: Order): void {
  const campus = draft.campuses[index];
  if (campus === undefined) return;
  const end = { fromMs: order.fromMs, rampMs: 0, untilMs: null, reductionMw: 0 };
  const released = { ...order, reductionMw: 0, untilMs: null };
  setCampus(draft, index, {
    order: released,
    asked: pledge(campus.asked, end, draft.startMs),
    inForce: pledge(campus.inForce, end, draft.startMs),
  });
  for (const at of runsAt(draft, site)) {
    stopDescent(draft, at, Math.max(order.fromMs, draft.startMs), order.epoch);
    if (at.work.reference !== null) setRun(draft, at.index, { reference: null });
  }
  answer(draft, site, index, { epoch: order.epoch, result: 'accepted', reason: '', reductionMw: 0 });
}

/** Where a run stops when its order ends before its way down does: at the cap it has by then. */
function stopDescent(draft: Draft, { index, run, work }: RunAt, atMs: number, epoch: number): void {
  const isPast = work.workUntilMs !== null && work.workUntilMs <= atMs;
  if (isPast || (work.pending.length === 0 && finalPower(work.path) === powerAt(work.path, atMs))) return;
  if (work.mode !== 'running' || work.rise !== null) return;
  const path = steer(work.path, atMs, atMs, powerAt(work.path, atMs));
  const pending = work.pending.filter((step) => step.atMs < atMs);
  const hasBegun = work.curtailment !== null || pending.length > 0;
  const powerMw = finalPower(path);
  const stop: RunStep = { kind: 'throttle', atMs, epoch, capRatio: capAt(run, powerMw), powerMw };
  setRun(draft, index, { path, pending: hasBegun ? [...pending, stop] : [], workUntilMs: null });
}

function reduce(draft: Draft, site: Site, index: number, order: Order, untilMs: number): void {
  const campus = draft.campuses[index];
  if (campus === undefined) return;
  const standing = { ...order, untilMs };
  const reason = campus.isTripped ? 'campus is tripped' : untilMs <= order.fromMs ? 'load target ends before it begins' : null;
  if (reason !== null) {
    const end = { fromMs: order.fromMs, rampMs: 0, untilMs: null, reductionMw: 0 };
    const inForce = pledge(campus.inForce, end, draft.startMs);
    setCampus(draft, index, { order: { ...standing, reductionMw: 0, untilMs: null }, inForce, asked: inForce });
    answer(draft, site, index, { epoch: order.epoch, result: 'refused', reason, reductionMw: 0 });
    return;
  }
  for (const at of runsAt(draft, site)) stopRise(draft, at);
  const heldMw = pledgedMw(campus.inForce, order.fromMs);
  const extraMw = order.reductionMw - heldMw;
  const aheadMw = heldMw - inForceAtMw(campus.inForce, order.fromMs);
  const freedMw = Math.abs(extraMw) > toleranceMw ? descend(draft, site, order, { extraMw, aheadMw }) : extraMw;
  const promisedMw = published(heldMw + Math.min(extraMw, freedMw));
  const terms = { fromMs: order.fromMs, rampMs: order.rampMs, untilMs };
  setCampus(draft, index, {
    order: standing,
    asked: pledge(campus.asked, { ...terms, reductionMw: order.reductionMw }, draft.startMs),
    inForce: pledge(campus.inForce, { ...terms, reductionMw: promisedMw }, draft.startMs),
  });
  const isWhole = promisedMw >= order.reductionMw - toleranceMw;
  const result: Result = isWhole ? 'accepted' : promisedMw > toleranceMw ? 'partial' : 'refused';
  const shortage = `${Math.round(promisedMw * 10) / 10} of ${Math.round(order.reductionMw * 10) / 10} MW can be given`;
  const residualMw = isWhole ? 0 : order.reductionMw - promisedMw;
  const residualHours = (untilMs - order.fromMs) / hourMs;
  const given = { epoch: order.epoch, result, reason: isWhole ? '' : shortage, reductionMw: promisedMw };
  answer(draft, site, index, isWhole ? given : { ...given, residualMw, residualHours });
}

/** A new order ends every way up that a command began; a first start goes on. */
function stopRise(draft: Draft, { index, run, work }: RunAt): void {
  if (work.rise === null || work.rise.mwPerMs !== null || work.mode !== 'running') return;
  setRun(draft, index, { rise: null, capRatio: capAt(run, finalPower(work.path)) });
}

function answer(
  draft: Draft,
  site: Site,
  index: number,
  given: {
    readonly epoch: number;
    readonly result: Result;
    readonly reason: string;
    readonly reductionMw: number;
    readonly residualMw?: number;
    readonly residualHours?: number;
  },
): void {
  const campus = draft.campuses[index];
  if (campus === undefined) return;
  const { epoch, result, reason, reductionMw, residualMw, residualHours } = given;
  const missing = residualMw === undefined || residualHours === undefined ? {} : { residualMw: published(residualMw), residualHours };
  draft.sayings.push({
    type: 'control.outcome.v1',
    region: site.region,
    entity: campus.campus,
    data: {
      order: `loadtarget/${epoch}`,
      result,
      reason,
      setPointMw: setPointMw(draft, site, campus),
      reductionMw: published(reductionMw),
      ...missing,
    },
  });
}

import { hourMs } from '../ticks.js';
import { inForceAtMw, pledge, pledgedMw } from '../flexibility/inForce.js';
import { descend, sayPlan } from './descent.js';
import { isHomeLost, releaseInference, takeFromInference } from './inferenceOrder.js';
import { finalPower, powerAt, steer } from './powerPath.js';
import { laySupport, releaseSupport, supportAhead } from './support.js';
import { setPointMw } from './setPoint.js';
import {
  published,
  runsAt,
  setCampus,
  setRun,
  type CampusWork,
  type Draft,
  type Order,
  type RunAt,
  type RunStep,
  type Site,
} from './state.js';
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
  releaseInference(draft, index, Math.max(order.fromMs, draft.startMs));
  releaseSupport(draft, index, Math.max(order.fromMs, draft.startMs));
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
  const reason = awayReason(campus) ?? (untilMs <= order.fromMs ? 'load target ends before it begins' : null);
  if (reason !== null) {
    const end = { fromMs: order.fromMs, rampMs: 0, untilMs: null, reductionMw: 0 };
    const inForce = pledge(campus.inForce, end, draft.startMs);
    setCampus(draft, index, { order: { ...standing, reductionMw: 0, untilMs: null }, inForce, asked: inForce });
    releaseInference(draft, index, order.fromMs);
    releaseSupport(draft, index, order.fromMs);
    answer(draft, site, index, { epoch: order.epoch, result: 'refused', reason, reductionMw: 0 });
    return;
  }
  for (const at of runsAt(draft, site)) stopRise(draft, at);
  const { promisedMw, backupMw } = meet(draft, site, index, campus, { ...order, untilMs });
  const terms = { fromMs: order.fromMs, rampMs: order.rampMs, untilMs };
  setCampus(draft, index, {
    order: standing,
    asked: pledge(campus.asked, { ...terms, reductionMw: order.reductionMw }, draft.startMs),
    inForce: pledge(campus.inForce, { ...terms, reductionMw: promisedMw }, draft.startMs),
  });
  answerWith(draft, site, index, { ...order, untilMs }, { promisedMw, backupMw });
}

/** What can be promised in all, and the part of it that battery and generators carry, MW. */
interface Promised {
  readonly promisedMw: number;
  readonly backupMw: number;
}

/** Plans and lays what meets an order: inference first, training for the rest, then battery and generators for what must be met all the same. */
function meet(draft: Draft, site: Site, index: number, campus: CampusWork, order: Order & { readonly untilMs: number }): Promised {
  const carried = supportAhead(campus, order.fromMs);
  const heldMw = Math.max(0, pledgedMw(campus.inForce, order.fromMs) - carried.endMw);
  const extraMw = order.reductionMw - heldMw;
  const aheadMw = heldMw - Math.max(0, inForceAtMw(campus.inForce, order.fromMs) - carried.nowMw);
  const { training, givenMw, plan } = takeFromInference(draft, site, order, { extraMw, aheadMw });
  const isTraining = Math.abs(training.extraMw) > toleranceMw;
  if (!isTraining && plan !== null) sayPlan(draft, { site, order, alternatives: [], inference: plan });
  const freedMw = isTraining ? descend(draft, site, order, training, plan) : training.extraMw;
  const promisedMw = published(heldMw + Math.min(extraMw, freedMw + givenMw));
  const backupMw = published(laySupport(draft, site, index, order, Math.max(0, order.mandatoryMw - promisedMw)));
  return { promisedMw: backupMw > 0 ? published(promisedMw + backupMw) : promisedMw, backupMw };
}

/** Plans anew, from the next tick on, what campuses promised on requests whose host has tripped: training takes over as far as it can. */
export function bringHome(draft: Draft): void {
  draft.frame.sites.forEach((site, index) => {
    const campus = draft.campuses[index];
    if (campus === undefined || !isHomeLost(campus)) return;
    const { order, inForce } = campus;
    const fromMs = draft.endMs;
    const heldMw = pledgedMw(inForce, fromMs);
    if (order.untilMs === null || order.untilMs <= fromMs || heldMw <= toleranceMw) return releaseInference(draft, index, fromMs);
    const again = { ...order, fromMs, untilMs: order.untilMs };
    const mandatoryMw = Math.min(heldMw, order.mandatoryMw);
    const { promisedMw, backupMw } = meet(draft, site, index, campus, { ...again, reductionMw: heldMw, mandatoryMw });
    if (promisedMw >= heldMw - toleranceMw) return;
    const given = { fromMs, rampMs: order.rampMs, untilMs: order.untilMs, reductionMw: promisedMw };
    setCampus(draft, index, { inForce: pledge(inForce, given, draft.startMs) });
    answerWith(draft, site, index, again, { promisedMw, backupMw });
  });
}

/** Says how much of an order is promised, and what is missing for how long. */
function answerWith(
  draft: Draft,
  site: Site,
  index: number,
  order: Order & { readonly untilMs: number },
  { promisedMw, backupMw }: Promised,
): void {
  const { untilMs } = order;
  const isWhole = promisedMw >= order.reductionMw - toleranceMw;
  const result: Result = isWhole ? 'accepted' : promisedMw > toleranceMw ? 'partial' : 'refused';
  const shortage = `${Math.round(promisedMw * 10) / 10} of ${Math.round(order.reductionMw * 10) / 10} MW can be given`;
  const residualMw = isWhole ? 0 : order.reductionMw - promisedMw;
  const residualHours = (untilMs - order.fromMs) / hourMs;
  const given = { epoch: order.epoch, result, reason: isWhole ? '' : shortage, reductionMw: promisedMw, backupMw };
  answer(draft, site, index, isWhole ? given : { ...given, residualMw, residualHours });
}

/** A new order ends every way up that a command began; a first start goes on. */
function stopRise(draft: Draft, { index, run, work }: RunAt): void {
  if (work.rise === null || work.rise.mwPerMs !== null || work.mode !== 'running') return;
  setRun(draft, index, { rise: null, capRatio: capAt(run, finalPower(work.path)) });
}

/** Why a campus has nothing to give to the grid; null: it has. */
function awayReason({ isTripped, facility }: CampusWork): string | null {
  if (facility?.onSite?.kind === 'returning') return 'campus is on its way back to the grid';
  return isTripped ? 'campus is tripped' : null;
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
    readonly backupMw?: number;
    readonly residualMw?: number;
    readonly residualHours?: number;
  },
): void {
  const campus = draft.campuses[index];
  if (campus === undefined) return;
  const { epoch, result, reason, reductionMw, backupMw = 0, residualMw, residualHours } = given;
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
      ...(backupMw > 0 ? { backupMw: published(backupMw) } : {}),
      ...missing,
    },
  });
}

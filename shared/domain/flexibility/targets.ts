import type { FactDataOf, Saying } from '../fact.js';
import { toWire, type Instant } from '../ticks.js';
import { currentClearing, decideCalls, standingCalls, type Decided } from './calls.js';
import { followTarget } from './compliance.js';
import { obligedMw } from './offers.js';
import { ageRequests, strongest } from './requests.js';
import type { DeskFrame } from './frame.js';
import type { CampusDesk, FlexibilityState, Target } from './state.js';

type TargetData = FactDataOf['control.loadtarget.v1']['targets'][number];

interface Told {
  readonly state: FlexibilityState;
  readonly sayings: readonly Saying[];
}

/** Load targets of every region with contracts, whole, in every tick; a new epoch where what is asked has changed. */
export function speakTargets(frame: DeskFrame, state: FlexibilityState, instant: Instant): Told {
  const decide = instant.phase === 4 ? standingCalls : decideCalls;
  const contracts = [...state.contracts];
  const before: Saying[] = [];
  const campuses = state.campuses.map((standing, place) => {
    if (isQuiet(frame, state, place, instant)) return standing;
    const aged = ageRequests(frame, state, place, instant);
    const decided = drawn(state, aged.campus, decide(frame, state, place, instant));
    decided.forEach(({ desk }, index) => (contracts[frame.campuses[place]?.contracts[index] ?? -1] = desk));
    const renewed = renew(frame, { campus: aged.campus, seen: state, place }, decided, instant);
    before.push(...aged.sayings, ...renewed.sayings);
    return renewed.campus;
  });
  const sayings = frame.regions.map(({ region, campuses: places }): Saying => {
    const targets: FactDataOf['control.loadtarget.v1']['targets'] = [];
    for (const place of places) {
      const campus = campuses[place];
      if (campus !== undefined) targets.push(targetData(frame, campus));
    }
    return { type: 'control.loadtarget.v1', region, entity: region, data: { targets } };
  });
  return { state: { ...state, campuses, contracts }, sayings: [...before, ...sayings] };
}

/** Whether nothing is asked of a campus, nobody asks anything and nothing cleared: then there is nothing to decide. */
function isQuiet(frame: DeskFrame, { campuses, contracts }: FlexibilityState, place: number, instant: Instant): boolean {
  const campus = campuses[place];
  if (campus === undefined || campus.requests.length > 0 || campus.releasedBy !== null || campus.endsCalls) return false;
  if (campus.target.reductionMw > 0 || campus.target.contracts.length > 0) return false;
  for (const index of frame.campuses[place]?.contracts ?? []) {
    const desk = contracts[index];
    if (desk !== undefined && (desk.call !== null || desk.drawnMw > 0 || currentClearing(desk, instant) !== null)) return false;
  }
  return true;
}

/**
 * Lets what was asked for beyond the calls rest on the contracts, lowest strike first, each up to its largest reduction and the last with
 * what is left over, whatever their budgets and rests.
 */
function drawn(state: FlexibilityState, campus: CampusDesk, decided: readonly Decided[]): readonly Decided[] {
  const calledMw = decided.reduce((sum, { desk }) => sum + (desk.call?.mw ?? 0), 0);
  const request = campus.isTripped ? null : strongest(campus);
  let leftMw = Math.max(0, (request?.reductionMw ?? 0) - calledMw);
  return decided.map((one, index) => {
    const { terms, desk } = one;
    const roomMw = Math.max(0, obligedMw(state, terms) - (desk.call?.mw ?? 0));
    const drawnMw = index === decided.length - 1 ? leftMw : Math.min(leftMw, roomMw);
    leftMw -= drawnMw;
    if (drawnMw === desk.drawnMw) return one;
    const isEvent = drawnMw > 0 && desk.drawnMw === 0 && desk.call === null;
    return { ...one, desk: { ...desk, drawnMw, eventsUsed: desk.eventsUsed + (isEvent ? 1 : 0) } };
  });
}

/** The target of a campus after this tick's decisions. */
function renew(
  frame: DeskFrame,
  seen: Parameters<typeof followTarget>[1],
  decided: readonly Decided[],
  instant: Instant,
): { readonly campus: CampusDesk; readonly sayings: readonly Saying[] } {
  const { campus } = seen;
  const { target } = campus;
  const next = nextTarget(campus, decided, instant);
  const isSame =
    next.reductionMw === target.reductionMw &&
    next.mandatoryMw === target.mandatoryMw &&
    next.untilMs === target.untilMs &&
    next.contracts.join() === target.contracts.join();
  const isIdle = target.reductionMw === 0 && next.reductionMw === 0;
  const quiet = { ...campus, releasedBy: null, endsCalls: false, isRefused: campus.isRefused && !isIdle };
  if (isSame || isIdle) return { campus: quiet, sayings: [] };
  const active = campus.requests.filter(({ reductionMw }) => reductionMw !== null).map(({ request }) => request);
  const { event, sayings } = followTarget(frame, seen, next, active);
  return { campus: { ...quiet, target: next, event, isRefused: false, answer: '' }, sayings };
}

/** What is asked of a campus from now on: the calls of its contracts together, or the strongest load target asked for where that is more. */
function nextTarget(campus: CampusDesk, decided: readonly Decided[], instant: Instant): Target {
  const { target } = campus;
  const endMs = instant.startMs + instant.tickMs;
  const called = decided.filter(({ desk }) => desk.call !== null || desk.drawnMw > 0);
  if (called.length === 0) {
    const none = { reductionMw: 0, mandatoryMw: 0, fromMs: endMs, untilMs: null, rampMinutes: 0, contracts: [] };
    return { ...none, epoch: target.epoch + 1, reason: releaseReason(campus) };
  }
  const calledMw = called.reduce((sum, { desk }) => sum + (desk.call?.mw ?? 0), 0);
  const request = campus.isTripped ? null : strongest(campus);
  const isByRequest = request !== null && request.reductionMw > calledMw;
  const reductionMw = isByRequest ? request.reductionMw : calledMw;
  const active = campus.requests.filter(({ reductionMw: mw }) => mw !== null && mw > 0);
  const musts = active.map(({ isBestEffort, reductionMw: mw }) => (isBestEffort ? 0 : (mw ?? 0)));
  const starts = decided.flatMap(({ moreFromMs }) => (moreFromMs === null ? [] : [moreFromMs]));
  if (isByRequest && reductionMw > target.reductionMw) starts.push(Math.max(endMs, request.fromMs));
  const asks = called.find(({ moreFromMs }) => moreFromMs !== null) ?? called.find(({ desk }) => desk.call !== null);
  return {
    epoch: target.epoch + 1,
    reductionMw,
    mandatoryMw: Math.max(calledMw, ...musts),
    fromMs: starts.length > 0 ? Math.max(...starts) : endMs,
    untilMs: Math.max(...called.map(({ desk }) => desk.call?.untilMs ?? 0), ...active.map(({ untilMs }) => untilMs)),
    rampMinutes: isByRequest ? request.rampMinutes : Math.max(...called.map(({ terms }) => terms.rampMinutes)),
    contracts: called.map(({ terms }) => terms.id),
    reason: isByRequest ? `ordered by ${request.actor}` : (asks?.desk.call?.reason ?? releaseReason(campus)),
  };
}

function releaseReason({ releasedBy, isTripped, isRefused }: CampusDesk): string {
  if (releasedBy !== null) return `released by ${releasedBy}`;
  if (isTripped) return 'campus is tripped';
  return isRefused ? 'campus refused' : 'not needed any more, or longest event reached';
}

/** Load targets as they were said last: one that stands is said in the same words; remembering them changes speed and nothing else. */
const saidTargets = new WeakMap<Target, TargetData>();

function targetData(frame: DeskFrame, { campus, target }: CampusDesk): TargetData {
  const known = saidTargets.get(target);
  if (known !== undefined && known.campus === campus) return known;
  const data = targetDataOf(frame, campus, target);
  saidTargets.set(target, data);
  return data;
}

function targetDataOf(frame: DeskFrame, campus: string, target: Target): TargetData {
  return {
    campus,
    epoch: target.epoch,
    reductionMw: target.reductionMw,
    fromTime: toWire(target.fromMs),
    ...(frame.backed.has(campus) && target.mandatoryMw < target.reductionMw ? { mandatoryMw: target.mandatoryMw } : {}),
    untilTime: target.untilMs === null ? null : toWire(target.untilMs),
    rampMinutes: target.rampMinutes,
    contracts: [...target.contracts],
    reason: target.reason,
  };
}

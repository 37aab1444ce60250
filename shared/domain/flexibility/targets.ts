import type { FactDataOf, Saying } from '../fact.js';
import { toWire, type Instant } from '../ticks.js';
import { currentClearing, decideCalls, type Decided } from './calls.js';
import type { CampusDesk, DeskFrame, FlexibilityState, Target } from './state.js';

/** Load targets of every region with contracts, whole, in every tick; a new epoch where what is asked has changed. */
export function speakTargets(
  frame: DeskFrame,
  state: FlexibilityState,
  instant: Instant,
): { readonly state: FlexibilityState; readonly sayings: readonly Saying[] } {
  const contracts = [...state.contracts];
  const campuses = state.campuses.map((campus, place) => {
    if (isQuiet(frame, state, place, instant)) return campus;
    const decided = decideCalls(frame, state, place, instant);
    decided.forEach(({ desk }, index) => (contracts[frame.campuses[place]?.contracts[index] ?? -1] = desk));
    return renew(campus, decided, instant);
  });
  const sayings = frame.regions.map(({ region, campuses: places }): Saying => {
    const targets = places.flatMap((place) => {
      const campus = campuses[place];
      return campus === undefined ? [] : targetData(campus);
    });
    return { type: 'control.loadtarget.v1', region, entity: region, data: { targets } };
  });
  return { state: { ...state, campuses, contracts }, sayings };
}

/** Whether nothing is asked of a campus, nobody wishes anything and nothing cleared: then there is nothing to decide. */
function isQuiet(frame: DeskFrame, { campuses, contracts }: FlexibilityState, place: number, instant: Instant): boolean {
  const campus = campuses[place];
  if (campus === undefined || campus.wish !== null || campus.target.reductionMw > 0 || campus.target.contracts.length > 0) return false;
  for (const index of frame.campuses[place]?.contracts ?? []) {
    const desk = contracts[index];
    if (desk !== undefined && (desk.call !== null || currentClearing(desk, instant) !== null)) return false;
  }
  return true;
}

/** The target of a campus after this tick's decisions. */
function renew(campus: CampusDesk, decided: readonly Decided[], instant: Instant): CampusDesk {
  const wish = campus.wish;
  const called = decided.filter(({ desk }) => desk.call !== null);
  const reductionMw = called.reduce((sum, { desk }) => sum + (desk.call?.mw ?? 0), 0);
  const names = called.map(({ terms }) => terms.id);
  const { target } = campus;
  const isSame = reductionMw === target.reductionMw && names.join() === target.contracts.join() && wish === null;
  if (isSame) return campus;
  const endMs = instant.startMs + instant.tickMs;
  const starts = decided.flatMap(({ moreFromMs }) => (moreFromMs === null ? [] : [moreFromMs]));
  const asks = called.find(({ moreFromMs }) => moreFromMs !== null) ?? called[0];
  const next: Target = {
    epoch: target.epoch + 1,
    reductionMw,
    fromMs: starts.length > 0 ? Math.max(...starts) : endMs,
    untilMs: called.length > 0 ? Math.max(...called.map(({ desk }) => desk.call?.untilMs ?? 0)) : null,
    rampMinutes: called.length > 0 ? Math.max(...called.map(({ terms }) => terms.rampMinutes)) : 0,
    contracts: names,
    reason: asks?.desk.call?.reason ?? releaseReason(campus),
  };
  const isIdle = target.reductionMw === 0 && reductionMw === 0;
  return { ...campus, target: isIdle ? target : next, wish: null, isRefused: false };
}

function releaseReason({ wish, isTripped, isRefused }: CampusDesk): string {
  if (wish !== null) return wish.reason;
  if (isTripped) return 'campus is tripped';
  return isRefused ? 'campus refused' : 'not needed any more, or longest event reached';
}

function targetData({ campus, target }: CampusDesk): FactDataOf['control.loadtarget.v1']['targets'][number] {
  return {
    campus,
    epoch: target.epoch,
    reductionMw: target.reductionMw,
    fromTime: toWire(target.fromMs),
    untilTime: target.untilMs === null ? null : toWire(target.untilMs),
    rampMinutes: target.rampMinutes,
    contracts: [...target.contracts],
    reason: target.reason,
  };
}

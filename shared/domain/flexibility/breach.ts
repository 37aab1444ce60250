import type { FactDataOf, Saying } from '../fact.js';
import { minuteMs, toWire } from '../ticks.js';
import { inForceAtMw } from './inForce.js';
import type { DeskFrame } from './frame.js';
import type { CampusDesk, LastPower } from './state.js';

type BreachData = FactDataOf['control.breach.v1'];

/** Less than this, or this share of what is asked, is no breach; choices of this model. */
const toleranceMw = 1;
const toleranceRatio = 0.02;
/** A breach that lasts this long is escalated. */
export const escalateMinutes = 15;

/** A load target that is not being kept. */
export interface Breach {
  readonly cause: BreachData['cause'];
  readonly epoch: number;
  readonly sinceMs: number;
  readonly isEscalated: boolean;
}

interface Shortage {
  readonly cause: BreachData['cause'];
  readonly askedMw: number;
  readonly shortMw: number;
}

/**
 * Looks, at the beginning of a tick, whether a campus kept its load target in the one before: a breach becomes active, is escalated when it
 * lasts, and is resolved when the target is kept or withdrawn. A load target that asks for the best effort alone cannot be broken, unless
 * it is not answered.
 */
export function watchBreach(
  frame: DeskFrame,
  campus: CampusDesk,
  power: LastPower,
  nowMs: number,
): { readonly campus: CampusDesk; readonly sayings: readonly Saying[] } {
  const shortage = shortageOf(frame, campus, power, nowMs);
  const { breach } = campus;
  if (shortage === null) {
    if (breach === null) return { campus, sayings: [] };
    const reason = campus.target.reductionMw > 0 ? 'the load target is kept' : campus.target.reason;
    const none = { cause: breach.cause, askedMw: power.askedMw, shortMw: 0 };
    return { campus: { ...campus, breach: null }, sayings: [said(frame, campus, breach, 'resolved', none, reason)] };
  }
  if (breach === null) {
    const begun = { cause: shortage.cause, epoch: campus.target.epoch, sinceMs: nowMs - frame.tickMs, isEscalated: false };
    return { campus: { ...campus, breach: begun }, sayings: [said(frame, campus, begun, 'active', shortage, reasonOf(campus, shortage))] };
  }
  if (breach.isEscalated || nowMs - breach.sinceMs < escalateMinutes * minuteMs) return { campus, sayings: [] };
  const escalated = { ...breach, isEscalated: true };
  return {
    campus: { ...campus, breach: escalated },
    sayings: [said(frame, campus, escalated, 'escalated', shortage, reasonOf(campus, shortage))],
  };
}

function shortageOf(
  frame: DeskFrame,
  { isTripped, target, inForce, answeredEpoch }: CampusDesk,
  power: LastPower,
  nowMs: number,
): Shortage | null {
  if (isTripped) return null;
  const isUnanswered = target.epoch > answeredEpoch && target.reductionMw > 0 && target.fromMs < nowMs;
  const unansweredMw = target.reductionMw - inForceAtMw(inForce, nowMs);
  if (isUnanswered && nowMs - target.fromMs >= frame.tickMs && unansweredMw > toleranceMw)
    return { cause: 'no-answer', askedMw: target.reductionMw, shortMw: unansweredMw };
  if (target.reductionMw <= 0) return null;
  const askedMw = (power.askedMw * target.mandatoryMw) / target.reductionMw;
  const shortMw = askedMw - (power.askedMw - power.shortMw);
  return shortMw > Math.max(toleranceMw, toleranceRatio * askedMw) ? { cause: 'short', askedMw, shortMw } : null;
}

function reasonOf({ answer }: CampusDesk, { cause }: Shortage): string {
  if (cause === 'no-answer') return 'the campus does not answer its load target';
  return answer === '' ? 'less than was promised' : answer;
}

function said(
  frame: DeskFrame,
  { campus }: CampusDesk,
  { epoch, sinceMs }: Breach,
  state: BreachData['state'],
  { cause, askedMw, shortMw }: Shortage,
  reason: string,
): Saying {
  const data = { state, epoch, cause, sinceTime: toWire(sinceMs), askedMw, shortMw, reason };
  return { type: 'control.breach.v1', region: frame.regionOf.get(campus) ?? 'all', entity: campus, data };
}

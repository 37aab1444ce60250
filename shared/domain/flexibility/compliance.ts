import type { Saying } from '../fact.js';
import { hourMs, minuteMs, toWire } from '../ticks.js';
import { likeDaysMw } from './likeDays.js';
import type { DeskFrame } from './frame.js';
import { lastHourMw, ownInferenceMw } from './seen.js';
import type { CampusDesk, FlexibilityState, LastPower, Target } from './state.js';

/** How long the load of a campus is watched after an event, for whether it jumps back; a choice of this model. */
export const watchAfterMinutes = 60;

/** What an event of a campus comes to, as it goes on; energies in MW ms. */
export interface EventAccount {
  readonly fromMs: number;
  /** Null: still asked for. */
  readonly toMs: number | null;
  readonly contracts: readonly string[];
  readonly requests: readonly string[];
  /** Training in the hour before notice. */
  readonly trainingBaselineMw: number;
  /** The same by like days, where the method says so; absent: it does not. */
  readonly trainingLike?: number;
  /** Inference in the hour before notice, for hours without like days. */
  readonly inferenceBeforeMw: number;
  readonly inferenceBaseline: number;
  readonly likeDays: number;
  readonly lengthMs: number;
  readonly energy: number;
  readonly inferenceCut: number;
  readonly asked: number;
  readonly promised: number;
  readonly shortMs: number;
  readonly peakAfterMw: number;
}

/** Whether the tick of a power was part of the event of a campus. */
export function isInEvent({ tickMs }: DeskFrame, { event }: CampusDesk, { startMs }: LastPower): boolean {
  return event !== null && startMs < (event.toMs ?? Infinity) && startMs + tickMs > event.fromMs;
}

/** Adds the power of the tick that was heard last to the account of the event of a campus. */
export function accountPower(frame: DeskFrame, campus: CampusDesk, power: LastPower): CampusDesk {
  return campus.event === null ? campus : { ...campus, event: accountOf(frame, campus, campus.event, power) };
}

function accountOf(frame: DeskFrame, campus: CampusDesk, event: EventAccount, power: LastPower): EventAccount {
  const { tickMs } = frame;
  if (event.toMs !== null && power.startMs >= event.toMs)
    return { ...event, peakAfterMw: Math.max(event.peakAfterMw, power.meanMw - power.arrivedMw, power.endMw - power.arrivedMw) };
  if (power.startMs + tickMs <= event.fromMs) return event;
  const localMs = power.startMs + frame.utcOffsetMs;
  const like = campus.likeDays === null ? null : likeDaysMw(campus.likeDays, localMs);
  const { trainingDays } = campus;
  const trained = trainingDays === undefined ? null : likeDaysMw(trainingDays, localMs);
  return {
    ...event,
    ...(trainingDays === undefined ? {} : { trainingLike: (event.trainingLike ?? 0) + (trained?.mw ?? event.trainingBaselineMw) * tickMs }),
    inferenceBaseline: event.inferenceBaseline + (like?.mw ?? event.inferenceBeforeMw) * tickMs,
    likeDays: Math.max(event.likeDays, like?.days ?? 0, trained?.days ?? 0),
    lengthMs: event.lengthMs + tickMs,
    energy: event.energy + (power.meanMw - power.arrivedMw) * tickMs,
    inferenceCut: event.inferenceCut + power.inferenceCutMw * tickMs,
    asked: event.asked + power.askedMw * tickMs,
    promised: event.promised + (power.askedMw - power.shortMw) * tickMs,
    shortMs: event.shortMs + (power.shortMw > 1 ? tickMs : 0),
  };
}

/** Opens, goes on with or closes the account of an event as the load target of a campus changes; an event that comes soon ends the watch. */
export function followTarget(
  frame: DeskFrame,
  {
    campus,
    seen,
    place,
  }: { readonly campus: CampusDesk; readonly seen: Pick<FlexibilityState, 'powers' | 'ticks'>; readonly place: number },
  next: Target,
  requests: readonly string[],
): { readonly event: EventAccount | null; readonly sayings: readonly Saying[] } {
  const { event } = campus;
  if (next.reductionMw <= 0) {
    const isOpen = event !== null && event.toMs === null;
    return { event: isOpen ? { ...event, toMs: Math.max(event.fromMs, next.fromMs) } : event, sayings: [] };
  }
  if (event !== null && event.toMs === null) {
    return {
      event: { ...event, contracts: union(event.contracts, next.contracts), requests: union(event.requests, requests) },
      sayings: [],
    };
  }
  const sayings = event === null ? [] : [report(frame, campus, event)];
  const power = seen.powers[place];
  const meanMw = (kind: 'trainingMw' | 'inferenceMw'): number | null => lastHourMw(frame, seen.ticks, place, kind);
  const isByMeter = frame.campuses[place]?.baselineMethod === 'meter-before';
  const lastInferenceMw = power === undefined ? 0 : ownInferenceMw(power);
  const begun: EventAccount = {
    fromMs: next.fromMs,
    toMs: null,
    contracts: next.contracts,
    requests,
    trainingBaselineMw: meanMw('trainingMw') ?? power?.trainingMw ?? 0,
    inferenceBeforeMw: isByMeter ? (meanMw('inferenceMw') ?? lastInferenceMw) : lastInferenceMw,
    inferenceBaseline: 0,
    likeDays: 0,
    lengthMs: 0,
    energy: 0,
    inferenceCut: 0,
    asked: 0,
    promised: 0,
    shortMs: 0,
    peakAfterMw: 0,
  };
  return { event: begun, sayings };
}

/** Says what an event came to once its watch is over. */
export function closeAccount(
  frame: DeskFrame,
  campus: CampusDesk,
  nowMs: number,
): { readonly campus: CampusDesk; readonly sayings: readonly Saying[] } {
  const { event } = campus;
  if (event === null || event.toMs === null || nowMs < event.toMs + watchAfterMinutes * minuteMs) return { campus, sayings: [] };
  return { campus: { ...campus, event: null }, sayings: [report(frame, campus, event)] };
}

function report(frame: DeskFrame, { campus }: CampusDesk, event: EventAccount): Saying {
  const { fromMs, toMs, lengthMs, energy, asked, promised, peakAfterMw } = event;
  const meanOf = (sum: number): number => (lengthMs > 0 ? sum / lengthMs : 0);
  const method = frame.campuses[frame.placeOfCampus.get(campus) ?? -1]?.baselineMethod ?? 'by-workload';
  const trainingBaselineMw = event.trainingLike === undefined || lengthMs === 0 ? event.trainingBaselineMw : meanOf(event.trainingLike);
  const inferenceBaselineMw = lengthMs > 0 ? meanOf(event.inferenceBaseline) : event.inferenceBeforeMw;
  const delivered = Math.max(0, (trainingBaselineMw + inferenceBaselineMw) * lengthMs - energy);
  return {
    type: 'control.compliance.v1',
    region: frame.regionOf.get(campus) ?? 'all',
    entity: campus,
    data: {
      fromTime: toWire(fromMs),
      toTime: toWire(toMs ?? fromMs),
      contracts: [...event.contracts],
      requests: [...event.requests],
      ...(method === 'by-workload' ? {} : { baselineMethod: method }),
      trainingBaselineMw: rounded(trainingBaselineMw),
      inferenceBaselineMw: rounded(inferenceBaselineMw),
      likeDays: event.likeDays,
      meanMw: rounded(meanOf(energy)),
      askedMwh: rounded(asked / hourMs),
      promisedMwh: rounded(promised / hourMs),
      deliveredMwh: rounded(delivered / hourMs),
      ...(event.inferenceCut > 0 ? { inferenceMwh: rounded(event.inferenceCut / hourMs) } : {}),
      complianceRatio: asked > 0 ? rounded(delivered / asked) : 1,
      shortMinutes: event.shortMs / minuteMs,
      peakAfterMw: rounded(peakAfterMw),
      reboundMw: rounded(peakAfterMw - trainingBaselineMw - inferenceBaselineMw),
    },
  };
}

function union(one: readonly string[], other: readonly string[]): readonly string[] {
  return [...new Set([...one, ...other])];
}

function rounded(value: number): number {
  return Math.max(0, Math.round(value * 1e9) / 1e9) + 0;
}

import { assert } from '../assert.js';
import type { FactDataOf, Saying } from '../fact.js';
import { hourMs, minuteMs, toWire, type Instant } from '../ticks.js';
import { contractsAt, technicalMw } from './offers.js';
import type { DeskFrame } from './frame.js';
import { lowerStepMw, raiseStepMw, type CampusDesk, type FlexibilityState, type LastPower } from './state.js';

type RequestData = FactDataOf['control.request.v1'];

/** A load target that a person or an outside system asked for. */
export interface StandingRequest {
  readonly request: string;
  readonly kind: RequestData['kind'];
  /** Reduction or limit, MW; null: all that the contracts allow, worked out when it begins. */
  readonly amountMw: number | null;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly rampMinutes: number;
  readonly isBestEffort: boolean;
  readonly actor: string;
  readonly reason: string;
  /** Reduction it comes to now, MW; null: it has not begun. */
  readonly reductionMw: number | null;
}

/** What somebody asked for, as it is in the audit or the script. */
export interface Asked {
  readonly action: string;
  readonly target: string;
  readonly actor: string;
  readonly reason: string;
  /** Names the request where who asks does not. */
  readonly id: string;
  readonly amountMw: number | null;
  readonly request?: string | undefined;
  readonly targetKind?: RequestData['kind'] | undefined;
  readonly fromMs?: number | undefined;
  readonly untilMs?: number | undefined;
  readonly rampMinutes?: number | undefined;
  readonly isBestEffort?: boolean | undefined;
}

interface Heeded {
  readonly campus: CampusDesk;
  readonly sayings: readonly Saying[];
}

/** Takes up a load target, from the next tick on at the earliest; one that is known already, or over before it begins, changes nothing. */
export function takeRequest(frame: DeskFrame, campus: CampusDesk, asked: Asked, instant: Instant): Heeded {
  const nextMs = instant.startMs + instant.tickMs;
  const terms = frame.contracts.filter((contract) => contract.campus === campus.campus);
  const fromMs = Math.max(asked.fromMs ?? nextMs, nextMs);
  const untilMs = asked.untilMs ?? fromMs + Math.max(0, ...terms.map(({ maxEventHours }) => maxEventHours)) * hourMs;
  const request: StandingRequest = {
    request: asked.request ?? asked.id,
    kind: asked.targetKind ?? 'reduction',
    amountMw: asked.amountMw,
    fromMs,
    untilMs,
    rampMinutes: asked.rampMinutes ?? Math.max(0, ...terms.map(({ rampMinutes }) => rampMinutes)),
    isBestEffort: asked.isBestEffort ?? false,
    actor: asked.actor,
    reason: asked.reason,
    reductionMw: null,
  };
  if (campus.requests.some((known) => known.request === request.request)) return { campus, sayings: [] };
  if (untilMs <= fromMs) return { campus, sayings: [said(frame, campus, request, 'refused', 'over before it can begin')] };
  const taken = { ...campus, requests: [...campus.requests, request] };
  return { campus: taken, sayings: isDue(request, instant) ? [] : [said(frame, campus, request, 'scheduled', request.reason)] };
}

/** Gives a load target another end. */
export function extendRequest(frame: DeskFrame, campus: CampusDesk, asked: Asked): Heeded {
  const known = campus.requests.find(({ request }) => request === asked.request);
  const untilMs = asked.untilMs;
  if (known === undefined || untilMs === undefined || untilMs <= known.fromMs) return { campus, sayings: [] };
  const extended = { ...known, untilMs };
  const requests = campus.requests.map((other) => (other === known ? extended : other));
  return { campus: { ...campus, requests }, sayings: [said(frame, campus, extended, 'extended', `by ${asked.actor}: ${asked.reason}`)] };
}

/** Ends one load target, or everything that is asked of a campus, calls of its contracts among it. */
export function releaseRequests(frame: DeskFrame, campus: CampusDesk, asked: Asked): Heeded {
  const isMeant = ({ request }: StandingRequest): boolean => asked.request === undefined || request === asked.request;
  const sayings = campus.requests.filter(isMeant).map((one) => said(frame, campus, one, 'released', `by ${asked.actor}: ${asked.reason}`));
  const requests = campus.requests.filter((one) => !isMeant(one));
  const releasedBy = asked.request === undefined || requests.length < campus.requests.length ? asked.actor : campus.releasedBy;
  return { campus: { ...campus, requests, releasedBy, endsCalls: campus.endsCalls || asked.request === undefined }, sayings };
}

/** Brings the load targets of a campus up to an instant: those that are due begin, those that are over end, limits follow its load. */
export function ageRequests(frame: DeskFrame, state: FlexibilityState, place: number, instant: Instant): Heeded {
  const campus = state.campuses[place];
  const power = state.powers[place];
  assert(campus !== undefined && power !== undefined, `no campus at place ${place} of the desk`);
  if (campus.requests.length === 0) return { campus, sayings: [] };
  const sayings: Saying[] = [];
  const endMs = instant.startMs + instant.tickMs;
  const requests = campus.requests.flatMap((request): readonly StandingRequest[] => {
    if (request.untilMs <= endMs || campus.isRefused) {
      const isRefusal = campus.isRefused && request.untilMs > endMs;
      sayings.push(said(frame, campus, request, isRefusal ? 'refused' : 'ended', isRefusal ? campus.answer : 'its time is over'));
      return [];
    }
    if (!isDue(request, instant)) return [request];
    const technical = (): readonly number[] => technicalMw(campus, power, contractsAt(frame, state, place), instant);
    const reductionMw = reductionOf(frame, { campus, power }, request, technical);
    const begun = { ...request, reductionMw };
    if (request.reductionMw === null) sayings.push(said(frame, campus, begun, 'active', request.reason));
    return [begun];
  });
  return { campus: { ...campus, requests }, sayings };
}

/** The load target that asks for most at present; null: none has begun. */
export function strongest(campus: CampusDesk): (StandingRequest & { readonly reductionMw: number }) | null {
  return campus.requests.reduce<(StandingRequest & { readonly reductionMw: number }) | null>((most, { reductionMw, ...rest }) => {
    if (reductionMw === null || (most !== null && reductionMw <= most.reductionMw)) return most;
    return { ...rest, reductionMw };
  }, null);
}

/** A request begins in the tick after this one at the latest. */
function isDue({ fromMs }: StandingRequest, { startMs, tickMs }: Instant): boolean {
  return fromMs < startMs + 2 * tickMs;
}

/**
 * Reduction a load target comes to, MW. A limit counts from what training would draw and from the top of inference, so that the wave of the
 * day does not break it; it follows upwards by the raise step and downwards by the lower step.
 */
function reductionOf(
  frame: DeskFrame,
  { campus, power }: { readonly campus: CampusDesk; readonly power: LastPower },
  request: StandingRequest,
  technical: () => readonly number[],
): number {
  const { kind, amountMw, reductionMw } = request;
  if (kind === 'reduction') {
    if (amountMw !== null) return amountMw;
    return reductionMw ?? technical().reduce((sum, mw) => sum + mw, 0);
  }
  const { trainingMw, askedMw, shortMw, inferenceCutMw, arrivedMw } = power;
  const topMw = trainingMw + askedMw - shortMw - inferenceCutMw + arrivedMw + (frame.inferenceMaxMw.get(campus.campus) ?? 0);
  const wantedMw = Math.max(0, Math.ceil((topMw - (amountMw ?? 0)) * 1e6) / 1e6);
  if (reductionMw === null || wantedMw >= reductionMw + raiseStepMw || wantedMw <= reductionMw - lowerStepMw) return wantedMw;
  return reductionMw;
}

function said(frame: DeskFrame, campus: CampusDesk, request: StandingRequest, state: RequestData['state'], reason: string): Saying {
  const { kind, amountMw, reductionMw, fromMs, untilMs, rampMinutes, isBestEffort, actor } = request;
  return {
    type: 'control.request.v1',
    region: frame.regionOf.get(campus.campus) ?? 'all',
    entity: campus.campus,
    data: {
      request: request.request,
      state,
      kind,
      amountMw: amountMw ?? reductionMw ?? 0,
      fromTime: toWire(fromMs),
      untilTime: toWire(Math.max(fromMs, untilMs)),
      rampMinutes,
      isBestEffort,
      actor,
      reason,
    },
  };
}

/** Time a load target may take to be reached, ms. */
export function rampMsOf({ rampMinutes }: Pick<StandingRequest, 'rampMinutes'>): number {
  return rampMinutes * minuteMs;
}

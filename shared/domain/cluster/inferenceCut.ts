import type { ReductionWay } from '../../events/cluster.js';
import { heatLimitMw, heatRampRatio } from '../facility/site.js';
import { inForceAtMw } from '../flexibility/inForce.js';
import { hourMs, minuteMs, toWire } from '../ticks.js';
import type { Alternative } from './alternatives.js';
import { arrivedAt, bend } from './bending.js';
import { givenAt, meanGivenMw, type BentInference } from './bentInference.js';
import { finalPower, meanPower, powerAt, steepestRise, steer, type PowerPath } from './powerPath.js';
import { rampMwPerMs } from './rise.js';
import type { CampusWork, Draft, Order, Site } from './state.js';

const toleranceMw = 1e-9;
/** Share of its upward ramp a campus keeps for requests that arrive or come back on an order; a choice of this model. */
const rampShare = 0.5;
/** Beyond this the least inference ever is looks far enough ahead. */
const longestLookMs = 72 * hourMs;

/** What inference of a campus may give in all while an order stands, MW, and why not more by moving. */
export interface CutLimits {
  readonly consolidatedMw: number;
  readonly movedMw: number;
  readonly whyNotMoved: string;
}

/** What inference gives once an order is met. */
export interface InferenceCut extends CutLimits {
  /** In all, more by this order, and whether anything of it changes, MW. */
  readonly consolidated: number;
  readonly moved: number;
  readonly isChanged: boolean;
}

/** The part of an order that says when and how fast. */
type Span = Pick<Order, 'fromMs' | 'rampMs'> & { readonly untilMs: number };

/**
 * What inference may give through an order without falling below its must-serve floor: shares of the least it would draw in that time,
 * and by moving no more than its host has room for. The host must be on the grid, under no load target, and told of it before the tick.
 */
export function cutLimits(draft: Draft, place: number, span: Span): CutLimits {
  const [site, campus] = [draft.frame.sites[place], draft.campuses[place]];
  const flex = site?.campus.inferenceFlex;
  if (site === undefined || campus?.bent === undefined || flex === undefined || campus.isTripped)
    return { consolidatedMw: 0, movedMw: 0, whyNotMoved: '' };
  const leastMw = leastInferenceMw(draft, site, campus, span);
  const hosted = hostRoom(draft, place, campus.bent, span);
  const { consolidationRatio, moveRatio = 0 } = flex;
  const movedMw = Math.min(moveRatio * leastMw, hosted.mw);
  return { consolidatedMw: consolidationRatio * leastMw, movedMw, whyNotMoved: movedMw < moveRatio * leastMw ? hosted.why : '' };
}

/** Least a campus would draw for its own inference in a time, MW: straight between the ends of ticks, so that those are enough. */
export function leastInferenceMw(draft: Draft, site: Site, campus: CampusWork, { fromMs, untilMs }: Span): number {
  const { tickMs } = draft.frame;
  const nowMw =
    powerAt(campus.inference, draft.startMs) + givenAt(campus.bent, draft.startMs) - powerAt(arrivedAt(draft, site), draft.startMs);
  if (untilMs - fromMs > longestLookMs) return Math.min(nowMw, site.campus.inferenceMinMw);
  let leastMw = nowMw;
  const firstMs = draft.startMs + Math.floor((fromMs - draft.startMs) / tickMs) * tickMs;
  for (let atMs = firstMs; atMs < untilMs + tickMs; atMs += tickMs) leastMw = Math.min(leastMw, site.inferenceMw(atMs));
  return Math.max(0, leastMw);
}

/** What the host of a campus may serve for it in all, MW, and what bounds it. */
function hostRoom(
  draft: Draft,
  place: number,
  { moved, homelessMs }: BentInference,
  { fromMs, rampMs }: Span,
): { readonly mw: number; readonly why: string } {
  const host = draft.frame.sites[place]?.host ?? -1;
  const [site, campus] = [draft.frame.sites[host], draft.campuses[host]];
  if (site === undefined || campus === undefined) return { mw: 0, why: 'no campus serves its requests' };
  const name = site.campus.id;
  if (homelessMs !== null) return { mw: 0, why: `requests are on their way home from ${name}` };
  if (campus.isTripped || (campus.facility?.onSite ?? null) !== null) return { mw: 0, why: `${name} is off the grid` };
  const standsMw = finalPower(moved);
  if (isAsked(campus, draft.startMs)) return { mw: standsMw, why: `${name} is under a load target itself` };
  if (fromMs < draft.endMs) return { mw: standsMw, why: `begins before ${toWire(draft.endMs)}, when ${name} can announce it to the grid` };
  const arrived = arrivedAt(draft, site);
  const roomMw = heatLimitMw(site.facility, campus.limitMw) - site.campus.inferenceMaxMw - finalPower(arrived) - keptForRunsMw(draft, site);
  const ownMwPerMs = rampMwPerMs(site.campus, campus.limitMw) * heatRampRatio(site.facility, campus.limitMw);
  const freeMwPerMs = Math.max(0, rampShare * ownMwPerMs - steepestRise(arrived, draft.startMs, Infinity));
  const rampMw = freeMwPerMs * rampMs;
  if (rampMw < roomMw) return { mw: standsMw + rampMw, why: `${round(rampMw)} MW is what the ramp of ${name} takes on that way down` };
  return { mw: standsMw + Math.max(0, roomMw), why: `${name} has room for ${round(Math.max(0, roomMw))} MW below its limit` };
}

/** Whether a load target stands at a campus, is heard, or is still in force. */
function isAsked({ order, heard, inForce }: CampusWork, atMs: number): boolean {
  const stands = (one: Order): boolean => one.reductionMw > 0 && one.untilMs !== null && one.untilMs > atMs;
  return stands(order) || (heard !== null && stands(heard)) || inForceAtMw(inForce, atMs) > 0;
}

/** Full power of the runs that are at a campus or on their way to it, MW: hosting takes nothing from them. */
function keptForRunsMw(draft: Draft, { campus, runs }: Site): number {
  const there = runs.filter((index) => !['waiting', 'finished'].includes(draft.runs[index]?.mode ?? 'finished'));
  const coming = draft.moves.filter(({ to }) => to === campus.id).map(({ run }) => draft.frame.placeOfRun.get(run) ?? -1);
  return [...there, ...coming].reduce((sum, index) => sum + (draft.frame.runs[index]?.facilityMw ?? 0), 0);
}

/**
 * How much of an order inference takes: first by fewer nodes, then by moving, then nothing. What it gives already goes on as far as the
 * limits allow; of less than stands, `spareMw` comes back.
 */
export function planCut(
  { consolidated, moved }: BentInference,
  limits: CutLimits,
  { extraMw, spareMw }: { readonly extraMw: number; readonly spareMw: number },
): InferenceCut {
  const [hasConsolidated, hasMoved] = [finalPower(consolidated), finalPower(moved)];
  const wantedMw = Math.max(0, hasConsolidated + hasMoved + extraMw - spareMw);
  const next = Math.min(limits.consolidatedMw, extraMw > 0 || spareMw > 0 ? wantedMw : hasConsolidated);
  const nextMoved = Math.min(limits.movedMw, Math.max(0, wantedMw - next));
  const isChanged = Math.abs(next - hasConsolidated) > toleranceMw || Math.abs(nextMoved - hasMoved) > toleranceMw;
  return { ...limits, consolidated: next, moved: nextMoved, isChanged };
}

/** Lays what inference gives from the start of an order on: more along its way down, less along the ramp a campus goes up with. */
export function layCut(draft: Draft, place: number, { consolidated, moved }: InferenceCut, { fromMs, rampMs, untilMs }: Span): void {
  const [site, campus] = [draft.frame.sites[place], draft.campuses[place]];
  if (site === undefined || campus?.bent === undefined) return;
  const upMwPerMs = rampShare * rampMwPerMs(site.campus, campus.limitMw) * heatRampRatio(site.facility, campus.limitMw);
  const towards = (path: PowerPath, mw: number): PowerPath => {
    const lessMw = powerAt(path, fromMs) - mw;
    if (Math.abs(mw - finalPower(path)) <= toleranceMw) return path;
    const lasts = lessMw <= 0 ? rampMs : Math.max(rampMs, upMwPerMs > 0 ? Math.ceil(lessMw / upMwPerMs) : rampMs);
    return steer(path, fromMs, fromMs + lasts, mw);
  };
  const isGiven = consolidated + moved > toleranceMw || campus.bent.endsMs !== null;
  const { consolidated: fewer, moved: away } = campus.bent;
  bend(draft, place, { consolidated: towards(fewer, consolidated), moved: towards(away, moved), endsMs: isGiven ? untilMs : null });
}

/** Inference as ways that were weighed. */
export function cutAlternatives(cut: InferenceCut, before: BentInference): readonly Alternative[] {
  const one = (way: ReductionWay, nowMw: number, limitMw: number, hadMw: number, whyNot: string): Alternative => {
    const isChosen = nowMw > hadMw + toleranceMw;
    const freedMw = Math.max(0, limitMw - hadMw);
    const nothing = whyNot === '' ? 'nothing more can be freed so' : whyNot;
    const reason = isChosen ? '' : freedMw <= toleranceMw ? nothing : 'not needed';
    return { way, freedMw, lostAcceleratorHours: 0, isChosen, reason };
  };
  return [
    one('consolidate-inference', cut.consolidated, cut.consolidatedMw, finalPower(before.consolidated), ''),
    one('move-inference', cut.moved, cut.movedMw, finalPower(before.moved), cut.whyNotMoved),
  ];
}

/** What inference could give beyond what it gives, through the longest event of the contracts of a campus, MW. */
export function inferenceGiveMw(draft: Draft, place: number): number {
  const [site, campus] = [draft.frame.sites[place], draft.campuses[place]];
  if (site === undefined || campus?.bent === undefined || site.contracts.length === 0) return 0;
  const { startMs, endMs } = draft;
  const noticesMs = site.contracts.map(({ noticeMinutes }) => noticeMinutes * minuteMs);
  const eventMs = Math.max(...site.contracts.map(({ maxEventHours }) => maxEventHours)) * hourMs;
  const rampMs = Math.min(...site.contracts.map(({ rampMinutes }) => rampMinutes)) * minuteMs;
  const { consolidatedMw, movedMw } = cutLimits(draft, place, { fromMs: endMs, untilMs: endMs + Math.max(...noticesMs) + eventMs, rampMs });
  // A contract with less notice than a tick may begin within one, when its host has told the grid what it draws.
  const mayMove = noticesMs.every((noticeMs) => noticeMs >= endMs - startMs);
  const standsMw = meanPower(campus.bent.moved, startMs, endMs);
  const topMw = consolidatedMw + (mayMove ? movedMw : Math.min(movedMw, standsMw));
  return Math.max(0, topMw - meanGivenMw(campus.bent, startMs, endMs));
}

function round(mw: number): number {
  return Math.round(mw * 10) / 10;
}

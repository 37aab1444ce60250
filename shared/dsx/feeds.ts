import type { Fact, FactDataOf, FactOf } from '../domain/fact.js';
import { fromWire } from '../domain/ticks.js';

/** Why a state of power is told. */
export type FeedEvent = 'target_set' | 'start_ramp_down' | 'end_ramp_down' | 'start_ramp_up' | 'end_ramp_up' | 'periodic';

/** A limit that stands on a feed. */
export interface FeedTarget {
  readonly request: string;
  /** Who sent it. */
  readonly isv: string;
  /** Of the message that brought it. */
  readonly correlationId: string;
  readonly limitMw: number;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly isBestEffort: boolean;
  readonly isActive: boolean;
}

/** A feed, which is a campus, as its facts tell it. */
export interface Feed {
  readonly campus: string;
  /** Least it can come down to, and most its connection allows, MW. */
  readonly leastMw: number;
  readonly mostMw: number;
  readonly targets: readonly FeedTarget[];
  readonly loadMw: number;
  readonly wantMw: number;
  /** Whether it is on its way to another power, and since when; null: it is not. */
  readonly ramp: { readonly way: 'down' | 'up'; readonly sinceMs: number; readonly ticksWithoutMove: number } | null;
}

/** A feed after a fact, what happened to it in order, and a breach to be told of. */
export interface FeedTurn {
  readonly feed: Feed;
  readonly events: readonly { readonly event: FeedEvent; readonly feed: Feed }[];
  readonly breach: FactDataOf['control.breach.v1'] | null;
}

/** Who asks for load targets in this way; the rest of the name is the identifier of who sent the message. */
export const dsxActor = 'dsx ';

/** The limit that holds now, MW; null: none. */
export function constraintMw({ targets }: Feed): number | null {
  const active = targets.filter(({ isActive }) => isActive).map(({ limitMw }) => limitMw);
  return active.length === 0 ? null : Math.min(...active);
}

/** Whether the load is within the limit; true when there is none. */
export function isCompliant(feed: Feed): boolean {
  const limitMw = constraintMw(feed);
  return limitMw === null || feed.loadMw <= limitMw + toleranceMw(limitMw);
}

/** Rounding of power, and what is too little to be a ramp. */
function toleranceMw(limitMw: number): number {
  return Math.max(0.05, 1e-3 * limitMw);
}

/** Ticks without a move after which a ramp up is over, wherever it has got to. */
const mostStillTicks = 3;

/** A feed after one more fact; facts of other campuses leave it as it is. */
export function hearFeed(feed: Feed, fact: Fact): FeedTurn {
  switch (fact.type) {
    case 'control.request.v1':
      return fact.entity === feed.campus ? hearRequest(feed, fact) : still(feed);
    case 'control.breach.v1':
      return { ...still(feed), breach: fact.entity === feed.campus ? fact.data : null };
    case 'cluster.demand.v1': {
      const own = fact.data.campuses.find(({ campus }) => campus === feed.campus);
      return still(own === undefined ? feed : { ...feed, wantMw: own.wantMw });
    }
    case 'cluster.power.v1': {
      const own = fact.data.campuses.find(({ campus }) => campus === feed.campus);
      return own === undefined ? still(feed) : hearPower(feed, own);
    }
    default:
      return still(feed);
  }
}

function still(feed: Feed): FeedTurn {
  return { feed, events: [], breach: null };
}

function hearRequest(feed: Feed, { data, timeMs }: FactOf<'control.request.v1'>): FeedTurn {
  if (!data.actor.startsWith(dsxActor)) return still(feed);
  const others = feed.targets.filter(({ request }) => request !== data.request);
  const stands = data.state === 'scheduled' || data.state === 'active' || data.state === 'extended';
  const isNew = stands && others.length === feed.targets.length;
  const own: FeedTarget = {
    request: data.request,
    isv: data.actor.slice(dsxActor.length),
    correlationId: correlationOf(data.request),
    limitMw: data.amountMw,
    fromMs: fromWire(data.fromTime),
    untilMs: fromWire(data.untilTime),
    isBestEffort: data.isBestEffort,
    isActive: data.state !== 'scheduled',
  };
  const after = { ...feed, targets: stands ? [...others, own].sort((a, b) => a.fromMs - b.fromMs) : others };
  const set = isNew ? [{ event: 'target_set' as const, feed: after }] : [];
  const moved = rampAfter(feed, after, timeMs);
  return { ...moved, events: [...set, ...moved.events] };
}

/** A tighter limit begins a ramp down, a wider one or none a ramp up. */
function rampAfter(before: Feed, after: Feed, atMs: number): FeedTurn {
  const [was, is] = [constraintMw(before) ?? Infinity, constraintMw(after) ?? Infinity];
  if (was === is) return still(after);
  const way = is < was ? 'down' : 'up';
  const feed: Feed = { ...after, ramp: { way, sinceMs: atMs, ticksWithoutMove: 0 } };
  return { feed, events: [{ event: way === 'down' ? 'start_ramp_down' : 'start_ramp_up', feed }], breach: null };
}

function hearPower(feed: Feed, own: FactDataOf['cluster.power.v1']['campuses'][number]): FeedTurn {
  const { ramp } = feed;
  const moved = Math.abs(own.endMw - feed.loadMw) > toleranceMw(feed.loadMw);
  const seen: Feed = { ...feed, loadMw: own.endMw, mostMw: own.limitMw };
  if (ramp === null) return still(seen);
  const ticksWithoutMove = moved ? 0 : ramp.ticksWithoutMove + 1;
  const goalMw = Math.min(constraintMw(seen) ?? Infinity, seen.wantMw);
  const isOver =
    ramp.way === 'down' ? isCompliant(seen) : seen.loadMw >= goalMw - toleranceMw(goalMw) || ticksWithoutMove >= mostStillTicks;
  if (!isOver) return still({ ...seen, ramp: { ...ramp, ticksWithoutMove } });
  const arrived: Feed = { ...seen, ramp: null };
  return { feed: arrived, events: [{ event: ramp.way === 'down' ? 'end_ramp_down' : 'end_ramp_up', feed: arrived }], breach: null };
}

/** Id of a load target of the twin for the n-th target of a message. */
export function requestOf(correlationId: string, place: number): string {
  return `${correlationId}-${place}`;
}

/** The message a load target of the twin came with. */
export function correlationOf(request: string): string {
  return request.slice(0, 36);
}

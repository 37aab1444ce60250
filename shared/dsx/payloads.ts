import { createHash } from 'node:crypto';
import type { FactDataOf } from '../domain/fact.js';
import { constraintMw, isCompliant, type Feed, type FeedEvent } from './feeds.js';

const megawatts = (value: number) => ({ value: Math.max(0, value), unit: 'megawatt' });
const iso = (ms: number): string => new Date(ms).toISOString();

/** What was refused of a message, beside the state it leaves: the message it was, and why in one line. */
export interface Refusal {
  readonly correlation_id: string | null;
  readonly reason: string;
}

/** Data of `grid.powerstate.status.v1`: every feed, whole; `refusals` only where something was refused. */
export function powerState(
  feeds: readonly { readonly feed: Feed; readonly event: FeedEvent }[],
  about: { readonly nowMs: number; readonly refusals?: readonly Refusal[] },
) {
  const { nowMs, refusals = [] } = about;
  return {
    snapshot_time: iso(nowMs),
    feeds: Object.fromEntries(feeds.map(({ feed, event }) => [feed.campus, feedState(feed, event)])),
    ...(refusals.length === 0 ? {} : { refusals }),
  };
}

function feedState(feed: Feed, event: FeedEvent) {
  return {
    metadata: {
      power_minimum: megawatts(feed.leastMw),
      power_maximum: megawatts(feed.mostMw),
      default_constraint: megawatts(feed.mostMw),
    },
    targets: feed.targets.map(({ isActive, limitMw, fromMs, untilMs, isBestEffort, correlationId }) => ({
      active: isActive,
      load_constraint: megawatts(limitMw),
      interval: { start_time: iso(fromMs), end_time: iso(untilMs) },
      strategy: { best_effort: isBestEffort },
      correlation_id: correlationId,
    })),
    calculated_load: megawatts(feed.loadMw),
    in_flight: feed.ramp !== null,
    event,
    ...(feed.ramp === null ? {} : { power_event_start_time: iso(feed.ramp.sinceMs) }),
    compliant: isCompliant(feed),
  };
}

/** Above this excess over its target a breach is critical; as the description of the protocol has it. */
const criticalRatio = 0.2;
const actionsOf = { active: ['SHUTDOWN_NODES'], escalated: ['SHUTDOWN_NODES', 'SHUTDOWN_RACKS'], resolved: [] } as const;

/** Data of `grid.powerbreach.alert.v1`; null: no target of this kind is breached. `known` is the target while it was there. */
export function powerBreach(feed: Feed, breach: FactDataOf['control.breach.v1'], nowMs: number, known: Feed['targets'][number] | null) {
  const limitMw = constraintMw(feed);
  const target = feed.targets.find((own) => own.isActive && own.limitMw === limitMw) ?? known;
  if (target === null) return null;
  const { state, sinceTime } = breach;
  const excess = (feed.loadMw - target.limitMw) / target.limitMw;
  return {
    target,
    data: {
      feed_tag: feed.campus,
      status: state,
      severity: excess > criticalRatio ? 'critical' : 'warning',
      breach: {
        breach_id: breachId(feed.campus, sinceTime),
        detected_at: sinceTime,
        ...(state === 'resolved' ? { resolved_at: iso(nowMs) } : {}),
      },
      target: { correlation_id: target.correlationId, load_constraint: megawatts(target.limitMw) },
      measured_load: megawatts(feed.loadMw),
      // The twin knows runs, not the machines they stand on: it has no hint to give.
      ...(state === 'resolved' ? {} : { shed_hints: [] }),
      infrastructure_actions: actionsOf[state],
    },
  };
}

/** The same id for all messages about one breach, also after a restart. */
function breachId(campus: string, sinceTime: string): string {
  const hex = createHash('sha256').update(`${campus}/${sinceTime}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

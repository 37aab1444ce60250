import { randomUUID } from 'node:crypto';
import type { Publisher } from '../../shared/bus/publish.js';
import { moveRefusal } from '../../shared/domain/fleet/moveRefusal.js';
import type { Standing } from '../../shared/domain/fleet/standing.js';
import { stamp, type FactDataOf, type Saying } from '../../shared/domain/fact.js';
import type { Phase } from '../../shared/domain/ticks.js';
import { auditActions, type AuditAction } from '../../shared/events/control.js';
import { TwinError, wrongInput } from '../../shared/runtime/errors.js';
import type { World } from '../../shared/scenario/schema.js';
import type { Feed } from './feed.js';
import type { View } from './viewTypes.js';

type Audit = FactDataOf['control.audit.v1'];

/** What is answered to an intent: whether it counts, and the tick it was recorded in; it takes effect in the next one. */
export interface InjectAnswer {
  readonly accepted: boolean;
  readonly tick: number;
}

const maxTextLength = 200;
/** Targets named in an error before it says how many more there are. */
const shownTargets = 12;

/** Ids an action may be aimed at, in order of their name: what the world names, and permits and alarms heard of since. */
export function targetsOf(action: AuditAction, world: World, view: View): readonly string[] {
  const ids = (list: readonly { readonly id: string }[]): readonly string[] => list.map(({ id }) => id).sort();
  switch (action) {
    case 'trip-unit':
    case 'return-unit':
      return ids(world.network.units);
    case 'trip-line':
    case 'return-line':
      return ids(world.network.lines);
    case 'trip-campus':
    case 'return-campus':
    case 'curtail-campus':
    case 'release-campus':
      return ids(world.campuses);
    case 'grant-permit':
    case 'deny-permit':
      return Object.keys(view.permits).sort();
    case 'pause-run':
    case 'resume-run':
    case 'move-run':
      return ids(world.runs);
    case 'acknowledge-alarm':
      return Object.keys(view.alarms)
        .filter((id) => view.alarms[id]?.status !== 'cleared')
        .sort();
  }
}

/**
 * The intent in a request body, checked against the world.
 * @throws TWIN_WRONG_INPUT naming the field, what was found and what is allowed.
 */
export function checkIntent(body: unknown, world: World, view: View): Omit<Audit, 'accepted'> {
  const fields = typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>) : {};
  const action = auditActions.find((known) => known === fields['action']);
  if (action === undefined) throw wrongInput(`action: found ${JSON.stringify(fields['action'])}, allowed: ${auditActions.join(', ')}`);
  const allowed = targetsOf(action, world, view);
  const target = allowed.find((known) => known === fields['target']);
  if (target === undefined) throw wrongInput(`target of ${action}: found ${JSON.stringify(fields['target'])}, allowed: ${listed(allowed)}`);
  return {
    action,
    target,
    actor: textOf(fields, 'actor'),
    amountMw: amountOf(fields['amountMw'], action),
    reason: textOf(fields, 'reason'),
    ...destinationOf(fields['destination'], action, world),
  };
}

/** Why an intent cannot count although it is well formed, or null. */
export function refusalOf(intent: Omit<Audit, 'accepted'>, world: World, view: View): string | null {
  if (intent.action === 'move-run') return moveRefusal(world, standingOf(view), { run: intent.target, to: intent.destination ?? '' });
  if (intent.action !== 'grant-permit' && intent.action !== 'deny-permit') return null;
  const phase = view.permits[intent.target]?.phase;
  return phase === 'granted' || phase === 'withdrawn' ? `${intent.target}: is already ${phase}` : null;
}

/**
 * Records intents as `control.audit.v1` at the newest tick, refused ones too, and answers when they are stored.
 * @throws TWIN_WRONG_INPUT, TWIN_NOT_RUNNING before the first tick, TWIN_REFUSED with the reason.
 */
export function createInjector(feed: Feed, publisher: Publisher, world: World): (body: unknown) => Promise<InjectAnswer> {
  let counts = {};
  const regionOfBus = new Map(world.network.buses.map(({ id, region }) => [id, region]));
  const busOf = new Map<string, string>([
    ...world.network.lines.map(({ id, fromBus }): [string, string] => [id, fromBus]),
    ...world.network.units.map(({ id, bus }): [string, string] => [id, bus]),
    ...world.campuses.map(({ id, bus }): [string, string] => [id, bus]),
  ]);
  return async (body) => {
    await feed.caughtUp;
    const intent = checkIntent(body, world, feed.view);
    const mark = feed.view.system.mark;
    if (mark === null)
      throw new TwinError('TWIN_NOT_RUNNING', 'clock: has not begun the first tick yet; try again in a moment', { retryable: true });
    const refusal = refusalOf(intent, world, feed.view);
    const place =
      isAboutPermit(intent.action) || intent.action === 'acknowledge-alarm'
        ? undefined
        : busOf.get(feed.view.runs[intent.target]?.campus ?? intent.target);
    const saying: Saying = {
      type: 'control.audit.v1',
      region: regionOfBus.get(place ?? '') ?? 'all',
      entity: intent.target,
      correlationId: randomUUID(),
      data: { ...intent, accepted: refusal === null },
    };
    const context = { component: 'api', tick: mark.tick, phase: mark.phase as Phase, startMs: mark.timeMs };
    const stamped = stamp([saying], { ...context, counts: { ...feed.auditCounts, ...counts } });
    counts = stamped.counts;
    await publisher.publish(stamped.facts);
    if (refusal !== null) throw new TwinError('TWIN_REFUSED', refusal);
    return { accepted: true, tick: mark.tick };
  };
}

function isAboutPermit(action: AuditAction): boolean {
  return action === 'grant-permit' || action === 'deny-permit';
}

function listed(ids: readonly string[]): string {
  if (ids.length === 0) return 'none at present';
  const more = ids.length - shownTargets;
  return more > 0 ? `${ids.slice(0, shownTargets).join(', ')} and ${more} more` : ids.join(', ');
}

function destinationOf(value: unknown, action: AuditAction, world: World): { readonly destination?: string } {
  if (action !== 'move-run') {
    if (value === undefined || value === null) return {};
    throw wrongInput(`destination: found ${JSON.stringify(value)} for ${action}, allowed: none; only move-run takes a campus`);
  }
  const campus = world.campuses.find(({ id }) => id === value);
  if (campus === undefined)
    throw wrongInput(`destination: found ${JSON.stringify(value)}, allowed: ${listed(world.campuses.map(({ id }) => id).sort())}`);
  return { destination: campus.id };
}

/** How campuses and runs stand by what was heard last. */
function standingOf(view: View): Standing {
  const limits = Object.entries(view.campuses).map(([id, { limitMw }]) => [id, limitMw] as const);
  return {
    atMs: view.system.mark?.timeMs ?? 0,
    runs: Object.entries(view.runs).flatMap(([run, { campus, progress }]) => {
      if (progress === null) return [];
      const { state, completedSteps: steps, powerMw, movingTo = null } = progress;
      return [{ run, campus, movingTo, state, steps, powerMw }];
    }),
    limitMw: new Map(limits),
  };
}

function textOf(fields: Readonly<Record<string, unknown>>, name: 'actor' | 'reason'): string {
  const value = fields[name];
  if (typeof value === 'string' && value.trim() !== '' && value.length <= maxTextLength) return value.trim();
  throw wrongInput(`${name}: found ${JSON.stringify(value)}, allowed: a text of 1 to ${maxTextLength} characters`);
}

function amountOf(value: unknown, action: AuditAction): number | null {
  if (action !== 'curtail-campus') {
    if (value === undefined || value === null) return null;
    throw wrongInput(`amountMw: found ${JSON.stringify(value)} for ${action}, allowed: none; only curtail-campus takes an amount`);
  }
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value;
  throw wrongInput(`amountMw: found ${JSON.stringify(value)} for curtail-campus, allowed: a number above 0 (MW)`);
}

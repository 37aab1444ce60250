import { moveRefusal } from '../../shared/domain/fleet/moveRefusal.js';
import type { Standing } from '../../shared/domain/fleet/standing.js';
import type { FactDataOf } from '../../shared/domain/fact.js';
import { equipmentOf, gatesToDecide } from '../../shared/domain/buildout/stages.js';
import { auditActions, type AuditAction } from '../../shared/events/control.js';
import { wrongInput } from '../../shared/runtime/errors.js';
import { shown, shownName } from '../../shared/domain/shown.js';
import { dayMs, fromWire, toWire } from '../../shared/domain/ticks.js';
import type { World } from '../../shared/scenario/schema.js';
import { askableCampuses, checkExtension, checkLoadTarget, checkRelease } from './loadTarget.js';
import type { View } from './viewTypes.js';

type Audit = FactDataOf['control.audit.v1'];

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
    case 'silence-campus':
    case 'restore-campus':
      return ids(world.campuses);
    case 'curtail-campus':
    case 'extend-campus':
    case 'release-campus':
      return [...askableCampuses(world)].sort();
    case 'curtail-fleet':
    case 'release-fleet':
      return ['fleet'];
    case 'dip-campus':
      return ids(world.campuses.filter(({ facility }) => facility !== undefined));
    case 'grant-permit':
    case 'deny-permit':
    case 'revoke-permit':
      return Object.keys(view.permits).sort();
    case 'slip-equipment':
      return world.projects.flatMap(equipmentOf).sort();
    case 'go-gate':
    case 'no-go-gate':
      return world.projects.flatMap(gatesToDecide).sort();
    case 'pause-run':
    case 'resume-run':
    case 'fail-checkpoint':
    case 'move-run':
      return ids(world.runs);
    case 'shelve-alarm':
    case 'unshelve-alarm':
    case 'out-of-service-alarm':
    case 'in-service-alarm':
      return Object.keys(view.alarms).sort();
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
export function checkIntent(body: unknown, world: World, view: View, known: ReadonlySet<string> = new Set()): Omit<Audit, 'accepted'> {
  const fields = typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>) : {};
  const action = auditActions.find((known) => known === fields['action']);
  if (action === undefined) throw wrongInput(`action: found ${shown(fields['action'])}, allowed: ${auditActions.join(', ')}`);
  const allowed = targetsOf(action, world, view);
  const target = allowed.find((known) => known === fields['target']);
  if (target === undefined) throw wrongInput(`target of ${action}: found ${shown(fields['target'])}, allowed: ${listed(allowed)}`);
  const who = { action, target, actor: textOf(fields, 'actor'), reason: textOf(fields, 'reason') };
  onlyFields(fields, action);
  switch (action) {
    case 'curtail-campus':
    case 'curtail-fleet':
      return { ...who, ...checkLoadTarget(fields, { target, world, view, known }) };
    case 'extend-campus':
      return { ...who, amountMw: null, ...checkExtension(fields, target, view) };
    case 'release-campus':
    case 'release-fleet':
      return { ...who, amountMw: null, ...checkRelease(fields, target, view) };
    case 'dip-campus':
      return { ...who, amountMw: null, ...instantsOf(fields['atSeconds'], world.clock.tickMinutes * 60) };
    case 'move-run':
      return { ...who, amountMw: null, ...destinationOf(fields['destination'], world) };
    case 'shelve-alarm':
      return { ...who, amountMw: null, untilTime: shelfEndOf(fields['untilTime'], view) };
    case 'slip-equipment':
      return { ...who, amountMw: null, days: slipDaysOf(fields['days']) };
    default:
      return { ...who, amountMw: null };
  }
}

const longestShelfDays = 7;

/** End of the time an alarm is put aside: ahead of now, within a week. */
function shelfEndOf(value: unknown, { system }: View): string {
  const nowMs = system.mark?.timeMs ?? 0;
  const atMs = typeof value === 'string' ? fromWire(value) : Number.NaN;
  if (atMs > nowMs && atMs <= nowMs + longestShelfDays * dayMs) return toWire(atMs);
  throw wrongInput(`untilTime: found ${shown(value)}, allowed: an instant after ${toWire(nowMs)}, within ${longestShelfDays} days of it`);
}

const slipDaysMost = 3_650;

function slipDaysOf(value: unknown): number {
  if (typeof value === 'number' && value > 0 && value <= slipDaysMost) return value;
  throw wrongInput(`days: found ${shown(value)}, allowed: a number of days above 0, up to ${slipDaysMost}`);
}

/** Refuses a field an action does not know, such as an amount in another unit. */
function onlyFields(fields: Readonly<Record<string, unknown>>, action: AuditAction): void {
  const own = fieldsOf[action] ?? [];
  const allowed = ['action', 'target', 'actor', 'reason', ...own];
  const odd = Object.keys(fields).find((name) => !allowed.includes(name) && fields[name] !== null && fields[name] !== undefined);
  if (odd === undefined) return;
  const names = own.length === 0 ? 'none beside action, target, actor and reason' : own.join(', ');
  throw wrongInput(`${shownName(odd)}: found ${shown(fields[odd])} for ${action}, allowed: ${names}`);
}

const loadTargetFields = ['amountMw', 'request', 'targetKind', 'fromTime', 'untilTime', 'rampMinutes', 'isBestEffort'];
/** Fields of an action beside who, what and why. */
const fieldsOf: Partial<Readonly<Record<AuditAction, readonly string[]>>> = {
  'curtail-campus': loadTargetFields,
  'curtail-fleet': loadTargetFields,
  'extend-campus': ['request', 'untilTime'],
  'release-campus': ['request'],
  'release-fleet': ['request'],
  'dip-campus': ['atSeconds'],
  'move-run': ['destination'],
  'slip-equipment': ['days'],
  'shelve-alarm': ['untilTime'],
};
/** Why an intent cannot count although it is well formed, or null. */
export function refusalOf(intent: Omit<Audit, 'accepted'>, world: World, view: View): string | null {
  if (intent.action === 'move-run') return moveRefusal(world, standingOf(view), { run: intent.target, to: intent.destination ?? '' });
  const phase = view.permits[intent.target]?.phase;
  if (intent.action === 'revoke-permit') return phase === 'granted' ? null : `${intent.target}: is ${phase ?? 'unknown'}, not granted`;
  if (intent.action !== 'grant-permit' && intent.action !== 'deny-permit') return null;
  return phase === 'granted' || phase === 'withdrawn' ? `${intent.target}: is already ${phase}` : null;
}

function listed(ids: readonly string[]): string {
  if (ids.length === 0) return 'none at present';
  const more = ids.length - shownTargets;
  return more > 0 ? `${ids.slice(0, shownTargets).join(', ')} and ${more} more` : ids.join(', ');
}

function destinationOf(value: unknown, world: World): { readonly destination: string } {
  const campus = world.campuses.find(({ id }) => id === value);
  if (campus === undefined)
    throw wrongInput(`destination: found ${shown(value)}, allowed: ${listed(world.campuses.map(({ id }) => id).sort())}`);
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
  throw wrongInput(`${name}: found ${shown(value)}, allowed: a text of 1 to ${maxTextLength} characters`);
}

/** Instants of voltage dips in the tick they take effect in, in order of time. */
function instantsOf(value: unknown, tickSeconds: number): Pick<Audit, 'atSeconds'> {
  if (value === undefined || value === null) return {};
  const isInside = (seconds: unknown): seconds is number => typeof seconds === 'number' && seconds >= 0 && seconds < tickSeconds;
  if (Array.isArray(value) && value.length > 0 && value.length <= 100 && value.every(isInside))
    return { atSeconds: [...value].sort((a, b) => a - b) };
  throw wrongInput(
    `atSeconds: found ${shown(value)} for dip-campus, allowed: 1 to 100 numbers from 0 to below ${tickSeconds} (s, the tick)`,
  );
}

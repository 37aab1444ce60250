import type { FactDataOf } from '../../shared/domain/fact.js';
import { shown } from '../../shared/domain/shown.js';
import { fromWire, toWire } from '../../shared/domain/ticks.js';
import { targetKinds } from '../../shared/events/control.js';
import { TwinError, wrongInput } from '../../shared/runtime/errors.js';
import type { World } from '../../shared/scenario/schema.js';
import type { View } from './viewTypes.js';

type Audit = FactDataOf['control.audit.v1'];
type Fields = Readonly<Record<string, unknown>>;

/** Fields of an order about a load target, beside who, what and why. */
export type LoadTargetFields = Pick<
  Audit,
  'amountMw' | 'request' | 'targetKind' | 'fromTime' | 'untilTime' | 'rampMinutes' | 'isBestEffort'
>;

const instantPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/;
const rampMinutesMax = 24 * 60;

/** Campuses a load target can be asked of: those under contract. */
export function askableCampuses(world: World): readonly string[] {
  return world.campuses.map(({ id }) => id).filter((id) => world.contracts.some(({ campus }) => campus === id));
}

/**
 * A load target in a request body, checked against the world and against what stands already.
 * @throws TWIN_WRONG_INPUT naming the field, what was found and what is allowed; TWIN_REFUSED for an id that is known already.
 */
export function checkLoadTarget(
  fields: Fields,
  context: { readonly target: string; readonly world: World; readonly view: View; readonly known: ReadonlySet<string> },
): LoadTargetFields {
  const { target, world, view, known } = context;
  const targetKind = kindOf(fields['targetKind']);
  const isFleet = target === 'fleet';
  if (isFleet && targetKind === 'limit') throw wrongInput(`targetKind: found "limit" for the fleet, allowed: reduction`);
  const campuses = isFleet ? askableCampuses(world) : [target];
  const capacityMw = campuses.reduce((sum, campus) => sum + (view.campuses[campus]?.limitMw ?? 0), 0);
  const nowMs = view.system.mark?.timeMs ?? fromWire(world.clock.startTime);
  const fromTime = instantOf(fields, 'fromTime', nowMs);
  const untilTime = instantOf(fields, 'untilTime', fromTime === undefined ? nowMs : fromWire(fromTime), true);
  const request = newRequest(fields['request'], view, known);
  const rampMinutes = rampOf(fields['rampMinutes']);
  const isBestEffort = flagOf(fields['isBestEffort']);
  return {
    amountMw: amountOf(fields['amountMw'], { target, capacityMw, targetKind }),
    ...(targetKind === 'limit' ? { targetKind } : {}),
    ...(request === undefined ? {} : { request }),
    ...(fromTime === undefined ? {} : { fromTime }),
    ...(untilTime === undefined ? {} : { untilTime }),
    ...(rampMinutes === undefined ? {} : { rampMinutes }),
    ...(isBestEffort === undefined ? {} : { isBestEffort }),
  };
}

/** The load target meant by an extension, with its new end. @throws as above. */
export function checkExtension(fields: Fields, target: string, view: View): Pick<Audit, 'request' | 'untilTime'> {
  const request = standingRequest(fields['request'], target, view);
  const nowMs = Math.max(view.system.mark?.timeMs ?? 0, fromWire(view.requests[`${target}/${request}`]?.fromTime ?? toWire(0)));
  const untilTime = instantOf(fields, 'untilTime', nowMs, true);
  if (untilTime === undefined) throw wrongInput('untilTime: found none, allowed: the new end as an RFC 3339 instant in UTC');
  return { request, untilTime };
}

/** The load target meant by a release; none: all of them. @throws as above. */
export function checkRelease(fields: Fields, target: string, view: View): Pick<Audit, 'request'> {
  return fields['request'] === undefined ? {} : { request: standingRequest(fields['request'], target, view) };
}

function standingRequest(value: unknown, target: string, view: View): string {
  const standing = Object.values(view.requests)
    .filter(({ campus, state }) => campus === target && ['scheduled', 'active', 'extended'].includes(state))
    .map(({ request }) => request);
  const found = standing.find((id) => id === value);
  if (found !== undefined) return found;
  throw wrongInput(`request: found ${shown(value)}, allowed: ${standing.length === 0 ? 'none stands' : standing.join(', ')}`);
}

function newRequest(value: unknown, view: View, known: ReadonlySet<string>): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || !/^[a-z0-9][a-z0-9_-]{0,59}$/.test(value))
    throw wrongInput(`request: found ${shown(value)}, allowed: an id of a-z, 0-9, - and _, up to 60 characters`);
  const standing = Object.values(view.requests).find(({ request }) => request === value);
  if (standing === undefined && !known.has(value)) return value;
  const state = standing === undefined ? 'recorded' : standing.state;
  throw new TwinError('TWIN_REFUSED', `request: ${value} was asked for already (${state}); allowed: a new id`);
}

function amountOf(
  value: unknown,
  about: { readonly target: string; readonly capacityMw: number; readonly targetKind: (typeof targetKinds)[number] },
): number {
  const { target, capacityMw, targetKind } = about;
  const least = targetKind === 'limit' ? 'from 0' : 'above 0';
  const isEnough = typeof value === 'number' && Number.isFinite(value) && (targetKind === 'limit' ? value >= 0 : value > 0);
  if (!isEnough) throw wrongInput(`amountMw: found ${shown(value)}, allowed: a number ${least} (MW)`);
  if (value <= capacityMw) return value;
  throw wrongInput(`amountMw: found ${value} for ${target}, allowed: ${least} up to the ${capacityMw} MW its connection allows`);
}

function kindOf(value: unknown): (typeof targetKinds)[number] {
  if (value === undefined) return 'reduction';
  const kind = targetKinds.find((known) => known === value);
  if (kind === undefined) throw wrongInput(`targetKind: found ${shown(value)}, allowed: ${targetKinds.join(', ')}`);
  return kind;
}

function instantOf(fields: Fields, name: 'fromTime' | 'untilTime', afterMs: number, isLater = false): string | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  const timeMs = typeof value === 'string' && instantPattern.test(value) ? fromWire(value) : Number.NaN;
  if (Number.isFinite(timeMs) && (isLater ? timeMs > afterMs : timeMs >= afterMs)) return toWire(timeMs);
  throw wrongInput(`${name}: found ${shown(value)}, allowed: an RFC 3339 instant in UTC ${isLater ? 'after' : 'from'} ${toWire(afterMs)}`);
}

function rampOf(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && value >= 0 && value <= rampMinutesMax) return value;
  throw wrongInput(`rampMinutes: found ${shown(value)}, allowed: 0 to ${rampMinutesMax} (min)`);
}

function flagOf(value: unknown): boolean | undefined {
  if (value === undefined || typeof value === 'boolean') return value;
  throw wrongInput(`isBestEffort: found ${shown(value)}, allowed: true or false`);
}

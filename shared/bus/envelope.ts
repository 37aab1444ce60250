import type { Fact, FactType } from '../domain/fact.js';
import { shown, shownName } from '../domain/shown.js';
import { fromWire, toWire } from '../domain/ticks.js';
import { definitionOf } from '../events/registry.js';
import { TwinError } from '../runtime/errors.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });
const tokenPattern = /^[a-z0-9_-]+$/;
const qualities = ['measured', 'estimated', 'forecast', 'simulated'];

/** Subject of a fact: `<root>.<region>.<domain>.<fact>.v<major>.<entity>`. */
export function subjectOf(root: string, fact: { readonly region: string; readonly type: FactType; readonly entity: string }): string {
  return `${root}.${fact.region}.${fact.type}.${fact.entity}`;
}

/** Subject filter: everything of a root, narrowed by region, type, domain or entity. */
export function filterOf(
  root: string,
  narrow: { readonly region?: string; readonly type?: FactType; readonly domain?: string; readonly entity?: string } = {},
): string {
  const type = narrow.type ?? (narrow.domain === undefined ? '*.*.*' : `${narrow.domain}.*.*`);
  return `${root}.${narrow.region ?? '*'}.${type}.${narrow.entity ?? '*'}`;
}

/** `Nats-Msg-Id` of a fact: JetStream stores it once per root. */
export function messageIdOf(root: string, fact: Fact): string {
  return `${root}/${fact.id}`;
}

/** A fact as CloudEvents 1.0 structured JSON; keys always in this order, so that equal facts have equal bytes. */
export function encodeFact(fact: Fact): Uint8Array {
  return encoder.encode(
    JSON.stringify({
      specversion: '1.0',
      id: fact.id,
      source: `/${fact.component}`,
      type: fact.type,
      subject: fact.entity,
      time: toWire(fact.timeMs),
      datacontenttype: 'application/json',
      region: fact.region,
      quality: fact.quality,
      tick: fact.tick,
      phase: fact.phase,
      correlationid: fact.correlationId,
      ...(fact.causationId === undefined ? {} : { causationid: fact.causationId }),
      data: fact.data,
    }),
  );
}

function malformed(reason: string): TwinError {
  return new TwinError('TWIN_MALFORMED_EVENT', reason);
}

function parseObject(bytes: Uint8Array): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(decoder.decode(bytes));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (cause) {
    throw malformed(`not JSON: ${shownName(cause instanceof Error ? cause.message : String(cause), 160)}`);
  }
  throw malformed('not a JSON object');
}

function textOf(envelope: Record<string, unknown>, key: string): string {
  const value = envelope[key];
  if (typeof value !== 'string' || value === '') throw malformed(`${key}: found ${shown(value)}, allowed: a text`);
  return value;
}

function integerOf(envelope: Record<string, unknown>, key: string): number {
  const value = envelope[key];
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw malformed(`${key}: found ${shown(value)}, allowed: an integer from 0`);
  }
  return value;
}

/**
 * The fact in a message, checked against its declaration.
 * @throws TWIN_MALFORMED_EVENT whose message names the field, what was found and what is allowed.
 */
export function decodeFact(bytes: Uint8Array, subject: string): Fact {
  const envelope = parseObject(bytes);
  const type = textOf(envelope, 'type');
  const definition = definitionOf(type);
  if (definition === undefined) throw malformed(`type: found ${shown(type)}, which is not declared`);
  const entity = textOf(envelope, 'subject');
  const region = textOf(envelope, 'region');
  const tokens = subject.split('.');
  if (tokens.length !== 6 || tokens[1] !== region || tokens.slice(2, 5).join('.') !== type || tokens[5] !== entity) {
    throw malformed(`subject: message on ${shownName(subject)} speaks of ${shownName(region)}.${type}.${shownName(entity)}`);
  }
  if (!tokenPattern.test(entity) || !tokenPattern.test(region)) throw malformed(`subject: ${shownName(entity)} is not of [a-z0-9_-]`);
  const timeMs = fromWire(textOf(envelope, 'time'));
  if (!Number.isFinite(timeMs)) throw malformed(`time: found ${shown(envelope['time'])}, allowed: RFC 3339`);
  const quality = textOf(envelope, 'quality');
  if (!qualities.includes(quality)) throw malformed(`quality: found ${shown(quality)}, allowed: ${qualities.join(', ')}`);
  const phase = integerOf(envelope, 'phase');
  if (phase < 1 || phase > 4) throw malformed(`phase: found ${phase}, allowed: 1 to 4`);
  const violation = definition.violation(envelope['data']);
  if (violation !== null) throw malformed(violation);
  const id = textOf(envelope, 'id');
  const n = Number(id.split('/')[3]);
  if (!id.startsWith(`${type}/${entity}/${timeMs}/`) || !Number.isSafeInteger(n)) {
    throw malformed(`id: found ${shown(id)}, allowed: ${type}/${entity}/${timeMs}/<n>`);
  }
  return {
    type,
    region,
    entity,
    data: envelope['data'],
    id,
    component: textOf(envelope, 'source').slice(1),
    timeMs,
    tick: integerOf(envelope, 'tick'),
    phase,
    n,
    quality,
    correlationId: textOf(envelope, 'correlationid'),
    ...(envelope['causationid'] === undefined ? {} : { causationId: textOf(envelope, 'causationid') }),
  } as Fact;
}

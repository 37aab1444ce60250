import { randomBytes, randomUUID } from 'node:crypto';
import { shown } from '../domain/shown.js';
import { wrongInput } from '../runtime/errors.js';
import { signJws, type Jwk } from './jws.js';

/** Types of event of DSX Flex 1.7 that are spoken, with the subject of each. */
export const dsxTypes = {
  'grid.loadtarget.set.v1': 'loadtarget',
  'grid.powerstate.status.v1': 'powerstate',
  'grid.powerbreach.alert.v1': 'powerbreach',
} as const;
export type DsxType = keyof typeof dsxTypes;

/** An event as it came: a CloudEvent whose data is still signed. */
export interface SignedEvent {
  readonly id: string;
  readonly source: string;
  readonly type: DsxType;
  readonly correlationId: string | null;
  readonly traceparent: string;
  readonly data: string;
}

/** Largest message that is read, bytes. */
export const mostBytes = 2 ** 20;
const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const tracePattern = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;
const timePattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/** Topic of MQTT on which an event is said; as a subject of NATS with dots for slashes. */
export function topicOf(type: DsxType, identifier: string): string {
  if (type === 'grid.loadtarget.set.v1') return `grid/v1/isv/${identifier}/loadtarget/set`;
  return `grid/v1/dsx-flex-agent/${identifier}/${type === 'grid.powerstate.status.v1' ? 'powerstate/status' : 'powerbreach'}`;
}

/** Source of an event of a role. */
export function sourceOf(role: 'isv' | 'dsx-flex-agent', identifier: string): string {
  return `//grid/v1/${role}/${identifier}`;
}

/** A signed event on the wire: CloudEvents 1.0.2, structured JSON. */
export function sealed(
  event: { readonly type: DsxType; readonly source: string; readonly correlationId: string | null; readonly trace: string | null },
  data: unknown,
  key: Jwk,
  nowIso: string,
): string {
  const { type, source, correlationId, trace } = event;
  return JSON.stringify({
    specversion: '1.0.2',
    id: randomUUID(),
    source,
    type,
    time: nowIso,
    datacontenttype: 'application/json',
    subject: dsxTypes[type],
    ...(correlationId === null ? {} : { correlationid: correlationId }),
    traceparent: nextTrace(trace),
    data: signJws(data, key),
  });
}

/** The next span of a trace (W3C Trace Context), or the first of a new one. */
function nextTrace(trace: string | null): string {
  const id = trace?.split('-')[1] ?? randomBytes(16).toString('hex');
  return `00-${id}-${randomBytes(8).toString('hex')}-01`;
}

/**
 * A message as an event whose data is still signed.
 * @throws TWIN_WRONG_INPUT in one line that names the attribute, what was found and what is allowed.
 */
export function opened(payload: Uint8Array, wanted: { readonly types: readonly DsxType[]; readonly source: string | null }): SignedEvent {
  if (payload.length > mostBytes) throw wrongInput(`message: found ${payload.length} bytes, allowed: at most ${mostBytes}`);
  const fields = fieldsOf(payload);
  const text = (name: string, isRight: (value: string) => boolean, allowed: string): string => {
    const value = fields[name];
    if (typeof value === 'string' && isRight(value)) return value;
    throw wrongInput(`${name}: found ${shown(value)}, allowed: ${allowed}`);
  };
  text('specversion', (value) => value === '1.0.2', '1.0.2');
  const id = text('id', (value) => uuidPattern.test(value), 'a UUID');
  const source = text(
    'source',
    (value) => (wanted.source === null ? /^\/\/grid\/v1\/(isv|dsx-flex-agent|infra)\/[^/]+$/.test(value) : value === wanted.source),
    wanted.source ?? '//grid/v1/<role>/<identifier>',
  );
  const type = text('type', (value) => wanted.types.some((own) => own === value), wanted.types.join(', ')) as DsxType;
  text('time', (value) => timePattern.test(value), 'an RFC 3339 instant');
  text('datacontenttype', (value) => value === 'application/json', 'application/json');
  text('subject', (value) => value !== '', 'the subject of the event');
  const traceparent = text('traceparent', (value) => tracePattern.test(value), 'a W3C traceparent');
  const correlationId =
    fields['correlationid'] === undefined ? null : text('correlationid', (value) => uuidPattern.test(value), 'a UUID').toLowerCase();
  return { id: id.toLowerCase(), source, type, correlationId, traceparent, data: text('data', () => true, 'a JWS compact serialization') };
}

function fieldsOf(payload: Uint8Array): Readonly<Record<string, unknown>> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(payload);
  } catch {
    throw wrongInput(`message: found bytes that are not UTF-8, allowed: JSON in UTF-8`);
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Readonly<Record<string, unknown>>;
  } catch {
    // Said below in one line.
  }
  throw wrongInput(`message: found ${shown(text)}, allowed: a JSON object`);
}

import { encodeFact } from '../bus/envelope.js';
import type { Fact } from '../domain/fact.js';

/** A CloudEvents 1.0 message of the HTTP binding, which `fetch` takes as it is. */
export interface CloudEventMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * A fact as a message for whoever speaks CloudEvents: `structured` is the fact whole, as it is on the bus; `binary` has the attributes as
 * `ce-` headers, where numbers become texts, and the data alone as body.
 */
export function cloudEventMessage(fact: Fact, mode: 'structured' | 'binary'): CloudEventMessage {
  const text = new TextDecoder().decode(encodeFact(fact));
  if (mode === 'structured') return { headers: { 'content-type': 'application/cloudevents+json; charset=utf-8' }, body: text };
  const { data, datacontenttype, ...attributes } = JSON.parse(text) as Readonly<Record<string, unknown>>;
  const headers = Object.entries(attributes).map(([name, value]) => [`ce-${name}`, String(value)] as const);
  return { headers: { 'content-type': String(datacontenttype), ...Object.fromEntries(headers) }, body: JSON.stringify(data) };
}

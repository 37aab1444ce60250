import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { decodeFact, encodeFact, filterOf, messageIdOf, subjectOf } from '../../shared/bus/envelope.js';
import { producerOf } from '../../shared/bus/topology.js';
import type { FactType } from '../../shared/domain/fact.js';
import { definitionOf, registry } from '../../shared/events/registry.js';
import { exampleFact } from '../support/facts.js';

const openTypes = new Set(['condition.platform.v1']);

describe.each(registry.map((definition) => [definition.type, definition] as const))('%s', (name, definition) => {
  const type = name as FactType;

  it('has an example that its own schema accepts, judged by another validator', () => {
    expect(definition.violation(structuredClone(definition.example))).toBeNull();
    const judge = new Ajv({ strict: false, validateFormats: false });
    expect(judge.validate(JSON.parse(JSON.stringify(definition.data)), definition.example), judge.errorsText()).toBe(true);
  });

  it('comes through the envelope unchanged', () => {
    const fact = exampleFact(type, producerOf(type) ?? 'clock', 3);
    const subject = subjectOf('twin', fact);
    expect(subject.split('.')).toHaveLength(6);
    expect(decodeFact(encodeFact(fact), subject)).toEqual(fact);
    expect(messageIdOf('twin', fact)).toBe(`twin/${type}/west/${fact.timeMs}/0`);
  });

  it('refuses a field it does not name and a field that is missing', () => {
    const [firstKey] = Object.keys(definition.example);
    const { [firstKey as string]: _left, ...rest } = definition.example as Record<string, unknown>;
    expect(definition.violation({ ...definition.example, surplus: 1 })).toMatch(/surplus/);
    expect(definition.violation(rest)).toMatch(new RegExp(firstKey as string));
  });

  it('has one producer', () => {
    expect(openTypes.has(type) || producerOf(type) !== undefined).toBe(true);
  });

  it('names the unit of every number that is not a count, ratio, rate or place', () => {
    const bare = numbersWithoutUnit(definition.data as unknown as Json, '').filter(
      (path) => !/(Ratio|\.rate|\.phase|Sequence|n)$/.test(path),
    );
    expect(bare).toEqual([]);
  });
});

type Json = { readonly [key: string]: unknown };

/** Paths of plain numbers (not integers) whose schema carries no unit. */
function numbersWithoutUnit(schema: Json, path: string): string[] {
  if (schema['type'] === 'number') return schema['unit'] === undefined ? [path] : [];
  if (schema['type'] === 'array') return numbersWithoutUnit(schema['items'] as Json, `${path}[]`);
  if (Array.isArray(schema['anyOf'])) return (schema['anyOf'] as Json[]).flatMap((option) => numbersWithoutUnit(option, path));
  const properties = (schema['properties'] ?? {}) as Record<string, Json>;
  return Object.entries(properties).flatMap(([key, value]) => numbersWithoutUnit(value, `${path}.${key}`));
}

describe('the envelope', () => {
  const fact = exampleFact('grid.reserve.v1', 'grid-supply', 1);
  const subject = subjectOf('twin', fact);
  const spoilt = (change: (envelope: Record<string, unknown>) => void): Uint8Array => {
    const envelope = JSON.parse(new TextDecoder().decode(encodeFact(fact))) as Record<string, unknown>;
    change(envelope);
    return new TextEncoder().encode(JSON.stringify(envelope));
  };

  it.each([
    ['not JSON', new TextEncoder().encode('{'), /^not JSON/],
    ['invalid UTF-8', new Uint8Array([0xff, 0xfe]), /^not JSON/],
    ['a list', new TextEncoder().encode('[]'), /^not a JSON object/],
    [
      'an undeclared type',
      spoilt((envelope) => (envelope['type'] = 'grid.nonsense.v1')),
      /type: found "grid.nonsense.v1", which is not declared/,
    ],
    ['another subject', spoilt((envelope) => (envelope['subject'] = 'south')), /subject: message on/],
    [
      'a negative power',
      spoilt((envelope) => ((envelope['data'] as Record<string, unknown>)['requirementMw'] = -1)),
      /data.requirementMw: must be >= 0/,
    ],
    [
      'a missing number',
      spoilt((envelope) => ((envelope['data'] as Record<string, unknown>)['requirementMw'] = null)),
      /data.requirementMw: must be number/,
    ],
    ['a time that is none', spoilt((envelope) => (envelope['time'] = 'yesterday')), /time: found "yesterday", allowed: RFC 3339/],
    ['a phase that is none', spoilt((envelope) => (envelope['phase'] = 5)), /phase: found 5, allowed: 1 to 4/],
    ['a foreign id', spoilt((envelope) => (envelope['id'] = 'x')), /id: found "x"/],
    ['an unknown quality', spoilt((envelope) => (envelope['quality'] = 'guessed')), /quality: found "guessed"/],
  ])('refuses %s and says why', (_what, bytes, reason) => {
    expect(() => decodeFact(bytes, subject)).toThrow(reason);
  });

  it('builds filters for a domain, a type, a region and an entity', () => {
    expect(filterOf('twin')).toBe('twin.*.*.*.*.*');
    expect(filterOf('twin', { domain: 'grid' })).toBe('twin.*.grid.*.*.*');
    expect(filterOf('run-1', { type: 'grid.price.v1', region: 'west', entity: 'west' })).toBe('run-1.west.grid.price.v1.west');
  });

  it('knows nothing of a type that is not declared', () => {
    expect(definitionOf('grid.nonsense.v1')).toBeUndefined();
  });
});

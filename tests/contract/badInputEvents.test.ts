import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeFact, encodeFact, subjectOf } from '../../shared/bus/envelope.js';
import type { Fact } from '../../shared/domain/fact.js';
import { registry } from '../../shared/events/registry.js';
import { anyBytes, anyValue, complaintAboutLine, everyCase, nested, oddTexts, spoilt, spoiltText, tried } from '../support/badInput.js';
import { exampleFact } from '../support/facts.js';

/** What a declaration says of a value is one line or nothing, and holds for what goes over the bus. */
function complaintOf(definition: (typeof registry)[number], value: unknown): string | null {
  const violation = definition.violation(value);
  if (violation !== null) return definition.check(value) ? 'a violation of what fits' : complaintAboutLine(violation);
  return definition.check(JSON.parse(JSON.stringify(value))) ? null : 'fits, but not once it has been sent';
}

describe('the declaration of an event', () => {
  test.each(registry.map((definition) => [definition.type, definition] as const))(
    '%s names in one line what does not fit',
    (_type, definition) => {
      const value = fc.oneof({ weight: 3, arbitrary: spoilt(definition.example) }, { weight: 1, arbitrary: anyValue });
      everyCase(value, (odd) => complaintOf(definition, odd));
    },
  );
});

test('no declaration takes a field by a name that every object has', () => {
  const taken = registry.flatMap(({ type, example, check }) =>
    ['__proto__', 'constructor', 'toString', 'hasOwnProperty']
      .filter((name) => check(Object.fromEntries([...Object.entries(example), [name, {}]])))
      .map((name) => `${type}: ${name}`),
  );
  expect(taken).toEqual([]);
});

describe('a message', () => {
  const facts = registry.map(({ type }) => exampleFact(type as Fact['type'], 'test', 3));
  const decoded = (bytes: Uint8Array, subject: string): string | null =>
    tried(() => {
      const fact = decodeFact(bytes, subject);
      expect(decodeFact(encodeFact(fact), subject)).toEqual(fact);
    }, 'TWIN_MALFORMED_EVENT');

  test('of any bytes on any subject is a fact, or malformed in one line', () => {
    const subject = fc.oneof(fc.constantFrom(...oddTexts), fc.constantFrom(...facts.map((fact) => subjectOf('twin', fact))));
    everyCase(fc.record({ bytes: anyBytes, on: subject }), ({ bytes, on }) => decoded(bytes, on));
  });

  test('whose envelope has something wrong is malformed in one line', () => {
    const spoiltOne = fc
      .constantFrom(...facts)
      .chain((fact) => spoilt(JSON.parse(new TextDecoder().decode(encodeFact(fact)))).map((envelope) => ({ fact, envelope })));
    everyCase(
      spoiltOne,
      ({ fact, envelope }) => decoded(new TextEncoder().encode(JSON.stringify(envelope) ?? ''), subjectOf('twin', fact)),
      2,
    );
  });

  test('whose text is cut, doubled or changed somewhere is malformed in one line', () => {
    const changedOne = fc
      .constantFrom(...facts)
      .chain((fact) => spoiltText(new TextDecoder().decode(encodeFact(fact))).map((bytes) => ({ fact, bytes })));
    everyCase(changedOne, ({ fact, bytes }) => decoded(bytes, subjectOf('twin', fact)), 2);
  });

  test.each(['type', 'subject', 'time', 'id', 'tick', 'quality', 'data'])(
    'that nests half a million lists in its %s is malformed in one line',
    (key) => {
      const [fact] = facts;
      if (fact === undefined) throw new Error('no fact');
      const envelope = JSON.parse(new TextDecoder().decode(encodeFact(fact))) as Record<string, unknown>;
      const text = JSON.stringify({ ...envelope, [key]: 'HERE' }).replace('"HERE"', '['.repeat(500_000) + ']'.repeat(500_000));
      expect(decoded(new TextEncoder().encode(text), subjectOf('twin', fact))).toBeNull();
      expect(decoded(new TextEncoder().encode(JSON.stringify({ ...envelope, [key]: nested(1_000) })), subjectOf('twin', fact))).toBeNull();
    },
  );
});

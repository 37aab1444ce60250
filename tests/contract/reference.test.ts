import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { producerOf } from '../../shared/bus/topology.js';
import type { FactType } from '../../shared/domain/fact.js';
import { eventReference } from '../../shared/events/reference.js';
import { registry } from '../../shared/events/registry.js';
import { standardReference } from '../../shared/scenario/permits/standardReference.js';

it('the reference page of the events says what the declarations say (else: npm run reference)', () => {
  const page = readFileSync(new URL('../../docs/reference/events.md', import.meta.url), 'utf8');
  expect(page).toBe(eventReference(registry, (type) => producerOf(type as FactType) ?? 'any service'));
});

it('the page of the words of the permitting standard says what the tables say (else: npm run reference)', () => {
  expect(readFileSync(new URL('../../docs/reference/permit-standard.md', import.meta.url), 'utf8')).toBe(standardReference());
});

import { mkdirSync, writeFileSync } from 'node:fs';
import { producerOf } from '../shared/bus/topology.js';
import type { FactType } from '../shared/domain/fact.js';
import { eventReference } from '../shared/events/reference.js';
import { registry } from '../shared/events/registry.js';
import { standardReference } from '../shared/scenario/permits/standardReference.js';

/** Writes the generated pages of `docs/reference`; the contract tests fail when they are stale. */
mkdirSync('docs/reference', { recursive: true });
writeFileSync(
  'docs/reference/events.md',
  eventReference(registry, (type) => producerOf(type as FactType) ?? 'any service'),
);
writeFileSync('docs/reference/permit-standard.md', standardReference());

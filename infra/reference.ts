import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { producerOf } from '../shared/bus/topology.js';
import type { FactType } from '../shared/domain/fact.js';
import { changesOf, contractOf, contractPage, type Contract } from '../shared/events/contract.js';
import { eventReference } from '../shared/events/reference.js';
import { registry } from '../shared/events/registry.js';
import { dashboardOf } from './grafana/dashboard.js';
import { boards } from './grafana/panels.js';
import { standardReference } from '../shared/scenario/permits/standardReference.js';

/** Writes the generated pages of `docs/reference` and the dashboards of Grafana; the contract tests fail when they are stale. */
mkdirSync('docs/reference', { recursive: true });
writeFileSync(
  'docs/reference/events.md',
  eventReference(registry, (type) => producerOf(type as FactType) ?? 'any service'),
);
writeFileSync('docs/reference/permit-standard.md', standardReference());

for (const [name, board] of Object.entries(boards))
  writeFileSync(`infra/grafana/dashboards/${name}.json`, `${JSON.stringify(dashboardOf(name, board), null, 2)}\n`);

/** `npm run reference -- --release` records the contract of the version in package.json. */
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string };
const recorded = `tests/contract/released/contract-${version}.json`;
const now = contractOf(registry, version);
if (process.argv.includes('--release')) {
  mkdirSync('tests/contract/released', { recursive: true });
  writeFileSync(recorded, `${JSON.stringify(now, null, 1)}\n`);
}
const before = JSON.parse(readFileSync(recorded, 'utf8')) as Contract;
writeFileSync('docs/reference/contract-changes.md', contractPage(before, changesOf(before, now)));

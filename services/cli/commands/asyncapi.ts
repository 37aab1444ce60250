import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { repoDir } from '../../../infra/stack/paths.js';
import { liveRoot, producerOf } from '../../../shared/bus/topology.js';
import type { FactType } from '../../../shared/domain/fact.js';
import { asyncApiDocument } from '../../../shared/events/asyncapi.js';
import { registry } from '../../../shared/events/registry.js';
import { printJson } from '../output.js';

/** `asyncapi`. */
export function register(program: Command): void {
  program
    .command('asyncapi')
    .description('The AsyncAPI 3.1 document of every fact of the twin, made from the declarations.')
    .option('--json', 'print as JSON; it always is')
    .addHelpText('after', '\nExample:\n  $ npx loadstone asyncapi > loadstone.asyncapi.json')
    .action(() => {
      const { version } = JSON.parse(readFileSync(join(repoDir(), 'package.json'), 'utf8')) as { readonly version: string };
      printJson(
        asyncApiDocument(registry, { version, root: liveRoot, producerOf: (type) => producerOf(type as FactType) ?? 'any service' }),
      );
    });
}

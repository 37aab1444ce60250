import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { repoDir } from '../../../infra/stack/paths.js';
import { openApiDocument } from '../../../shared/api/openapi.js';
import { printJson } from '../output.js';

/** `openapi`. */
export function register(program: Command): void {
  program
    .command('openapi')
    .description('The OpenAPI 3.1 document of everything that can be read from the api by HTTP.')
    .option('--json', 'print as JSON; it always is')
    .addHelpText('after', '\nExample:\n  $ npx loadstone openapi > loadstone.openapi.json')
    .action(() => {
      const { version } = JSON.parse(readFileSync(join(repoDir(), 'package.json'), 'utf8')) as { readonly version: string };
      printJson(openApiDocument({ version }));
    });
}

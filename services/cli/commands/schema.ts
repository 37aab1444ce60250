import type { Command } from 'commander';
import { definitionOf, registry } from '../../../shared/events/registry.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { printJson, printTable } from '../output.js';

export function register(program: Command): void {
  program
    .command('schema [type]')
    .description('JSON Schema of an event, or the list of all events.')
    .option('--json', 'the list as JSON; a schema always is')
    .addHelpText('after', '\nExample:\n  $ npx loadstone schema grid.price.v1')
    .action((type: string | undefined, options: { readonly json?: boolean }) => {
      if (type === undefined) {
        const rows = registry.map((definition) => ({ type: definition.type, kind: definition.kind, summary: definition.summary }));
        if (options.json === true) printJson(rows);
        else printTable(rows, '');
        return;
      }
      const definition = definitionOf(type);
      if (definition === undefined)
        throw wrongInput(`schema: found type ${JSON.stringify(type)}, allowed: one of \`npx loadstone schema\``);
      printJson({
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        $id: definition.type,
        title: definition.type,
        description: definition.summary,
        ...definition.data,
        examples: [definition.example],
      });
    });
}

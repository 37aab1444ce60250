import type { Command } from 'commander';
import { definitionOf, registry } from '../../../shared/events/registry.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { networkFileSchema } from '../../../shared/scenario/networkFile.js';
import { worldSchema } from '../../../shared/scenario/schema.js';
import { studySchema } from '../../../shared/scenario/study/schema.js';
import { publishedSchema, shapeOf } from '../../../shared/scenario/shape.js';
import { answers } from '../answers.js';
import { printJson, printTable } from '../output.js';

/** Files that people write, by the word in their field `schema`. */
const files = [
  { type: networkFileSchema.properties.schema.const, summary: 'A network in its own file: `network import`.', schema: networkFileSchema },
  { type: worldSchema.properties.schema.const, summary: 'A scenario: `scenario new`, `up --scenario FILE`.', schema: worldSchema },
  { type: studySchema.properties.schema.const, summary: 'A study: `study run FILE`.', schema: studySchema },
] as const;

export function register(program: Command): void {
  program
    .command('schema [type]')
    .description('JSON Schema of an event, of a file, or of what a command prints with --json; or the list of all of them.')
    .option('--json', 'the list as JSON; a schema always is')
    .addHelpText('after', '\nExample:\n  $ npx loadstone schema grid.price.v1\n  $ npx loadstone schema loadstone.network/1')
    .action((type: string | undefined, options: { readonly json?: boolean }) => {
      if (type === undefined) {
        const rows = [
          ...registry.map((definition) => ({ type: definition.type, kind: definition.kind, summary: definition.summary })),
          ...files.map((file) => ({ type: file.type, kind: 'file', summary: file.summary })),
          ...answers.map((answer) => ({ type: answer.type, kind: 'answer', summary: answer.summary })),
        ];
        if (options.json === true) printJson(rows);
        else printTable(rows, '');
        return;
      }
      const schema = schemaOf(type);
      if (schema === null) throw wrongInput(`schema: found type ${JSON.stringify(type)}, allowed: one of \`npx loadstone schema\``);
      printJson({ $schema: 'https://json-schema.org/draft/2020-12/schema', $id: type, title: type, ...schema });
    });
}

/** The schema of an event, a file or an answer without its head; null for an unknown word. */
function schemaOf(type: string): object | null {
  const file = files.find((each) => each.type === type);
  if (file !== undefined) return { description: file.summary, ...publishedSchema(shapeOf(file.schema)) };
  const answer = answers.find((each) => each.type === type);
  if (answer !== undefined) return { description: answer.summary, ...shapeOf(answer.schema) };
  const definition = definitionOf(type);
  return definition === undefined ? null : { description: definition.summary, ...definition.data, examples: [definition.example] };
}

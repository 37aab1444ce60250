import { factSchema } from '../events/asyncapi.js';
import { registry } from '../events/registry.js';
import { reads, type ReadDeclaration } from './reads.js';
import * as schemas from './schemas.js';

const { tableOf: _tableOf, ...components } = schemas;

/** Schemas that have a name in the document, by their text. */
const names = new Map<string, string>([
  ...Object.entries(components).map(
    ([name, schema]) => [JSON.stringify(schema), `${name.charAt(0).toUpperCase()}${name.slice(1)}`] as const,
  ),
  ...registry.map((definition) => [JSON.stringify(factSchema(definition)), definition.type] as const),
]);

/** The OpenAPI 3.1 document of everything that can be read from the api, made from the table of reads. */
export function openApiDocument({ version }: { readonly version: string }): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Loadstone read API',
      version,
      description:
        'How a running digital twin of an electricity grid and the AI clusters that feed on it stands now. Nothing here changes anything. ' +
        'Powers are MW, energy MWh, money USD; instants that end in `Ms` are twin time in ms UTC. Optional fields may be added.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [
      { url: 'http://127.0.0.1:7300', description: 'As `up` starts it; the address in use is in `.loadstone/run/endpoints.json`.' },
    ],
    paths: Object.fromEntries(
      Object.entries<ReadDeclaration>(reads).map(([path, declaration]) => [path, { get: operation(path, declaration) }]),
    ),
    components: {
      schemas: Object.fromEntries(
        [...names].sort(([, a], [, b]) => (a < b ? -1 : 1)).map(([text, name]) => [name, withReferences(JSON.parse(text), name)]),
      ),
    },
  };
}

function operation(path: string, { summary, content, answer, params = {}, query = {} }: ReadDeclaration): object {
  const refusal = (description: string): object => ({
    description,
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Failure' } } },
  });
  return {
    operationId: operationId(path),
    summary,
    parameters: [
      ...Object.entries(params).map(([name, description]) => ({
        name,
        in: 'path',
        required: true,
        description,
        schema: { type: 'string' },
      })),
      ...Object.entries(query).map(([name, description]) => ({
        name,
        in: 'query',
        required: false,
        description,
        schema: { type: 'string' },
      })),
    ],
    responses: {
      '200': { description: summary, content: { [content]: { schema: withReferences(JSON.parse(JSON.stringify(answer)), null) } } },
      '400': refusal('Something behind `?` is not known or not allowed.'),
      ...(Object.keys(params).length === 0 ? {} : { '404': refusal('There is none of that name.') }),
      '405': refusal(content === 'text/event-stream' ? 'Another method than GET.' : 'Another method than GET or HEAD.'),
    },
  };
}

/** `/api/regions/{region}` is `readRegionsRegion`. */
function operationId(path: string): string {
  const words = path.replace(/^\/api\//, '/').match(/[a-z]+/g) ?? [];
  return `read${words.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`).join('')}`;
}

/** The same schema, with a reference in place of every part that has a name; `own`: the name of the schema itself. */
function withReferences(schema: unknown, own: string | null): unknown {
  const name = typeof schema === 'object' ? names.get(JSON.stringify(schema)) : undefined;
  if (name !== undefined && name !== own) return { $ref: `#/components/schemas/${name}` };
  if (Array.isArray(schema)) return schema.map((each) => withReferences(each, null));
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, withReferences(value, null)]));
}

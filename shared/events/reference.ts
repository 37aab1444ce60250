import type { EventDefinition } from './define.js';

interface FieldSchema {
  readonly type?: string;
  readonly description?: string;
  readonly unit?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly string[];
  readonly items?: FieldSchema;
  readonly anyOf?: readonly FieldSchema[];
  readonly properties?: Readonly<Record<string, FieldSchema>>;
}

/** Rows of a field and of what is inside it: path, form, meaning. */
function rowsOf(path: string, schema: FieldSchema): string[] {
  const own = `| \`${path}\` | ${formOf(schema)} | ${schema.description ?? ''} |`;
  const inner = schema.items?.properties ?? schema.properties;
  if (inner === undefined) return [own];
  const prefix = schema.items === undefined ? path : `${path}[]`;
  return [own, ...Object.entries(inner).flatMap(([name, field]) => rowsOf(`${prefix}.${name}`, field))];
}

function formOf(schema: FieldSchema): string {
  if (schema.anyOf !== undefined) return schema.anyOf.map(formOf).join(' or ');
  if (schema.enum !== undefined) return schema.enum.join(', ');
  if (schema.type === 'array') return `list of ${schema.items?.properties === undefined ? formOf(schema.items ?? {}) : 'objects'}`;
  const range =
    schema.minimum === undefined ? '' : schema.maximum === undefined ? ` >= ${schema.minimum}` : ` ${schema.minimum} to ${schema.maximum}`;
  return `${schema.type ?? 'any'}${range}${schema.unit === undefined ? '' : `, ${schema.unit}`}`;
}

/** The reference page of all declared events, in Markdown. */
export function eventReference(registry: readonly EventDefinition[], producerOf: (type: string) => string): string {
  const sections = registry.map((definition) => {
    const rows = Object.entries(definition.data.properties as Record<string, FieldSchema>).flatMap(([name, field]) => rowsOf(name, field));
    return [
      `## ${definition.type}`,
      '',
      `${definition.summary} A ${definition.kind}, said by \`${producerOf(definition.type)}\`.`,
      '',
      `Subject: \`twin.<region>.${definition.type}.<entity>\``,
      '',
      '| field of `data` | form | meaning |',
      '|---|---|---|',
      ...rows,
      '',
      '```json',
      JSON.stringify(definition.example),
      '```',
    ].join('\n');
  });
  return [
    '<!-- Generated from shared/events by `npm run reference`: do not edit. -->',
    '',
    '# Events',
    '',
    `${registry.length} events. Envelope: CloudEvents 1.0 structured JSON; see [integrate.md](../integrate.md).`,
    '',
    sections.join('\n\n'),
    '',
  ].join('\n');
}

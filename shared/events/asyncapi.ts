import type { EventDefinition } from './define.js';

/** What the document says about the twin beside its events. */
export interface AsyncApiAbout {
  /** Of Loadstone. */
  readonly version: string;
  /** First token of every subject: `twin` for the live world. */
  readonly root: string;
  producerOf(type: string): string;
}

/** Extensions of CloudEvents that every fact carries. */
const envelope = {
  specversion: { const: '1.0' },
  id: { type: 'string', description: '`<type>/<entity>/<time in ms>/<n>`, the same in every run of the same world.' },
  source: { type: 'string', description: 'Component that says it, `/<name>`.' },
  subject: { type: 'string', description: 'Entity it is about.' },
  time: { type: 'string', format: 'date-time', description: 'Twin time, UTC.' },
  datacontenttype: { const: 'application/json' },
  region: { type: 'string', description: 'Balancing area, or `all`.' },
  quality: { enum: ['measured', 'estimated', 'forecast', 'simulated'], description: 'How the value came about.' },
  tick: { type: 'integer', minimum: 0, description: 'Tick of the clock of the twin.' },
  phase: { type: 'integer', minimum: 1, maximum: 4, description: 'Phase of the tick: wants and offers, grid, deeds, between two ticks.' },
  correlationid: { type: 'string', description: 'Ties together what belongs together.' },
  causationid: { type: 'string', description: 'Fact that it follows from; may be absent.' },
} as const;

/** The AsyncAPI 3.1 document of the twin: a channel, a message and a schema for each declared event, in order of their names. */
export function asyncApiDocument(registry: readonly EventDefinition[], { version, root, producerOf }: AsyncApiAbout): object {
  const entries = <Value>(of: (definition: EventDefinition) => Value): Record<string, Value> =>
    Object.fromEntries(registry.map((definition) => [definition.type, of(definition)]));
  return {
    asyncapi: '3.1.0',
    info: {
      title: 'Loadstone',
      version,
      description:
        'Facts of a digital twin of an electricity grid and the AI clusters that feed on it. Each is CloudEvents 1.0 structured JSON on NATS ' +
        'JetStream; delivery is at least once, `id` tells repeats. Powers are MW, energy MWh, money USD. Optional fields may be added within ' +
        'a version; a changed meaning is a new version.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
      tags: [{ name: 'energy' }, { name: 'digital-twin' }],
    },
    defaultContentType: 'application/cloudevents+json',
    servers: {
      local: {
        host: '127.0.0.1:4222',
        protocol: 'nats',
        description: 'As `up` starts it; the address in use is in `.loadstone/run/endpoints.json`.',
        security: [{ $ref: '#/components/securitySchemes/user' }],
      },
    },
    channels: entries(({ type, summary }) => ({
      address: `${root}.{region}.${type}.{entity}`,
      title: type,
      summary,
      parameters: {
        region: { $ref: '#/components/parameters/region' },
        entity: { $ref: '#/components/parameters/entity' },
      },
      messages: { [type]: { $ref: `#/components/messages/${type}` } },
    })),
    operations: Object.fromEntries(
      registry.map(({ type }) => [
        `send.${type}`,
        {
          action: 'send',
          title: `${type} by ${producerOf(type)}`,
          channel: { $ref: `#/channels/${type}` },
          messages: [{ $ref: `#/channels/${type}/messages/${type}` }],
        },
      ]),
    ),
    components: {
      securitySchemes: { user: { type: 'userPassword', description: 'A user of the twin; `integrator` reads and does nothing else.' } },
      parameters: {
        region: { description: 'Balancing area, or `all`; a token of `[a-z0-9_-]`.' },
        entity: { description: 'What the fact is about; a token of `[a-z0-9_-]`.' },
      },
      messages: entries(({ type, kind, summary, example }) => ({
        name: type,
        title: type,
        summary,
        description: kind === 'state' ? 'State: whole, repeated; losing one heals itself.' : 'Milestone: said once, must not be lost.',
        contentType: 'application/cloudevents+json',
        payload: { $ref: `#/components/schemas/${type}` },
        examples: [{ name: 'example', summary: 'As declared.', payload: exampleOf(type, example) }],
      })),
      schemas: entries(factSchema),
    },
  };
}

/** JSON Schema of a whole fact of one type, as it is on the wire. */
export function factSchema({ type, data }: EventDefinition): object {
  return {
    type: 'object',
    required: Object.keys(envelope)
      .filter((name) => name !== 'causationid')
      .concat('type', 'data'),
    properties: { ...envelope, type: { const: type }, data },
  };
}

/** A whole fact around the example of its data. */
function exampleOf(type: string, data: object): object {
  const timeMs = Date.UTC(2027, 6, 13, 17);
  const id = `${type}/example/${timeMs}/0`;
  return {
    specversion: '1.0',
    id,
    source: '/example',
    type,
    subject: 'example',
    time: new Date(timeMs).toISOString(),
    datacontenttype: 'application/json',
    region: 'all',
    quality: 'simulated',
    tick: 0,
    phase: 1,
    correlationid: id,
    data,
  };
}

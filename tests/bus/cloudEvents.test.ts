import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CloudEvent, HTTP } from 'cloudevents';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloudEventMessage, connectTwin } from '../../shared/client/client.js';
import type { Fact } from '../../shared/domain/fact.js';
import { registry, type FactType } from '../../shared/events/registry.js';
import { threeAreas } from '../../shared/scenario/threeAreas/world.js';
import { sceneFacts } from '../browser/scene.js';
import { publishScene } from '../browser/support.js';
import { exampleFact } from '../support/facts.js';
import { startServers, type TestServers } from '../support/stack.js';

const facts: readonly Fact[] = [
  ...sceneFacts(threeAreas, 70),
  ...registry.map(({ type }) => exampleFact(type as FactType, 'example', 1_000)),
];

let servers: TestServers;
beforeAll(async () => {
  servers = await startServers({ nats: true, roots: ['twin'] });
  await publishScene(servers, facts);
});
afterAll(() => servers.stop());

/** Payloads of the stream as an integrator gets them, without any code of the twin. */
async function payloads(): Promise<readonly string[]> {
  const { connection } = await servers.connect('integrator');
  const consumer = await connection.jetstream().consumers.get('TWIN');
  const texts: string[] = [];
  for await (const message of await consumer.fetch({ max_messages: facts.length, expires: 10_000 })) {
    texts.push(message.string());
    if (message.info.pending === 0) break;
  }
  return texts;
}

describe('facts as CloudEvents, for the official SDK', () => {
  it('are structured events as they come from the stream, of every type, with nothing lost', async () => {
    const texts = await payloads();
    expect(texts).toHaveLength(facts.length);
    const types = new Set<string>();
    for (const text of texts) {
      const event = HTTP.toEvent<unknown>({ headers: { 'content-type': 'application/cloudevents+json' }, body: text });
      if (!(event instanceof CloudEvent)) throw new Error('a batch');
      const strict = new CloudEvent(JSON.parse(text) as Partial<CloudEvent<unknown>>);
      expect(strict.validate()).toBe(true);
      expect(event.toJSON()).toEqual(strict.toJSON());
      const { time, ...wire } = JSON.parse(text) as { readonly time: string };
      expect(Date.parse(event.time ?? '')).toBe(Date.parse(time));
      expect(event.toJSON()).toMatchObject(wire);
      types.add(event.type);
    }
    expect(types.size).toBe(registry.length);
  });

  it('go from the client to an HTTP receiver in both modes, and mean the same there', async () => {
    const received: { readonly headers: Record<string, string>; readonly body: string }[] = [];
    const receiver = await receive((headers, body) => received.push({ headers, body }));
    const client = await connectTwin({ url: servers.natsUrl, user: 'integrator', password: servers.secrets.nats['integrator'] ?? '' });
    const { port } = receiver.address() as AddressInfo;
    for await (const fact of await client.subscribe(['grid.price.v1', 'control.audit.v1'], { from: 'last' })) {
      for (const mode of ['structured', 'binary'] as const)
        await fetch(`http://127.0.0.1:${port}`, { method: 'POST', ...cloudEventMessage(fact, mode) });
      if (fact.type === 'control.audit.v1') break;
    }
    await client.drain();
    await new Promise((resolve) => receiver.close(resolve));
    const events = received.map((message) => HTTP.toEvent<unknown>(message));
    expect(events).toHaveLength(6);
    for (let index = 0; index < events.length; index += 2) {
      const [structured, binary] = [events[index], events[index + 1]];
      if (!(structured instanceof CloudEvent) || !(binary instanceof CloudEvent)) throw new Error('a batch');
      const texts = Object.fromEntries(
        Object.entries(structured.toJSON()).map(([name, value]) => [name, typeof value === 'number' ? String(value) : value]),
      );
      expect(binary.toJSON()).toEqual(texts);
      expect(received[index]?.headers).not.toHaveProperty('ce-id');
      expect(received[index + 1]?.headers['ce-id']).toBe(structured.id);
    }
  });
});

/** A receiver on a free port. */
function receive(take: (headers: Record<string, string>, body: string) => void): Promise<Server> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      take(request.headers as Record<string, string>, body);
      response.writeHead(204).end();
    });
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

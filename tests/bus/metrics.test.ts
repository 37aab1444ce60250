import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expositionOf } from '../../services/api/exposition.js';
import { sendDeadLetter } from '../../shared/bus/deadLetter.js';
import { createPublisher } from '../../shared/bus/publish.js';
import { registry } from '../../shared/events/registry.js';
import { threeAreas } from '../../shared/scenario/threeAreas/world.js';
import { sceneFacts } from '../browser/scene.js';
import { publishScene, startTestApi, type TestApi } from '../browser/support.js';
import { parseExposition, valueOf, type Family } from '../support/prometheus.js';
import { startServers, type TestServers } from '../support/stack.js';

const facts = sceneFacts(threeAreas, 70);
const consumer = 'history-writer';

let servers: TestServers;
let api: TestApi;
beforeAll(async () => {
  servers = await startServers({ nats: true, roots: ['twin'] });
  await publishScene(servers, facts);
  api = await startTestApi(servers, threeAreas);
});
afterAll(async () => {
  await api.stop();
  await servers.stop();
});

async function read(): Promise<ReadonlyMap<string, Family>> {
  const answer = await fetch(`${api.url}/metrics`);
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  return parseExposition(await answer.text());
}

describe('/metrics', () => {
  it('says how the twin stands and what was heard, by type', async () => {
    const metrics = await read();
    expect(valueOf(metrics, 'loadstone_twin_tick')).toBe(69);
    expect(valueOf(metrics, 'loadstone_twin_closed_tick')).toBe(69);
    expect(valueOf(metrics, 'loadstone_twin_time_seconds')).toBe(Date.parse(threeAreas.clock.startTime) / 1_000 + 69 * 300);
    expect(valueOf(metrics, 'loadstone_alarms', { severity: 'high' })).toBe(1);
    for (const { type } of registry)
      expect(valueOf(metrics, 'loadstone_facts_heard_total', { type }), type).toBe(facts.filter((fact) => fact.type === type).length);
    for (const source of ['jetstream', 'monitor', 'supervisor']) expect(valueOf(metrics, 'loadstone_source_up', { source })).toBe(1);
  });

  it('measures the api itself', async () => {
    await read();
    // The first look after a reading begins an interval and measures none.
    await new Promise((resolve) => setTimeout(resolve, 50));
    const untilMs = performance.now() + 150;
    while (performance.now() < untilMs);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const metrics = await read();
    expect(valueOf(metrics, 'loadstone_api_event_loop_delay_seconds', { quantile: '1' })).toBeGreaterThan(0.1);
    expect(valueOf(metrics, 'loadstone_api_event_loop_delay_seconds', { quantile: '0.5' })).toBeLessThan(0.02);
    expect(valueOf(metrics, 'loadstone_api_memory_bytes', { kind: 'resident' })).toBeGreaterThan(20e6);
    expect(valueOf(metrics, 'loadstone_api_behind_facts')).toBe(0);
    expect(valueOf(metrics, 'loadstone_bus_connections', { user: 'api' })).toBe(1);
    expect(valueOf(metrics, 'loadstone_bus_sent_messages_total', { user: 'api' })).toBeGreaterThan(0);
  });

  it('counts the lag of history, redeliveries and dead letters as they happen', async () => {
    const before = await read();
    expect(valueOf(before, 'loadstone_stream_messages', { stream: 'facts' })).toBe(facts.length);
    expect(valueOf(before, 'loadstone_consumer_pending_facts', { consumer })).toBe(facts.length);
    expect(valueOf(before, 'loadstone_consumer_redelivered_facts', { consumer })).toBe(0);
    expect(valueOf(before, 'loadstone_dead_letters', { consumer })).toBe(0);

    const history = await (await servers.connect(consumer)).connection.jetstream().consumers.get('TWIN', consumer);
    for await (const message of await history.fetch({ max_messages: 10, expires: 5_000 }))
      if (message.seq <= 4) await message.ackAck();
      else if (message.seq <= 7) message.nak();
    for await (const message of await history.fetch({ max_messages: 3, expires: 5_000 })) expect(message.info.redeliveryCount).toBe(2);
    const publisher = createPublisher(await servers.connect(consumer));
    for (const sequence of [8, 9]) {
      const letter = { stream: 'TWIN', sequence, consumer, reason: 'drill', subject: 'twin.x', original: new Uint8Array([1]) };
      await sendDeadLetter(publisher, 'twin', letter);
    }
    publisher.close();

    const after = await read();
    expect(valueOf(after, 'loadstone_consumer_pending_facts', { consumer })).toBe(facts.length - 10);
    expect(valueOf(after, 'loadstone_consumer_unacknowledged_facts', { consumer })).toBe(6);
    expect(valueOf(after, 'loadstone_consumer_redelivered_facts', { consumer })).toBe(3);
    expect(valueOf(after, 'loadstone_consumer_deliveries_total', { consumer })).toBe(13);
    expect(valueOf(after, 'loadstone_dead_letters', { consumer })).toBe(2);
    expect(valueOf(after, 'loadstone_stream_messages', { stream: 'advisory' })).toBe(2);
  });
});

describe('the text format', () => {
  it('keeps whatever stands in a label or help, and leaves out what has no value', () => {
    const odd = 'a "b" \\ c\nd,e="f"}';
    const text = expositionOf([
      { name: 'x_total', type: 'counter', help: 'one\ntwo \\ three', samples: [{ labels: { odd, plain: 'p' }, value: 1e21 }] },
      { name: 'none', type: 'gauge', help: 'none', samples: [] },
      { name: 'y', type: 'gauge', help: 'y', samples: [{ value: -1.5e-7 }, { labels: { a: '1' }, value: Number.NEGATIVE_INFINITY }] },
    ]);
    const families = parseExposition(text);
    expect([...families.keys()]).toEqual(['x_total', 'y']);
    expect(valueOf(families, 'x_total', { odd, plain: 'p' })).toBe(1e21);
    expect(valueOf(families, 'y')).toBe(-1.5e-7);
    expect(valueOf(families, 'y', { a: '1' })).toBe(Number.NEGATIVE_INFINITY);
    for (const wrong of [
      'y 1',
      '# HELP y y\n# TYPE y gauge\n',
      '# HELP y y\n# TYPE y gauge\ny 1\ny 2\n',
      '# HELP y y\n# TYPE y gauge\ny{a=1} 1\n',
    ])
      expect(() => parseExposition(wrong), wrong).toThrow();
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { components } from '../../shared/bus/topology.js';
import { parseExposition, valueOf, type Family } from '../support/prometheus.js';
import { startTwin, type TestTwin } from '../support/twin.js';

const notServices = ['supervisor', 'cli', 'study', 'integrator', 'isv'];
const services = components.filter((component) => !notServices.includes(component));

let twin: TestTwin;
beforeAll(async () => {
  twin = await startTwin('--scenario', 'three-areas', '--rate', 'max', '--hold-at', '2027-07-13T23:00:00Z');
  await twin.untilPaused(120_000);
}, 180_000);
afterAll(() => twin?.stop());

const read = async (): Promise<ReadonlyMap<string, Family>> =>
  parseExposition(await (await fetch(`${twin.endpoints().api.url}/metrics`)).text());

describe('/metrics of a whole twin', () => {
  it('knows every service and server, its memory and its traffic', async () => {
    const metrics = await read();
    for (const service of services) {
      const labels = { process: service, kind: 'service' };
      expect(valueOf(metrics, 'loadstone_process_up', labels), service).toBe(1);
      expect(valueOf(metrics, 'loadstone_process_restarts_total', labels), service).toBe(0);
      if (process.platform === 'linux' && !['history-writer', 'adapters'].includes(service))
        expect(valueOf(metrics, 'loadstone_process_resident_memory_bytes', labels), service).toBeGreaterThan(30e6);
    }
    for (const server of ['nats-server', 'temporal'])
      expect(valueOf(metrics, 'loadstone_process_up', { process: server, kind: 'server' })).toBe(1);
    expect(valueOf(metrics, 'loadstone_bus_sent_messages_total', { user: 'grid-supply' })).toBeGreaterThan(500);
    expect(valueOf(metrics, 'loadstone_facts_heard_total', { type: 'grid.price.v1' })).toBe(3 * 72);
    expect(valueOf(metrics, 'loadstone_twin_closed_tick')).toBe(71);
  });

  it('counts the restart of a service that was killed', async () => {
    twin.kill('forecast');
    const labels = { process: 'forecast', kind: 'service' };
    await expect.poll(async () => valueOf(await read(), 'loadstone_process_restarts_total', labels), { timeout: 30_000 }).toBe(1);
    await expect.poll(async () => valueOf(await read(), 'loadstone_process_up', labels), { timeout: 30_000 }).toBe(1);
  });
});

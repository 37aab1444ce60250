import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startHistorian } from '../../services/history-writer/historian.js';
import { announceReach } from '../../services/history-writer/reach.js';
import { createPublisher } from '../../shared/bus/publish.js';
import { readStream } from '../../shared/bus/read.js';
import type { FactDataOf } from '../../shared/domain/fact.js';
import { connectInflux } from '../../shared/history/influx.js';
import { isUnavailable, positionOf, waitForHistorian } from '../../shared/history/stream.js';
import { verifyHistory } from '../../shared/history/verify.js';
import type { Endpoints } from '../../shared/runtime/config.js';
import { exampleFact } from '../support/facts.js';
import { startServers, type TestServers } from '../support/stack.js';

const root = 'test-a';
const log = pino({ level: 'silent' });
let servers: TestServers;
beforeAll(async () => {
  servers = await startServers({ nats: true, influx: true, roots: [root] });
}, 60_000);
afterAll(() => servers.stop());

it('keeps what is said while InfluxDB is away, says so once, and says when it is back, across a restart of the historian', async () => {
  const target = (user: string) => ({ url: servers.influx?.url ?? '', database: root, user, password: servers.secrets.influx[user] ?? '' });
  const bus = await servers.connect('history-writer');
  const publisher = createPublisher(bus);
  const admin = createPublisher(await servers.connect('supervisor'));
  const start = async () =>
    startHistorian({
      bus,
      publisher,
      target: target('history-writer'),
      log,
      onReach: announceReach(publisher, log, await isUnavailable(bus)),
    });
  const conditions: FactDataOf['condition.platform.v1'][] = [];
  const reader = readStream(bus, { types: ['condition.platform.v1'] });
  const reading = (async () => {
    for await (const { fact } of reader) if (fact.type === 'condition.platform.v1') conditions.push(fact.data);
  })();
  const first = await start();
  await admin.publish([exampleFact('grid.demand.v1', 'grid-supply', 1)]);
  const { servers: running } = JSON.parse(readFileSync(join(servers.home, 'run', 'endpoints.json'), 'utf8')) as Endpoints;
  process.kill(running.influx?.pid ?? 0, 'SIGKILL');
  await admin.publish(Array.from({ length: 1_000 }, (_, tick) => exampleFact('grid.supply.v1', 'grid-supply', tick)));
  await expect.poll(() => conditions.length, { timeout: 10_000 }).toBe(1);
  expect(conditions[0]).toMatchObject({ condition: 'history-unavailable', component: 'influxdb', active: true });
  expect(conditions[0]?.detail).toMatch(/ECONNREFUSED|closed|reset|socket/);
  await first.close();
  expect(await isUnavailable(bus)).toBe(true);

  await servers.killAndRestart('influxd');
  const second = await start();
  await expect.poll(() => conditions.length, { timeout: 20_000 }).toBe(2);
  expect(conditions[1]).toMatchObject({ condition: 'history-unavailable', active: false });
  const { lastSequence } = await positionOf(bus);
  expect((await waitForHistorian(bus, lastSequence, 40_000)).writtenSequence).toBe(lastSequence);
  expect(await verifyHistory(bus, connectInflux(target('cli')), 5_000)).toMatchObject({ isSame: true, facts: 1_003 });
  await second.close();
  reader.close();
  await reading;
  publisher.close();
  admin.close();
}, 90_000);

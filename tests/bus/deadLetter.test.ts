import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { watchAdvisories } from '../../services/dead-letter/advisories.js';
import type { LetterLine, LetterShown } from '../../shared/bus/answers.js';
import { serveLetters } from '../../services/dead-letter/requests.js';
import { startHistorian, type Historian } from '../../services/history-writer/historian.js';
import type { Bus } from '../../shared/bus/connect.js';
import { encodeFact } from '../../shared/bus/envelope.js';
import { createPublisher, type Publisher } from '../../shared/bus/publish.js';
import { newestOn } from '../../shared/bus/newest.js';
import { ask } from '../../shared/bus/request.js';
import { streamsOf } from '../../shared/bus/topology.js';
import { connectInflux } from '../../shared/history/influx.js';
import { positionOf, waitForHistorian } from '../../shared/history/stream.js';
import { verifyHistory } from '../../shared/history/verify.js';
import { exampleFact } from '../support/facts.js';
import { startServers, type TestServers } from '../support/stack.js';

const root = 'test-a';
const log = pino({ level: 'silent' });
const demandSubject = `${root}.west.grid.demand.v1.west`;
let servers: TestServers;
let historianBus: Bus;
let historian: Historian;
let letterBus: Bus;
let advisories: { close(): Promise<void> };
let admin: Bus;
let publisher: Publisher;
let letterPublisher: Publisher;
let historianPublisher: Publisher;
let cli: Bus;

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (fact: ReturnType<typeof exampleFact>): string => new TextDecoder().decode(encodeFact(fact));
const list = (): Promise<readonly LetterLine[]> => ask<readonly LetterLine[]>(cli, 'dead-letter', 'list');
const target = (user: string) => ({ url: servers.influx?.url ?? '', database: root, user, password: servers.secrets.influx[user] ?? '' });

async function settled(): Promise<void> {
  const { lastSequence } = await positionOf(historianBus);
  expect((await waitForHistorian(historianBus, lastSequence, 20_000)).writtenSequence).toBe(lastSequence);
}

beforeAll(async () => {
  servers = await startServers({ nats: true, influx: true, roots: [root] });
  historianBus = await servers.connect('history-writer');
  letterBus = await servers.connect('dead-letter');
  admin = await servers.connect('supervisor');
  cli = await servers.connect('cli');
  publisher = createPublisher(admin);
  letterPublisher = createPublisher(letterBus);
  historianPublisher = createPublisher(historianBus);
  serveLetters(letterBus, letterPublisher);
  advisories = watchAdvisories(letterBus, letterPublisher, log);
  historian = startHistorian({
    bus: historianBus,
    publisher: historianPublisher,
    target: target('history-writer'),
    log,
    onReach: () => undefined,
  });
}, 60_000);
afterAll(async () => {
  await historian.close();
  await advisories.close();
  for (const each of [publisher, letterPublisher, historianPublisher]) each.close();
  await servers.stop();
});

describe('dead letters', () => {
  const good = exampleFact('grid.demand.v1', 'grid-supply', 1);
  const broken: readonly (readonly [string, string, string])[] = [
    [demandSubject, 'not json at all', 'not JSON: '],
    [demandSubject, '[]', 'not a JSON object'],
    [demandSubject, '', 'not JSON: '],
    [
      `${root}.west.grid.nonsense.v1.west`,
      text(good).replaceAll('grid.demand.v1', 'grid.nonsense.v1'),
      'type: found "grid.nonsense.v1", which is not declared',
    ],
    [`${root}.west.grid.demand.v1.east`, text(good), 'subject: message on'],
    [demandSubject, text(good).replace('"nativeMw":3750', '"nativeMw":"much"'), 'data.nativeMw: '],
    [demandSubject, text(good).replace('"nativeMw":3750', '"nativeMw":-1'), 'data.nativeMw: '],
    [`${root}.nowhere`, '{}', 'type: found nothing'],
    [demandSubject, '\u0000\u0001{"a":', 'not JSON: '],
  ];

  it('keep every malformed message with its reason, whatever its subject, and stop nothing', async () => {
    expect(await list()).toEqual([]);
    for (const [index, [subject, body]] of broken.entries()) await publisher.publishRaw(subject, bytes(body), `broken-${index}`);
    await publisher.publishRaw(demandSubject, new Uint8Array([0xff, 0xfe, 0x7b]), 'broken-bytes');
    await publisher.publish([good, exampleFact('grid.demand.v1', 'grid-supply', 2)]);
    await settled();
    const letters = await list();
    expect(letters.map(({ subject }) => subject)).toEqual([...broken.map(([subject]) => subject), demandSubject]);
    broken.forEach(([, , reason], index) => expect(letters[index]?.reason).toContain(reason));
    expect(new Set(letters.map(({ consumer }) => consumer))).toEqual(new Set(['history-writer']));
    expect(await verifyHistory(historianBus, connectInflux(target('cli')), 5_000)).toMatchObject({
      isSame: true,
      facts: 2,
      malformed: broken.length + 1,
    });
  }, 30_000);

  it('are shown with their original', async () => {
    const letter = (await list()).find(({ reason }) => reason.startsWith('data.nativeMw'));
    const shown = await ask<LetterShown>(cli, 'dead-letter', 'show', { id: letter?.id });
    expect(shown.original).toBe(broken[5]?.[1]);
    await expect(ask(cli, 'dead-letter', 'show', { id: 9_999 })).rejects.toThrow(
      'dead letter: found 9999, allowed: a number that `deadletter list` shows',
    );
  });

  it('are sent again in a corrected form, reach history, and leave the list', async () => {
    const before = await list();
    const letter = before.find(({ reason }) => reason.startsWith('data.nativeMw'));
    const corrected = text(exampleFact('grid.demand.v1', 'grid-supply', 7));
    await expect(ask(cli, 'dead-letter', 'reinject', { id: letter?.id })).rejects.toThrow(/still malformed: data.nativeMw/);
    await expect(ask(cli, 'dead-letter', 'reinject', { id: letter?.id, corrected: '{}' })).rejects.toThrow(/still malformed/);
    const { sequence } = await ask<{ sequence: number }>(cli, 'dead-letter', 'reinject', { id: letter?.id, corrected });
    expect((await newestOn(admin, streamsOf(root).facts, demandSubject))?.sequence).toBe(sequence);
    await settled();
    expect((await list()).map(({ id }) => id)).toEqual(before.map(({ id }) => id).filter((id) => id !== letter?.id));
    expect(await verifyHistory(historianBus, connectInflux(target('cli')), 5_000)).toMatchObject({ isSame: true, facts: 3 });
  }, 30_000);

  it('are dropped on request', async () => {
    const [first, ...rest] = await list();
    await ask(cli, 'dead-letter', 'drop', { id: first?.id });
    expect((await list()).map(({ id }) => id)).toEqual(rest.map(({ id }) => id));
    await expect(ask(cli, 'dead-letter', 'drop', { id: first?.id })).rejects.toThrow(/allowed: a number/);
    await expect(ask(cli, 'dead-letter', 'drop', { id: 'all' })).rejects.toThrow('id: found "all", allowed: an integer from 1');
  });

  it('are made of facts that history refuses, and point to the rebuild instead of saying them twice', async () => {
    const { url, user, password } = target('admin');
    const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    const reserve = exampleFact('grid.reserve.v1', 'grid-supply', 3);
    // Types of fields are fixed per shard: the alien point must be of the same year.
    const body = `grid_reserve,region=x state=1 ${reserve.timeMs}`;
    const written = await fetch(`${url}/write?db=${root}&precision=ms`, { method: 'POST', headers: { authorization }, body });
    expect(written.status).toBe(204);
    await publisher.publish([reserve, exampleFact('grid.demand.v1', 'grid-supply', 3)]);
    await settled();
    const letter = (await list()).at(-1);
    expect(letter?.reason).toMatch(/field type conflict.*"state"/);
    await expect(ask(cli, 'dead-letter', 'reinject', { id: letter?.id })).rejects.toThrow(
      /is well formed; only history-writer could not use it/,
    );
  }, 30_000);

  it('are made of what the server gives up for another consumer', async () => {
    const manager = await admin.connection.jetstreamManager();
    const { facts } = streamsOf(root);
    await manager.consumers.add(facts, {
      durable_name: 'picky',
      ack_policy: 'explicit',
      deliver_policy: 'new',
      max_deliver: 1,
      ack_wait: 1e9,
    } as Parameters<typeof manager.consumers.add>[1]);
    const fact = exampleFact('grid.demand.v1', 'grid-supply', 9);
    const sequence = await publisher.publish([fact]);
    const consumer = await admin.connection.jetstream().consumers.get(facts, 'picky');
    const message = await consumer.next({ expires: 5_000 });
    message?.term('cannot use it');
    await expect
      .poll(async () => (await list()).find(({ consumer: by }) => by === 'picky'), { timeout: 10_000 })
      .toMatchObject({ sequence, reason: 'cannot use it', subject: demandSubject });
    const letter = (await list()).find(({ consumer: by }) => by === 'picky');
    expect((await ask<LetterShown>(cli, 'dead-letter', 'show', { id: letter?.id })).original).toBe(text(fact));
  }, 30_000);
});

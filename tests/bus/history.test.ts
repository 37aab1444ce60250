import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHistorian, type Historian } from '../../services/history-writer/historian.js';
import { watchLag } from '../../services/history-writer/lag.js';
import { applyTopology } from '../../shared/bus/admin.js';
import type { Bus } from '../../shared/bus/connect.js';
import { encodeFact, subjectOf } from '../../shared/bus/envelope.js';
import { createPublisher, type Publisher } from '../../shared/bus/publish.js';
import { serve } from '../../shared/bus/request.js';
import { streamsOf } from '../../shared/bus/topology.js';
import type { Fact, FactType } from '../../shared/domain/fact.js';
import { registry } from '../../shared/events/registry.js';
import { connectInflux, type InfluxReader, type InfluxTarget } from '../../shared/history/influx.js';
import { history, queryNamed } from '../../shared/history/query.js';
import { rebuildHistory } from '../../shared/history/rebuild.js';
import { positionOf, waitForHistorian } from '../../shared/history/stream.js';
import { verifyHistory } from '../../shared/history/verify.js';
import { createWriter } from '../../shared/history/writer.js';
import { exampleFact } from '../support/facts.js';
import { startServers, type TestServers } from '../support/stack.js';

const root = 'test-a';
const otherRoot = 'test-b';
const log = pino({ level: 'silent' });
const startMs = Date.parse('2027-07-13T17:00:00.000Z');
let servers: TestServers;

beforeAll(async () => {
  servers = await startServers({ nats: true, influx: true, roots: [root, otherRoot] });
}, 60_000);
afterAll(() => servers.stop());

function targetOf(user: string, database: string): InfluxTarget {
  return { url: servers.influx?.url ?? '', database, user, password: servers.secrets.influx[user] ?? '' };
}

async function countOf(reader: InfluxReader, measurement: string, field: string): Promise<number> {
  const series = await reader.select(`SELECT count("${field}") FROM "${measurement}" WHERE time >= 0ms AND time < 9223286400000ms`);
  return Number(series[0]?.values[0]?.[1] ?? 0);
}

async function tell(statement: string, database: string): Promise<void> {
  const { url, user, password } = targetOf('admin', database);
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const response = await fetch(`${url}/query`, {
    method: 'POST',
    headers: { authorization },
    body: new URLSearchParams({ q: statement, db: database }),
  });
  expect(await response.text()).not.toContain('error');
}

describe('the historian', () => {
  let bus: Bus;
  let publisher: Publisher;
  let admin: Publisher;
  let service: Historian;
  let reader: InfluxReader;

  /** A day of 5-minute demand: the hour's number in each of its twelve ticks; and everything else once. */
  const demand = Array.from({ length: 288 }, (_, tick) =>
    exampleFact('grid.demand.v1', 'grid-supply', tick, {
      nativeMw: Math.floor(tick / 12) * 100.1,
      campusMw: tick % 12,
      demandMw: 1,
      unservedMw: 0,
    }),
  );
  const others = registry.filter(({ type }) => type !== 'grid.demand.v1').map(({ type }) => exampleFact(type as FactType, 'test', 300));

  beforeAll(async () => {
    bus = await servers.connect('history-writer');
    publisher = createPublisher(bus);
    admin = createPublisher(await servers.connect('supervisor'));
    reader = connectInflux(targetOf('cli', root));
    service = startHistorian({ bus, publisher, target: targetOf('history-writer', root), log, onReach: () => undefined });
  });
  afterAll(async () => {
    await service.close();
    publisher.close();
    admin.close();
  });

  const settled = async (): Promise<void> => {
    const { lastSequence } = await positionOf(bus);
    expect((await waitForHistorian(bus, lastSequence, 20_000)).writtenSequence).toBe(lastSequence);
  };

  it('keeps all facts, and the means of an hour are the numbers of its ticks', async () => {
    await admin.publish([...demand, ...others]);
    await settled();
    const rows = await history(reader, queryNamed('demand'));
    expect(rows.map(({ time }) => time)).toEqual(
      Array.from({ length: 24 }, (_, hour) => new Date(startMs + hour * 3_600_000).toISOString()),
    );
    rows.forEach((row, hour) => {
      expect(Number(row['nativeMw'])).toBeCloseTo(hour * 100.1, 9);
      expect(row).toMatchObject({ region: 'west', campusMw: 5.5, demandMw: 1, unservedMw: 0 });
    });
    const raw = await history(reader, queryNamed('demand'), {
      fromMs: startMs + 3_600_000,
      toMs: startMs + 4_200_000,
      stepMs: 300_000,
      region: 'west',
    });
    expect(raw.map((row) => [row.time, row['campusMw']])).toEqual([
      ['2027-07-13T18:00:00.000Z', 0],
      ['2027-07-13T18:05:00.000Z', 1],
    ]);
    expect(await history(reader, queryNamed('demand'), { region: 'east' })).toEqual([]);
    const permits = await history(reader, queryNamed('permits'));
    expect(permits.map((row) => row['type'])).toEqual(['permit.decision.v1', 'permit.filing.v1', 'permit.phase.v1', 'permit.review.v1']);
    expect(permits.find((row) => row['type'] === 'permit.phase.v1')?.['data']).toEqual(
      registry.find(({ type }) => type === 'permit.phase.v1')?.example,
    );
    for (const name of ['sources', 'reserve', 'campus', 'run', 'flow', 'loadtarget', 'queue'])
      expect(await history(reader, queryNamed(name))).toHaveLength(1);
  }, 40_000);

  it('agrees with the stream when nothing is wrong', async () => {
    const found = await verifyHistory(bus, reader, 5_000);
    expect(found).toMatchObject({
      isSame: true,
      facts: demand.length + others.length,
      malformed: 0,
      notYetWritten: 0,
      isWhole: true,
      differences: [],
    });
    expect(found.points).toBeGreaterThan(found.facts);
  });

  it('takes the newest revision of a fact for what the stream says', async () => {
    const [, first] = demand;
    const correction = { ...first, id: `${first?.id}/r-0badcafe`, data: { ...first?.data, nativeMw: 77 } } as Fact;
    await admin.publish([correction]);
    await settled();
    expect((await verifyHistory(bus, reader, 5_000)).isSame).toBe(true);
    const rows = await history(reader, queryNamed('demand'), { fromMs: startMs + 300_000, toMs: startMs + 600_000, stepMs: 300_000 });
    expect(rows.map((row) => row['nativeMw'])).toEqual([77]);
  });

  it('notices a missing, an altered and an alien point, and a rebuild mends the first two', async () => {
    await tell('DROP SERIES FROM "grid_supply_units"', root);
    const timeMs = demand[100]?.timeMs ?? 0;
    const refuse = async (): Promise<void> => expect.unreachable();
    const writer = createWriter<null>({ target: targetOf('history-writer', root), onRefused: refuse });
    const lines = [
      `grid_demand,entity=west,region=west nativeMw=801 ${timeMs}`,
      `grid_demand,entity=mars,region=mars nativeMw=1 ${timeMs}`,
    ];
    await writer.write(lines.map((line) => ({ line, origin: null })));
    writer.close();
    const found = await verifyHistory(bus, reader, 5_000);
    expect(found.isSame).toBe(false);
    expect(found.differences.map(({ kind, series, time }) => [kind, series, Date.parse(time)])).toEqual([
      ['altered', 'grid_demand,entity=west,region=west', timeMs],
      ['missing', 'grid_supply_units,entity=west,region=west,unit=central-nuclear-1', startMs + 300 * 300_000],
      ['extra', 'grid_demand,entity=mars,region=mars', timeMs],
    ]);
    const rebuilt = await rebuildHistory(bus, targetOf('history-writer', root), () => undefined);
    expect(rebuilt).toMatchObject({ refused: 0, firstSequence: 1, coversFromTime: '2027-07-13T17:00:00.000Z' });
    const again = await verifyHistory(bus, reader, 5_000);
    expect(again.differences.map(({ kind }) => kind)).toEqual(['extra']);
    await tell(`DROP SERIES FROM "grid_demand" WHERE region = 'mars'`, root);
    expect((await verifyHistory(bus, reader, 5_000)).isSame).toBe(true);
  }, 40_000);

  it('loses nothing that is said while influxd is killed', async () => {
    const more = Array.from({ length: 5_000 }, (_, tick) => exampleFact('grid.flow.v1', 'grid-supply', 1_000 + tick));
    const publishing = (async () => {
      for (let at = 0; at < more.length; at += 100) await admin.publish(more.slice(at, at + 100));
    })();
    await servers.killAndRestart('influxd');
    await publishing;
    await settled();
    expect(await verifyHistory(bus, connectInflux(targetOf('cli', root)), 5_000)).toMatchObject({ isSame: true, notYetWritten: 0 });
    expect(await countOf(connectInflux(targetOf('cli', root)), 'grid_flow_lines', 'netFlowMw')).toBe(5_001);
  }, 60_000);

  it('is the same as the stream when something was said twice on more days than are compared in one reading, and tells what is wrong on them', async () => {
    const days = Array.from({ length: 40 }, (_, day) => exampleFact('cluster.demand.v1', 'cluster-demand', 288 * (day + 40)));
    await admin.publish(days);
    for (const fact of days) await admin.publishRaw(subjectOf(root, fact), encodeFact(fact), `again-${fact.id}`);
    await settled();
    expect(await verifyHistory(bus, reader, 5_000)).toMatchObject({ isSame: true, differences: [], daysNotDetailed: 0 });
    const [last] = days.slice(-1);
    await tell(`DELETE FROM "cluster_demand_campuses" WHERE time >= ${last?.timeMs}ms`, root);
    const found = await verifyHistory(bus, reader, 5_000);
    expect(found).toMatchObject({ isSame: false, daysNotDetailed: 0 });
    expect(found.differences.map(({ kind, time }) => [kind, Date.parse(time)])).toContainEqual(['missing', last?.timeMs]);
  }, 60_000);

  it('asks the clock to hold before the stream drops what history has not taken, and lets go afterwards', async () => {
    const supervisor = await servers.connect('supervisor', otherRoot);
    await applyTopology(supervisor);
    const filler = createPublisher(supervisor);
    await filler.publish(Array.from({ length: 100 }, (_, tick) => exampleFact('grid.supply.v1', 'grid-supply', tick)));
    const manager = await supervisor.connection.jetstreamManager();
    const { facts } = streamsOf(otherRoot);
    const { state } = await manager.streams.info(facts);
    await manager.streams.update(facts, { max_bytes: Math.ceil(state.bytes / 0.9) });
    const asked: string[] = [];
    await serve(supervisor, 'clock', { hold: () => void asked.push('hold'), release: () => void asked.push('release') });
    const idle = await servers.connect('history-writer', otherRoot);
    const stop = watchLag(idle, log);
    await expect.poll(() => asked, { timeout: 10_000 }).toContain('hold');
    expect(asked).not.toContain('release');
    const late = startHistorian({
      bus: idle,
      publisher: filler,
      target: targetOf('history-writer', otherRoot),
      log,
      onReach: () => undefined,
    });
    await expect.poll(() => asked.at(-1), { timeout: 15_000 }).toBe('release');
    stop();
    await late.close();
    filler.close();
  }, 60_000);
});

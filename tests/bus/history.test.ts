import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHistorian, type Historian } from '../../services/history-writer/historian.js';
import { watchLag } from '../../services/history-writer/lag.js';
import { applyTopology } from '../../shared/bus/admin.js';
import type { Bus } from '../../shared/bus/connect.js';
import { createPublisher, type Publisher } from '../../shared/bus/publish.js';
import { serve } from '../../shared/bus/request.js';
import { streamsOf } from '../../shared/bus/topology.js';
import type { Fact, FactType } from '../../shared/domain/fact.js';
import { registry } from '../../shared/events/registry.js';
import { connectInflux, type InfluxReader, type InfluxTarget } from '../../shared/history/influx.js';
import { lineOf } from '../../shared/history/line.js';
import { pointsOf } from '../../shared/history/point.js';
import { history, queryNamed } from '../../shared/history/query.js';
import { rebuildHistory } from '../../shared/history/rebuild.js';
import { positionOf, waitForHistorian } from '../../shared/history/stream.js';
import { verifyHistory } from '../../shared/history/verify.js';
import { createWriter, type HistoryWriter } from '../../shared/history/writer.js';
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

/** A writer that fails the test on a refusal. */
function strictWriter(database: string, onAway?: (reason: string | null) => void): HistoryWriter<null> {
  return createWriter<null>({
    target: targetOf('history-writer', database),
    onRefused: async ({ line }, reason) => {
      throw new Error(`${line}: ${reason}`);
    },
    ...(onAway === undefined ? {} : { onAway }),
  });
}

const asEntries = (lines: readonly string[]) => lines.map((line) => ({ line, origin: null }));

async function countOf(reader: InfluxReader, measurement: string, field: string): Promise<number> {
  const series = await reader.select(`SELECT count("${field}") FROM "${measurement}" WHERE time >= 0ms AND time < 9223286400000ms`);
  return Number(series[0]?.values[0]?.[1] ?? 0);
}

async function tell(statement: string, database: string): Promise<void> {
  const { url, user, password } = targetOf('admin', database);
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const response = await fetch(`${url}/query`, { method: 'POST', headers: { authorization }, body: new URLSearchParams({ q: statement, db: database }) });
  expect(await response.text()).not.toContain('error');
}

describe('the writer', () => {
  it('stores every declared fact so that each field comes back as it was', async () => {
    const facts = registry.map(({ type }) => exampleFact(type as FactType, 'test', 3));
    const points = facts.flatMap((fact) => pointsOf(fact));
    const writer = strictWriter(otherRoot);
    await writer.write(asEntries(points.map(lineOf)));
    const reader = connectInflux(targetOf('cli', otherRoot));
    for (const point of points) {
      const series = await reader.select(`SELECT * FROM "${point.measurement}" WHERE time >= ${point.timeMs}ms AND time < ${point.timeMs + 1}ms GROUP BY *`);
      const found = series.find(({ tags }) => Object.entries(point.tags).every(([name, value]) => tags[name] === value));
      const cells = (found?.columns ?? []).map((name, index) => [name, found?.values[0]?.[index]] as const);
      expect(Object.fromEntries(cells.filter(([name]) => name !== 'time'))).toEqual(point.fields);
    }
    writer.close();
  });

  it('carries odd words and escaped tags through the real server', async () => {
    const words = ['with "quotes"', 'back\\slash', '\\"', 'line\nbreak', 'ünï, = x', 'trailing\\', ''];
    const lines = words.map((word, index) => lineOf({ measurement: 'odd', tags: { entity: `a,region=east v=${index}` }, fields: { word }, timeMs: startMs }));
    const writer = strictWriter(otherRoot);
    await writer.write(asEntries(lines));
    const series = await connectInflux(targetOf('cli', otherRoot)).select(`SELECT word FROM odd WHERE time >= 0 AND time < 9223286400000ms GROUP BY *`);
    expect(series.map(({ tags, values }) => [tags['entity'], values[0]?.[1]])).toEqual(words.map((word, index) => [`a,region=east v=${index}`, word]));
    writer.close();
  });

  it('loses nothing of 100,000 points when influxd is killed in the middle, and writing them again adds none', async () => {
    const lines = Array.from({ length: 100_000 }, (_, index) =>
      lineOf({ measurement: 'kill', tags: { unit: `u-${index % 400}` }, fields: { generationMw: index / 7 }, timeMs: startMs + Math.floor(index / 400) * 300_000 }),
    );
    const away: (string | null)[] = [];
    const writer = strictWriter(otherRoot, (reason) => away.push(reason));
    const reader = connectInflux(targetOf('cli', otherRoot));
    const writing = writer.write(asEntries(lines));
    while ((await countOf(reader, 'kill', 'generationMw')) === 0) await new Promise(setImmediate);
    await servers.killAndRestart('influxd');
    await writing;
    const sum = async () => (await connectInflux(targetOf('cli', otherRoot)).select('SELECT count(generationMw), sum(generationMw) FROM "kill" WHERE time >= 0 AND time < 9223286400000ms'))[0]?.values[0];
    const first = await sum();
    expect(first?.[1]).toBe(100_000);
    expect(Number(first?.[2])).toBeCloseTo((100_000 * 99_999) / 2 / 7, 3);
    expect(away).toEqual([expect.any(String), null]);
    const startedMs = performance.now();
    await writer.write(asEntries(lines));
    process.stderr.write(`${Math.round(100_000 / ((performance.now() - startedMs) / 1000))} points/s written\n`);
    expect((await sum())?.[1]).toBe(100_000);
    writer.close();
  }, 60_000);

  it('tells which line the server will never take, and stores all others', async () => {
    const lines = Array.from({ length: 3_000 }, (_, index) => `typed,unit=u-${index} value=${index} ${startMs}`);
    lines[1_234] = `typed,unit=u-1234 value="a word" ${startMs}`;
    lines[2_345] = 'not line protocol';
    const refused: string[] = [];
    const writer = createWriter<number>({
      target: targetOf('history-writer', otherRoot),
      onRefused: async ({ origin }, reason) => void refused.push(`${origin}: ${reason}`),
    });
    await writer.write(lines.map((line, origin) => ({ line, origin })));
    expect(refused).toEqual([expect.stringMatching(/^1234: .*field type conflict/), expect.stringMatching(/^2345: .*unable to parse/)]);
    expect(await countOf(connectInflux(targetOf('cli', otherRoot)), 'typed', 'value')).toBe(2_998);
    writer.close();
  });

  it('takes lines in the order given, so that the later of two for one point stands', async () => {
    const writer = strictWriter(otherRoot);
    await Promise.all(Array.from({ length: 200 }, (_, index) => writer.write(asEntries([`ordered,unit=a value=${index} ${startMs}`]))));
    const series = await connectInflux(targetOf('cli', otherRoot)).select('SELECT value FROM ordered WHERE time >= 0 AND time < 9223286400000ms');
    expect(series[0]?.values).toEqual([[startMs, 199]]);
    writer.close();
  });
});

describe('the historian', () => {
  let bus: Bus;
  let publisher: Publisher;
  let admin: Publisher;
  let service: Historian;
  let reader: InfluxReader;

  /** A day of 5-minute demand: the hour's number in each of its twelve ticks; and everything else once. */
  const demand = Array.from({ length: 288 }, (_, tick) =>
    exampleFact('grid.demand.v1', 'grid-supply', tick, { nativeMw: Math.floor(tick / 12) * 100.1, campusMw: tick % 12, demandMw: 1, unservedMw: 0 }),
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
    expect(rows.map(({ time }) => time)).toEqual(Array.from({ length: 24 }, (_, hour) => new Date(startMs + hour * 3_600_000).toISOString()));
    rows.forEach((row, hour) => {
      expect(Number(row['nativeMw'])).toBeCloseTo(hour * 100.1, 9);
      expect(row).toMatchObject({ region: 'west', campusMw: 5.5, demandMw: 1, unservedMw: 0 });
    });
    const raw = await history(reader, queryNamed('demand'), { fromMs: startMs + 3_600_000, toMs: startMs + 4_200_000, stepMs: 300_000, region: 'west' });
    expect(raw.map((row) => [row.time, row['campusMw']])).toEqual([['2027-07-13T18:00:00.000Z', 0], ['2027-07-13T18:05:00.000Z', 1]]);
    expect(await history(reader, queryNamed('demand'), { region: 'east' })).toEqual([]);
    const permits = await history(reader, queryNamed('permits'));
    expect(permits.map((row) => row['type'])).toEqual(['permit.decision.v1', 'permit.filing.v1', 'permit.phase.v1', 'permit.review.v1']);
    expect(permits.find((row) => row['type'] === 'permit.phase.v1')?.['data']).toEqual(registry.find(({ type }) => type === 'permit.phase.v1')?.example);
    for (const name of ['sources', 'reserve', 'campus', 'run', 'flow', 'loadtarget', 'queue']) expect(await history(reader, queryNamed(name))).toHaveLength(1);
  }, 40_000);

  it('agrees with the stream when nothing is wrong', async () => {
    const found = await verifyHistory(bus, reader, 5_000);
    expect(found).toMatchObject({ isSame: true, facts: demand.length + others.length, malformed: 0, notYetWritten: 0, isWhole: true, differences: [] });
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
    const writer = strictWriter(root);
    await writer.write(asEntries([`grid_demand,entity=west,region=west nativeMw=801 ${timeMs}`, `grid_demand,entity=mars,region=mars nativeMw=1 ${timeMs}`]));
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
    serve(supervisor, 'clock', { hold: () => void asked.push('hold'), release: () => void asked.push('release') });
    const idle = await servers.connect('history-writer', otherRoot);
    const stop = watchLag(idle, log);
    await expect.poll(() => asked, { timeout: 10_000 }).toContain('hold');
    expect(asked).not.toContain('release');
    const late = startHistorian({ bus: idle, publisher: filler, target: targetOf('history-writer', otherRoot), log, onReach: () => undefined });
    await expect.poll(() => asked.at(-1), { timeout: 15_000 }).toBe('release');
    stop();
    await late.close();
    filler.close();
  }, 60_000);
});

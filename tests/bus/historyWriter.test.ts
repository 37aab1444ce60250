import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FactType } from '../../shared/domain/fact.js';
import { registry } from '../../shared/events/registry.js';
import { connectInflux, type InfluxReader, type InfluxTarget } from '../../shared/history/influx.js';
import { lineOf } from '../../shared/history/line.js';
import { pointsOf } from '../../shared/history/point.js';
import { createWriter, type HistoryWriter } from '../../shared/history/writer.js';
import { exampleFact } from '../support/facts.js';
import { startServers, type TestServers } from '../support/stack.js';

const root = 'test-a';
const startMs = Date.parse('2027-07-13T17:00:00.000Z');
let servers: TestServers;

beforeAll(async () => {
  servers = await startServers({ nats: true, influx: true, roots: [root] });
}, 60_000);
afterAll(() => servers.stop());

function targetOf(user: string): InfluxTarget {
  return { url: servers.influx?.url ?? '', database: root, user, password: servers.secrets.influx[user] ?? '' };
}

/** A writer that fails the test on a refusal. */
function strictWriter(onAway?: (reason: string | null) => void): HistoryWriter<null> {
  return createWriter<null>({
    target: targetOf('history-writer'),
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

describe('the writer', () => {
  it('stores every declared fact so that each field comes back as it was', async () => {
    const facts = registry.map(({ type }) => exampleFact(type as FactType, 'test', 3));
    const points = facts.flatMap((fact) => pointsOf(fact));
    const writer = strictWriter();
    await writer.write(asEntries(points.map(lineOf)));
    const reader = connectInflux(targetOf('cli'));
    for (const point of points) {
      const series = await reader.select(
        `SELECT * FROM "${point.measurement}" WHERE time >= ${point.timeMs}ms AND time < ${point.timeMs + 1}ms GROUP BY *`,
      );
      const found = series.find(({ tags }) => Object.entries(point.tags).every(([name, value]) => tags[name] === value));
      const cells = (found?.columns ?? []).map((name, index) => [name, found?.values[0]?.[index]] as const);
      expect(Object.fromEntries(cells.filter(([name]) => name !== 'time'))).toEqual(point.fields);
    }
    writer.close();
  });

  it('carries odd words and escaped tags through the real server', async () => {
    const words = ['with "quotes"', 'back\\slash', '\\"', 'line\nbreak', 'ünï, = x', 'trailing\\', ''];
    const lines = words.map((word, index) =>
      lineOf({ measurement: 'odd', tags: { entity: `a,region=east v=${index}` }, fields: { word }, timeMs: startMs }),
    );
    const writer = strictWriter();
    await writer.write(asEntries(lines));
    const series = await connectInflux(targetOf('cli')).select(
      `SELECT word FROM odd WHERE time >= 0 AND time < 9223286400000ms GROUP BY *`,
    );
    expect(series.map(({ tags, values }) => [tags['entity'], values[0]?.[1]])).toEqual(
      words.map((word, index) => [`a,region=east v=${index}`, word]),
    );
    writer.close();
  });

  it('loses nothing of 100,000 points when influxd is killed in the middle, and writing them again adds none', async () => {
    const lines = Array.from({ length: 100_000 }, (_, index) =>
      lineOf({
        measurement: 'kill',
        tags: { unit: `u-${index % 400}` },
        fields: { generationMw: index / 7 },
        timeMs: startMs + Math.floor(index / 400) * 300_000,
      }),
    );
    const away: (string | null)[] = [];
    const writer = strictWriter((reason) => away.push(reason));
    const reader = connectInflux(targetOf('cli'));
    const writing = writer.write(asEntries(lines));
    while ((await countOf(reader, 'kill', 'generationMw')) === 0) await new Promise(setImmediate);
    await servers.killAndRestart('influxd');
    await writing;
    const sum = async () =>
      (
        await connectInflux(targetOf('cli')).select(
          'SELECT count(generationMw), sum(generationMw) FROM "kill" WHERE time >= 0 AND time < 9223286400000ms',
        )
      )[0]?.values[0];
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
      target: targetOf('history-writer'),
      onRefused: async ({ origin }, reason) => void refused.push(`${origin}: ${reason}`),
    });
    await writer.write(lines.map((line, origin) => ({ line, origin })));
    expect(refused).toEqual([expect.stringMatching(/^1234: .*field type conflict/), expect.stringMatching(/^2345: .*unable to parse/)]);
    expect(await countOf(connectInflux(targetOf('cli')), 'typed', 'value')).toBe(2_998);
    writer.close();
  });

  it('takes lines in the order given, so that the later of two for one point stands', async () => {
    const writer = strictWriter();
    await Promise.all(Array.from({ length: 200 }, (_, index) => writer.write(asEntries([`ordered,unit=a value=${index} ${startMs}`]))));
    const series = await connectInflux(targetOf('cli')).select('SELECT value FROM ordered WHERE time >= 0 AND time < 9223286400000ms');
    expect(series[0]?.values).toEqual([[startMs, 199]]);
    writer.close();
  });
});

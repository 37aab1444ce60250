import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dashboardOf, type Target } from '../../infra/grafana/dashboard.js';
import { boards } from '../../infra/grafana/panels.js';
import { startHistorian } from '../../services/history-writer/historian.js';
import { createPublisher } from '../../shared/bus/publish.js';
import type { Fact, FactType } from '../../shared/domain/fact.js';
import { registry } from '../../shared/events/registry.js';
import { connectInflux, type InfluxReader } from '../../shared/history/influx.js';
import { positionOf, waitForHistorian } from '../../shared/history/stream.js';
import { exampleFact } from '../support/facts.js';
import { startServers, type TestServers } from '../support/stack.js';

const startMs = Date.parse('2027-07-13T17:00:00.000Z');
const ticks = 6;
const questions = Object.entries(boards).flatMap(([name, board]) =>
  dashboardOf(name, board).panels.flatMap(({ title, targets }) =>
    targets.map((target) => [`${name}: ${title} ${target.alias ?? ''}`, target] as const),
  ),
);

const storages = [{ storage: 'west-battery', chargeMw: 0, dischargeMw: 10, storedMwh: 40 }];
/** The example of each type; that of supply has a storage. */
const example = (type: FactType, tick: number): Fact =>
  type === 'grid.supply.v1' ? exampleFact(type, 'test', tick, { storages }) : exampleFact(type, 'test', tick);

let servers: TestServers;
let reader: InfluxReader;
beforeAll(async () => {
  servers = await startServers({ nats: true, influx: true, roots: ['twin'] });
  const target = (user: string) => ({
    url: servers.influx?.url ?? '',
    database: 'twin',
    user,
    password: servers.secrets.influx[user] ?? '',
  });
  const bus = await servers.connect('history-writer');
  const [said, kept] = [createPublisher(await servers.connect('supervisor')), createPublisher(bus)];
  for (let tick = 0; tick < ticks; tick++) await said.publish(registry.map(({ type }) => example(type as FactType, tick)));
  const historian = startHistorian({
    bus,
    publisher: kept,
    target: target('history-writer'),
    log: pino({ level: 'silent' }),
    onReach: () => undefined,
  });
  const { lastSequence } = await positionOf(bus);
  expect((await waitForHistorian(bus, lastSequence, 60_000)).writtenSequence).toBe(lastSequence);
  await historian.close();
  said.close();
  kept.close();
  reader = connectInflux(target('integrator'));
}, 120_000);
afterAll(() => servers.stop());

/** The statement Grafana sends for a range and a step. */
function statementOf({ query }: Target, fromMs: number, toMs: number): string {
  return query.replaceAll('$timeFilter', `time >= ${fromMs}ms and time <= ${toMs}ms`).replaceAll('$__interval', '5m');
}

describe('the dashboards for Grafana, asked of the history as the read-only user', () => {
  it.each(questions)('%s', async (_title, target) => {
    const series = await reader.select(statementOf(target, startMs, startMs + 86_400_000));
    expect(series).toHaveLength(1);
    expect(series[0]?.values).toHaveLength(ticks);
    for (const row of series[0]?.values ?? []) for (const cell of row) expect(cell).not.toBeNull();
    expect(await reader.select(statementOf(target, startMs - 86_400_000, startMs - 1))).toEqual([]);
  });

  it('show the value of the facts', async () => {
    const [, target] = questions.find(([title]) => title === 'grid: Price priceUsdPerMwh $tag_region') ?? [];
    if (target === undefined) throw new Error('no panel of the price');
    const [series] = await reader.select(statementOf(target, startMs, startMs + 86_400_000));
    expect(series?.tags).toEqual({ region: 'west' });
    expect(series?.values.map(([timeMs, price]) => [timeMs, price])).toEqual(
      Array.from({ length: ticks }, (_, tick) => [startMs + tick * 300_000, 31.4]),
    );
  });
});

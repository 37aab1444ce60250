import { pino } from 'pino';
import { expect, it } from 'vitest';
import { startHistorian } from '../../services/history-writer/historian.js';
import { createPublisher } from '../../shared/bus/publish.js';
import { connectInflux } from '../../shared/history/influx.js';
import { pointsOf } from '../../shared/history/point.js';
import { history, queryNamed } from '../../shared/history/query.js';
import { rebuildHistory } from '../../shared/history/rebuild.js';
import { positionOf, waitForHistorian } from '../../shared/history/stream.js';
import { verifyHistory } from '../../shared/history/verify.js';
import { startServers } from '../support/stack.js';
const t0 = Date.parse('2027-07-13T00:00:00Z');
function tick(i: number): any[] {
  const facts: any[] = [];
  const base = (type: string, region: string, data: any) => ({ type, region, entity: region, data, id: `${type}/${region}/${t0 + i * 300000}/0`, component: 'grid-supply', timeMs: t0 + i * 300000, tick: i, phase: 2, n: 0, quality: 'simulated', correlationId: 'x' });
  const x = () => Math.random() * 400;
  for (let r = 1; r <= 3; r++) {
    const g = `r-${r}`;
    facts.push(base('grid.supply.v1', g, { generationMw: x(), availableMw: x(), chargeMw: 0, dischargeMw: 0, importMw: x(), exportMw: 0, sources: ['nuclear','coal','gas-cc','gas-ct','oil','hydro','wind','solar'].map((source) => ({ source, generationMw: x(), availableMw: x() })), units: Array.from({ length: 52 }, (_, k) => ({ unit: `${g}-unit-${k}`, generationMw: x(), availableMw: x() })), storages: [] }));
    facts.push(base('grid.demand.v1', g, { nativeMw: x(), campusMw: x(), demandMw: x(), unservedMw: 0 }));
    facts.push(base('grid.price.v1', g, { priceUsdPerMwh: x(), reserveScarcityUsdPerMwh: 0, buses: Array.from({ length: 24 }, (_, k) => ({ bus: `${g}-bus-${k}`, priceUsdPerMwh: x() })) }));
    facts.push(base('grid.flow.v1', g, { lines: Array.from({ length: 40 }, (_, k) => ({ line: `${g}-line-${k}`, netFlowMw: x(), ratingMw: 500 })), interfaces: [] }));
    facts.push(base('grid.curtailment.v1', g, { curtailedMw: x(), units: Array.from({ length: 10 }, (_, k) => ({ unit: `${g}-unit-${k}`, curtailedMw: x() })) }));
  }
  return facts;
}
it('rate', async () => {
  const s = await startServers({ nats: true, influx: true, roots: ['test-a'] });
  const say = (...a: unknown[]) => process.stderr.write(`${a.join(' ')}\n`);
  try {
    const bus = await s.connect('history-writer'); const pub = createPublisher(await s.connect('supervisor'));
    const target = { url: s.influx?.url ?? '', database: 'test-a', user: 'history-writer', password: s.secrets.influx['history-writer'] ?? '' };
    const reader = connectInflux({ ...target, user: 'cli', password: s.secrets.influx['cli'] ?? '' });
    const N = Number(process.env['TICKS'] ?? 600); let points = 0; let t = performance.now();
    for (let i = 0; i < N; i++) { const f = tick(i); points += f.reduce((n, x) => n + pointsOf(x).length, 0); await pub.publish(f); }
    say('published', N, 'ticks', Math.round(N / (performance.now() - t) * 1000), 'ticks/s', points, 'points');
    t = performance.now();
    const own = createPublisher(bus);
    const h = startHistorian({ bus, publisher: own, target, log: pino({ level: 'silent' }), onReach: () => undefined });
    const { lastSequence } = await positionOf(bus); const w = await waitForHistorian(bus, lastSequence, 240_000); expect(w.writtenSequence).toBe(lastSequence);
    let ms = performance.now() - t; say('historian', Math.round(points / ms * 1000), 'points/s', Math.round(N / ms * 1000), 'ticks/s', Math.round(N * 15 / ms * 1000), 'facts/s', Math.round(process.memoryUsage().rss / 1e6), 'MB');
    t = performance.now(); const v = await verifyHistory(bus, reader, 5000); ms = performance.now() - t; say('verify', v.isSame, v.points, Math.round(ms), 'ms', v.differences.length, v.daysNotDetailed, JSON.stringify(v.differences.slice(0, 3)));
    t = performance.now(); const rows = await history(reader, queryNamed('demand')); say('demand rows', rows.length, Math.round(performance.now() - t), 'ms');
    t = performance.now(); const rb = await rebuildHistory(bus, target, () => undefined); ms = performance.now() - t; say('rebuild', rb.points, Math.round(rb.points / ms * 1000), 'points/s');
    await h.close(); own.close(); pub.close();
  } finally { await s.stop(); }
}, 300_000);

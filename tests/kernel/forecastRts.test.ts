import { expect, it } from 'vitest';
import { createWholeWorld } from '../../shared/domain/wholeWorld.js';
import { hourMs } from '../../shared/domain/ticks.js';
import { loadHighsSolver } from '../../shared/runtime/highs.js';
import { rtsGmlcWorld } from '../../shared/scenario/rtsGmlc/world.js';
import type { World } from '../../shared/scenario/schema.js';
import { noRtsGmlc, rtsGmlcDir } from '../support/data.js';

const names = ['demand', 'wind', 'price'] as const;
type Name = (typeof names)[number];

it.skipIf(rtsGmlcDir === null)(
  'load, wind and prices of RTS-GMLC over a summer are forecast better than by the week before, with bands that hold',
  async () => {
    const plain = await rtsGmlcWorld('rts-gmlc', rtsGmlcDir ?? '');
    const rarely = { everyTicks: 1_000_000 };
    const world: World = {
      ...plain,
      clock: { ...plain.clock, tickMinutes: 60, startTime: '2020-05-01T08:00:00.000Z' },
      security: { ...plain.security, ...rarely },
      frequency: { ...plain.frequency, ...rarely },
      forecast: { holidays: 'us' },
    };
    const solver = await loadHighsSolver();
    const fast = createWholeWorld(world, solver);
    const came = new Map<string, number>();
    const said: { name: Name; region: string; atMs: number; p10: number; p50: number; p90: number }[] = [];
    for (let tick = 0; tick < 24 * 90; tick++) {
      for (const fact of fast.tick()) {
        const put = (name: Name, value: number) => came.set(`${name}/${fact.region}/${fact.timeMs}`, value);
        const { region } = fact;
        if (fact.type === 'grid.demand.v1') put('demand', fact.data.demandMw);
        if (fact.type === 'grid.price.v1') put('price', fact.data.priceUsdPerMwh);
        if (fact.type === 'grid.supply.v1') put('wind', fact.data.sources.find(({ source }) => source === 'wind')?.availableMw ?? 0);
        if (tick < 24 * 30) continue;
        const say = (name: Name, fromTime: string, [p10, p50, p90]: readonly [number, number, number]) =>
          said.push({ name, region, atMs: Date.parse(fromTime), p10: p10 - 1e-6, p50, p90: p90 + 1e-6 });
        if (fact.type === 'forecast.demand.v1')
          fact.data.hours.forEach(({ fromTime, p10Mw, p50Mw, p90Mw }) => say('demand', fromTime, [p10Mw, p50Mw, p90Mw]));
        if (fact.type === 'forecast.supply.v1')
          fact.data.hours.forEach(({ fromTime, windP50Mw }) => say('wind', fromTime, [0, windP50Mw, Infinity]));
        if (fact.type === 'forecast.price.v1')
          fact.data.hours.forEach(({ fromTime, p10UsdPerMwh, p50UsdPerMwh, p90UsdPerMwh }) =>
            say('price', fromTime, [p10UsdPerMwh, p50UsdPerMwh, p90UsdPerMwh]),
          );
      }
    }
    solver.close();
    const score = (wanted: Name) => {
      let [own, week, held, count] = [0, 0, 0, 0];
      for (const { name, region, atMs, p10, p50, p90 } of said) {
        const value = came.get(`${name}/${region}/${atMs}`);
        const before = came.get(`${name}/${region}/${atMs - 168 * hourMs}`);
        if (name !== wanted || value === undefined || before === undefined) continue;
        own += Math.abs(value - p50);
        week += Math.abs(value - before);
        held += value >= p10 && value <= p90 ? 1 : 0;
        count += 1;
      }
      expect(count).toBeGreaterThan(10_000);
      return { ratio: own / week, held: held / count };
    };
    const [demand, wind, price] = names.map(score);
    expect(demand?.ratio).toBeLessThan(0.6);
    expect(wind?.ratio).toBeLessThan(0.75);
    expect(price?.ratio).toBeLessThan(0.75);
    for (const { held } of [demand, price].flatMap((each) => each ?? [])) {
      expect(held).toBeGreaterThan(0.75);
      expect(held).toBeLessThan(0.93);
    }
  },
  120_000,
);

if (rtsGmlcDir === null) console.warn(noRtsGmlc);

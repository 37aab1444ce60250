import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import { repoDir } from '../../infra/stack/paths.js';
import { createPublisher, type Publisher } from '../../shared/bus/publish.js';
import { connectTwin, type FactIn, type FactType, type Subscription, type TwinClient } from '../../shared/client/client.js';
import { exampleFact } from '../support/facts.js';
import { startServers, type TestServers } from '../support/stack.js';

const startMs = Date.parse('2027-07-13T17:00:00.000Z');
const tickMs = 300_000;

let servers: TestServers;
let client: TwinClient;
let publisher: Publisher;
const say = (tick: number, priceUsdPerMwh: number): Promise<number> =>
  publisher.publish([exampleFact('grid.price.v1', 'grid-supply', tick, { priceUsdPerMwh })]);

beforeAll(async () => {
  servers = await startServers({ nats: true, roots: ['twin'] });
  publisher = createPublisher(await servers.connect('grid-supply'));
  for (let tick = 0; tick < 20; tick++) await say(tick, tick);
  client = await connectTwin({ url: servers.natsUrl, user: 'integrator', password: servers.secrets.nats['integrator'] ?? '' });
}, 60_000);
afterAll(async () => {
  await client.drain();
  publisher.close();
  await servers.stop();
});

async function take<Type extends FactType>(subscription: Subscription<Type>, count: number): Promise<readonly FactIn<Type>[]> {
  const facts: FactIn<Type>[] = [];
  for await (const fact of subscription) {
    facts.push(fact);
    if (facts.length >= count) break;
  }
  return facts;
}

describe('the typed client', () => {
  it('hands out facts with the types of their declarations', async () => {
    const [fact] = await take(await client.subscribe('grid.price.v1', { from: 'beginning' }), 1);
    expectTypeOf(fact?.data.priceUsdPerMwh).toEqualTypeOf<number | undefined>();
    expect(fact).toMatchObject({ type: 'grid.price.v1', region: 'west', timeMs: startMs, data: { priceUsdPerMwh: 0 } });
  });

  it('begins with the newest of each subject and goes on without a gap', async () => {
    const subscription = await client.subscribe(['grid.price.v1', 'grid.demand.v1'], { region: 'west' });
    const told = take(subscription, 3);
    await say(20, 20);
    await say(21, 21);
    const prices = (await told).map((fact) => (fact.type === 'grid.price.v1' ? fact.data.priceUsdPerMwh : null));
    expect(prices).toEqual([19, 20, 21]);
  });

  it('hears everything said after it was told that it is subscribed', async () => {
    for (let round = 0; round < 20; round++) {
      const subscription = await client.subscribe('grid.demand.v1', { from: 'now', region: 'west' });
      await publisher.publish([exampleFact('grid.demand.v1', 'grid-supply', 100 + round, {})]);
      expect((await take(subscription, 1)).map(({ timeMs }) => timeMs)).toEqual([startMs + (100 + round) * tickMs]);
    }
  }, 30_000);

  it('goes on from where it began when the server was killed before the first fact', async () => {
    const told = take(await client.subscribe('grid.demand.v1', { from: 'now', region: 'west' }), 2);
    await servers.killAndRestart('nats-server');
    for (const tick of [200, 201]) await publisher.publish([exampleFact('grid.demand.v1', 'grid-supply', tick, {})]);
    expect((await told).map(({ timeMs }) => timeMs)).toEqual([startMs + 200 * tickMs, startMs + 201 * tickMs]);
  }, 60_000);

  it('replays from a twin instant, and hears nothing of other regions and entities', async () => {
    const facts = await take(await client.subscribe('grid.price.v1', { from: { twinMs: startMs + 7 * tickMs } }), 5);
    expect(facts.map(({ data }) => data.priceUsdPerMwh)).toEqual([7, 8, 9, 10, 11]);
    const other = await client.subscribe('grid.price.v1', { from: 'beginning', region: 'south' });
    const first = take(other, 1);
    setTimeout(() => other.close(), 500);
    expect(await first).toEqual([]);
  });

  it('goes on after the server was killed, each fact once', async () => {
    const told = take(await client.subscribe('grid.price.v1', { from: { twinMs: startMs + 18 * tickMs } }), 6);
    await servers.killAndRestart('nats-server');
    await say(22, 22);
    await say(23, 23);
    expect((await told).map(({ data }) => data.priceUsdPerMwh)).toEqual([18, 19, 20, 21, 22, 23]);
  }, 60_000);

  it('is told why when it asks for what it may not, and when nobody answers', async () => {
    const operator = await connectTwin({ url: servers.natsUrl, user: 'cli', password: servers.secrets.nats['cli'] ?? '' });
    await expect(operator.request('clock', 'status')).rejects.toThrow(/clock: is not running/);
    await operator.drain();
    await expect(connectTwin({ url: servers.natsUrl, user: 'integrator', password: 'wrong' })).rejects.toThrow();
  }, 30_000);

  it('ends its subscriptions when it is drained', async () => {
    const own = await connectTwin({ url: servers.natsUrl, user: 'integrator', password: servers.secrets.nats['integrator'] ?? '' });
    const told = take(await own.subscribe('grid.price.v1', { from: 'now' }), 1);
    await own.drain();
    expect(await told).toEqual([]);
  });
});

describe('what the client brings along', () => {
  it('is had under the name of the package once it is built', async () => {
    const words = [
      '--input-type=module',
      '-e',
      "const { connectTwin } = await import('loadstone/client'); console.log(typeof connectTwin)",
    ];
    const { stdout } = await promisify(execFile)(process.execPath, words, { cwd: repoDir() });
    expect(stdout).toBe('function\n');
  });

  it('is no server: the bus, the declarations and the words of the kernel, and two libraries', () => {
    const reached = new Set<string>();
    const outside = new Set<string>();
    const visit = (path: string): void => {
      if (reached.has(path)) return;
      reached.add(path);
      const text = readFileSync(join(repoDir(), path), 'utf8');
      for (const [, isType, target] of text.matchAll(/^(?:import|export) (type )?[^;]*?from '([^']+)'/gm)) {
        if (isType !== undefined || target === undefined) continue;
        if (target.startsWith('.')) visit(normalize(join(dirname(path), target)).replace(/\.js$/, '.ts'));
        else outside.add(target.split('/')[0] ?? target);
      }
    };
    visit('shared/client/client.ts');
    expect([...outside].sort()).toEqual(['nats', 'typebox']);
    expect([...reached].filter((path) => !/^shared\/(client|bus|events|domain|runtime)\//.test(path))).toEqual([]);
    expect([...reached].filter((path) => path.startsWith('shared/runtime/')).sort()).toEqual([
      'shared/runtime/clock.ts',
      'shared/runtime/errors.ts',
    ]);
  });
});

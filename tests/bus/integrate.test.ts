import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPublisher } from '../../shared/bus/publish.js';
import { exampleFact } from '../support/facts.js';
import { startServers, type TestServers } from '../support/stack.js';

const run = promisify(execFile);
const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const pythonLibrary = join(root, '.loadstone/test/nats-py');

let servers: TestServers;
beforeAll(async () => {
  servers = await startServers({ nats: true, roots: ['twin'] });
  const publisher = createPublisher(await servers.connect('grid-supply'));
  for (let tick = 1; tick <= 5; tick++) await publisher.publish([exampleFact('grid.price.v1', 'grid-supply', tick)]);
  publisher.close();
  if (!existsSync(pythonLibrary)) await run('python3', ['-m', 'pip', 'install', '--quiet', '--target', pythonLibrary, 'nats-py==2.15.0']);
}, 120_000);
afterAll(() => servers.stop());

describe('the documented subscription of an integrator, with the read-only user', () => {
  it('follows prices in TypeScript', async () => {
    const { stdout } = await run('npx', ['tsx', 'docs/examples/subscribe.ts', servers.home, '5'], { cwd: root, timeout: 30_000 });
    const lines = stdout.trim().split('\n');
    expect(lines).toHaveLength(5);
    expect(lines[4]).toMatch(/^2027-07-13T17:25:00\.000Z grid\.price\.v1 west \{"priceUsdPerMwh":31\.4/);
  }, 60_000);

  it('follows prices in Python', async () => {
    const { stdout } = await run('python3', ['docs/examples/subscribe.py', servers.home, '5'], {
      cwd: root,
      timeout: 30_000,
      env: { ...process.env, PYTHONPATH: pythonLibrary },
    });
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split(' ').slice(1).join(' ')),
    ).toEqual(Array(5).fill('grid.price.v1 west 31.4'));
  }, 60_000);

  it('may not publish, purge or write snapshots', async () => {
    const bus = await servers.connect('integrator');
    const refusals: string[] = [];
    void (async () => {
      for await (const status of bus.connection.status()) {
        if (status.type === 'error')
          refusals.push(String((status as { permissionContext?: { subject?: string } }).permissionContext?.subject));
      }
    })();
    const forbidden = [
      'twin.west.grid.price.v1.west',
      '$JS.API.STREAM.PURGE.TWIN',
      '$JS.API.STREAM.DELETE.TWIN',
      '$KV.twin_snapshot.clock',
      'svc.twin.clock.pause',
    ];
    for (const subject of forbidden) bus.connection.publish(subject, '{}');
    await expect.poll(() => [...refusals].sort(), { timeout: 5_000 }).toEqual([...forbidden].sort());
  });
});

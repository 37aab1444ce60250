import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPublisher } from '../../shared/bus/publish.js';
import { resolveWorld } from '../../shared/scenario/load.js';
import { chromiumPath, launchChromium, startTestApi, type TestApi } from '../browser/support.js';
import { exampleFact } from '../support/facts.js';
import { natsCliFolder } from '../support/natsCli.js';
import { runBlock, shellBlock } from '../support/shellBlock.js';
import { startServers, type TestServers } from '../support/stack.js';

const run = promisify(execFile);
const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const page = join(root, 'docs/integrate.md');
const pythonLibrary = join(root, '.loadstone/test/nats-py');
const natsCli = await natsCliFolder(join(root, '.loadstone/test/nats-cli'));

let servers: TestServers;
let api: TestApi;
let endTicks: () => Promise<void>;
beforeAll(async () => {
  servers = await startServers({ nats: true, roots: ['twin'] });
  endTicks = await sayPrices();
  const { world } = await resolveWorld({ scenario: 'three-areas' });
  api = await startTestApi(servers, world);
  if (!existsSync(pythonLibrary)) await run('python3', ['-m', 'pip', 'install', '--quiet', '--target', pythonLibrary, 'nats-py==2.15.0']);
}, 120_000);
afterAll(async () => {
  await endTicks();
  await api.stop();
  await servers.stop();
});

/** Five prices at once, then one each 100 ms. */
async function sayPrices(): Promise<() => Promise<void>> {
  const publisher = createPublisher(await servers.connect('grid-supply'));
  for (let tick = 1; tick <= 5; tick++) await publisher.publish([exampleFact('grid.price.v1', 'grid-supply', tick)]);
  let isEnding = false;
  const saying = (async () => {
    for (let tick = 6; !isEnding; tick++) {
      await publisher.publish([exampleFact('grid.price.v1', 'grid-supply', tick)]);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  })();
  return async () => {
    isEnding = true;
    await saying;
    publisher.close();
  };
}

/** Lines that the block below a heading of the page prints, installing nothing and with the ports of this test in place of the usual ones. */
async function linesOf(heading: string, env: NodeJS.ProcessEnv = {}): Promise<readonly string[]> {
  const block = shellBlock(page, heading).replace(/^(npm|python3 -m pip) install .*\n/gm, '');
  const here = {
    ' .loadstone ': ` ${servers.home} `,
    '".loadstone/': `"${servers.home}/`,
    'nats://127.0.0.1:4222': servers.natsUrl,
    'http://127.0.0.1:7300': api.url,
  };
  return (await runBlock(block, here, { ...process.env, ...env })).trim().split('\n');
}

const priceLine = /^2027-07-1\d\S+ grid\.price\.v1 west 31\.4$/;

describe('the five-minute starts of docs/integrate.md, as they stand there', () => {
  it('TypeScript', async () => {
    const lines = await linesOf('TypeScript');
    expect(lines).toHaveLength(5);
    expect(lines[4]).toMatch(/^2027-07-13T17:25:00\.000Z grid\.price\.v1 west \{"priceUsdPerMwh":31\.4/);
  });

  it('Python', async () => {
    const lines = await linesOf('Python', { PYTHONPATH: pythonLibrary });
    expect(lines.map((line) => line.split(' ').slice(1).join(' '))).toEqual(Array(5).fill('grid.price.v1 west 31.4'));
  });

  it.skipIf('missing' in natsCli)(`nats command${'missing' in natsCli ? `, skipped: ${natsCli.missing}` : ''}`, async () => {
    const folder = 'folder' in natsCli ? natsCli.folder : '';
    const lines = await linesOf('nats command', { PATH: `${folder}:${process.env['PATH'] ?? ''}` });
    const facts = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as { readonly type: string });
    expect(facts.map(({ type }) => type)).toEqual(Array(4).fill('grid.price.v1'));
  });

  it('MQTT', async () => {
    const lines = await linesOf('MQTT');
    expect(lines).toHaveLength(5);
    for (const line of lines) expect(line).toMatch(priceLine);
  });

  it.skipIf(chromiumPath === undefined)(`browser${chromiumPath === undefined ? ', skipped: no Chromium here' : ''}`, async () => {
    const browser = await launchChromium();
    try {
      const file = /docs\/examples\/\S+html/.exec(shellBlock(page, 'Browser'))?.[0] ?? '';
      const follow = async (password: string): Promise<string> => {
        const tab = await browser.newPage();
        await tab.goto(`${pathToFileURL(join(root, file)).href}#${servers.websocketUrl},${password}`);
        await tab.waitForFunction(
          'document.getElementById("facts").innerText.split("\\n").length > 3 || /Violation/.test(document.body.innerText)',
        );
        return tab.innerText('#facts');
      };
      for (const line of (await follow(servers.secrets.nats['integrator'] ?? '')).trim().split('\n')) expect(line).toMatch(priceLine);
      expect(await follow('guess')).toMatch(/^'Authorization Violation'\s*$/);
    } finally {
      await browser.close();
    }
  });

  it('curl', async () => {
    const lines = await linesOf('curl');
    expect(lines.join('\n')).toMatch(/"price":\{"priceUsdPerMwh":31\.4,/);
    expect(lines.join('\n')).toMatch(/\[\{"specversion":"1\.0","id":"grid\.price\.v1\/west/);
    expect(lines.join('\n')).toMatch(/^event: frame\ndata: \{"isWhole":true,"view":\{"system"/m);
  });
});

describe('the read-only user', () => {
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
